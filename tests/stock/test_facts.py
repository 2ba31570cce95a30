"""What the ledger is told."""

from __future__ import annotations

from datetime import datetime, timezone

from fair_pos.stock.facts import LOTLESS, Moved


def test_unless_somebody_says_so_the_ledger_chooses_the_lot_and_nothing_comes_back() -> None:
    one = Moved("p", "booth", "honey", "maker", "sale", -1, "s", 1, datetime(2026, 11, 24, tzinfo=timezone.utc))
    assert (one.lot_id, one.returns) == (None, "")
    assert one.lot_id != LOTLESS
