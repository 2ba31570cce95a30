"""Tables whose rows are goods: each adds up to the total with the rounding, in its order, with names that a person knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.day_tables import days_table, table_of, tables_of
from fair_pos.reports.export import table_cells
from fair_pos.reports.goods import Maker, goods_of
from fair_pos.reports.goods_tables import (
    by_group,
    by_producer,
    by_star,
    goods_tables,
    group_names,
    kind_names,
    place_names,
    rest_keys,
    star_names,
)
from fair_pos.reports.rules import together
from tests.reports.golden import DAY, FIRST_DAY, Golden
from tests.reports.starred import add_place, goods_by_sql, make_starred, settle

NAMES = ("groups", "stars", "products", "producers", "entities", "localities", "districts", "communes")


@pytest.fixture
def golden(app: Flask) -> Iterator[Golden]:
    made = make_starred(app)
    with app.test_request_context():
        yield made


@pytest.mark.parametrize("day", [None, FIRST_DAY, DAY])
def test_every_table_of_goods_adds_up_to_the_total(golden: Golden, day: date | None) -> None:
    edition = golden.fair.edition_id
    tables = {table.name: table for table in tables_of(edition, day)}
    assert set(NAMES) <= set(tables)
    total = together(tables["hours"].figures)
    for name in NAMES:
        table = tables[name]
        figure = together([*table.figures, *([table.rest] if table.rest else [])])
        assert (figure.sold_dong, figure.refunded_dong) == (total.sold_dong, total.refunded_dong), name
        assert table_of(edition, day, name) == table
    pieces = {(together(tables[name].figures).net_quantity, together(tables[name].figures).net_grams) for name in NAMES}
    assert len(pieces) == 1
    split = ("cash_dong", "confirmed_dong", "claimed_dong", "card_dong")
    makers = together(tables["producers"].figures)
    for name in ("entities", "localities", "districts", "communes"):
        assert all(getattr(together(tables[name].figures), one) == getattr(makers, one) for one in split), name


def test_one_table_alone_is_the_same_table(golden: Golden) -> None:
    total = together(days_table(golden.fair.edition_id).figures)
    every = {table.name: table for table in goods_tables(golden.fair.edition_id, None, total)}
    for name in NAMES:
        assert goods_tables(golden.fair.edition_id, None, total, name) == [every[name]]
    assert goods_tables(golden.fair.edition_id, None, total, "secrets") == []


def test_groups_stars_and_kinds_by_name(golden: Golden) -> None:
    edition = golden.fair.edition_id
    goods = goods_of(reading(), edition, DAY)
    groups = {one.name: (one.sold_dong, one.refunded_dong) for one in by_group(goods)}
    plain = goods_by_sql("group", edition, DAY)
    assert groups == {group_names()[key]: numbers for key, numbers in plain.items()}
    assert by_group(goods)[-1].name == "Không rõ (không có trong danh mục)"
    assert [one.name for one in by_star(goods)] == [
        "5 sao",
        "3 sao",
        "Không có sao",
        "Không rõ (không có trong danh mục)",
    ]
    assert [one.name for one in by_star(goods_of(reading(), edition, None))][:3] == ["5 sao", "4 sao", "3 sao"]
    assert star_names()["ocop"] == "hàng OCOP từ 3 sao"
    assert kind_names()["unknown"] == "Không rõ chủ thể"
    assert by_producer(goods, {})[0].name == "Không rõ chủ thể"


def test_places_have_names_and_the_unknown_stands_last(golden: Golden) -> None:
    edition = golden.fair.edition_id
    tables = {name: table_of(edition, None, name) for name in ("localities", "districts", "communes")}
    names = {name: [one.name for one in table.figures] for name, table in tables.items() if table}
    assert set(names["localities"][:-1]) == {"Lai Châu", "Thái Lan"}
    assert set(names["districts"][:-1]) == {"Huyện Mường Tè", "Thái Lan"}
    assert set(names["communes"][:-1]) == {"Xã Bum Tở", "Thái Lan"}
    assert {some[-1] for some in names.values()} == {"Không rõ nơi"}


def test_two_places_of_one_name_say_their_province_and_a_rest_says_so(golden: Golden) -> None:
    makers = [
        Maker("1", "a", "khac", {"province": "ha giang", "district": "u1", "commune": ""}, "Hà Giang",
              {"province": "Hà Giang", "district": "Huyện Đồng Văn", "commune": ""}),
        Maker("2", "b", "khac", {"province": "lao cai", "district": "u2", "commune": ""}, "Lào Cai",
              {"province": "Lào Cai", "district": "Huyện Đồng Văn", "commune": ""}),
        Maker("3", "c", "khac", {"province": "lao cai", "district": "-lao cai", "commune": ""}, "Lào Cai",
              {"province": "Lào Cai", "district": "", "commune": ""}),
        Maker("4", "d", "khac", {"province": "thai lan", "district": "-thai lan", "commune": ""}, "Thái Lan",
              {"province": "Thái Lan", "district": "", "commune": ""}),
        Maker("5", "e", "khac", {"province": "can tho", "district": "-can tho", "commune": ""}, "Cần Thơ",
              {"province": "Cần Thơ", "district": "", "commune": ""}),
    ]  # fmt: skip
    assert place_names(makers, "district") == {
        "district:": "Không rõ nơi",
        "district:u1": "Huyện Đồng Văn, Hà Giang",
        "district:u2": "Huyện Đồng Văn, Lào Cai",
        "district:-lao cai": "Lào Cai (chưa rõ nơi)",
        "district:-thai lan": "Thái Lan",
        "district:-can tho": "Cần Thơ (chưa rõ nơi)",
    }
    assert rest_keys(makers, "district") == {"district:", "district:-lao cai", "district:-can tho"}
    assert rest_keys(makers, "province") == {"province:"}


def test_without_old_places_there_is_no_table_of_them(golden: Golden) -> None:
    edition = golden.fair.edition_id
    with transaction() as session:
        settle(session, golden.fair.producer_ids[0], legacy_commune_id=None, commune_id=None)
        add_place(session, "vn2025", "Cần Thơ")
    names = [table.name for table in tables_of(edition, None)]
    assert "localities" in names
    assert not {"districts", "communes"} & set(names)


def test_an_export_has_one_number_a_cell(golden: Golden) -> None:
    table = table_of(golden.fair.edition_id, None, "stars")
    assert table is not None
    headings, rows = table_cells(table)
    assert headings[0] == "Sao OCOP"
    assert all(isinstance(cell, int) for row in rows for cell in row[1:])
