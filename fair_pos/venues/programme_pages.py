"""The programme of an edition: what is on, by day; marks on the hourly curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.venues import programme
from fair_pos.venues.forms import programme_item
from fair_pos.venues.queries import get_edition, programme_of
from fair_pos.venues.rules import (
    LONG_DAYS,
    MOST_PROGRAMME_TITLE,
    PROGRAMME_KINDS,
    after_midnight,
    day_in_edition,
    written_clock,
)
from fair_pos.venues.tables import Edition, ProgrammeItem

blueprint = Blueprint("programme", __name__)

FIELDS = ("day", "time", "kind", "title")


@dataclass(frozen=True)
class Shown:
    """An item as the page has it; `next_day` when it begins after midnight."""

    item: ProgrammeItem
    time: str
    next_day: date | None


@blueprint.get("/editions/<edition_id>/programme")
@requires(Verb.MANAGE_BOOTHS)
def items(edition_id: str) -> str:
    """What is on, by day, and the form for more."""
    edition = get_edition(reading(), edition_id)
    return programme_page(edition, first_form(edition), "")


@blueprint.post("/editions/<edition_id>/programme")
@requires(Verb.MANAGE_BOOTHS)
def add(edition_id: str) -> Response | tuple[str, int]:
    """Add something."""

    def work(session: Session) -> str:
        said = programme_item(typed())
        return programme.add_item(session, edition_id, said, at=now(), by=current_user.id).title

    return done(edition_id, work, lambda title: _("Đã thêm «%(title)s».", title=title))


@blueprint.post("/editions/<edition_id>/programme/change")
@requires(Verb.MANAGE_BOOTHS)
def change(edition_id: str) -> Response | tuple[str, int]:
    """Change something."""

    def work(session: Session) -> str:
        said = programme_item(typed())
        programme.change_item(session, edition_id, request.form.get("item", ""), said, at=now(), by=current_user.id)
        return said.title

    return done(edition_id, work, lambda title: _("Đã lưu «%(title)s».", title=title))


@blueprint.post("/editions/<edition_id>/programme/remove")
@requires(Verb.MANAGE_BOOTHS)
def remove(edition_id: str) -> Response | tuple[str, int]:
    """Take something off."""

    def work(session: Session) -> str:
        return programme.remove_item(session, edition_id, request.form.get("item", ""), at=now(), by=current_user.id)

    return done(edition_id, work, lambda title: _("Đã bỏ «%(title)s» khỏi chương trình.", title=title))


def typed() -> dict[str, str]:
    """The form as it was sent."""
    return {name: request.form.get(name, "")[:400] for name in FIELDS}


def done(edition_id: str, work: Callable[[Session], str], say: Callable[[str], str]) -> Response | tuple[str, int]:
    """Do it and come back to the page; what is turned down is said there, beside what was typed."""
    try:
        title = in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        edition = get_edition(reading(), edition_id)
        return programme_page(edition, typed(), sentence(refusal.code, refusal.facts)), refusal.status
    flash(say(title))
    return redirect(url_for("programme.items", edition_id=edition_id))


def first_form(edition: Edition) -> dict[str, str]:
    """The form for another item: today when the edition is on, else its first day, at the opening hour."""
    today = fair_day(now(), edition.day_boundary_minutes)
    day = today if day_in_edition(today, edition.starts_day, edition.ends_day) else edition.starts_day
    return {"day": day.isoformat(), "time": written_clock(edition.opens_minute), "kind": "opening", "title": ""}


def programme_page(edition: Edition, form: dict[str, str], error: str) -> str:
    """Everything that is on by day, and the form as it was sent."""
    found = programme_of(reading(), edition.id)
    return render_template(
        "venues/programme.html",
        edition=edition,
        days=[
            (day, [shown(one, edition) for one in some]) for day, some in groupby(found, key=lambda one: one.fair_day)
        ],
        choices=days_of(edition),
        kinds=PROGRAMME_KINDS,
        boundary=written_clock(edition.day_boundary_minutes),
        most=MOST_PROGRAMME_TITLE,
        form=form,
        error=error,
    )


def shown(item: ProgrammeItem, edition: Edition) -> Shown:
    """An item with its time as clocks show it, and the calendar's day when that is another."""
    later = after_midnight(item.minute, edition.day_boundary_minutes)
    return Shown(item, written_clock(item.minute), item.fair_day + timedelta(days=1) if later else None)


def days_of(edition: Edition) -> list[date]:
    """The days to choose from; none of a showroom or of a fair longer than any, whose day is typed."""
    if edition.ends_day is None or (edition.ends_day - edition.starts_day).days >= LONG_DAYS:
        return []
    return [
        edition.starts_day + timedelta(days=number)
        for number in range((edition.ends_day - edition.starts_day).days + 1)
    ]
