"""The plan while the fair runs: what each booth is doing and takes; and the heat map of a day or of the whole edition."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from fair_pos.floorplan.drawing import letter_size, zone_names
from fair_pos.floorplan.queries import plan_size, spots_of
from fair_pos.floorplan.rules import PlanSize, Spot, overlapping
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.web import requires
from fair_pos.reports import queries
from fair_pos.reports.booth_states import STATES, hours_of, state_of
from fair_pos.reports.export import as_file, table_cells
from fair_pos.reports.forms import day_asked
from fair_pos.reports.heat import is_small
from fair_pos.reports.plan_cells import SHOWS, Cell, Show, minutes_since, shades
from fair_pos.reports.plan_heat import drawn_heat, heat_image_of, money_words
from fair_pos.reports.rules import days_to_choose, shown_day, together
from fair_pos.till.queries import devices_of
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("plan", __name__)
REFRESH_SECONDS = 5
FRAME = (1_150, 600)
"""(wide, high) in pixels of what a screen of 1280 × 800 leaves to the plan."""
LEAST_LETTERS = 11
"""How many pixels high the code of a booth must be to be read."""
SCALES = (17, 40)
"""Pixels for ten decimetres, the fewest and the most: one sliver of a booth must not blow a plan up without end."""


# --- live -----------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/plan")
@requires(Verb.SEE_FIGURES)
def live(edition_id: str) -> str:
    """The plan of a day, today's while the fair runs; it renews itself, and without JavaScript says when it was made."""
    return render_template("reports/plan.html", **live_facts(edition_id), refresh_seconds=REFRESH_SECONDS)


@blueprint.get("/editions/<edition_id>/plan/part")
@requires(Verb.SEE_FIGURES)
def live_part(edition_id: str) -> Response:
    """What of that page changes, for renewing it without loading it again.

    Compressed: 300 kB every five seconds would be 200 MB an hour on a telephone. It holds no secret and repeats nothing that the
    asker wrote, so its length gives nothing away (BREACH).
    """
    text = render_template("reports/plan_part.html", **live_facts(edition_id)).encode()
    answer = Response(text, mimetype="text/html")
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        answer.set_data(gzip.compress(text, compresslevel=4, mtime=0))
        answer.content_encoding = "gzip"
    return answer


def live_facts(edition_id: str) -> dict[str, Any]:
    """All that the plan of a day shows."""
    session, edition, at = reading(), get_edition(reading(), edition_id), now()
    days, today = queries.day_figures(session, edition_id), fair_day(at, edition.day_boundary_minutes)
    asked = day_asked(request.args).day
    runs = edition.starts_day <= today and (edition.ends_day is None or today <= edition.ends_day)
    day = asked or (today if runs else shown_day(None, today, edition.starts_day, edition.ends_day, days))
    show = show_asked()
    if show == "minutes" and day != today:
        show = "state"  # so many minutes since the last sale of a day that is over say nothing
    cells = cells_of(edition_id, day)
    spots, size = spots_of(session, edition_id), plan_size(session, edition_id)
    return {
        "edition": edition,
        "day": day,
        "today": today,
        "days": days_to_choose(day, today, edition.starts_day, edition.ends_day, days),
        "show": show,
        "shows": [one for one in SHOWS if one != "minutes" or day == today],
        "show_words": show_words(),
        "cells": cells,
        "spots": spots,
        "size": size,
        "shades": shades(cells, show),
        "legend": legend_words(show, cells),
        "pairs": pairs_words(cells, spots),
        **drawn_size(size, [code_size(one.code, spots[one.booth_id]) for one in cells if one.booth_id in spots]),
        "zone_names": zone_names({one.booth_id: one.zone for one in cells}, spots),
        "code_sizes": {one.booth_id: code_size(one.code, spots.get(one.booth_id)) for one in cells},
        "small": {one: is_small(spot.width, spot.height) for one, spot in spots.items()},
        "states": {state: sum(1 for one in cells if one.state == state) for state in STATES},
        "state_words": state_words(),
        "total": together(one.figure for one in cells),
        "without_spot": sum(1 for one in cells if one.booth_id not in spots),
        "now": at,
    }


def show_asked() -> Show:
    """What the numbers on the plan are; anything unknown is the usual view."""
    asked = request.args.get("show", "")
    return next((one for one in SHOWS if one == asked), "state")


def cells_of(edition_id: str, day: date) -> list[Cell]:
    """The booths of an edition by code, each with its figures of a fair day and what it is doing now."""
    session, edition, at = reading(), get_edition(reading(), edition_id), now()
    booths = booths_of(session, edition_id)
    figures = {one.key: one for one in queries.booth_figures(session, edition_id, day)}
    sold = queries.last_sold_by_booth(session, edition_id, day)
    heard = {
        one.booth_id
        for one in devices_of(session, [booth.id for booth in booths])
        if one.revoked_at is None
        and one.last_heard_at is not None
        and fair_day(one.last_heard_at, edition.day_boundary_minutes) >= day
    }
    hours = hours_of(day, edition.starts_day, edition.ends_day, edition.opens_minute, edition.closes_minute)
    is_today = day == fair_day(at, edition.day_boundary_minutes)
    return [
        Cell(
            booth_id=one.id,
            code=one.code,
            name=one.name,
            zone=one.zone,
            figure=figures[one.id],
            state=state_of(sold.get(one.id), is_heard=one.id in heard, hours=hours, at=at),
            last_sold_at=sold.get(one.id),
            minutes=minutes_since(sold.get(one.id), at) if is_today else None,
        )
        for one in booths
    ]


def code_size(code: str, spot: Spot | None) -> int:
    """How large the code of a booth is written: alone in a small one, above its number in others."""
    if spot is None:
        return 0
    return letter_size(code, spot) if is_small(spot.width, spot.height) else min(8, letter_size(code, spot))


def drawn_size(size: PlanSize, letters: list[int]) -> dict[str, Any]:
    """`is_whole`: a desk can show all of the plan with readable codes; else, as on a phone, it is `pixels` (wide, high) and scrolls."""
    least = min(letters, default=8)
    fits = all(
        least * frame >= LEAST_LETTERS * plan for frame, plan in zip(FRAME, (size.width, size.height), strict=True)
    )
    scale = min(max(SCALES[0], -(-10 * LEAST_LETTERS // least)), SCALES[1])
    return {"is_whole": fits, "pixels": (size.width * scale // 10, size.height * scale // 10)}


def pairs_words(cells: list[Cell], spots: dict[str, Spot]) -> str:
    """The booths that lie on one another: «A01 và A12, A01 và A13»."""
    codes = {one.booth_id: one.code for one in cells}
    drawn = {one: spot for one, spot in spots.items() if one in codes}
    return ", ".join(f"{codes[one]} {_('và')} {codes[other]}" for one, other in overlapping(drawn))


def show_words() -> dict[str, str]:
    """What the plan can show, in words."""
    return {
        "state": _("Trạng thái"),
        "money": _("Thực thu"),
        "receipts": _("Số phiếu bán"),
        "minutes": _("Phút từ phiếu cuối"),
    }


def state_words() -> dict[str, str]:
    """What a booth is doing, in words."""
    return {
        "selling": _("đang bán"),
        "silent": _("im lặng"),
        "ready": _("mới mở cửa"),
        "not_opened": _("chưa mở máy"),
        "closed": _("ngoài giờ"),
    }


def legend_words(show: Show, cells: list[Cell]) -> str:
    """What the number in each booth is."""
    words: dict[str, str] = {
        "receipts": _("Số phiếu bán trong ngày"),
        "minutes": _("Số phút từ phiếu bán cuối cùng"),
    }
    return words[show] if show in words else money_words(cells)


# --- the heat map ---------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/plan/heat")
@requires(Verb.SEE_FIGURES)
def heat(edition_id: str) -> str:
    """Where the money was made: the plan in one hue, and the same numbers as a table."""
    edition, at = get_edition(reading(), edition_id), now()
    days, today = queries.day_figures(reading(), edition_id), fair_day(now(), edition.day_boundary_minutes)
    day = day_of_heat(edition_id)
    drawn = drawn_heat(edition_id, day)
    shown = day or shown_day(None, today, edition.starts_day, edition.ends_day, days)
    return render_template(
        "reports/plan_heat.html",
        edition=edition,
        day=day,
        days=days_to_choose(shown, today, edition.starts_day, edition.ends_day, days),
        drawn=drawn,
        total=together(drawn.table.figures),
        without_spot=len(drawn.table.figures) - len(drawn.cells),
        most=max(drawn.table.figures, key=lambda one: one.net_dong, default=None),
        now=at,
    )


@blueprint.get("/editions/<edition_id>/plan/heat.<any(svg, png):form>")
@requires(Verb.SEE_FIGURES)
def heat_image(edition_id: str, form: str) -> Response:
    """The map by itself."""
    image = heat_image_of(edition_id, day_of_heat(edition_id), form="png" if form == "png" else "svg")
    answer = Response(image, mimetype="image/png" if form == "png" else "image/svg+xml")
    # An SVG opened by itself is a document; its own style attributes are all it may have.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@blueprint.get("/editions/<edition_id>/plan/heat-table.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def heat_file(edition_id: str, ending: str) -> Response:
    """The same numbers as a file."""
    day, edition = day_of_heat(edition_id), get_edition(reading(), edition_id)
    table = drawn_heat(edition_id, day).table
    return as_file(
        ending, f"{table.title} {day.isoformat() if day else edition.name}", table_cells(table), about=(edition_id, day)
    )


def day_of_heat(edition_id: str) -> date | None:
    """The day asked for; without one the whole edition. Raises NotFound when it is none."""
    get_edition(reading(), edition_id)
    return day_asked(request.args).day
