"""Who a producer's page is about, and whom else the person may look at."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_login import login_user

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.actions import grant_role
from fair_pos.people.login import SignedIn
from fair_pos.people.queries import get_person
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import reading, transaction
from fair_pos.portal.frame import frame_of
from tests.builders import make_fair


def test_whoever_keeps_the_books_of_two_makers_may_switch_between_them(app: Flask) -> None:
    fair = make_fair(app)
    first, second, _third = fair.producer_ids
    with app.app_context(), transaction() as session:
        person = get_person(session, fair.people["chuthe"])
        grant_role(session, person, Role.PRODUCER, Scope(producer_id=second), at=now(), by=None)
    with app.test_request_context("/"):
        login_user(SignedIn(get_person(reading(), fair.people["chuthe"]), "secret"))
        frame = frame_of(second)
        assert frame["producer"].id == second
        assert [one.id for one in frame["switch"]] == [first, second]
        with pytest.raises(NotFound):
            frame_of("nobody")
