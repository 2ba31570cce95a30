"""Pages about printers of an edition and what became of their papers, and about the copies of a receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.queries import people_with
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import print_trouble_sentence, sentence
from fair_pos.plumbing.web import requires
from fair_pos.printing import actions, queries
from fair_pos.printing.forms import EMPTY_PRINTER, printer_as_said, printer_said
from fair_pos.printing.paper import receipt_of_sale
from fair_pos.printing.rules import RAW_PORTS, WIDTH_DOTS
from fair_pos.printing.sender import ring
from fair_pos.receipts.paper import print_receipt
from fair_pos.sales.queries import find_sale
from fair_pos.settings import Settings
from fair_pos.venues.queries import booths_of, get_booth, get_edition

blueprint = Blueprint("printing", __name__)
JOBS_SHOWN = 60


# --- printers -------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/printers")
@requires(Verb.MANAGE_PRINTERS)
def printers(edition_id: str) -> str:
    """The printers of an edition, the form for another, and the newest papers with what became of them."""
    first = not queries.printers_of(reading(), edition_id)  # most fairs have one, and it is for all
    return printers_page(edition_id, replace(EMPTY_PRINTER, everywhere=first), "")


@blueprint.post("/editions/<edition_id>/printers")
@requires(Verb.MANAGE_PRINTERS)
def add_printer(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Another printer."""
    said, by = printer_said(request.form), current_user.id
    try:
        in_transaction(lambda session: actions.add_printer(session, edition_id, said, at=now(), by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return printers_page(edition_id, said, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã thêm máy in «%(name)s». Hãy bấm «In thử» để xem giấy ra có rõ không.", name=said.name.strip()))
    return redirect(url_for("printing.printers", edition_id=edition_id))


@blueprint.get("/editions/<edition_id>/printers/<printer>")
@requires(Verb.MANAGE_PRINTERS)
def printer(edition_id: str, printer: str) -> str:
    """The form for a printer that there is."""
    found = queries.get_printer(reading(), edition_id, printer)
    booths = frozenset(queries.booths_by_printer(reading(), edition_id).get(printer, ()))
    return printer_page(edition_id, printer, printer_as_said(found, booths), "")


@blueprint.post("/editions/<edition_id>/printers/<printer>")
@requires(Verb.MANAGE_PRINTERS)
def change_printer(edition_id: str, printer: str) -> AnyResponse | tuple[str, int]:
    """Change it; what waits goes to where it now stands."""
    said, by = printer_said(request.form), current_user.id
    try:
        in_transaction(lambda session: actions.change_printer(session, edition_id, printer, said, at=now(), by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return printer_page(edition_id, printer, said, sentence(refusal.code, refusal.facts)), refusal.status
    ring()
    flash(_("Đã lưu. Hãy bấm «In thử» để xem giấy ra có rõ không."))
    return redirect(url_for("printing.printers", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/printers/<printer>/remove")
@requires(Verb.MANAGE_PRINTERS)
def remove_printer(edition_id: str, printer: str) -> AnyResponse:
    """The booths print from their tablets again."""
    by = current_user.id
    in_transaction(lambda session: actions.remove_printer(session, edition_id, printer, at=now(), by=by))
    flash(_("Đã bỏ máy in. Các gian của nó in từ máy bán hàng."))
    return redirect(url_for("printing.printers", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/printers/<printer>/test")
@requires(Verb.MANAGE_PRINTERS)
def print_test(edition_id: str, printer: str) -> AnyResponse | tuple[str, int]:
    """«In thử»."""
    return queue(edition_id, lambda s, at, by: actions.queue_test_page(s, edition_id, printer, at=at, by=by))


@blueprint.post("/editions/<edition_id>/print-jobs/<job>/again")
@requires(Verb.MANAGE_PRINTERS)
def print_again(edition_id: str, job: str) -> AnyResponse | tuple[str, int]:
    """«In lại»: a paper that came out already comes out as a copy."""
    return queue(edition_id, lambda s, at, by: actions.print_again(s, edition_id, job, at=at, by=by))


def queue(edition_id: str, work: Callable[[Session, datetime, str], object]) -> AnyResponse | tuple[str, int]:
    """Queue something for a printer and show the list, where it can be watched."""
    at, by = now(), current_user.id
    try:
        in_transaction(lambda session: work(session, at, by))
    except NotFound:
        raise
    except Refusal as refusal:
        return printers_page(edition_id, EMPTY_PRINTER, sentence(refusal.code, refusal.facts)), refusal.status
    ring()
    flash(_("Đã gửi tới máy in. Xem kết quả ở «Giấy đã gửi» bên dưới; bấm «Xem lại» sau vài giây."))
    return redirect(url_for("printing.printers", edition_id=edition_id))


def printers_page(edition_id: str, said: actions.PrinterSaid, error: str) -> str:
    """Everything about the printers of an edition, with the form as it was sent."""
    session = reading()
    edition = get_edition(session, edition_id)
    jobs = queries.jobs_of(session, edition_id, limit=JOBS_SHOWN)
    booths = booths_of(session, edition_id)
    chosen = queries.booths_by_printer(session, edition_id)
    return render_template(
        "printing/printers.html",
        edition=edition,
        rows=[
            (one, [booth for booth in booths if booth.id in chosen.get(one.id, ())])
            for one in queries.printers_of(session, edition_id)
        ],
        names=queries.printer_names(session, {job.printer_id for job in jobs}),
        jobs=[(job, print_trouble_sentence(job.trouble) if job.trouble else "") for job in jobs],
        # A job that failed may have been asked for again since; that one is newer and shown with it.
        came_out={(job.sale_id, job.copy_no) for job in jobs if job.state == "done" and job.sale_id},
        on_the_way={(job.sale_id, job.copy_no) for job in jobs if job.state == "waiting" and job.sale_id},
        sales={one: find_sale(session, one) for one in {job.sale_id for job in jobs if job.sale_id}},
        people=names(job.person_id for job in jobs),
        booths=booths,
        widths=WIDTH_DOTS,
        ports=RAW_PORTS,
        said=said,
        error=error,
        now=now(),
    )


def printer_page(edition_id: str, printer: str, said: actions.PrinterSaid, error: str) -> str:
    """One printer with its form as it was sent."""
    session = reading()
    return render_template(
        "printing/printer.html",
        edition=get_edition(session, edition_id),
        printer=queries.get_printer(session, edition_id, printer),
        booths=booths_of(session, edition_id),
        widths=WIDTH_DOTS,
        ports=RAW_PORTS,
        said=said,
        error=error,
    )


# --- copies of a receipt ----------------------------------------------------------------------------------------------


@blueprint.get("/sales/<sale_id>/copies")
@requires(Verb.PRINT_COPIES)
def copies(sale_id: str) -> str:
    """Every copy of a receipt, and the way to another."""
    return copies_page(sale_id, "")


@blueprint.post("/sales/<sale_id>/copies")
@requires(Verb.PRINT_COPIES)
def make_copy(sale_id: str) -> AnyResponse:
    """The next copy as a PDF: it is counted before it is shown."""
    at, by = now(), current_user.id
    copy_no = in_transaction(lambda session: actions.make_copy(session, sale_id, at=at, by=by).copy_no)
    return redirect(url_for("printing.copy_pdf", sale_id=sale_id, copy_no=copy_no))


@blueprint.post("/sales/<sale_id>/copies/print")
@requires(Verb.PRINT_COPIES)
def print_copy(sale_id: str) -> AnyResponse | tuple[str, int]:
    """The next copy on the printer of the booth."""
    at, by = now(), current_user.id
    try:
        in_transaction(lambda session: actions.print_copy(session, sale_id, at=at, by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return copies_page(sale_id, sentence(refusal.code, refusal.facts)), refusal.status
    ring()
    flash(_("Đã gửi bản sao tới máy in của gian."))
    return redirect(url_for("printing.copies", sale_id=sale_id))


@blueprint.get("/sales/<sale_id>/copies/<int:copy_no>.pdf")
@requires(Verb.PRINT_COPIES)
def copy_pdf(sale_id: str, copy_no: int) -> Response:
    """A copy that was made here, on 80 mm paper. Raises NotFound, PrinterBusy."""
    if queries.find_copy(reading(), sale_id, copy_no) is None:
        raise NotFound
    settings: Settings = current_app.extensions["fair_pos_settings"]
    states_of = current_app.extensions["fair_pos_transfer_states"]
    receipt = receipt_of_sale(reading(), sale_id, now(), states_of)
    paper = make_response(print_receipt(receipt, settings.public_url, copy_no))
    paper.mimetype = "application/pdf"
    paper.headers["Content-Disposition"] = f'inline; filename="{receipt.number}-BAN-SAO-{copy_no}.pdf"'
    return paper


def copies_page(sale_id: str, error: str) -> str:
    """The copies of a receipt."""
    session = reading()
    sale = find_sale(session, sale_id)
    if sale is None:
        raise NotFound
    found = queries.copies_of(session, sale_id)
    return render_template(
        "printing/copies.html",
        edition=get_edition(session, sale.edition_id),
        booth=get_booth(session, sale.booth_id),
        sale=sale,
        copies=found,
        people=names(one.person_id for one in found),
        printer=queries.find_printer_of_booth(session, sale.edition_id, sale.booth_id),
        error=error,
    )


def names(person_ids: Iterable[str | None]) -> dict[str, str]:
    """Person id → name."""
    return {person.id: person.name for person in people_with(reading(), {one for one in person_ids if one})}
