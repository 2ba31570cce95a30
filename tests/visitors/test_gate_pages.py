"""The gates of an edition, their phones, and the page of the phone's program."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from fair_pos.visitors.gate_pages import built_gate
from fair_pos.visitors.queries import crowd_rule, gates_of
from tests.builders import Fair, csrf_token, make_fair, sign_in
from tests.visitors.phones import device_of, make_gates, pair_phone


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def organiser(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def post(client: FlaskClient, fair: Fair, path: str, **fields: str) -> tuple[int, str]:
    fields["csrf_token"] = csrf_token(client)
    answer = client.post(f"/editions/{fair.edition_id}/{path}", data=fields, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_gate_is_added_and_renamed(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    status, page = post(organiser, fair, "gates", name="Cổng chính", way="both")
    assert (status, "Cổng chính" in page) == (200, True)
    status, page = post(organiser, fair, "gates", name="cổng CHÍNH", way="both")
    assert (status, "đã có cổng" in page) == (400, True)
    with app.app_context():
        (gate,) = gates_of(reading(), fair.edition_id)
    assert post(organiser, fair, f"gates/{gate.id}", name="Cổng Bắc", way="exit")[0] == 200
    assert post(organiser, fair, f"gates/{gate.id}", name="", way="exit")[0] == 400
    assert post(organiser, fair, f"gates/{gate.id}", name="x", way="up")[0] == 404
    with app.app_context():
        (gate,) = gates_of(reading(), fair.edition_id)
        assert (gate.name, gate.way) == ("Cổng Bắc", "exit")


def test_a_limit_is_set(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    assert post(organiser, fair, "crowd-rule", limit="5.000", reentry="15")[0] == 200
    with app.app_context():
        assert crowd_rule(reading(), fair.edition_id) == (5000, 15)
    status, page = post(organiser, fair, "crowd-rule", limit="0", reentry="")
    assert (status, "Sức chứa" in page) == (400, True)


def test_a_code_is_shown_once_made_and_pairs_a_phone(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    address = f"/editions/{fair.edition_id}/gates/{gate}/pairing-code"
    assert organiser.get(address).status_code == 302, "there is none yet"
    status, page = post(organiser, fair, f"gates/{gate}/pairing-code")
    assert status == 200
    code = page.split('class="code">')[1].split("<")[0]
    assert "https://fair.example/gate/" in page
    answer = organiser.post("/api/gate/pair", json={"code": code, "name": "Máy Hoa"}, headers={"X-Fair-Pos": "gate"})
    assert answer.status_code == 200
    page = organiser.get(f"/editions/{fair.edition_id}/gates").get_data(as_text=True)
    assert "Máy Hoa" in page


def test_a_phone_is_ended_after_a_question(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    path = f"gate-devices/{phone.device_id}/revoke"
    assert "Chị Hoa" in organiser.get(f"/editions/{fair.edition_id}/{path}").get_data(as_text=True)
    assert post(organiser, fair, path)[0] == 200
    assert device_of(app, phone).revoked_at is not None


def test_a_gate_is_closed_after_a_question_and_opened_again(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    asked = organiser.get(f"/editions/{fair.edition_id}/gates/{gate}/close").get_data(as_text=True)
    assert "1 điện thoại đang ghép" in asked
    status, page = post(organiser, fair, f"gates/{gate}/close")
    assert (status, "Đã đóng cổng." in page, "Mở lại cổng" in page) == (200, True, True)
    assert device_of(app, phone).revoked_at is not None
    status, page = post(organiser, fair, f"gates/{gate}/pairing-code")
    assert (status, "Cổng này đã đóng" in page) == (400, True)
    sheet = organiser.get(f"/editions/{fair.edition_id}/visitors/tally-sheet.pdf")
    assert sheet.status_code == 200
    status, page = post(organiser, fair, f"gates/{gate}/reopen")
    assert (status, "Đã mở lại cổng." in page, "Mở lại cổng<" in page) == (200, True, False)


def test_the_board_says_what_waits_and_what_is_odd(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    lost = phone.tap()
    assert lost["seq"] == 1
    phone.post(organiser, phone.tap(at=now() + timedelta(days=2)), 7, waiting=5)
    page = organiser.get(f"/editions/{fair.edition_id}/gates").get_data(as_text=True)
    for words in (
        "còn 3 lượt bấm chưa gửi",
        "hụt 1 lượt bấm giữa chừng",
        "1 lượt bấm không đọc được",
        "Lượt bấm đã gửi",
        "Giờ điện thoại sai",
    ):
        assert words in page, words


def test_who_may_not_sees_nothing(app: Flask, fair: Fair, client: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    (gate,) = make_gates(app, other)
    phone = pair_phone(app, other, gate)
    sign_in(client, "bantochuc")
    for path in (
        f"/editions/{other.edition_id}/gates",
        f"/editions/{fair.edition_id}/gates/{gate}/pairing-code",
        f"/editions/{fair.edition_id}/gate-devices/{phone.device_id}/revoke",
        f"/editions/{fair.edition_id}/gate-devices/none/revoke",
        f"/editions/{fair.edition_id}/gates/{gate}/close",
    ):
        assert client.get(path).status_code == 404, path
    sign_in(client := app.test_client(), "nguoiban")
    assert client.get(f"/editions/{fair.edition_id}/gates").status_code == 404


def test_the_program_is_found_by_its_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"a": {"file": "b.js"}, "m": {"file": "m.js", "isEntry": True, "css": ["m.css"]}}))
    assert built_gate(manifest) == ("/static/gate/m.js", ("/static/gate/m.css",))
    with pytest.raises(NotFound):
        built_gate(tmp_path / "none.json")


def test_the_program_is_open_to_everyone_and_never_cached(app: Flask, tmp_path: Path, client: FlaskClient) -> None:
    app.static_folder = str(tmp_path)
    folder = tmp_path / "gate"
    (folder / ".vite").mkdir(parents=True)
    (folder / ".vite" / "manifest.json").write_text(json.dumps({"m": {"file": "m.js", "isEntry": True}}))
    for name in ("worker.js", "app.webmanifest"):
        (folder / name).write_text("{}")
    assert "/static/gate/m.js" in client.get("/gate/").get_data(as_text=True)
    for path in ("/gate/sw.js", "/gate/app.webmanifest"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache"), path
        answer.close()
