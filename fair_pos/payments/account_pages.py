"""Receiving accounts: in use, proposed, and every change there has been. One person proposes, another approves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import Refusal
from fair_pos.payments import actions, queries
from fair_pos.payments.forms import account_said, owner_of
from fair_pos.payments.rules import banks
from fair_pos.payments.tables import ReceivingAccount
from fair_pos.payments.vietqr import VietQr, build
from fair_pos.payments.wording import names, owner_key, owners_of
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.qr import qr_svg
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("accounts", __name__)
ACCOUNT_FIELDS = ("owner", "bank_bin", "account_number", "holder")


@blueprint.get("/editions/<edition_id>/accounts")
@requires(Verb.MANAGE_ACCOUNTS)
def accounts(edition_id: str) -> str:
    """Where transfers go, changes that wait for their second person, and every change there has been."""
    return accounts_page(edition_id, dict.fromkeys(ACCOUNT_FIELDS, ""), "")


@blueprint.post("/editions/<edition_id>/accounts")
@requires(Verb.MANAGE_ACCOUNTS)
def propose(edition_id: str) -> Response | tuple[str, int]:
    """Propose an account, or that none be used any more."""
    fields = {name: request.form.get(name, "") for name in ACCOUNT_FIELDS}
    try:
        owner = owner_of(edition_id, fields["owner"])
        said = None if request.form.get("stop") else account_said(fields)
        in_transaction(lambda session: actions.propose_change(session, owner, said, at=now(), by=current_user.id))
    except Refusal as refusal:
        return accounts_page(edition_id, fields, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi đề nghị. Chưa có gì thay đổi cho đến khi một người khác duyệt."), "waiting")
    return redirect(url_for("accounts.accounts", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/accounts/<change>/approve")
@requires(Verb.APPROVE_ACCOUNTS)
def approve(edition_id: str, change: str) -> Response | tuple[str, int]:
    """The second person agrees."""
    return decide(edition_id, change, actions.approve_change, _("Đã duyệt. Máy bán hàng sẽ tự lấy tài khoản mới."))


@blueprint.post("/editions/<edition_id>/accounts/<change>/turn-down")
@requires(Verb.MANAGE_ACCOUNTS)
def turn_down(edition_id: str, change: str) -> Response | tuple[str, int]:
    """Reject a proposal, or withdraw one's own."""
    return decide(edition_id, change, actions.turn_down_change, _("Đã bỏ đề nghị. Tài khoản đang dùng giữ nguyên."))


def decide(edition_id: str, change: str, action: Any, said: str) -> Response | tuple[str, int]:
    """End a proposal by `action`."""
    try:
        in_transaction(lambda session: action(session, edition_id, change, at=now(), by=current_user.id))
    except Refusal as refusal:
        blank = dict.fromkeys(ACCOUNT_FIELDS, "")
        return accounts_page(edition_id, blank, sentence(refusal.code, refusal.facts)), refusal.status
    flash(said)
    return redirect(url_for("accounts.accounts", edition_id=edition_id))


def accounts_page(edition_id: str, fields: dict[str, str], error: str) -> str:
    """All owners with their accounts, and the form as it was sent."""
    session = reading()
    owners = owners_of(edition_id)
    changes = queries.changes_of(session, edition_id)
    in_use = {owner_key(one): one for one in queries.accounts_of(session, edition_id) if one.active_until_at is None}
    waiting = [(change, account) for change, account in changes if change.outcome is None]
    return render_template(
        "payments/accounts.html",
        edition=get_edition(session, edition_id),
        owners=owners,
        in_use=in_use,
        waiting=[(change, account, account_qr(account)) for change, account in waiting],
        history=[(change, account) for change, account in changes if change.outcome is not None],
        people=names(one for change, _account in changes for one in (change.proposed_by, change.decided_by)),
        owner_key=owner_key,
        banks=banks().values(),
        form=fields,
        error=error,
    )


def account_qr(account: ReceivingAccount | None) -> Markup | None:
    """The account as a code to try: the bank's app says to whom it belongs."""
    if account is None:
        return None
    return Markup(qr_svg(build(VietQr(account.bank_bin, account.account_number))))  # noqa: S704  # our own drawing
