"""Editions opened by several people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.venues.queries import all_series, editions_of_series
from tests.builders import csrf_token, make_fair, sign_in
from tests.venues.test_pages import EDITION


def test_a_new_series_named_by_several_at_once_is_one(app: Flask) -> None:
    make_fair(app)
    clients = [app.test_client() for _ in range(4)]
    for one in clients:
        sign_in(one, "quantri")
    tokens, ready = [csrf_token(one) for one in clients], Barrier(4)

    def open_one(number: int) -> int:
        ready.wait(timeout=20)
        form = EDITION | {"name": f"Kỳ {number}", "new_series": "Hội chợ mùa xuân", "csrf_token": tokens[number]}
        return clients[number].post("/editions/new", data=form).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(open_one, range(4))) == [302] * 4
    with app.app_context():
        (series,) = [one for one in all_series(reading()) if one.name == "Hội chợ mùa xuân"]
        assert len(editions_of_series(reading(), series.id)) == 4
