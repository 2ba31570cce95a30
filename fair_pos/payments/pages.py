"""Transfers that wait for their money, and what the bank says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import Refusal
from fair_pos.payments import actions, intake, listing, matching, queries
from fair_pos.payments.forms import TransfersAsked, columns_chosen, transfers_asked
from fair_pos.payments.rules import masked, state_of
from fair_pos.payments.statement import FIELDS, NEEDED, find_table
from fair_pos.payments.wording import account_choices, account_words, names
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.plumbing.sentences import bank_line_sentence, sentence, unplaced_sentence
from fair_pos.plumbing.web import requires
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("payments", __name__)
blueprint.add_app_template_filter(masked)
blueprint.add_app_template_filter(account_words)
PAGE_SIZE = 100
SHOWN_LINES = 20


# --- transfers ------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/transfers")
@requires(Verb.SEE_PAYMENTS)
def transfers(edition_id: str) -> str:
    """Payments by transfer: those that wait for somebody to see the money, or those behind a figure."""
    return transfers_page(edition_id, transfers_asked(request.args), "")


@blueprint.post("/editions/<edition_id>/transfers/<sale_id>/<int:number>/seen")
@requires(Verb.CONFIRM_TRANSFERS)
def confirm(edition_id: str, sale_id: str, number: int) -> Response:
    """Somebody saw the money in the shop's own bank app."""
    asked, by = transfers_asked(request.args), current_user.id
    in_transaction(lambda session: actions.confirm_transfer(session, edition_id, sale_id, number, at=now(), by=by))
    flash(_("Đã ghi: %(name)s đã thấy tiền.", name=current_user.name))
    return redirect(url_for("payments.transfers", edition_id=edition_id, **asked.arguments(), page=asked.page))


@blueprint.post("/editions/<edition_id>/transfers/<sale_id>/<int:number>/undo")
@requires(Verb.CONFIRM_TRANSFERS)
def undo(edition_id: str, sale_id: str, number: int) -> Response | tuple[str, int]:
    """Take a confirmation back, with a reason."""
    asked, by, reason = transfers_asked(request.args), current_user.id, request.form.get("reason", "")
    try:
        in_transaction(
            lambda session: actions.undo_confirmation(session, edition_id, sale_id, number, reason, at=now(), by=by)
        )
    except Refusal as refusal:
        return transfers_page(edition_id, asked, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã bỏ xác nhận; người bỏ và lý do được giữ lại."))
    return redirect(url_for("payments.transfers", edition_id=edition_id, **asked.arguments(), page=asked.page))


def transfers_page(edition_id: str, asked: TransfersAsked, error: str) -> str:
    """The list, with what was paid out again where it belongs to the figure."""
    session = reading()
    of_edition = booths_of(session, edition_id)
    wanted = asked.wanted({one.id: one.zone for one in of_edition})
    rows = listing.transfers(session, edition_id, wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    sums = listing.transfer_sums(session, edition_id, wanted)
    out = listing.paid_out(session, edition_id, wanted)
    shown = {one.transfer.account_id for one in rows} | {one.account_id for one in out} | {asked.account}
    proofs = queries.confirmations_of(session, {one.transfer.sale_id for one in rows})
    return render_template(
        "payments/transfers.html",
        edition=get_edition(session, edition_id),
        asked=asked,
        rows=[(one, one.transfer, state_shown(one)) for one in rows],
        paid_out=out,
        sums=sums,
        out_confirmed=sum(one.confirmed_dong for one in out),
        out_claimed=sum(one.claimed_dong for one in out),
        pages=max(1, -(-sums.count // PAGE_SIZE)),
        booths={one.id: one.code for one in of_edition},
        accounts=queries.accounts_by_id(session, filter(None, shown)),
        proofs=proofs,
        people=names(one.person_id for some in proofs.values() for one in some),
        to_review=queries.count_to_review(session, edition_id, homeless=sees_all()),
        age=age_words,
        now=now(),
        error=error,
    )


def state_shown(one: listing.Listed) -> str:
    """What a row of the list says of a transfer: what became of it, or that nothing of it is to come since it went back."""
    asked = one.transfer
    state = state_of(asked.amount_dong, asked.received_dong, seen=asked.seen)
    return "paid_back" if state == "claimed" and one.paid_back_dong == asked.amount_dong else state


def age_words(since: datetime, at: datetime) -> str:
    """How long something has waited."""
    minutes = max(0, int((at - since).total_seconds() // 60))
    if minutes < 60:
        words = _("%(count)s phút", count=minutes)
    elif minutes < 48 * 60:
        words = _("%(count)s giờ", count=minutes // 60)
    else:
        words = _("%(count)s ngày", count=minutes // 1440)
    return str(words)


# --- what the bank says and nobody can place --------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/bank-lines")
@requires(Verb.SEE_PAYMENTS)
def review(edition_id: str) -> str:
    """Money that came in and that a person has to look at."""
    return review_page(edition_id, "")


@blueprint.post("/editions/<edition_id>/bank-lines/<line>/settle")
@requires(Verb.CONFIRM_TRANSFERS)
def settle(edition_id: str, line: str) -> Response | tuple[str, int]:
    """Somebody has looked at a line."""
    note = request.form.get("note", "")
    return about_line(edition_id, line, matching.settle_line, note, _("Đã ghi là đã xem."))


@blueprint.post("/editions/<edition_id>/bank-lines/<line>/assign")
@requires(Verb.CONFIRM_TRANSFERS)
def assign(edition_id: str, line: str) -> Response | tuple[str, int]:
    """Somebody knows for which receipt the money is."""
    number = request.form.get("number", "")
    return about_line(
        edition_id, line, matching.assign_line, number, _("Đã gắn tiền vào phiếu %(number)s.", number=number)
    )


def about_line(edition_id: str, line: str, action: Any, text: str, said: str) -> Response | tuple[str, int]:
    """Do something about a line of the bank."""
    by, homeless = current_user.id, sees_all()
    try:
        in_transaction(lambda session: action(session, edition_id, line, text, homeless=homeless, at=now(), by=by))
    except Refusal as refusal:
        return review_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    flash(said)
    return redirect(url_for("payments.review", edition_id=edition_id, page=request.args.get("page") or None))


def review_page(edition_id: str, error: str) -> str:
    """The lines, and what tablets saw for sales that cannot be found."""
    session, page = reading(), transfers_asked(request.args).page
    homeless = sees_all()
    lines = queries.lines_to_review(
        session, edition_id, homeless=homeless, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    count = queries.count_to_review(session, edition_id, homeless=homeless)
    unplaced = queries.unplaced_seen(session, edition_id)
    return render_template(
        "payments/review.html",
        edition=get_edition(session, edition_id),
        rows=[(one, bank_line_sentence(one.state)) for one in lines],
        numbers=queries.receipt_numbers(session, {one.sale_id for one in lines if one.sale_id}),
        count=count,
        page=page,
        pages=max(1, -(-count // PAGE_SIZE)),
        unplaced=[(one, unplaced_sentence(one.why)) for one in unplaced],
        people=names(one.person_id for one in unplaced),
        booths={one.id: one.code for one in booths_of(session, edition_id)},
        error=error,
    )


def sees_all() -> bool:
    """Whether the person may see money that belongs to no edition: only a role without ties reaches it."""
    return bool(may(current_user.roles, Verb.SEE_PAYMENTS, Scope()))


# --- statements -----------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/statements")
@requires(Verb.SEE_PAYMENTS)
def statements(edition_id: str) -> str:
    """Send a bank's file in; what was sent before."""
    return statements_page(edition_id, "")


@blueprint.post("/editions/<edition_id>/statements")
@requires(Verb.CONFIRM_TRANSFERS)
def upload(edition_id: str) -> Response | tuple[str, int]:
    """Keep the file and go on to look at it."""
    file = request.files.get("file")
    data, filename = (file.read(), file.filename or "") if file is not None else (b"", "")
    try:
        with transaction() as session:
            account, by = request.form.get("account", ""), current_user.id
            kept = intake.keep_statement(session, edition_id, account, data, filename, at=now(), by=by)
    except Refusal as refusal:
        return statements_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("payments.statement", edition_id=edition_id, statement=kept.id))


@blueprint.get("/editions/<edition_id>/statements/<statement>")
@requires(Verb.CONFIRM_TRANSFERS)
def statement(edition_id: str, statement: str) -> str | tuple[str, int]:
    """What importing the file would do. Nothing is changed: the import is tried and taken back."""
    chosen, by, error, done = columns_chosen(request.args), current_user.id, "", None
    with transaction() as session:
        kept = intake.get_statement(session, edition_id, statement, at=now(), by=by)
        table = find_table(kept.data or b"", kept.filename)
        try:
            done = intake.import_statement(session, kept, chosen, at=now(), by=by)
        except Refusal as refusal:
            error = sentence(refusal.code, refusal.facts)
        session.rollback()
        account, filename = kept.account_number, kept.filename
    page = render_template(
        "payments/statement.html",
        edition=get_edition(reading(), edition_id),
        statement=statement,
        filename=filename,
        account=masked(account),
        table=table,
        columns=intake.columns_of(table, chosen),
        fields=column_words(),
        needed=NEEDED,
        done=done,
        lines=done.read.lines[:SHOWN_LINES] if done else [],
        states=[(bank_line_sentence(state), count) for state, count in sorted(done.result.states.items())]
        if done
        else [],
        error=error,
    )
    return (page, 400) if error and chosen is not None else page


@blueprint.post("/editions/<edition_id>/statements/<statement>")
@requires(Verb.CONFIRM_TRANSFERS)
def confirm_statement(edition_id: str, statement: str) -> Response | tuple[str, int]:
    """Import the file that was looked at."""
    chosen, by = columns_chosen(request.form), current_user.id

    def work(session: Any) -> intake.Import:
        kept = intake.get_statement(session, edition_id, statement, at=now(), by=by)
        return intake.import_statement(session, kept, chosen, at=now(), by=by)

    try:
        result = in_transaction(work).result
    except Refusal as refusal:
        return statements_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    facts = {"matched": result.matched, "listed": result.listed, "known": result.known}
    flash(
        _("Đã nhập sao kê: %(matched)s khoản khớp, %(listed)s khoản cần xem, %(known)s khoản đã có từ trước.", **facts)
    )
    target = "payments.review" if result.listed else "payments.statements"
    return redirect(url_for(target, edition_id=edition_id))


def statements_page(edition_id: str, error: str) -> str:
    """The form and the history."""
    session = reading()
    sent = queries.statements_of(session, edition_id)
    return render_template(
        "payments/statements.html",
        edition=get_edition(session, edition_id),
        accounts=account_choices(edition_id),
        sent=sent,
        people=names(one.imported_by for one in sent),
        error=error,
    )


def column_words() -> dict[str, str]:
    """What each column we look for is called."""
    words = (_("Ngày giao dịch"), _("Số tiền ghi có"), _("Nội dung"), _("Số tham chiếu"), _("Số tài khoản"))
    return dict(zip(FIELDS, words, strict=True))
