"""How a judged fact of the drawer is written down: the rows of its tables, its line in the journal. Pure."""

from __future__ import annotations

from typing import Any

from fair_pos.cash.facts import ClosedFact, JudgedDrawer, MovedFact, Notes, OpenedFact
from fair_pos.journal.actions import line as journal_line


def drawer_row(judged: JudgedDrawer) -> dict[str, Any]:
    """The row of table `till_opening`, `cash_move` or `till_closing`, as the fact is one or the other (TABLES)."""
    fact = judged.fact
    if isinstance(fact, OpenedFact):
        own: dict[str, Any] = {"notes": _pairs(fact.notes), "float_dong": fact.float_dong}
    elif isinstance(fact, MovedFact):
        own = {"direction": fact.direction, "amount_dong": fact.amount_dong, "reason": fact.reason}
    else:
        own = {
            "z_number": fact.z_number,
            "notes": _pairs(fact.notes),
            "counted_dong": fact.counted_dong,
            "expected_dong": fact.expected_dong,
            "counted_card_dong": fact.counted_card_dong,
            "explanation": fact.explanation,
            "second_person_id": fact.second_person_id,
            "first_number": fact.first_number,
            "last_number": fact.last_number,
            "sale_count": fact.sale_count,
        }
    return _common(judged) | own


TABLES = {OpenedFact: "till_opening", MovedFact: "cash_move", ClosedFact: "till_closing"}
"""Fact → the table that `drawer_row` is for."""
_VERBS = {OpenedFact: "till_opened", MovedFact: "cash_moved", ClosedFact: "till_closed"}


def _common(judged: JudgedDrawer) -> dict[str, Any]:
    fact, place, settled = judged.fact, judged.place, judged.settled
    return {
        "id": fact.id,
        "edition_id": place.edition_id,
        "booth_id": place.booth_id,
        "device_id": place.device_id,
        "device_seq": fact.device_seq,
        "till_session_id": fact.till_session_id,
        "person_id": fact.person_id,
        "fair_day": settled.fair_day,
        "at": settled.at,
        "claimed_at": settled.claimed_at,
        "received_at": place.received_at,
        "hash": fact.hash,
        "sample": place.sample,
    }


def _pairs(notes: Notes) -> list[list[int]]:
    return [[note_dong, count] for note_dong, count in notes]


def journal_of(judged: JudgedDrawer) -> dict[str, Any]:
    """The journal's line about it."""
    fact = judged.fact
    if isinstance(fact, OpenedFact):
        facts: dict[str, Any] = {"float_dong": fact.float_dong}
    elif isinstance(fact, MovedFact):
        facts = {"direction": fact.direction, "amount_dong": fact.amount_dong}
    else:
        facts = {"z_number": fact.z_number, "counted_dong": fact.counted_dong, "expected_dong": fact.expected_dong}
    return journal_line(
        at=judged.place.received_at,
        verb=_VERBS[type(fact)],
        subject=("drawer", fact.id),
        facts=facts,
        person_id=fact.person_id,
        device_id=judged.place.device_id,
    )
