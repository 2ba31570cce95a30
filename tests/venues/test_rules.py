from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fair_pos.venues.rules import (
    LONG_DAYS,
    EditionPlan,
    TillRules,
    after_midnight,
    booth_code,
    code_order,
    day_in_edition,
    days_fit,
    days_of_fair,
    hours_fit,
    minute_of_fair_day,
    name_of_series,
    next_days,
    next_name,
    read_clock,
    read_day,
    season_fits,
    till_rules_fit,
    written_clock,
)

FAIR = EditionPlan("fair", "Tuần lễ OCOP", "Công viên", date(2026, 11, 21), date(2026, 11, 25))


@pytest.mark.parametrize(
    ("plan", "fits"),
    [
        (FAIR, True),
        (replace(FAIR, ends_day=FAIR.starts_day), True),
        (replace(FAIR, ends_day=date(2026, 11, 20)), False),
        (replace(FAIR, ends_day=None), False),
        (replace(FAIR, kind="showroom", ends_day=None), True),
    ],
)
def test_a_fair_ends_and_not_before_it_begins(plan: EditionPlan, fits: bool) -> None:
    assert days_fit(plan) is fits


@pytest.mark.parametrize(
    ("opens", "closes", "boundary", "fits"),
    [(480, 1320, 240, True), (1080, 1500, 240, True), (480, 480, 240, False), (480, 1681, 240, False), (-1, 60, 0, False), (0, 1440, 1440, False)],
)  # fmt: skip
def test_opening_comes_before_closing_and_closing_before_the_next_day(
    opens: int, closes: int, boundary: int, fits: bool
) -> None:
    assert hours_fit(replace(FAIR, opens_minute=opens, closes_minute=closes, day_boundary_minutes=boundary)) is fits


@pytest.mark.parametrize(
    ("text", "code"),
    [("a12", "A12"), (" a 1 ", "A1"), ("đb1", "ĐB1"), ("A-1/2", "A-1/2"), ("", None), ("<a>", None), ("x" * 21, None)],
)
def test_a_booth_code_is_what_stands_on_the_sign(text: str, code: str | None) -> None:
    assert booth_code(text) == code


def test_codes_are_sorted_as_people_count() -> None:
    assert sorted(["B1", "A10", "A2", "A1", "10", "9"], key=code_order) == ["9", "10", "A1", "A2", "A10", "B1"]


@pytest.mark.parametrize(
    ("text", "minute"),
    [("08:00", 480), ("8h30", 510), ("24:00", 1440), ("25:30", 1530), ("29:00", None), ("8:60", None), ("x", None)],
)
def test_times_are_read(text: str, minute: int | None) -> None:
    assert read_clock(text) == minute


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("31/2/2026", None),
        ("x", None),
        ("0001-01-01", None),
        ("31/12/9999", None),
    ],
)
def test_days_are_read(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_a_fair_outside_the_fourth_quarter_is_noticed() -> None:
    assert season_fits(FAIR)
    for starts, ends, fits in (
        (date(2026, 7, 1), date(2026, 7, 5), False),
        (date(2026, 9, 30), date(2026, 10, 4), False),
        (date(2026, 10, 1), date(2026, 10, 5), True),
        (date(2026, 12, 27), date(2026, 12, 31), True),
        (date(2026, 12, 28), date(2027, 1, 1), False),
        (date(2026, 11, 1), date(2027, 11, 5), False),
    ):
        assert season_fits(replace(FAIR, starts_day=starts, ends_day=ends)) == fits, (starts, ends)
    assert season_fits(replace(FAIR, kind="showroom", starts_day=date(2026, 7, 1)))


@pytest.mark.parametrize(
    ("rules", "fit"),
    [
        (TillRules(), True),
        (TillRules(1000, 0, 0, True, 100), True),
        (TillRules(cash_rounding_dong=200), False),
        (TillRules(cash_rounding_dong=-500), False),
        (TillRules(close_limit_dong=-1), False),
        (TillRules(refund_limit_dong=10**9 + 1), False),
        (TillRules(seller_discount_percent=101), False),
        (TillRules(seller_discount_percent=-1), False),
    ],
)
def test_the_rules_of_tills(rules: TillRules, fit: bool) -> None:
    assert till_rules_fit(rules) is fit


def test_a_fair_of_more_than_two_months_is_noticed() -> None:
    assert days_of_fair(replace(FAIR, ends_day=FAIR.starts_day + timedelta(days=60))) == LONG_DAYS + 1
    assert days_of_fair(replace(FAIR, kind="showroom")) == days_of_fair(replace(FAIR, ends_day=None)) == 0


@pytest.mark.parametrize(("minutes", "text"), [(480, "08:00"), (1440, "00:00"), (1500, "01:00"), (0, "00:00")])
def test_a_time_is_written_as_a_form_takes_it(minutes: int, text: str) -> None:
    assert written_clock(minutes) == text


@pytest.mark.parametrize(("minute", "at"), [(239, 1439), (240, 0), (0, 1200), (1439, 1199)])
def test_minutes_of_a_fair_day_begin_at_its_boundary(minute: int, at: int) -> None:
    """23:59 and 00:00 lie side by side in the evening; 03:59 is its last minute, 04:00 the next day's first."""
    assert minute_of_fair_day(minute, 240) == at
    assert after_midnight(minute, 240) == (minute < 240)


def test_a_day_of_the_programme_lies_in_the_edition() -> None:
    first, last = FAIR.starts_day, FAIR.ends_day
    for day, fits in ((first, True), (last, True), (first - timedelta(days=1), False), (date(2026, 11, 26), False)):
        assert day is not None
        assert day_in_edition(day, first, last) == fits
    assert day_in_edition(date(2036, 1, 1), first, None), "a showroom goes on"


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (date(2026, 11, 21), date(2026, 11, 25), date(2027, 11, 20)),
        (date(2027, 12, 30), date(2027, 12, 31), date(2028, 12, 28)),
        (date(2026, 10, 1), date(2026, 10, 5), date(2027, 10, 7)),  # 52 weeks later would be in September
        (date(2026, 10, 2), date(2026, 10, 5), date(2027, 10, 1)),
        (date(2026, 6, 1), date(2026, 6, 3), date(2027, 5, 31)),
    ],
)
def test_the_next_edition_begins_on_the_same_day_of_the_week(starts: date, ends: date, expected: date) -> None:
    first, last = next_days(starts, ends)
    assert first == expected
    assert (first.weekday(), last - first) == (starts.weekday(), ends - starts)


@pytest.mark.parametrize(
    ("name", "after", "series"),
    [
        ("Tuần lễ OCOP 2026", "Tuần lễ OCOP 2027", "Tuần lễ OCOP"),
        ("Hội chợ 2026 Lai Châu, năm 2026", "Hội chợ 2027 Lai Châu, năm 2027", "Hội chợ Lai Châu"),
        ("Tuần lễ OCOP", "Tuần lễ OCOP", "Tuần lễ OCOP"),
        ("Hội chợ số 20261", "Hội chợ số 20261", "Hội chợ số 20261"),
        ("2026", "2027", "2026"),
    ],
)
def test_a_year_in_a_name_goes_on_and_a_series_has_none(name: str, after: str, series: str) -> None:
    assert (next_name(name, 2026, 2027), name_of_series(name)) == (after, series)
