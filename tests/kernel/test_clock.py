"""The present."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from fair_pos.kernel.clock import now


def test_now_is_an_instant_in_utc_as_it_travels() -> None:
    before = datetime.now(timezone.utc)
    instant = now()
    assert instant.utcoffset() == timedelta(0)
    assert instant.microsecond % 1000 == 0
    assert before - timedelta(milliseconds=1) <= instant <= datetime.now(timezone.utc)


def test_now_survives_the_wire() -> None:
    instant = now()
    assert datetime.fromisoformat(instant.isoformat(timespec="milliseconds")) == instant
