"""Split rules of an edition and what they come to, fees, and from how much on owners are paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fair_pos.catalogue.queries import products_for_sale
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import Refusal
from fair_pos.kernel.weight import weighed_amount_dong
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.terms import actions, queries, words
from fair_pos.terms import fees as fee_actions
from fair_pos.terms.forms import (
    about_said,
    amount_tried,
    day_said,
    fee_amount_said,
    last_day_said,
    minimum_said,
    share_said,
)
from fair_pos.terms.names import Choices, choices_of, owner_names, person_names
from fair_pos.terms.rules import rule_for, split
from fair_pos.venues.queries import get_edition
from fair_pos.venues.rules import read_day

blueprint = Blueprint("terms", __name__)
TIER_ROWS = 5
blueprint.add_app_template_filter(words.rule_words, "rule_words")
blueprint.add_app_template_filter(words.days_words, "rule_days")


@blueprint.get("/editions/<edition_id>/split-rules")
@requires(Verb.MANAGE_TERMS)
def split_rules(edition_id: str) -> str:
    """Which share owners get of which sales, with a line to try it and a form for another rule."""
    return rules_page(edition_id, {}, "")


@blueprint.post("/editions/<edition_id>/split-rules")
@requires(Verb.MANAGE_TERMS)
def add_rule(edition_id: str) -> Response | tuple[str, int]:
    """Say another rule."""
    form, settled = request.form, what_is_settled()

    def work(session: Session) -> str:
        about, share, starts, ends = (
            about_said(form),
            share_said(form),
            day_said(form, "starts_day"),
            last_day_said(form),
        )
        return actions.add_rule(
            session, edition_id, about, share, starts_day=starts, ends_day=ends,
            at=now(), by=current_user.id, settled=settled,
        )  # fmt: skip

    try:
        in_transaction(work)
    except Refusal as refusal:
        return rules_page(edition_id, form.to_dict(), sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi tỷ lệ chia."))
    return redirect(url_for("terms.split_rules", edition_id=edition_id))


@blueprint.get("/editions/<edition_id>/split-rules/<rule>")
@requires(Verb.MANAGE_TERMS)
def rule(edition_id: str, rule: str) -> str:
    """One rule: change it from a day on, end it, or take back what was said by mistake."""
    return rule_page(edition_id, rule, {}, "")


@blueprint.post("/editions/<edition_id>/split-rules/<rule>/change")
@requires(Verb.MANAGE_TERMS)
def change_rule(edition_id: str, rule: str) -> Response | tuple[str, int]:
    """The same sales are split otherwise from a day on."""
    form, settled = request.form, what_is_settled()

    def work(session: Session) -> None:
        share, day = share_said(form), day_said(form, "from_day")
        actions.change_rule(
            session, edition_id, rule, share, from_day=day, at=now(), by=current_user.id, settled=settled
        )

    return rule_done(edition_id, rule, work, _("Đã đổi tỷ lệ chia. Phiếu trước ngày đó giữ tỷ lệ cũ."))


@blueprint.post("/editions/<edition_id>/split-rules/<rule>/end")
@requires(Verb.MANAGE_TERMS)
def end_rule(edition_id: str, rule: str) -> Response | tuple[str, int]:
    """It holds until a day and no longer."""
    settled = what_is_settled()

    def work(session: Session) -> None:
        last = day_said(request.form, "last_day")
        actions.end_rule(session, edition_id, rule, last, at=now(), by=current_user.id, settled=settled)

    return rule_done(edition_id, rule, work, _("Đã ghi ngày cuối của tỷ lệ chia."))


@blueprint.post("/editions/<edition_id>/split-rules/<rule>/withdraw")
@requires(Verb.MANAGE_TERMS)
def withdraw_rule(edition_id: str, rule: str) -> Response | tuple[str, int]:
    """It was a mistake, and nothing was sold under it."""
    settled = what_is_settled()

    def work(session: Session) -> None:
        actions.withdraw_rule(session, edition_id, rule, at=now(), by=current_user.id, settled=settled)

    return rule_done(edition_id, rule, work, _("Đã bỏ tỷ lệ chia."))


def what_is_settled() -> actions.Settled | None:
    """What statements have said already; lent by the app, since settlement lies above."""
    lent: actions.Settled | None = current_app.extensions.get("fair_pos_settled")
    return lent


def rule_done(edition_id: str, rule: str, work: Callable[[Session], None], said: str) -> Response | tuple[str, int]:
    """Do something about a rule, and go back to all of them."""
    try:
        in_transaction(work)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        page = rule_page(edition_id, rule, request.form.to_dict(), sentence(refusal.code, refusal.facts))
        return page, refusal.status
    flash(said)
    return redirect(url_for("terms.split_rules", edition_id=edition_id))


def rules_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """All rules, the line to try, and the form as it was sent."""
    session, rules = reading(), queries.rules_of(reading(), edition_id)
    edition, choices = get_edition(session, edition_id), choices_of(edition_id, rules)
    today = fair_day(now(), edition.day_boundary_minutes)
    over = [one for one in rules if one.ends_day is not None and one.ends_day < today]
    shown = sorted((one for one in rules if one not in over), key=lambda one: (one.rank, one.starts_day), reverse=True)
    return render_template(
        "terms/split_rules.html",
        edition=edition,
        choices=choices,
        rules=shown,
        over=over[::-1],
        today=today,
        form=form,
        tiers=tier_rows(),
        error=error,
        tried=tried(edition_id, choices, today),
        asked=request.args,
    )


def tier_rows() -> list[tuple[str, str]]:
    """The rows of tiers as they were sent, and empty ones."""
    sent = list(zip(request.form.getlist("tier_price"), request.form.getlist("tier_percent"), strict=False))
    return [*sent, *[("0" if not sent and not row else "", "") for row in range(TIER_ROWS - len(sent))]]


def rule_page(edition_id: str, rule: str, form: dict[str, str], error: str) -> str:
    """One rule and what can be done about it."""
    row = queries.get_rule(reading(), edition_id, rule)
    found = queries.rule_of(row)
    return render_template(
        "terms/rule.html",
        edition=get_edition(reading(), edition_id),
        rule=found,
        row=row,
        about=choices_of(edition_id, [found]).words(found),
        people=person_names((row.created_by, row.ended_by)),
        form=form,
        tiers=tier_rows(),
        error=error,
    )


def tried(edition_id: str, choices: Choices, today: date) -> dict[str, Any] | None:
    """What owner and house would get of a line; None when nothing was tried."""
    asked = request.args
    if "price" not in asked:
        return None
    line, day = amount_tried(asked), read_day(asked.get("day", "")) or today
    if line is None:
        return {"wrong": True}
    price, quantity = line
    booth, owner, product = (asked.get(name, "") for name in ("booth", "owner", "product"))
    fact = products_for_sale(reading(), {product}).get(product)
    grams = quantity if fact is not None and fact.sold_by == "weight" else None
    amount = price * quantity if grams is None else weighed_amount_dong(grams, price)
    rule = rule_for(
        queries.rules_of(reading(), edition_id), booth_id=booth, owner_id=owner, product_id=product, day=day
    )
    found = split(amount, unit_price_dong=price, units=quantity, grams=grams, rule=rule)
    about = choices.words(rule) if rule is not None else ""
    return {"wrong": False, "amount": amount, "split": found, "rule": rule, "about": about, "day": day, "grams": grams}


# --- fees and the smallest payout -------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/fees")
@requires(Verb.MANAGE_TERMS)
def fees(edition_id: str) -> str:
    """What owners are charged, and from how much on they are paid."""
    return fees_page(edition_id, {}, "")


@blueprint.post("/editions/<edition_id>/fees")
@requires(Verb.MANAGE_TERMS)
def add_fee(edition_id: str) -> Response | tuple[str, int]:
    """Charge an owner."""
    form = request.form

    def work(session: Session) -> None:
        amount, day = fee_amount_said(form), day_said(form, "charged_day")
        fee_actions.add_fee(
            session, edition_id, form.get("owner", ""), form.get("kind", ""), amount, day, form.get("words", "")[:1000],
            at=now(), by=current_user.id,
        )  # fmt: skip

    return fees_done(edition_id, work, _("Đã ghi khoản thu."))


@blueprint.post("/editions/<edition_id>/fees/<fee>/cancel")
@requires(Verb.MANAGE_TERMS)
def cancel_fee(edition_id: str, fee: str) -> Response | tuple[str, int]:
    """Take back a fee that stands on no statement."""
    settled = what_is_settled()

    def work(session: Session) -> None:
        reason = request.form.get("reason", "")[:1000]
        fee_actions.cancel_fee(session, edition_id, fee, reason, at=now(), by=current_user.id, settled=settled)

    return fees_done(edition_id, work, _("Đã hủy khoản thu."))


@blueprint.post("/editions/<edition_id>/minimum-payout")
@requires(Verb.MANAGE_TERMS)
def set_minimum(edition_id: str) -> Response | tuple[str, int]:
    """Say from how much on owners are paid."""

    def work(session: Session) -> None:
        amount = minimum_said(request.form)
        fee_actions.set_minimum(session, edition_id, amount, at=now(), by=current_user.id)

    return fees_done(edition_id, work, _("Đã ghi mức chi trả tối thiểu."))


def fees_done(edition_id: str, work: Callable[[Session], None], said: str) -> Response | tuple[str, int]:
    """Do something about fees, and show them."""
    try:
        in_transaction(work)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return fees_page(edition_id, request.form.to_dict(), sentence(refusal.code, refusal.facts)), refusal.status
    flash(said)
    return redirect(url_for("terms.fees", edition_id=edition_id))


def fees_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """All fees, newest first, and the forms as they were sent."""
    session, edition = reading(), get_edition(reading(), edition_id)
    found = queries.all_fees(session, edition_id)
    lent = what_is_settled()
    return render_template(
        "terms/fees.html",
        edition=edition,
        choices=choices_of(edition_id),
        fees=found,
        owners=owner_names({one.producer_id for one in found}),
        people=person_names(who for one in found for who in (one.created_by, one.cancelled_by)),
        settled=frozenset() if lent is None else frozenset(lent.fees(session, edition_id)),  # type: ignore[arg-type]  # reads only
        kinds=words.fee_kinds(),
        fee_words=words.fee_words,
        minimum=queries.minimum_of(session, edition_id),
        today=fair_day(now(), edition.day_boundary_minutes),
        form=form,
        error=error,
    )
