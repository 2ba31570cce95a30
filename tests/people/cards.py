"""Coming in as a producer does: by a printed card or by a code that somebody reads out."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.people.cards import make_card, make_code
from fair_pos.plumbing.db import transaction
from tests.builders import Fair, csrf_token


def printed_card(app: Flask, fair: Fair, producer: int = 0) -> tuple[str, str]:
    """(id, token) of a new card."""
    with app.app_context(), transaction() as work:
        return make_card(work, fair.producer_ids[producer], f"HTX {producer}", at=now(), by=fair.people["bantochuc"])


def read_out_code(app: Flask, fair: Fair, producer: int = 0) -> str:
    """The eight digits."""
    with app.app_context(), transaction() as work:
        return make_code(work, fair.producer_ids[producer], f"HTX {producer}", at=now(), by=fair.people["bantochuc"])[0]


def come_in_by_card(client: FlaskClient, token: str) -> str:
    """Where the card leads."""
    answer = client.post(f"/card/{token}", data={"csrf_token": csrf_token(client, f"/card/{token}")})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]


def come_in_by_code(client: FlaskClient, digits: str) -> str:
    """Where the code leads."""
    answer = client.post("/code", data={"csrf_token": csrf_token(client, "/code"), "code": digits})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]
