"""One table says who checks which kind of command, and forgets none."""

from __future__ import annotations

from typing import get_args

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import db
from fair_pos.proof.kinds import Kept, checkers
from fair_pos.till.commands import KINDS
from fair_pos.till.handlers import HANDLERS
from tests.builders import make_fair, pair_tablet
from tests.proof.saying import invent, lines_about, said, said_now


def test_every_kind_that_a_feature_reads_is_checked() -> None:
    """A handler without a checker would write rows that nobody ever compares."""
    assert set(checkers()) == {*HANDLERS, ""}
    assert set(HANDLERS) <= {get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS}


def test_each_proof_adds_up_anew() -> None:
    first, second = checkers(), checkers()
    assert all(first[kind] is not second[kind] for kind in first)
    assert isinstance(first[""], Kept)


def test_a_command_nobody_reads_has_its_line_and_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(HANDLERS, "cash_moved")
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    moved = tablet.command("cash_moved", direction="out", amount_dong=20_000, reason="đá lạnh")
    tablet.send(tablet.sale([(fair.goods[0], 1)], total_dong=1), moved)
    assert said_now(app) == ""
    with app.app_context(), Session(db.engine) as session:
        session.execute(delete(Line).where(Line.verb == "command_kept"))
        assert said(session) == "journal line: number of lines «command_kept»"
        session.rollback()
        (line,) = lines_about(session, "command_kept")
        line.facts = {"kind": "till_opened"}
        assert said(session) == "journal line: facts"
        session.rollback()
        (line,) = lines_about(session, "command_kept")
        columns = {column.name: getattr(line, column.name) for column in Line.__table__.columns}
        session.add(Line(**columns | {"seq": 10**6, "subject_id": new_id()}))
        assert said(session) == "journal line: number of lines"
        session.rollback()
        invent(session, moved["id"], "total_differs", {})
        assert said(session) == "oddity: total_differs"
