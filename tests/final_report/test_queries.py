from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.final_report.facts import Facts
from fair_pos.final_report.queries import facts_of
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from fair_pos.reports.standing import standing_of
from tests.builders import make_fair
from tests.final_report.closed import Closed, add_edition_before, make_closed


def found(closed: Closed, *, sees_before: bool = True) -> Facts:
    with closed.app.app_context():
        return facts_of(reading(), closed.fair.edition_id, now(), lambda _edition_id: sees_before)


@pytest.fixture
def closed(app: Flask) -> Closed:
    return make_closed(app)


def test_days_hold_money_visitors_plan_and_who_signed(closed: Closed) -> None:
    some = found(closed)
    assert len(some.days) == 5
    first, second, third = some.days[:3]
    assert (first.money.receipts, first.money.net_dong, first.entries, first.planned, first.is_over_plan) == (
        2,
        790_000,
        160,
        100,
        True,
    )
    assert (first.peak, first.distinct) == (160, 160)
    assert [one.closed_by for one in first.sheets] == ["Vừ A bantochuc"]
    assert first.badge.is_signed
    assert (second.money.receipts, second.money.refunds, second.money.net_dong) == (1, 1, 0)
    assert (second.entries, second.planned, second.sheets) == (30, None, ())
    assert (third.entries, third.planned) == (None, 50)
    assert some.entries == 190
    assert some.is_provisional


def test_key_figures_are_those_the_system_holds(closed: Closed) -> None:
    some = found(closed)
    with closed.app.app_context():
        live = standing_of(reading(), closed.fair.edition_id, now().date())[None]
    for name in (
        "days",
        "visits",
        "receipts",
        "refunds",
        "sold_dong",
        "refunded_dong",
        "net_dong",
        "ocop_dong",
        "booths",
        "products",
        "enterprises",
    ):
        assert some.keys[name].live == live[name], name
    assert some.keys["average_dong"].said == 263_333  # 790,000 in three receipts
    assert some.edition.enterprises == 3
    assert some.edition.products == 9


def test_frozen_figures_stay_what_came_later_is_a_difference(closed: Closed) -> None:
    closed.freeze()
    closed.sell_late()
    closed.adjust("visits", 190, 200)
    some = found(closed)
    assert (some.said("net_dong"), some.keys["net_dong"].live, some.keys["net_dong"].difference) == (
        790_000,
        1_010_000,
        220_000,
    )
    assert some.said("visits") == 200
    (change,) = some.changes
    assert (change.name, change.old, change.value, change.by, change.reason) == (
        "visits",
        190,
        200,
        "Vừ A bantochuc",
        "Đếm lại ở kho",
    )
    assert some.days[0].badge.has_late


def test_a_tablet_that_was_never_heard_of_is_named_with_its_booth(closed: Closed) -> None:
    assert [(one.place, one.is_phone, one.last_heard_at) for one in found(closed).devices] == [
        ("A01", False, None),
        ("", True, None),
    ]


def test_the_edition_before_is_shown_as_published(app: Flask, closed: Closed) -> None:
    assert found(closed).before is None
    add_edition_before(app, closed)
    some = found(closed, sees_before=False)
    assert some.before is not None
    assert (some.before.edition.name, some.before.value("net_dong"), some.before.days) == (
        "Hội chợ kỳ trước",
        4_000_000,
        5,
    )
    assert (some.edition.number_in_series, some.edition.series) == (2, "Chuỗi hội chợ thử")


def test_figures_of_an_edition_that_may_not_be_seen_stay_hidden(app: Flask, closed: Closed) -> None:
    """Whoever organises this year's fair and not last year's sees of last year what was published, and nothing else."""
    add_edition_before(app, closed, stated=False)
    seen, hidden = found(closed).before, found(closed, sees_before=False).before
    assert seen is not None
    assert hidden is not None
    assert seen.value("booths") == 2
    assert hidden.figures == {}


def test_an_empty_edition_has_days_and_no_figures(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        some = facts_of(reading(), fair.edition_id, now(), lambda _edition_id: True)
        nobody = facts_of(reading(), fair.edition_id, now() - timedelta(days=30), lambda _edition_id: True)
        with pytest.raises(NotFound):
            facts_of(reading(), "00000000-0000-0000-0000-000000000000", now(), lambda _edition_id: True)
    assert len(some.days) == 3
    assert {name for name, one in some.keys.items() if one.said is not None} == {"days", "booths"}
    assert some.entries is None
    assert nobody.days == ()
