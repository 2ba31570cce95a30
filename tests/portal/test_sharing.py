"""A shared day in the database: frozen when made, gone once taken back or after thirty days, and nobody else's to end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.portal.sharing import GOOD_FOR, Shown, frozen, get_link, links_of, share, take_back, thawed
from tests.builders import Fair, make_fair

SHOWN = Shown("HTX «Mường So»", "Lai Châu", "24/11/2026", [("Món đã bán", "3"), ("Nơi bán", "1")])


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def made(app: Flask, fair: Fair, shown: Shown = SHOWN) -> str:
    with app.app_context(), transaction() as session:
        return share(session, fair.producer_ids[0], shown, b"picture", at=now(), by=fair.people["chuthe"])


def test_what_was_frozen_comes_back_as_it_was() -> None:
    assert thawed(frozen(SHOWN)) == SHOWN
    assert frozen(SHOWN) == frozen(thawed(frozen(SHOWN)))


def test_a_link_shows_its_day_until_thirty_days_are_over(app: Flask, fair: Fair) -> None:
    token, at = made(app, fair), now()
    with app.app_context():
        link, picture = get_link(reading(), token, at)
        assert (link.shown, picture) == (SHOWN, b"picture")
        assert get_link(reading(), token, at + GOOD_FOR - timedelta(minutes=1))[0].token == token
        for wrong, moment in ((token, at + GOOD_FOR + timedelta(seconds=1)), ("x" * 22, at)):
            with pytest.raises(NotFound):
                get_link(reading(), wrong, moment)


def test_the_newest_link_stands_first_and_one_taken_back_stands_nowhere(app: Flask, fair: Fair) -> None:
    first, second = made(app, fair), made(app, fair)
    producer, by = fair.producer_ids[0], fair.people["chuthe"]
    with app.app_context():
        links = links_of(reading(), producer, now())
        assert [one.token for one in links] == [second, first]
        assert links_of(reading(), fair.producer_ids[1], now()) == []
    with app.app_context(), transaction() as session, pytest.raises(NotFound):
        take_back(session, fair.producer_ids[1], links[0].id, at=now(), by=by)
    for _ in range(2):
        with app.app_context(), transaction() as session:
            take_back(session, producer, links[0].id, at=now(), by=by)
    with app.app_context():
        assert [one.token for one in links_of(reading(), producer, now())] == [first]
        with pytest.raises(NotFound):
            get_link(reading(), second, now())
        told = reading().scalars(select(Line.verb).where(Line.subject_id == links[0].id).order_by(Line.seq)).all()
        assert list(told) == ["day_shared", "sharing_ended"]
