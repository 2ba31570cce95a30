"""What a drawer should hold, and what is odd about a fact of the drawer. Pure.

One formula: float + cash sales − cash refunds + put in − taken out. Change is never counted: it left the drawer with the sale that
brought the note in, and a payment's amount is what stayed. The tablet has the same (till/src/rules/drawer.ts).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from fair_pos.cash.facts import ClosedFact, DrawerFact, JudgedDrawer, OpenedFact
from fair_pos.sales.facts import Odd, Place
from fair_pos.sales.rules import settle

METHODS = ("cash", "transfer", "card")


class PaidPart(Protocol):
    """One way of paying, as sales keep it."""

    @property
    def method(self) -> str: ...
    @property
    def amount_dong(self) -> int: ...


class DocumentPaid(Protocol):
    """A sale or refund, as far as a drawer needs to know it."""

    @property
    def kind(self) -> str: ...
    @property
    def payments(self) -> Sequence[PaidPart]: ...


class Move(Protocol):
    """Cash put in or taken out, as it is kept."""

    @property
    def direction(self) -> str: ...
    @property
    def amount_dong(self) -> int: ...


@dataclass(frozen=True)
class Drawer:
    """What one till session adds up to; đồng. `sold` and `given_back` are by method."""

    float_dong: int = 0
    sold: dict[str, int] = field(default_factory=dict)
    given_back: dict[str, int] = field(default_factory=dict)
    in_dong: int = 0
    out_dong: int = 0

    @property
    def expected_cash_dong(self) -> int:
        """What the drawer should hold; below zero when more was taken out than is known to have come in."""
        return self.float_dong + self.net_dong("cash") + self.in_dong - self.out_dong

    @property
    def expected_card_dong(self) -> int:
        """What the card terminal should show."""
        return self.net_dong("card")

    def net_dong(self, method: str) -> int:
        """What was sold less what was given back in one way of paying."""
        return self.sold.get(method, 0) - self.given_back.get(method, 0)


def drawer_of(float_dong: int, moves: Iterable[Move], documents: Iterable[DocumentPaid]) -> Drawer:
    """Add a till session up: its float, its moves, its sales and refunds. Whoever calls brings those of one session and no others."""
    sides: dict[str, dict[str, int]] = {"sale": {}, "refund": {}}
    for document in documents:
        side = sides[document.kind]
        for payment in document.payments:
            side[payment.method] = side.get(payment.method, 0) + payment.amount_dong
    ways = {"in": 0, "out": 0}
    for move in moves:
        ways[move.direction] += move.amount_dong
    return Drawer(float_dong, sides["sale"], sides["refund"], ways["in"], ways["out"])


def counted_dong(notes: Iterable[Sequence[int]]) -> int:
    """What a count of notes comes to.

    >>> counted_dong([(500_000, 2), (1_000, 3)])
    1003000
    """
    return sum(note_dong * count for note_dong, count in notes)


# --- a fact by itself -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KnownOfDrawer:
    """What the server has to compare a fact with."""

    people: Container[str]
    second_signers: frozenset[str] = frozenset()
    """Who may sign as the second person."""
    close_limit_dong: int = 0


def judge_drawer(fact: DrawerFact, place: Place, known: KnownOfDrawer, also: Iterable[Odd] = ()) -> JudgedDrawer:
    """Settle a fact. Never refuses; what is odd here follows from the fact alone, in whatever order facts come."""
    settled = settle(fact, place, known.people)
    odd = [*also, *settled.oddities]
    if fact.till_session_id is None:
        odd.append(Odd("session_unknown", {}))
    if isinstance(fact, OpenedFact):
        computed = counted_dong(fact.notes)
        if fact.float_dong != computed:
            odd.append(Odd("float_differs", {"sent": fact.float_dong, "computed": computed}))
    elif isinstance(fact, ClosedFact):
        computed = counted_dong(fact.notes)
        if fact.counted_dong != computed:
            odd.append(Odd("counted_differs", {"sent": fact.counted_dong, "computed": computed}))
        odd += odd_difference(fact, fact.counted_dong - fact.expected_dong, known)
    kept: dict[str, Odd] = {}
    for one in odd:
        kept.setdefault(one.code, one)
    return JudgedDrawer(fact, place, settled, tuple(kept.values()))


class SignedClosing(Protocol):
    """A closing, as it came or as it is kept."""

    @property
    def person_id(self) -> str: ...
    @property
    def second_person_id(self) -> str | None: ...
    @property
    def explanation(self) -> str: ...


def odd_difference(closing: SignedClosing, difference_dong: int, known: KnownOfDrawer) -> list[Odd]:
    """A difference that nobody explained, or that is above the limit and was not signed by a second person who may."""
    odd = []
    if difference_dong and not closing.explanation.strip():
        odd.append(Odd("close_unexplained", {"difference": difference_dong}))
    second = closing.second_person_id
    signed = second is not None and second != closing.person_id and second in known.second_signers
    if abs(difference_dong) > known.close_limit_dong and not signed:
        odd.append(Odd("close_second_missing", {"difference": difference_dong, "limit": known.close_limit_dong}))
    return odd


# --- facts side by side -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """An opening or a closing, at its place in the device's chain."""

    id: str
    device_seq: int
    kind: Literal["opening", "closing"]
    till_session_id: str | None
    z_number: int = 0


Whole = Callable[[int, int], bool]
"""Whether every command between two numbers of a device has arrived. Once true it stays true."""


def odd_sequence(events: Sequence[Event], since: int, whole: Whole) -> dict[str, list[Odd]]:
    """What is odd about the openings and closings of one device, by command, from number `since` on.

    Nothing is said while a command in between may still be on its way: so the same facts are odd in whatever order they came.
    """
    ordered = sorted(events, key=lambda one: (one.device_seq, one.id))
    odd: dict[str, list[Odd]] = {}

    def note(event: Event, found: Odd) -> None:
        odd.setdefault(event.id, []).append(found)

    by_session: dict[str | None, list[Event]] = {}
    by_number: dict[int, list[Event]] = {}
    before: Event | None = None
    closed: Event | None = None
    for one in ordered:
        near = one.device_seq >= since and whole(before.device_seq if before else 0, one.device_seq)
        if one.kind == "opening":
            if near and before is not None and before.kind == "opening":
                note(one, Odd("session_overlaps", {}))
        else:
            fits = before is not None and before.kind == "opening" and before.till_session_id == one.till_session_id
            if near and one.till_session_id is not None and not fits:
                note(one, Odd("session_not_open", {}))
            if one.device_seq >= since and whole(closed.device_seq if closed else 0, one.device_seq):
                expected = closed.z_number + 1 if closed else 1
                if one.z_number != expected:
                    note(one, Odd("z_number_skipped", {"number": one.z_number, "expected": expected}))
            by_session.setdefault(one.till_session_id, []).append(one)
            by_number.setdefault(one.z_number, []).append(one)
            closed = one
        before = one
    for session_id, some in by_session.items():
        for again in some[1:] if session_id is not None else ():
            note(again, Odd("session_closed_already", {}))
    for number, some in by_number.items():
        for bearer in some if len(some) > 1 else ():
            note(bearer, Odd("z_number_reused", {"number": number}))
    return odd


class KeptClosing(SignedClosing, Protocol):
    """A closing with what it says of its session."""

    @property
    def expected_dong(self) -> int: ...
    @property
    def counted_card_dong(self) -> int: ...
    @property
    def sale_count(self) -> int: ...


def odd_closing(closing: KeptClosing, drawer: Drawer, documents: int, known: KnownOfDrawer) -> list[Odd]:
    """What differs between a closing and all that it covers, once all of that has arrived.

    The cash difference is the tablet's own and was judged with the fact; card money is compared here, since only its count travels.
    """
    odd = []
    expected = drawer.expected_cash_dong
    if closing.expected_dong != expected:
        odd.append(Odd("expected_differs", {"sent": closing.expected_dong, "computed": expected}))
    if closing.sale_count != documents:
        odd.append(Odd("covered_differs", {"sent": closing.sale_count, "computed": documents}))
    return odd + odd_difference(closing, closing.counted_card_dong - drawer.expected_card_dong, known)


# --- receipt numbers --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Receipt numbers that a closing covers and that are not here, first to last."""

    first: str
    last: str
    count: int


def _read_number(number: str) -> tuple[str, int] | None:
    head, _, counter = number.rpartition("-")
    return (head, int(counter)) if head and counter.isascii() and counter.isdecimal() and len(counter) <= 7 else None


def missing_numbers(numbers: Iterable[str], first: str, last: str) -> list[Gap]:
    """Gaps between the receipt numbers of a closing; `first` and `last` are those the tablet says.

    Counters begin anew each fair day, so a session that goes on past the boundary has two runs of them.

    >>> missing_numbers(["A-261124-002", "A-261124-005"], "A-261124-001", "A-261124-005")
    [Gap(first='A-261124-001', last='A-261124-001', count=1), Gap(first='A-261124-003', last='A-261124-004', count=2)]
    """
    here: dict[str, set[int]] = {}
    for number in numbers:
        read = _read_number(number)
        if read is not None:
            here.setdefault(read[0], set()).add(read[1])
    ends = [_read_number(first), _read_number(last)]
    for end in ends:
        if end is not None:
            here.setdefault(end[0], set())
    gaps: list[Gap] = []
    heads = sorted(here)
    for head in heads:
        counters = here[head]
        begins = ends[0][1] if ends[0] and ends[0][0] == head else 1 if head != heads[0] else min(counters, default=1)
        ends_at = ends[1][1] if ends[1] and ends[1][0] == head else max(counters, default=0)
        expected = begins
        for counter in [*sorted(one for one in counters if begins <= one <= ends_at), ends_at + 1]:
            if counter > expected:
                gaps.append(Gap(_written(head, expected), _written(head, counter - 1), counter - expected))
            expected = counter + 1
    return gaps


def _written(head: str, counter: int) -> str:
    return f"{head}-{counter:03}"
