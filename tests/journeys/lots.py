"""Lots that lie at a booth, as an intake note would have put them there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask

from fair_pos.catalogue.actions import bump_version
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import transaction
from fair_pos.stock.actions import create_lot, record_movements
from fair_pos.stock.facts import Moved
from tests.builders import BOUNDARY, Fair, Goods


@dataclass(frozen=True)
class Lying:
    """One lot: the day it is good until, counted from today, and how much of it lies there."""

    code: str
    days: int | None
    quantity: int


def day_in(days: int) -> date:
    return fair_day(now(), BOUNDARY) + timedelta(days=days)


def lay_down(app: Flask, fair: Fair, goods: Goods, *lots: Lying) -> dict[str, str]:
    """These lots of the goods come to the first booth; their ids by code."""
    at, note = now() - timedelta(hours=1), new_id()
    made: dict[str, str] = {}
    with app.app_context(), transaction() as session:
        moved: list[Moved] = []
        for at_line, one in enumerate(lots, start=1):
            made[one.code] = create_lot(
                session,
                product_id=goods.product_id,
                owner_id=goods.producer_id,
                code=one.code,
                expires_day=None if one.days is None else day_in(one.days),
                received_day=day_in(-30),
                note_id=note,
                at=at,
            )
            moved.append(
                Moved(
                    fair.booth_ids[0],
                    "booth",
                    goods.product_id,
                    goods.producer_id,
                    "intake",
                    one.quantity,
                    note,
                    at_line,
                    at,
                    made[one.code],
                )
            )
        record_movements(session, moved, at)
        bump_version(session, "intake", at)
    return made
