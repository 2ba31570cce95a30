"""Reading parcels and checking a device's chain. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from fair_pos.kernel.chain import GENESIS, link
from fair_pos.sales.facts import Odd

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Link:
    """A command's place in its device's chain, as the tablet claims it."""

    id: str
    seq: int
    prev_hash: str
    hash: str


EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=timezone.utc), datetime(2200, 1, 1, tzinfo=timezone.utc)


def believable(instant: datetime | None) -> datetime | None:
    """An instant a tablet claims of itself, or None when no clock that is merely wrong says so.

    Years 1 and 9999 are dates to a parser and faults to a database that reads them back in another zone: one such
    value would take down every page that shows the tablet.
    """
    try:
        return instant if instant is not None and EARLIEST < instant < LATEST else None
    except OverflowError:
        return None


def letter_of(number: int) -> str:
    """The letter of the `number`-th device (from 0): A … Z, AA, AB …

    >>> [letter_of(n) for n in (0, 25, 26, 27, 702)]
    ['A', 'Z', 'AA', 'AB', 'AAA']
    """
    letters = ""
    number += 1
    while number:
        number, index = divmod(number - 1, len(LETTERS))
        letters = LETTERS[index] + letters
    return letters


def hash_oddities(prev_hash: str, claimed_hash: str, text: str) -> list[Odd]:
    """A missing hash and a wrong one are different findings: the first is an old program, the second a changed text."""
    if not claimed_hash:
        return [Odd("chain_hash_missing", {})]
    if link(prev_hash, text) != claimed_hash:
        return [Odd("chain_hash_wrong", {})]
    return []


def aside_findings(seq: int | None, prev_hash: str, claimed_hash: str, raw: bytes) -> list[str]:
    """Codes of what is odd about the hash of a parcel that cannot be read; one without a number claims none."""
    if seq is None:
        return []
    return [odd.code for odd in hash_oddities(prev_hash, claimed_hash, raw.decode("utf-8", "surrogatepass"))]


def link_oddities(fresh: Sequence[Link], neighbours: Sequence[Link]) -> dict[str, list[Odd]]:
    """What is wrong between `fresh` commands and those around them (`neighbours` holds the fresh ones too).

    Independent of the order of arrival: a broken link is charged to the later command, whichever came last. A gap is no oddity;
    what is missing may still be on its way.
    """
    by_seq: dict[int, list[Link]] = {}
    for one in neighbours:
        by_seq.setdefault(one.seq, []).append(one)
    fresh_seqs = {one.seq for one in fresh}
    odd: dict[str, list[Odd]] = {}
    for seq in sorted({seq + step for seq in fresh_seqs for step in (0, 1)}):
        bearers = by_seq.get(seq, [])
        if len(bearers) > 1 and seq in fresh_seqs:
            for one in bearers:
                odd.setdefault(one.id, []).append(Odd("sequence_reused", {"seq": seq}))
        before = [GENESIS] if seq == 1 else [one.hash for one in by_seq.get(seq - 1, [])]
        if not before:
            continue
        for one in bearers:
            if one.prev_hash not in before:
                odd.setdefault(one.id, []).append(Odd("chain_link_wrong", {"seq": seq}))
    return odd


def high_water(high_seq: int, max_seq: int, fresh_seqs: Sequence[int], beyond: Mapping[int, object]) -> tuple[int, int]:
    """(highest number without a gap below it, highest number seen) after `fresh_seqs` arrived.

    `beyond` holds earlier arrivals above `high_seq`; it is only needed when there was a gap.
    """
    present = set(fresh_seqs) | set(beyond)
    while high_seq + 1 in present:
        high_seq += 1
    return high_seq, max([max_seq, *fresh_seqs])
