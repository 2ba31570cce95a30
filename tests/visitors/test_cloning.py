"""Gates of the last edition stand at the next one: open ones, without phones, and the place holds as many people."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.visitors.actions import close_gate, set_crowd_rule
from fair_pos.visitors.cloning import copy_gates
from fair_pos.visitors.queries import crowd_rule, gate_devices_of, gates_of
from fair_pos.visitors.refusals import GateNameTaken
from tests.builders import Fair, make_fair
from tests.visitors.phones import make_gates, pair_phone, sums


@pytest.fixture
def fairs(app: Flask) -> tuple[Fair, Fair]:
    return make_fair(app), make_fair(app, name="Kỳ sau")


def copy(app: Flask, old: Fair, new: Fair) -> int:
    with app.app_context(), transaction() as session:
        return copy_gates(session, old.edition_id, new.edition_id, at=now(), by=old.people["quantri"])


def test_open_gates_come_without_phones_and_counts(app: Flask, fairs: tuple[Fair, Fair]) -> None:
    old, new = fairs
    main, side = make_gates(app, old, 2, "entrance")
    phone = pair_phone(app, old, main)
    phone.send(phone.tap())
    with app.app_context(), transaction() as session:
        close_gate(session, side, at=now(), by=old.people["quantri"])
        set_crowd_rule(session, old.edition_id, 5000, 20, at=now(), by=old.people["quantri"])
    before = sums(app)
    assert copy(app, old, new) == 1
    with app.app_context():
        assert [(one.name, one.way, one.closed_at) for one in gates_of(reading(), new.edition_id)] == [
            ("Cổng chính", "entrance", None)
        ]
        assert gate_devices_of(reading(), new.edition_id) == []
        assert crowd_rule(reading(), new.edition_id) == (5000, None)
        assert len(gates_of(reading(), old.edition_id)) == 2
    assert sums(app) == before
    with pytest.raises(GateNameTaken):
        copy(app, old, new)


def test_without_gates_and_limit_there_is_nothing_to_copy(app: Flask, fairs: tuple[Fair, Fair]) -> None:
    old, new = fairs
    assert copy(app, old, new) == 0
    with app.app_context():
        assert crowd_rule(reading(), new.edition_id) == (None, None)
