"""How a copy that a tablet reported is written down; `verify` makes the same rows again from the command. Pure."""

from __future__ import annotations

from typing import Any

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
