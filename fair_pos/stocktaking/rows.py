"""How a count is written down; `verify` makes the same rows again from the command. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from fair_pos.journal.actions import line as journal_line
from fair_pos.stocktaking.rules import JudgedCount


def count_row(judged: JudgedCount) -> dict[str, Any]:
    """The row of table `stock_count`, without its approval."""
    fact, place = judged.fact, judged.place
    return {
        "id": fact.id,
        "edition_id": place.edition_id,
        "place_id": place.booth_id,
        "place_kind": "booth",
        "device_id": place.device_id,
        "person_id": fact.person_id,
        "fair_day": judged.settled.fair_day,
        "counted_at": judged.settled.at,
        "received_at": place.received_at,
        "note": fact.note,
    }


def line_rows(judged: JudgedCount) -> list[dict[str, Any]]:
    """The rows of table `stock_count_line`."""
    return [
        {"count_id": judged.fact.id, "line_no": number, **vars(line)} for number, line in enumerate(judged.lines, 1)
    ]


def count_line(judged: JudgedCount) -> dict[str, Any]:
    """The journal's line about a tablet's count."""
    return journal_line(
        at=judged.place.received_at,
        verb="stock_counted",
        subject=("count", judged.fact.id),
        facts={"place": judged.place.booth_id, "lines": len(judged.lines)},
        person_id=judged.fact.person_id,
        device_id=judged.place.device_id,
    )


def entered_line(count: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The journal's line about a count that was entered at a page: no command stands for it, so it carries its digest."""
    rows = list(lines)
    return journal_line(
        at=count["received_at"],
        verb="stock_count_entered",
        subject=("count", count["id"]),
        facts={"place": count["place_id"], "lines": len(rows), "digest": digest_of(count, rows)},
        person_id=count["person_id"],
    )


def digest_of(count: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over what was counted where and when."""
    said = [[str(count[name]) for name in ("edition_id", "place_id", "place_kind", "fair_day", "counted_at", "note")]]
    columns = ("line_no", "product_id", "lot_id", "name", "unit", "quantity", "counted_at")
    said += [[str(row[name]) for name in columns] for row in lines]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def booked_line(adjustment: Mapping[str, Any]) -> dict[str, Any]:
    """The journal's line about a variance that was booked."""
    facts = ("count_id", "line_no", "booking_no", "quantity", "price_dong", "borne_by", "reason")
    return journal_line(
        at=adjustment["booked_at"],
        verb="count_booked",
        subject=("count_adjustment", adjustment["id"]),
        facts={name: adjustment[name] for name in facts},
        person_id=adjustment["booked_by"],
    )


def approved_line(count_id: str, bookings: int, *, at: datetime, by: str) -> dict[str, Any]:
    """The journal's line about a count that was approved, with or without differences."""
    return journal_line(
        at=at, verb="count_approved", subject=("count", count_id), facts={"bookings": bookings}, person_id=by
    )
