"""Commands go to the feature they are for; one that nobody reads is kept and said to be."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.journal.tables import Line
from fair_pos.plumbing.db import reading
from fair_pos.proof.queries import prove
from fair_pos.till.handlers import HANDLERS
from fair_pos.till.tables import Received
from tests.builders import Fair, Tablet, make_fair, pair_tablet


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_a_command_nobody_reads_yet_is_kept_and_said_to_be(
    app: Flask, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(HANDLERS, "cash_moved")
    moved = tablet.command("cash_moved", direction="out", amount_dong=20_000, reason="đá lạnh")
    assert [one.answer for one in tablet.send(moved)] == ["stored"]
    assert [one.answer for one in tablet.send(moved)] == ["already_have"]
    with app.app_context():
        lines = reading().scalars(select(Line).where(Line.verb == "command_kept")).all()
        assert [(one.subject_id, one.facts) for one in lines] == [(moved["id"], {"kind": "cash_moved"})]
        assert reading().scalars(select(Received.id)).all() == [moved["id"]]
        assert prove(reading()).others == {"cash_moved": 1}
