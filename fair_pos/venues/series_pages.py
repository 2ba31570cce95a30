"""The fairs that come back, each with its editions side by side, and the way to the next one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_login import current_user

from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.web import requires
from fair_pos.venues.queries import all_editions, all_series, booths_by_edition, editions_of_series
from fair_pos.venues.tables import Edition, Series

blueprint = Blueprint("series", __name__)


@dataclass(frozen=True)
class Held:
    """A series and those of its editions that the person may see, newest first; None for fairs without a series."""

    series: Series | None
    editions: list[Edition]


@blueprint.get("/editions/series")
@requires(Verb.SEE_FIGURES)
def series() -> str:
    """Every series with its editions, then fairs of none."""
    held = [Held(one, seen(editions_of_series(reading(), one.id))[::-1]) for one in all_series(reading())]
    alone = [one for one in all_editions(reading()) if one.series_id is None and one.kind == "fair"]
    held.append(Held(None, seen(alone)))
    booths = booths_by_edition(reading())
    return render_template(
        "venues/series.html",
        held=[one for one in held if one.editions],
        booths={edition_id: len(some) for edition_id, some in booths.items()},
    )


def seen(editions: list[Edition]) -> list[Edition]:
    """Those whose figures the person may see."""
    return [one for one in editions if may(current_user.roles, Verb.SEE_FIGURES, Scope(edition_id=one.id))]
