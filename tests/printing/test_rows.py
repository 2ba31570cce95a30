"""The row and the journal's line of a copy, computed from the command alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from fair_pos.printing.rows import copy_line, copy_row
from fair_pos.printing.rules import CopyFact
from fair_pos.printing.tables import ReceiptCopy
from fair_pos.sales.facts import Place
from fair_pos.sales.rules import settle

AT = datetime(2026, 11, 24, 7, 15, tzinfo=timezone.utc)
FACT = CopyFact(
    id="c1",
    device_seq=7,
    booth_id="b1",
    person_id="p1",
    device_at=AT,
    clock_offset_ms=2000,
    fair_day="2026-11-24",
    hash="00",
    till_session_id="t1",
    sale_id="s1",
    copy_no=2,
)
PLACE = Place(
    edition_id="e1",
    booth_id="b1",
    device_id="d1",
    day_boundary_minutes=240,
    paired_at=AT - timedelta(days=3),
    revoked_at=None,
    sample=False,
    received_at=AT + timedelta(minutes=1),
    first_day=date(2026, 11, 22),
    last_day=date(2026, 11, 26),
)


def test_a_copy_is_written_with_the_corrected_time_and_where_the_device_stands() -> None:
    row = copy_row(FACT, PLACE, settle(FACT, PLACE, {"p1"}))
    assert row == {
        "id": "c1",
        "sale_id": "s1",
        "copy_no": 2,
        "edition_id": "e1",
        "booth_id": "b1",
        "device_id": "d1",
        "person_id": "p1",
        "copied_at": AT + timedelta(seconds=2),
        "received_at": PLACE.received_at,
        "till_session_id": "t1",
    }
    assert row.keys() == {column.name for column in ReceiptCopy.__table__.columns}, "verify compares every column"


def test_the_journal_says_who_printed_which_copy() -> None:
    written = copy_line(FACT, PLACE)
    assert (written["verb"], written["subject_kind"], written["subject_id"]) == ("receipt_copied", "sale", "s1")
    assert (written["person_id"], written["device_id"], written["facts"]) == ("p1", "d1", {"copy_no": 2})
