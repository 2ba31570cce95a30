"""What may be typed about households."""

from __future__ import annotations

from datetime import date

from fair_pos.cooperative.forms import day_said, quantity_said, year_said


def test_amounts_days_and_years() -> None:
    assert [quantity_said(text, "grams") for text in ("12,5", "0,575 kg", "0", "x")] == [12_500, 575, None, None]
    assert [quantity_said(text, "pieces") for text in ("12", "1,5", "0", "-1")] == [12, None, None, None]
    assert [day_said("2026-11-24"), day_said(""), day_said("mai")] == [date(2026, 11, 24), None, None]
    assert [year_said("2025"), year_said("x")] == [2025, 9999]
