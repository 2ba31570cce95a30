"""The tables of the report as a workbook and as one CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import gettext as _

from fair_pos.final_report.rules import Cell, Column, Kind, Report, Table
from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing import sheets
from fair_pos.plumbing.sheets import Page, Permille, sheet_name, write_csv, write_xlsx


def workbook(report: Report) -> bytes:
    """One sheet for each table, the key figures first; numbers are numbers. Raises TooManyRows."""
    first, *others = pages_of(report)
    return write_xlsx(*first, *others)


def pages_of(report: Report) -> list[Page]:
    """(title, headings, rows) of each sheet; no title twice, whatever the words of a language are cut to."""
    pages: list[Page] = []
    taken: set[str] = set()
    for number, table in enumerate(report.tables, start=1):
        title = sheet_name(table.sheet)
        if title.casefold() in taken:
            title = sheet_name(f"{number} {table.sheet}")
        taken.add(title.casefold())
        headings = [heading(column) for column in table.columns]
        pages.append((title, headings, [[value_of(cell) for cell in row] for row in table.lines]))
    return pages


def flat_file(report: Report) -> bytes:
    """One CSV with every value on a row of its own: table, row, column, value, unit.

    One file and not a ZIP of many: whoever wants a table as a table takes the workbook, and a program reads one file more easily.
    """
    headings = [_("Bảng"), _("Dòng"), _("Cột"), _("Giá trị"), _("Đơn vị")]
    return write_csv(headings, (row for table in report.tables for row in _flat(table)))


def _flat(table: Table) -> Iterator[Sequence[sheets.Cell]]:
    for row in table.lines:
        name = value_of(row[0])
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            yield table.title, name, file_name(column), value_of(cell), unit(cell.kind)


def heading(column: Column) -> str:
    """The name of a column with the unit of its numbers, where the name does not say it."""
    words, name = unit(column.kind), file_name(column)
    return f"{name} ({words})" if words and words not in name else name


def file_name(column: Column) -> str:
    """The name of a column in files: weights are whole grams there. Three decimals of a kilogram would be read as thousands."""
    return column.name.replace("(kg)", f"({unit('grams')})") if column.kind == "grams" else column.name


def unit(kind: Kind) -> str:
    """In what a number is counted; nothing for words, days and plain counts."""
    words: dict[str, str] = {"dong": _("đồng"), "grams": _("gam"), "permille": "%"}
    return words.get(kind, "")


def value_of(cell: Cell) -> sheets.Cell:
    """The cell as spreadsheets take it: whole numbers, instants on the Vietnamese clock."""
    value = cell.value
    if isinstance(value, int) and cell.kind == "permille":
        return Permille(value)
    if isinstance(value, int) and cell.kind == "of_hundred":
        return Permille(value, of_hundred=True)
    return value.astimezone(VIETNAM) if isinstance(value, datetime) else value
