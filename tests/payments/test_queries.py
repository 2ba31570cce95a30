"""Figures of transfers: cash, confirmed, claimed and card make the net of the tenders, by booth and by account."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.money import share_by_largest_remainder
from fair_pos.payments.actions import confirm_transfer
from fair_pos.payments.listing import Wanted, paid_out, transfer_sums, transfers
from fair_pos.payments.matching import NewLine, record_lines
from fair_pos.payments.queries import (
    Cashless,
    accounts_on_till,
    cashless_by,
    confirmed_transfers,
    paid_back_claims,
    transfer_split,
    transfers_of_device,
)
from fair_pos.payments.tables import Transfer
from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.queries import method_figures, method_nets
from fair_pos.reports.rules import money_of
from tests.builders import Fair, Tablet, make_fair, pair_tablet, till_headers
from tests.payments.money import (
    NUMBER,
    OTHER_NUMBER,
    account_in_use,
    by_transfer,
    check_figures,
    code_of,
    given_back,
    look,
    paid,
    seen,
)

PRICE = 220_000


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def check_sums(app: Flask, fair: Fair) -> None:
    """I13, for every day and booth, and that each figure opens down to rows that add up to it."""
    check_figures(app)
    with app.app_context():
        session = reading()
        days = {one.transfer.fair_day for one in transfers(session, fair.edition_id, Wanted(), limit=999)}
        for day in days:
            split = transfer_split(session, fair.edition_id, day, "booth")
            nets = method_nets(session, fair.edition_id, day)
            pairs = {key: (one.confirmed_dong, one.claimed_dong) for key, one in split.items()}
            money = money_of({booth: booth for booth in fair.booth_ids}, nets, pairs)
            tenders = sum(one.net_dong for one in method_figures(session, fair.edition_id, day))
            assert sum(one.net_dong for one in money) == tenders
            by_account = transfer_split(session, fair.edition_id, day, "account")
            for field in ("confirmed_dong", "claimed_dong"):
                assert sum(getattr(one, field) for one in by_account.values()) == sum(
                    getattr(one, field) for one in money
                )
            for key, own in by_account.items():
                wanted = Wanted(day, None, key)
                sums, out = transfer_sums(session, fair.edition_id, wanted), paid_out(session, fair.edition_id, wanted)
                assert sums.confirmed_dong - sum(row.confirmed_dong for row in out) == own.confirmed_dong
                assert sums.claimed_dong - sum(row.claimed_dong for row in out) == own.claimed_dong
            for one in money:
                for place, part in enumerate(("confirmed", "claimed")):
                    wanted = Wanted(day, one.key, None, None, part)
                    sums = transfer_sums(session, fair.edition_id, wanted)
                    out = sum(getattr(row, f"{part}_dong") for row in paid_out(session, fair.edition_id, wanted))
                    rows = transfers(session, fair.edition_id, wanted, limit=999)
                    shown = (sum(row.confirmed_dong for row in rows), sum(row.claimed_dong for row in rows))
                    assert (len(rows), *shown) == (sums.count, sums.confirmed_dong, sums.claimed_dong)
                    asked = (sums.confirmed_dong, sums.claimed_dong)[place]
                    assert asked - out == getattr(one, f"{part}_dong")


def test_a_producers_money_is_what_paid_for_their_goods(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """Goods of two makers, 220,000 and 145,000 đồng, paid 100,000 by transfer and the rest in cash; then one piece by card."""
    honey, tea = fair.goods[0], next(one for one in fair.goods if one.producer_id != fair.goods[0].producer_id)
    total = honey.price_dong + tea.price_dong
    mixed = tablet.sale([(honey, 1), (tea, 1)], payments=[paid("cash", total - 100_000), paid("transfer", 100_000)])
    card = tablet.sale([(tea, 1)], payments=[paid("card", tea.price_dong)])
    tablet.send(mixed, card, seen(tablet, mixed["id"], 2))
    shared = share_by_largest_remainder(100_000, [honey.price_dong, tea.price_dong])
    day = mixed_day(app)
    with app.app_context():
        by_maker = cashless_by(reading(), "producer", edition_id=fair.edition_id, days=[day])
        assert by_maker == {
            honey.producer_id: Cashless(confirmed_dong=shared[0]),
            tea.producer_id: Cashless(confirmed_dong=shared[1], card_dong=tea.price_dong),
        }
        assert cashless_by(reading(), "booth", producer_ids=[honey.producer_id]) == {
            fair.booth_ids[0]: Cashless(confirmed_dong=shared[0])
        }
        assert cashless_by(reading(), "hour", booth_ids=[fair.booth_ids[1]]) == {}
        assert confirmed_transfers(reading(), [mixed["id"], card["id"]]) == {(mixed["id"], 2): 100_000}
        assert paid_back_claims(reading(), [mixed["id"], card["id"]]) == {}
        (whole,) = cashless_by(reading(), "day", booth_ids=fair.booth_ids).values()
        assert whole == Cashless(confirmed_dong=100_000, card_dong=tea.price_dong)


def mixed_day(app: Flask) -> date:
    with app.app_context():
        return reading().scalars(select(Transfer.fair_day)).one()


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_make_the_net_whatever_happens(app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    fair = make_fair(app)
    tablets = [pair_tablet(app, fair, 0), pair_tablet(app, fair, 1)]
    accounts = [account_in_use(app, fair, booth=0), account_in_use(app, fair, booth=1, number=OTHER_NUMBER), None]
    sales: list[tuple[Tablet, str]] = []
    for number in range(30):
        tablet, at = chance.choice(tablets), now() - timedelta(days=chance.randrange(2))
        parcel = by_transfer(
            tablet,
            fair.goods[0],
            code_of(number),
            chance.choice(accounts),
            cash_dong=chance.choice([0, 0, 50_000]),
            at=at,
        )
        extra = tablet.sale([(fair.goods[0], 1)], payments=[paid(chance.choice(["cash", "card"]), PRICE)], at=at)
        tablet.send(parcel, extra)
        sales.append((tablet, parcel["id"]))
        other, sale = chance.choice(sales)
        if chance.random() < 0.5:
            method = chance.choice(["cash", "transfer", "card"])
            other.send(given_back(other, fair.goods[0], sale, method, whole=chance.random() < 0.3))
        if chance.random() < 0.4:
            other.send(seen(other, sale, chance.choice([1, 2])))
        if chance.random() < 0.6:
            money = NewLine("sepay", str(number), chance.choice([NUMBER, OTHER_NUMBER]), now(),
                            chance.choice([PRICE, 170_000, 5_000, 300_000]), code_of(chance.randrange(30)), "")  # fmt: skip
            with app.app_context(), transaction() as session:
                record_lines(session, [money], now())
    check_sums(app, fair)


def test_undoing_a_sale_whose_money_never_came_leaves_nothing(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    tablet.send(sale, given_back(tablet, fair.goods[0], sale["id"], "transfer", whole=True))
    with app.app_context():
        split = transfer_split(reading(), fair.edition_id, None, "booth")
    assert split == {}
    with app.app_context(), transaction() as session:
        confirm_transfer(session, fair.edition_id, sale["id"], 1, at=now(), by=fair.people["quantri"])
    check_sums(app, fair)


def test_a_tablet_hears_what_became_of_its_own_transfers(
    app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient
) -> None:
    neighbour = pair_tablet(app, fair)
    sales = [by_transfer(tablet, fair.goods[0], code_of(n), at=now() - timedelta(minutes=9 - n)) for n in range(3)]
    old = by_transfer(tablet, fair.goods[0], code_of(8), at=now() - timedelta(days=4))
    tablet.send(
        old, *sales, seen(tablet, sales[1]["id"]), given_back(tablet, fair.goods[0], sales[0]["id"], "transfer")
    )
    neighbour.send(by_transfer(neighbour, fair.goods[0], code_of(9)))
    answer = client.get("/api/till/transfers", headers=till_headers(tablet.token))
    assert answer.status_code == 200
    assert answer.json is not None
    told = [(one["sale_id"], one["payment_no"], one["state"]) for one in answer.json["transfers"]]
    states = ("claimed", "confirmed", "claimed")
    assert told == [(sales[n]["id"], 1, states[n]) for n in (2, 1, 0)]
    with app.app_context():
        assert len(transfers_of_device(reading(), tablet.device_id, now() - timedelta(days=9), 2)) == 2


def test_the_price_list_brings_the_accounts(app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient) -> None:
    headers = till_headers(tablet.token)
    first = client.get("/api/till/price-list", headers=headers)
    assert first.json is not None
    assert first.json["accounts"] == []
    account = account_in_use(app, fair)
    second = client.get("/api/till/price-list", headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert second.json is not None
    assert second.json["accounts"] == [
        {"id": account, "producer_id": None, "bank_bin": "970436", "bank_name": "Vietcombank",
         "account_number": NUMBER, "holder": "HTX MUONG TE"}
    ]  # fmt: skip
    with app.app_context():
        assert accounts_on_till(reading(), fair.booth_ids[1], fair.producer_ids) == []


def test_sales_keep_the_account_they_were_paid_to(app: Flask, fair: Fair, tablet: Tablet) -> None:
    old = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), old)
    tablet.send(sale)
    account_in_use(app, fair, number=OTHER_NUMBER)
    assert look(app, sale["id"]).account_id == old
