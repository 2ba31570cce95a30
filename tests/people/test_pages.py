"""Signing in, people and their roles: what a form may do, and what a forged one may not."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.catalogue.queries import current_version
from fair_pos.kernel.clock import now
from fair_pos.people.actions import disable_person, grant_role
from fair_pos.people.queries import find_person_by_login, get_person, roles_of
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.people.ways import own_path
from fair_pos.plumbing.db import reading, transaction
from tests.builders import PASSWORD, Fair, csrf_token, make_fair, sign_in

NEW = {"login_name": "sua", "name": "Giàng Thị Sua", "password": "hoa mận nở trắng"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **fields})
    return answer.status_code, answer.get_data(as_text=True)


def roles_by_login(app: Flask, login_name: str) -> list[Held] | None:
    with app.app_context():
        person = find_person_by_login(reading(), login_name)
        return None if person is None else roles_of(person)


# --- signing in -------------------------------------------------------------------------------------------------------

EVIL = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "/\tevil.example", "/\nevil.example", "/editions/\n", "/%5cevil.example", "/%5C/evil.example", "/\r\nLocation: //evil.example",
    "\t//evil.example", " //evil.example", "///evil.example", "/\\/evil.example", "//evil.example/%2f..", "", "?next=//evil.example",
    "/ok\\..\\evil", "//\\evil.example", "/\\\\evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_signing_in_never_leads_away(fair: Fair, client: FlaskClient, target: str) -> None:
    fields = {"login_name": "bantochuc", "password": PASSWORD, "next": target}
    token = re.search(r'csrf_token" value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert token
    answer = client.post("/sign-in", data={"csrf_token": token[1], **fields})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("target", ["/", "/editions/", "/editions/x/?day=2026-11-24&hour=8"])
def test_signing_in_leads_back_to_where_one_wanted_to_go(target: str) -> None:
    assert own_path(target) == target


def test_a_wrong_password_keeps_what_was_typed_and_tells_nothing(fair: Fair, client: FlaskClient) -> None:
    token = re.search(r'csrf_token" value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert token
    pages = []
    for login_name in ("bantochuc", "khongai"):
        answer = client.post(
            "/sign-in",
            data={"csrf_token": token[1], "login_name": login_name, "password": "sai", "next": "/me/password"},
        )
        assert answer.status_code == 400
        html = answer.get_data(as_text=True)
        assert f'value="{login_name}"' in html
        assert 'value="/me/password"' in html
        pages.append(re.sub(r'csrf_token" value="[^"]+"', "", html.replace(login_name, "")))
    assert pages[0] == pages[1]


def test_a_session_from_before_signing_in_is_not_carried_on(fair: Fair, client: FlaskClient) -> None:
    client.post("/language/en", data={"csrf_token": csrf_token(client, "/sign-in")})
    before = client.get_cookie("fair_pos")
    sign_in(client, "bantochuc")
    after = client.get_cookie("fair_pos")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert 'lang="en"' in client.get("/me/password").get_data(as_text=True)


def test_signing_out_ends_the_session(fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    assert post(client, "/sign-out")[0] == 302
    assert client.get("/editions/").location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 302),
        ({}, 302),
        ({"Origin": "null"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_a_form_sent_from_another_site_is_turned_away(
    fair: Fair, client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    sign_in(client, "bantochuc")
    answer = client.post("/sign-out", data={"csrf_token": csrf_token(client)}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("login", "target"), [("quantri", "/editions/"), ("bantochuc", "/editions/"), ("chuthe", "/producers/")]
)
def test_the_first_page_is_the_one_people_work_with(fair: Fair, client: FlaskClient, login: str, target: str) -> None:
    sign_in(client, login)
    location = client.get("/").headers["Location"]
    assert location.startswith(target) or (login == "chuthe" and fair.producer_ids[0] in location)


def test_a_seller_is_sent_to_the_till(fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "nguoiban")
    assert 'href="/till/"' in client.get("/").get_data(as_text=True)


def test_an_ended_account_is_out_at_once(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    assert client.get("/editions/").status_code == 200
    with app.app_context(), transaction() as session:
        person = get_person(session, fair.people["bantochuc"])
        disable_person(session, person, at=now(), by=fair.people["quantri"])
    assert client.get("/editions/").location.startswith("/sign-in")


# --- one's own password -------------------------------------------------------------------------------------------------


def test_a_new_password_signs_out_everywhere_else(app: Flask, fair: Fair, client: FlaskClient) -> None:
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        sign_in(browser, "nguoiban")
    status, html = post(client, "/me/password", old="sai rồi", new="hoa ban nở rồi")
    assert (status, "Mật khẩu đang dùng không đúng" in html) == (400, True)
    assert post(client, "/me/password", old=PASSWORD, new="ngắn")[0] == 400
    assert post(client, "/me/password", old=PASSWORD, new="hoa ban nở rồi")[0] == 302
    assert client.get("/me/password").status_code == 200
    assert elsewhere.get("/me/password").location.startswith("/sign-in")
    sign_in(elsewhere, "nguoiban", "hoa ban nở rồi")


# --- people, for administrators -----------------------------------------------------------------------------------------


def test_an_administrator_makes_people_with_a_role(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "quantri")
    place = f"edition:{fair.edition_id}"
    assert post(client, "/people/new", **NEW, role="organiser", place=place)[0] == 302
    assert roles_by_login(app, "sua") == [Held(Role.ORGANISER, Scope(fair.edition_id))]
    html = client.get("/people/").get_data(as_text=True)
    assert "Giàng Thị Sua" in html
    assert "Ban tổ chức · Hội chợ thử" in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"login_name": "bantochuc"}, "đã có người dùng"),
        ({"password": "ngắn"}, "ít nhất 8 ký tự"),
        ({"name": "  "}, "Hãy ghi họ và tên"),
        ({"place": ""}, "Vai trò này cần một nơi"),
        ({"role": "administrator"}, "Vai trò này cần một nơi"),
        ({"place": "edition:none"}, "Vai trò này cần một nơi"),
        ({"role": "king"}, "không đúng mẫu"),
        ({"is_god": "1"}, "không đúng mẫu"),
    ],
)
def test_a_wrong_form_comes_back_with_its_sentence_and_nothing_lost(
    app: Flask, fair: Fair, client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    sign_in(client, "quantri")
    fields = {**NEW, "role": "seller", "place": f"booth:{fair.booth_ids[1]}", **changes}
    status, html = post(client, "/people/new", **fields)
    assert status == 400
    assert words in html
    for name in ("login_name", "name", "password"):
        assert f'value="{fields[name]}"' in html
    if fields["place"].startswith("booth:"):
        assert f'value="{fields["place"]}" selected' in html
    assert roles_by_login(app, "sua") is None


def test_further_roles_new_passwords_and_the_end(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "quantri")
    path = f"/people/{fair.people['nguoiban']}"
    assert post(client, f"{path}/roles", role="producer", place=f"producer:{fair.producer_ids[1]}")[0] == 302
    status, html = post(client, f"{path}/roles", role="producer", place="")
    assert (status, "Vai trò này cần một nơi" in html) == (400, True)
    assert "Chủ thể · Hợp tác xã Số 2" in client.get(f"{path}/").get_data(as_text=True)
    assert post(client, f"{path}/password", password="ngắn")[0] == 400
    assert post(client, f"{path}/password", password="hoa đào nở rồi")[0] == 302
    seller = app.test_client()
    sign_in(seller, "nguoiban", "hoa đào nở rồi")
    assert post(client, f"{path}/disable")[0] == 302
    assert seller.get("/me/password").location.startswith("/sign-in")
    assert "đã khóa" in client.get("/people/").get_data(as_text=True)
    assert "Tài khoản đã khóa lúc" in client.get(f"{path}/").get_data(as_text=True)
    assert roles_by_login(app, "nguoiban") == []


def test_nobody_ends_their_own_account(fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "quantri")
    assert post(client, f"/people/{fair.people['quantri']}/disable")[0] == 404
    assert client.get("/people/").status_code == 200


@pytest.mark.parametrize("login", ["bantochuc", "nguoiban", "chuthe"])
def test_nobody_else_manages_people(app: Flask, fair: Fair, client: FlaskClient, login: str) -> None:
    sign_in(client, login)
    own = f"/people/{fair.people[login]}"
    for path in ("/people/", "/people/new", f"{own}/"):
        assert client.get(path).status_code == 404
    for path in ("/people/new", f"{own}/roles", f"{own}/password", f"{own}/disable"):
        assert post(client, path, **NEW, role="administrator")[0] == 404
    assert roles_by_login(app, "sua") is None


# --- the sellers of an edition ------------------------------------------------------------------------------------------


def test_an_organiser_makes_sellers_of_own_booths(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/people"
    assert post(client, path, **NEW, booth=fair.booth_ids[1])[0] == 302
    assert roles_by_login(app, "sua") == [Held(Role.SELLER, Scope(fair.edition_id, fair.booth_ids[1]))]
    assert post(client, path, **{**NEW, "login_name": "pao"}, booth="")[0] == 302
    assert roles_by_login(app, "pao") == [Held(Role.SELLER, Scope(fair.edition_id))]
    html = client.get(path).get_data(as_text=True)
    assert "Giàng Thị Sua" in html
    assert "A02 · Gian 2" in html


@pytest.mark.parametrize(
    "forged",
    [
        {"role": "administrator"},
        {"role": "organiser", "place": "edition:{own}"},
        {"place": ""},
        {"edition_id": "{other}"},
        {"booth": "{other_booth}"},
        {"booth": "{own}"},
        {"producer_id": "x"},
    ],
)
def test_a_forged_form_gives_nothing_else_away(
    app: Flask, fair: Fair, client: FlaskClient, forged: dict[str, str]
) -> None:
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "bantochuc")
    words = {"own": fair.edition_id, "other": other.edition_id, "other_booth": other.booth_ids[0]}
    fields = {**NEW, "booth": fair.booth_ids[0], **{name: text.format(**words) for name, text in forged.items()}}
    assert post(client, f"/editions/{fair.edition_id}/people", **fields)[0] == 400
    assert post(client, f"/editions/{other.edition_id}/people", **fields)[0] == 404
    assert roles_by_login(app, "sua") is None


def test_a_wrong_seller_form_comes_back_filled_in(fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    fields = {**NEW, "login_name": "bantochuc", "booth": fair.booth_ids[1]}
    status, html = post(client, f"/editions/{fair.edition_id}/people", **fields)
    assert status == 400
    assert "đã có người dùng" in html
    assert f'value="{fair.booth_ids[1]}" selected' in html
    assert 'value="Giàng Thị Sua"' in html


def test_selling_can_be_taken_back_here_only(app: Flask, fair: Fair, client: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/people"
    for stranger in (other.people["nguoiban"], fair.people["quantri"], "nobody"):
        assert post(client, f"{path}/{stranger}/withdraw")[0] == 404
    assert post(client, f"{path}/{fair.people['nguoiban']}/withdraw")[0] == 302
    assert roles_by_login(app, "nguoiban") == []
    assert "Chưa có người bán nào" in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize("login", ["bantochuc.hoi-cho-khac", "nguoiban", "chuthe"])
def test_nobody_else_manages_these_sellers(app: Flask, fair: Fair, client: FlaskClient, login: str) -> None:
    make_fair(app, name="Hội chợ khác")
    sign_in(client, login)
    path = f"/editions/{fair.edition_id}/people"
    assert client.get(path).status_code == 404
    assert post(client, path, **NEW, booth="")[0] == 404


# --- everywhere ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in", "/sign-out", "/me/password", "/people/new", "/people/{person}/roles", "/people/{person}/password",
        "/people/{person}/disable", "/editions/{edition}/people",
        "/editions/{edition}/people/{person}/withdraw",
    ],
)  # fmt: skip
def test_changing_anything_needs_the_token(app: Flask, fair: Fair, client: FlaskClient, path: str) -> None:
    sign_in(client, "quantri")
    address = path.format(person=fair.people["nguoiban"], edition=fair.edition_id)
    for token in ({}, {"csrf_token": "forged"}):
        assert client.post(address, data={**NEW, **token}).status_code == 400
    assert roles_by_login(app, "nguoiban")


# --- PINs -------------------------------------------------------------------------------------------------------------


def version(app: Flask) -> int:
    with app.app_context():
        return current_version(reading())


def pin_of(app: Flask, person_id: str) -> str:
    with app.app_context():
        return get_person(reading(), person_id).pin_hash


def test_pins_are_set_and_never_shown_and_tablets_hear_of_it(app: Flask, fair: Fair, client: FlaskClient) -> None:
    seller, before = fair.people["nguoiban"], version(app)
    sign_in(client, "bantochuc")
    assert post(client, f"/editions/{fair.edition_id}/people/{seller}/pin", pin="1234")[0] == 302
    assert pin_of(app, seller) != ""
    page = client.get(f"/editions/{fair.edition_id}/people").get_data(as_text=True)
    assert "1234" not in page
    assert pin_of(app, seller) not in page
    assert post(client, "/me/pin", pin="654321")[0] == 302
    assert pin_of(app, fair.people["bantochuc"]) != ""
    assert version(app) == before + 2
    status, said = post(client, f"/editions/{fair.edition_id}/people/{seller}/pin", pin="12")
    assert (status, "4 đến 6 chữ số" in said) == (400, True)
    assert post(client, "/me/pin", pin="abcd")[0] == 400
    assert version(app) == before + 2


def test_an_organiser_sets_no_pin_but_that_of_those_who_only_sell(app: Flask, fair: Fair, client: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "bantochuc")
    for person in (fair.people["quantri"], fair.people["chuthe"], other.people["nguoiban"], "nobody"):
        assert post(client, f"/editions/{fair.edition_id}/people/{person}/pin", pin="1234")[0] == 404
    assert post(client, f"/people/{fair.people['nguoiban']}/pin", pin="1234")[0] == 404
    with app.app_context(), transaction() as session:
        seller = get_person(session, fair.people["nguoiban"])
        grant_role(session, seller, Role.ORGANISER, Scope(edition_id=other.edition_id), at=now(), by=None)
    assert post(client, f"/editions/{fair.edition_id}/people/{seller.id}/pin", pin="1234")[0] == 404
    assert pin_of(app, seller.id) == ""


def test_an_administrator_sets_anyone_s_pin(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "quantri")
    assert post(client, f"/people/{fair.people['bantochuc']}/pin", pin="1234")[0] == 302
    assert pin_of(app, fair.people["bantochuc"]) != ""
    assert post(client, f"/people/{fair.people['bantochuc']}/pin", pin="1")[0] == 400


def test_tablets_hear_when_somebody_may_sell_or_no_more(app: Flask, fair: Fair, client: FlaskClient) -> None:
    before = version(app)
    sign_in(client, "bantochuc")
    post(client, f"/editions/{fair.edition_id}/people", **NEW, booth="")
    assert version(app) == before + 1
    post(client, f"/editions/{fair.edition_id}/people/{fair.people['nguoiban']}/withdraw")
    assert version(app) == before + 2
