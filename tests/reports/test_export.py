"""Files hold numbers as numbers, words as words, and never a formula."""

from __future__ import annotations

import io
from datetime import datetime, timezone

import pytest
from flask import Flask
from openpyxl import load_workbook

from fair_pos.reports.export import (
    Beside,
    Table,
    as_file,
    bearer_name,
    kind_name,
    line_cells,
    method_name,
    receipt_cells,
    table_cells,
)
from fair_pos.reports.receipts import LineRow, ReceiptRow
from fair_pos.reports.rules import Figure

EVIL = '=HYPERLINK("http://evil.example","mật ong")'
TABLE = Table(
    "products", "Theo sản phẩm", "Sản phẩm", "product", "pieces",
    [Figure("1", EVIL, sold_quantity=3, refunded_quantity=1, sold_dong=660_000, refunded_dong=220_000)],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> object:
    with app.test_request_context():
        yield


def test_a_workbook_has_vietnamese_headings_numeric_cells_and_no_formula() -> None:
    answer = as_file("xlsx", "Theo sản phẩm 2026-11-24", table_cells(TABLE), about=None)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="theo-san-pham-2026-11-24.xlsx"'
    headings, row = load_workbook(io.BytesIO(answer.get_data())).worksheets[0].iter_rows()
    assert [cell.value for cell in headings] == [
        "Sản phẩm", "Số lượng bán", "Số lượng trả", "Cân bán (gam)", "Cân trả (gam)", "Bán ra (đồng)", "Trả lại (đồng)", "Thực thu (đồng)",
    ]  # fmt: skip
    assert [cell.data_type for cell in row] == ["s", "n", "n", "n", "n", "n", "n", "n"]
    assert row[7].value == 440_000
    assert row[0].value == "'" + EVIL


def test_a_csv_is_guarded_too() -> None:
    answer = as_file("csv", "Theo sản phẩm", table_cells(TABLE), about=None)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.get_data().decode("utf-8-sig").splitlines()[1].startswith("\"'=HYPERLINK")


BESIDE = Beside(
    sellers={"p": "Vừ A"}, letters={"d": "A"}, methods={"1": ["cash", "transfer"]}, producers={"m": "HTX Pa Ủ"}
)
AT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=timezone.utc)


def test_a_list_of_receipts_counts_refunds_below_zero_and_says_what_is_sample() -> None:
    row = ReceiptRow("1", "A-261124-001", AT, "A01", "refund", True, -5000, -1, -250, -9000, -500, 100, "p", "d", True)
    headings, cells = receipt_cells([row], BESIDE, of_goods=True)
    told = dict(zip(headings, cells[0], strict=True))
    assert (told["Loại"], told["Số tiền (đồng)"], told["Tổng phiếu (đồng)"]) == ("Hủy cả phiếu", -5000, -9000)
    assert (told["Giảm giá (đồng)"], told["Làm tròn (đồng)"], told["Cân (gam)"]) == (-500, 100, -250)
    assert (told["Cách trả tiền"], told["Người bán"], told["Máy"]) == ("Tiền mặt, Chuyển khoản", "Vừ A", "A")
    assert told["Dữ liệu"] == "dữ liệu mẫu"
    assert len(receipt_cells([row], BESIDE, of_goods=False)[0]) == len(headings) - 2


def test_lines_bring_grams_packs_and_who_bears_the_discount() -> None:
    line = LineRow(
        "A-261124-001", AT, "A01", "sale", "Mật ong", "Hộp 12 cái", "m", 2, None, "k", 12, 240_000, 250_000, 5_000, "Khách quen",
        "shared", 475_000, False,
    )  # fmt: skip
    headings, (cells,) = line_cells([line], BESIDE)
    told = dict(zip(headings, cells, strict=True))
    assert (told["Số lượng"], told["Mỗi gói (đơn vị)"], told["Cân (gam)"], told["Chủ thể"]) == (2, 12, None, "HTX Pa Ủ")
    assert (told["Đơn giá (đồng)"], told["Giá bảng (đồng)"], told["Giảm giá (đồng)"]) == (240_000, 250_000, 5_000)
    assert (told["Bên chịu"], told["Thành tiền (đồng)"]) == ("cùng chịu", 475_000)


def test_the_workbook_of_receipts_has_their_lines_and_real_dates() -> None:
    row = ReceiptRow("1", "A-261124-001", AT, "A01", "sale", False, 5000, 0, 0, 5000, 0, 0, "p", "d", False)
    answer = as_file(
        "xlsx",
        "Phiếu",
        receipt_cells([row], BESIDE, of_goods=False),
        ("Dòng hàng", *line_cells([], BESIDE)),
        about=None,
    )
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == ["Phiếu", "Dòng hàng"]
    when = book.worksheets[0]["B2"]
    assert when.is_date
    assert when.value == datetime(2026, 11, 25, 0, 5, 9)  # noqa: DTZ001 (a cell has no zone)


def test_the_rounding_and_how_it_was_paid_are_in_the_file_too() -> None:
    figure = Figure("1", "Pa Ủ", sold_grams=575, sold_dong=21_850, confirmed_dong=1_850, card_dong=5_000)
    rest = Figure("", "Làm tròn tiền mặt", sold_dong=150)
    table = Table("producers", "Theo chủ thể", "Chủ thể", "producer", "pieces", [figure], rest, has_split=True)
    headings, rows = table_cells(table)
    told = dict(zip(headings, rows[0], strict=True))
    assert (told["Cân bán (gam)"], told["Tiền mặt"], told["Chuyển khoản đã xác nhận"]) == (575, 15_000, 1_850)
    assert (told["Chuyển khoản chưa xác nhận"], told["Thẻ"]) == (0, 5_000)
    assert [row[headings.index("Thực thu (đồng)")] for row in rows] == [21_850, 150]


def test_words_for_ways_of_paying_kinds_and_bearers() -> None:
    assert [method_name(one) for one in ("cash", "card", "gold")] == ["Tiền mặt", "Thẻ", "gold"]
    assert [kind_name("sale"), kind_name("refund"), kind_name("refund", whole=True)] == [
        "Bán",
        "Trả hàng",
        "Hủy cả phiếu",
    ]
    assert bearer_name("organiser") == "ban tổ chức"


def test_a_long_table_is_cut_only_when_much_is_left_over() -> None:
    figures = [Figure(str(number), f"Dòng {number}", sold_dong=number) for number in range(10)]
    table = Table("products", "", "", "product", "pieces", figures)
    assert table.cut(8) == (figures, None)
    shown, others = table.cut(7)
    assert list(shown) == figures[:7]
    assert others is not None
    assert (others.key, others.sold_dong) == ("3", sum(range(7, 10)))


@pytest.mark.parametrize(
    ("name", "asks", "first"), [("booths", "booth", [9, 8]), ("days", "day", [8, 9]), ("groups", "group", [0, 1])]
)
def test_what_stands_by_code_is_cut_by_money_and_days_show_the_latest(name: str, asks: str, first: list[int]) -> None:
    figures = [Figure(str(number), f"Dòng {number}", sold_dong=number) for number in range(10)]
    shown, others = Table(name, "", "", asks, "receipts", figures).cut(2)
    assert [one.sold_dong for one in shown] == first
    assert others is not None
    assert (others.key, others.sold_dong + sum(first)) == ("8", sum(range(10)))


def test_hours_are_never_cut() -> None:
    hours = [Figure(str(hour), "", sold_dong=1) for hour in range(24)]
    assert Table("hours", "", "", "hour", "receipts", hours).cut(2) == (hours, None)
