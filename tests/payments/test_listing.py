"""Lists of transfers; that each figure opens down to rows that add up to it: test_queries.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from fair_pos.kernel.clock import now
from fair_pos.payments.listing import Wanted, paid_out, transfer_sums, transfers
from fair_pos.payments.tables import Transfer
from fair_pos.plumbing.db import reading, transaction
from fair_pos.till.tables import Device
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import account_in_use, by_transfer, code_of, given_back, seen


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_lists_by_state_and_account(app: Flask, fair: Fair, tablet: Tablet) -> None:
    account = account_in_use(app, fair)
    one, two = by_transfer(tablet, fair.goods[0], code_of(1), account), by_transfer(tablet, fair.goods[0], code_of(2))
    tablet.send(one, two, seen(tablet, one["id"]))

    def ids(**wanted: str) -> list[str]:
        with app.app_context():
            rows = transfers(reading(), fair.edition_id, Wanted(**wanted), limit=9)  # type: ignore[arg-type]
            return [row.transfer.sale_id for row in rows]

    assert (ids(state="claimed"), ids(state="confirmed")) == ([two["id"]], [one["id"]])
    assert (ids(account=account), ids(account="")) == ([one["id"]], [two["id"]])
    assert (ids(state="underpaid"), ids(part="claimed"), ids(booth=fair.booth_ids[1])) == ([], [two["id"]], [])


def test_what_is_paid_out_belongs_to_the_account_of_its_sale(app: Flask, fair: Fair, tablet: Tablet) -> None:
    account = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account)
    tablet.send(sale, seen(tablet, sale["id"]), given_back(tablet, fair.goods[0], sale["id"], "transfer"))
    with app.app_context():
        out = paid_out(reading(), fair.edition_id, Wanted(account=account))
        assert [(one.account_id, one.confirmed_dong, one.claimed_dong) for one in out] == [(account, 220_000, 0)]
        assert paid_out(reading(), fair.edition_id, Wanted(account="")) == []
        assert paid_out(reading(), fair.edition_id, Wanted(state="confirmed")) == []
        asked = transfer_sums(reading(), fair.edition_id, Wanted())
        assert (asked.count, asked.confirmed_dong, asked.claimed_dong) == (1, 220_000, 0)


def test_what_was_taken_back_before_it_was_confirmed_waits_for_nobody(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """One taken back whole and one in part by transfer, one in cash: its money left the drawer, so its transfer is still looked for."""
    goods = fair.goods[0]
    whole, part, in_cash = (by_transfer(tablet, goods, code_of(n), pieces=n) for n in (1, 2, 3))
    back = [
        given_back(tablet, goods, whole["id"], "transfer", whole=True),
        given_back(tablet, goods, part["id"], "transfer"),
        given_back(tablet, goods, in_cash["id"], "cash"),
    ]
    tablet.send(whole, part, in_cash, *back)
    with app.app_context():
        session, price = reading(), goods.price_dong
        for wanted in (Wanted(state="claimed"), Wanted(part="claimed")):
            rows = transfers(session, fair.edition_id, wanted, limit=9)
            assert {one.transfer.sale_id: one.claimed_dong for one in rows} == {
                part["id"]: price,
                in_cash["id"]: 3 * price,
            }
            sums = transfer_sums(session, fair.edition_id, wanted)
            assert (sums.count, sums.claimed_dong, paid_out(session, fair.edition_id, wanted)) == (2, 4 * price, [])
        gone = next(
            one for one in transfers(session, fair.edition_id, Wanted(), limit=9) if one.transfer.sale_id == whole["id"]
        )
        assert (gone.claimed_dong, gone.paid_back_dong) == (0, price)


def test_what_went_back_on_another_day_is_a_row_of_that_day(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods, yesterday = fair.goods[0], now() - timedelta(days=1)
    with app.app_context(), transaction() as work:
        work.execute(update(Device).values(paired_at=yesterday - timedelta(days=1)))
    sale = by_transfer(tablet, goods, code_of(1), at=yesterday)
    tablet.send(sale, given_back(tablet, goods, sale["id"], "transfer", whole=True))
    with app.app_context():
        session, price = reading(), goods.price_dong
        was, is_now = sorted(session.scalars(select(Transfer.fair_day)))
        before, after = Wanted(was, part="claimed"), Wanted(is_now, part="claimed")
        assert transfer_sums(session, fair.edition_id, before).claimed_dong == price
        assert transfer_sums(session, fair.edition_id, after).count == 0
        assert [one.claimed_dong for one in paid_out(session, fair.edition_id, after)] == [price]
        assert transfers(session, fair.edition_id, Wanted(state="claimed"), limit=9) == []
