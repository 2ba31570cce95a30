"""Write-offs on a statement: who bears them, and a note that takes one back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fair_pos.consignment.queries import WriteOff
from fair_pos.settlement.gather import loss
from fair_pos.settlement.rules import Terms, statement_of

NOTE = WriteOff(
    note_id="n", number="PH-0001", line_no=1, owner_id="o", product_id="p", name="Mật ong", unit="chai", quantity=3, grams=False,
    price_dong=333, borne_by="house", day=date(2026, 11, 2), photo_id="anh", reason="damaged",
)  # fmt: skip


@pytest.mark.parametrize(("borne_by", "credited"), [("house", 999), ("shared", 500), ("owner", 0)])
def test_credited_by_who_bears_it(borne_by: str, credited: int) -> None:
    gone = loss("write_off", "n:1", replace(NOTE, borne_by=borne_by))
    back = loss("write_off", "m:1", replace(NOTE, note_id="m", borne_by=borne_by, quantity=-3))
    assert gone.photo == "anh"
    assert statement_of([], [], [gone], [], Terms()).sums.credited_dong == credited
    assert statement_of([], [], [gone, back], [], Terms()).sums.payable_dong == 0
