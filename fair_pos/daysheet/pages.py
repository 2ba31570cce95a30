"""The badge that stands beside every figure, and the pages on which a day is closed."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, g
from flask_babel import gettext as _

from fair_pos.daysheet import queries
from fair_pos.daysheet.rules import Badge, What
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.words import clock, instant

blueprint = Blueprint("daysheet", __name__)
MOST_NAMED = 6


@blueprint.app_template_global()
def completeness_badge(edition_id: str, day: date | None = None, what: What = "sales") -> Badge:
    """How complete a figure is, of a day or of the whole edition so far; asked once in a request however often a page shows it."""
    kept: dict[tuple[str, date | None, str], Badge] = g.setdefault("completeness_badges", {})
    key = (edition_id, day, what)
    if key not in kept:
        found = queries.visitor_badge_of if what == "visitors" else queries.badge_of
        kept[key] = found(reading(), edition_id, day, now())
    return kept[key]


@blueprint.app_template_filter()
def named_late(names: tuple[str, ...]) -> str:
    """«B, C, D và 6 máy nữa»: of many only the first few."""
    shown = ", ".join(names[:MOST_NAMED])
    rest = len(names) - MOST_NAMED
    return shown if rest <= 0 else _("%(some)s và %(rest)s máy nữa", some=shown, rest=rest)


@blueprint.app_template_filter()
def near_clock(at: datetime) -> str:
    """«14:05» today, «23/11/2026 14:05» on any other day, Vietnamese time."""
    same = at.astimezone(VIETNAM).date() == now().astimezone(VIETNAM).date()
    return clock(at) if same else instant(at)
