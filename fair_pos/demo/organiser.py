"""What the organiser of the demo fair prepared and signed, and the fairs of the series before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fair_pos.board.actions import switch_public_board
from fair_pos.daysheet.actions import close_day
from fair_pos.daysheet.rules import Agreed
from fair_pos.demo.simulator import HOUR_WEIGHTS, BoothPlan, hour_of, simulate
from fair_pos.floorplan.actions import place_booths
from fair_pos.floorplan.layout import laid_out
from fair_pos.floorplan.queries import plan_size
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import named_id
from fair_pos.people.actions import grant_role
from fair_pos.people.queries import get_person
from fair_pos.people.rules import Role, Scope
from fair_pos.published.actions import Measure, Word, freeze, state
from fair_pos.published.queries import open_items
from fair_pos.reports.queries import count_to_look_at
from fair_pos.reports.standing import standing_of
from fair_pos.venues.actions import create_booth, create_edition, replace_occupants
from fair_pos.venues.programme import add_item
from fair_pos.venues.queries import booths_of, occupants_of
from fair_pos.venues.rules import DEFAULT_BOUNDARY_MINUTES, EditionPlan, ItemSaid, ProgrammeKind
from fair_pos.visitors.actions import HourOf, add_gate, tally
from fair_pos.visitors.plans import plan_days

PLACE = "Công viên Lê Thị Riêng, TP. Hồ Chí Minh"
EXPECTED_VISITORS = (1_100, 900, 900, 1_200, 800)
"""A day; the third drew half as many again."""
PROGRAMME: tuple[tuple[int, int, ProgrammeKind, str], ...] = (
    (0, 9 * 60, "opening", "Khai mạc Tuần lễ OCOP"),
    (0, 19 * 60 + 30, "livestream", "Livestream chè Shan tuyết"),
    (1, 10 * 60, "cooking", "Trình diễn xôi bảy màu"),
    (1, 18 * 60, "livestream", "Livestream mật ong bạc hà"),
    (2, 16 * 60, "cooking", "Trình diễn cơm lam, cá nướng"),
    (3, 10 * 60 + 30, "cooking", "Trình diễn miến dong xào"),
    (3, 20 * 60, "livestream", "Livestream quà quê"),
    (4, 20 * 60, "other", "Bế mạc và trao giải gian hàng đẹp"),
)
"""(day of the fair from 0, minute, kind, title)."""

STATED: tuple[tuple[date, date, str, dict[str, int], str], ...] = (
    (
        date(2023, 10, 27),
        date(2023, 10, 29),
        "Tuần lễ OCOP 2023",
        {"enterprises": 439, "products": 1_200},
        "Báo chí về Tuần lễ OCOP 27/10/2023 (số tròn; ngày bế mạc do bản mẫu đặt)",
    ),
    (
        date(2024, 11, 6),
        date(2024, 11, 10),
        "Tuần lễ OCOP 2024",
        {"days": 5},
        "Báo chí về Tuần lễ OCOP 6–10/11/2024: 44 cụm gian và 50 gian công nghệ, 32 tỉnh đăng ký",
    ),
)
"""Fairs before this system: (first day, last day, name, figures, source). What no source says is left out."""

LAST_YEAR_ID = named_id("demo", "last year")
LAST_YEAR_DAYS, LAST_YEAR_BOOTHS = 5, 6
PEOPLE_AN_HOUR = 9
"""At last year's one gate, times how busy an hour is."""


def prepare_fair(session: Session, edition_id: str, starts: date, *, at: datetime, by: str) -> None:
    """Programme, plan and expected visitors of the fair, and a board for everyone. `at` is before it opens."""
    for day, minute, kind, title in PROGRAMME:
        said = ItemSaid(starts + timedelta(days=day), minute, kind, title)
        add_item(session, edition_id, said, at=at, by=by)
    lay_out(session, edition_id, at=at, by=by)
    expected = {starts + timedelta(days=number): people for number, people in enumerate(EXPECTED_VISITORS)}
    plan_days(session, edition_id, named_id("demo", "expected"), expected, at=at, by=by)
    switch_public_board(session, edition_id, on=True, at=at, by=by)


def lay_out(session: Session, edition_id: str, *, at: datetime, by: str) -> None:
    """Let the booths stand zone by zone in rows."""
    zones = {booth.id: booth.zone for booth in booths_of(session, edition_id)}
    spots, size = laid_out(zones, {}, plan_size(session, edition_id), fit=True)
    place_booths(session, edition_id, spots, size=size, version=0, at=at, by=by)


def sign_days(session: Session, edition_id: str, days: Sequence[date], *, by: str) -> None:
    """Close these days, each on its own evening."""
    for day in days:
        at = hour_of(day, 22) + timedelta(minutes=40)
        close_day(session, edition_id, day, Agreed(), count_to_look_at, at=at, by=by)


def state_earlier_fairs(session: Session, series_id: str, *, at: datetime, by: str) -> None:
    """The fairs of 2023 and 2024 with what was published of them."""
    for starts, ends, name, figures, source in STATED:
        plan = EditionPlan("fair", name, PLACE, starts, ends)
        edition = create_edition(session, plan, series_id=series_id, at=at, by=by, edition_id=named_id("demo", name))
        word = Word(at, by, "Kỳ trước khi có hệ thống", source)
        state(session, edition.id, figures, None, _measure(edition.id, ends), word=word)


def sell_last_year(
    session: Session, series_id: str, edition_id: str, plans: Sequence[BoothPlan], starts: date, *, seed: str, by: str
) -> list[str]:
    """Last year's fair with fewer booths and sample sales, its days signed: what this year is compared with hour by hour.

    `plans` are booths of this year's edition. It began on the same weekday, 52 weeks before `starts`. Returns the ids of its booths.
    """
    first = starts - timedelta(weeks=52)
    days = [first + timedelta(days=number) for number in range(LAST_YEAR_DAYS)]
    plan = EditionPlan("fair", f"Tuần lễ OCOP {first.year}", PLACE, days[0], days[-1], sample=True)
    opened_at = hour_of(days[0], 6)
    create_edition(session, plan, series_id=series_id, at=opened_at, by=by, edition_id=LAST_YEAR_ID)
    there = Scope(edition_id=LAST_YEAR_ID)
    for person_id in sorted({one.person_id for one in plans}):
        grant_role(session, get_person(session, person_id), Role.SELLER, there, at=opened_at, by=by)
    grant_role(session, get_person(session, by), Role.ORGANISER, there, at=opened_at, by=by)
    now_there = {booth.id: booth for booth in booths_of(session, edition_id)}
    then = []
    for old in plans[:: max(1, len(plans) // LAST_YEAR_BOOTHS)][:LAST_YEAR_BOOTHS]:
        like = now_there[old.booth_id]
        booth = create_booth(
            session, LAST_YEAR_ID, code=like.code, name=like.name, zone=like.zone, at=opened_at, by=by,
            booth_id=named_id("demo", "last year", like.code),
        )  # fmt: skip
        replace_occupants(session, booth.id, occupants_of(session, old.booth_id), at=opened_at, by=by)
        then.append(replace(old, booth_id=booth.id, account_id=None, account_number="", drawer=False))
    simulate(session, then, days, seed=f"{seed} last year")
    gate_id = add_gate(session, LAST_YEAR_ID, "Cổng chính", "in_only", at=opened_at, by=by).id
    for day in days:
        for hour, weight in HOUR_WEIGHTS.items():
            where = HourOf(named_id("demo", "paper", day.isoformat(), str(hour)), gate_id, day, hour)
            tally(session, where, weight * PEOPLE_AN_HOUR, 0, "", at=hour_of(day, 22), by=by)
    lay_out(session, LAST_YEAR_ID, at=opened_at, by=by)
    sign_days(session, LAST_YEAR_ID, days, by=by)
    return [one.booth_id for one in then]


def freeze_last_year(session: Session, *, at: datetime) -> None:
    """Freeze last year's figures. In a transaction of its own, since it sees one moment."""
    by = named_id("demo", "person", "bantochuc")
    ticked = [one.key for one in open_items(session, LAST_YEAR_ID, at)]
    today = fair_day(at, DEFAULT_BOUNDARY_MINUTES)
    freeze(session, LAST_YEAR_ID, _measure(LAST_YEAR_ID, today), ticked=ticked, word=Word(at, by))


def _measure(edition_id: str, today: date) -> Measure:
    return lambda session: standing_of(session, edition_id, today)
