"""Closed by default, safe headers on every answer, and what becomes of refusals and faults."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.refusal import NotFound
from fair_pos.people.ways import own_path
from fair_pos.plumbing.db import db
from fair_pos.plumbing.web import CSP
from fair_pos.settings import Settings
from tests.builders import csrf_token, make_fair, sign_in
from tests.plumbing.doors import app_with_doors


@pytest.fixture
def open_app(settings: Settings) -> Iterator[Flask]:
    """The app as visitors have it: faults become pages."""
    app = app_with_doors(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(open_app: Flask) -> FlaskClient:
    return open_app.test_client()


# SECURITY C7, written out here once more: a header that is lost in web.py is missed by nobody else.
GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
    " font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/open", 200),
        ("GET", "/moves", 302),
        ("GET", "/", 302),
        ("POST", "/open", 400),  # a form without its token
        ("GET", "/unmarked", 404),
        ("GET", "/nowhere", 404),
        ("POST", "/sign-out", 400),
        ("DELETE", "/sign-in", 405),
        ("GET", "/refuses", 409),
        ("GET", "/breaks", 500),
        ("POST", "/api/extra/order", 415),
        ("POST", "/api/extra/breaks", 500),
        ("POST", "/api/till/ping", 415),
        ("GET", "/static/none.css", 404),
    ],
)
def test_every_kind_of_answer_carries_the_headers(visitor: FlaskClient, method: str, path: str, status: int) -> None:
    answer = visitor.open(path, method=method, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in GUARDS} == GUARDS
    if not path.startswith("/static/"):
        assert answer.headers["Cache-Control"] == "no-store"


def test_scripts_styles_and_frames_come_from_nobody_else() -> None:
    rules = dict(part.strip().split(" ", 1) for part in CSP.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["object-src"] == rules["frame-ancestors"] == "'none'"
    assert {rules[name] for name in ("script-src", "style-src", "connect-src", "font-src", "form-action")} == {"'self'"}
    assert "unsafe" not in CSP
    assert "http" not in CSP
    assert "*" not in CSP


def test_a_static_file_may_be_kept_and_is_guarded_all_the_same(visitor: FlaskClient) -> None:
    with visitor.get("/static/base.css") as answer:
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers.get("Cache-Control") != "no-store"


@pytest.mark.parametrize("secure", [True, False])
def test_a_server_behind_https_asks_for_it_from_then_on(settings: Settings, secure: bool) -> None:
    app = app_with_doors(settings, secure_cookies=secure)
    answer = app.test_client().get("/sign-in", base_url="https://fair.example" if secure else "http://fair.example")
    assert ("Strict-Transport-Security" in answer.headers) is secure
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert ("Secure" in cookie, cookie.startswith("__Host-fair_pos=")) == (secure, secure)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


# --- closed by default ------------------------------------------------------------------------------------------------


def test_a_view_that_says_nothing_is_not_there(open_app: Flask, visitor: FlaskClient) -> None:
    assert visitor.get("/unmarked").status_code == 404
    assert visitor.get("/api/extra/unmarked").status_code == 404
    make_fair(open_app)
    sign_in(visitor, "quantri")
    answer = visitor.get("/unmarked")
    assert answer.status_code == 404
    assert "nobody said" not in answer.get_data(as_text=True)


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_where_they_wanted(visitor: FlaskClient) -> None:
    answer = visitor.get("/editions/?day=2026-11-24", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/editions/?day%3D2026-11-24"
    assert visitor.get("/editions/").status_code == 302  # who does not say what they take, takes a page
    assert visitor.get("/editions/", headers={"Accept": "*/*"}).status_code == 302
    assert visitor.get("/editions/", headers={"Accept": "application/json"}).status_code == 401


def test_what_is_not_yours_looks_like_what_does_not_exist(open_app: Flask, visitor: FlaskClient) -> None:
    fair, other = make_fair(open_app), make_fair(open_app, name="Hội chợ khác")
    sign_in(visitor, "bantochuc")
    assert visitor.get(f"/editions/{fair.edition_id}/").status_code == 200
    theirs, nobodys = (visitor.get(f"/editions/{one}/") for one in (other.edition_id, "0" * 36))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.get_data() == nobodys.get_data()


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("http://localhost", 200),
        ("https://localhost", 200),
        ("http://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("http://localhost:8001", 403),
        ("http://evil.example/localhost", 403),
        ("http://localhost@evil.example", 403),
        ("null", 403),
        ("", 403),
        ("localhost", 403),
    ],
)
def test_a_form_from_another_site_is_turned_away_even_with_its_token(
    open_app: Flask, visitor: FlaskClient, origin: str | None, status: int
) -> None:
    make_fair(open_app)
    sign_in(visitor, "quantri")
    headers = {} if origin is None else {"Origin": origin}
    answer = visitor.post("/open", data={"csrf_token": csrf_token(visitor)}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_form_without_its_token_changes_nothing(visitor: FlaskClient, method: str, token: str | None) -> None:
    data = {} if token is None else {"csrf_token": token}
    assert visitor.open("/open", method=method, data=data).status_code == 400


def test_the_token_of_another_browser_is_none(open_app: Flask, visitor: FlaskClient) -> None:
    make_fair(open_app)
    other = open_app.test_client()
    for browser in (visitor, other):
        sign_in(browser, "quantri")
    assert visitor.post("/open", data={"csrf_token": csrf_token(other)}).status_code == 400
    assert visitor.post("/open", data={"csrf_token": csrf_token(visitor)}).status_code == 200


# --- refusals and faults ----------------------------------------------------------------------------------------------


def test_a_refusal_is_a_page_with_its_sentence_for_people(visitor: FlaskClient) -> None:
    answer = visitor.get("/refuses")
    assert answer.status_code == 409
    assert answer.mimetype == "text/html"
    assert "Còn 3 đơn chưa gửi" in answer.get_data(as_text=True)


def test_a_refusal_is_a_code_with_facts_for_programs(visitor: FlaskClient) -> None:
    answer = visitor.post("/api/extra/refuses")
    assert (answer.status_code, answer.json) == (409, {"code": "sales_waiting", "facts": {"waiting": 3}})


@pytest.mark.parametrize(("path", "code"), [("/api/nowhere", "http_404"), ("/api/till/ping", "http_405")])
def test_an_error_of_http_is_a_code_for_programs(visitor: FlaskClient, path: str, code: str) -> None:
    answer = visitor.get(path)
    assert answer.json == {"code": code, "facts": {}}
    assert answer.status_code == int(code[-3:])


def test_a_fault_shows_a_number_and_the_log_has_its_trace(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="fair_pos"):
        answer = visitor.get("/breaks")
    said = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert not re.search("Traceback|RuntimeError|secret detail|doors.py", said)
    (record,) = [one for one in caplog.records if one.name == "fair_pos"]
    found = re.search(r"mã ([0-9a-f]{6})", said)
    assert found is not None
    assert found[1] in record.getMessage()
    assert record.exc_info is not None
    assert "secret detail" in str(record.exc_info[1])


def test_a_fault_is_a_code_with_its_number_for_programs(visitor: FlaskClient) -> None:
    numbers = set()
    for _ in range(2):
        answer = visitor.post("/api/extra/breaks")
        said = answer.get_json()
        assert (answer.status_code, said["code"]) == (500, "fault")
        assert re.fullmatch("[0-9a-f]{6}", said["facts"]["number"])
        assert "secret detail" not in answer.get_data(as_text=True)
        numbers.add(said["facts"]["number"])
    assert len(numbers) == 2


def test_a_test_sees_the_fault_itself(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(ZeroDivisionError):
        app.handle_user_exception(ZeroDivisionError())


def test_not_found_as_a_refusal_and_as_an_address_look_alike(open_app: Flask, visitor: FlaskClient) -> None:
    with open_app.test_request_context("/somewhere"):
        refused = open_app.make_response(open_app.handle_user_exception(NotFound()))
    missing = visitor.get("/somewhere")
    assert refused.status_code == missing.status_code == 404
    assert refused.get_data() == missing.get_data()


# --- where a sign-in leads --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/a", "/a/b?c=d&e=/f", "/me/password", "/tìm?q=mật ong", "/a#b", "/a?u=http://x", "/a//b"]
)
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert own_path(path) == path


EVIL = """//evil.example ///evil.example ////evil.example //evil.example/%2f.. /\\evil.example /\\/evil.example \\/evil.example \\\\evil.example
          http://evil.example https://evil.example https:evil.example https:/evil.example http:\\evil.example ftp://evil.example
          javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,x vbscript:x mailto:a@b evil.example evil.example/ .evil.example a/b ./a ../a
          ?a #a @evil.example :80 /a\\b /a\\..\\b //localhost@evil.example //[::1] //0 /\\0 %2f%2fevil.example %5cevil.example
          /\\%09/evil.example //%09/evil.example""".split()  # noqa: SIM905 (read as a list of addresses)
SPACED = [
    "", " ", " /a", "\t/a", "\n/a", "\r/a", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/a\r\nSet-Cookie: x=y",
    "/a\r", "/a\tb", "\x00/a", "\u00a0/a", "\u200b//evil.example", "\u2028/a", "／／evil.example", "\x0b//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", [*EVIL, *SPACED, None], ids=ascii)
def test_an_address_of_another_site_leads_home(target: str | None) -> None:
    assert own_path(target) == "/"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_a_sign_in_never_leads_to_another_site(app: Flask, client: FlaskClient, target: str) -> None:
    make_fair(app)
    page = client.get("/sign-in", query_string={"next": target}).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "login_name": "quantri", "password": "mật khẩu thử nghiệm", "next": target}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("path", ["/p/%00", "/editions/%00/", "/sales/%00", "/people/%00/", "/r/%00", "/?next=%00"])
def test_nul_names_nothing(app: Flask, path: str) -> None:
    make_fair(app)
    client = app.test_client()
    sign_in(client, "quantri")
    assert client.get(path).status_code == 404


def test_nul_in_a_form_is_no_fault(app: Flask) -> None:
    fair = make_fair(app)
    client = app.test_client()
    sign_in(client, "quantri")
    form = {"csrf_token": csrf_token(client), "login_name": "a\0b", "name": "x", "password": "một câu dài"}
    assert client.post("/people/new", data=form).status_code == 400
    ticked = {"csrf_token": form["csrf_token"], "producer": [fair.producer_ids[0], "a\0b"]}  # boxes of one name
    booth = f"/editions/{fair.edition_id}/booths/{fair.booth_ids[0]}"
    assert client.post(f"{booth}/producers", data=ticked).status_code == 400
    assert client.post("/people/new", data={"csrf_token": form["csrf_token"], "a\0b": "x"}).status_code == 400


# --- hosts (SECURITY C25) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:8000", 200), ("127.0.0.1:8000", 200), ("192.168.1.7", 200), ("[::1]:8000", 200),
        ("fair.example", 200), ("FAIR.example:443", 200), ("evil.example", 400), ("fair.example.evil.example", 400), ("evil", 400),
        ("127.0.0.1.evil.example", 400), ("[::1", 400), ("", 400),
    ],
)  # fmt: skip
def test_only_its_own_names_and_plain_addresses_reach_the_server(visitor: FlaskClient, host: str, status: int) -> None:
    for path in ("/sign-in", "/open"):
        answer = visitor.get(path, headers={"Host": host})
        assert answer.status_code == status, (path, host)
        assert "http://evil" not in answer.get_data(as_text=True)
    if host == "evil":
        assert "không có tên «evil»" in visitor.get("/nowhere", headers={"Host": host}).get_data(as_text=True)
        assert visitor.get("/static/tokens.css", headers={"Host": host}).status_code == status
        api = visitor.get("/api/till/transfers", headers={"Host": host})
        assert api.get_json() == {"code": "host_unknown", "facts": {"host": "evil"}}
