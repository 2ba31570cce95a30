"""Running figures of money that is not cash stay true whatever comes in whichever order, and whoever comes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Table, select

from fair_pos.kernel.clock import now
from fair_pos.payments.actions import undo_confirmation
from fair_pos.payments.matching import NewLine, record_lines
from fair_pos.payments.running import count_again
from fair_pos.payments.tables import CashlessFigure, Transfer
from fair_pos.plumbing.db import db, in_transaction, reading, transaction
from fair_pos.plumbing.migrations import downgrade, upgrade
from fair_pos.settings import Settings
from tests.asked import statements_sent
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import NUMBER, account_in_use, by_transfer, check_figures, code_of, given_back, paid, seen

PRICE = 220_000
_FIGURE = cast("Table", CashlessFigure.__table__)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def parts(app: Flask) -> dict[str, int]:
    with app.app_context():
        found: dict[str, int] = {}
        for row in reading().scalars(select(CashlessFigure)):
            found[row.part] = found.get(row.part, 0) + row.amount_dong
    check_figures(app)
    return {part: amount for part, amount in found.items() if amount}


def money(app: Flask, code: str, amount: int, key: str = "1") -> None:
    with app.app_context():
        line = NewLine("sepay", key, NUMBER, now(), amount, code, "")
        in_transaction(lambda session: record_lines(session, [line], now()))


def test_figures_follow_each_step_of_a_transfer(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair), pieces=2)
    tablet.send(sale)
    assert parts(app) == {"claimed": 2 * PRICE}
    money(app, code_of(1), 100_000)
    assert parts(app) == {"confirmed": 100_000, "claimed": 340_000}
    money(app, code_of(1), 340_000, "2")
    assert parts(app) == {"confirmed": 2 * PRICE}
    tablet.send(given_back(tablet, fair.goods[0], sale["id"], "transfer"))
    assert parts(app) == {"confirmed": PRICE}
    with app.app_context(), transaction() as session:
        undo_confirmation(session, fair.edition_id, sale["id"], 1, "nhầm phiếu", at=now(), by=fair.people["quantri"])
    assert parts(app) == {"claimed": PRICE}
    tablet.send(seen(tablet, sale["id"]))
    assert parts(app) == {"confirmed": PRICE}


def test_a_refund_that_comes_before_its_sale_is_counted_again_with_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    neighbour, account = pair_tablet(app, fair), account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account)
    neighbour.send(given_back(neighbour, fair.goods[0], sale["id"], "transfer"))
    assert parts(app) == {"confirmed": -PRICE}  # for all that we know it left the account
    tablet.send(sale)
    assert parts(app) == {}
    with app.app_context():
        rows = reading().scalars(select(CashlessFigure)).all()
        assert {(row.account_id, row.amount_dong) for row in rows} == {("", 0)}


def test_counting_again_changes_nothing(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    card = tablet.sale([(fair.goods[0], 1)], payments=[paid("card", PRICE)])
    tablet.send(sale, card)
    with app.app_context(), transaction() as session:
        count_again(session, [sale["id"], card["id"], "nothing"])
    assert parts(app) == {"claimed": PRICE, "card": PRICE}


def test_a_figure_costs_the_same_after_many_sales(app: Flask, fair: Fair, tablet: Tablet) -> None:
    def rows() -> int:
        tablet.send(*(by_transfer(tablet, fair.goods[0], code_of(1000 + tablet.seq), None) for _ in range(20)))
        with app.app_context():
            return len(reading().scalars(select(CashlessFigure)).all())

    assert rows() == rows() == 1


def test_an_upload_asks_for_no_more_statements_with_more_sales(app: Flask, fair: Fair, tablet: Tablet) -> None:
    def statements(count: int) -> int:
        parcels = [by_transfer(tablet, fair.goods[0], code_of(5000 + tablet.seq)) for _ in range(count)]
        with statements_sent(app) as sent:
            tablet.send(*parcels)
        return sum("cashless_figure" in one or "FROM transfer" in one for one in sent)

    statements(1)
    assert statements(2) == statements(40)


def test_the_step_that_brought_the_figures_counts_what_was_sold_before(
    app: Flask, fair: Fair, settings: Settings
) -> None:
    tablet, neighbour, account = pair_tablet(app, fair), pair_tablet(app, fair), account_in_use(app, fair)
    honey, tea = fair.goods[0], next(one for one in fair.goods if one.producer_id != fair.goods[0].producer_id)
    sales = [by_transfer(tablet, honey, code_of(number), account, pieces=3, cash_dong=50_000) for number in range(4)]
    total = honey.price_dong + tea.price_dong
    both = tablet.sale([(honey, 1), (tea, 1)], payments=[paid("card", 100_001), paid("transfer", total - 100_001)])
    tablet.send(*sales, both, seen(tablet, sales[0]["id"], 2), given_back(tablet, honey, both["id"], "card"))
    neighbour.send(given_back(neighbour, honey, sales[1]["id"], "transfer"))
    neighbour.send(given_back(neighbour, honey, "0191f5d0-0000-7000-8000-000000000001", "transfer"))
    money(app, code_of(1), 400_000)
    money(app, code_of(2), 900_000, "2")

    def held() -> list[tuple[object, ...]]:
        check_figures(app)
        with app.app_context():
            return sorted(
                (tuple(row) for row in reading().execute(select(_FIGURE).where(_FIGURE.c.amount_dong != 0))), key=str
            )

    before = held()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    downgrade(settings.database_url, "0004")
    upgrade(settings.database_url)
    assert held() == before


@pytest.mark.race
def test_a_sale_its_refund_and_its_money_at_once(app: Flask, fair: Fair) -> None:
    """Each from another side, twenty times over; on PostgreSQL they really run side by side."""
    tablet, neighbour, account = pair_tablet(app, fair), pair_tablet(app, fair), account_in_use(app, fair)

    for number in range(20):
        code = code_of(number)
        sale = by_transfer(tablet, fair.goods[0], code, account)
        back = given_back(neighbour, fair.goods[0], sale["id"], "transfer")
        work = (
            lambda sale=sale: tablet.send(sale),
            lambda back=back: neighbour.send(back),
            lambda code=code, number=number: money(app, code, PRICE, str(number)),
        )
        with ThreadPoolExecutor(3) as pool:
            for one in [pool.submit(each) for each in work]:
                one.result()
    assert parts(app) == {}


@pytest.mark.race
def test_a_sale_and_the_word_of_another_tablet_that_its_money_came_at_once(app: Flask, fair: Fair) -> None:
    """Whichever is first, what was seen finds its transfer: neither may look while the other is not committed yet."""
    tablet, neighbour, account = pair_tablet(app, fair), pair_tablet(app, fair), account_in_use(app, fair)
    sales = [by_transfer(tablet, fair.goods[0], code_of(number), account) for number in range(20)]
    for sale in sales:
        word = seen(neighbour, sale["id"])
        with ThreadPoolExecutor(2) as pool:
            for one in [pool.submit(tablet.send, sale), pool.submit(neighbour.send, word)]:
                one.result()
    with app.app_context():
        seen_ids = set(reading().scalars(select(Transfer.sale_id).where(Transfer.seen)))
        assert seen_ids == {sale["id"] for sale in sales}
