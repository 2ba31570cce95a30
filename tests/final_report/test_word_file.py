"""The Word file as Word would find it: parts, styles, sections, tables, pictures with words."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from flask import Flask

from fair_pos.final_report.forms import Said
from fair_pos.final_report.pictures import pictures_of
from fair_pos.final_report.rules import Report, Table, written
from fair_pos.final_report.word_file import FONT, TEXT_MM, word_file
from tests.final_report.samples import NASTY, figure_tables, read_docx, report


def made(app: Flask, **changes: Any) -> tuple[Report, bytes]:
    found = report(app, **changes)
    return found, word_file(found, pictures_of(found, "png"))


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


@pytest.fixture
def paper(app: Flask) -> tuple[Report, Document]:
    found, data = made(app)
    return found, opened(data)


def test_paper_and_margins_are_those_of_the_decree(paper: tuple[Report, Document]) -> None:
    for section in paper[1].sections:
        assert section.page_width is not None
        assert section.page_height is not None
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(side.mm) for side in sides if side is not None] == [25, 20, 30, 15]


def test_pages_are_numbered_above_from_the_second_on_and_each_annex_by_itself(paper: tuple[Report, Document]) -> None:
    report, document = paper
    assert len(document.sections) == 1 + len(report.annexes)
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert "PAGE" in section.header._element.xml
        assert 'w:jc w:val="center"' in section.header._element.xml
        assert not "".join(one.text for one in section.first_page_header.paragraphs)


def test_every_word_is_in_times_new_roman_and_in_vietnamese(paper: tuple[Report, Document]) -> None:
    styles: Any = paper[1].styles
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "Header"):
        fonts = styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{which}")) for which in ("ascii", "hAnsi", "eastAsia", "cs")} == {FONT}
        assert not [key for key in fonts.attrib if key.endswith("Theme")]
    assert 13 <= styles["Normal"].font.size.pt <= 14
    languages = {one.get(qn("w:val")) for one in styles.element.iter(qn("w:lang"))}
    assert languages == {"vi-VN"}
    assert "w:rFonts" not in paper[1].element.body.xml


def test_what_the_file_says_about_itself(paper: tuple[Report, Document]) -> None:
    about = paper[1].core_properties
    assert about.title == "Báo cáo tổng kết Tuần lễ OCOP 2026"
    assert about.author == "Ban tổ chức Tuần lễ OCOP 2026"
    assert about.language == "vi-VN"
    assert about.comments == ""


def test_headings_are_headings(paper: tuple[Report, Document]) -> None:
    found = [
        (one.style.name, one.text)
        for one in paper[1].paragraphs
        if one.style is not None and "Heading" in str(one.style.name)
    ]
    assert ("Heading 1", "I. TÌNH HÌNH CHUNG") in found
    assert ("Heading 1", "IV. KIẾN NGHỊ, ĐỀ XUẤT") in found
    assert ("Heading 2", "1. Khách tham quan") in found
    assert ("Heading 1", "Phụ lục III\nMỨC ĐỘ ĐẦY ĐỦ CỦA SỐ LIỆU") in found


def test_tables_hold_every_cell_and_fit_the_page(paper: tuple[Report, Document]) -> None:
    report, document = paper
    tables = [one for one in document.tables if one._tbl.tblPr.find(qn("w:tblCaption")) is not None]
    every = [block for part in (*report.parts, *report.annexes) for block in part.blocks]
    blocks = {block.title: block for block in every if isinstance(block, Table)}
    assert len(tables) == len(blocks)
    for table in tables:
        block = blocks[table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))]
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert rows == [
            [column.name for column in block.columns],
            *([written(cell) for cell in row] for row in block.lines),
        ]
        assert "w:tblHeader" in table.rows[0]._tr.xml
        widths = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert sum(widths) <= TEXT_MM * 1440 / 25.4
    sales = next(
        one
        for one in tables
        if one.rows[0].cells[0].text == "Ngày" and len(one.columns) == 7 and "Bán ra" in one.rows[0].cells[3].text
    )
    assert 'w:jc w:val="right"' in sales.rows[1].cells[3]._tc.xml


def test_pictures_carry_their_words(paper: tuple[Report, Document]) -> None:
    report, document = paper
    found = {one.get("name"): one.get("descr") for one in document.element.body.iter(qn("wp:docPr"))}
    assert found == {code: plot.alt for code, plot in report.plots.items()}
    assert all(round(shape.width.mm) == TEXT_MM for shape in document.inline_shapes)


def test_names_that_try_to_be_something_else_are_text(app: Flask) -> None:
    text = read_docx(made(app, tables=figure_tables(names=NASTY))[1])
    for name in (
        '=HYPERLINK("http://x.example";"bấm")',
        "<script>alert(1)</script>",
        "{{7*7}}",
        "Mật 000.5 ong",
        'Ông "A" & bà <B>',
        "Đ" * 300,
    ):
        assert name in text, name
    assert "\u202e" not in text


def test_control_characters_do_not_damage_the_file(app: Flask) -> None:
    said = Said(agency="Ban\x00tổ chức\x0b", assessment=("Dòng\x1b một", "\ud800"), name="A" * 300)
    assert "Dòng một" in read_docx(made(app, said=said)[1])


def test_the_same_report_is_the_same_bytes(app: Flask) -> None:
    first, second = made(app)[1], made(app)[1]
    assert first == second
    with ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_english(app: Flask) -> None:
    document = opened(made(app, language="en")[1])
    assert document.core_properties.language == "en-GB"
    assert any("SOCIALIST REPUBLIC OF VIET NAM" in cell.text for cell in document.tables[0].rows[0].cells)
