"""The report as a Word file (DOCX), with the measures of Decree 30/2020/NĐ-CP: A4, Times New Roman, page numbers above from page two.

Tables are written as XML in one piece: python-docx looks for each cell anew, and the goods of a fair took it a minute.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fair_pos.final_report.rules import (
    NUMBERS,
    Block,
    Cell,
    Foot,
    Head,
    Heading,
    Paragraph,
    Part,
    Plot,
    Report,
    Table,
    plain,
    written,
)

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Times New Roman"
# Decree 30, annex I, part I: 20–25 mm above and below, 30–35 on the left, 15–20 on the right.
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 25, 20, 30, 15
TEXT_MM = 210 - LEFT_MM - RIGHT_MM
LEFT_HEAD_MM = 70
BODY_PT, SMALL_PT, TABLE_PT, WIDE_TABLE_PT = 13, 12, 11, 10
MOST_NARROW_COLUMNS = 6
"""Tables with more columns are set smaller."""
INDENT_MM = 10
_TWIPS_A_MM = 1440 / 25.4
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP can say: when a file was packed is no part of the report."""


def word_file(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The report as DOCX; `pictures` are its plots as PNG by code. The same report gives the same bytes."""
    import docx

    document = docx.Document()
    _set_up(document, report)
    _section(document, first=True)
    _head(document, report.head)
    for part in report.parts:
        _part(document, part, pictures)
    _foot(document, report.foot)
    for annex in report.annexes:
        _section(document, first=False)
        _annex_head(document, report, annex)
        for block in annex.blocks:
            _block(document, block, pictures)
    out = io.BytesIO()
    document.save(out)
    return _without_times(out.getvalue())


# --- the document as a whole ------------------------------------------------------------------------------------------


def _set_up(document: Document, report: Report) -> None:
    from docx.shared import Mm, Pt, RGBColor

    language = _LANGUAGES[report.language]
    about = document.core_properties
    about.title, about.subject, about.author = _fit(report.title), _fit(report.head.subject), _fit(report.author)
    about.last_modified_by, about.comments, about.keywords = _fit(report.author), "", ""
    about.language, about.revision = language, 1
    about.created = about.modified = report.made_at.replace(tzinfo=None, microsecond=0)
    styles = document.styles
    for name, size, bold in (
        ("Normal", BODY_PT, False), ("Title", 14, True), ("Heading 1", BODY_PT, True), ("Heading 2", BODY_PT, True),
        ("Heading 3", BODY_PT, True), ("Caption", SMALL_PT, True), ("Header", BODY_PT, False),
    ):  # fmt: skip
        style: Any = styles[name]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
        style.font.color.rgb, style.font.italic = RGBColor(0, 0, 0), name == "Heading 3"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for which in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(_name(which), FONT)
        for which in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(_name(which), None)
        spaced = style.paragraph_format
        spaced.space_before, spaced.space_after, spaced.line_spacing = Pt(6 if "Heading" in name else 0), Pt(6), 1.1
        spaced.keep_with_next = "Heading" in name or name in {"Title", "Caption"}
        borders = style.element.get_or_add_pPr().find(_name("w:pBdr"))
        if borders is not None:  # Word's own title has a blue line below
            borders.getparent().remove(borders)
    for indented in ("Heading 1", "Heading 2", "Heading 3"):
        styles[indented].paragraph_format.first_line_indent = Mm(INDENT_MM)
    for found in styles.element.iter(_name("w:lang")):
        for which in ("w:val", "w:eastAsia"):
            found.set(_name(which), language)


def _fit(text: str) -> str:
    return plain(text)[:255]  # python-docx refuses more


def _section(document: Document, *, first: bool) -> None:
    """A4 with its margins; pages are numbered above from the second one, in every annex from one again."""
    from docx.enum.section import WD_SECTION
    from docx.oxml import parse_xml
    from docx.shared import Mm

    section: Any = document.sections[0] if first else document.add_section(WD_SECTION.NEW_PAGE)
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin, section.header_distance = Mm(LEFT_MM), Mm(RIGHT_MM), Mm(12)
    section.different_first_page_header_footer = True
    for old in section._sectPr.findall(_name("w:pgNumType")):  # noqa: SLF001 (python-docx has no page numbers of its own)
        section._sectPr.remove(old)  # noqa: SLF001
    # Its place is fixed by the schema: after the margins.
    margins = section._sectPr.find(_name("w:pgMar"))  # noqa: SLF001
    margins.addnext(parse_xml(f'<w:pgNumType {_W} w:start="1"/>'))
    if first:
        paragraph = section.header.paragraphs[0]
        paragraph._p.getparent().replace(  # noqa: SLF001
            paragraph._p,  # noqa: SLF001
            parse_xml(
                f'<w:p {_W}><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="center"/></w:pPr>'
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
            ),
        )


def _without_times(data: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for member in old.infolist():
            same = ZipInfo(member.filename, _ZIP_DAY)
            same.compress_type, same.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(same, old.read(member))
    return out.getvalue()


# --- head and foot ----------------------------------------------------------------------------------------------------


def _head(document: Document, head: Head) -> None:
    left, right = LEFT_HEAD_MM, TEXT_MM - LEFT_HEAD_MM
    agency = [_line(head.parent.upper(), 12)] if head.parent else []
    agency += [_line(head.agency.upper(), 12, bold=True), _rule(left, len(head.agency) * 0.9)]
    country = [_line(head.country, 12, bold=True), _line(head.motto, 13, bold=True), _rule(right, 59)]
    number, day = [_line(head.number, 13)], [_line(head.place_and_day, 13, italic=True)]
    _append(document, _plain_table((left, right), [(agency, country), (number, day)]))
    title, subject = document.add_paragraph(style="Title"), document.add_paragraph(style="Title")
    for paragraph, text in ((title, head.kind), (subject, head.subject)):
        paragraph.add_run(plain(text))
        _centre(paragraph)
    subject.paragraph_format.space_after = _pt(0)
    _append(document, _rule(TEXT_MM, min(len(head.subject) * 0.9, 60)))
    if head.addressees:
        _append(document, _line(f"{head.addressees_word} {'; '.join(head.addressees)}.", 14, after=8))


def _annex_head(document: Document, report: Report, annex: Part) -> None:
    several = len(report.annexes) > 1
    name = document.add_paragraph(style="Heading 1")
    name.add_run(plain(f"{report.annex_word} {annex.number}" if several else report.annex_word))
    name.add_run().add_break()
    name.add_run(plain(annex.title.upper()))
    name.paragraph_format.first_line_indent = _pt(0)
    _centre(name)
    _append(document, _line(report.annex_reference, 13, italic=True, after=8))


def _foot(document: Document, foot: Foot) -> None:
    left, right = LEFT_HEAD_MM + 10, TEXT_MM - LEFT_HEAD_MM - 10
    receivers = [_line(foot.recipients_word, 12, bold=True, italic=True, align="left")]
    receivers += [_line(f"- {one}", 11, align="left") for one in foot.recipients]
    signer = [_line(foot.authority.upper(), 13, bold=True)] if foot.authority else []
    signer += [_line(foot.office.upper(), 13, bold=True), _line(foot.sign_here, 12, italic=True)]
    signer += [_line("", 13) for _ in range(4)]
    signer.append(_line(foot.name, 13, bold=True))
    _append(document, _line("", 8))
    _append(document, _plain_table((left, right), [(receivers, signer)]))


# --- parts and blocks -------------------------------------------------------------------------------------------------


def _part(document: Document, part: Part, pictures: Mapping[str, bytes]) -> None:
    document.add_paragraph(plain(f"{part.number}. {part.title.upper()}"), style="Heading 1")
    for block in part.blocks:
        _block(document, block, pictures)


def _block(document: Document, block: Block, pictures: Mapping[str, bytes]) -> None:
    match block:
        case Heading():
            document.add_paragraph(plain(block.text), style=f"Heading {block.level}")
        case Paragraph():
            _paragraph(document, block)
        case Table():
            document.add_paragraph(plain(block.title), style="Caption")
            _append(document, _table(block))
            _append(document, _line(block.note, 11, italic=True, align="left", after=8, before=2))
        case Plot():
            _plot(document, block, pictures[block.code])


def _paragraph(document: Document, block: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    if block.style == "blank":
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.add_run("\t")
        return
    run = paragraph.add_run(("- " if block.style == "item" else "") + plain(block.text))
    run.bold, run.italic = block.style == "strong", block.style == "note"
    if block.style == "note":
        run.font.size = _pt(SMALL_PT)
    paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(INDENT_MM)


def _plot(document: Document, plot: Plot, picture: bytes) -> None:
    from docx.shared import Mm

    document.add_paragraph(plain(plot.title), style="Caption")
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(TEXT_MM))
    about = shape._inline.docPr  # noqa: SLF001 (python-docx gives a picture no text of its own)
    about.set("descr", plain(plot.alt))
    about.set("title", plain(plot.title))
    about.set("name", plot.code)


def _table(table: Table) -> str:
    """The table as WordprocessingML: fixed widths that fill the text, headings again on every page, no row torn in two."""
    size = TABLE_PT if len(table.columns) <= MOST_NARROW_COLUMNS else WIDE_TABLE_PT
    widths = [int(TEXT_MM * _TWIPS_A_MM * width / 1000) for width in table.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    headings = "".join(
        _cell(column.name, width, size, align="center", bold=True)
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{headings}</w:tr>"]
    for at, row in enumerate(table.lines):
        cells = "".join(
            _value(one, width, size, bold=at >= len(table.rows)) for one, width in zip(row, widths, strict=True)
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    about = f"<w:tblCaption w:val={quoteattr(plain(table.title))}/>"
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        f"{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _value(cell: Cell, width: int, size: int, *, bold: bool) -> str:
    return _cell(written(cell), width, size, align="right" if cell.kind in NUMBERS else "left", bold=bold)


def _cell(text: str, width: int, size: int, *, align: str, bold: bool) -> str:
    line = _line(text, size, align=align, bold=bold, alone=False)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{line}</w:tc>'


# --- pieces of XML ----------------------------------------------------------------------------------------------------


def _line(
    text: str, size: int, *, bold: bool = False, italic: bool = False, align: str = "center", before: int = 0, after: int = 0,
    alone: bool = True,
) -> str:  # fmt: skip
    """A paragraph of one run, single-spaced; `size`, `before` and `after` in points. `alone`: not inside other XML of ours."""
    marks = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    space = f" {_W}" if alone else ""
    return (
        f'<w:p{space}><w:pPr><w:spacing w:before="{before * 20}" w:after="{after * 20}" w:line="240" w:lineRule="auto"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{marks}<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(text))}</w:t></w:r></w:p>'
    )


def _rule(room_mm: int, wanted_mm: float) -> str:
    """A solid line, `wanted_mm` long in the middle of `room_mm`: the upper edge of an empty paragraph set in from both sides."""
    inset = int((room_mm - min(max(wanted_mm, 20), room_mm - 4)) / 2 * _TWIPS_A_MM)
    return (
        f'<w:p {_W}><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="20" w:after="80" w:line="120" w:lineRule="exact"/><w:ind w:left="{inset}" w:right="{inset}"/></w:pPr></w:p>'
    )


def _plain_table(widths_mm: tuple[int, int], rows: list[tuple[list[str], list[str]]]) -> str:
    """Two columns without lines, for what stands beside each other in head and foot."""
    twips = [int(width * _TWIPS_A_MM) for width in widths_mm]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    cells: Callable[[tuple[list[str], list[str]]], str] = lambda row: "".join(  # noqa: E731 (read once, right below)
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'
        for width, lines in zip(twips, row, strict=True)
    )
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{cells(row)}</w:tr>' for row in rows)}</w:tbl>"
    )


def _append(document: Document, xml: str) -> None:
    """Put `xml` at the end of the text, before what closes the section."""
    from docx.oxml import parse_xml

    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")


def _centre(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _pt(points: int) -> Any:
    from docx.shared import Pt

    return Pt(points)


def _name(prefixed: str) -> str:
    from docx.oxml.ns import qn

    return qn(prefixed)
