"""Receipts on a hundred entries and what a visitor spent: by hour, and nothing where a gate is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.conversion import Crowd, HourConversion, conversion_of, crowd_of, side_by_side, whole_hours
from fair_pos.reports.rules import Figure
from fair_pos.visitors.queries import HourEntries
from fair_pos.visitors.tables import Gate, GateHour
from tests.reports.golden import DAY, FIRST_DAY, local, make_golden


def hour_row(receipts: int, net: int, entries: int | None, missing: tuple[str, ...] = ()) -> HourConversion:
    return HourConversion(9, receipts, 0, net, entries, missing)


@pytest.mark.parametrize(
    ("row", "permille", "each"),
    [
        (hour_row(30, 9_000_000, 240), 125, 37_500),
        (hour_row(1, 10, 3), 333, 3),
        (hour_row(2, 10, 3), 667, 3),
        (hour_row(60, 6_000_000, 40), 1500, 150_000),
        (hour_row(0, 0, 100), 0, 0),
        (hour_row(0, -50_000, 100), 0, -500),
        (hour_row(30, 9_000_000, 240, ("Cổng B",)), None, None),
        (hour_row(30, 9_000_000, None, ("Cổng A", "Cổng B")), None, None),
        (hour_row(30, 9_000_000, 0), None, None),
        (hour_row(30, 9_000_000, -3), None, None),
    ],
)
def test_nothing_is_worked_out_where_a_gate_is_missing(
    row: HourConversion, permille: int | None, each: int | None
) -> None:
    assert (row.permille, row.dong_per_entry) == (permille, each)


def test_few_receipts_are_told_as_few() -> None:
    assert [hour_row(count, 0, 9).is_few for count in (0, 29, 30)] == [True, True, False]


def test_hours_with_sales_or_visitors_stand_side_by_side() -> None:
    hours = [
        Figure("8", ""),
        Figure("9", "", receipts=5, sold_dong=100),
        Figure("10", "", receipts=2, sold_dong=40),
        Figure("11", ""),
    ]
    counted = {9: HourEntries(10, ()), 11: HourEntries(7, ("B",))}
    rows = side_by_side(hours, counted, ("A", "B"))
    assert [(one.hour, one.receipts, one.entries, one.missing) for one in rows] == [
        (9, 5, 10, ()), (10, 2, None, ("A", "B")), (11, 0, 7, ("B",)),
    ]  # fmt: skip
    whole = whole_hours(rows)
    assert whole == HourConversion(None, 5, 0, 100, 10, ())
    assert whole.name == ""
    assert whole_hours(rows[1:]) is None


def add_gate(
    session: Any, edition_id: str, name: str, counted: dict[int, int], since: datetime, *, way: str = "both"
) -> None:
    gate = Gate(id=f"gate {name}", edition_id=edition_id, name=name, name_key=name, way=way, created_at=since)
    session.add(gate)
    session.flush()
    for hour, people in counted.items():
        session.add(
            GateHour(
                gate_id=gate.id,
                fair_day=DAY,
                hour=hour,
                source="tap",
                people_in=people,
                people_out=0,
                group_in=0,
                group_out=0,
            )
        )


def test_a_day_with_two_gates(app: Flask) -> None:
    golden = make_golden(app)
    edition, since = golden.fair.edition_id, local(1, 8) - timedelta(days=1)
    with app.app_context():
        assert conversion_of(reading(), edition, DAY) == []
        assert crowd_of(reading(), edition, DAY) is None
        with transaction() as session:
            add_gate(session, edition, "Cổng A", {8: 40, 10: 10, 11: 20, 12: 5}, since)
            add_gate(session, edition, "Cổng B", {8: 60, 10: 15}, since)
        rows = {one.hour: one for one in conversion_of(reading(), edition, DAY)}
        assert (rows[8].entries, rows[8].missing, rows[8].is_whole) == (100, (), True)
        assert rows[8].permille == 10 * rows[8].receipts > 0
        assert rows[8].dong_per_entry == (2 * rows[8].net_dong + 100) // 200
        assert (rows[11].entries, rows[11].missing, rows[11].permille) == (20, ("Cổng B",), None)
        # People came, nobody bought: a row all the same. Nobody counted at all: all gates are named.
        assert (rows[12].receipts, rows[12].entries) == (0, 5)
        assert (rows[19].entries, rows[19].missing) == (None, ("Cổng A", "Cổng B"))
        whole = whole_hours(rows.values())
        assert whole is not None
        assert (whole.entries, whole.net_dong) == (125, rows[8].net_dong + rows[10].net_dong)
        assert crowd_of(reading(), edition, DAY) == Crowd(150, None)
        assert list(rows) == sorted(rows, key=lambda hour: (hour - 4) % 24 if hour is not None else 0)
        assert conversion_of(reading(), edition, FIRST_DAY)[0].entries is None


def test_a_gate_that_lets_people_out_alone_is_missing_nowhere(app: Flask) -> None:
    golden = make_golden(app)
    edition, since = golden.fair.edition_id, local(1, 8) - timedelta(days=1)
    with app.app_context():
        with transaction() as session:
            add_gate(session, edition, "Lối ra", {}, since, way="exit")
        assert conversion_of(reading(), edition, DAY) == [], "nobody counts who comes"
        with transaction() as session:
            add_gate(session, edition, "Cổng A", {8: 40}, since)
        rows = {one.hour: one for one in conversion_of(reading(), edition, DAY)}
        assert (rows[8].missing, rows[8].is_whole) == ((), True)
        assert rows[19].missing == ("Cổng A",)


def test_more_than_planned() -> None:
    assert [Crowd(*one).is_more for one in ((151, 100), (150, 100), (10, None), (10, 0))] == [True, False, False, False]
