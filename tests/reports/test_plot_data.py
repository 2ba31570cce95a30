"""What plots are made from: growth over days without sales, marks of the programme, and from when on something is late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from fair_pos.daysheet.rules import DeviceState
from fair_pos.plumbing.db import transaction
from fair_pos.reports.day_tables import table_of
from fair_pos.reports.plot_data import beside_visitors, growth_of, late_hour, mark_words, plot_of, svg_answer
from fair_pos.reports.plots import Point
from fair_pos.reports.rules import Figure
from fair_pos.venues.programme import add_item
from fair_pos.venues.rules import ItemSaid
from fair_pos.venues.tables import Edition
from tests.reports.golden import DAY, local
from tests.reports.starred import make_starred
from tests.reports.test_plots import words_of

HOURS = [8, 9, 10, 23, 0, 3]


def state(heard: datetime | None, *, waiting: int = 0, oldest: datetime | None = None, missing: int = 0) -> DeviceState:
    return DeviceState("d", "A", local(1, 8), None, heard, waiting, oldest, missing)


@pytest.mark.parametrize(
    ("late", "place"),
    [
        ([], None),
        ([state(local(21, 9, 30), waiting=2)], 1),
        ([state(local(21, 12), waiting=2, oldest=local(21, 8, 59))], 0),
        ([state(local(21, 10, 5), waiting=1), state(local(21, 9), waiting=1)], 1),
        ([state(None)], 0),
        ([state(local(20, 9))], 0),
        ([state(local(21, 23), missing=1)], 0),
        ([state(local(21, 12), waiting=1)], 3),  # between 10 and 23: from the next shown hour on
        ([state(local(22, 0, 10), waiting=1)], 4),  # after midnight it is still the same fair day
        ([state(local(22, 5), waiting=1)], None),  # what waits is of the next day
    ],
)
def test_from_which_hour_on_tablets_owe_something(late: list[DeviceState], place: int | None) -> None:
    assert late_hour(late, DAY, 240, HOURS) == place


def test_growth_stands_still_on_a_day_without_sales() -> None:
    first = date(2026, 11, 30)
    days = {
        first: Figure("", "", sold_dong=50),
        first + timedelta(days=2): Figure("", "", sold_dong=30, refunded_dong=40),
    }
    starts, ends = min(days), max(days)
    wanted = (Point("30/11", 50), Point("01/12", 50), Point("02/12", 40))
    assert growth_of(days, starts, ends) == wanted
    assert growth_of(days, starts, None) == wanted
    a_year_later = ends.replace(year=ends.year + 1)
    late = days | {a_year_later: next(iter(days.values()))}
    assert growth_of(late, starts, ends) == (*wanted, Point("02/12", 90))
    assert growth_of({}, starts, ends) == ()


def test_a_mark_says_when_and_what() -> None:
    assert mark_words(5, "Đốt lửa trại") == "00:05 Đốt lửa trại"


def test_what_is_on_after_midnight_stands_at_the_end_of_its_fair_day(app: Flask) -> None:
    golden = make_starred(app)
    edition = golden.fair.edition_id
    with app.test_request_context():
        with transaction() as session:
            session.get_one(Edition, edition).closes_minute = 25 * 60
            for minute, title in ((30, "Đốt lửa trại"), (9 * 60, "Khai mạc")):
                add_item(session, edition, ItemSaid(DAY, minute, "other", title), at=local(1, 8), by=None)
        drawn = plot_of(edition, DAY, "visitors")
        assert drawn is not None
        words = words_of(drawn)
        assert words.index("09:00 Khai mạc") < words.index("00:30 Đốt lửa trại")


def test_there_is_a_plot_for_a_day_and_for_an_edition(app: Flask) -> None:
    edition = make_starred(app).fair.edition_id
    with app.test_request_context():
        for name in ("hours", "groups", "stars", "visitors"):
            assert plot_of(edition, DAY, name), name
        for name in ("hours", "days", "growth", "groups", "localities", "booths"):
            assert plot_of(edition, None, name), name
        for name, day in (("days", DAY), ("growth", DAY), ("visitors", None), ("money", None), ("money", DAY)):
            assert plot_of(edition, day, name) is None, name
        png = plot_of(edition, None, "growth", form="png")
        assert png is not None
        assert png[:4] == b"\x89PNG"
        drawn = plot_of(edition, None, "growth")
        assert drawn is not None
        assert "22/11" in words_of(drawn)
        # Without gates there is nothing to put beside the sales.
        assert beside_visitors(edition, DAY)["conversion"] == []
        assert svg_answer(b"<svg/>").headers["Content-Security-Policy"].endswith("sandbox")
        assert table_of(edition, DAY, "days") is None
