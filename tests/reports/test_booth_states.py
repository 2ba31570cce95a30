"""What a booth is doing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from fair_pos.reports.booth_states import SILENT_AFTER, is_selling

AT = datetime(2026, 11, 24, 7, 0, tzinfo=timezone.utc)


def test_a_booth_sells_for_half_an_hour_after_its_last_sale() -> None:
    assert is_selling(AT, AT)
    assert is_selling(AT - SILENT_AFTER, AT)
    assert not is_selling(AT - SILENT_AFTER - timedelta(milliseconds=1), AT)


def test_a_booth_without_a_sale_is_not_selling() -> None:
    assert not is_selling(None, AT)


def test_a_sale_that_a_fast_clock_puts_into_the_future_counts() -> None:
    assert is_selling(AT + timedelta(minutes=5), AT)
