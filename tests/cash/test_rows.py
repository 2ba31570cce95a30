from __future__ import annotations

from typing import Any

import pytest

from fair_pos.cash.facts import ClosedFact, DrawerFact, MovedFact, OpenedFact
from fair_pos.cash.rows import TABLES, drawer_row, journal_of
from fair_pos.cash.rules import KnownOfDrawer, judge_drawer
from fair_pos.every_table import metadata
from tests.cash.test_rules import COMMON
from tests.sales.facts import PLACE

FACTS: list[tuple[DrawerFact, str, dict[str, Any]]] = [
    (OpenedFact(**COMMON, notes=((1_000, 5),), float_dong=5_000), "till_opened", {"float_dong": 5_000}),
    (
        MovedFact(**COMMON, direction="out", amount_dong=7, reason="x"),
        "cash_moved",
        {"direction": "out", "amount_dong": 7},
    ),
    (
        ClosedFact(**COMMON, z_number=3, notes=(), counted_dong=0, expected_dong=-5),
        "till_closed",
        {"z_number": 3, "counted_dong": 0, "expected_dong": -5},
    ),
]


@pytest.mark.parametrize(("fact", "verb", "facts"), FACTS)
def test_a_row_fills_every_column_of_its_table(fact: DrawerFact, verb: str, facts: dict[str, Any]) -> None:
    judged = judge_drawer(fact, PLACE, KnownOfDrawer({"seller"}))
    row = drawer_row(judged)
    assert set(row) == {column.name for column in metadata.tables[TABLES[type(fact)]].columns}
    assert row["device_id"] == PLACE.device_id
    assert row["received_at"] == PLACE.received_at
    line = journal_of(judged)
    assert line["verb"] == verb
    assert line["facts"] == facts


def test_notes_are_kept_as_pairs() -> None:
    judged = judge_drawer(FACTS[0][0], PLACE, KnownOfDrawer({"seller"}))
    assert drawer_row(judged)["notes"] == [[1_000, 5]]
