"""Statements as banks write them: where the table begins, which column is what, and what came in."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.money import group_thousands
from fair_pos.payments.refusals import StatementColumnsMissing, StatementEmpty
from fair_pos.payments.statement import ReadStatement, find_table, guess_columns, read_amount, read_lines
from fair_pos.plumbing.sheets import Cell, FileUnreadable, write_csv, write_xlsx
from tests.payments.money import NUMBER

HEADINGS = {
    "vietcombank": ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"],
    "vietinbank": ["STT", "Ngày hạch toán", "Mô tả giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Số giao dịch"],
    "bidv": ["Ngày hiệu lực", "Số CT", "PS nợ", "PS có", "Số dư", "Diễn giải"],
    "mb": ["Ngày giao dịch", "Phát sinh nợ", "Phát sinh có", "Số dư khả dụng", "Nội dung", "Tài khoản đối ứng", "Mã giao dịch"],
    "english": ["Transaction Date", "Reference No.", "Debit", "Credit", "Balance", "Description", "Counter account"],
    "casso": ["Mã GD", "Mô tả", "Giá trị giao dịch", "Ngày GD", "Số tài khoản"],
}  # fmt: skip
WANTED = {
    "vietcombank": {"day": 0, "amount": 3, "memo": 4, "reference": 1},
    "vietinbank": {"day": 1, "amount": 4, "memo": 2, "reference": 6},
    "bidv": {"day": 0, "amount": 3, "memo": 5, "reference": 1},
    "mb": {"day": 0, "amount": 2, "memo": 4, "reference": 6},
    "english": {"day": 0, "amount": 3, "memo": 5, "reference": 1},
    "casso": {"day": 3, "amount": 2, "memo": 1, "reference": 0, "account": 4},
}


@pytest.mark.parametrize("bank", sorted(HEADINGS))
def test_columns_of_usual_statements_are_guessed(bank: str) -> None:
    assert guess_columns(HEADINGS[bank]) == WANTED[bank]


def test_headings_that_say_nothing_are_not_guessed() -> None:
    assert guess_columns(["", "A", "Số dư", "Tên người gửi"]) == {}


def read(rows: Sequence[Sequence[str]], above: Sequence[Sequence[str]] = ()) -> ReadStatement:
    headings = ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi có", "Nội dung"]
    first, *others = [*above, headings]
    table = find_table(write_csv(first, [*others, *rows]), "sao-ke.csv")
    assert table.headings == headings
    return read_lines(table, guess_columns(table.headings), NUMBER)


def test_the_table_begins_below_the_banks_address() -> None:
    above = [["NGÂN HÀNG TMCP"], ["Sao kê tài khoản", "0011012345678"], ["Từ ngày", "01/11/2026"]]
    found = read([["24/11/2026", "FT1", "5.000", "OCP0000001"]], above)
    assert [(one.row_number, one.amount_dong, one.account_number) for one in found.lines] == [(5, 5_000, NUMBER)]


def test_only_money_in_is_read() -> None:
    found = read(
        [
            ["Số dư đầu kỳ", "", "1.000.000", ""],
            ["24/11/2026", "FT1", "5.000", "a"],
            ["24/11/2026", "FT2", "", "b"],
            ["24/11/2026", "FT3", "0", "c"],
            ["24/11/2026", "FT4", "-7.000", "d"],
            ["24/11/2026", "FT5", "năm nghìn", "e"],
            ["Cộng", "", "5.000", ""],
            ["24-Nov-26", "FT6", "5.000", "f"],
            ["2026/11/24", "FT7", "5.000", "g"],
        ]
    )
    assert [one.reference for one in found.lines] == ["FT1", "FT7"]
    assert (found.left_out, found.unreadable) == (5, [7, 9])


def keys(rows: Sequence[Sequence[str]]) -> list[str]:
    return [one.key for one in read(rows).lines]


def test_a_line_is_known_again_by_the_banks_number_or_by_all_it_says() -> None:
    told = keys([["24/11/2026 08:00", "FT1", "5.000", "a"], ["24/11/2026", "", "5.000", "b c"]])
    again = keys([["25/11/2026", "FT1", "5,000.00", "something else"], ["24/11/2026 09:00", "", "5000", "B-C"]])
    assert told == again
    assert len(set(keys([["24/11/2026", "", "5.000", "b"], ["24/11/2026", "", "5.000", "b"]]))) == 2
    assert len(set(keys([["24/11/2026", "", "5.000", "b"], ["24/11/2026", "", "6.000", "b"]]))) == 2


def test_a_number_that_a_bank_gives_anew_every_day_hides_no_money() -> None:
    assert keys([["24/11/2026", "1", "5.000", "OCP0000001"]]) != keys([["25/11/2026", "1", "5.000", "OCP0000002 x"]])
    assert keys([["24/11/2026", "1", "5.000", "OCP0000001"]]) == keys([["24/11/2026", "1", "5.000", "ocp 0000001 TT"]])


def test_columns_have_to_be_there() -> None:
    table = find_table(write_csv(["Ngày giao dịch", "A", "B"], [["24/11/2026", "5", "x"]]), "a.csv")
    with pytest.raises(StatementColumnsMissing):
        read_lines(table, guess_columns(table.headings), NUMBER)
    found = read_lines(table, {"day": 0, "amount": 1, "memo": 2}, NUMBER)
    assert [one.amount_dong for one in found.lines] == [5]
    assert read_lines(table, {"day": 0, "amount": 1, "memo": 9}, NUMBER).lines[0].memo == ""


@pytest.mark.parametrize("data", [b"", b"\n\n", "Ngày,Số tiền\n".encode()])
def test_a_file_without_a_table(data: bytes) -> None:
    with pytest.raises(StatementEmpty):
        find_table(data, "a.csv")


def test_a_file_that_is_none() -> None:
    with pytest.raises(FileUnreadable):
        find_table(b"%PDF-1.7 \x00\x01\xff\xfe\x80", "a.pdf")


def test_workbooks_and_old_encodings_are_read_too() -> None:
    headings = ["Ngày giao dịch", "Số tiền ghi có", "Nội dung"]
    row: list[Cell] = ["24/11/2026", 1_250_000, "Mật ong OCP0000001"]
    text = "Ngày giao dịch;Số tiền ghi có;Nội dung\r\n24/11/2026;1.250.000;Mật ong OCP0000001\r\n"
    for data in (write_xlsx("Sao kê", headings, [row]), text.encode("utf-16"), text.encode("utf-8")):
        table = find_table(data, "sao-ke")
        lines = read_lines(table, guess_columns(table.headings), NUMBER).lines
        assert [(one.amount_dong, one.memo) for one in lines] == [(1_250_000, "Mật ong OCP0000001")]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1250000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1250000.00", 1_250_000),
        ("+ 5.000 VND", 5_000),
        ("5.000 đ", 5_000),
        ("5,000-", -5_000),
        ("-5.000", -5_000),
        ("1.250,000", None),
        ("12.5", None),
        ("1.25", None),
        ("1e6", None),
        ("1,5tr", None),
        ("", None),
        ("9" * 15, None),
    ],
)
def test_amounts_as_banks_write_them(text: str, amount: int | None) -> None:
    assert read_amount(text) == amount


@given(st.integers(0, 10**13))
def test_every_amount_is_read_in_every_grouping(amount: int) -> None:
    dotted = group_thousands(amount)
    for text in (dotted, dotted + ",00", dotted.replace(".", ","), dotted.replace(".", ",") + ".00", str(amount)):
        assert read_amount(text) == amount
