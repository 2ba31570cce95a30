from __future__ import annotations

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.catalogue.actions import (
    ImportResult,
    bump_version,
    import_products,
    read_product_file,
    rename_booth,
    restore_product,
    set_occupants,
    withdraw_product,
)
from fair_pos.catalogue.queries import current_version, get_product_by_slug, prices_of, search_products
from fair_pos.catalogue.refusals import ColumnsMissing, FileEmpty, ProducerUnknown
from fair_pos.catalogue.rules import ProductRow
from fair_pos.catalogue.tables import CatalogueVersion, Price, Product
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, snapshot, transaction
from fair_pos.plumbing.sheets import Cell, FileUnreadable, write_csv
from fair_pos.registry.rules import ProducerSaid
from fair_pos.registry.tables import AdminUnit, Certificate, Producer
from fair_pos.settings import TOP
from fair_pos.venues.queries import get_booth, occupants_of
from tests.asked import statements_sent
from tests.builders import make_fair

PA_U = ProducerSaid("HTX Pa Ủ", commune="Xã Bum Tở", province="Lai Châu")
HONEY = ProductRow(2, "Mật ong", "chai 500ml", "thuc_pham", 220_000, "8", PA_U, 4, date(2023, 11, 29), "QĐ 1")
TEA = ProductRow(3, "Chè", "hộp", "do_uong", 150_000, "8", PA_U)


def bring_in(app: Flask, *rows: ProductRow) -> ImportResult:
    with app.app_context(), transaction() as session:
        return import_products(session, rows, now(), None)


def counts(result: ImportResult) -> tuple[int, int, int, int | None]:
    return result.created, result.updated, result.unchanged, result.version


def sizes(app: Flask) -> dict[str, int]:
    tables = (Product, Price, CatalogueVersion, Producer, Certificate, AdminUnit)
    with app.app_context():
        return {one.__name__: reading().scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def test_an_import_writes_products_prices_and_one_version(app: Flask) -> None:
    assert counts(bring_in(app, HONEY, TEA)) == (2, 0, 0, 1)
    assert sizes(app) == {
        "Product": 2,
        "Price": 2,
        "CatalogueVersion": 1,
        "Producer": 1,
        "Certificate": 1,
        "AdminUnit": 2,
    }


def test_importing_twice_changes_nothing(app: Flask) -> None:
    bring_in(app, HONEY, TEA)
    before = sizes(app)
    assert counts(bring_in(app, HONEY, TEA)) == (0, 0, 2, None)
    spelt = replace(HONEY, producer=ProducerSaid("HTX  Pa Ủ", province="Tỉnh Lai Châu"))
    assert counts(bring_in(app, replace(spelt, stars=0, issued_day=None, vat_code=""))) == (0, 0, 1, None)
    assert sizes(app) == before


def test_a_new_price_is_a_new_row_under_a_new_version(app: Flask) -> None:
    bring_in(app, HONEY, TEA)
    result = bring_in(app, replace(HONEY, price_dong=250_000), TEA)
    assert counts(result) == (0, 1, 1, 2)
    assert [(one.number, one.old_dong, one.new_dong) for one in result.price_changes] == [(2, 220_000, 250_000)]
    with app.app_context():
        honey = get_product_by_slug(reading(), "mat-ong")
        assert honey.price_dong == 250_000
        assert prices_of(reading(), {honey.id}) == {honey.id: [(1, 220_000), (2, 250_000)]}
        assert [one.facts["new_dong"] for one in lines_about(reading(), "product", honey.id)] == [250_000]


@pytest.mark.parametrize(
    "changed",
    [
        replace(HONEY, name="MẬT ONG"),
        replace(HONEY, unit="Chai 500ml"),
        replace(HONEY, group_code="duoc_lieu"),
        replace(HONEY, vat_code="5"),
        replace(HONEY, stars=5),
        replace(HONEY, issued_day=date(2026, 11, 1), decision_no="QĐ 2"),
    ],
)
def test_every_other_change_updates_without_a_new_price(app: Flask, changed: ProductRow) -> None:
    bring_in(app, HONEY)
    assert counts(bring_in(app, changed)) == (0, 1, 0, 2)
    assert sizes(app)["Price"] == 1
    assert sizes(app)["Product"] == 1


def test_another_unit_is_another_product(app: Flask) -> None:
    bring_in(app, HONEY, replace(HONEY, number=3, unit="chai 1 lít"))
    with app.app_context():
        slugs = {get_product_by_slug(reading(), slug).unit for slug in ("mat-ong", "mat-ong-chai-1-lit")}
    assert slugs == {"chai 500ml", "chai 1 lít"}


def test_what_differs_by_a_mark_is_two_products_two_producers_two_units(app: Flask) -> None:
    rows = [
        replace(HONEY, number=number, name=name, unit=unit, producer=replace(PA_U, name=maker))
        for number, (name, unit, maker) in enumerate(
            [
                ("Kẹo dừa", "bó", "HTX Hòa"),
                ("Kẹo dứa", "bó", "HTX Hòa"),
                ("Kẹo dừa", "bộ", "HTX Hòa"),
                ("Kẹo dừa", "bó", "HTX Hoa"),
            ]
        )
    ]
    assert counts(bring_in(app, *rows)) == (4, 0, 0, 1)
    assert sizes(app)["Producer"] == 2
    again = [replace(rows[0], name="KẸO  DỪA", unit="Bó", producer=replace(PA_U, name="HTX Hoà"))]
    assert counts(bring_in(app, *again)) == (0, 1, 0, 2)  # the same, now written in another way
    with app.app_context():
        found, total = search_products(reading(), "keo dua", date(2026, 11, 24), first=0, most=10)
        assert (len(found), total) == (4, 4)


def test_a_place_is_one_however_its_marks_are_typed(app: Flask) -> None:
    written = ("Ðiện Biên Ðông", "Điện Biên Đông", unicodedata.normalize("NFD", "Điện Biên Đông"), "điện biên đông")
    bring_in(
        app,
        *(
            replace(TEA, number=n, name=f"Chè {n}", producer=replace(PA_U, name=f"HTX {n}", commune=one))
            for n, one in enumerate(written)
        ),
    )
    assert (sizes(app)["Producer"], sizes(app)["AdminUnit"]) == (4, 2)


def test_a_producer_that_moved_makes_a_new_version_too(app: Flask) -> None:
    bring_in(app, HONEY)
    moved = replace(HONEY, producer=replace(PA_U, commune="Xã Mù Cả"))
    assert counts(bring_in(app, moved)) == (0, 0, 1, 2)


def test_a_failing_import_leaves_nothing_behind(app: Flask) -> None:
    broken = replace(TEA, group_code="xe_may")  # the database itself refuses this
    before = sizes(app)
    with pytest.raises(Exception, match="group_code"):
        bring_in(app, HONEY, broken)
    assert sizes(app) == before


def test_a_withdrawn_product_comes_back_with_an_import(app: Flask) -> None:
    bring_in(app, HONEY)
    with app.app_context(), transaction() as session:
        withdraw_product(session, get_product_by_slug(session, "mat-ong"), at=now(), by="nobody")
        withdraw_product(session, get_product_by_slug(session, "mat-ong"), at=now(), by="nobody")
        assert current_version(session) == 2
    assert counts(bring_in(app, HONEY)) == (0, 1, 0, 3)
    with app.app_context(), transaction() as session:
        assert get_product_by_slug(session, "mat-ong").withdrawn_at is None
        withdraw_product(session, get_product_by_slug(session, "mat-ong"), at=now(), by="nobody")
        restore_product(session, get_product_by_slug(session, "mat-ong"), at=now(), by="nobody")
        assert get_product_by_slug(session, "mat-ong").withdrawn_at is None
        with pytest.raises(NotFound):
            get_product_by_slug(session, "nothing")


def test_two_imports_of_one_file_at_once_make_no_second_product(app: Flask) -> None:
    rows = [replace(HONEY, number=number, name=f"Mật ong {number}") for number in range(2, 200)]
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: bring_in(app, *rows), range(4)))
    assert sorted(result.created for result in results) == [0, 0, 0, 198]
    assert sizes(app)["CatalogueVersion"] == 1


def test_taking_off_sale_does_not_cross_an_import(app: Flask) -> None:
    """On PostgreSQL 15 of 60 failed while the one held the price list and wanted the row that the other held."""
    rows = [replace(HONEY, number=number, name=f"Mật ong {number}") for number in range(2, 60)]
    bring_in(app, *rows)
    dearer = iter(range(1, 1000))

    def either(number: int) -> None:
        if number % 3 == 0:
            price = 220_000 + next(dearer)
            bring_in(app, *(replace(row, price_dong=price) for row in rows))
            return
        with app.app_context(), transaction() as session:
            product = get_product_by_slug(session, f"mat-ong-{2 + number % 50}")
            change = withdraw_product if number % 3 == 1 else restore_product
            change(session, product, at=now(), by="somebody")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(either, range(60)))


def test_a_look_at_a_file_says_what_would_happen_and_writes_nothing(app: Flask) -> None:
    bring_in(app, HONEY)
    rows = [
        replace(HONEY, price_dong=250_000, stars=5),
        TEA,
        replace(TEA, number=4, producer=replace(PA_U, name="HTX Mới")),
    ]
    before = sizes(app)
    with app.app_context(), snapshot() as session, statements_sent(app) as statements:
        looked = import_products(session, rows, now(), None, write=False)
    assert {one.split()[0] for one in statements} == {"SELECT"}
    assert sizes(app) == before
    done = bring_in(app, *rows)
    assert looked == done
    assert counts(done) == (2, 1, 0, 2)


def test_versions_count_up(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        assert current_version(session) == 0
        assert [bump_version(session, "test", now()) for _ in range(3)] == [1, 2, 3]


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_demos_own_file_can_be_imported(app: Flask) -> None:
    data = (TOP / "fair_pos/demo/ocop_products.csv").read_bytes()
    parsed = read_product_file(data, "ocop_products.csv")
    assert (len(parsed.rows), parsed.errors, parsed.notes) == (102, [], [])
    assert bring_in(app, *parsed.rows).created == 102
    assert bring_in(app, *parsed.rows).unchanged == 102


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", FileEmpty),
        ("Tên sản phẩm,Chủ thể,Nhóm OCOP,Đơn vị tính,Giá\n".encode(), FileEmpty),
        (b"a,b\n1,2\n", ColumnsMissing),
        (bytes(range(256)), FileUnreadable),
    ],
)
def test_files_that_are_none_are_turned_away(data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_product_file(data, "a.csv")


def test_missing_columns_are_named() -> None:
    with pytest.raises(ColumnsMissing) as raised:
        read_product_file("Tên sản phẩm,Giá\nx,1\n".encode(), "a.csv")
    assert raised.value.facts == {"columns": "Chủ thể, Nhóm OCOP, Đơn vị tính"}


def test_ten_thousand_rows_are_imported_well_within_half_a_minute(app: Flask) -> None:
    rows: list[list[Cell]] = [
        [f"Mật ong số {number}", f"HTX số {number // 5}", "Thực phẩm", "chai", 1000 * (number + 1), "4", date(2025, 2, 1), f"Xã {number // 100}", "Lai Châu"]
        for number in range(10_000)
    ]  # fmt: skip
    headings = ["Tên sản phẩm", "Chủ thể", "Nhóm", "ĐVT", "Giá", "Sao", "Ngày cấp", "Xã", "Tỉnh"]
    started = time.monotonic()
    parsed = read_product_file(write_csv(headings, rows), "a.csv")
    assert counts(bring_in(app, *parsed.rows)) == (10_000, 0, 0, 1)
    assert counts(bring_in(app, *parsed.rows)) == (0, 0, 10_000, None)
    with app.app_context():
        found, total = search_products(reading(), "ong mat 9999", date(2026, 1, 1), first=0, most=10)
    assert (total, found[0].price_dong) == (1, 10_000_000)
    assert time.monotonic() - started < 60  # twice in, and a search: about 5 s on two shared cores


# --- booths -----------------------------------------------------------------------------------------------------------


def test_new_occupants_and_names_of_booths_make_new_versions(app: Flask) -> None:
    fair = make_fair(app, booths=1, producers=2)
    booth_id, by = fair.booth_ids[0], fair.people["quantri"]
    with app.app_context(), transaction() as session:
        set_occupants(session, booth_id, fair.producer_ids, at=now(), by=by)
        assert current_version(session) == 1  # they were there before
        set_occupants(session, booth_id, fair.producer_ids[:1], at=now(), by=by)
        assert (current_version(session), occupants_of(session, booth_id)) == (2, fair.producer_ids[:1])
        rename_booth(session, booth_id, name="Gian mới", zone="B", at=now(), by=by)
        rename_booth(session, booth_id, name="Gian mới", zone="B", at=now(), by=by)
        assert (current_version(session), get_booth(session, booth_id).name) == (3, "Gian mới")
        with pytest.raises(ProducerUnknown):
            set_occupants(session, booth_id, ["nobody"], at=now(), by=by)
