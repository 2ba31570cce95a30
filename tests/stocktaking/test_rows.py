"""What stands for a count without a command: its digest moves with everything that was counted."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from fair_pos.stocktaking.rows import digest_of, entered_line

AT = datetime(2026, 11, 24, 5, tzinfo=timezone.utc)
COUNT: dict[str, Any] = {
    "id": "c", "edition_id": "e", "place_id": "b", "place_kind": "booth", "fair_day": date(2026, 11, 24), "counted_at": AT,
    "received_at": AT, "note": "", "person_id": "p",
}  # fmt: skip
LINE: dict[str, Any] = {
    "line_no": 1, "product_id": "p", "lot_id": "", "name": "Mật ong", "unit": "chai", "quantity": 3, "counted_at": AT,
}  # fmt: skip


def test_every_value_is_in_the_digest() -> None:
    one = digest_of(COUNT, [LINE])
    for name in ("edition_id", "place_id", "place_kind", "fair_day", "counted_at", "note"):
        assert digest_of(COUNT | {name: "x"}, [LINE]) != one, name
    for name in LINE:
        assert digest_of(COUNT, [LINE | {name: "x"}]) != one, name
    assert entered_line(COUNT, [LINE])["facts"] == {"place": "b", "lines": 1, "digest": one}
