from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from fair_pos.catalogue.actions import import_products
from fair_pos.catalogue.rules import ProductRow
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.queries import (
    all_producers,
    certificates_of,
    known_producer_ids,
    names_and_places,
    producers_by_id,
    stars_valid,
)
from fair_pos.registry.rules import ProducerSaid
from tests.asked import statements_sent

PA_U = ProducerSaid(
    "HTX Pa Ủ", "hop_tac_xa", "Xã Bum Tở", "03433", "Lai Châu", "Thị trấn Mường Tè", "Mường Tè", "Lai Châu"
)
CU_CHI = ProducerSaid("Công ty Đạt", old_district="Củ Chi", old_province="Hồ Chí Minh", province="Hồ Chí Minh")
PA_U_ID, CU_CHI_ID = named_id("producer", "htx pa ủ", "lai chau"), named_id("producer", "công ty đạt", "ho chi minh")
HONEY, OIL = named_id("product", PA_U_ID, "mật ong", "chai"), named_id("product", CU_CHI_ID, "dầu mè", "chai")


@pytest.fixture(autouse=True)
def _two_products(app: Flask) -> None:
    rows = [
        ProductRow(2, "Mật ong", "chai", "thuc_pham", 220_000, "8", PA_U, 4, date(2023, 11, 29), "QĐ 1"),
        ProductRow(3, "Dầu mè", "chai", "thuc_pham", 150_000, "8", CU_CHI),
    ]
    with app.app_context(), transaction() as session:
        import_products(session, rows, now(), None, make_id=named_id)


def test_producers_come_with_their_places(app: Flask) -> None:
    with app.app_context():
        found = producers_by_id(reading(), {PA_U_ID, CU_CHI_ID, "nobody"})
        assert names_and_places(reading(), [PA_U_ID]) == {PA_U_ID: ("HTX Pa Ủ", "Xã Bum Tở, Lai Châu")}
        assert len(all_producers(reading())) == 2
    assert set(found) == {PA_U_ID, CU_CHI_ID}
    assert found[PA_U_ID].old_place == "Thị trấn Mường Tè, Mường Tè, Lai Châu"
    assert (found[CU_CHI_ID].place, found[CU_CHI_ID].old_place) == ("Hồ Chí Minh", "Củ Chi, Hồ Chí Minh")
    assert (found[PA_U_ID].kind, found[CU_CHI_ID].kind) == ("hop_tac_xa", "doanh_nghiep")


def test_only_producers_that_exist_are_known(app: Flask) -> None:
    with app.app_context():
        assert known_producer_ids(reading(), [PA_U_ID, "nobody"]) == {PA_U_ID}


@pytest.mark.parametrize(
    ("day", "stars"), [(date(2026, 11, 28), 4), (date(2026, 11, 29), None), (date(2023, 11, 28), None)]
)
def test_stars_are_those_that_hold_on_the_day(app: Flask, day: date, stars: int | None) -> None:
    with app.app_context():
        found = stars_valid(reading(), {HONEY, OIL}, day)
    assert {product_id: one.stars for product_id, one in found.items()} == ({HONEY: stars} if stars else {})


def test_stars_of_any_number_of_products_take_one_query(app: Flask) -> None:
    with app.app_context(), statements_sent(app) as statements:
        stars_valid(reading(), {HONEY, OIL}, date(2026, 1, 1))
        assert [one.expires_day for one in certificates_of(reading(), {HONEY})[HONEY]] == [date(2026, 11, 28)]
    assert sum(one.startswith("SELECT") for one in statements) == 2  # one each
