"""Writing the journal: lines are added and stay."""

from __future__ import annotations

import ast
from datetime import datetime, timezone

import pytest
from flask import Flask

from fair_pos.journal.actions import line, write_line, write_lines
from fair_pos.journal.queries import lines_about
from fair_pos.plumbing.db import reading, transaction
from tests.house.repository import called_name, our_python

AT = datetime(2026, 11, 24, 13, 5, 1, 123_000, tzinfo=timezone.utc)


def test_a_line_keeps_who_did_what_to_which_thing(app: Flask) -> None:
    facts = {"number": "A-261124-001", "total_dong": 10**13, "tên": "Vừ A Sính", "no": None}
    with app.app_context(), transaction() as session:
        write_line(
            session, at=AT, verb="sale_recorded", subject=("sale", "s1"), facts=facts, person_id="p", device_id="d"
        )
    with app.app_context():
        (kept,) = lines_about(reading(), "sale", "s1")
        assert (kept.at, kept.verb, kept.person_id, kept.device_id) == (AT, "sale_recorded", "p", "d")
        assert kept.facts == facts


def test_many_lines_are_written_in_their_order(app: Flask) -> None:
    lines = [line(at=AT, verb=f"v{number}", subject=("sale", "s1"), facts={}) for number in range(30)]
    with app.app_context(), transaction() as session:
        write_lines(session, lines)
        write_lines(session, [])
    with app.app_context():
        assert [kept.verb for kept in lines_about(reading(), "sale", "s1")] == [f"v{number}" for number in range(30)]


def test_a_line_of_what_failed_is_not_kept(app: Flask) -> None:
    def fail() -> None:
        with transaction() as session:
            write_line(session, at=AT, verb="x", subject=("sale", "s1"), facts={})
            raise RuntimeError

    with app.app_context():
        with pytest.raises(RuntimeError):
            fail()
        assert lines_about(reading(), "sale", "s1") == []


def test_a_line_is_a_copy_of_its_facts() -> None:
    facts = {"total_dong": 1}
    made = line(at=AT, verb="x", subject=("sale", "s1"), facts=facts)
    facts["total_dong"] = 2
    assert made["facts"] == {"total_dong": 1}


def test_nothing_in_our_code_changes_or_removes_a_line() -> None:
    """The journal has one module that writes, and that one only inserts."""
    writers = [(path, tree) for path, tree in our_python() if path == "fair_pos/journal/actions.py"]
    ((_, tree),) = writers
    called = {called_name(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert "insert" in called
    assert not called & {"update", "delete", "merge", "text"}
