"""The titles of a product beside its star: which hold, entering one, taking back what was entered wrongly."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fair_pos.catalogue.actions import bump_version
from fair_pos.catalogue.queries import get_product_by_slug
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.registry import refusals
from fair_pos.registry.actions import add_title, remove_title
from fair_pos.registry.queries import certificates_of, titles_of
from fair_pos.registry.rules import best_on
from fair_pos.registry.titles import KINDS, LEVELS, MOST_DECISION, TitleSaid

blueprint = Blueprint("titles", __name__)

FIELDS = ("kind", "level", "issued", "expires", "decision")


@blueprint.get("/catalogue/products/<slug>/titles")
@requires(Verb.MANAGE_CATALOGUE)
def titles(slug: str) -> str:
    """The titles that a product holds or held, and the form for another."""
    return titles_page(slug, "")


@blueprint.post("/catalogue/products/<slug>/titles")
@requires(Verb.MANAGE_CATALOGUE)
def add(slug: str) -> Response | tuple[str, int]:
    """Enter a title."""
    by = current_user.id

    def work(session: Session) -> None:
        product = get_product_by_slug(session, slug)
        issued, expires = typed("issued"), typed("expires")
        said = TitleSaid(
            product.id,
            typed("kind"),
            typed("level"),
            a_day(issued),
            a_day(expires) if expires else None,
            typed("decision"),
        )
        add_title(session, said, at=now(), by=by)
        bump_version(session, "title", now())

    try:
        in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return titles_page(slug, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi danh hiệu."))
    return redirect(url_for("titles.titles", slug=slug))


@blueprint.post("/catalogue/products/<slug>/titles/remove")
@requires(Verb.MANAGE_CATALOGUE)
def remove(slug: str) -> Response:
    """Take back a title that was entered wrongly."""
    by = current_user.id

    def work(session: Session) -> None:
        product = get_product_by_slug(session, slug)
        remove_title(session, product.id, typed("title"), at=now(), by=by)
        bump_version(session, "title", now())

    in_transaction(work)
    flash(_("Đã bỏ danh hiệu ghi nhầm. Nhật ký giữ lại những gì đã ghi."))
    return redirect(url_for("titles.titles", slug=slug))


def typed(name: str) -> str:
    """A field of the form."""
    return request.form.get(name, "").strip()[:400]


def a_day(text: str) -> date:
    """A day of the form. Raises TitleDayMissing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusals.TitleDayMissing from None


def titles_page(slug: str, error: str) -> str:
    """One product with its titles and its star, and the form as it was sent."""
    product = get_product_by_slug(reading(), slug)
    today = fair_day(now(), 0)
    return render_template(
        "registry/titles.html",
        product=product,
        star=best_on(certificates_of(reading(), [product.id]).get(product.id, []), today),
        titles=titles_of(reading(), [product.id]).get(product.id, []),
        today=today,
        kinds=KINDS,
        levels=LEVELS,
        most=MOST_DECISION,
        form={name: request.form.get(name, "")[:400] for name in FIELDS},
        error=error,
    )
