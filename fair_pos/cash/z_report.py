"""The content of a Z report: every figure and name that stands on the paper, frozen as text when the closing arrives. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from fair_pos.cash.rules import METHODS, drawer_of, missing_numbers

VERSION = 2
"""1 left what was paid back by transfer among what waits; reports of that time are made again as they were."""


@dataclass(frozen=True)
class Heading:
    """Names as they were then: nobody's new name changes a report that was signed."""

    edition: str
    place: str
    booth: str
    letter: str
    sample: bool


class Opening(Protocol):
    """The opening, as it is kept."""

    id: str
    at: datetime
    person_id: str
    float_dong: int
    notes: list[list[int]]


class Moved(Protocol):
    """Cash put in or taken out, as it is kept."""

    id: str
    at: datetime
    person_id: str
    direction: str
    amount_dong: int
    reason: str
    till_session_id: str | None


class Closing(Protocol):
    """The closing, as it is kept."""

    id: str
    at: datetime
    received_at: datetime
    person_id: str
    second_person_id: str | None
    till_session_id: str | None
    z_number: int
    counted_dong: int
    expected_dong: int
    counted_card_dong: int
    notes: list[list[int]]
    explanation: str
    first_number: str
    last_number: str
    sale_count: int
    hash: str


class Paid(Protocol):
    """One way of paying."""

    @property
    def payment_no(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def amount_dong(self) -> int: ...


class Document(Protocol):
    """A sale or refund of a till session."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def till_session_id(self) -> str | None: ...
    @property
    def receipt_number(self) -> str: ...
    @property
    def sold_at(self) -> datetime: ...
    @property
    def total_dong(self) -> int: ...
    @property
    def rounding_dong(self) -> int: ...
    @property
    def gross_dong(self) -> int: ...
    @property
    def payments(self) -> Sequence[Paid]: ...


@dataclass(frozen=True)
class Entries:
    """What a Z report signs: of one session, or of sessions that were closed before."""

    opening: Opening | None
    moves: Sequence[Moved]
    documents: Sequence[Document]


@dataclass(frozen=True)
class LateEntries:
    """What came too late for the Z report of its own session, which had this number."""

    z_number: int
    entries: Entries


Confirmed = Mapping[tuple[str, int], int]
"""(sale, payment number) → how many đồng of that transfer are confirmed."""


def content_of(
    heading: Heading,
    closing: Closing,
    covered: Entries,
    late: Sequence[LateEntries],
    confirmed: Confirmed,
    names: Mapping[str, str],
    *,
    paid_back: Confirmed | None = None,
    signed_before: int | None = None,
    elsewhere: Iterable[str] = (),
    version: int = VERSION,
) -> dict[str, Any]:
    """Everything on the paper. `paid_back` is how much of each transfer was given back by transfer before it was confirmed.

    `signed_before` is the number of the report that covers the session already, if one does.

    `elsewhere` are receipt numbers of the session that stand on earlier reports: they are here, so none of them is missing.
    """
    opening = covered.opening
    drawer = drawer_of(opening.float_dong if opening else 0, covered.moves, covered.documents)
    sales = [one for one in covered.documents if one.kind == "sale"]
    refunds = [one for one in covered.documents if one.kind == "refund"]
    sold = sum(one.total_dong for one in sales)
    rounding = sum(one.rounding_dong for one in sales)
    gross = sum(one.gross_dong for one in sales)
    here = [*elsewhere, *(one.receipt_number for one in covered.documents)]
    gaps = missing_numbers(here, closing.first_number, closing.last_number)
    return {
        "version": version,
        **asdict(heading),
        "z_number": closing.z_number,
        "till_session_id": closing.till_session_id,
        "signed_before": signed_before,
        "opened": None
        if opening is None
        else {
            "at": _written(opening.at),
            "by": names.get(opening.person_id, ""),
            "float_dong": opening.float_dong,
            "notes": opening.notes,
        },
        "closed": {
            "at": _written(closing.at),
            "by": names.get(closing.person_id, ""),
            "received_at": _written(closing.received_at),
            "second": names.get(closing.second_person_id or "", ""),
            "second_unknown": closing.second_person_id is not None and closing.second_person_id not in names,
            "hash": closing.hash,
        },
        "receipts": {
            "first": closing.first_number,
            "last": closing.last_number,
            "count": len(covered.documents),
            "count_on_till": closing.sale_count,
            "gaps": [asdict(gap) for gap in gaps],
        },
        "money": {
            "sales": len(sales),
            "refunds": len(refunds),
            "gross_dong": gross,
            # What makes gross the total, so that the column adds up whatever a tablet sent; oddities tell when it sent something else.
            "discount_dong": gross + rounding - sold,
            "rounding_dong": rounding,
            "sold_dong": sold,
            "refunded_dong": sum(one.total_dong for one in refunds),
        },
        "methods": {
            method: {"sold_dong": drawer.sold.get(method, 0), "given_back_dong": drawer.given_back.get(method, 0)}
            for method in METHODS
        },
        "transfers": _as_of(version, transfers_of(sales, confirmed, paid_back or {})),
        "moves": [_move(one, names) for one in covered.moves],
        "cash": {
            "in_dong": drawer.in_dong,
            "out_dong": drawer.out_dong,
            "expected_dong": closing.expected_dong,
            "computed_dong": drawer.expected_cash_dong,
            "counted_dong": closing.counted_dong,
            "notes": closing.notes,
        },
        "card": {"expected_dong": drawer.expected_card_dong, "counted_dong": closing.counted_card_dong},
        "explanation": closing.explanation,
        "late": [row for one in late for row in _late_rows(one, names)],
    }


def frozen(content: Mapping[str, Any]) -> str:
    """The content as text: the same content is the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thawed(text: str) -> dict[str, Any]:
    """The content again, with its instants as instants."""
    content: dict[str, Any] = json.loads(text)
    for part in (content["opened"], content["closed"], *content["moves"], *content["late"]):
        for name in ("at", "received_at"):
            if part is not None and name in part:
                part[name] = datetime.fromisoformat(part[name])
    return content


def _as_of(version: int, transfers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in transfers.items() if version > 1 or not name.startswith("paid_back")}


def transfers_of(sales: Sequence[Document], confirmed: Confirmed, paid_back: Confirmed) -> dict[str, Any]:
    """Transfers asked for: how much is confirmed, how much still claimed, and every receipt that waits for its money.

    What was only claimed and went back by transfer waits no more: the three sums are what was asked for.
    """
    waiting: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    received = 0
    for sale in sales:
        for payment in sale.payments:
            if payment.method == "transfer":
                here = min(confirmed.get((sale.id, payment.payment_no), 0), payment.amount_dong)
                back = min(paid_back.get((sale.id, payment.payment_no), 0), payment.amount_dong - here)
                received += here
                if back:
                    gone.append({"number": sale.receipt_number, "amount_dong": back})
                if here + back < payment.amount_dong:
                    still = payment.amount_dong - here - back
                    waiting.append({"number": sale.receipt_number, "amount_dong": still})
    return {
        "confirmed_dong": received,
        "claimed_dong": sum(one["amount_dong"] for one in waiting),
        "waiting": waiting,
        "paid_back_dong": sum(one["amount_dong"] for one in gone),
        "paid_back": gone,
    }


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _move(one: Moved, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": _written(one.at),
        "by": names.get(one.person_id, ""),
        "direction": one.direction,
        "amount_dong": one.amount_dong,
        "reason": one.reason,
    }


def _late_rows(late: LateEntries, names: Mapping[str, str]) -> list[dict[str, Any]]:
    common, opening = {"z_number": late.z_number}, late.entries.opening
    rows: list[dict[str, Any]] = []
    if opening is not None:
        when = _written(opening.at)
        rows.append(common | {"kind": "opening", "what": "", "at": when, "amount_dong": opening.float_dong})
    rows += [common | _move(one, names) | {"kind": one.direction, "what": one.reason} for one in late.entries.moves]
    return rows + [
        common
        | {
            "kind": one.kind,
            "what": one.receipt_number,
            "at": _written(one.sold_at),
            "amount_dong": one.total_dong,
        }
        for one in late.entries.documents
    ]
