"""Headings of product files, ours and other people's."""

from __future__ import annotations

from fair_pos.catalogue.columns import COLUMNS, find_columns, missing_columns
from fair_pos.kernel.text import fold

HEADINGS = [column.heading for column in COLUMNS.values()]


def test_our_own_headings_and_those_of_the_csv_are_known() -> None:
    assert list(find_columns(HEADINGS)) == list(COLUMNS)
    english = [
        "product_name",
        "producer",
        "producer_type",
        "ocop_group",
        "unit",
        "price_vnd",
        "vat_default",
        "stars",
        "certificate_issued",
        "decision_no",
        "commune_new",
        "commune_new_code",
        "province_new",
        "commune_old",
        "district_old",
        "province_old",
        "sold_by",
        "barcode",
        "packs",
        "pack_price",
        "titles",
    ]
    assert set(find_columns(english)) == set(COLUMNS)


def test_headings_may_vary_and_strangers_are_left_alone() -> None:
    found = find_columns(["STT", "tên  SẢN PHẨM *", "Giá (VNĐ):", "giá", "ĐVT"])
    assert found == {"name": 1, "price": 2, "unit": 4}
    assert missing_columns(found) == ["Chủ thể", "Nhóm OCOP"]


def test_quy_cach_is_the_unit_unless_there_is_one() -> None:
    assert find_columns(["Tên sản phẩm", "Quy cách"]) == {"name": 0, "unit": 1}
    assert find_columns(["Quy cách", "ĐVT", "Giá quy cách"]) == {"unit": 1, "packs": 0, "pack_prices": 2}


def test_no_heading_means_two_things() -> None:
    names = [name for column in COLUMNS.values() for name in (fold(column.heading), *column.others)]
    assert len(names) == len(set(names))
