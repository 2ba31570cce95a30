"""Tables in and out as files: CSV and XLSX.

Reading gives text and row numbers, nothing else; what a cell means is decided by the feature that asked. Nothing in a file is
ever evaluated, its true unpacked size is measured before it is read, and every cell that a spreadsheet program could take
for a formula is written so that it is text (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from fair_pos.kernel.refusal import Refusal

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_LAST_SHEET_ROW = 1_048_576  # XLSX knows no row beyond
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Permille:
    """A share of a thousand: «68.6» in CSV; in a workbook 68.6 %, or 68.6 under a heading that says «of a hundred»."""

    value: int
    of_hundred: bool = False


Cell = str | int | date | Permille | None
"""What can be written: a number becomes a number, a day a day, None an empty cell. An instant is written as its own clock says, without a zone."""


class FileUnreadable(Refusal):
    """Neither CSV in a known encoding nor XLSX, or damaged."""

    code = "file_unreadable"


class TooManyRows(Refusal):
    """A file of more than `rows` rows was asked for."""

    code = "too_many_rows"
    status = 413


class FileTooLarge(Refusal):
    """More than `rows` rows, or unpacks to more than we read."""

    code = "file_too_large"
    status = 413


@dataclass(frozen=True)
class Row:
    """One row: `number` as a spreadsheet program shows it (the first is 1), `cells` as text, at least as many as headings."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """The row of headings (`heading_number` as in Row), and the rows below it that hold anything."""

    headings: list[str]
    rows: list[Row]
    heading_number: int = field(default=1, compare=False)


FIRST_ROWS = 10
"""Among so many rows the headings are looked for: above them may stand a title, a date, whose list it is."""
Rate = Callable[[Sequence[str]], int]
"""How many of a row's cells look like headings."""


# --- reading --------------------------------------------------------------------------------------------------------


def read_sheet(data: bytes, filename: str, rate: Rate | None = None) -> Sheet:
    """The table in a file. What the file is, is read from its bytes; `filename` only settles an empty file.

    CSV may be UTF-8 or UTF-16, or an old Vietnamese encoding (CP1258, TCVN3) when its words leave no doubt which; cells may be
    divided by comma, semicolon or tab. Of an XLSX the sheet that was open last is read; a formula counts as its last result.
    Numbers come without grouping («220000»), a fraction never has three decimals (so none looks like thousands), days as
    «2026-11-24». The headings are the first row that holds anything or, of the first ten, the one that `rate` finds the most in;
    rows above them are left out. Raises FileUnreadable or FileTooLarge.
    """
    if data.startswith(_ZIP):
        return _sheet_of(_xlsx_rows(data), rate)
    if data.startswith(_OLD_EXCEL) or (not data and filename.casefold().endswith(".xlsx")):
        raise FileUnreadable
    return _sheet_of(_csv_rows(_decode(data), rate), rate)


def _sheet_of(numbered: Iterable[tuple[int, Sequence[str]]], rate: Rate | None) -> Sheet:
    filled = ((number, cells) for number, row in numbered if (cells := _trimmed(row)))
    first = list(islice(filled, FIRST_ROWS))
    if not first:
        return Sheet([], [])
    rates = [rate(cells) if rate is not None else 0 for _, cells in first]
    at = rates.index(max(rates))
    heading_number, headings = first[at]
    rows: list[Row] = []
    for number, cells in chain(first[at + 1 :], filled):
        if len(rows) == MAX_ROWS:
            raise FileTooLarge(rows=MAX_ROWS)
        rows.append(Row(number, cells + [""] * (len(headings) - len(cells))))
    return Sheet(headings, rows, heading_number)


def _trimmed(cells: Sequence[str]) -> list[str]:
    trimmed = [_without_guard(cell.strip()) for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _csv_rows(text: str, rate: Rate | None) -> Iterator[tuple[int, Sequence[str]]]:
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=([,;\t])\r?", first)  # Excel's own note on what divides the cells
    delimiter = told.group(1) if told else _delimiter_of(text, rate)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=2 if told else 1):
            yield number, cells[:MAX_COLUMNS]
    except csv.Error:
        raise FileUnreadable from None


def _delimiter_of(text: str, rate: Rate | None) -> str:
    """What divides the cells of the first line that holds anything, text between quotes aside; or what makes better headings."""
    start = text[:20_000]
    unquoted = re.sub(r'"[^"]*"', "", start)
    first = next((line for line in unquoted.splitlines() if line.strip(" ,;\t")), "")
    marks = sorted(",;\t", key=first.count, reverse=True)
    if rate is None:
        return marks[0]

    def best(mark: str) -> int:
        rows = islice(csv.reader(io.StringIO(start, newline=""), delimiter=mark), FIRST_ROWS)
        return max((rate([cell.strip() for cell in row]) for row in rows), default=0)

    return max(marks, key=best)


def _decode(data: bytes) -> str:
    text = _decode_unicode(data)
    if text is None:
        text = _decode_old_vietnamese(data)
    if text is None or any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n" for letter in set(text)):
        raise FileUnreadable
    return text


def _decode_unicode(data: bytes) -> str | None:
    encoding = _UTF16.get(data[:2], "utf-8-sig")
    if encoding != "utf-16" and data[1:2] == b"\0":
        encoding = "utf-16-le"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


# TCVN 5712 «ABC»: the fonts of the nineties. Capitals with a tone were a matter of the font and come out small.
_TCVN3_BYTES = bytes.fromhex(
    "a1a2a3a4a5a6a7a8a9aaabacadaeb5b6b7b8b9bbbcbdbec6c7c8c9cacbccced0cfd1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedee"
    "eff1f2f3f4f5f6f7f8f9fafbfcfdfe"
)
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻéẽẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = dict(zip(_TCVN3_BYTES, _TCVN3_LETTERS, strict=True))
_SYLLABLE = re.compile(
    r"(ngh?|nh|kh|ph|th|tr|ch|gh?|gi|qu|[bcdđhklmnprstvx])?"
    r"(iê|yê|uyê|uya|uy|uô|ươ|oă|oa|oe|uâ|uê|uơ|ia|ya|ua|ưa|ai|ao|au|ay|âu|ây|eo|êu|iu|iêu|yêu|oi|ôi|ơi|oai|oay|oeo|ui|ưi|uôi|ươi|ưu|ươu|uây|uyu|[aăâeêioôơuưy])"
    r"(ch|ng|nh|[cmnpt])?"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def _decode_old_vietnamese(data: bytes) -> str | None:
    """The text in CP1258 or TCVN3; None unless exactly one of them makes Vietnamese words of it."""
    readings = [_decode_cp1258(data), "".join(_TCVN3.get(byte, chr(byte)) for byte in data)]
    sure = [text for text in readings if text is not None and _looks_vietnamese(text)]
    return sure[0] if len(sure) == 1 else None


def _decode_cp1258(data: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _looks_vietnamese(text: str) -> bool:
    """Whether nearly all words that are not plain ASCII are possible Vietnamese syllables."""
    marked = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if not word.isascii()]
    return bool(marked) and sum(map(_is_syllable, marked)) >= 0.95 * len(marked)


def _is_syllable(word: str) -> bool:
    bare, tones = _TONES.subn("", unicodedata.normalize("NFD", word))
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def _xlsx_rows(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    from openpyxl import load_workbook  # brings numpy along, which a start without a workbook need not wait for

    try:
        _measure(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = sorted(workbook.worksheets, key=lambda sheet: sheet is not workbook.active)
        for sheet in sheets:
            sheet.reset_dimensions()  # what the file says about its own size is not believed
            empty = True
            for number, values in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
                if number > _LAST_SHEET_ROW:
                    raise FileUnreadable
                if any(value is not None for value in values):
                    empty = False
                    yield number, [_text_of(value) for value in values]
            if not empty:
                return
    except (
        AttributeError, BadZipFile, EOFError, IndexError, KeyError, NotImplementedError, OSError, OverflowError, ParseError,
        RuntimeError, TypeError, ValueError, zlib.error,
    ):  # fmt: skip  # what a damaged, encrypted or forged workbook makes its readers raise
        raise FileUnreadable from None


def _measure(data: bytes) -> None:
    """Unpack everything once in small pieces, keeping nothing: a small file may claim little and unpack to gigabytes."""
    left = MAX_UNPACKED_BYTES
    with ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            with archive.open(member) as packed:
                while piece := packed.read(64 * 1024):
                    left -= len(piece)
                    if left < 0:
                        raise FileTooLarge(rows=MAX_ROWS)


def _text_of(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float():
            return _text_of_float(value)
        case datetime():
            return value.date().isoformat() if value.time() == time_of_day() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _text_of_float(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = f"{value:.10g}"
    # «1.234» would be read as one thousand two hundred and thirty-four.
    return text + "0" if re.search(r"\.\d{3}$", text) else text


# --- writing --------------------------------------------------------------------------------------------------------

_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def guarded(text: str) -> str:
    """`text` with an apostrophe before it when a spreadsheet program would take it for a formula."""
    return "'" + text if text.lstrip(" \u00a0").startswith(_STARTS_FORMULA) else text


def _without_guard(text: str) -> str:
    """Undo `guarded`, so that what we wrote can be read back."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV as in RFC 4180, UTF-8 with the byte order mark without which Excel shows «Má»­t ong»; days as 2026-11-24, instants as 2026-11-24 14:05:09."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(heading) for heading in headings])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _csv_cell(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case datetime():
            return cell.replace(tzinfo=None).isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case Permille():
            sign = "-" if cell.value < 0 else ""
            return f"{sign}{abs(cell.value) // 10}.{abs(cell.value) % 10}"
        case _:
            return cell


Page = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""(title, headings, rows)."""


def write_xlsx(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *more: Page,
    created: datetime | None = None,
) -> bytes:
    """A workbook with a sheet named `title`, and one for each of `more`: numbers grouped by thousands, days as days, instants as instants.

    The headings are always in view. Titles must differ. With `created`, which stands in the file, the same cells are the same bytes.
    Raises TooManyRows.
    """
    import xlsxwriter

    out = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **never}) as workbook:
        if created is not None:
            workbook.set_properties({"created": created.replace(tzinfo=None)})
        formats = {
            "heading": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "number": workbook.add_format({"num_format": "#,##0"}),
            "day": workbook.add_format({"num_format": "dd/mm/yyyy"}),
            "instant": workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
            "share": workbook.add_format({"num_format": "0.0%"}),
            "tenths": workbook.add_format({"num_format": "#,##0.0"}),
        }
        for name, titles, lines in ((title, headings, rows), *more):
            _write_sheet(workbook.add_worksheet(sheet_name(name)), formats, titles, lines)
    return out.getvalue()


def _write_sheet(
    sheet: Any, formats: Mapping[str, Any], headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    widths = [len(heading) for heading in headings]
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, guarded(heading), formats["heading"])
    for line, row in enumerate(rows, start=1):
        if line >= _LAST_SHEET_ROW:
            raise TooManyRows(rows=_LAST_SHEET_ROW - 1)
        for column, cell in enumerate(row):
            match cell:
                case None:
                    continue
                case str():
                    sheet.write_string(line, column, guarded(cell))
                case datetime():
                    sheet.write_datetime(line, column, cell.replace(tzinfo=None), formats["instant"])
                case date():
                    sheet.write_datetime(line, column, cell, formats["day"])
                case Permille():
                    whole, form = (10, "tenths") if cell.of_hundred else (1000, "share")
                    sheet.write_number(line, column, cell.value / whole, formats[form])
                case _:
                    sheet.write_number(line, column, cell, formats["number"])
            if column < len(widths):
                widths[column] = max(widths[column], len(str(_csv_cell(cell))))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, 8), 50))
    sheet.freeze_panes(1, 0)


def sheet_name(title: str) -> str:
    r"""`title` as Excel allows it: at most 31 characters, none of []:*?/\\, no apostrophe at the ends."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]", " ", title)[:31].strip(" '")
    return name if name and name.casefold() != "history" else "Sheet1"
