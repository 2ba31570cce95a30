"""What a board shows, and what the public may be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.board.rules import (
    LEAST_BOOTHS,
    LEAST_RECEIPTS,
    MONEY_STEP_DONG,
    RECEIPT_STEP,
    VISITOR_STEP,
    Totals,
    is_news,
    may_move_on,
    pair_hours,
    phase_of,
    public_totals,
    rounded_down,
    top_booths,
    totals_of,
)
from fair_pos.reports.rules import Figure

AT = datetime(2026, 11, 24, 7, 0, tzinfo=timezone.utc)
FIRST, LAST = date(2026, 11, 22), date(2026, 11, 26)


def sold(net: int, receipts: int = 1, refunded: int = 0) -> Figure:
    return Figure("", "", receipts=receipts, sold_dong=net + refunded, refunded_dong=refunded)


def test_where_an_edition_stands() -> None:
    assert phase_of(FIRST - timedelta(days=1), FIRST, LAST) == "before"
    assert [phase_of(day, FIRST, LAST) for day in (FIRST, LAST)] == ["running", "running"]
    assert phase_of(LAST + timedelta(days=1), FIRST, LAST) == "after"
    assert phase_of(LAST + timedelta(days=999), FIRST, None) == "running"


def test_hours_of_two_years_stand_side_by_side() -> None:
    pairs = pair_hours(
        {9: sold(90), 1: sold(10)},
        {8: sold(80), 9: sold(95)},
        boundary_minutes=240,
        opens_minute=540,
        closes_minute=1320,
    )
    assert [one.hour for one in pairs] == [*range(8, 24), 0, 1]
    assert [(one.net_dong, one.before_dong) for one in pairs[:3]] == [(0, 80), (90, 95), (0, 0)]
    assert (pairs[-1].net_dong, pairs[-1].before_dong) == (10, 0), (
        "an hour after midnight belongs to the evening before"
    )


def test_without_an_edition_before_nothing_stands_beside() -> None:
    pairs = pair_hours({9: sold(90)}, None, boundary_minutes=240, opens_minute=480, closes_minute=600)
    assert [(one.hour, one.net_dong, one.before_dong) for one in pairs] == [(8, 0, None), (9, 90, None)]


def test_the_top_is_by_net_money_and_holds_no_empty_booth() -> None:
    figures = [replace(sold(net), key=str(at), name=f"A{at}") for at, net in enumerate((0, 50, 70, -10, 50, 1, 2, 3))]
    assert [one.key for one in top_booths(figures)] == ["2", "1", "4", "7", "6"]


def test_a_display_is_noted_once_a_minute() -> None:
    assert is_news(None, AT)
    assert not is_news(AT - timedelta(seconds=59), AT)
    assert is_news(AT - timedelta(seconds=60), AT)


# --- the public -------------------------------------------------------------------------------------------------------

ENOUGH = Totals(LEAST_RECEIPTS, 0, 10_000_000, 0)


def test_many_receipts_of_many_booths_move_the_public_board() -> None:
    assert may_move_on(Totals(), ENOUGH, booths=LEAST_BOOTHS, largest_dong=5_000_000)


@pytest.mark.parametrize(
    ("now", "booths", "largest"),
    [
        (replace(ENOUGH, receipts=LEAST_RECEIPTS - 1), LEAST_BOOTHS, 200_000),
        (ENOUGH, LEAST_BOOTHS - 1, 200_000),
        (ENOUGH, LEAST_BOOTHS, 5_000_001),
    ],
)
def test_too_few_receipts_or_booths_or_one_large_receipt_move_nothing(now: Totals, booths: int, largest: int) -> None:
    assert not may_move_on(Totals(), now, booths=booths, largest_dong=largest)


def test_refunds_count_as_receipts_and_as_money_moved() -> None:
    now = Totals(LEAST_RECEIPTS - 10, 10, 6_000_000, 4_000_000)
    assert may_move_on(Totals(), now, booths=LEAST_BOOTHS, largest_dong=5_000_000)


def test_below_a_step_nothing_is_said() -> None:
    said = public_totals(Totals(49, 0, 9_999_999, 0), 99)
    assert (said.visitors, said.receipts, said.net_dong) == (None, None, None)
    said = public_totals(Totals(50, 3, 30_000_000, 10_000_001), 100)
    assert (said.visitors, said.receipts, said.net_dong) == (100, 50, 10_000_000)
    assert public_totals(Totals(100, 0, 0, 5), 0).net_dong is None


@given(st.integers(-(10**13), 10**13), st.sampled_from((VISITOR_STEP, RECEIPT_STEP, MONEY_STEP_DONG)))
def test_rounding_never_says_more_than_there_is(value: int, step: int) -> None:
    shown = rounded_down(value, step)
    assert shown % step == 0
    assert shown >= 0
    assert shown <= value < shown + step or shown == 0


Receipt = tuple[int, int, bool]
"""(booth, đồng, whether it is a refund)."""
minutes = st.lists(
    st.lists(
        st.tuples(
            st.integers(1, 8),
            st.one_of(st.integers(5_000, 900_000), st.integers(1_000_000, 80_000_000)),
            st.sampled_from([False] * 9 + [True]),
        ),
        max_size=40,
    ),
    min_size=1,
    max_size=25,
)


@given(minutes)
def test_two_successive_readings_never_reveal_one_receipt(day: list[list[Receipt]]) -> None:
    """Whoever reads every minute learns differences; each holds many receipts of many booths, and none makes up half of it."""
    said, now, since, largest = Totals(), Totals(), list[Receipt](), 0
    for minute in day:
        for receipt in minute:
            _booth, dong, back = receipt
            since.append(receipt)
            largest = max(largest, dong)
            now = (
                replace(now, refunds=now.refunds + 1, refunded_dong=now.refunded_dong + dong)
                if back
                else replace(now, receipts=now.receipts + 1, sold_dong=now.sold_dong + dong)
            )
        before = public_totals(said, 0)
        if may_move_on(said, now, booths=len({booth for booth, _, _ in since}), largest_dong=largest):
            assert len(since) >= LEAST_RECEIPTS
            assert len({booth for booth, _, _ in since}) >= LEAST_BOOTHS
            moved = sum(dong for _, dong, _ in since)
            assert all(2 * dong <= moved for _, dong, _ in since)
            said, since = now, []
        after = public_totals(said, 0)
        for earlier, later, step in (
            (before.receipts, after.receipts, RECEIPT_STEP),
            (before.net_dong, after.net_dong, MONEY_STEP_DONG),
        ):
            assert ((later or 0) - (earlier or 0)) % step == 0
            assert later is None or later >= step


def test_hours_make_a_day() -> None:
    figures = [sold(70, 2, 5), Figure("", "", refunds=1, refunded_dong=3)]
    assert totals_of(figures) == Totals(2, 1, 75, 8)
    assert totals_of(figures).net_dong == 67
