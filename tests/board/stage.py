"""Two editions of a series with sales, and a display, for tests of boards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from fair_pos.board.actions import make_display
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import transaction
from fair_pos.venues.tables import Edition, Series
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet


@dataclass(frozen=True)
class Stage:
    """`fair` runs today, its third day; `before` ran a year ago for as long."""

    fair: Fair
    before: Fair
    tablets: list[Tablet]
    """One at each booth of `fair`, by its number."""
    earlier: Tablet
    """At the first booth of `before`."""


def set_stage(app: Flask, *, booths: int = 2) -> Stage:
    """Two editions of one series, a tablet at each booth, nothing sold."""
    fair = make_fair(app, booths=booths)
    first_day = fair_day(now(), BOUNDARY) - timedelta(days=2)
    before = make_fair(app, name="Hội chợ năm ngoái", starts=first_day - timedelta(days=364))
    with app.app_context(), transaction() as session:
        session.add(Series(id=named_id("series"), name="Tuần lễ OCOP"))
        session.flush()
        for one in (fair, before):
            session.get_one(Edition, one.edition_id).series_id = named_id("series")
    long_ago = now() - timedelta(days=400)
    earlier = pair_tablet(app, before, paired_at=long_ago)
    return Stage(fair, before, [pair_tablet(app, fair, booth) for booth in range(booths)], earlier)


def a_year_ago(hour: int) -> datetime:
    """That hour of the third day of `before`."""
    day = fair_day(now(), BOUNDARY) - timedelta(days=364)
    return day_starts_at(day, BOUNDARY) + timedelta(hours=hour, minutes=-BOUNDARY + 30)


def display_of(app: Flask, fair: Fair, *, shows_makers: bool = False, name: str = "Cửa chính") -> str:
    """A display of the fair; its token."""
    with app.app_context(), transaction() as session:
        by = fair.people["bantochuc"]
        return make_display(session, fair.edition_id, name=name, shows_makers=shows_makers, at=now(), by=by)[1]


def wall_headers(token: str) -> dict[str, str]:
    """What a display sends."""
    return {"Authorization": f"Bearer {token}", "X-Fair-Pos": "wall"}


def board_for(client: FlaskClient, token: str) -> Any:
    """The answer of the board's door."""
    return client.get("/api/board/wall", headers=wall_headers(token))
