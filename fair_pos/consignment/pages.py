"""Notes of an edition: the list, one note with its paper, what became of differences, photos, taking a note back, receiving."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.consignment import actions, forms, queries, receiving
from fair_pos.consignment.note import thawed
from fair_pos.consignment.paper import print_note
from fair_pos.consignment.photos import add_photo, redrawn
from fair_pos.consignment.rules import BEARERS, PREFIXES, SIGNATURE_BOX, Bearer
from fair_pos.consignment.showing import receive_page, said_of, take_receipt_at
from fair_pos.consignment.words import bearer_names, kind_names, outcome_names, reason_names
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.web import requires
from fair_pos.registry.queries import names_and_places
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("consignment", __name__)
blueprint.add_app_template_global(kind_names, "note_kind_names")
blueprint.add_app_template_global(reason_names, "write_off_reasons")
blueprint.add_app_template_global(bearer_names, "write_off_bearers")
PAGE_SIZE = 50


@blueprint.get("/editions/<edition_id>/notes")
@requires(Verb.MANAGE_STOCK)
def notes(edition_id: str) -> str:
    """What is under way, what is open, and every note, newest first."""
    session, kind = reading(), request.args.get("kind") or None
    if kind not in {None, *PREFIXES}:
        raise NotFound
    text = request.args.get("page", "1")
    page = int(text) if text.isdecimal() and 0 < len(text) < 6 else 1
    count = queries.count_notes(session, edition_id, kind)
    rows = queries.notes_of(session, edition_id, kind, limit=PAGE_SIZE, offset=(max(page, 1) - 1) * PAGE_SIZE)
    moving = queries.under_way(session, edition_id=edition_id)
    editions = {edition_id} | {one.edition_id for one in (*rows, *moving)}
    editions |= {one.to_edition_id for one in (*rows, *moving) if one.to_edition_id}
    owners = names_and_places(session, {one.owner_id for one in rows if one.owner_id})
    return render_template(
        "consignment/notes.html",
        edition=get_edition(session, edition_id),
        rows=rows,
        moving=moving,
        open=queries.open_discrepancies(session, edition_id),
        places=queries.place_names(session, editions),
        owners=owners,
        kind=kind,
        count=count,
        page=page,
        pages=max(1, -(-count // PAGE_SIZE)),
    )


@blueprint.get("/editions/<edition_id>/notes/<note>")
@requires(Verb.MANAGE_STOCK)
def note(edition_id: str, note: str) -> str:
    """One note as it was frozen, and what became of it."""
    return note_page(edition_id, note, "")


def note_page(edition_id: str, note_id: str, error: str) -> str:
    """The note, and why what was tried was turned down."""
    session = reading()
    found = queries.get_note(session, edition_id, note_id)
    receipt = queries.find_receipt(session, note_id)
    cancelling = queries.find_cancelling(session, note_id)
    cancelled = queries.find_note(session, found.cancels_id) if found.cancels_id else None
    is_moving = found.kind == "transfer" and receipt is None and cancelling is None and cancelled is None
    return render_template(
        "consignment/note.html",
        edition=get_edition(session, edition_id),
        note=found,
        content=thawed(found.content),
        receipt=receipt,
        received=queries.received_of(session, note_id),
        receiver=queries.names_of_people(session, [receipt.person_id]) if receipt else {},
        differences=queries.discrepancies_of(session, note_id),
        decisions=queries.decisions_of(session, note_id),
        outcomes=outcome_names(),
        photos=queries.photos_of(session, note_id),
        cancelling=cancelling,
        cancelling_number=queries.number_of(cancelling) if cancelling else "",
        cancelled=cancelled,
        can_receive=is_moving and edition_id == (found.to_edition_id or found.edition_id),
        can_cancel=cancelling is None and cancelled is None and receipt is None and edition_id == found.edition_id,
        box=SIGNATURE_BOX,
        error=error,
    )


def refused(edition_id: str, note_id: str, refusal: Refusal) -> tuple[str, int]:
    """The note with the sentence of a refusal."""
    return note_page(edition_id, note_id, said_of(refusal)), refusal.status


@blueprint.get("/editions/<edition_id>/notes/<note>.pdf")
@requires(Verb.MANAGE_STOCK)
def paper(edition_id: str, note: str) -> Response:
    """The note on paper: printed from its frozen content once, the same bytes ever after. Raises PrinterBusy."""
    found = queries.get_note(reading(), edition_id, note)
    return pdf_of(found.id, found.content, queries.number_of(found))


@blueprint.get("/editions/<edition_id>/notes/<note>/receipt.pdf")
@requires(Verb.MANAGE_STOCK)
def receipt_paper(edition_id: str, note: str) -> Response:
    """What came, on paper; like the note's."""
    found = queries.get_note(reading(), edition_id, note)
    receipt = queries.find_receipt(reading(), note)
    if receipt is None:
        raise NotFound
    return pdf_of(receipt.id, receipt.content, f"{queries.number_of(found)}-nhan")


def pdf_of(subject_id: str, content: str, name: str) -> Response:
    """The kept paper, or one printed now and kept."""
    pdf = queries.find_paper(reading(), subject_id)
    if pdf is None:
        printed = print_note(content)
        pdf = in_transaction(lambda session: actions.keep_paper(session, subject_id, printed, at=now()))
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, mimetype="application/pdf", headers=headers)


@blueprint.post("/editions/<edition_id>/notes/<note>/cancel")
@requires(Verb.MANAGE_STOCK)
def cancel(edition_id: str, note: str) -> AnyResponse | tuple[str, int]:
    """Take a note back by another."""
    queries.get_note(reading(), edition_id, note)
    reason, by = request.form.get("reason", ""), current_user.id
    try:
        made = in_transaction(lambda session: actions.cancel(session, edition_id, note, reason, at=now(), by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(edition_id, note, refusal)
    flash(_("Đã hủy phiếu bằng một phiếu ngược lại."), "done")
    return redirect(url_for("consignment.note", edition_id=edition_id, note=made))


# --- receiving ------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/notes/<note>/receive")
@requires(Verb.MANAGE_STOCK)
def receive(edition_id: str, note: str) -> str:
    """How much of each line came."""
    found = queries.get_note(reading(), edition_id, note)
    return receive_page(edition_id, found, url_for("consignment.take_receipt", edition_id=edition_id, note=note), "")


@blueprint.post("/editions/<edition_id>/notes/<note>/receive")
@requires(Verb.MANAGE_STOCK)
def take_receipt(edition_id: str, note: str) -> AnyResponse | tuple[str, int]:
    """Receive goods at a booth or store of this edition."""
    found = queries.get_note(reading(), edition_id, note)
    try:
        if edition_id != (found.to_edition_id or found.edition_id):
            raise queries.elsewhere(found)
        take_receipt_at(found, found.to_place or "")
    except NotFound:
        raise
    except Refusal as refusal:
        action = url_for("consignment.take_receipt", edition_id=edition_id, note=note)
        return receive_page(edition_id, found, action, said_of(refusal)), refusal.status
    flash(_("Đã ghi nhận hàng."), "done")
    return redirect(url_for("consignment.note", edition_id=edition_id, note=note))


@blueprint.post("/editions/<edition_id>/notes/<note>/differences/<int:line_no>")
@requires(Verb.MANAGE_STOCK)
def decide(edition_id: str, note: str, line_no: int) -> AnyResponse | tuple[str, int]:
    """Say what became of what did not come, or came unsent."""
    found = next((one for one in queries.discrepancies_of(reading(), note) if one.line_no == line_no), None)
    queries.get_note(reading(), edition_id, note)
    if found is None:
        raise NotFound
    outcome, words, by = request.form.get("outcome", ""), request.form.get("words", ""), current_user.id
    size = forms.quantity_said(request.form.get("quantity", ""), weighed=found.weighed) or 0
    quantity = -size if found.open < 0 else size
    said = request.form.get("borne_by", "")
    borne_by: Bearer = next((one for one in BEARERS if one == said), "")
    try:
        in_transaction(
            lambda session: receiving.decide(
                session, edition_id, note, line_no, outcome, quantity, at=now(), by=by, words=words, borne_by=borne_by
            )
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(edition_id, note, refusal)
    flash(_("Đã ghi."), "done")
    return redirect(url_for("consignment.note", edition_id=edition_id, note=note))


# --- photos ---------------------------------------------------------------------------------------------------------


@blueprint.post("/editions/<edition_id>/notes/<note>/photos/<int:line_no>")
@requires(Verb.MANAGE_STOCK)
def keep_photo(edition_id: str, note: str, line_no: int) -> AnyResponse | tuple[str, int]:
    """A photo of written-off goods."""
    queries.get_note(reading(), edition_id, note)
    file, by = request.files.get("photo"), current_user.id
    try:
        jpeg = redrawn(file.read() if file is not None else b"")
        in_transaction(lambda session: add_photo(session, edition_id, note, line_no, jpeg, at=now(), by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(edition_id, note, refusal)
    flash(_("Đã lưu ảnh."), "done")
    return redirect(url_for("consignment.note", edition_id=edition_id, note=note))


@blueprint.get("/editions/<edition_id>/notes/<note>/photos/<photo>.jpg")
@requires(Verb.MANAGE_STOCK)
def photo(edition_id: str, note: str, photo: str) -> Response:
    """A photo of this note."""
    queries.get_note(reading(), edition_id, note)
    return Response(queries.get_photo(reading(), note, photo), mimetype="image/jpeg")
