"""The Vietnamese lunar calendar: fairs before Tết move with it, so days of two years are told apart by it too.

The rules are those of the calendar since 1968 at UTC+7 (in China at UTC+8 some months begin a day apart): a month begins on the day of
the new moon, the month in which the winter solstice falls is the eleventh, and in a year of thirteen months the first without a major
solar term is the leap month. New moons and the sun's longitude by Jean Meeus, Astronomical Algorithms (1998), in the short form that
Hồ Ngọc Đức published for it; good to minutes between 1900 and 2100. No money is near, so the sky is computed with floats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

_ZONE = 7 / 24
_MONTH = 29.530588853
_FIRST_NEW_MOON = 2415021.076998695
"""Julian day of the new moon of 1 January 1900, from which all are counted."""
_JULIAN = 1721425
"""What is added to `date.toordinal()` for the Julian day number: 1 January 2000 is day 2451545."""
STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar calendar; `leap` in the second of two months with one number."""

    day: int
    month: int
    year: int
    leap: bool

    @property
    def year_name(self) -> str:
        """«Quý Mão»."""
        return f"{STEMS[(self.year + 6) % 10]} {BRANCHES[(self.year + 8) % 12]}"


def lunar_day(day: date) -> LunarDay:
    """The lunar day of a solar one from 1900 to 2100. Raises ValueError for any other.

    >>> lunar_day(date(2024, 2, 10))
    LunarDay(day=1, month=1, year=2024, leap=False)
    """
    if not 1900 < day.year < 2100:
        raise ValueError("the formulas hold from 1901 to 2099")
    today = day.toordinal() + _JULIAN
    # A month may be up to fourteen hours off its mean: the guess may be one too many, in 2054 even two.
    index = int((today - _FIRST_NEW_MOON) / _MONTH) + 1
    while (month_starts := _new_moon_day(index)) > today:
        index -= 1
    eleventh = next_eleventh = _eleventh_month(day.year)
    if eleventh >= month_starts:
        year, eleventh = day.year, _eleventh_month(day.year - 1)
    else:
        year, next_eleventh = day.year + 1, _eleventh_month(day.year + 1)
    after = (month_starts - eleventh) // 29
    month, leap = after + 11, False
    if next_eleventh - eleventh > 365:
        leap_at = _leap_month_after(eleventh)
        if after >= leap_at:
            month, leap = after + 10, after == leap_at
    if month > 12:
        month -= 12
    if month >= 11 and after < 4:
        year -= 1
    return LunarDay(today - month_starts + 1, month, year, leap)


def _new_moon_day(index: int) -> int:
    """Julian day number in Vietnam of the new moon number `index` since 1900."""
    t = index / 1236.85
    radian = math.pi / 180
    mean = 2415020.75933 + 29.53058868 * index + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * math.sin((166.56 + 132.87 * t - 0.009173 * t**2) * radian)
    sun = (359.2242 + 29.10535608 * index - 0.0000333 * t**2 - 0.00000347 * t**3) * radian
    moon = (306.0253 + 385.81691806 * index + 0.0107306 * t**2 + 0.00001236 * t**3) * radian
    node = (21.2964 + 390.67050646 * index - 0.0016528 * t**2 - 0.00000239 * t**3) * radian
    shift = (0.1734 - 0.000393 * t) * math.sin(sun) + 0.0021 * math.sin(2 * sun)
    shift += -0.4068 * math.sin(moon) + 0.0161 * math.sin(2 * moon) - 0.0004 * math.sin(3 * moon)
    shift += 0.0104 * math.sin(2 * node) - 0.0051 * math.sin(sun + moon) - 0.0074 * math.sin(sun - moon)
    shift += 0.0004 * math.sin(2 * node + sun) - 0.0004 * math.sin(2 * node - sun)
    shift += -0.0006 * math.sin(2 * node + moon) + 0.001 * math.sin(2 * node - moon) + 0.0005 * math.sin(2 * moon + sun)
    clock = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(mean + shift - clock + 0.5 + _ZONE)


def _solar_term(julian_day: int) -> int:
    """In which twelfth of its way the sun stands at midnight in Vietnam: 0 from the spring equinox, 9 from the winter solstice."""
    t = (julian_day - 2451545.5 - _ZONE) / 36525
    radian = math.pi / 180
    anomaly = (357.5291 + 35999.0503 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * radian
    centre = (1.9146 - 0.004817 * t - 0.000014 * t**2) * math.sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * math.sin(2 * anomaly) + 0.00029 * math.sin(3 * anomaly)
    longitude = (280.46645 + 36000.76983 * t + 0.0003032 * t**2 + centre) % 360
    return int(longitude // 30)


def _eleventh_month(year: int) -> int:
    """Julian day number on which the month of that year's winter solstice begins."""
    last_day = date(year, 12, 31).toordinal() + _JULIAN
    index = int((last_day - 2415021) / _MONTH)
    found = _new_moon_day(index)
    return _new_moon_day(index - 1) if _solar_term(found) >= 9 else found


def _leap_month_after(eleventh: int) -> int:
    """How many months after the eleventh the leap month comes: the first in which the sun enters no new twelfth."""
    index = int((eleventh - _FIRST_NEW_MOON) / _MONTH + 0.5)
    term = _solar_term(_new_moon_day(index + 1))
    for month in range(2, 14):
        before, term = term, _solar_term(_new_moon_day(index + month))
        if term == before:
            return month - 1
    raise AssertionError("a year of thirteen months has one without a major term")
