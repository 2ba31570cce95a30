"""Figures side by side, the day that is shown, completeness."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from fair_pos.kernel.day import VIETNAM
from fair_pos.reports.rules import (
    MOST_DAYS,
    Figure,
    Makeup,
    Money,
    by_money,
    by_name,
    days_to_choose,
    first_money,
    grouped,
    hours_of_day,
    rest_of,
    shown_day,
    together,
    with_split,
)

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=VIETNAM)


def test_a_sale_and_its_full_refund_leave_nothing() -> None:
    figure = Figure("a", "a", receipts=1, refunds=1, sold_dong=50_000, refunded_dong=50_000)
    assert (figure.net_dong, figure.average_dong) == (0, 0)


@pytest.mark.parametrize(("net", "receipts", "average"), [(10, 4, 3), (9, 4, 2), (0, 0, 0), (-10, 4, -2)])
def test_the_average_is_rounded_half_up(net: int, receipts: int, average: int) -> None:
    figure = Figure("a", "a", receipts=receipts, sold_dong=max(net, 0), refunded_dong=max(-net, 0))
    assert figure.average_dong == average


def test_figures_together_and_by_zone() -> None:
    figures = [Figure("1", "x", receipts=1, sold_dong=5), Figure("2", "y", refunds=2, refunded_dong=3)]
    assert together(figures, "k", "n") == Figure("k", "n", receipts=1, refunds=2, sold_dong=5, refunded_dong=3)
    assert [one.key for one in grouped(figures, {"1": "A"})] == ["A", ""]


def test_order_is_vietnamese_by_name_and_largest_first_by_money() -> None:
    figures = [Figure(name, name, sold_dong=dong) for name, dong in (("Đào", 1), ("Dâu", 3), ("Ấu", 3), ("An", 2))]
    assert [one.name for one in by_name(figures)] == ["An", "Ấu", "Dâu", "Đào"]
    assert [one.name for one in by_money(figures)] == ["Ấu", "Dâu", "An", "Đào"]


def test_hours_run_from_opening_to_closing_with_the_empty_ones() -> None:
    hours = hours_of_day({10: Figure("", "", receipts=1)}, 240, 8 * 60, 12 * 60)
    assert [one.key for one in hours] == ["8", "9", "10", "11"]
    assert [one.receipts for one in hours] == [0, 0, 1, 0]
    assert hours[0].name == "08:00–09:00"


def test_the_hours_after_midnight_stand_at_the_end_of_the_evening_before() -> None:
    hours = hours_of_day({1: Figure("", ""), 7: Figure("", "")}, 240, 8 * 60, 22 * 60)
    assert [int(one.key) for one in hours] == [*range(7, 24), 0, 1]


def test_a_market_that_closes_after_midnight() -> None:
    assert [int(one.key) for one in hours_of_day({}, 240, 18 * 60, 2 * 60)] == [18, 19, 20, 21, 22, 23, 0, 1]


@pytest.mark.parametrize(
    ("asked", "today", "ends", "with_sales", "shown"),
    [
        (date(2026, 1, 1), DAY, DAY, [], date(2026, 1, 1)),
        (None, DAY, DAY, [], DAY),
        (None, DAY, None, [], DAY),
        (None, DAY, None, [date(2026, 11, 21), DAY], DAY),
        (None, DAY, DAY, [date(2026, 11, 21), date(2026, 11, 22)], date(2026, 11, 22)),
        (None, DAY, None, [date(2026, 11, 22), date(2026, 12, 1)], date(2026, 11, 22)),
        (None, date(2026, 12, 30), DAY, [date(2026, 11, 21), date(2026, 11, 22)], date(2026, 11, 22)),
        (None, date(2026, 12, 30), DAY, [], date(2026, 11, 20)),
        (None, date(2026, 11, 1), DAY, [], date(2026, 11, 20)),
    ],
)
def test_which_day_is_shown(
    asked: date | None, today: date, ends: date | None, with_sales: list[date], shown: date
) -> None:
    assert shown_day(asked, today, date(2026, 11, 20), ends, with_sales) == shown


def test_days_offered_are_those_so_far_and_never_more_than_fit() -> None:
    assert days_to_choose(DAY, DAY, DAY - timedelta(2), DAY + timedelta(2), []) == [
        DAY - timedelta(step) for step in (2, 1, 0)
    ]
    showroom = days_to_choose(date(2025, 1, 1), DAY, date(2025, 1, 1), None, [DAY - timedelta(90)])
    assert len(showroom) == MOST_DAYS
    assert (showroom[0], showroom[-1]) == (date(2025, 1, 1), DAY)


def test_what_no_row_holds_is_the_rounding() -> None:
    total = Figure("", "", sold_dong=22_000, refunded_dong=1_000)
    assert rest_of(total, [Figure("1", "a", sold_dong=22_000, refunded_dong=1_000)], "làm tròn") is None
    rest = rest_of(total, [Figure("1", "a", sold_dong=21_850), Figure("2", "b", refunded_dong=1_100)], "làm tròn")
    assert rest == Figure("", "làm tròn", sold_dong=150, refunded_dong=-100)


def test_what_the_net_is_made_of() -> None:
    assert Makeup(22_000, 850, 150).before_dong == 22_700
    assert Makeup(22_000, 0, 0).is_plain
    assert not Makeup(22_000, 0, -150).is_plain


def test_what_was_not_paid_otherwise_is_cash() -> None:
    paid = Money("1", "", 0, confirmed_dong=3, claimed_dong=2, card_dong=1)
    first, second = with_split([Figure("1", "a", sold_dong=10), Figure("2", "b", sold_dong=10)], {"1": paid})
    assert (first.cash_dong, first.confirmed_dong, first.claimed_dong, first.card_dong) == (4, 3, 2, 1)
    assert second.cash_dong == 10
    assert Figure("1", "a", sold_grams=575, refunded_grams=600).net_grams == -25


def test_of_money_by_booth_the_most_is_shown_and_the_others_are_one() -> None:
    rows = [Money(str(at), f"A{at}", at, 10 * at, 100 * at, 1000 * at) for at in range(1, 7)]
    assert first_money(rows, 4) == (rows, None)
    shown, others = first_money(rows, 3)
    assert [one.key for one in shown] == ["6", "5", "4"]
    assert others == Money("3", "", 6, 60, 600, 6000)
