"""Opening the next edition in the browser: filled in from the last one, warned about its season, in one series."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.catalogue.queries import current_version
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import create_series
from fair_pos.venues.queries import all_editions, all_series, booths_of, get_edition, occupants_in
from fair_pos.venues.tables import Edition
from tests.builders import Fair, csrf_token, make_fair, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app, name="Tuần lễ OCOP 2026", starts=date(2026, 11, 21))


@pytest.fixture
def office(client: FlaskClient, fair: Fair) -> FlaskClient:
    sign_in(client, "quantri.tuan-le-ocop-2026")
    return client


def filled_in(client: FlaskClient, fair: Fair) -> dict[str, str]:
    """The form as a browser would send it: fields with their values, ticked boxes."""
    page = client.get(f"/editions/{fair.edition_id}/next").get_data(as_text=True)
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+>", page.split('action="/editions/')[-1]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="checkbox"' not in tag or " checked" in tag):
            fields[name.group(1)] = value.group(1)
    return fields


def send(client: FlaskClient, fair: Fair, fields: Mapping[str, str]) -> tuple[int, str]:
    answer = client.post(f"/editions/{fair.edition_id}/next", data={**fields, "csrf_token": csrf_token(client)})
    shown = client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
    return answer.status_code, shown.get_data(as_text=True)


def test_the_form_is_filled_in_from_the_last_edition(office: FlaskClient, fair: Fair) -> None:
    fields = filled_in(office, fair)
    assert (fields["name"], fields["place"], fields["new_series"]) == ("Tuần lễ OCOP 2027", "Công viên", "Tuần lễ OCOP")
    assert (fields["starts_day"], fields["ends_day"]) == ("2027-11-20", "2027-11-24")
    assert date(2027, 11, 20).weekday() == date(2026, 11, 21).weekday()
    assert (fields["opens"], fields["closes"], fields["boundary"]) == ("08:00", "22:00", "04:00")
    assert {"occupants", "organisers", "sellers", "gates", "spots"} <= fields.keys()


def test_the_next_edition_opens_in_the_same_series(app: Flask, office: FlaskClient, fair: Fair) -> None:
    with app.app_context():
        version = current_version(reading())
    status, page = send(office, fair, filled_in(office, fair))
    assert status == 302
    assert "Đã mở «Tuần lễ OCOP 2027»: 2 gian, 6 lượt chủ thể, 2 quyền, 0 cổng, 0 gian trên sơ đồ." in page
    assert "quý 4" not in page
    with app.app_context():
        (series,) = all_series(reading())
        new = next(one for one in all_editions(reading()) if one.name == "Tuần lễ OCOP 2027")
        assert series.name == "Tuần lễ OCOP"
        assert new.series_id == series.id == get_edition(reading(), fair.edition_id).series_id
        assert len(booths_of(reading(), new.id)) == 2
        assert current_version(reading()) == version + 1
    again = office.get(f"/editions/{fair.edition_id}/next").get_data(as_text=True)
    assert "Chuỗi này đã có kỳ sau: Tuần lễ OCOP 2027 (20/11/2027)" in " ".join(re.sub(r"<[^>]+>", "", again).split())
    status, page = send(office, fair, filled_in(office, fair))
    assert (status, "Đã có hội chợ «Tuần lễ OCOP 2027» bắt đầu cùng ngày" in page) == (400, True)


def test_what_is_not_ticked_does_not_come(app: Flask, office: FlaskClient, fair: Fair) -> None:
    fields = filled_in(office, fair)
    for name in ("occupants", "organisers", "sellers"):
        del fields[name]
    assert "2 gian, 0 lượt chủ thể, 0 quyền" in send(office, fair, fields)[1]
    with app.app_context():
        new = next(one for one in all_editions(reading()) if one.id != fair.edition_id)
        assert occupants_in(reading(), new.id) == {}


def test_a_date_outside_the_season_warns_and_opens(office: FlaskClient, fair: Fair) -> None:
    fields = filled_in(office, fair) | {"starts_day": "2027-06-01", "ends_day": "2027-06-05"}
    status, page = send(office, fair, fields)
    assert (status, "không nằm trọn trong quý 4" in page) == (302, True)


def test_a_known_series_is_chosen_or_one_is_asked_for(app: Flask, office: FlaskClient, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        known = create_series(session, "Hội chợ mùa thu", at=now(), by=None).id
    fields = filled_in(office, fair) | {"new_series": ""}
    status, page = send(office, fair, fields)
    assert (status, "Còn thiếu: tên chuỗi hội chợ" in page) == (400, True)
    assert 'value="Tuần lễ OCOP 2027"' in page
    assert send(office, fair, fields | {"series": "nothing"})[0] == 400
    assert send(office, fair, fields | {"series": known})[0] == 302
    with app.app_context():
        assert {one.series_id for one in all_editions(reading())} == {known}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Còn thiếu: tên hội chợ"),
        ({"ends_day": "2027-01-01"}, "Ngày kết thúc phải sau"),
        ({"opens": ""}, "Giờ đóng cửa"),
    ],
)
def test_what_is_wrong_comes_back_and_nothing_was_opened(
    app: Flask, office: FlaskClient, fair: Fair, change: dict[str, str], words: str
) -> None:
    fields = filled_in(office, fair)
    del fields["sellers"]
    status, page = send(office, fair, fields | change)
    assert (status, words in page) == (400, True)
    assert 'name="sellers" value="yes">' in page, "what was not ticked stays so"
    assert 'name="gates" value="yes" checked>' in page
    with app.app_context():
        assert len(all_editions(reading())) == 1
        assert all_series(reading()) == []


def test_a_showroom_has_no_next_edition_and_only_administrators_open_one(
    app: Flask, client: FlaskClient, fair: Fair
) -> None:
    path = f"/editions/{fair.edition_id}/next"
    sign_in(client, "bantochuc.tuan-le-ocop-2026")
    assert client.get(path).status_code == 404
    assert send(client, fair, {})[0] == 404
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, fair.edition_id)
        edition.kind, edition.ends_day = "showroom", None
    client.delete_cookie("fair_pos")
    sign_in(client, "quantri.tuan-le-ocop-2026")
    assert client.get(path).status_code == 404
    assert "Mở kỳ tiếp theo" not in client.get(f"/editions/{fair.edition_id}/edit").get_data(as_text=True)
