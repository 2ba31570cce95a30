"""How a copy that a tablet reported is written down; `verify` makes the same rows again from the command. Pure."""

from __future__ import annotations

from typing import Any

from fair_pos.journal.actions import line as journal_line
from fair_pos.printing.rules import CopyFact
from fair_pos.sales.facts import Place, Settled


def copy_row(fact: CopyFact, place: Place, settled: Settled) -> dict[str, Any]:
    """The row of table `receipt_copy`."""
    return {
        "id": fact.id,
        "sale_id": fact.sale_id,
        "copy_no": fact.copy_no,
        "edition_id": place.edition_id,
        "booth_id": place.booth_id,
        "device_id": place.device_id,
        "person_id": fact.person_id,
        "copied_at": settled.at,
        "received_at": place.received_at,
        "till_session_id": fact.till_session_id,
    }


def copy_line(fact: CopyFact, place: Place) -> dict[str, Any]:
    """The journal's line about it."""
    return journal_line(
        at=place.received_at,
        verb="receipt_copied",
        subject=("sale", fact.sale_id),
        facts={"copy_no": fact.copy_no},
        person_id=fact.person_id,
        device_id=place.device_id,
    )
