"""The programme in the browser: by day, with the night after it, and what is wrong said beside what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.queries import get_edition, programme_of
from fair_pos.venues.tables import Edition
from tests.builders import BOUNDARY, Fair, csrf_token, make_fair, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def day() -> date:
    return fair_day(now(), BOUNDARY)


def send(client: FlaskClient, fair: Fair, fields: Mapping[str, str], path: str = "") -> tuple[int, str]:
    address = f"/editions/{fair.edition_id}/programme"
    answer = client.post(address + path, data={"csrf_token": csrf_token(client), **fields})
    shown = client.get(address) if answer.status_code == 302 else answer
    return answer.status_code, shown.get_data(as_text=True)


def item(**changes: str) -> dict[str, str]:
    return {"day": day().isoformat(), "time": "19:30", "kind": "livestream", "title": "Livestream <mật ong>"} | changes


def test_something_is_added_changed_and_taken_off(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    assert "Chưa có hoạt động nào" in client.get(f"/editions/{fair.edition_id}/programme").get_data(as_text=True)
    status, page = send(client, fair, item())
    assert (status, "Đã thêm «Livestream &lt;mật ong&gt;»." in page) == (302, True)
    assert "19:30" in page
    known = re.search(r'name="item" value="([^"]+)"', page)
    assert known is not None
    changed = item(item=known.group(1), time="01:00", kind="cooking", title="Nấu đêm")
    page = send(client, fair, changed, "/change")[1]
    after = (day() + timedelta(days=1)).strftime("%d/%m/%Y")
    assert f"đêm, sang {after}" in page
    with app.app_context():
        (found,) = programme_of(reading(), fair.edition_id, day())
        assert (found.minute, found.kind, found.title) == (60, "cooking", "Nấu đêm")
    page = send(client, fair, {"item": known.group(1)}, "/remove")[1]
    assert "Đã bỏ «Nấu đêm» khỏi chương trình." in page
    assert send(client, fair, {"item": known.group(1)}, "/remove")[0] == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "Còn thiếu: tên hoạt động"),
        ({"time": ""}, "Hãy ghi giờ bắt đầu"),
        ({"time": "29:00"}, "Hãy ghi giờ bắt đầu"),
        ({"day": ""}, "Còn thiếu: ngày"),
        ({"day": "2026-02-31"}, "«2026-02-31» không phải một ngày"),
        ({"day": "2020-01-01"}, "Hãy chọn một ngày của hội chợ"),
        ({"title": "x" * 200}, "Quá dài: tên hoạt động"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    app: Flask, client: FlaskClient, fair: Fair, change: dict[str, str], words: str
) -> None:
    sign_in(client, "bantochuc")
    status, page = send(client, fair, item(**change))
    assert (status, words in page) == (400, True)
    if change.get("title", "Livestream").strip():
        assert 'value="' + (change.get("title") or "Livestream &lt;mật ong&gt;") in page
    with app.app_context():
        assert programme_of(reading(), fair.edition_id) == []


def test_a_kind_nobody_knows_is_another_and_a_time_past_midnight_is_the_night(
    app: Flask, client: FlaskClient, fair: Fair
) -> None:
    sign_in(client, "bantochuc")
    send(client, fair, item(kind="x", time="25:30"))
    with app.app_context():
        (found,) = programme_of(reading(), fair.edition_id)
        assert (found.kind, found.minute) == ("other", 90)


def test_a_showrooms_day_is_typed(app: Flask, client: FlaskClient, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, fair.edition_id)
        edition.kind, edition.ends_day = "showroom", None
    sign_in(client, "bantochuc")
    assert '<input type="date" name="day"' in client.get(f"/editions/{fair.edition_id}/programme").get_data(
        as_text=True
    )
    assert send(client, fair, item())[0] == 302


def test_a_frozen_programme_shows_no_form(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    send(client, fair, item())
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=None)
        assert get_edition(session, fair.edition_id).frozen_at is not None
    page = client.get(f"/editions/{fair.edition_id}/programme").get_data(as_text=True)
    assert "Số liệu đã khóa nên chương trình không sửa được nữa." in page
    assert '<form method="post" action="/editions/' not in page
    assert send(client, fair, item(title="Khác"))[0] == 409


def test_only_who_manages_booths_here_may(app: Flask, client: FlaskClient, fair: Fair) -> None:
    other = make_fair(app, name="Khác")
    sign_in(client, "bantochuc")
    assert client.get(f"/editions/{other.edition_id}/programme").status_code == 404
    for path in ("", "/change", "/remove"):
        assert send(client, other, item(), path)[0] == 404
