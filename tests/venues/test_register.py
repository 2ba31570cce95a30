"""A register of booths as a file: read whole or not at all, taken in once, told before it happens."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from fair_pos.catalogue.booths import import_booths
from fair_pos.catalogue.pages import producer_choices
from fair_pos.catalogue.queries import current_version
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.plumbing.sheets import write_csv, write_xlsx
from fair_pos.till.price_list import price_list_of
from fair_pos.venues import refusals
from fair_pos.venues.actions import create_booth, freeze_edition
from fair_pos.venues.forms import Choice
from fair_pos.venues.queries import booths_of, occupants_in
from fair_pos.venues.register import (
    BoothRow,
    Parsed,
    Plan,
    Producers,
    find_columns,
    parse_register,
    plan_register,
    read_register,
    register_rows,
    save_register,
)
from tests.builders import Fair, make_fair

HEADINGS = ["Mã gian", "Tên gian hàng", "Khu", "Chủ thể"]
TWO = Producers([Choice("p1", "HTX Bình Minh", "Mường Tè, Lai Châu"), Choice("p2", "Công ty Hòa", "Sa Pa, Lào Cai")])
ALIKE = Producers(
    [Choice("p1", "HTX Bình Minh", "Mường Tè, Lai Châu"), Choice("p2", "HTX Bình Minh", "Sa Pa, Lào Cai")]
)
ZONES = ("Khu A", "Khu B", "Khu Ẩm thực", "Khu Làng nghề", "Khu Quốc tế")


def parsed(rows: list[list[Any]], producers: Producers = TWO, headings: list[str] = HEADINGS) -> Parsed:
    return parse_register(read_register(write_csv(headings, rows), "gian.csv"), producers)


def wrong(rows: list[list[Any]], producers: Producers = TWO) -> list[tuple[int, str]]:
    return [(one.number, one.code) for one in parsed(rows, producers).errors]


# --- reading ----------------------------------------------------------------------------------------------------------


def test_columns_are_found_by_their_headings() -> None:
    assert find_columns(HEADINGS) == {"code": 0, "name": 1, "zone": 2, "producers": 3}
    assert find_columns(["Khu vực", "TÊN GIAN", "Mã gian hàng (*)", "Đơn vị tham gia", "Ghi chú"]) == {
        "zone": 0, "name": 1, "code": 2, "producers": 3,
    }  # fmt: skip


def test_a_row_names_a_booth_its_zone_and_its_producers() -> None:
    found = parsed(
        [[" a 01", "Đặc  sản", "Khu A", "htx bình minh; Công ty Hoà; HTX Bình Minh"], ["101", "Gian 101", "", ""]]
    )
    assert found.errors == []
    assert found.rows == [
        BoothRow(2, "A01", "Đặc sản", "Khu A", ("p1", "p2")),
        BoothRow(3, "101", "Gian 101", "", None),
    ]


def test_one_zone_spelled_two_ways_is_one_zone() -> None:
    rows = parsed([["A1", "Gian", "Khu Ẩm thực", ""], ["A2", "Gian", "KHU ẨM  THỰC", ""]]).rows
    assert {one.zone for one in rows} == {"Khu Ẩm thực"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["", "Gian", "", ""]], [(2, "cell_missing")]),
        ([["A1", "", "", ""]], [(2, "cell_missing")]),
        ([["A1 <b>", "Gian", "", ""]], [(2, "booth_code_wrong")]),
        ([["A" * 21, "Gian", "", ""]], [(2, "booth_code_wrong")]),
        ([["A1", "x" * 301, "", ""]], [(2, "cell_too_long")]),
        ([["A1", "Gian", "x" * 101, ""]], [(2, "cell_too_long")]),
        ([["a01", "Gian", "", ""], ["B1", "Gian", "", ""], ["A 01", "Gian", "", ""]], [(4, "booth_repeated")]),
        ([["A1", "Gian", "", "HTX Không Có"]], [(2, "producer_not_listed")]),
        ([["=1+1", "=1+1", "", ""]], [(2, "booth_code_wrong")]),
        ([["", "", "x" * 101, "Ai đó"]], [(2, "cell_missing"), (2, "cell_missing"), (2, "cell_too_long"), (2, "producer_not_listed")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_row(rows: list[list[Any]], expected: list[tuple[int, str]]) -> None:
    assert wrong(rows) == expected


def test_a_formula_is_text() -> None:
    (row,) = parsed([["A1", "=HYPERLINK(1)", "+Khu", ""]]).rows
    assert (row.name, row.zone) == ("=HYPERLINK(1)", "+Khu")


def test_of_two_producers_called_alike_the_place_must_be_said() -> None:
    assert wrong([["A1", "Gian", "", "HTX Bình Minh"]], ALIKE) == [(2, "producer_ambiguous")]
    (row,) = parsed([["A1", "Gian", "", "HTX Bình Minh (Sa Pa, Lào Cai)"]], ALIKE).rows
    assert row.producer_ids == ("p2",)
    assert ALIKE.written("p2") == "HTX Bình Minh (Sa Pa, Lào Cai)"
    assert (TWO.written("p2"), TWO.written("nobody")) == ("Công ty Hòa", "")


def test_what_is_no_register_is_refused() -> None:
    with pytest.raises(refusals.BoothColumnsMissing) as told:
        read_register(write_csv(["Tên gian hàng", "Khu"], [["Gian", "A"]]), "x.csv")
    assert told.value.facts == {"columns": "Mã gian"}
    for data in (write_csv(HEADINGS, []), b""):
        with pytest.raises(refusals.BoothFileEmpty):
            read_register(data, "x.csv")
    with pytest.raises(refusals.TooManyBooths):
        read_register(write_csv(HEADINGS, [[f"A{number}", "Gian", "", ""] for number in range(3_001)]), "x.csv")


# --- taking it in -----------------------------------------------------------------------------------------------------


def many(fair: Fair, count: int = 224) -> list[list[Any]]:
    """A register of a whole fair: five zones, every third booth with two producers."""
    return [
        [
            f"{'ABCDE'[number % 5]}{number // 5 + 1:02}",
            f"Gian {number}",
            ZONES[number % 5],
            "; ".join(owners(fair, number)),
        ]
        for number in range(count)
    ]


def owners(fair: Fair, number: int) -> list[str]:
    names = [f"Hợp tác xã Số {one + 1} Hội chợ thử" for one in range(len(fair.producer_ids))]
    return [names[number % 3], names[(number + 1) % 3]] if number % 3 == 0 else [names[number % 3]]


def bring(app: Flask, fair: Fair, data: bytes) -> Plan:
    with app.app_context():
        found = parse_register(read_register(data, ""), Producers(producer_choices(reading())))
        assert found.errors == []
        return in_transaction(
            lambda session: import_booths(session, fair.edition_id, found.rows, at=now(), by=fair.people["bantochuc"])
        )


def state(app: Flask, fair: Fair) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    with app.app_context():
        there = occupants_in(reading(), fair.edition_id)
        return {
            one.code: (one.name, one.zone, tuple(sorted(there.get(one.id, []))))
            for one in booths_of(reading(), fair.edition_id)
        }


@pytest.mark.parametrize("write", [write_csv, lambda *given: write_xlsx("Gian", *given)], ids=["csv", "xlsx"])
def test_224_booths_in_five_zones_come_in_at_once_and_again_change_nothing(app: Flask, write: Any) -> None:
    fair = make_fair(app, booths=1)
    data = write(HEADINGS, many(fair))
    began = time.monotonic()
    plan = bring(app, fair, data)
    assert time.monotonic() - began < 3
    assert (plan.count("new"), plan.count("changed"), plan.count("same"), plan.untouched) == (223, 1, 0, 0)
    there = state(app, fair)
    assert len(there) == 224
    assert Counter(zone for _, zone, _ in there.values()) == dict(zip(ZONES, (45, 45, 45, 45, 44), strict=True))
    with app.app_context():
        version = current_version(reading())
    again = bring(app, fair, data)
    assert (again.count("same"), again.changes_anything) == (224, False)
    assert state(app, fair) == there
    with app.app_context():
        assert current_version(reading()) == version
        assert [one.verb for one in lines_about(reading(), "edition", fair.edition_id)] == ["booths_imported"]


def test_a_booth_that_is_there_changes_as_the_file_says_and_its_tablets_hear_of_it(app: Flask) -> None:
    fair = make_fair(app, booths=2)
    before = state(app, fair)
    rows = [["A01", "Gian mới", "Khu A", "Hợp tác xã Số 2 Hội chợ thử"], ["A02", "Gian 2", "", ""]]
    with app.app_context():
        found = parse_register(read_register(write_csv(HEADINGS, rows), ""), Producers(producer_choices(reading())))
        (first, second) = plan_register(reading(), fair.edition_id, found.rows).changes
        version = current_version(reading())
    gone = tuple(sorted({fair.producer_ids[0], fair.producer_ids[2]}))
    assert (first.outcome, first.old_name, first.old_zone, first.came, first.went) == (
        "changed",
        "Gian 1",
        "A",
        (),
        gone,
    )
    assert second.outcome == "same", "an empty cell leaves what is known"
    assert state(app, fair) == before, "looking changes nothing"
    bring(app, fair, write_csv(HEADINGS, rows))
    assert state(app, fair) == before | {"A01": ("Gian mới", "Khu A", (fair.producer_ids[1],))}
    with app.app_context():
        assert current_version(reading()) == version + 1
        listed = price_list_of(reading(), fair.booth_ids[0], today=fair_day(now(), 240), at=now(), receipt_base_url="")
        assert {one.producer_id for one in listed.products} == {fair.producer_ids[1]}
        verbs = [one.verb for one in lines_about(reading(), "booth", fair.booth_ids[0])]
        assert verbs == ["booth_changed", "occupants_set"]


def test_a_zone_is_spelled_as_the_booths_spell_it_that_the_file_does_not_name(app: Flask) -> None:
    fair = make_fair(app)  # A01 and A02 in zone «A»
    one, both = BoothRow(2, "A01", "Gian 1", "a", None), BoothRow(3, "A02", "Gian 2", "a", None)
    new = BoothRow(4, "A03", "Gian 3", "a", ())
    with app.app_context():
        first = plan_register(reading(), fair.edition_id, [one, new])
        assert [(change.outcome, change.zone) for change in first.changes] == [("same", "A"), ("new", "A")]
        again = plan_register(reading(), fair.edition_id, [one, both, new])
        assert [(change.outcome, change.zone) for change in again.changes] == [
            ("changed", "a"), ("changed", "a"), ("new", "a"),
        ]  # fmt: skip
        with transaction() as session:
            save_register(session, fair.edition_id, [one, new], at=now(), by=None)
        assert {one.zone for one in booths_of(reading(), fair.edition_id)} == {"A"}


def test_what_is_there_comes_out_as_a_file_that_changes_nothing(app: Flask) -> None:
    fair = make_fair(app)
    bring(app, fair, write_csv(HEADINGS, many(fair)))
    with app.app_context():
        rows = register_rows(reading(), fair.edition_id, Producers(producer_choices(reading())))
    assert len(rows) == 224
    assert not bring(app, fair, write_xlsx("Gian", HEADINGS, rows)).changes_anything


def test_two_imports_at_once_leave_each_booth_once(app: Flask) -> None:
    fair = make_fair(app, booths=1)
    data = write_csv(HEADINGS, many(fair, 60))
    with ThreadPoolExecutor(4) as threads:
        plans = list(threads.map(lambda _: bring(app, fair, data), range(4)))
    assert sorted(plan.count("new") for plan in plans) == [0, 0, 0, 59]
    assert len(state(app, fair)) == 60


def test_a_booth_opened_by_hand_meanwhile_is_no_fault(app: Flask) -> None:
    fair = make_fair(app, booths=1)
    data = write_csv(HEADINGS, many(fair, 40))

    def by_hand(number: int) -> None:
        with app.app_context(), transaction() as session:
            create_booth(session, fair.edition_id, code=f"B{number:02}", name="Bằng tay", at=now(), by=None)

    with ThreadPoolExecutor(4) as threads:
        hands = [threads.submit(by_hand, number) for number in range(1, 9)]
        plan = threads.submit(bring, app, fair, data).result()
    refused = [one.exception() for one in hands if one.exception() is not None]
    assert all(isinstance(one, refusals.BoothCodeTaken) for one in refused), refused
    assert len(state(app, fair)) == 40
    assert plan.count("new") + plan.count("changed") + plan.count("same") == 40


def test_a_frozen_edition_takes_no_register(app: Flask) -> None:
    fair = make_fair(app)
    before = state(app, fair)
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=None)
    with pytest.raises(refusals.EditionFrozen):
        bring(app, fair, write_csv(HEADINGS, many(fair)))
    assert state(app, fair) == before
