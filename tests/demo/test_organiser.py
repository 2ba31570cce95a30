from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from flask import Flask

from fair_pos.board.queries import find_public_board
from fair_pos.daysheet.queries import badge_of, sheets_of
from fair_pos.demo.load import FAIR_ID, SERIES_ID
from fair_pos.demo.organiser import LAST_YEAR_ID, PROGRAMME, STATED
from fair_pos.floorplan.queries import plan_size, spots_of
from fair_pos.floorplan.rules import overlapping
from fair_pos.plumbing.db import reading
from fair_pos.proof.day_sheets import prove_day_sheets
from fair_pos.published.queries import published_of
from fair_pos.reports.comparison import same_fair_day
from fair_pos.venues.queries import booths_of, editions_of_series, get_edition, programme_of
from fair_pos.visitors.queries import planned_of, visitors_of_day
from fair_pos.visitors.rules import is_more_than_planned

TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 3, 0, tzinfo=timezone.utc)
DAYS = [TODAY - timedelta(days=back) for back in (3, 2, 1)]


def test_the_fair_is_prepared_and_its_days_but_yesterday_are_signed(demo: Flask) -> None:
    with demo.app_context():
        session = reading()
        assert len(programme_of(session, FAIR_ID)) == len(PROGRAMME)
        spots, booths = spots_of(session, FAIR_ID), booths_of(session, FAIR_ID)
        assert set(spots) == {one.id for one in booths}
        assert overlapping(spots) == []
        size = plan_size(session, FAIR_ID)
        assert all(one.x + one.width <= size.width and one.y + one.height <= size.height for one in spots.values())
        signed = [one.fair_day for one in sheets_of(session, FAIR_ID) if one.in_force]
        assert sorted(signed) == DAYS[:-1]
        assert badge_of(session, FAIR_ID, DAYS[0], AT).state == "signed"
        assert find_public_board(session, FAIR_ID) is not None
        prove_day_sheets(session)


def test_the_third_day_drew_more_than_was_expected(demo: Flask) -> None:
    with demo.app_context():
        planned = planned_of(reading(), FAIR_ID)
        more = [is_more_than_planned(visitors_of_day(reading(), FAIR_ID, day).entries, planned[day]) for day in DAYS]
    assert more == [False, False, True]


def test_the_fairs_before_are_stated_or_frozen_and_last_years_hours_are_there(demo: Flask) -> None:
    with demo.app_context():
        session = reading()
        series = editions_of_series(session, SERIES_ID)
        assert [one.starts_day.year for one in series] == [2023, 2024, 2025, 2026]
        stated = published_of(session, series[0].id)
        assert {name: stated.value(name) for name in STATED[0][3]} == STATED[0][3]
        last_year = published_of(session, LAST_YEAR_ID)
        assert last_year.frozen_at == AT
        assert get_edition(session, LAST_YEAR_ID).frozen_at == AT
        assert (last_year.value("net_dong") or 0) > 100_000_000
        assert (last_year.value("visits") or 0) > 3_000
        found = same_fair_day(session, FAIR_ID, TODAY)
        assert found is not None
        assert (found[0].id, found[1]) == (LAST_YEAR_ID, TODAY - timedelta(weeks=52))
