from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.catalogue.columns import COLUMNS, find_columns
from fair_pos.catalogue.rules import (
    GROUPS,
    PackSaid,
    Parsed,
    find_group,
    find_vat,
    matches,
    pack_size,
    parse_products,
    price_at,
    read_day,
    read_price,
    read_sold_by,
    read_stars,
    search_words,
)
from fair_pos.kernel.money import format_dong, group_thousands
from fair_pos.kernel.text import fold


@pytest.mark.parametrize(("version", "price_dong"), [(0, None), (1, 200_000), (3, 200_000), (4, 220_000), (9, 220_000)])
def test_the_price_of_a_version_is_the_newest_not_after_it(version: int, price_dong: int | None) -> None:
    assert price_at([(1, 200_000), (4, 220_000)], version) == price_dong
    assert price_at([], version) is None


# --- cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["220000", "220.000", "220,000", "220 000", "220.000 đ", "220000đ", "220.000 ₫", "220,000 VNĐ", "220.000 VND", "220.000 đồng",
     "₫220.000", "220\u00a0000", "２２０.０００", " 220000 "],
)  # fmt: skip
def test_a_price_is_read_as_people_write_it(text: str) -> None:
    assert read_price(text) == 220_000


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1,5tr", "1e6", "220k", "-5", "-220.000", "220.5", "220.0000", "22.00.000", "1.234,567.890", "1.234.56", "1_000",
     "220.000 kg", "=1+1", "½", "٢٢٠٠٠٠", "220000/chai", "220.000-250.000"],
)  # fmt: skip
def test_a_price_that_has_to_be_guessed_is_none(text: str) -> None:
    assert read_price(text) is None


@given(st.integers(0, 10**9))
def test_every_amount_is_read_back_from_every_way_of_writing_it(amount_dong: int) -> None:
    for text in (
        str(amount_dong),
        group_thousands(amount_dong),
        f"{amount_dong:,}",
        format_dong(amount_dong),
        f"{amount_dong:,} VNĐ",
    ):
        assert read_price(text) == amount_dong


@given(st.text(max_size=30))
def test_any_other_text_gives_an_amount_of_its_own_digits_or_none(text: str) -> None:
    amount_dong = read_price(text)
    assert amount_dong is None or amount_dong >= 0


@pytest.mark.parametrize(
    ("text", "stars"),
    [("3", 3), ("4 sao", 4), ("5★", 5), ("★★★", 3), ("4*", 4), ("2", None), ("6", None), ("3.5", None), ("sao", None)],
)
def test_stars(text: str, stars: int | None) -> None:
    assert read_stars(text) == stars


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29/11/2023", date(2023, 11, 29)),
        ("1/2/2024", date(2024, 2, 1)),
        ("01-02-2024", date(2024, 2, 1)),
        ("1.2.2024", date(2024, 2, 1)),
        ("2023-11-29", date(2023, 11, 29)),
        ("31/2/2024", None),
        ("29/11/23", None),
        ("29/11/2203", None),
        ("11/29/2023", None),
        ("45259", None),
    ],
)
def test_days_are_read_day_first(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [("thuc_pham", "thuc_pham"), ("Thực phẩm", "thuc_pham"), ("THỰC PHẨM", "thuc_pham"), ("Đồ uống có cồn", "do_uong"),
     ("Nhóm đồ uống", "do_uong"), ("1. Thực phẩm", "thuc_pham"), ("Thảo dược", "duoc_lieu"), ("Sinh vật cảnh", "sinh_vat_canh"),
     ("Du lịch", "du_lich"), ("Dịch vụ du lịch cộng đồng", "du_lich"), ("Xe máy", None)],
)  # fmt: skip
def test_groups_are_read_as_codes_and_in_words(text: str, code: str | None) -> None:
    assert find_group(text) == code


def test_every_group_is_found_by_its_own_name() -> None:
    assert [find_group(name) for name in GROUPS.values()] == [find_group(code) for code in GROUPS] == list(GROUPS)


@pytest.mark.parametrize(
    ("text", "code"), [("8", "8"), ("8%", "8"), ("0.08", "8"), ("0,1", "10"), ("kct", "KCT"), ("7", None)]
)
def test_vat(text: str, code: str | None) -> None:
    assert find_vat(text) == code


@pytest.mark.parametrize(
    ("text", "sold_by"),
    [("cân", "weight"), ("Theo cân", "weight"), ("KG", "weight"), ("cái", "piece"), ("theo đơn vị", "piece"), ("lít", None), ("", None)],
)  # fmt: skip
def test_how_goods_are_sold(text: str, sold_by: str | None) -> None:
    assert read_sold_by(text) == sold_by


@pytest.mark.parametrize(
    ("name", "by_weight", "size"),
    [
        ("Thùng 12 chai", False, 12),
        ("12", False, 12),
        ("Giỏ quà", False, None),
        ("Gói 500 g", False, None),  # how many pieces is not said
        ("Thùng 0 chai", False, None),
        ("Thùng 10001 chai", False, None),
        ("Gói 500 g", True, 500),
        ("Gói 500g", True, 500),
        ("Gói 250 gam", True, 250),
        ("Túi 1,5 kg", True, 1500),
        ("Túi 10 kg", True, 10_000),
        ("Túi 11 kg", True, None),
        ("Túi 12 gói", True, None),
        ("Gói 0,5 g", True, None),
    ],
)
def test_what_a_pack_holds_stands_in_its_name(name: str, by_weight: bool, size: int | None) -> None:
    assert pack_size(name, by_weight=by_weight) == size


# --- searching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["mat ong", "MẬT ONG", "ong mật", "Ðiện mat", "ma o"])
def test_a_search_needs_neither_marks_nor_case_nor_order(text: str) -> None:
    assert matches(search_words(text), fold("Mật ong rừng"), fold("HTX Điện Biên"))


@pytest.mark.parametrize("text", ["mat ong hoa", "ng", "ien"])
def test_a_search_wants_every_word_from_its_beginning(text: str) -> None:
    assert not matches(search_words(text), fold("Mật ong rừng"), fold("HTX Điện Biên"))


# --- rows -------------------------------------------------------------------------------------------------------------

HEADINGS = [column.heading for column in COLUMNS.values()]
GOOD = {
    "name": "Mật ong Pa Ủ", "producer": "HTX Pa Ủ", "kind": "HTX", "group": "Thực phẩm", "unit": "chai 500ml", "price": "220.000",
    "vat": "8", "stars": "4", "issued": "29/11/2023", "decision": "QĐ 1", "commune": "Xã Bum Tở", "commune_code": "03433",
    "province": "Lai Châu", "old_commune": "TT. Mường Tè", "old_district": "Mường Tè", "old_province": "Lai Châu",
    "sold_by": "cái", "barcode": "8934567000017; 4006381333931", "packs": "Thùng 12 chai; Hộp 6 chai", "pack_prices": "2.400.000; 1.250.000",
    "titles": "Sản phẩm chủ lực cấp tỉnh 29/11/2023; Đặc sản cấp xã 1/2/2024",
}  # fmt: skip


def parse(*changes: dict[str, str]) -> Parsed:
    rows = [(number, list((GOOD | change).values())) for number, change in enumerate(changes, start=2)]
    return parse_products(find_columns(HEADINGS), rows)


def test_a_good_row_is_read_whole() -> None:
    parsed = parse({})
    assert (parsed.errors, parsed.notes) == ([], [])
    row = parsed.rows[0]
    assert (row.sold_by, row.barcodes) == ("piece", ("8934567000017", "4006381333931"))
    assert row.packs == (PackSaid("Thùng 12 chai", 12, 2_400_000), PackSaid("Hộp 6 chai", 6, 1_250_000))
    assert [(one.kind, one.level, one.issued_day) for one in row.titles] == [
        ("chu_luc", "province", date(2023, 11, 29)), ("dac_san", "commune", date(2024, 2, 1)),
    ]  # fmt: skip
    assert (row.number, row.name, row.unit, row.group_code, row.price_dong) == (
        2,
        "Mật ong Pa Ủ",
        "chai 500ml",
        "thuc_pham",
        220_000,
    )
    assert (row.vat_code, row.stars, row.issued_day, row.decision_no) == ("8", 4, date(2023, 11, 29), "QĐ 1")
    assert (row.producer.kind, row.producer.commune, row.producer.old_district) == (
        "hop_tac_xa",
        "Xã Bum Tở",
        "Mường Tè",
    )


@pytest.mark.parametrize(
    ("change", "code", "facts"),
    [
        ({"price": "abc"}, "price_not_money", {"value": "abc"}),
        ({"price": "1,5tr"}, "price_not_money", {"value": "1,5tr"}),
        ({"price": "0"}, "price_out_of_range", {"value": "0"}),
        ({"price": "1000000001"}, "price_out_of_range", {"value": "1000000001"}),
        ({"price": "9" * 40}, "price_out_of_range", {"value": "9" * 40}),
        ({"price": ""}, "cell_missing", {"column": "Giá bán (đồng)"}),
        ({"name": " "}, "cell_missing", {"column": "Tên sản phẩm"}),
        ({"unit": "x" * 61}, "cell_too_long", {"column": "Đơn vị tính", "most": 60}),
        ({"stars": "7"}, "stars_unknown", {"value": "7"}),
        ({"group": "Xe"}, "group_unknown", {"value": "Xe"}),
        ({"kind": "Xe"}, "kind_unknown", {"value": "Xe"}),
        ({"vat": "7"}, "vat_unknown", {"value": "7"}),
        ({"issued": "31/2/2024"}, "day_unknown", {"value": "31/2/2024"}),
        ({"sold_by": "lít"}, "sold_by_unknown", {"value": "lít"}),
        ({"barcode": "8934567000018"}, "barcode_wrong", {"value": "8934567000018"}),
        ({"barcode": "20; 8934567000017"}, "barcode_wrong", {"value": "20; 8934567000017"}),
        ({"barcode": "4006381333931"}, "barcode_repeated", {"first": 2, "value": "4006381333931"}),
        ({"packs": "Thùng"}, "packs_wrong", {"value": "Thùng"}),
        ({"packs": "Thùng 12 chai"}, "packs_wrong", {"value": "Thùng 12 chai"}),  # two prices are left
        ({"pack_prices": ""}, "packs_wrong", {"value": "Thùng 12 chai; Hộp 6 chai"}),
        ({"pack_prices": "2.400.000; 0"}, "packs_wrong", {"value": "Thùng 12 chai; Hộp 6 chai"}),
        ({"packs": "Thùng 12 chai; thùng 12 CHAI"}, "packs_wrong", {"value": "Thùng 12 chai; thùng 12 CHAI"}),
        ({"sold_by": "cân"}, "packs_wrong", {"value": "Thùng 12 chai; Hộp 6 chai"}),
    ],
)
def test_each_error_is_told_with_its_row(change: dict[str, str], code: str, facts: dict[str, str | int]) -> None:
    parsed = parse({"name": "Khác"}, {"barcode": ""} | change)
    assert [(one.number, one.code, one.facts) for one in parsed.errors] == [(3, code, facts)]
    assert [row.number for row in parsed.rows] == [2]


def test_all_errors_of_all_rows_are_collected() -> None:
    parsed = parse({"price": "x", "group": "y"}, {}, {"name": "", "price": "0", "barcode": ""})
    assert [(one.number, one.code) for one in parsed.errors] == [
        (2, "group_unknown"),
        (2, "price_not_money"),
        (3, "row_repeated"),  # once row 2 is mended these two are the same product
        (4, "cell_missing"),
        (4, "price_out_of_range"),
    ]


def test_the_same_product_twice_in_a_file_is_an_error() -> None:
    parsed = parse(
        {},
        {"name": "MẬT ONG  Pa Ủ", "producer": "htx pa ủ", "province": "Tỉnh Lai Châu"},
        {"unit": "chai 1 lít", "barcode": ""},
    )
    assert [(one.number, one.code, one.facts["first"]) for one in parsed.errors] == [(3, "row_repeated", 2)]
    assert [row.number for row in parsed.rows] == [2, 4]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"issued": ""}, "stars_without_day"), ({"stars": ""}, "day_without_stars"), ({"price": "220"}, "price_small")],
)
def test_what_looks_odd_is_told_and_imported(change: dict[str, str], code: str) -> None:
    parsed = parse(change)
    assert ([one.code for one in parsed.notes], parsed.errors, len(parsed.rows)) == ([code], [], 1)
