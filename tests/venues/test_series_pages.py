"""Fairs that come back: their editions side by side, those one may see, with the way to the next one."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.venues.actions import create_edition, create_series, freeze_edition, hide_edition, join_series
from fair_pos.venues.rules import EditionPlan
from tests.builders import Fair, make_fair, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    """The fair of tests as the newest edition of a series, two older ones, a hidden one, and a fair of no series."""
    fair = make_fair(app)
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        for year in (2023, 2024, 2022):
            plan = EditionPlan("fair", f"Tuần lễ {year}", "", date(year, 11, 20), date(year, 11, 24))
            made = create_edition(session, plan, series_id=series.id, at=now(), by=None)
            if year == 2022:
                hide_edition(session, made.id, in_use=False, at=now(), by=None)
            if year == 2023:
                freeze_edition(session, made.id, at=now(), by=None)
        join_series(session, fair.edition_id, series.id, at=now(), by=None)
        alone = EditionPlan("fair", "Hội chợ lẻ", "", date(2024, 12, 1), date(2024, 12, 2))
        create_edition(session, alone, series_id=None, at=now(), by=None)
        create_series(session, "Chuỗi chưa có kỳ nào", at=now(), by=None)
    return fair


def test_editions_of_a_series_stand_together_newest_first(client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "quantri")
    page = client.get("/editions/series").get_data(as_text=True)
    places = [
        page.index(name)
        for name in ("Hội chợ thử", "Tuần lễ 2024", "Tuần lễ 2023", "Chưa thuộc chuỗi nào", "Hội chợ lẻ")
    ]
    assert places == sorted(places)
    assert "3 kỳ" in page
    assert "Tuần lễ 2022" not in page
    assert "Chuỗi chưa có kỳ nào" not in page
    assert page.count("đã khóa ") == 1
    assert page.count("Mở kỳ tiếp theo") == 4
    assert f'href="/editions/{fair.edition_id}/next"' in page
    assert 'href="/editions/series"' in client.get("/editions/").get_data(as_text=True)


def test_an_organiser_sees_only_their_own(client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    page = client.get("/editions/series").get_data(as_text=True)
    assert "Hội chợ thử" in page
    for hidden in ("Tuần lễ 2024", "Hội chợ lẻ", '/next"'):
        assert hidden not in page


def test_a_seller_has_nothing_to_see_here(client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "nguoiban")
    assert client.get("/editions/series").status_code == 404


def test_an_organiser_reads_who_opens_the_next_edition_and_changes_days(client: FlaskClient, fair: Fair) -> None:
    where = (
        "/editions/series",
        "/editions/",
        *(f"/editions/{fair.edition_id}/{page}" for page in ("devices", "booths", "till-rules")),
    )
    for login, told in (("bantochuc", True), ("quantri", False)):
        sign_in(client, login)
        for path in where:
            answer = client.get(path)
            assert answer.status_code == 200, path
            page = answer.get_data(as_text=True)
            assert ("nhờ quản trị viên" in page) == told, (login, path)
    sign_in(client, "bantochuc")
    page = client.get(f"/editions/{fair.edition_id}/booths").get_data(as_text=True)
    assert f'href="/editions/{fair.edition_id}/published#freeze"' in page
