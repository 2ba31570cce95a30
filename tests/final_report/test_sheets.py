from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from flask import Flask
from openpyxl import load_workbook

from fair_pos.final_report.rules import Cell, Column, Table, written
from fair_pos.final_report.sheets import flat_file, heading, pages_of, unit, value_of, workbook
from fair_pos.plumbing.sheets import Permille
from tests.final_report.samples import AT, FIRST, NASTY, facts, figure_tables, read_xlsx, report


def test_the_first_sheet_is_the_key_figures_and_each_table_has_its_own(app: Flask) -> None:
    made = report(app)
    with app.test_request_context():
        sheets = read_xlsx(workbook(made))
    names = list(sheets)
    assert names[0] == "Số liệu chính"
    assert len(names) == len(made.tables)
    assert sheets["Số liệu chính"][0] == ["Chỉ tiêu", "Số liệu", "Đơn vị", "Nguồn"]
    key = {row[0]: row[1] for row in sheets["Số liệu chính"][1:]}
    assert key["Thực thu"] == 1_800_000
    assert key["Tỷ trọng hàng OCOP"] == pytest.approx(0.686)


def test_numbers_are_numbers_and_days_are_days(app: Flask) -> None:
    with app.test_request_context():
        book = load_workbook(io.BytesIO(workbook(report(app))))
    sheet = book["Bán hàng theo ngày"]
    assert [cell.data_type for cell in sheet[2]] == ["d", "n", "n", "n", "n", "n", "n"]
    assert sheet.freeze_panes == "A2"
    assert book["Khách theo ngày"]["D2"].number_format == "0.0%"
    assert [row[0].data_type for row in book["Cách trả tiền"].iter_rows(min_row=2)] == ["d", "s"], "a day, and «Cộng»"


def test_no_name_becomes_a_formula_or_a_link(app: Flask) -> None:
    made = report(app, tables=figure_tables(names=NASTY))
    with app.test_request_context():
        book = load_workbook(io.BytesIO(workbook(made)))
        flat = flat_file(made).decode("utf-8-sig")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert "'=HYPERLINK" in " ".join(texts)
    assert "{{7*7}}" in texts
    rows = list(csv.reader(io.StringIO(flat)))
    assert not any(cell.startswith(("=", "+", "-", "@")) and not cell[1:2].isdigit() for row in rows for cell in row)


def test_the_csv_holds_every_value_of_every_table(app: Flask) -> None:
    made = report(app)
    with app.test_request_context():
        rows = list(csv.reader(io.StringIO(flat_file(made).decode("utf-8-sig"))))
    assert rows[0] == ["Bảng", "Dòng", "Cột", "Giá trị", "Đơn vị"]
    assert len(rows) - 1 == sum(len(list(table.lines)) * (len(table.columns) - 1) for table in made.tables)
    found = {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows[1:]}
    days = next(table for table in made.tables if table.code == "sales_days")
    assert found[days.title, "2026-11-20", "Thực thu (đồng)"] == ("900000", "đồng")
    visitors = next(table for table in made.tables if table.code == "visitors_days")
    assert found[visitors.title, "2026-11-20", "So với dự kiến"] == ("160.0", "%")


def test_units_and_values() -> None:
    assert value_of(Cell(686, "permille")) == Permille(686)
    assert value_of(Cell(238, "of_hundred")) == Permille(238, of_hundred=True)
    assert written(Cell(238, "of_hundred")) == "23,8"
    assert value_of(Cell(None, "dong")) is None
    assert value_of(Cell(FIRST, "day")) == FIRST
    assert value_of(Cell(AT, "instant")) == AT


def test_headings_say_the_unit_once(app: Flask) -> None:
    with app.test_request_context():
        assert heading(Column("Thực thu (đồng)", "dong")) == "Thực thu (đồng)"
        assert heading(Column("Thực thu", "dong")) == "Thực thu (đồng)"
        assert heading(Column("Phiếu", "count")) == "Phiếu"
        assert unit("permille") == "%"
        assert heading(Column("Cân bán (kg)", "grams")) == "Cân bán (gam)"
        assert heading(Column("Phiếu trên 100 lượt vào", "of_hundred")) == "Phiếu trên 100 lượt vào"


def test_titles_that_are_cut_alike_stay_two_sheets(app: Flask) -> None:
    made = report(app, facts())
    twice = "Thực thu theo cách trả tiền của từng gian hàng"
    tables = tuple(Table(code, code, twice, (Column("A"),), ((Cell("x"),),)) for code in ("one", "two"))
    with app.test_request_context():
        part = made.parts[0]
        doubled = replace(made, parts=(replace(part, blocks=tables),), annexes=())
        titles = [title for title, _headings, _rows in pages_of(doubled)]
    assert len({title.casefold() for title in titles}) == len(titles) == 3


def test_weights_are_whole_grams_in_files_and_kilograms_on_paper() -> None:
    assert value_of(Cell(1_575, "grams")) == 1_575
    assert written(Cell(1_575, "grams")) == "1,575"


def test_one_unit_stands_over_weights(app: Flask) -> None:
    """«Cân bán (kg) (gam)» over 230605 was read as two hundred tons."""
    weighed = replace(figure_tables()["products"].figures[0], sold_grams=230_605)
    tables = figure_tables() | {"products": replace(figure_tables()["products"], figures=[weighed])}
    made = report(app, tables=tables)
    with app.test_request_context():
        found = read_xlsx(workbook(made))["Theo products"]
        flat = list(csv.reader(io.StringIO(flat_file(made).decode("utf-8-sig"))))
    at = found[0].index("Cân bán (gam)")
    assert (found[1][at], [one for one in found[0] if "kg" in one]) == (230_605, [])
    assert ["Cân bán (gam)", "230605", "gam"] in [row[2:] for row in flat]
