"""Editions of fairs before this system, with figures from a newspaper."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.people.actions import create_person
from fair_pos.plumbing.db import transaction
from fair_pos.published import actions
from fair_pos.published.actions import Word
from fair_pos.venues.actions import create_edition, create_series
from fair_pos.venues.rules import EditionPlan
from tests.builders import PASSWORD

SOURCE = "Báo Quảng Ninh, 6/9/2017"


def writer(app: Flask) -> str:
    """The id of whoever types figures in."""
    if "writer" not in app.extensions:
        with app.app_context(), transaction() as session:
            made = create_person(
                session, login_name="nguoighi", name="Lò Thị Ghi", password=PASSWORD, at=now(), by=None
            )
            app.extensions["writer"] = made.id
    found: str = app.extensions["writer"]
    return found


def stated(app: Flask, series: str, name: str, starts: date, days: int, /, **figures: int) -> str:
    """The id of an edition of so many days with these figures."""
    by = writer(app)
    with app.app_context(), transaction() as session:
        found = create_series(session, series, at=now(), by=None)
        plan = EditionPlan("fair", name, "", starts, starts + timedelta(days=days - 1))
        edition = create_edition(session, plan, series_id=found.id, at=now(), by=None)
        if figures:
            word = Word(now(), by, source=SOURCE)
            actions.state(session, edition.id, figures, None, lambda _session: {}, word=word)
        return edition.id


def quang_ninh(app: Flask) -> str:
    """2017 as published (FEATURES 5), and an edition before it from which it grew by exactly 15 and 45 % a day. The id of 2017."""
    series = "Hội chợ OCOP Quảng Ninh"
    stated(app, series, "OCOP Quảng Ninh 2016", date(2016, 9, 1), 4, visits=37_565, net_dong=3_751_724_138)
    published = {"visits": 54_000, "net_dong": 6_800_000_000, "booths": 224, "products": 670}
    return stated(app, series, "OCOP Quảng Ninh 2017", date(2017, 9, 1), 5, **published)


def summer_2019(app: Flask) -> str:
    """10.2 billion, of which OCOP 7; the fair lasted 5 days and its source says 6."""
    said = {"visits": 110_000, "net_dong": 10_200_000_000, "ocop_dong": 7_000_000_000, "days": 6}
    return stated(app, "Hội chợ hè Quảng Ninh", "Hè Quảng Ninh 2019", date(2019, 4, 26), 5, **said)


def week_of_2023_to_2025(app: Flask) -> list[str]:
    """The series of the seed with what is known of it."""
    series = "Tuần lễ OCOP TP.HCM"
    return [
        stated(app, series, "Tuần lễ OCOP 2023", date(2023, 10, 27), 3, enterprises=439, products=1_200),
        stated(app, series, "Tuần lễ OCOP 2024", date(2024, 11, 6), 5, booths=94),
        stated(app, series, "Tuần lễ OCOP 2025", date(2025, 12, 19), 3, enterprises=400, products=3_000),
    ]
