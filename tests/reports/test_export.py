"""Files hold numbers as numbers, words as words, and never a formula."""

from __future__ import annotations

import io
from datetime import datetime, timezone

import pytest
from flask import Flask
from openpyxl import load_workbook

from fair_pos.reports.export import Table, as_file, receipt_cells, table_cells
from fair_pos.reports.queries import ReceiptRow
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
    answer = as_file("xlsx", "Theo sản phẩm 2026-11-24", table_cells(TABLE))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="theo-san-pham-2026-11-24.xlsx"'
    headings, row = load_workbook(io.BytesIO(answer.get_data())).worksheets[0].iter_rows()
    assert [cell.value for cell in headings] == [
        "Sản phẩm", "Số lượng bán", "Số lượng trả", "Bán ra (đồng)", "Trả lại (đồng)", "Thực thu (đồng)",
    ]  # fmt: skip
    assert [cell.data_type for cell in row] == ["s", "n", "n", "n", "n", "n"]
    assert row[5].value == 440_000
    assert row[0].value == "'" + EVIL


def test_a_csv_is_guarded_too() -> None:
    answer = as_file("csv", "Theo sản phẩm", table_cells(TABLE))
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.get_data().decode("utf-8-sig").splitlines()[1].startswith("\"'=HYPERLINK")


def test_a_list_of_receipts_counts_refunds_below_zero_and_says_what_is_sample() -> None:
    at = datetime(2026, 11, 24, 17, 5, tzinfo=timezone.utc)
    rows = [ReceiptRow("1", "A-261124-001", at, "A01", "refund", -5000, -1, True)]
    headings, cells = receipt_cells(rows, with_pieces=True)
    assert headings[-2:] == ["Số lượng", "Ghi chú"]
    assert cells == [["A-261124-001", "25/11/2026 00:05:00", "A01", "Trả hàng", -5000, -1, "dữ liệu mẫu"]]
    assert len(receipt_cells(rows, with_pieces=False)[1][0]) == 6
