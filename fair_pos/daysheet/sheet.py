"""The content of a day sheet: every figure and name that stands on the paper, frozen as text when somebody signs. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from fair_pos.daysheet.rules import Completeness

VERSION = 1
PARTS = ("cash_dong", "confirmed_dong", "claimed_dong", "card_dong")
SUMS = ("receipts", "refunds", "sold_dong", "refunded_dong")


@dataclass(frozen=True)
class Heading:
    """Whose sheet it is, with names as they were; `number`, `round` and the signature are none while nobody has signed."""

    edition: str
    place: str
    day: date
    number: int | None = None
    round: int | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class BoothFigures:
    """One booth's day; đồng. The four ways of paying are net of what was paid out again. Code, name and zone are those of then."""

    id: str
    code: str
    name: str
    zone: str
    receipts: int
    refunds: int
    sold_dong: int
    refunded_dong: int
    cash_dong: int
    confirmed_dong: int
    claimed_dong: int
    card_dong: int


@dataclass(frozen=True)
class DrawerLine:
    """A till session of the day; `z_number` and the difference are none while it is open or its closing has not arrived."""

    booth: str
    letter: str
    z_number: int | None
    difference_dong: int | None


@dataclass(frozen=True)
class VisitorFigures:
    """People through the gates; `entries` none where nobody counts, `peak` and `distinct` where nobody can say, `planned` where nobody planned."""

    gates: int
    entries: int | None
    peak: int | None
    peak_at: datetime | None
    distinct: int | None
    planned: int | None
    more_than_planned: bool


@dataclass(frozen=True)
class Gathered:
    """Everything a sheet says."""

    discount_dong: int
    rounding_dong: int
    sample_receipts: int
    booths: Sequence[BoothFigures]
    drawers: Sequence[DrawerLine]
    visitors: VisitorFigures | None
    """None where the edition has no gate."""
    oddities: int
    unread: int
    """Parcels of the whole edition that nobody could read."""
    tablets: Completeness
    phones: Completeness


def content_of(heading: Heading, found: Gathered) -> dict[str, Any]:
    """The whole sheet as plain values; sums of the booths are made here and nowhere else."""
    booths = [asdict(one) for one in found.booths]
    return {
        "version": VERSION,
        "edition": heading.edition,
        "place": heading.place,
        "day": heading.day.isoformat(),
        "number": heading.number,
        "round": heading.round,
        "closed": None
        if heading.closed_at is None
        else {"by": heading.closed_by or "", "at": _written(heading.closed_at)},
        "money": {
            **{name: sum(one[name] for one in booths) for name in SUMS},
            "discount_dong": found.discount_dong,
            "rounding_dong": found.rounding_dong,
            "sample_receipts": found.sample_receipts,
        },
        "paid": {name: sum(one[name] for one in booths) for name in PARTS},
        "zones": zones_of(booths),
        "booths": booths,
        "drawers": {
            "closed": sum(one.z_number is not None for one in found.drawers),
            "open": sum(one.z_number is None for one in found.drawers),
            "difference_dong": sum(one.difference_dong or 0 for one in found.drawers),
            "to_look_at": [asdict(one) for one in found.drawers if one.z_number is None or one.difference_dong],
        },
        "visitors": None if found.visitors is None else _visitors(found.visitors),
        "oddities": found.oddities,
        "unread": found.unread,
        "tablets": _completeness(found.tablets),
        "phones": _completeness(found.phones),
    }


def zones_of(booths: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The booths' figures summed by zone, in the order in which the zones come up."""
    zones: dict[str, dict[str, Any]] = {}
    for booth in booths:
        zone = zones.setdefault(booth["zone"], {"zone": booth["zone"], **dict.fromkeys((*SUMS, *PARTS), 0)})
        for name in (*SUMS, *PARTS):
            zone[name] += booth[name]
    return list(zones.values())


def _visitors(some: VisitorFigures) -> dict[str, Any]:
    return asdict(some) | {"peak_at": None if some.peak_at is None else _written(some.peak_at)}


def _completeness(known: Completeness) -> dict[str, Any]:
    return {
        "complete": known.complete,
        "total": known.total,
        "until": None if known.until is None else _written(known.until),
        "waiting": known.waiting,
        "late": [
            {
                "name": one.letter,
                "waiting": one.waiting,
                "missing": one.missing,
                "heard_at": None if one.last_heard_at is None else _written(one.last_heard_at),
            }
            for one in known.late
        ],
    }


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def frozen(content: Mapping[str, Any]) -> str:
    """The content as text: the same content is the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thawed(text: str) -> dict[str, Any]:
    """The content again, with its day and instants as such."""
    return brought_up(json.loads(text))


def brought_up(content: dict[str, Any]) -> dict[str, Any]:
    """Text of days and instants as days and instants, in place."""
    content["day"] = date.fromisoformat(content["day"])
    parts = [content["closed"], content["visitors"], content["tablets"], content["phones"]]
    parts += [*content["tablets"]["late"], *content["phones"]["late"]]
    for part in parts:
        for name in ("at", "peak_at", "until", "heard_at"):
            if part is not None and part.get(name) is not None:
                part[name] = datetime.fromisoformat(part[name])
    return content


@dataclass(frozen=True)
class Change:
    """One figure that differs between two sheets of a day; `name` is its path, «money.sold_dong». None where there was none."""

    name: str
    old: int | None
    new: int | None


_COMPARED = (
    *(f"money.{name}" for name in ("receipts", "refunds", "sold_dong", "refunded_dong", "discount_dong", "rounding_dong")),
    *(f"paid.{name}" for name in PARTS),
    "drawers.closed", "drawers.difference_dong", "visitors.entries", "visitors.peak", "visitors.distinct", "visitors.planned",
    "oddities", "unread", "tablets.complete", "tablets.total",
)  # fmt: skip


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What is another number on the second sheet than on the first, in the order of the paper."""
    pairs = ((name, _value(old, name), _value(new, name)) for name in _COMPARED)
    return [Change(name, before, after) for name, before, after in pairs if before != after]


def _value(content: Mapping[str, Any], name: str) -> int | None:
    part: Any = content
    for step in name.split("."):
        part = None if part is None else part[step]
    return None if part is None else int(part)
