"""What a gate's phone reports, as the rules read it: when it was, what it adds to which hour, what is odd about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from fair_pos.kernel.day import day_starts_at, fair_day, local_hour

Kind = Literal["tap", "group", "undo"]
GROUP_PEOPLE = 30
CLOCK_TOLERANCE = timedelta(minutes=5)
HOUR_SUMS = ("people_in", "people_out", "group_in", "group_out")

CLOCK_OFF, REVOKED, OUTSIDE, OTHER_WAY = "clock_off", "was_revoked", "outside_edition", "way_not_counted"
UNDO_AGAIN, UNDO_FOREIGN = "undo_again", "undo_foreign"
ODD_TAPS = (CLOCK_OFF, REVOKED, OUTSIDE, OTHER_WAY, UNDO_AGAIN, UNDO_FOREIGN)


@dataclass(frozen=True)
class Tap:
    """One entry as a phone sent it. `direction` and `people` are empty and 0 of an undo, which names what it undoes."""

    id: str
    seq: int
    kind: Kind
    direction: str
    people: int
    undoes_id: str | None
    device_at: datetime
    clock_offset_ms: int
    digest: str


@dataclass(frozen=True)
class Post:
    """Where a phone stands and since when."""

    device_id: str
    gate_id: str
    day_boundary_minutes: int
    paired_at: datetime
    revoked_at: datetime | None
    received_at: datetime
    counts_in: bool = True
    counts_out: bool = True
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Entry:
    """A tap that is settled: the row it becomes. `people` is what it adds to its hour, below zero for an undo."""

    id: str
    device_id: str
    gate_id: str
    seq: int
    kind: Kind
    direction: str
    people: int
    grouped: bool
    undoes_id: str | None
    digest: str
    device_at: datetime
    clock_offset_ms: int
    at: datetime
    fair_day: date
    hour: int
    minute: int
    received_at: datetime
    oddities: str

    @property
    def counts(self) -> bool:
        """Whether it changes any figure."""
        return self.people != 0


def true_instant(tap: Tap, post: Post) -> tuple[datetime, datetime, bool]:
    """(when it happened, what the phone's clock said, whether that clock could not be believed), as for a sale.

    Nothing can have happened before its phone was paired nor after it arrived; a clock that says so lands on the arrival.
    """
    happened = claimed_instant(tap)
    if happened is None:
        return post.received_at, post.received_at, True
    claimed = tap.device_at.astimezone(timezone.utc)
    if post.paired_at - CLOCK_TOLERANCE <= happened <= post.received_at + CLOCK_TOLERANCE:
        return happened, claimed, False
    return post.received_at, claimed, True


def claimed_instant(tap: Tap) -> datetime | None:
    """When a phone says it was, its clock put right by the server's; None for a date no calendar here can hold."""
    try:
        claimed = tap.device_at.astimezone(timezone.utc)
        happened = claimed + timedelta(milliseconds=tap.clock_offset_ms)
    except OverflowError:
        return None
    return happened if 1 < claimed.year < 9999 else None


def minute_of(at: datetime, day: date, boundary_minutes: int) -> int:
    """Minutes since the fair day began."""
    return int((at - day_starts_at(day, boundary_minutes)).total_seconds() // 60)


def settle(tap: Tap, post: Post) -> Entry:
    """The row a tap becomes. Never refuses; an undo is still without effect (`undone`)."""
    at, claimed, clock_is_off = true_instant(tap, post)
    day = fair_day(at, post.day_boundary_minutes)
    odd = []
    if clock_is_off:
        odd.append(CLOCK_OFF)
    if post.revoked_at is not None:
        odd.append(REVOKED)
    if not (post.first_day or day) <= day <= (post.last_day or day):
        odd.append(OUTSIDE)
    if (tap.direction == "in" and not post.counts_in) or (tap.direction == "out" and not post.counts_out):
        odd.append(OTHER_WAY)
    return Entry(
        id=tap.id,
        device_id=post.device_id,
        gate_id=post.gate_id,
        seq=tap.seq,
        kind=tap.kind,
        direction=tap.direction,
        people=tap.people,
        grouped=tap.kind == "group",
        undoes_id=tap.undoes_id,
        digest=tap.digest,
        device_at=claimed,
        clock_offset_ms=tap.clock_offset_ms,
        at=at,
        fair_day=day,
        hour=local_hour(at),
        minute=minute_of(at, day, post.day_boundary_minutes),
        received_at=post.received_at,
        oddities=" ".join(odd),
    )


def undone(undo: Entry, tap: Entry) -> Entry:
    """An undo that takes effect: it takes away what its tap added, in the tap's own hour, whenever it was pressed."""
    return replace(
        undo,
        direction=tap.direction,
        people=-tap.people,
        grouped=tap.grouped,
        fair_day=tap.fair_day,
        hour=tap.hour,
        minute=tap.minute,
    )


def odd_too(entry: Entry, code: str) -> Entry:
    """The entry with one oddity more."""
    known = entry.oddities.split()
    return entry if code in known else replace(entry, oddities=" ".join([*known, code]))


@dataclass(frozen=True)
class Effects:
    """What an upload does: rows to write, earlier rows that take effect only now, and so the entries that change figures."""

    fresh: list[Entry]
    woken: list[Entry]

    @property
    def counting(self) -> list[Entry]:
        """Everything that adds to an hour."""
        return [one for one in (*self.fresh, *self.woken) if one.counts]


def effects(fresh: Sequence[Entry], targets: Mapping[str, Entry], undos: Mapping[str, Sequence[Entry]]) -> Effects:
    """Bring undos and the taps they undo together, in whatever order they came.

    `targets`: entries known before that fresh undos name, by id. `undos`: undos known before of fresh taps and of those
    targets, by the id they name. A tap is undone once, by an undo of its own phone; any further one has no effect and is
    odd. The sums are the same for every order of arrival; only which of two undos of one tap is called the odd one is not.
    """
    here = {one.id: one for one in fresh}
    taken = {target for target, some in undos.items() if any(one.counts for one in some)}
    rows: list[Entry] = []
    woken: list[Entry] = []
    for one in sorted(fresh, key=lambda one: (one.seq, one.id)):
        if one.kind != "undo":
            rows.append(one)
            continue
        assert one.undoes_id is not None
        target = here.get(one.undoes_id) or targets.get(one.undoes_id)
        if target is None:
            rows.append(one)  # its tap is still on its way
        elif target.kind == "undo" or target.device_id != one.device_id:
            rows.append(odd_too(one, UNDO_FOREIGN))
        elif target.id in taken:
            rows.append(odd_too(one, UNDO_AGAIN))
        else:
            taken.add(target.id)
            rows.append(undone(one, target))
    for tap in rows:
        for early in sorted(undos.get(tap.id, ()), key=lambda one: (one.seq, one.id)):
            if tap.kind == "undo" or early.device_id != tap.device_id:
                woken.append(odd_too(early, UNDO_FOREIGN))
            elif tap.id in taken:
                woken.append(odd_too(early, UNDO_AGAIN))
            else:
                taken.add(tap.id)
                woken.append(undone(early, tap))
    return Effects(rows, woken)


def hour_rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What entries add to the running sums, as rows of `gate_hour`; the sums again, when given all entries there are."""
    sums: dict[tuple[str, date, int], dict[str, int]] = {}
    for one in entries:
        if not one.counts:
            continue
        row = sums.setdefault((one.gate_id, one.fair_day, one.hour), dict.fromkeys(HOUR_SUMS, 0))
        row[f"people_{one.direction}"] += one.people
        if one.grouped:
            row[f"group_{one.direction}"] += one.people
    return [
        {"gate_id": gate, "fair_day": day, "hour": hour, "source": "tap", **row}
        for (gate, day, hour), row in sums.items()
    ]


def climb(high_seq: int, above: Iterable[int]) -> int:
    """The highest number without a gap below it; `above` are the numbers beyond `high_seq`, lowest first."""
    for seq in above:
        if seq > high_seq + 1:
            break
        high_seq = max(high_seq, seq)
    return high_seq
