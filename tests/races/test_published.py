"""Figures are frozen and adjusted by two people at once, and frozen while a tablet sends."""

from __future__ import annotations

import re
import threading
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.journal.queries import lines_about
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.published import actions, refusals
from fair_pos.published.rules import Figures, contradictions
from fair_pos.reports.standing import standing_of
from tests.builders import Fair, Tablet, csrf_token, sign_in
from tests.published.freezing import (
    adjust,
    everything_open,
    freeze,
    late_gaps,
    measure,
    noon,
    past_fair,
    published,
    starts_of,
    word,
)


@pytest.fixture
def past(app: Flask) -> tuple[Fair, Tablet]:
    return past_fair(app)


@pytest.fixture
def fair(past: tuple[Fair, Tablet]) -> Fair:
    return past[0]


def test_of_two_who_freeze_at_once_one_wins(app: Flask, fair: Fair) -> None:
    with app.app_context():
        ticked = everything_open(fair)
    start, outcomes = threading.Barrier(2), []

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes.append(freeze(fair, ticked=ticked))
            except refusals.FrozenAlready:
                outcomes.append(0)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    with app.app_context():
        assert sorted(outcomes) == [0, len(published(fair).entries)]
        assert len(lines_about(reading(), "edition", fair.edition_id, verb="figures_frozen")) == 1


def test_of_two_who_adjust_at_once_the_second_sees_the_first(app: Flask, fair: Fair) -> None:
    with app.app_context():
        freeze(fair)
        net = published(fair).value("net_dong")
    start, outcomes = threading.Barrier(2), []

    def one(value: int) -> None:
        with app.app_context():
            start.wait()
            try:
                adjust(fair, "net_dong", net, value)
                outcomes.append("written")
            except refusals.PublishedMeanwhile:
                outcomes.append("refused")

    threads = [threading.Thread(target=one, args=(value,)) for value in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "written"]
    with app.app_context():
        assert len(published(fair).history("net_dong")) == 2


def test_uploads_wait_while_figures_are_written(app: Flask, past: tuple[Fair, Tablet]) -> None:
    """Else a day could hold a sale that the whole lacks: frozen figures cannot contradict themselves."""
    fair, tablet = past
    parcel = tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair)))
    stored = threading.Event()

    def send() -> None:
        tablet.send(parcel)
        stored.set()

    sending = threading.Thread(target=send)

    def measured(session: Any) -> Figures:
        before = measure(fair)(session)
        sending.start()
        assert not stored.wait(timeout=1)
        assert measure(fair)(session) == before
        return before

    with app.app_context():
        said, ticked = word(fair), everything_open(fair)
        in_transaction(lambda session: actions.freeze(session, fair.edition_id, measured, ticked=ticked, word=said))
    sending.join()
    assert stored.is_set()
    with app.app_context():
        figures = published(fair).figures()
        assert contradictions(figures, 5) == []
        for name in ("receipts", "sold_dong", "refunded_dong", "net_dong", "ocop_dong"):
            assert sum(values[name] for day, values in figures.items() if day is not None) == figures[None][name], name
        assert [one.difference for one in late_gaps(fair) if (one.day, one.name) == (None, "receipts")] == [1]


def test_what_is_taken_in_is_of_one_moment(app: Flask, past: tuple[Fair, Tablet], client: FlaskClient) -> None:
    """Through the page: between two looks of the same taking-in a tablet sends, and the second sees what the first saw."""
    fair, tablet = past
    with app.app_context():
        freeze(fair)
    sale = tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair)))
    tablet.send(sale)
    sign_in(client, "bantochuc")
    where = f"/editions/{fair.edition_id}/published"
    page = client.get(where).get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    ticks = re.findall(r'name="take" value="([^"]+)"', page)
    assert seen
    assert ":net_dong" in ticks
    fields = {"csrf_token": csrf_token(client), "seen": seen[1], "take": ticks, "reason": "Máy A gửi muộn"}
    later = tablet.sale([(fair.goods[1], 1)], at=noon(starts_of(fair)))
    sending = threading.Thread(target=tablet.send, args=(later,))
    looks: list[Figures] = []

    def looking_twice(session: Any, edition_id: str, today: date) -> Figures:
        looks.append(standing_of(session, edition_id, today))
        sending.start()
        sending.join(timeout=1)
        session.expire_all()
        looks.append(standing_of(session, edition_id, today))
        return looks[-1]

    app.extensions["fair_pos_standing"] = looking_twice
    assert client.post(f"{where}/take-in", data=fields).status_code == 302
    sending.join()
    assert looks[0] == looks[1]
    with app.app_context():
        assert [one.difference for one in late_gaps(fair) if one.key == ":receipts"] == [1], (
            "the later one is still to be taken in"
        )
