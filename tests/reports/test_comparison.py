"""Which day of which edition stands beside which, and the figures of whole editions per day, against published ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.published import actions
from fair_pos.published.actions import Word
from fair_pos.published.rules import seen_token
from fair_pos.reports.comparison import (
    Column,
    columns_of,
    edition_before,
    enough,
    growth_of,
    growth_per_day,
    ratio,
    same_fair_day,
    series_of,
)
from fair_pos.venues.actions import create_edition, create_series, hide_edition
from fair_pos.venues.queries import get_edition
from fair_pos.venues.rules import EditionPlan
from fair_pos.visitors.plans import plan_days
from tests.builders import BOUNDARY, make_fair, pair_tablet
from tests.published.freezing import adjust, freeze, late_gaps, measure, noon, past_fair, starts_of, word
from tests.reports.olden import quang_ninh, stated, summer_2019, week_of_2023_to_2025, writer
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def week(app: Flask) -> dict[str, str]:
    """Editions of one series by name: 2023 of 3 days, 2024 of 5 days, 2025 of 3; beside them one of no series and a showroom."""
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        found = {}
        for name, starts, days in (("2024", date(2024, 11, 6), 5), ("2023", date(2023, 10, 27), 3), ("2025", date(2025, 12, 19), 3)):  # fmt: skip
            plan = EditionPlan("fair", name, "", starts, starts + timedelta(days=days - 1))
            found[name] = create_edition(session, plan, series_id=series.id, at=now(), by=None).id
        plan = EditionPlan("fair", "Lẻ", "", date(2024, 11, 20), date(2024, 11, 21))
        found["alone"] = create_edition(session, plan, series_id=None, at=now(), by=None).id
        room = EditionPlan("showroom", "Điểm bán", "", date(2024, 12, 1), None)
        found["room"] = create_edition(session, room, series_id=series.id, at=now(), by=None).id
        return found


def test_the_edition_before_is_of_the_same_series(app: Flask, week: dict[str, str]) -> None:
    with app.app_context():
        found = {name: edition_before(reading(), edition_id) for name, edition_id in week.items()}
        assert found["2023"] is None
        assert found["alone"] is None
        assert (found["2024"] and found["2024"].name) == "2023"
        with pytest.raises(NotFound):
            edition_before(reading(), "none")


@pytest.mark.parametrize(
    ("name", "day", "there"),
    [
        ("2024", date(2024, 11, 6), ("2023", date(2023, 10, 27))),
        ("2024", date(2024, 11, 8), ("2023", date(2023, 10, 29))),
        ("2024", date(2024, 11, 9), None),  # the fourth day: 2023 was over
        ("2024", date(2024, 11, 5), None),
        ("2023", date(2023, 10, 27), None),
        ("alone", date(2024, 11, 20), None),
        ("room", date(2024, 12, 1), None),
    ],
)
def test_days_stand_side_by_side(
    app: Flask, week: dict[str, str], name: str, day: date, there: tuple[str, date] | None
) -> None:
    with app.app_context():
        found = same_fair_day(reading(), week[name], day)
        assert (found and (found[0].name, found[1])) == there


def test_a_showroom_and_a_hidden_edition_are_no_edition_before(app: Flask, week: dict[str, str]) -> None:
    with app.app_context():
        found = same_fair_day(reading(), week["2025"], date(2025, 12, 20))
        assert found is not None
        assert (found[0].name, found[1]) == ("2024", date(2024, 11, 7))
        with transaction() as session:
            hide_edition(session, week["2024"], in_use=False, at=now(), by=None)
    with app.app_context():
        found = same_fair_day(reading(), week["2025"], date(2025, 12, 20))
        assert found is not None
        assert (found[0].name, found[1]) == ("2023", date(2023, 10, 28))


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now_total", "now_days", "before_total", "before_days", "permille"),
    [
        (54_000, 5, 46_957, 5, 150),
        (6_800_000_000, 5, 4_689_655_172, 5, 450),
        (300, 3, 500, 5, 0),  # fewer in all, as many a day
        (1, 1, 2000, 1, -999),  # −999.5 rounds half up
        (4001, 1, 4000, 1, 0),  # 0.25
        (2001, 1, 2000, 1, 1),  # 0.5 rounds up
        (0, 5, 100, 5, -1000),
        (None, 5, 100, 5, None),
        (100, 5, None, 5, None),
        (100, 5, 0, 5, None),
        (100, 0, 100, 5, None),
        (100, 5, -7, 5, None),
    ],
)
def test_growth_is_per_day_and_whole(
    now_total: int | None, now_days: int, before_total: int | None, before_days: int, permille: int | None
) -> None:
    assert growth_per_day(now_total, now_days, before_total, before_days) == permille


def test_no_percentage_on_few_sales() -> None:
    assert (enough(30, 30), enough(None, 30), enough(None, None)) == (True, True, True)
    assert (enough(29, 1000), enough(0)) == (False, False)


def test_ratios_round_half_up_and_never_divide_by_nothing() -> None:
    assert (ratio(6_800_000_000, 54_000), ratio(7, 2), ratio(-7, 2), ratio(1_000, 10, 5)) == (125_926, 4, -3, 20)
    assert [ratio(None, 5), ratio(5, None), ratio(5, 0), ratio(5, 3, 0)] == [None] * 4


# --- editions as they were published ----------------------------------------------------------------------------------


def columns(edition_id: str, *, may_see: bool = True, today: date = date(2026, 11, 24)) -> list[Column]:
    editions = series_of(reading(), edition_id)
    return columns_of(reading(), editions, lambda _edition: today, lambda _id: may_see)


def test_quang_ninh_2017_grew_by_15_and_45_percent_a_day(app: Flask) -> None:
    """FEATURES 5: 5 days, over 54,000 visits (10,800 a day, +15 %), 6.8 billion (1.36 a day, +45 %), 224 booths; 4 days before it."""
    fair = quang_ninh(app)
    with app.app_context():
        before, this = columns(fair)
        assert (this.visits_per_day, this.net_per_day) == (10_800, 1_360_000_000)
        assert (growth_of(this, before, "visits"), growth_of(this, before, "net_dong")) == (150, 450)
        assert (growth_of(before, None, "visits"), before.days, this.days) == (None, 4, 5)
        assert (this.net_per_visit, this.net_per_booth_day) == (125_926, 6_071_429)
        assert this.ocop_permille is None  # nobody published it
        assert (this.value("receipts"), this.figures["visits"].origin, this.is_live) == (None, "stated", False)
        assert this.cumulative("net_dong") == []


def test_quang_ninh_2019_shows_both_definitions_of_its_days(app: Flask) -> None:
    """FEATURES 5: 10.2 billion, OCOP over 7; the fair was 5 days long, its source says 6 for the sales."""
    fair = summer_2019(app)
    with app.app_context():
        (found,) = columns(fair)
        assert found.ocop_permille == 686
        assert (found.days, found.net_per_day, found.clash_per_day) == (5, 2_040_000_000, (6, 1_700_000_000))
        assert [(one.code, one.values) for one in found.said] == [("days", (6, 5))]


def test_the_week_of_2023_to_2025_stands_side_by_side(app: Flask) -> None:
    *_, fair = week_of_2023_to_2025(app)
    with app.app_context():
        found = columns(fair)
        assert [one.edition.starts_day.year for one in found] == [2023, 2024, 2025]
        assert [one.days for one in found] == [3, 5, 3]
        assert [one.value("enterprises") for one in found] == [439, None, 400]
        assert [one.value("products") for one in found] == [1_200, None, 3_000]
        assert [one.value("booths") for one in found] == [None, 94, None]
        assert [one.value("visits") for one in found] == [None] * 3  # unknown, and not zero


def test_days_that_are_all_known_make_the_whole_that_nobody_published(app: Flask) -> None:
    starts, by = date(2023, 10, 27), writer(app)
    fair = stated(app, "Tuần lễ", "2023", starts, 2)

    def say(day: date, people: int) -> None:
        with transaction() as session:
            word = Word(now(), by, source="Báo cáo của Sở")
            actions.state(session, fair, {"visits": people}, day, lambda _session: {}, word=word)

    with app.app_context():
        say(starts, 900)
        (found,) = columns(fair)
        assert (found.value("visits"), found.on(1, "visits").value, found.visits_per_day) == (None, 900, None)
        say(starts + timedelta(days=1), 1_100)
        (found,) = columns(fair)
        assert (found.value("visits"), found.figures["visits"].origin, found.visits_per_day) == (2_000, "summed", 1_000)
        assert found.cumulative("visits") == [900, 2_000]


# --- editions of this system ------------------------------------------------------------------------------------------


def test_live_figures_until_frozen_then_the_published_ones(app: Flask) -> None:
    fair, tablet = past_fair(app)
    today = starts_of(fair) + timedelta(days=6)
    with app.app_context():
        (live,) = columns(fair.edition_id, today=today)
        assert (live.is_live, live.figures["net_dong"].origin) == (True, "live")
        assert (live.days, live.length, live.is_running) == (5, 5, False)
        freeze(fair)
    tablet.send(tablet.sale([(fair.goods[0], 5)], at=noon(starts_of(fair))))
    with app.app_context():
        (frozen,) = columns(fair.edition_id, today=today)
        assert frozen.value("net_dong") == live.value("net_dong")
        assert (frozen.is_live, frozen.figures["net_dong"].origin) == (False, "frozen")
        net = 2 * fair.goods[0].price_dong + fair.goods[1].price_dong
        assert frozen.cumulative("net_dong") == [net] * 5
        assert [frozen.on(number, "net_dong").value for number in (1, 2, 6)] == [net, 0, None]
        assert frozen.ocop_permille is None  # three receipts


def test_a_running_edition_is_divided_by_the_days_that_have_begun(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 3)]))
    with app.app_context():
        edition = get_edition(reading(), fair.edition_id)
        (found,) = columns(fair.edition_id, today=edition.starts_day + timedelta(days=2))
        assert (found.days, found.length, found.is_running) == (3, 5, True)
        assert (found.net_per_day, found.visits_per_day) == (fair.goods[0].price_dong, None)
        (ahead,) = columns(fair.edition_id, today=edition.starts_day - timedelta(days=2))
        assert (ahead.days, ahead.net_per_day) == (0, None)


def test_an_edition_to_come_is_not_running(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        edition = get_edition(reading(), fair.edition_id)
        (ahead,) = columns(fair.edition_id, today=edition.starts_day - timedelta(days=2))
        assert (ahead.is_to_come, ahead.is_running) == (True, False)
        (first,) = columns(fair.edition_id, today=edition.starts_day)
        assert (first.is_to_come, first.is_running) == (False, True)


def test_a_frozen_edition_is_divided_by_its_published_days(app: Flask) -> None:
    fair, _ = past_fair(app)
    today = starts_of(fair) + timedelta(days=6)
    with app.app_context():
        freeze(fair)
        adjust(fair, "days", 5, 4, "Ngày cuối không mở vì bão")
        (found,) = columns(fair.edition_id, today=today)
        net = 2 * fair.goods[0].price_dong + fair.goods[1].price_dong
        assert (found.days, found.value("days"), found.is_running, found.net_per_day) == (4, 4, False, net // 4)
        assert found.clash_per_day is None
        assert [one.code for one in found.said] == ["days"]
        adjust(fair, "days", 4, None, "Chờ kiểm lại")
        (unknown,) = columns(fair.edition_id, today=today)
        assert unknown.days == 5


def test_whoever_may_not_see_an_edition_sees_what_was_published_of_it(app: Flask) -> None:
    fair, _ = past_fair(app)
    today = starts_of(fair) + timedelta(days=6)
    with app.app_context():
        (hidden,) = columns(fair.edition_id, may_see=False, today=today)
        assert (dict(hidden.figures), dict(hidden.by_day), hidden.is_open) == ({}, {}, False)
        freeze(fair)
        (shown,) = columns(fair.edition_id, may_see=False, today=today)
        assert shown.value("net_dong") == columns(fair.edition_id, today=today)[0].value("net_dong")


def test_visitors_stand_beside_the_plan(app: Flask) -> None:
    starts = date(2023, 10, 27)
    fair, by = stated(app, "Tuần lễ", "2023", starts, 2, visits=31_000), writer(app)
    with app.app_context():
        assert columns(fair)[0].planned is None
        with transaction() as session:
            plan_days(session, fair, new_id(), {starts: 10_000}, at=now(), by=by)
        assert columns(fair)[0].planned is None  # the second day has no plan: two numbers of different days say nothing
        with transaction() as session:
            plan_days(session, fair, new_id(), {starts + timedelta(days=1): 10_000}, at=now(), by=by)
        planned = columns(fair)[0].planned
        assert planned is not None
        assert (planned.days, planned.planned, planned.actual, planned.is_more) == (2, 20_000, 31_000, True)


def test_late_visitors_taken_in_are_divided_by_the_days_on_which_was_counted(app: Flask) -> None:
    fair, _ = past_fair(app)
    (gate,) = make_gates(app, fair)
    phone, first = pair_phone(app, fair, gate), starts_of(fair)
    today = first + timedelta(days=6)
    phone.send(*(phone.group(people=50, at=noon(first + timedelta(days=step))) for step in (0, 1)))
    with app.app_context():
        freeze(fair)
        (frozen,) = columns(fair.edition_id, today=today)
        assert (frozen.value("visits"), frozen.visit_days, frozen.visits_per_day) == (100, 2, 50)
    phone.send(phone.group(people=10, at=noon(first)))
    with app.app_context():
        found, said = late_gaps(fair), word(fair, "Điện thoại cổng gửi muộn")
        seen, ticked = seen_token(found), [one.key for one in found]

        def take_in(session: Session) -> int:
            return actions.take_in(session, fair.edition_id, measure(fair), seen=seen, ticked=ticked, word=said)

        assert in_transaction(take_in, one_moment=True) == 2
        (adjusted,) = columns(fair.edition_id, today=today)
        assert (adjusted.value("visits"), adjusted.visit_days, adjusted.visits_per_day) == (110, 2, 55)


def test_what_was_counted_on_other_days_makes_the_edition_no_longer(app: Flask) -> None:
    fair = make_fair(app)
    (gate,) = make_gates(app, fair)
    phone, first = pair_phone(app, fair, gate), fair_day(now(), BOUNDARY) - timedelta(days=2)
    phone.send(*(phone.group(people=50, at=noon(first + timedelta(days=step))) for step in (0, 1)))
    with app.app_context(), transaction() as session:
        edition = get_edition(session, fair.edition_id)
        edition.starts_day = first + timedelta(days=1)
    with app.app_context():
        (found,) = columns(fair.edition_id, today=first + timedelta(days=2))
        assert (found.value("visits"), found.visit_days) == (100, 1)


def test_an_edition_of_no_series_stands_alone(app: Flask, week: dict[str, str]) -> None:
    with app.app_context():
        assert [one.name for one in series_of(reading(), week["alone"])] == ["Lẻ"]
        assert [one.name for one in series_of(reading(), week["2024"])] == ["2023", "2024", "2025"]
        assert [one.name for one in series_of(reading(), week["room"])] == ["Điểm bán"]
