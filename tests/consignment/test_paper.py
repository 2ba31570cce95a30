"""Papers of every kind: Vietnamese whoever asks, the same bytes each time."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from flask import Flask
from flask_babel import force_locale

from fair_pos.consignment.note import (
    Head,
    Line,
    ReceiptHead,
    ReceivedLine,
    Side,
    frozen,
    note_content,
    receipt_content,
)
from fair_pos.consignment.paper import print_note
from tests.consignment.notes import PATH

AT, DAY = datetime(2026, 11, 24, 3, 5, tzinfo=timezone.utc), date(2026, 11, 24)
HERE, THERE = Side("A01", "Gian 1"), Side("B02", "Gian 2", "Hội chợ khác")
LINE = Line(
    1,
    "p",
    "o",
    "HTX Mường Tè",
    "l",
    "Mật ong",
    "chai",
    False,
    12,
    220_000,
    "L1",
    date(2027, 1, 1),
    "chủ hàng 80%",
    "damaged",
    "house",
)


def content(kind: str) -> str:
    if kind == "receipt":
        head = ReceiptHead("PX-0001", "Hội chợ", True, DAY, AT, "Vừ A", THERE, HERE, "", "Mỷ", PATH, False)
        return frozen(receipt_content(head, [ReceivedLine(1, "Mật ong", "chai", False, "HTX", "L1", None, 10, 8)]))
    source, target = (None if kind == "intake" else HERE), (HERE if kind == "intake" else THERE)
    full = Head(
        kind, "PN-0001", "Hội chợ", "Hà Nội", True, DAY, AT, "Vừ A", "HTX Mường Tè", "Lai Châu", source, target, "Ghi", "PN-0009", "Mỷ",
        PATH, False,
    )  # fmt: skip
    return frozen(note_content(full, [LINE]))


@pytest.mark.parametrize("kind", ["intake", "return", "transfer", "write_off", "receipt"])
def test_the_same_content_is_the_same_paper(app: Flask, kind: str) -> None:
    with app.test_request_context():
        first = print_note(content(kind))
        with force_locale("en"):
            assert print_note(content(kind)) == first
    assert first.startswith(b"%PDF-")
