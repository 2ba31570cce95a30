"""The one door of a display: what it gives, to whom, how quickly, and that its token opens no other."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Map, Rule

from fair_pos.board.actions import revoke_display
from fair_pos.board.queries import displays_of
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.web import Access
from tests.asked import statements_sent
from tests.board.stage import Stage, board_for, display_of, set_stage, wall_headers
from tests.builders import sign_in, wire_time
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def stage(app: Flask) -> Stage:
    return set_stage(app)


def revoke_all(app: Flask, stage: Stage) -> None:
    with app.app_context(), transaction() as session:
        for one in displays_of(session, stage.fair.edition_id):
            revoke_display(session, one.id, at=now(), by=stage.fair.people["bantochuc"])


def test_a_display_gets_its_own_edition_s_board(app: Flask, client: FlaskClient, stage: Stage) -> None:
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 2)]))
    answer = board_for(client, display_of(app, stage.fair))
    assert answer.status_code == 200
    assert (answer.json["edition"], answer.json["net_dong"]) == ("Hội chợ thử", 2 * stage.fair.goods[0].price_dong)
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 4_000
    other = board_for(client, display_of(app, stage.before)).json
    assert (other["edition"], other["net_dong"], other["phase"]) == ("Hội chợ năm ngoái", 0, "after")


def test_strangers_get_nothing(app: Flask, client: FlaskClient, stage: Stage) -> None:
    token = display_of(app, stage.fair)
    for headers in (
        {"X-Fair-Pos": "wall"},
        {"X-Fair-Pos": "wall", "Authorization": "Bearer"},
        {"X-Fair-Pos": "wall", "Authorization": f"Basic {token}"},
        {"X-Fair-Pos": "wall", "Authorization": f"Bearer {token[:-1]}"},
        {"X-Fair-Pos": "wall", "Authorization": "Bearer \udcff"},
        {"X-Fair-Pos": "wall", "Cookie": f"token={token}"},
    ):
        answer: Any = client.get(f"/api/board/wall?token={token}", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "display_unknown"), headers
    assert client.get("/api/board/wall", headers={"Authorization": f"Bearer {token}"}).status_code == 415
    assert client.post("/api/board/wall", headers=wall_headers(token), json={}).status_code == 405


def test_a_revoked_display_is_told_so(app: Flask, client: FlaskClient, stage: Stage) -> None:
    token = display_of(app, stage.fair)
    assert board_for(client, token).status_code == 200
    revoke_all(app, stage)
    answer = board_for(client, token)
    assert (answer.status_code, answer.json["code"]) == (401, "display_revoked"), "though the board is still shared"
    assert "net_dong" not in answer.json


def test_a_display_is_seen_to_the_minute(app: Flask, client: FlaskClient, stage: Stage) -> None:
    token = display_of(app, stage.fair)
    board_for(client, token)
    with app.app_context():
        (seen,) = [one.last_seen_at for one in displays_of(reading(), stage.fair.edition_id)]
        assert seen is not None
        assert now() - seen < timedelta(minutes=1)
    board_for(client, token)
    with app.app_context():
        assert [one.last_seen_at for one in displays_of(reading(), stage.fair.edition_id)] == [seen]


# --- nothing else -----------------------------------------------------------------------------------------------------


def address_in(stage: Stage, gate: str, rule: Rule) -> str:
    """An address of this route that names things which exist, so that only the token stands between."""
    known = {
        "edition_id": stage.fair.edition_id,
        "booth_id": stage.fair.booth_ids[0],
        "producer_id": stage.fair.producer_ids[0],
        "person_id": stage.fair.people["bantochuc"],
        "device_id": stage.tablets[0].device_id,
        "gate_id": gate,
    }
    converters = {name: rule._converters[name] for name in rule.arguments}
    blanks = {
        name: min(one.items) if isinstance(one, AnyConverter) else known.get(name, "1")
        for name, one in converters.items()
    }
    return Map([rule.empty()]).bind("localhost").build(rule.endpoint, blanks)


def opened_by(app: Flask, stage: Stage, gate: str, token: str) -> list[str]:
    """Every door but public ones and the display's own, with every method: those that the token opens."""
    app.config["WTF_CSRF_ENABLED"] = False  # would turn the token away too, and hide a door that is open
    client, found, asked = app.test_client(), [], 0
    for rule in app.url_map.iter_rules():
        access: Access = getattr(app.view_functions[rule.endpoint], "access", Access("public"))
        if access.kind == "public" or rule.endpoint == "board_api.wall":
            continue
        path = address_in(stage, gate, rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            body = {"waiting": 0, "sent_at": wire_time(now()), "app_version": "x", "entries": [], "parcels": []}
            answer = client.open(
                path, method=method, headers=wall_headers(token), json=body if method == "POST" else None
            )
            asked += 1
            if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"):
                continue
            # A door for devices may find the body wrong before it asks who sent it; pairing doors ask for a code.
            if answer.status_code not in ({400, 401} if access.kind == "device" else {401, 404}):
                found.append(f"{method} {path} answers {answer.status_code}")
    assert asked > 100
    return found


def test_the_token_opens_no_other_door(app: Flask, stage: Stage) -> None:
    (gate,) = make_gates(app, stage.fair)
    token = display_of(app, stage.fair, shows_makers=True)
    assert opened_by(app, stage, gate, token) == []
    revoke_all(app, stage)
    assert opened_by(app, stage, gate, token) == []


def test_a_door_that_the_token_opens_is_noticed(app: Flask, stage: Stage) -> None:
    app.add_url_rule("/ajar", "ajar", lambda: "come in")
    vars(app.view_functions["ajar"])["access"] = Access("device")
    (gate,) = make_gates(app, stage.fair)
    assert opened_by(app, stage, gate, display_of(app, stage.fair)) == ["GET /ajar answers 200"]


@pytest.mark.parametrize("door", ["till/ping", "till/commands", "gate/ping", "gate/taps"])
def test_doors_of_tablets_and_phones_do_not_know_it(app: Flask, client: FlaskClient, stage: Stage, door: str) -> None:
    """With a body that is right, so that it is the token that is refused."""
    body: dict[str, Any] = {"waiting": 0, "sent_at": wire_time(now()), "app_version": "x"}
    body |= {"till/commands": {"parcels": []}, "gate/taps": {"entries": []}}.get(door, {})
    body |= {"oldest_waiting_at": None} if door.startswith("till") else {}
    body |= {"storage_persisted": True} if door == "till/ping" else {}
    answer = client.post(f"/api/{door}", json=body, headers=wall_headers(display_of(app, stage.fair)))
    assert answer.status_code == 401, answer.json
    (gate,) = make_gates(app, stage.fair)
    real = pair_phone(app, stage.fair, gate).token if door.startswith("gate") else stage.tablets[0].token
    assert client.post(f"/api/{door}", json=body, headers=wall_headers(real)).status_code == 200, "the body is right"


def test_no_other_token_opens_the_board(app: Flask, client: FlaskClient, stage: Stage) -> None:
    (gate,) = make_gates(app, stage.fair)
    for token in (stage.tablets[0].token, pair_phone(app, stage.fair, gate).token):
        assert board_for(client, token).json["code"] == "display_unknown"
    sign_in(client, "bantochuc")
    assert client.get("/api/board/wall", headers={"X-Fair-Pos": "wall"}).status_code == 401


# --- how quickly ------------------------------------------------------------------------------------------------------


def test_a_sale_is_on_the_board_a_second_later(app: Flask, client: FlaskClient, stage: Stage) -> None:
    token, tablet = display_of(app, stage.fair), stage.tablets[0]
    assert board_for(client, token).json["receipts"] == 0
    tablet.send(tablet.sale([(stage.fair.goods[0], 1)]))
    sent = time.monotonic()
    while (answer := board_for(client, token).json)["receipts"] == 0:
        time.sleep(0.02)
    assert time.monotonic() - sent < 2, "a display asks every three seconds: together under five"
    assert answer["read_at"] <= answer["server_time"]


def test_twenty_displays_ask_for_the_price_of_one(app: Flask, stage: Stage) -> None:
    """Whose token it is, is asked each time; the figures once a second. (Counted, since a shared machine's clock says little.)"""
    tokens = [display_of(app, stage.fair, name=f"Màn hình {at}") for at in range(20)]
    client = app.test_client()
    for token in tokens:
        board_for(client, token)  # once a minute it is written down that a display was seen
    with statements_sent(app) as sent:
        read_at = {board_for(client, token).json["read_at"] for token in tokens}
    statements = [one.lower() for one in sent]
    assert len([one for one in statements if "from display" in one]) == 20
    assert len([one for one in statements if "from hour_figure" in one]) <= 3 * len(read_at)
    assert len(read_at) < 20
    assert [one for one in statements if one.startswith(("insert", "update", "delete"))] == []


def test_many_threads_see_one_moment(app: Flask, stage: Stage) -> None:
    token, answers = display_of(app, stage.fair), list[dict[str, Any]]()
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 1)]))

    def ask() -> None:
        answers.append(json.loads(board_for(app.test_client(), token).data))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one["receipts"] for one in answers] == [1] * 8
