from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from fair_pos.catalogue.actions import import_products, set_occupants, withdraw_product
from fair_pos.catalogue.queries import (
    current_version,
    find_product_by_slug,
    get_product_by_slug,
    prices_of,
    products_for_sale,
    products_of_booth,
    search_products,
)
from fair_pos.catalogue.rules import ProductRow
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.rules import ProducerSaid, best_on
from tests.builders import make_fair

PA_U = ProducerSaid(
    "HTX Pa Ủ", commune="Xã Bum Tở", province="Lai Châu", old_district="Mường Tè", old_province="Lai Châu"
)
DAT = ProducerSaid("Công ty Đạt", province="Hồ Chí Minh")
ROWS = [
    ProductRow(2, "Mật ong", "chai", "thuc_pham", 220_000, "8", PA_U, 4, date(2023, 11, 29), "QĐ 1"),
    ProductRow(3, "Ấm trà", "cái", "thu_cong_my_nghe", 90_000, "8", PA_U),
    ProductRow(4, "Dầu mè", "chai", "thuc_pham", 150_000, "8", DAT, 3, date(2025, 1, 1), "QĐ 2"),
    ProductRow(5, "Mát-xa thảo mộc ong", "lần", "du_lich", 100_000, "8", DAT),
]
PA_U_ID = named_id("producer", "htx pa ủ", "lai chau")
HONEY = named_id("product", PA_U_ID, "mật ong", "chai")
DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _products(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        import_products(session, ROWS, now(), None, make_id=named_id)


def test_the_path_of_a_sale_is_told_what_exists(app: Flask) -> None:
    with app.app_context():
        assert current_version(reading()) == 1
        found = products_for_sale(reading(), {HONEY, "nothing"})
        assert prices_of(reading(), {HONEY, "nothing"}) == {HONEY: [(1, 220_000)]}
        assert products_for_sale(reading(), set()) == {}
        assert prices_of(reading(), set()) == {}
    assert {one.id: (one.name, one.unit, one.producer_id) for one in found.values()} == {
        HONEY: ("Mật ong", "chai", PA_U_ID)
    }


def test_a_booth_sells_what_its_producers_make(app: Flask) -> None:
    fair = make_fair(app, booths=1, producers=1)
    with app.app_context(), transaction() as session:
        set_occupants(session, fair.booth_ids[0], [PA_U_ID], at=now(), by=None)
    with app.app_context():
        tiles = products_of_booth(reading(), fair.booth_ids[0], DAY)
        assert [(one.name, one.price_dong, one.stars, one.stars_until) for one in tiles] == [
            ("Ấm trà", 90_000, 0, None),
            ("Mật ong", 220_000, 4, date(2026, 11, 28)),
        ]
        assert [one.stars for one in products_of_booth(reading(), fair.booth_ids[0], date(2026, 11, 29))] == [0, 0]
    with app.app_context(), transaction() as session:
        withdraw_product(session, get_product_by_slug(session, "mat-ong"), at=now(), by="nobody")
    with app.app_context():
        assert [one.name for one in products_of_booth(reading(), fair.booth_ids[0], DAY)] == ["Ấm trà"]
        assert HONEY in products_for_sale(reading(), {HONEY})  # what was sold was sold


def test_the_public_page_finds_everything(app: Flask) -> None:
    with app.app_context():
        page = find_product_by_slug(reading(), "mat-ong")
        assert find_product_by_slug(reading(), "nothing") is None
    assert page is not None
    assert (page.name, page.unit, page.price_dong, page.group_code, page.on_sale) == (
        "Mật ong",
        "chai",
        220_000,
        "thuc_pham",
        True,
    )
    assert (page.producer.name, page.producer.place, page.producer.old_place) == (
        "HTX Pa Ủ",
        "Xã Bum Tở, Lai Châu",
        "Mường Tè, Lai Châu",
    )
    best = best_on(page.certificates, DAY)
    assert best is not None
    assert (best.stars, best.expires_day, best.decision_no) == (4, date(2026, 11, 28), "QĐ 1")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Ấm trà", "Dầu mè", "Mát-xa thảo mộc ong", "Mật ong"]),
        ("mat ong", ["Mát-xa thảo mộc ong", "Mật ong"]),
        ("Mật ong", ["Mật ong", "Mát-xa thảo mộc ong"]),
        ("dat dau", ["Dầu mè"]),
        ("nothing", []),
    ],
)
def test_searching_ignores_marks_and_puts_what_was_typed_first(app: Flask, text: str, names: list[str]) -> None:
    with app.app_context():
        found, total = search_products(reading(), text, DAY, first=0, most=50)
    assert ([one.name for one in found], total) == (names, len(names))


def test_a_page_of_the_list_knows_how_many_there_are(app: Flask) -> None:
    with app.app_context():
        found, total = search_products(reading(), "", DAY, first=1, most=2)
        assert ([one.name for one in found], total) == (["Dầu mè", "Mát-xa thảo mộc ong"], 4)
    with app.app_context(), transaction() as session:
        import_products(session, [replace(ROWS[1], name="Ấm")], now(), None)
        withdraw_product(session, get_product_by_slug(session, "am-tra"), at=now(), by="nobody")
    with app.app_context():
        found, _ = search_products(reading(), "", DAY, first=0, most=50)
    assert found[-1].name == "Ấm trà"
    assert not found[-1].on_sale
