"""The lunar calendar against dates that everyone in Vietnam knows: Tết of many years, leap months, and years in which China differed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fair_pos.kernel.lunar import LunarDay, lunar_day

# The first day of Tết. In 1985 and 2007 it came earlier than in China: 21/1 and not 20/2, 17/2 and not 18/2.
TET = """
    1985-01-21 1999-02-16 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-17 2008-02-07
    2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05
    2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02
"""


@pytest.mark.parametrize("first", [date.fromisoformat(one) for one in TET.split()], ids=str)
def test_tet(first: date) -> None:
    assert lunar_day(first) == LunarDay(1, 1, first.year, False)
    eve = lunar_day(first - timedelta(days=1))
    assert (eve.month, eve.year, eve.day in {29, 30}) == (12, first.year - 1, True)


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        (date(2020, 5, 23), LunarDay(1, 4, 2020, True)),
        (date(2023, 3, 22), LunarDay(1, 2, 2023, True)),
        (date(2023, 4, 20), LunarDay(1, 3, 2023, False)),
        (date(2025, 7, 25), LunarDay(1, 6, 2025, True)),
        (date(2024, 9, 17), LunarDay(15, 8, 2024, False)),  # Mid-Autumn
        (date(2025, 10, 6), LunarDay(15, 8, 2025, False)),
        (date(2025, 4, 7), LunarDay(10, 3, 2025, False)),  # Hùng Kings
        (date(2024, 4, 18), LunarDay(10, 3, 2024, False)),
        (date(2026, 1, 1), LunarDay(13, 11, 2025, False)),
        (date(2023, 12, 31), LunarDay(19, 11, 2023, False)),
    ],
)
def test_known_days(day: date, lunar: LunarDay) -> None:
    assert lunar_day(day) == lunar


@pytest.mark.parametrize(("year", "name"), [(2017, "Đinh Dậu"), (2023, "Quý Mão"), (2024, "Giáp Thìn"), (2025, "Ất Tỵ"), (2026, "Bính Ngọ")])  # fmt: skip
def test_years_have_their_names(year: int, name: str) -> None:
    assert lunar_day(date(year, 6, 1)).year_name == name


def test_days_follow_one_another() -> None:
    """From 1990 to 2060 each day is the next of its month or the first of the next, and no month is shorter than 29 or longer than 30."""
    before = lunar_day(date(1990, 1, 1))
    for step in range(1, 25_900):
        now = lunar_day(date(1990, 1, 1) + timedelta(days=step))
        if now.day != 1:
            assert (now.day, now.month, now.year, now.leap) == (before.day + 1, before.month, before.year, before.leap)
            assert now.day <= 30
        else:
            assert before.day in {29, 30}
            same = (now.month, now.year, now.leap, before.leap) == (before.month, before.year, True, False)
            follows = (now.month, now.leap) == (before.month % 12 + 1, False) and now.year == before.year + (
                before.month == 12
            )
            assert same or follows, (before, now)
        before = now


def test_other_centuries_are_refused() -> None:
    with pytest.raises(ValueError, match="1901"):
        lunar_day(date(1800, 1, 1))
