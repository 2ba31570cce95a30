"""The page on which a plan is laid out, without JavaScript: everything it does is a form."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.floorplan.queries import find_plan, spots_of
from fair_pos.floorplan.rules import Spot, overlapping
from fair_pos.kernel.clock import now
from fair_pos.people.actions import create_person, grant_role
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import create_edition, freeze_edition
from fair_pos.venues.rules import EditionPlan
from tests.builders import PASSWORD, Fair, csrf_token, make_fair, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app, booths=12)


@pytest.fixture
def organiser(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def path(fair: Fair) -> str:
    return f"/editions/{fair.edition_id}/plan/edit"


def post(client: FlaskClient, fair: Fair, fields: dict[str, str]) -> Any:
    """The form as a browser without JavaScript sends it."""
    whole = {"csrf_token": csrf_token(client), "version": "0", "width": "50", "height": "40"} | fields
    return client.post(path(fair), data=whole)


def at(booth_id: str, x: str, y: str, width: str = "3", height: str = "3") -> dict[str, str]:
    return {f"x-{booth_id}": x, f"y-{booth_id}": y, f"w-{booth_id}": width, f"h-{booth_id}": height}


def kept(app: Flask, fair: Fair) -> dict[str, Spot]:
    with app.app_context():
        return spots_of(reading(), fair.edition_id)


def fields_of(html: str) -> dict[str, str]:
    """What stands in the form of a page."""
    inputs = re.findall(r"<input [^>]*>", html)
    found = [(re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {name[1]: unescape(value[1]) for name, value in found if name and value and name[1] != "next"}


def sentences(html: str) -> str:
    """The notices of a page that are to be seen."""
    return unescape(" ".join(re.findall(r'<p class="notice[^"]*"(?![^>]* hidden)[^>]*>(.*?)</p>', html, re.DOTALL)))


def test_a_plan_is_saved_and_shown_again(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    html = organiser.get(path(fair)).get_data(as_text=True)
    assert "Chưa lưu lần nào" in html
    assert 'id="waiting-count">12<' in html
    first, second = fair.booth_ids[:2]
    answer = post(organiser, fair, at(first, "0", "12,5") | at(second, "10.5", "0", "", ""))
    assert answer.status_code == 302
    assert kept(app, fair) == {first: Spot(0, 125, 30, 30), second: Spot(105, 0, 30, 30)}
    html = organiser.get(path(fair)).get_data(as_text=True)
    assert "Đã lưu sơ đồ, bản số 1." in sentences(html)
    assert "Vừ A bantochuc" in html
    fields = fields_of(html)
    assert (fields["version"], fields["width"], fields["height"]) == ("1", "50", "40")
    assert {one: fields[one] for one in at(first, "", "")} == at(first, "0", "12,5")
    assert 'id="waiting-count">10<' in html
    assert f'data-booth="{second}" transform="translate(105 0)"' in html
    assert (
        post(organiser, fair, {name: text for name, text in fields.items() if name != "csrf_token"}).status_code == 302
    )
    with app.app_context():
        plan = find_plan(reading(), fair.edition_id)
        assert plan is not None
        assert plan.version == 1  # saved again as it was


def test_overlapping_booths_are_saved_and_named(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    first, second, third = fair.booth_ids[:3]
    post(organiser, fair, at(first, "0", "0") | at(second, "2", "0") | at(third, "20", "20"))
    assert len(kept(app, fair)) == 3
    html = organiser.get(path(fair)).get_data(as_text=True)
    assert "A01 và A02" in sentences(html)
    assert "A03" not in sentences(html)
    assert '<rect class="clash" x="20" y="0" width="10" height="30"/>' in html


def test_many_overlaps_are_counted(fair: Fair, organiser: FlaskClient) -> None:
    heap = {name: text for one in fair.booth_ids[:5] for name, text in at(one, "0", "0").items()}
    post(organiser, fair, heap)
    assert "A03 và A04 và 2 nữa" in sentences(organiser.get(path(fair)).get_data(as_text=True))


def test_what_lies_outside_is_pulled_inside_and_said(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    first, second = fair.booth_ids[:2]
    post(organiser, fair, at(first, "60", "-3") | at(second, "0", "0"))
    assert kept(app, fair)[first] == Spot(470, 0, 30, 30)
    assert "Nằm ngoài sơ đồ nên đã kéo vào trong: A01." in sentences(organiser.get(path(fair)).get_data(as_text=True))


def test_what_cannot_be_read_is_refused_with_everything_kept(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    first, second = fair.booth_ids[:2]
    answer = post(organiser, fair, at(first, "ba mét", "0") | at(second, "7,5", "0"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Gian A01: hãy ghi số mét" in sentences(html)
    assert fields_of(html)[f"x-{first}"] == "ba mét"
    assert fields_of(html)[f"x-{second}"] == "7,5"
    assert f'data-booth="{second}" transform="translate(75 0)"' in html
    answer = post(organiser, fair, {"width": "5"} | at(second, "7,5", "0"))
    assert answer.status_code == 400
    assert "từ 10 đến 1000 mét" in sentences(answer.get_data(as_text=True))
    assert kept(app, fair) == {}


def test_a_booth_of_another_edition_is_not_found(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    assert post(organiser, fair, at(other.booth_ids[0], "0", "0")).status_code == 404
    assert post(organiser, fair, {"version": "mới"}).status_code == 404
    assert organiser.get(path(other)).status_code == 404
    assert kept(app, fair) == kept(app, other) == {}


def test_the_second_of_two_is_told_whose_work_it_would_undo(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        other = create_person(session, login_name="lan", name="Lò Thị Lan", password=PASSWORD, at=now(), by=None)
        grant_role(session, other, Role.ORGANISER, Scope(edition_id=fair.edition_id), at=now(), by=None)
    lan = app.test_client()
    sign_in(lan, "lan")
    first, second = fair.booth_ids[:2]
    assert post(lan, fair, at(first, "1", "1")).status_code == 302
    answer = post(organiser, fair, at(first, "9", "9") | at(second, "5", "5"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Lò Thị Lan đã lưu sơ đồ bản số 1 lúc" in sentences(html)
    assert "Hai bản khác nhau ở: A01, A02." in html
    assert kept(app, fair) == {first: Spot(10, 10, 30, 30)}
    # Nothing of the second's is lost: it stands in the form, still on the old version, to be saved over the first's if so wanted.
    mine = fields_of(html)
    assert (mine[f"x-{first}"], mine["version"]) == ("9", "0")
    del mine["csrf_token"]
    assert post(organiser, fair, mine).status_code == 409
    assert post(organiser, fair, mine | {"over": "1"}).status_code == 302
    assert kept(app, fair) == {first: Spot(90, 90, 30, 30), second: Spot(50, 50, 30, 30)}
    assert post(lan, fair, at(first, "1", "1") | {"over": "1"}).status_code == 409  # by now it is version 2


def test_booths_are_laid_out_and_saved_after_a_look(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    first = fair.booth_ids[0]
    html = post(organiser, fair, at(first, "40", "30") | {"do": "arrange"}).get_data(as_text=True)
    assert "Đã xếp 11 gian. Chưa lưu" in sentences(html)
    assert kept(app, fair) == {}
    fields = fields_of(html)
    assert fields[f"x-{first}"] == "40"
    assert 'data-before=";;;"' in html
    del fields["csrf_token"]
    assert post(organiser, fair, fields).status_code == 302
    spots = kept(app, fair)
    assert spots.keys() == set(fair.booth_ids)
    assert overlapping(spots) == []
    html = post(organiser, fair, fields | {"do": "arrange", "version": "1"}).get_data(as_text=True)
    assert "Mọi gian đã có chỗ" in sentences(html)
    html = post(organiser, fair, fields | {"do": "arrange_all", "version": "1"}).get_data(as_text=True)
    assert fields_of(html)[f"x-{first}"] == "2"
    assert kept(app, fair) == spots


def test_the_plan_of_a_frozen_edition_is_only_shown(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=fair.people["quantri"])
    html = organiser.get(path(fair)).get_data(as_text=True)
    assert "nên ở đây chỉ xem được" in html
    assert 'id="ground"' in html
    for offered in ('value="save"', "editor.js", 'id="undo"', 'name="width"', "Kéo gian bằng chuột", 'id="plan"'):
        assert offered not in html, offered
    assert post(organiser, fair, at(fair.booth_ids[0], "1", "1")).status_code == 409
    assert kept(app, fair) == {}


def test_an_edition_without_booths_says_what_to_do(app: Flask, fair: Fair, client: FlaskClient) -> None:
    plan = EditionPlan("fair", "Hội chợ trống", "", date(2026, 11, 1), date(2026, 11, 5))
    with app.app_context(), transaction() as session:
        empty = create_edition(session, plan, series_id=None, at=now(), by=None).id
    sign_in(client, "quantri")
    html = client.get(f"/editions/{empty}/plan/edit").get_data(as_text=True)
    assert "chưa có gian hàng nào để xếp" in html
    assert f"/editions/{empty}/booths" in html
    assert 'value="save"' not in html


@pytest.mark.parametrize("login_name", ["nguoiban", "chuthe"])
def test_nobody_else_gets_in(fair: Fair, client: FlaskClient, login_name: str) -> None:
    sign_in(client, login_name)
    assert client.get(path(fair)).status_code == 404
    assert post(client, fair, at(fair.booth_ids[0], "1", "1")).status_code == 404


def test_a_form_without_its_token_saves_nothing(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    data = {"version": "0", "width": "50", "height": "40"} | at(fair.booth_ids[0], "1", "1")
    assert organiser.post(path(fair), data=data).status_code == 400
    assert kept(app, fair) == {}
