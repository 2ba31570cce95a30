"""The report as PDF: tagged, with bookmarks, in the language of its words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from flask import render_template

from fair_pos.final_report.rules import Report
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "final_report" / "paper.css"


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of reports, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_report(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The report as a PDF; `pictures` are its plots as SVG by code. The same report is the same bytes. Raises PrinterBusy."""
    plots = {code: f"own:{code}.svg" for code in pictures}
    html = render_template("final_report/paper.html", report=report, plots=plots, paper=True)
    files = {plots[code]: ("image/svg+xml", picture) for code, picture in pictures.items()}
    return sheet_printer().print_sheets(html, files, tagged=True)
