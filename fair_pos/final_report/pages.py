"""The closing report on a page, and as a Word file, PDF, workbook and CSV. What the organiser writes goes into the file and nowhere else."""

from __future__ import annotations

import base64
from collections.abc import Callable

from flask import Blueprint, Response, render_template, request
from flask_login import current_user

from fair_pos.final_report.forms import MOST_LINE, MOST_TEXT, Said, read_said
from fair_pos.final_report.paper import print_report
from fair_pos.final_report.pictures import pictures_of
from fair_pos.final_report.queries import facts_of
from fair_pos.final_report.rules import NUMBERS, Report, written
from fair_pos.final_report.sheets import flat_file, workbook
from fair_pos.final_report.word_file import word_file
from fair_pos.final_report.wording import report_of
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import slug
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading, reading_one_moment
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.plumbing.words import chosen_language
from fair_pos.reports.day_tables import tables_of
from fair_pos.reports.plan_heat import drawn_heat
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("final_report", __name__)
blueprint.add_app_template_filter(written, "cell_text")
blueprint.add_app_template_filter(lambda block: type(block).__name__, "block_kind")
blueprint.add_app_template_test(lambda cell: cell.kind in NUMBERS, "of_number")

ENDINGS = ("docx", "pdf", "xlsx", "csv")
MIME_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@blueprint.get("/editions/<edition_id>/final-report")
@requires(Verb.SEE_FIGURES)
def report(edition_id: str) -> str:
    """The report as it would be printed, with what may be written into it and the files."""
    return page(edition_id, Said(), "")


@blueprint.post("/editions/<edition_id>/final-report")
@requires(Verb.SEE_FIGURES)
def look(edition_id: str) -> str:
    """The same with what was written. Nothing is stored."""
    return page(edition_id, read_said(request.form), "")


@blueprint.get("/editions/<edition_id>/final-report.<any(docx, pdf, xlsx, csv):ending>")
@requires(Verb.SEE_FIGURES)
def plain_file(edition_id: str, ending: str) -> Response:
    """The file with nothing written into it. Raises PrinterBusy, PrintingTooSlow."""
    return as_file(made(edition_id, Said()), ending)


@blueprint.post("/editions/<edition_id>/final-report.<any(docx, pdf, xlsx, csv):ending>")
@requires(Verb.SEE_FIGURES)
def written_file(edition_id: str, ending: str) -> Response | tuple[str, int]:
    """The file with what was written; when it cannot be made, the page, so that nothing written is lost."""
    said = read_said(request.form)
    try:
        return as_file(made(edition_id, said), ending)
    except NotFound:
        raise
    except Refusal as refusal:
        return page(edition_id, said, sentence(refusal.code, refusal.facts)), refusal.status


def made(edition_id: str, said: Said) -> Report:
    """The report in the language of whoever asks. Raises NotFound."""
    # Sales arrive meanwhile; a table must not hold one that the text above it lacks.
    facts = facts_of(reading_one_moment(), edition_id, now(), may_see)
    tables = {one.name: one for one in tables_of(edition_id, None)}
    return report_of(facts, tables, drawn_heat(edition_id, None), said, chosen_language())


def may_see(edition_id: str) -> bool:
    """Whether the signed-in person may see figures of an edition that nobody has published."""
    return bool(may(current_user.roles, Verb.SEE_FIGURES, Scope(edition_id=edition_id)))


def page(edition_id: str, said: Said, error: str) -> str:
    """The page with the report, the form and, when a file could not be made, why."""
    report = made(edition_id, said)
    plots = {code: data_address(picture) for code, picture in pictures_of(report, "svg").items()}
    return render_template(
        "final_report/report.html",
        edition=get_edition(reading(), edition_id),
        report=report,
        plots=plots,
        said=said,
        error=error,
        endings=ENDINGS,
        most_line=MOST_LINE,
        most_text=MOST_TEXT,
    )


def data_address(picture: bytes) -> str:
    """An SVG as an address of its own: with one of ours, each plot would gather the whole report once more."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode("ascii")


def as_file(report: Report, ending: str) -> Response:
    """The answer that a browser saves. Raises PrinterBusy, PrintingTooSlow."""
    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: word_file(report, pictures_of(report, "png")),
        "pdf": lambda: print_report(report, pictures_of(report, "svg")),
        "xlsx": lambda: workbook(report),
        "csv": lambda: flat_file(report),
    }
    answer = Response(makers[ending](), content_type=MIME_TYPES[ending])
    name = slug(report.title)[:80]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
