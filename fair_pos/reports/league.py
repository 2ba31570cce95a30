"""Which places, and which booths, sold most. Pure rules; where the figures come from stands in league_pages.py.

Tablets that have not sent everything make a rank doubtful: such a row is marked, never ranked as if all were there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from fair_pos.reports.rules import Figure, by_money, together
from fair_pos.reports.shares import share_of

FEWEST_MAKERS = 2
"""With fewer makers a place's money is one maker's money."""


@dataclass(frozen=True)
class Entry:
    """A row of the league. `permille` is its share of all goods, or of all receipts; `late` the tablets that owe it something.

    `rank` is None where it is not known who this is, and of what was put together for privacy.
    """

    rank: int | None
    figure: Figure
    permille: int | None
    makers: int
    late: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether nothing is known to be missing of its money."""
        return not self.late


def ranked(
    figures: Collection[Figure],
    total_dong: int,
    makers: Mapping[str, int],
    late: Mapping[str, Collection[str]],
    unranked: Collection[str] = (),
) -> list[Entry]:
    """By net money, largest first; equal money shares a rank. `unranked` keys («nobody knows where») stand last without one."""
    entries: list[Entry] = []
    known = by_money(one for one in figures if one.key not in unranked)
    for place, figure in enumerate(known, start=1):
        before = entries[-1] if entries else None
        rank = before.rank if before is not None and before.figure.net_dong == figure.net_dong else place
        entries.append(_entry(rank, figure, total_dong, makers, late))
    return entries + [_entry(None, one, total_dong, makers, late) for one in by_money(figures) if one.key in unranked]


def _entry(
    rank: int | None,
    figure: Figure,
    total_dong: int,
    makers: Mapping[str, int],
    late: Mapping[str, Collection[str]],
) -> Entry:
    letters = tuple(sorted(late.get(figure.key, ()), key=lambda letter: (len(letter), letter)))
    return Entry(rank, figure, share_of(figure.net_dong, total_dong), makers.get(figure.key, 0), letters)


def without_single_makers(entries: Iterable[Entry], total_dong: int, name: str) -> list[Entry]:
    """For showing to others: places with one maker are put together as `name`, without a rank, at the end.

    A single such place would still be known by being the only one missing, so then the smallest other one joins it. The others are
    ranked among themselves: a rank left out would say between which two amounts one maker's money lies.
    """
    shown = [one for one in entries if one.makers >= FEWEST_MAKERS and one.rank is not None]
    hidden = [one for one in entries if one.makers < FEWEST_MAKERS or one.rank is None]
    if len(hidden) == 1 and shown:
        hidden.insert(0, shown.pop())
    if not hidden:
        return shown
    first = {one.rank: place for place, one in reversed(list(enumerate(shown, start=1)))}
    shown = [replace(one, rank=first[one.rank]) for one in shown]
    figure = together((one.figure for one in hidden), "", name)
    late = tuple(sorted({letter for one in hidden for letter in one.late}, key=lambda one: (len(one), one)))
    makers = sum(one.makers for one in hidden)
    return [*shown, Entry(None, figure, share_of(figure.net_dong, total_dong), makers, late)]


def without_names(entries: Iterable[Entry], names: Mapping[str, str]) -> list[Entry]:
    """For showing to others: each booth under the name given for its key (its zone), with nothing by which to ask further."""
    return [replace(one, figure=replace(one.figure, key="", name=names.get(one.figure.key, ""))) for one in entries]


def zones_to_say(zones: Mapping[str, str]) -> dict[str, str]:
    """Booth → zone that does not tell which booth it is: «» where a zone has one booth, and everywhere when that leaves a single booth.

    >>> zones_to_say({"a": "A", "b": "A", "c": "B", "d": "C"})
    {'a': 'A', 'b': 'A', 'c': '', 'd': ''}
    >>> zones_to_say({"a": "A", "b": "A", "c": "B"})
    {'a': '', 'b': '', 'c': ''}
    """
    sizes = Counter(zones.values())
    said = {booth: zone if sizes[zone] > 1 else "" for booth, zone in zones.items()}
    return dict.fromkeys(zones, "") if Counter(said.values())[""] == 1 else said
