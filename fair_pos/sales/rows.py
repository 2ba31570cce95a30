"""How a judged fact is written down: the rows of its tables, what it moves in the stock, its line in the journal. Pure."""

from __future__ import annotations

from typing import Any

from fair_pos.journal.actions import line as journal_line
from fair_pos.sales.facts import Judged, JudgedGiveaway
from fair_pos.sales.returns import came_back_damaged
from fair_pos.stock.facts import Moved


def sale_row(judged: Judged) -> dict[str, Any]:
    """The row of table `sale`."""
    fact, place = judged.fact, judged.place
    return {
        "id": fact.id,
        "kind": fact.kind,
        "edition_id": place.edition_id,
        "booth_id": place.booth_id,
        "device_id": place.device_id,
        "device_seq": fact.device_seq,
        "person_id": fact.person_id,
        "receipt_number": fact.receipt_number,
        "receipt_token": fact.receipt_token,
        "fair_day": judged.fair_day,
        "hour": judged.hour,
        "sold_at": judged.sold_at,
        "claimed_at": judged.claimed_at,
        "received_at": place.received_at,
        "price_list_version": fact.price_list_version,
        "total_dong": judged.total_dong,
        "claimed_total_dong": fact.total_dong,
        "hash": fact.hash,
        "sample": place.sample,
        "refund_of": fact.refund_of,
        "reason": fact.reason,
        "whole": fact.whole,
        "second_person_id": fact.second_person_id,
        "rounding_dong": fact.rounding_dong,
        "note": fact.note,
        "till_session_id": fact.till_session_id,
    }


def line_rows(judged: Judged) -> list[dict[str, Any]]:
    """The rows of table `sale_line`."""
    return [
        {"sale_id": judged.fact.id, "line_no": number, "gross_dong": line.gross_dong, **vars(line)}
        for number, line in enumerate(judged.lines, 1)
    ]


def payment_rows(judged: Judged) -> list[dict[str, Any]]:
    """The rows of table `payment`."""
    return [
        {"sale_id": judged.fact.id, "payment_no": number, **vars(payment)}
        for number, payment in enumerate(judged.fact.payments, 1)
    ]


def is_set_aside(judged: Judged) -> bool:
    """Whether what came back is not for sale any more."""
    return judged.fact.kind == "refund" and came_back_damaged(judged.fact.reason)


def movements(judged: Judged, damaged_at: str = "") -> list[Moved]:
    """What the sale took from the booth's stock, or a refund brought back to it; `damaged_at` is where it sets damaged goods aside."""
    back = judged.fact.kind == "refund"
    aside = damaged_at if is_set_aside(judged) else ""
    return [
        Moved(
            place_id=judged.place.booth_id,
            place_kind="booth",
            product_id=line.product_id,
            owner_id=line.producer_id,
            kind=judged.fact.kind,
            quantity=line.base_quantity if back else -line.base_quantity,
            subject_id=judged.fact.id,
            line_no=number,
            at=judged.sold_at,
            lot_id=line.lot_id,
            returns=(judged.fact.refund_of or "") if back else "",
            aside=aside,
        )
        for number, line in enumerate(judged.lines, 1)
    ]


def giveaway_row(judged: JudgedGiveaway) -> dict[str, Any]:
    """The row of table `giveaway`."""
    fact, place, settled = judged.fact, judged.place, judged.settled
    return {
        "id": fact.id,
        "edition_id": place.edition_id,
        "booth_id": place.booth_id,
        "device_id": place.device_id,
        "device_seq": fact.device_seq,
        "person_id": fact.person_id,
        "purpose": fact.purpose,
        "borne_by": fact.borne_by,
        "fair_day": settled.fair_day,
        "hour": settled.hour,
        "given_at": settled.at,
        "claimed_at": settled.claimed_at,
        "received_at": place.received_at,
        "price_list_version": fact.price_list_version,
        "worth_dong": judged.worth_dong,
        "note": fact.note,
        "till_session_id": fact.till_session_id,
        "hash": fact.hash,
        "sample": place.sample,
    }


_GIVEN = (
    "product_id",
    "producer_id",
    "name",
    "unit",
    "quantity",
    "grams",
    "pack_id",
    "pack_size",
    "unit_price_dong",
    "note",
    "lot_id",
)


def giveaway_line_rows(judged: JudgedGiveaway) -> list[dict[str, Any]]:
    """The rows of table `giveaway_line`."""
    return [
        {
            "giveaway_id": judged.fact.id,
            "line_no": number,
            "worth_dong": line.gross_dong,
            **{name: getattr(line, name) for name in _GIVEN},
        }
        for number, line in enumerate(judged.lines, 1)
    ]


def giveaway_movements(judged: JudgedGiveaway) -> list[Moved]:
    """What was given away left the booth's stock."""
    return [
        Moved(
            place_id=judged.place.booth_id,
            place_kind="booth",
            product_id=line.product_id,
            owner_id=line.producer_id,
            kind="giveaway",
            quantity=-line.base_quantity,
            subject_id=judged.fact.id,
            line_no=number,
            at=judged.settled.at,
            lot_id=line.lot_id,
        )
        for number, line in enumerate(judged.lines, 1)
    ]


def journal_of(judged: Judged) -> dict[str, Any]:
    """The journal's line about it."""
    return journal_line(
        at=judged.place.received_at,
        verb=f"{judged.fact.kind}_recorded",
        subject=("sale", judged.fact.id),
        facts={"number": judged.fact.receipt_number, "total_dong": judged.total_dong},
        person_id=judged.fact.person_id,
        device_id=judged.place.device_id,
    )


def giveaway_journal_of(judged: JudgedGiveaway) -> dict[str, Any]:
    """The journal's line about what was given away."""
    return journal_line(
        at=judged.place.received_at,
        verb="giveaway_recorded",
        subject=("giveaway", judged.fact.id),
        facts={"purpose": judged.fact.purpose, "worth_dong": judged.worth_dong},
        person_id=judged.fact.person_id,
        device_id=judged.place.device_id,
    )
