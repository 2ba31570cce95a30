"""Statements of an edition: who is owed what, making them, each with its files, and what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import clean, sort_key
from fair_pos.payments.rules import bank_name
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.qr import qr_svg
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.registry.queries import names_and_places
from fair_pos.settings import Settings
from fair_pos.settlement import actions, forms, queries, refusals, transfers, wording
from fair_pos.settlement.content import thawed
from fair_pos.settlement.files import KINDS, file_of, photo_of
from fair_pos.settlement.gather import Open, made_of, open_parts
from fair_pos.settlement.rules import METHODS, MOST_REFERENCE
from fair_pos.settlement.transfer_file import transfer_workbook
from fair_pos.settlement.transfers import looks_at
from fair_pos.terms.queries import MaskedAccount, accounts_in_use, accounts_since, payout_account_of
from fair_pos.terms.vault import Vault
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("settlement", __name__)
for _name in (
    "amount_of_goods", "bearer_words", "entry_words", "payout_words", "reason_words", "share_words", "source_words", "vat_words",
):  # fmt: skip
    blueprint.add_app_template_global(getattr(wording, _name), f"settled_{_name}")
blueprint.add_app_template_global(wording.state_words, "settled_state")
STATES = ("waiting", "paid", "carried")
PAGE_SIZE = 50
PLAIN = 12
"""As many rows are seen at once; a longer list is folded under its sum."""


@blueprint.get("/editions/<edition_id>/settlements")
@requires(Verb.SETTLE)
def statements(edition_id: str) -> str:
    """Owners with what they are owed, and the statements made."""
    return statements_page(edition_id, "")


def statements_page(edition_id: str, error: str) -> str:
    """The same, with why nothing was made."""
    session, at = reading(), now()
    edition = get_edition(session, edition_id)
    today = fair_day(at, edition.day_boundary_minutes)
    found = open_parts(session, edition_id, today)
    made = queries.statements_of_edition(session, edition_id)
    waiting = queries.waiting_of(made)
    owner_ids = {*found.by_owner, *(one.producer_id for one in made)}
    names = {one: name for one, (name, _place) in names_and_places(session, owner_ids).items()}
    sums = {one: made_of(one, found.by_owner.get(one, Open()), found.terms).sums for one in owner_ids}
    stood = [one for owner_id in owner_ids if (one := waiting.get((edition_id, owner_id))) is not None]
    totals = {
        "waiting": sum(one.waiting_dong for one in stood),
        "open": sum(one.due_dong - one.carried_in_dong for one in sums.values()),
        "carried": sum(one.carried_in_dong for one in sums.values()),
    }
    state, owner = request.args.get("state", ""), request.args.get("owner", "")
    page = max(1, request.args.get("page", 1, type=int))
    shown = [one for one in made if state in ("", one.state) and owner in ("", one.producer_id)]
    accounts = accounts_in_use(session, edition_id)
    to_pay = sorted(
        (one for one in made if one.state == "waiting"),
        key=lambda one: (sort_key(names.get(one.producer_id, "")), one.number),
    )
    asked = request.values.get("method", "")
    method = asked if asked in METHODS else next((way for way in METHODS if payable_by(way, to_pay, accounts)), "cash")
    return render_template(
        "settlement/statements.html",
        edition=edition,
        today=today,
        yesterday=today - timedelta(days=1),
        owners=sorted(owner_ids, key=lambda one: (sort_key(names.get(one, "")), one)),
        names=names,
        sums=sums,
        totals=totals,
        waiting={one: waiting.get((edition_id, one)) for one in owner_ids},
        accounts=accounts,
        to_pay=to_pay,
        by_method={way: payable_by(way, to_pay, accounts) for way in METHODS},
        method=method,
        ticked=set(request.form.getlist("number")) if "number" in request.form else None,
        most=MOST_REFERENCE,
        plain=PLAIN,
        unknown_dong=sum(part.amount_dong for one in found.unknown.values() for part in one.parts),
        minimum_dong=found.terms.minimum_dong,
        count=len(made),
        shown=shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        shown_count=len(shown),
        shown_sums={"payable": sum(one.payable_dong for one in shown), "net": sum(one.net_dong for one in shown)},
        page=page,
        pages=-(-len(shown) // PAGE_SIZE),
        states=STATES,
        state=state,
        owner=owner,
        form=request.form,
        error=error,
    )


def payable_by(
    method: str, to_pay: list[queries.StatementFact], accounts: Mapping[str, MaskedAccount]
) -> list[queries.StatementFact]:
    """Of statements that wait those that can be paid in this way: a transfer goes to an agreed account only."""
    return [one for one in to_pay if method == "cash" or one.producer_id in accounts]


@blueprint.post("/editions/<edition_id>/settlements")
@requires(Verb.SETTLE)
def settle(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Make the statements of all owners, or of one, up to a day."""
    at, by, form = now(), current_user.id, request.form
    try:
        until, owners = forms.day_of(form, "until"), forms.owners_of(form)
        before = len(queries.statements_of_edition(reading(), edition_id))
        in_transaction(
            lambda session: actions.settle(
                session, edition_id, until, at=at, by=by, producer_ids=owners, whole="whole" in form
            ),
            one_moment=True,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return statements_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    count = len(queries.statements_of_edition(reading(), edition_id)) - before
    flash(
        _("Đã lập %(count)s bảng thanh toán.", count=count)
        if count
        else _("Bảng thanh toán đến ngày này đã được lập từ trước; không có bảng nào mới.")
    )
    return redirect(url_for("settlement.statements", edition_id=edition_id) + "#made")


@blueprint.get("/editions/<edition_id>/settlements/<int:number>")
@requires(Verb.SETTLE)
def statement(edition_id: str, number: int) -> str:
    """One statement, and what was paid for it."""
    return statement_page(edition_id, number, "")


def statement_page(edition_id: str, number: int, error: str) -> str:
    """The same, with why a payout was not written down."""
    session = reading()
    edition = get_edition(session, edition_id)
    found = queries.get_statement(session, edition_id, number)
    payouts = queries.payouts_of_statement(session, found.id)
    account = payout_account_of(session, edition_id, found.producer_id)
    since = accounts_since(session, edition_id, found.producer_id, found.made_at)
    looks = looks_at(session, found)
    return render_template(
        "settlement/statement.html",
        edition=edition,
        today=fair_day(now(), edition.day_boundary_minutes),
        found=found,
        content=thawed(queries.content_of_statement(session, found.id)),
        payouts=payouts,
        people=queries.names_of(session, [*(one.person_id for one in payouts), *(one.person_id for one in looks)]),
        account=account,
        former=[one for one in since if one.active_until_at is not None],
        looks=looks,
        photo_url=partial(_photo_url, edition_id, number),
        form=request.form,
        error=error,
    )


@blueprint.post("/editions/<edition_id>/settlements/payouts")
@requires(Verb.SETTLE)
def pay_all(edition_id: str) -> AnyResponse | tuple[str, int] | str:
    """Show what will be written down as paid; and write it once that was confirmed, all or nothing."""
    at, by, form = now(), current_user.id, request.form
    try:
        numbers, day = forms.numbers_of(form.getlist("number")), forms.day_of(form, "day")
        method, reference = form.get("method", ""), clean(form.get("reference", ""))[:MOST_REFERENCE]
        seen = forms.accounts_seen(form.getlist("seen"))
        how: dict[str, Any] = {"day": day, "method": method, "reference": reference, "seen": seen, "at": at}
        if "confirmed" not in form:
            asked = actions.payouts_as_asked(reading(), edition_id, numbers, **how)
            return _confirmation(edition_id, asked, day, method, reference)
        made = in_transaction(lambda session: actions.pay_out_all(session, edition_id, numbers, by=by, **how))
    except NotFound:
        raise
    except Refusal as refusal:
        return statements_page(edition_id, _why(refusal)), refusal.status
    flash(_("Đã ghi đã chi trả %(count)s bảng.", count=len(made)))
    return redirect(url_for("settlement.statements", edition_id=edition_id) + "#made")


def _why(refusal: Refusal) -> str:
    """Why nothing was done; of several statements also what stood in the way of the one."""
    words = sentence(refusal.code, refusal.facts)
    if isinstance(refusal, refusals.NonePaid | refusals.NoneListed):
        return f"{words} {sentence(refusal.why.code, refusal.why.facts)}"
    return words


@blueprint.post("/editions/<edition_id>/settlements/transfers")
@requires(Verb.SETTLE)
def transfer_list(edition_id: str) -> Response | tuple[str, int]:
    """The statements that were ticked, as a workbook with the numbers of their accounts. Written into the journal before it leaves."""
    at, by, vault = now(), current_user.id, _vault()
    try:
        numbers = forms.numbers_of(request.form.getlist("number"))
        found = in_transaction(
            lambda session: transfers.list_transfers(session, edition_id, numbers, vault=vault, at=at, by=by)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return statements_page(edition_id, _why(refusal)), refusal.status
    session = reading()
    day = fair_day(at, get_edition(session, edition_id).day_boundary_minutes)
    owners = names_and_places(session, {one.statement.producer_id for one in found})
    made = transfer_workbook(found, {one: name for one, (name, _place) in owners.items()}, created=at)
    answer = Response(made, mimetype=KINDS["statement.xlsx"])
    answer.headers["Content-Disposition"] = f'attachment; filename="danh-sach-chuyen-khoan-{day.isoformat()}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/editions/<edition_id>/settlements/<int:number>/account")
@requires(Verb.SETTLE)
def show_account(edition_id: str, number: int) -> AnyResponse | tuple[str, int]:
    """The whole number of the owner's account, to transfer what the statement says. Written into the journal before it is shown."""
    at, by, vault = now(), current_user.id, _vault()
    try:
        found = in_transaction(
            lambda session: transfers.show_account(session, edition_id, number, vault=vault, at=at, by=by)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return statement_page(edition_id, number, sentence(refusal.code, refusal.facts)), refusal.status
    session = reading()
    edition = get_edition(session, edition_id)
    owner = found.statement.producer_id
    page = render_template(
        "settlement/account.html",
        edition=edition,
        today=fair_day(at, edition.day_boundary_minutes),
        found=found,
        owner=names_and_places(session, {owner}).get(owner, ("?", ""))[0],
        bank=bank_name(found.account.bank_bin),
        groups=[found.number[start : start + 4] for start in range(0, len(found.number), 4)],
        qr=Markup(qr_svg(found.code)),  # noqa: S704 (our own drawing)
        most=MOST_REFERENCE,
    )
    return Response(page, headers={"Cache-Control": "no-store"})


def _vault() -> Vault:
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return Vault(settings.data_key)


def _confirmation(
    edition_id: str,
    asked: list[tuple[queries.StatementFact, MaskedAccount | None]],
    day: date,
    method: str,
    reference: str,
) -> str:
    session = reading()
    found = names_and_places(session, {one.producer_id for one, _account in asked})
    return render_template(
        "settlement/pay_all.html",
        edition=get_edition(session, edition_id),
        asked=asked,
        total_dong=sum(one.payable_dong for one, _account in asked),
        names={one: name for one, (name, _place) in found.items()},
        day=day,
        method=method,
        reference=reference,
    )


def _photo_url(edition_id: str, number: int, photo: str) -> str:
    return url_for("settlement.photo", edition_id=edition_id, number=number, photo=photo)


@blueprint.get("/editions/<edition_id>/settlements/<int:number>/<kind>")
@requires(Verb.SETTLE)
def paper(edition_id: str, number: int, kind: str) -> Response:
    """A file of a statement (files.KINDS): made once, and the same bytes ever after. Raises NotFound, PrinterBusy."""
    found = queries.get_statement(reading(), edition_id, number)
    return paper_of(found, kind)


@blueprint.get("/editions/<edition_id>/settlements/<int:number>/photos/<photo>.jpg")
@requires(Verb.SETTLE)
def photo(edition_id: str, number: int, photo: str) -> Response:
    """A photo of goods that this statement writes off."""
    found = queries.get_statement(reading(), edition_id, number)
    return Response(photo_of(reading(), found.id, photo), mimetype="image/jpeg")


def paper_of(found: queries.StatementFact, kind: str) -> Response:
    """The file as an answer, made and kept when nobody asked for it before."""
    if kind not in KINDS:
        raise NotFound
    made = queries.find_paper(reading(), found.id, kind)
    if made is None:
        fresh = file_of(reading(), found.id, kind)
        made = in_transaction(lambda session: actions.keep_paper(session, found.id, kind, fresh, at=now()))
    answer = Response(made, mimetype=KINDS[kind])
    name, _dot, ending = kind.rpartition(".")
    title = {"statement": "bang-thanh-toan", "goods_sold": "bang-ke-hang-ban-ra"}[name]
    way = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="{title}-{found.written}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/editions/<edition_id>/settlements/<int:number>/payout")
@requires(Verb.SETTLE)
def pay(edition_id: str, number: int) -> AnyResponse | tuple[str, int]:
    """Write down that it was paid."""
    at, by, form = now(), current_user.id, request.form
    try:
        day = forms.day_of(form, "day")
        in_transaction(
            lambda session: actions.pay_out(
                session,
                edition_id,
                number,
                day=day,
                method=form.get("method", ""),
                reference=form.get("reference", ""),
                words=form.get("words", ""),
                seen=form.get("seen"),
                account_id=form.get("account", ""),
                at=at,
                by=by,
            )
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return statement_page(edition_id, number, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi là đã trả."))
    return redirect(url_for("settlement.statement", edition_id=edition_id, number=number))


@blueprint.post("/editions/<edition_id>/settlements/<int:number>/payout/reverse")
@requires(Verb.SETTLE)
def take_back(edition_id: str, number: int) -> AnyResponse | tuple[str, int]:
    """Take a payout back, with a reason."""
    at, by, reason = now(), current_user.id, request.form.get("reason", "")
    try:
        in_transaction(lambda session: actions.reverse(session, edition_id, number, reason, at=at, by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return statement_page(edition_id, number, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã hủy lần trả. Bảng lại chờ trả."))
    return redirect(url_for("settlement.statement", edition_id=edition_id, number=number))
