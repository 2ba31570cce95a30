"""Which day of which edition stands beside which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.comparison import edition_before, same_fair_day
from fair_pos.venues.actions import create_edition, create_series, hide_edition
from fair_pos.venues.rules import EditionPlan


@pytest.fixture
def week(app: Flask) -> dict[str, str]:
    """Editions of one series by name: 2023 of 3 days, 2024 of 5 days, 2025 of 3; beside them one of no series and a showroom."""
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        found = {}
        for name, starts, days in (("2024", date(2024, 11, 6), 5), ("2023", date(2023, 10, 27), 3), ("2025", date(2025, 12, 19), 3)):  # fmt: skip
            plan = EditionPlan("fair", name, "", starts, starts + timedelta(days=days - 1))
            found[name] = create_edition(session, plan, series_id=series.id, at=now(), by=None).id
        plan = EditionPlan("fair", "Lẻ", "", date(2024, 11, 20), date(2024, 11, 21))
        found["alone"] = create_edition(session, plan, series_id=None, at=now(), by=None).id
        room = EditionPlan("showroom", "Điểm bán", "", date(2024, 12, 1), None)
        found["room"] = create_edition(session, room, series_id=series.id, at=now(), by=None).id
        return found


def test_the_edition_before_is_of_the_same_series(app: Flask, week: dict[str, str]) -> None:
    with app.app_context():
        found = {name: edition_before(reading(), edition_id) for name, edition_id in week.items()}
        assert found["2023"] is None
        assert found["alone"] is None
        assert (found["2024"] and found["2024"].name) == "2023"
        with pytest.raises(NotFound):
            edition_before(reading(), "none")


@pytest.mark.parametrize(
    ("name", "day", "there"),
    [
        ("2024", date(2024, 11, 6), ("2023", date(2023, 10, 27))),
        ("2024", date(2024, 11, 8), ("2023", date(2023, 10, 29))),
        ("2024", date(2024, 11, 9), None),  # the fourth day: 2023 was over
        ("2024", date(2024, 11, 5), None),
        ("2023", date(2023, 10, 27), None),
        ("alone", date(2024, 11, 20), None),
        ("room", date(2024, 12, 1), None),
    ],
)
def test_days_stand_side_by_side(
    app: Flask, week: dict[str, str], name: str, day: date, there: tuple[str, date] | None
) -> None:
    with app.app_context():
        found = same_fair_day(reading(), week[name], day)
        assert (found and (found[0].name, found[1])) == there


def test_a_showroom_and_a_hidden_edition_are_no_edition_before(app: Flask, week: dict[str, str]) -> None:
    with app.app_context():
        found = same_fair_day(reading(), week["2025"], date(2025, 12, 20))
        assert found is not None
        assert (found[0].name, found[1]) == ("2024", date(2024, 11, 7))
        with transaction() as session:
            hide_edition(session, week["2024"], in_use=False, at=now(), by=None)
    with app.app_context():
        found = same_fair_day(reading(), week["2025"], date(2025, 12, 20))
        assert found is not None
        assert (found[0].name, found[1]) == ("2023", date(2023, 10, 28))
