"""Reading the journal."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from flask import Flask

from fair_pos.journal.actions import line, write_lines
from fair_pos.journal.queries import lines_about
from fair_pos.plumbing.db import reading, transaction

AT = datetime(2026, 11, 24, tzinfo=timezone.utc)


def test_history_is_that_of_one_thing_in_the_order_written(app: Flask) -> None:
    written = [("sale", "s1", "a"), ("sale", "s2", "b"), ("person", "s1", "c"), ("sale", "s1", "d")]
    with app.app_context(), transaction() as session:
        write_lines(
            session,
            [
                # A later line may tell of an earlier hour: a tablet that was offline.
                line(at=AT - timedelta(hours=number), verb=verb, subject=(kind, subject_id), facts={})
                for number, (kind, subject_id, verb) in enumerate(written)
            ],
        )
    with app.app_context():
        assert [kept.verb for kept in lines_about(reading(), "sale", "s1")] == ["a", "d"]
        assert [kept.verb for kept in lines_about(reading(), "person", "s1")] == ["c"]
        assert lines_about(reading(), "sale", "s3") == []
