"""The figures of a board equal those of the office's pages, and cost the same at any number of sales."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from fair_pos.board.queries import Board, board_of, find_board_by_slug, find_display_by_token
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day, local_hour
from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports import queries as figures
from fair_pos.venues.tables import Edition, ProgrammeItem
from tests.asked import statements_sent
from tests.board.stage import Stage, a_year_ago, display_of, set_stage
from tests.builders import BOUNDARY, add_weighed, sold
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def stage(app: Flask) -> Stage:
    return set_stage(app)


def look(app: Flask, stage: Stage, at: datetime | None = None) -> Board:
    with app.app_context():
        return board_of(reading(), stage.fair.edition_id, at or now())


def test_an_empty_day(app: Flask, stage: Stage) -> None:
    board = look(app, stage)
    assert (board.phase, board.total.net_dong, board.total.receipts, board.newest_at) == ("running", 0, 0, None)
    assert (board.entries, board.selling, board.top_booths, board.top_products) == (None, frozenset(), [], [])
    assert board.compared is None, "an edition before without a sale that day is nothing to compare with"
    assert [(one.net_dong, one.before_dong) for one in board.hours] == [(0, None)] * len(board.hours)
    assert len(board.hours) >= 14


def test_money_receipts_and_goods_of_today(app: Flask, stage: Stage) -> None:
    one, two = stage.tablets
    honey, tea = stage.fair.goods[:2]
    weighed = add_weighed(app, stage.fair)
    sale = one.sale([(honey, 3), (tea, 1)])
    one.send(sale, one.sale([(honey, 1)], refund_of=sale["id"]))
    two.send(two.sale([sold(weighed, 1, grams=9_000)]), two.sale([(tea, 5)]))
    yesterday = now() - timedelta(days=1)
    two.send(two.sale([(honey, 50)], at=yesterday))
    board = look(app, stage)
    first, second = 2 * honey.price_dong + tea.price_dong, 5 * tea.price_dong + 9 * weighed.price_dong
    assert board.total.net_dong == first + second
    assert (board.total.receipts, board.total.refunds) == (3, 1)
    assert [(one.key, one.net_dong) for one in board.top_booths] == [
        (stage.fair.booth_ids[1], second),
        (stage.fair.booth_ids[0], first),
    ]
    assert [(one.key, one.net_quantity) for one in board.top_products] == [(tea.product_id, 6), (honey.product_id, 2)]
    assert board.top_products[0].name.startswith("Chè Shan tuyết")
    assert board.selling == set(stage.fair.booth_ids)
    assert board.newest_at is not None
    assert now() - board.newest_at < timedelta(minutes=1)
    with app.app_context():
        day = fair_day(now(), BOUNDARY)
        assert board.total.net_dong == figures.day_figures(reading(), stage.fair.edition_id)[day].net_dong
        assert figures.largest_receipt(reading(), stage.fair.edition_id, day) == second - 9 * weighed.price_dong


def test_a_booth_that_was_silent_for_half_an_hour_is_not_selling(app: Flask, stage: Stage) -> None:
    one, two = stage.tablets
    at = now()
    one.send(one.sale([(stage.fair.goods[0], 1)], at=at))
    sale = two.sale([(stage.fair.goods[0], 1)], at=at)
    two.send(sale)
    later = at + timedelta(minutes=31)
    if fair_day(later, BOUNDARY) != fair_day(at, BOUNDARY):
        pytest.fail("this test was run within half an hour of the change of the fair day; run it again")
    two.send(two.sale([(stage.fair.goods[0], 1)], at=later, refund_of=sale["id"]), at=later)
    assert look(app, stage, at + timedelta(minutes=29)).selling == set(stage.fair.booth_ids)
    assert look(app, stage, later).selling == frozenset(), "giving back is not selling"


def test_hours_stand_beside_the_same_fair_day_of_the_edition_before(app: Flask, stage: Stage) -> None:
    goods = stage.before.goods[0]
    stage.earlier.send(
        stage.earlier.sale([(goods, 2)], at=a_year_ago(9)),
        stage.earlier.sale([(goods, 1)], at=a_year_ago(9)),
        stage.earlier.sale([(goods, 7)], at=a_year_ago(9) + timedelta(days=1)),
    )
    stage.tablets[0].send(stage.tablets[0].sale([(stage.fair.goods[0], 1)]))
    board = look(app, stage)
    assert board.compared is not None
    assert board.compared[0].id == stage.before.edition_id
    assert board.compared[1] == fair_day(now(), BOUNDARY) - timedelta(days=364)
    assert {one.hour: one.before_dong for one in board.hours if one.before_dong} == {9: 3 * goods.price_dong}
    assert {one.hour: one.net_dong for one in board.hours if one.net_dong} == {
        local_hour(now()): stage.fair.goods[0].price_dong
    }


def test_visitors_and_the_crowd(app: Flask, stage: Stage) -> None:
    (gate,) = make_gates(app, stage.fair)
    assert look(app, stage).entries == 0, "a gate that counted nobody yet has counted nobody"
    phone = pair_phone(app, stage.fair, gate)
    phone.send(phone.tap(), phone.group(), phone.tap("out"))
    board = look(app, stage)
    assert (board.entries, board.crowd.inside.people) == (31, 30)


def test_the_day_turns_over_by_itself(app: Flask, stage: Stage) -> None:
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 1)]))
    tomorrow = look(app, stage, now() + timedelta(days=1))
    assert (tomorrow.total.net_dong, tomorrow.selling, tomorrow.top_booths) == (0, frozenset(), [])
    assert tomorrow.day == fair_day(now(), BOUNDARY) + timedelta(days=1)
    assert look(app, stage, now() + timedelta(days=9)).phase == "after"
    assert look(app, stage, now() - timedelta(days=9)).phase == "before"


def test_the_programme_of_the_day_stands_on_it(app: Flask, stage: Stage) -> None:
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, stage.fair.edition_id)
        for day in (edition.starts_day, fair_day(now(), BOUNDARY)):
            item = ProgrammeItem(id=f"item-{day}", edition_id=edition.id, fair_day=day, minute=540, kind="opening")
            item.title = f"Khai mạc {day}"
            session.add(item)
    assert [one.title for one in look(app, stage).marks] == [f"Khai mạc {fair_day(now(), BOUNDARY)}"]


def test_goods_that_no_catalogue_knows_are_called_as_they_were_sold(app: Flask, stage: Stage) -> None:
    tablet = stage.tablets[0]
    strange = sold(stage.fair.goods[0], 4, product_id="01936f5e-7a3b-7c1d-8e2f-0000000000aa", name="Hàng lạ")
    loose = sold(stage.fair.goods[0], 1, grams=500, product_id="01936f5e-7a3b-7c1d-8e2f-0000000000ab", name="Cân lẻ")
    tablet.send(tablet.sale([strange, loose]))
    assert [(one.name, one.net_quantity) for one in look(app, stage).top_products] == [("Hàng lạ", 4)]


def test_a_board_costs_the_same_at_any_number_of_sales(app: Flask, stage: Stage) -> None:
    """The same statements after 2 sales as after 60, and none of them looks at a sale or a line."""
    tablet = stage.tablets[0]

    def statements_after(sales: int) -> list[str]:
        tablet.send(*(tablet.sale([(stage.fair.goods[at % 9], 1)]) for at in range(sales)))
        with app.app_context(), statements_sent(app) as statements:
            board_of(reading(), stage.fair.edition_id, now())
        return [one.lower() for one in statements]

    few = len(statements_after(2))
    statements = statements_after(58)
    assert len(statements) == few <= 22
    assert [one for one in statements if "from sale " in one or "join sale " in one or "sale_line" in one] == []


def test_what_is_not_there_is_not_found(app: Flask, stage: Stage) -> None:
    token = display_of(app, stage.fair)
    with app.app_context():
        assert find_display_by_token(reading(), token[:-1]) is None
        assert find_display_by_token(reading(), "") is None
        assert find_board_by_slug(reading(), "x") is None
