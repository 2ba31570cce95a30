"""The page of the till, and the organiser's board of devices."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.till.pairing import pair_sample_device
from fair_pos.till.queries import count_missing, devices_of, find_usable_code
from fair_pos.till.tables import Device
from tests.builders import Fair, csrf_token, make_fair, pair_tablet, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def organiser(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def board(client: FlaskClient, fair: Fair) -> str:
    answer = client.get(f"/editions/{fair.edition_id}/devices")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_board_says_what_each_tablet_still_holds(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    tablets = [pair_tablet(app, fair, booth) for booth in (0, 1)]
    with app.app_context(), transaction() as session:
        device = session.get_one(Device, tablets[0].device_id)
        device.last_heard_at, device.waiting, device.oldest_waiting_at = now(), 37, now() - timedelta(minutes=25)
        device.clock_off_ms, device.storage_persisted, device.app_version = -3 * 3_600_000, False, "1.2.3"
    html = board(organiser, fair)
    for words in (
        "37 đơn",
        "vừa xong",
        "cũ nhất",
        "lệch −180 phút",
        "chưa bảo đảm giữ",
        "bản 1.2.3",
        "chưa lần nào",
        "A02",
    ):
        assert words in html
    assert "đã gửi hết" not in html


def test_a_gap_is_shown_and_goes_when_it_is_filled(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(3)]
    tablet.send(parcels[0], parcels[2])
    assert "hụt 1 đơn giữa chừng" in board(organiser, fair)
    tablet.send(parcels[1])
    assert "giữa chừng" not in board(organiser, fair)
    with app.app_context():
        (device,) = devices_of(reading(), fair.booth_ids)
        assert count_missing(reading(), device) == 0


def test_a_pairing_code_is_shown_with_its_qr_while_it_is_good(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    path = f"/editions/{fair.edition_id}/booths/{fair.booth_ids[0]}/pairing-code"
    assert organiser.get(path).status_code == 302, "there is none yet"
    made = organiser.post(path, data={"csrf_token": csrf_token(organiser)})
    assert made.status_code == 302
    html = organiser.get(made.headers["Location"]).get_data(as_text=True)
    code = re.search(r'class="code">([A-Z2-9]{4}-[A-Z2-9]{4})<', html)
    assert code
    assert "<svg" in html
    assert "https://fair.example/till/" in html
    assert "style=" not in html
    with app.app_context(), transaction() as session:
        found = find_usable_code(session, code[1], now())
        assert found is not None
        assert found.booth_id == fair.booth_ids[0]
        assert find_usable_code(session, code[1], now() + timedelta(minutes=11)) is None
    assert code[1] in organiser.get(path).get_data(as_text=True), "choosing a language must not lose it"
    other = path.replace(fair.booth_ids[0], fair.booth_ids[1])
    assert organiser.get(other).status_code == 302, "it is the code of one booth"
    with organiser.session_transaction() as kept:
        kept["pairing"] |= {"until": now().isoformat()}
    assert organiser.get(path).status_code == 302, "it is over"


def test_a_booth_is_not_stopped_by_one_tap(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    asked = organiser.get(f"/editions/{fair.edition_id}/devices/{tablet.device_id}/revoke").get_data(as_text=True)
    assert "Ngừng ghép máy A?" in asked
    assert "A01" in asked
    with app.app_context():
        assert reading().get_one(Device, tablet.device_id).revoked_at is None


def test_sample_tablets_are_folded_away_and_cannot_be_stopped(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        pair_sample_device(session, booth_id=fair.booth_ids[0], person_id=fair.people["nguoiban"], at=now())
    html = board(organiser, fair)
    assert "1 máy của dữ liệu mẫu" in html
    assert "/revoke" not in html


def test_an_unpaired_tablet_may_still_hand_in_what_it_holds(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    path = f"/editions/{fair.edition_id}/devices/{tablet.device_id}/revoke"
    answer = organiser.post(path, data={"csrf_token": csrf_token(organiser)}, follow_redirects=True)
    assert "đã ngừng ghép" in answer.get_data(as_text=True)
    assert tablet.post(app.test_client(), tablet.sale([(fair.goods[0], 1)])).get_json()["revoked"] is True


def test_changing_anything_needs_the_token(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    for path in (f"booths/{fair.booth_ids[0]}/pairing-code", f"devices/{tablet.device_id}/revoke"):
        assert organiser.post(f"/editions/{fair.edition_id}/{path}").status_code == 400
    with app.app_context():
        assert reading().get_one(Device, tablet.device_id).revoked_at is None


@pytest.mark.parametrize("login", ["bantochuc.hoi-cho-khac", "nguoiban", "chuthe"])
def test_nobody_else_reaches_the_tablets(app: Flask, fair: Fair, client: FlaskClient, login: str) -> None:
    other = make_fair(app, name="Hội chợ khác")
    tablet = pair_tablet(app, fair)
    sign_in(client, login)
    token = {"csrf_token": csrf_token(client)}
    for edition in (fair.edition_id, other.edition_id):
        assert client.post(f"/editions/{edition}/devices/{tablet.device_id}/revoke", data=token).status_code == 404
        assert (
            client.post(f"/editions/{edition}/booths/{fair.booth_ids[0]}/pairing-code", data=token).status_code == 404
        )
    assert client.get(f"/editions/{fair.edition_id}/devices").status_code == 404


def test_a_stranger_is_asked_to_sign_in(fair: Fair, client: FlaskClient) -> None:
    answer = client.get(f"/editions/{fair.edition_id}/devices", headers={"Accept": "text/html"})
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_the_board_without_tablets_says_what_to_do(fair: Fair, organiser: FlaskClient) -> None:
    assert "Tạo mã ghép cho một gian hàng" in board(organiser, fair)


def built(folder: Path, script: str) -> None:
    """What `npm run build` leaves for the server, under names of its own."""
    manifest = folder / "till" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    entry = {"file": f"assets/{script}", "isEntry": True, "css": ["assets/looks.css"]}
    manifest.write_text(json.dumps({"src/main.tsx": entry, "_part.js": {"file": "assets/part.js"}}), encoding="utf-8")
    (folder / "till" / "worker.js").write_text(f"// keeps {script}", encoding="utf-8")


def test_the_shell_says_when_it_has_not_been_built(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    answer = client.get("/till/")
    assert answer.status_code == 404
    assert "fair_pos" in answer.get_data(as_text=True)


def test_only_the_till_may_compile_the_reader_of_codes(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WebAssembly, never eval, and on the till's page alone."""
    monkeypatch.setattr("fair_pos.till.pages.built_files", lambda _manifest: ("/static/till/main.js", ()))
    till = client.get("/till/").headers["Content-Security-Policy"]
    other = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in till
    assert "'unsafe-eval'" not in till
    assert till.replace(" 'wasm-unsafe-eval'", "") == other


def test_the_shell_names_what_was_built(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    built(tmp_path, "main-1.js")
    html = client.get("/till/").get_data(as_text=True)
    assert '<script type="module" src="/static/till/assets/main-1.js">' in html
    assert '<link rel="stylesheet" href="/static/till/assets/looks.css">' in html
    assert "part.js" not in html


def test_a_build_under_a_running_server_changes_page_and_worker_together(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    app.static_folder = str(tmp_path)
    for script in ("main-1.js", "main-2.js"):
        built(tmp_path, script)
        assert script in client.get("/till/").get_data(as_text=True)
        with client.get("/till/sw.js") as worker:
            assert script in worker.get_data(as_text=True)
            assert worker.headers["Cache-Control"] == "no-cache"
