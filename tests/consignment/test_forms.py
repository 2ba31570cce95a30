"""Numbers and days as people type them, and sheets put into rows."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.consignment import forms
from fair_pos.consignment.forms import Row
from fair_pos.plumbing.sheets import write_csv


@pytest.mark.parametrize(
    ("text", "weighed", "quantity"),
    [
        ("12", False, 12), ("1.200", False, 1200), ("1 200", False, 1200), ("0", False, None), ("-1", False, None), ("1,5", False, None),
        ("1.5", False, None), ("hai", False, None), ("", False, None), ("0,575", True, 575), ("2", True, 2000), ("0", True, None),
    ],
)  # fmt: skip
def test_quantities(text: str, weighed: bool, quantity: int | None) -> None:
    assert forms.quantity_said(text, weighed=weighed) == quantity


def test_days_and_what_came() -> None:
    assert forms.day_said("24/11/2026") == forms.day_said("2026-11-24") == date(2026, 11, 24)
    assert forms.day_said("31/02/2026") is None
    assert [forms.received_said(text, weighed=False) for text in ("0", "00", "", "x", "7")] == [0, 0, None, None, 7]
    assert forms.quantity_written(1575, weighed=True) == "1,575"


def test_a_sheet_fills_the_rows_that_are_offered() -> None:
    offered = [Row(key="p|o|l1", name="Mật ong", lot_code="L1"), Row(key="p|o|l2", name="Mật ong", lot_code="L2")]
    data = write_csv(
        ["Tên sản phẩm", "Lô", "SL", "Lý do", "Ai chịu"],
        [["MẬT ONG", "L2", 5, "Hỏng", "Bên bán"], ["Mật ong", "", 2, "", ""], ["Chè", "", 1, "", ""]],
    )
    rows = forms.matched(forms.rows_of_sheet(data, "x.csv"), offered)
    assert [(row.key, row.quantity) for row in rows] == [("p|o|l1", "2"), ("p|o|l2", "5"), ("", "1")]
    assert (rows[1].reason, rows[1].borne_by, rows[2].name) == ("damaged", "house", "Chè")
