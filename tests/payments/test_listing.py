"""Lists of transfers; that each figure opens down to rows that add up to it: test_queries.py."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.payments.listing import Wanted, paid_out, transfer_sums, transfers
from fair_pos.plumbing.db import reading
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
            return [row.sale_id for row, _part in rows]

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
