"""Into which accounts owners are paid: one person proposes, another approves; a screen shows the last three digits and no more."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import Refusal
from fair_pos.payments.forms import account_said
from fair_pos.payments.rules import bank_name, banks
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.settings import Settings
from fair_pos.terms import accounts as account_actions
from fair_pos.terms import queries
from fair_pos.terms.names import choices_of, owner_names, person_names
from fair_pos.terms.queries import MaskedAccount
from fair_pos.terms.vault import Vault
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("payout_accounts", __name__)


def the_vault() -> Vault:
    """Opened with the keys of this server."""
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return Vault(settings.data_key)


@blueprint.app_template_filter("payout_account")
def masked_words(account: MaskedAccount) -> str:
    """«Vietcombank •••• 678»."""
    return f"{bank_name(account.bank_bin)} •••• {account.last_digits}"


@blueprint.get("/editions/<edition_id>/payout-accounts")
@requires(Verb.MANAGE_ACCOUNTS)
def accounts(edition_id: str) -> str:
    """Where owners are paid, changes that wait for their second person, and every change there has been."""
    return accounts_page(edition_id, {}, "")


@blueprint.post("/editions/<edition_id>/payout-accounts")
@requires(Verb.MANAGE_ACCOUNTS)
def propose(edition_id: str) -> Response | tuple[str, int]:
    """Propose an account, or that none be used any more."""
    form, vault = request.form, the_vault()
    said = None if form.get("stop") else account_said(form)
    try:
        in_transaction(
            lambda session: account_actions.propose_account(
                session, edition_id, form.get("owner", ""), said, vault=vault, at=now(), by=current_user.id
            )
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return accounts_page(edition_id, form.to_dict(), sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi đề nghị. Chưa có gì thay đổi cho đến khi một người khác duyệt."), "waiting")
    return redirect(url_for("payout_accounts.accounts", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/payout-accounts/<change>/approve")
@requires(Verb.APPROVE_ACCOUNTS)
def approve(edition_id: str, change: str) -> Response | tuple[str, int]:
    """The second person typed the same number."""
    again, vault = request.form.get("number_again", "")[:100], the_vault()
    try:
        in_transaction(
            lambda session: account_actions.approve_change(
                session, edition_id, change, again, vault=vault, at=now(), by=current_user.id
            )
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return accounts_page(edition_id, {}, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã duyệt. Từ nay chi trả vào tài khoản này."))
    return redirect(url_for("payout_accounts.accounts", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/payout-accounts/<change>/turn-down")
@requires(Verb.MANAGE_ACCOUNTS)
def turn_down(edition_id: str, change: str) -> Response | tuple[str, int]:
    """Reject a proposal, or withdraw one's own."""
    try:
        in_transaction(
            lambda session: account_actions.turn_down_change(session, edition_id, change, at=now(), by=current_user.id)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return accounts_page(edition_id, {}, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã bỏ đề nghị. Tài khoản đang dùng giữ nguyên."))
    return redirect(url_for("payout_accounts.accounts", edition_id=edition_id))


def accounts_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """All accounts, and the form as it was sent but for number and holder: those are typed again and stand in no page."""
    session = reading()
    changes = queries.changes_of(session, edition_id)
    in_use = queries.accounts_in_use(session, edition_id)
    names = owner_names({*in_use, *(change.producer_id for change, _account in changes)})
    return render_template(
        "terms/accounts.html",
        edition=get_edition(session, edition_id),
        choices=choices_of(edition_id),
        in_use=sorted(in_use.values(), key=lambda one: names.get(one.producer_id, "")),
        waiting=[row for row in changes if row[0].outcome is None],
        history=[row for row in changes if row[0].outcome is not None],
        names=names,
        people=person_names(who for change, _account in changes for who in (change.proposed_by, change.decided_by)),
        banks=banks().values(),
        form={name: form.get(name, "") for name in ("owner", "bank_bin")},
        error=error,
    )
