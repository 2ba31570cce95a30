"""A drawer at a tablet in tests: opened, sold from, counted and closed the way till/src/state/drawer.ts does it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from fair_pos.cash.tables import TillSession
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import transaction
from fair_pos.sales.tables import Oddity
from tests.builders import Tablet

Parcel = dict[str, Any]


def notes_for(dong: int) -> list[dict[str, int]]:
    """So much money in as few notes as can be; đồng."""
    notes = []
    for note in (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 1):
        count, dong = divmod(dong, note)
        if count:
            notes.append({"note_dong": note, "count": count})
    return notes


def paid(method: str, dong: int, tendered: int | None = None, **fields: Any) -> dict[str, Any]:
    """A part of a payment; in cash with what the buyer handed over."""
    handed = dong if tendered is None else tendered
    return {"method": method, "amount_dong": dong, "tendered_dong": handed, "change_dong": handed - dong, **fields}


@dataclass
class Drawer:
    """What a tablet remembers of its drawer between two commands, and what it has written."""

    tablet: Tablet
    session_id: str | None = None
    z_number: int = 0
    float_dong: int = 0
    cash_dong: int = 0
    card_dong: int = 0
    numbers: list[str] = field(default_factory=list)
    clock: datetime | None = None
    """When the next command is made, a minute after the one before; the time of the machine when it is None."""

    def open(self, float_dong: int, **changes: Any) -> Parcel:
        self.session_id, self.float_dong, self.numbers = new_id(), float_dong, []
        self.cash_dong, self.card_dong = float_dong, 0
        fields: dict[str, Any] = {"notes": notes_for(float_dong), "float_dong": float_dong}
        return self._command("till_opened", **(fields | changes))

    def sell(self, parts: Sequence[dict[str, Any]], *, refund_of: str | None = None, **changes: Any) -> Parcel:
        """A sale of one thing that costs what was paid, or a refund of it."""
        total, sign = sum(part["amount_dong"] for part in parts), 1 if refund_of is None else -1
        for part in parts:
            if part["method"] == "cash":
                self.cash_dong += sign * part["amount_dong"]
            elif part["method"] == "card":
                self.card_dong += sign * part["amount_dong"]
        goods = self.tablet.fair.goods[0]
        line = {
            "product_id": goods.product_id, "name": goods.name, "unit": goods.unit, "producer_id": goods.producer_id,
            "quantity": 1, "unit_price_dong": total, "amount_dong": total,
        }  # fmt: skip
        common = {"till_session_id": self.session_id} if self.session_id else {}
        fields = common | {"payments": list(parts), "total_dong": total} | changes
        parcel = self.tablet.sale([line], at=self._tick(), refund_of=refund_of, **fields)
        self.numbers.append(json.loads(parcel["text"])["receipt_number"])
        return parcel

    def move(self, direction: str, dong: int, reason: str = "Đổi tiền lẻ", **changes: Any) -> Parcel:
        self.cash_dong += dong if direction == "in" else -dong
        return self._command("cash_moved", direction=direction, amount_dong=dong, reason=reason, **changes)

    def close(self, counted: int | None = None, **changes: Any) -> Parcel:
        """Count so much, or just what should be there."""
        counted = self.cash_dong if counted is None else counted
        self.z_number += 1
        fields: dict[str, Any] = {
            "z_number": self.z_number,
            "notes": notes_for(counted),
            "counted_dong": counted,
            "expected_dong": self.cash_dong,
            "counted_card_dong": self.card_dong,
            "first_number": self.numbers[0] if self.numbers else "",
            "last_number": self.numbers[-1] if self.numbers else "",
            "sale_count": len(self.numbers),
        }
        parcel = self._command("till_closed", **(fields | changes))
        self.session_id = None
        return parcel

    def _command(self, kind: str, **fields: Any) -> Parcel:
        return self.tablet.command(kind, at=self._tick(), **({"till_session_id": self.session_id} | fields))

    def _tick(self) -> datetime | None:
        if self.clock is not None:
            self.clock += timedelta(minutes=1)
        return self.clock


def session_id_of(parcel: Parcel) -> str:
    """The till session a parcel names."""
    return str(json.loads(parcel["text"])["till_session_id"])


def oddities(app: Flask) -> set[tuple[str, str]]:
    """(command, code) of everything odd."""
    with app.app_context(), transaction() as session:
        return {(row.sale_id, row.code) for row in session.execute(select(Oddity.sale_id, Oddity.code))}


def codes(app: Flask, parcel: Parcel) -> set[str]:
    """What is odd about one command, but for prices, which these tests invent."""
    return {code for one, code in oddities(app) if one == parcel["id"]} - {"price_differs"}


def sessions(app: Flask) -> dict[str, tuple[str | None, str | None]]:
    """Till session → its opening and its closing."""
    with app.app_context(), transaction() as session:
        return {one.id: (one.opening_id, one.closing_id) for one in session.scalars(select(TillSession))}
