"""A server killed in the middle of uploads, twenty times: every answered sale is there, once."""

from __future__ import annotations

import http.client
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Sale
from fair_pos.settings import Settings
from tests.builders import Tablet, make_fair, pair_tablet, till_headers, wire_time
from tests.databases import free_port
from tests.serving import Server, post_json

KILLS = 20
TABLETS = 3


class Uploader(threading.Thread):
    """A tablet that sells and sends, and sends again what was not answered. Remembers every answer it got."""

    def __init__(self, tablet: Tablet, port: int) -> None:
        super().__init__(daemon=True)
        self.tablet = tablet
        self.port = port
        self.outbox: list[dict[str, Any]] = []
        self.answered: dict[str, str] = {}
        self.unknown = 0
        self.stop_selling = threading.Event()

    def run(self) -> None:
        goods = self.tablet.fair.goods
        number = 0
        while self.outbox or not self.stop_selling.is_set():
            while not self.stop_selling.is_set() and len(self.outbox) < 5:
                number += 1
                self.outbox.append(self.tablet.sale([(goods[number % 9], 1), (goods[(number + 2) % 9], 2)]))
            body = {
                "parcels": self.outbox[:5], "waiting": len(self.outbox), "oldest_waiting_at": None,
                "sent_at": wire_time_now(), "app_version": "test",
            }  # fmt: skip
            try:
                status, answer = post_json(self.port, "/api/till/commands", body, till_headers(self.tablet.token))
            except (OSError, http.client.HTTPException, ValueError):
                self.unknown += 1  # sent and not answered: it may or may not be there, and is sent again
                time.sleep(0.02)
                continue
            assert status == 200, answer
            for one in answer["answers"]:
                assert one["answer"] in {"stored", "already_have"}, one
                self.answered[one["id"]] = one["answer"]
            self.outbox = [parcel for parcel in self.outbox if parcel["id"] not in self.answered]


def wire_time_now() -> str:
    from fair_pos.kernel.clock import now

    return wire_time(now())


@pytest.mark.race
def test_every_answered_sale_survives_twenty_kills(app: Flask, settings: Settings, tmp_path: Path) -> None:
    fair = make_fair(app, booths=TABLETS)
    tablets = [pair_tablet(app, fair, booth) for booth in range(TABLETS)]
    server = Server(settings, free_port(), tmp_path / "server.log")
    uploaders = [Uploader(tablet, server.port) for tablet in tablets]
    chance = random.Random(20)
    server.start()
    try:
        for uploader in uploaders:
            uploader.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 0.4))
            server.kill()
            server.start()
        for uploader in uploaders:
            uploader.stop_selling.set()
        for uploader in uploaders:
            uploader.join(timeout=60)
            assert not uploader.is_alive(), "an outbox did not drain"
    finally:
        server.stop()

    answered = {sale_id for uploader in uploaders for sale_id in uploader.answered}
    made = sum(uploader.tablet.seq for uploader in uploaders)
    with app.app_context():
        stored = list(reading().scalars(select(Sale.id)))
        proof = prove(reading())
    assert len(stored) == len(set(stored)) == len(answered) == made
    assert set(stored) == answered
    assert (proof.sales, proof.quarantined, proof.oddities, proof.gaps) == (made, 0, 0, [])
    # A run in which no upload was cut off would have shown nothing.
    assert sum(uploader.unknown for uploader in uploaders) >= KILLS
