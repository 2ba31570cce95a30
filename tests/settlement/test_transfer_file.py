"""The list for the bank: text stays text, sums add up, nothing in it is a formula."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Flask
from openpyxl import load_workbook

from fair_pos.kernel.clock import now
from fair_pos.settlement.queries import StatementFact
from fair_pos.settlement.transfer_file import transfer_workbook
from fair_pos.settlement.transfers import Transfer
from fair_pos.terms.queries import MaskedAccount


def transfer(number: int, amount_dong: int, account: str, holder: str) -> Transfer:
    statement = StatementFact(
        id=f"s{number}", edition_id="e", producer_id=f"p{number}", number=number, from_day=None, until_day=date(2026, 11, 1),
        net_dong=0, owner_dong=0, house_dong=0, fees_dong=0, credited_dong=0, carried_in_dong=0, payable_dong=amount_dong,
        carried_out_dong=0, digest="", made_at=now(), paid=None,
    )  # fmt: skip
    masked = MaskedAccount(f"a{number}", f"p{number}", "970436", account[-3:], now())
    return Transfer(statement, masked, account, holder, f"TT{number:04} Hoi cho")


def test_numbers_are_text_and_amounts_add_up(app: Flask) -> None:
    found = [transfer(1, 120_000, "0011012345678", "LO THI HANH"), transfer(2, 5_000_500, "12345678901234567", "=1+1")]
    with app.test_request_context():
        made = transfer_workbook(found, {"p1": "HTX Mường Tè", "p2": "@hộ"}, created=now())
    (sheet,) = load_workbook(BytesIO(made)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        "Bảng", "Chủ hàng", "Chủ tài khoản", "Ngân hàng", "Số tài khoản", "Số tiền (đồng)", "Nội dung chuyển khoản",
    ]  # fmt: skip
    assert rows[1] == [
        "TT-0001",
        "HTX Mường Tè",
        "LO THI HANH",
        "Vietcombank",
        "0011012345678",
        120_000,
        "TT0001 Hoi cho",
    ]
    assert rows[2][1:5] == ["'@hộ", "'=1+1", "Vietcombank", "12345678901234567"]
    assert rows[3] == ["Cộng", "2 bảng", None, None, None, 5_120_500, None]
    assert {cell.data_type for cell in next(sheet.iter_cols(min_col=5, max_col=5, min_row=2, max_row=3))} == {"s"}
    assert {cell.data_type for cell in next(sheet.iter_cols(min_col=6, max_col=6, min_row=2))} == {"n"}
