"""The register of booths as a file: download it, upload it, look at what would change, confirm."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading, snapshot
from fair_pos.plumbing.sentences import row_sentence, sentence
from fair_pos.plumbing.sheets import write_csv, write_xlsx
from fair_pos.plumbing.uploads import keep_upload, kept_upload
from fair_pos.plumbing.web import requires
from fair_pos.venues import refusals
from fair_pos.venues.forms import Goods
from fair_pos.venues.queries import get_edition, refuse_frozen
from fair_pos.venues.register import (
    COLUMNS,
    Outcome,
    Parsed,
    Plan,
    Producers,
    parse_register,
    plan_register,
    read_register,
    register_rows,
)
from fair_pos.venues.tables import Edition

blueprint = Blueprint("register", __name__)

SHOWN_ROWS, SHOWN_ERRORS = 400, 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORDER: tuple[Outcome, ...] = ("changed", "new", "same")
"""What changes something that is there comes first: that is what one must look at."""


@blueprint.get("/editions/<edition_id>/booths/register")
@requires(Verb.MANAGE_BOOTHS)
def booths_file(edition_id: str) -> str:
    """How the file must look, what can be downloaded, and where to send it."""
    return file_page(get_edition(reading(), edition_id), "")


@blueprint.get("/editions/<edition_id>/booths/register/<any(template, now):content>.<any(xlsx, csv):kind>")
@requires(Verb.MANAGE_BOOTHS)
def download(edition_id: str, content: str, kind: str) -> Response:
    """Our headings alone, or with the booths that are there now."""
    edition = get_edition(reading(), edition_id)
    headings = [column.heading for column in COLUMNS.values()]
    rows = register_rows(reading(), edition.id, producers()) if content == "now" else []
    if kind == "xlsx":
        data, mimetype = write_xlsx(_("Gian hàng"), headings, rows), XLSX
    else:
        data, mimetype = write_csv(headings, rows), "text/csv"
    name = "gian-hang" if content == "now" else "mau-gian-hang"
    disposition = f'attachment; filename="{name}.{kind}"'
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": disposition})


@blueprint.post("/editions/<edition_id>/booths/register")
@requires(Verb.MANAGE_BOOTHS)
def preview(edition_id: str) -> str | tuple[str, int]:
    """What the file would do. Nothing is changed; the file waits for the confirmation."""
    edition = get_edition(reading(), edition_id)
    file = request.files.get("file")
    data = file.read() if file is not None else b""
    filename = (file.filename or "") if file is not None else ""
    try:
        parsed = parse_register(read_register(data, filename), producers())
        with snapshot() as session:
            refuse_frozen(session, edition_id)
            plan = plan_register(session, edition_id, parsed.rows)
    except NotFound:
        raise
    except Refusal as refusal:
        return file_page(edition, sentence(refusal.code, refusal.facts)), refusal.status
    upload = "" if parsed.errors else keep_upload(data, at=now(), by=current_user.id)
    return preview_page(edition, parsed, plan, filename, upload)


@blueprint.post("/editions/<edition_id>/booths/register/confirm")
@requires(Verb.MANAGE_BOOTHS)
def confirm(edition_id: str) -> Response | tuple[str, int]:
    """Import the file that was looked at: all of it or, when it cannot be read any more, nothing."""
    edition, by = get_edition(reading(), edition_id), current_user.id
    try:
        path = kept_upload(request.form.get("upload", ""), at=now(), by=by)
        parsed = parse_register(read_register(path.read_bytes(), ""), producers())
        if parsed.errors:
            raise refusals.BoothRowsWrong(count=len(parsed.errors))
        plan: Plan = in_transaction(
            lambda session: goods().import_booths(session, edition_id, parsed.rows, at=now(), by=by)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return file_page(edition, sentence(refusal.code, refusal.facts)), refusal.status
    path.unlink(missing_ok=True)
    done = {"new": plan.count("new"), "changed": plan.count("changed"), "same": plan.count("same")}
    flash(_("Đã nhập gian hàng: %(new)s mới, %(changed)s đổi, %(same)s giữ nguyên.", **done))
    return redirect(url_for("venues.booths", edition_id=edition_id))


def file_page(edition: Edition, error: str) -> str:
    """The form with the how-to."""
    return render_template("venues/register_file.html", edition=edition, error=error, columns=COLUMNS)


def preview_page(edition: Edition, parsed: Parsed, plan: Plan, filename: str, upload: str) -> str:
    """What was read, what it would do — changed booths first, then new ones — and everything that is wrong with it."""
    known = producers()
    changes = sorted(plan.changes, key=lambda one: ORDER.index(one.outcome))
    return render_template(
        "venues/register_preview.html",
        edition=edition,
        filename=filename,
        heading_number=parsed.heading_number,
        plan=plan,
        changes=changes[:SHOWN_ROWS],
        count=len(parsed.rows),
        zones=len({row.zone for row in parsed.rows if row.zone}),
        names=known.written,
        upload=upload,
        errors=[row_sentence(one.number, one.code, one.facts) for one in parsed.errors[:SHOWN_ERRORS]],
        error_count=len(parsed.errors),
    )


def producers() -> Producers:
    """Everybody who may occupy a booth, to be found by name."""
    return Producers(goods().producers(reading()))


def goods() -> Goods:
    """What the catalogue lends."""
    lent: Goods = current_app.extensions["fair_pos_goods"]
    return lent
