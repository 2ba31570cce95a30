from __future__ import annotations

import csv
import io
import struct
import unicodedata
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.plumbing import sheets
from fair_pos.plumbing.sheets import (
    FIRST_ROWS,
    FileTooLarge,
    FileUnreadable,
    Permille,
    Row,
    Sheet,
    TooManyRows,
    guarded,
    read_sheet,
    sheet_name,
    write_csv,
    write_xlsx,
)

TEXT = "Tên sản phẩm,Giá\r\nMật ong Pa Ủ,220000\r\nRượu ngô Mù Sang,70000\r\n"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def cells(sheet: Sheet) -> list[list[str]]:
    return [sheet.headings, *(row.cells for row in sheet.rows)]


def cp1258(text: str) -> bytes:
    """Letters with a shape are one byte, tones another after them; Python's codec does not take letters apart by itself."""
    made = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        made += (bare + "".join(part for part in parts if part in TONES)).encode("cp1258")
    return made


def tcvn3(text: str) -> bytes:
    table = {letter: byte for byte, letter in sheets._TCVN3.items()}
    return bytes(table.get(letter, ord(letter) if letter.isascii() else 0) for letter in text.replace("Ủ", "ủ"))


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_dress_that_excel_gives_it(encoding: str, delimiter: str) -> None:
    sheet = read_sheet(TEXT.replace(",", delimiter).encode(encoding), "a.csv")
    assert cells(sheet) == [["Tên sản phẩm", "Giá"], ["Mật ong Pa Ủ", "220000"], ["Rượu ngô Mù Sang", "70000"]]


def test_old_vietnamese_encodings_are_read_when_the_words_leave_no_doubt() -> None:
    assert cells(read_sheet(cp1258(TEXT), "a.csv"))[1] == ["Mật ong Pa Ủ", "220000"]
    assert cells(read_sheet(tcvn3(TEXT), "a.csv"))[1] == ["Mật ong Pa ủ", "220000"]


def test_other_encodings_are_turned_away_rather_than_guessed() -> None:
    with pytest.raises(FileUnreadable):
        read_sheet("Täglich,Größe\nÄpfel,1\n".encode("cp1252"), "a.csv")
    with pytest.raises(FileUnreadable):
        read_sheet("名前,価格\n蜂蜜,1\n".encode("shift_jis"), "a.csv")


def test_rows_carry_the_number_that_a_spreadsheet_shows() -> None:
    sheet = read_sheet(b'\nName,Price\n\n"two\nlines",1\n,\nlast,2\n', "a.csv")
    assert sheet == Sheet(["Name", "Price"], [Row(4, ["two\nlines", "1"]), Row(6, ["last", "2"])])


def test_excels_own_note_on_the_delimiter_is_no_row() -> None:
    assert read_sheet(b"sep=;\r\na;b\r\n1;2\r\n", "a.csv") == Sheet(["a", "b"], [Row(3, ["1", "2"])])


def test_a_comma_between_quotes_does_not_divide() -> None:
    assert cells(read_sheet(b'"a, b, c";d\n"1,5";2\n', "a.csv")) == [["a, b, c", "d"], ["1,5", "2"]]


def test_short_rows_are_filled_up_and_long_ones_kept() -> None:
    assert cells(read_sheet(b"a,b,c\n1\n1,2,3,4\n", "a.csv"))[1:] == [["1", "", ""], ["1", "2", "3", "4"]]


def test_nothing_at_all_is_an_empty_sheet() -> None:
    assert read_sheet(b"", "a.csv") == read_sheet(b" \r\n,,\r\n", "a.csv") == Sheet([], [])


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"a,b\n1,\x002\n",
        b'a,b\n"1,2\n',
        b'a,b\n"1"x,2\n',
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old Excel file",
        b"PK\x03\x04 no archive",
        b"a,b\n" + b"x" * 200_000,
    ],
)
def test_garbage_is_turned_away(data: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_sheet(data, "a.csv")


@given(st.binary(max_size=300))
def test_whatever_bytes_come_there_is_an_answer(data: bytes) -> None:
    try:
        sheet = read_sheet(data, "a.csv")
    except (FileUnreadable, FileTooLarge):
        return
    assert all(len(row.cells) >= len(sheet.headings) for row in sheet.rows)


def test_more_rows_than_we_take_are_turned_away() -> None:
    assert len(read_sheet(b"a\n" + b"1\n" * sheets.MAX_ROWS, "a.csv").rows) == sheets.MAX_ROWS
    with pytest.raises(FileTooLarge):
        read_sheet(b"a\n" + b"1\n" * (sheets.MAX_ROWS + 1), "a.csv")


# --- XLSX -------------------------------------------------------------------------------------------------------------


def workbook(rows: list[list[object]], **sheet_titles: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(row)
    for title, others in sheet_titles.items():
        other = book.create_sheet(title)
        for row in others:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_a_workbook_holds_becomes_text() -> None:
    data = workbook(
        [["Tên", "Giá", "Ngày"], ["Mật ong", 220000, date(2023, 11, 29)], [None, None, None], ["Chè", 1.5, True]]
    )
    sheet = read_sheet(data, "whatever the name says.csv")
    assert sheet.rows == [Row(2, ["Mật ong", "220000", "2023-11-29"]), Row(4, ["Chè", "1.5", "1"])]


def test_a_fraction_never_looks_like_thousands() -> None:
    assert read_sheet(
        workbook([["a"], [1.234], [220000.0], [datetime.fromisoformat("2026-01-02 03:04")]]), "a.xlsx"
    ).rows == [
        Row(2, ["1.2340"]),
        Row(3, ["220000"]),
        Row(4, ["2026-01-02 03:04"]),
    ]


def test_formulas_are_never_evaluated() -> None:
    data = workbook([["a", "b"], ['=HYPERLINK("http://evil","x")', "=1+1"], ["kept", 1]])
    assert read_sheet(data, "a.xlsx").rows == [Row(3, ["kept", "1"])]  # no result is stored, so there is none


def test_the_first_sheet_that_holds_anything_is_read() -> None:
    assert cells(read_sheet(workbook([], Sau=[["a"], [1]]), "a.xlsx")) == [["a"], ["1"]]


def test_openpyxl_reads_xml_through_defusedxml() -> None:
    assert openpyxl.DEFUSEDXML
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    with pytest.raises(FileUnreadable):
        read_sheet(replaced(workbook([["a"], [1]]), "xl/worksheets/sheet1.xml", bomb), "a.xlsx")


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(sheets.MAX_UNPACKED_BYTES + 1))
    assert len(out.getvalue()) < 100_000
    with pytest.raises(FileTooLarge):
        read_sheet(out.getvalue(), "a.xlsx")


def test_a_zip_that_lies_about_its_size_is_turned_away() -> None:
    name, content = b"xl/workbook.xml", zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = content.compress(bytes(5_000_000)) + content.flush()
    fields = (20, 0, 8, 0, 0, zlib.crc32(b"x" * 10), len(packed), 10, len(name))
    local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields, 0) + name + packed
    central = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields, 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    with pytest.raises(FileUnreadable):
        read_sheet(local + central + end, "a.xlsx")


def test_a_row_number_beyond_every_sheet_does_not_keep_us_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_LAST_SHEET_ROW", 1000)
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="99999999999"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(FileUnreadable):
        read_sheet(replaced(workbook([["a"], [1]]), "xl/worksheets/sheet1.xml", far), "a.xlsx")


@pytest.mark.parametrize("cut", [10, 100, 1000])
def test_a_damaged_workbook_is_turned_away(cut: int) -> None:
    with pytest.raises(FileUnreadable):
        read_sheet(workbook([["a"], [1]])[:-cut], "a.xlsx")


# --- writing ----------------------------------------------------------------------------------------------------------

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠x", " =1+1", "\u00a0=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_written_as_text(text: str) -> None:
    assert guarded(text) == "'" + text
    data = write_csv([text], [[text]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline=""))) == [["'" + text], ["'" + text]]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx("a", [text], [[text]]))).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


def test_csv_is_as_in_rfc_4180_with_the_mark_excel_needs() -> None:
    data = write_csv(["Tên", "Giá", "Ngày"], [['Mật "ong"', 220000, date(2026, 11, 24)], ["a\nb", -5, None]])
    assert data == '\ufeffTên,Giá,Ngày\r\n"Mật ""ong""",220000,2026-11-24\r\n"a\nb",-5,\r\n'.encode()


def test_numbers_and_days_stay_numbers_and_days_in_a_workbook() -> None:
    data = write_xlsx(
        "Báo cáo: tháng 11/2026", ["Tên", "Giá", "Ngày"], [["Mật ong", 220000, date(2026, 11, 24)], ["x", -5, None]]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Tên", "Giá", "Ngày"],
        ["Mật ong", 220000, datetime.fromisoformat("2026-11-24")],
        ["x", -5, None],
    ]
    assert sheet["B2"].number_format == "#,##0"


def test_shares_are_percentages_in_a_workbook_and_plain_in_csv() -> None:
    rows = [[Permille(686)], [Permille(-5)]]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx("Bảng", ["Tỷ lệ"], rows))).active
    assert sheet is not None
    assert [sheet["A2"].value, sheet["A3"].value] == [0.686, -0.005]
    assert sheet["A2"].number_format == "0.0%"
    assert write_csv(["Tỷ lệ"], rows).decode("utf-8-sig").split() == ["Tỷ", "lệ", "68.6", "-0.5"]
    of_hundred = [[Permille(238, of_hundred=True)]]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx("Bảng", ["Trên 100"], of_hundred))).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].number_format) == (23.8, "#,##0.0")
    assert write_csv(["a"], of_hundred).decode("utf-8-sig").split() == ["a", "23.8"]


def test_instants_are_instants_and_every_table_has_its_sheet() -> None:
    at = datetime.fromisoformat("2026-11-25 00:05:09+07:00")
    data = write_xlsx("Phiếu", ["Giờ"], [[at]], ("Dòng hàng", ["Gam"], [[575]]))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Phiếu", "Dòng hàng"]
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.is_date) == (at.replace(tzinfo=None), True)
    assert book.worksheets[1]["A2"].value == 575
    assert "2026-11-25 00:05:09\r\n" in write_csv(["Giờ"], [[at]]).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b:c", "a b c"),
        ("'x'", "x"),
        ("", "Sheet1"),
        ("History", "Sheet1"),
        ("x" * 40, "x" * 31),
        ("Tuần\ufffe lễ", "Tuần  lễ"),
    ],
)
def test_a_sheets_name_is_one_that_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx(title, ["Giờ"], []))).sheetnames == [name]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(
    st.lists(
        st.lists(WORDS.filter(lambda text: not text.startswith("'")), min_size=2, max_size=2), min_size=1, max_size=5
    )
)
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    wanted = [row for row in rows if any(row)]
    for data in (write_csv(["x", "y"], rows), write_xlsx("a", ["x", "y"], rows)):
        assert [row.cells for row in read_sheet(data, "a").rows] == wanted


# --- what stands above the headings, and what is too long to be written ------------------------------------------------


def known(cells: Sequence[str]) -> int:
    return len({"Tên", "Giá", "Đơn vị"} & set(cells))


def test_headings_are_looked_for_below_a_title() -> None:
    text = "BẢNG GIÁ, THÁNG 11\n\nHTX Pa Ủ;Giá;\nTên;Giá;Đơn vị\nMật ong;220,000;chai\n"
    sheet = read_sheet(text.encode(), "a.csv", known)
    assert sheet == Sheet(["Tên", "Giá", "Đơn vị"], [Row(5, ["Mật ong", "220,000", "chai"])])
    assert sheet.heading_number == 4


def test_headings_below_the_first_rows_are_not_found() -> None:
    text = "a\n" * FIRST_ROWS + "Tên\nb\n"
    sheet = read_sheet(text.encode(), "a.csv", known)
    assert (sheet.headings, sheet.heading_number, len(sheet.rows)) == (["a"], 1, FIRST_ROWS + 1)


def test_a_text_file_is_read_as_one_whatever_its_name_says() -> None:
    assert cells(read_sheet("Tên,Giá\nMật ong,1\n".encode(), "hang.xlsx")) == [["Tên", "Giá"], ["Mật ong", "1"]]
    with pytest.raises(FileUnreadable):
        read_sheet(b"%PDF-1.7\n\x00\xff", "hang.xlsx")


def test_a_workbook_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_LAST_SHEET_ROW", 4)
    assert write_xlsx("a", ["a"], [[1]] * 3)
    with pytest.raises(TooManyRows):
        write_xlsx("a", ["a"], [[1]] * 4)
