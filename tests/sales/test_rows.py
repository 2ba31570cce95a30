"""How sales, refunds and giveaways are written down: every column of every row, and the lines of the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.journal.queries import lines_about
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import Base, reading
from fair_pos.sales.facts import GiveawayFact, LineFact, PaymentFact
from fair_pos.sales.queries import find_sale
from fair_pos.sales.rows import (
    giveaway_journal_of,
    giveaway_line_rows,
    giveaway_movements,
    giveaway_row,
    journal_of,
    line_rows,
    movements,
    payment_rows,
    sale_row,
)
from fair_pos.sales.rules import judge, judge_giveaway
from fair_pos.sales.tables import Giveaway, GiveawayLine, Payment, Sale, SaleLine
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.sales.facts import CASE, FISH, HONEY, KNOWN, OFFER, PLACE, a_giveaway, a_sale, refund_of
from tests.sales.stored import oddities, rows

# --- what the rules make ----------------------------------------------------------------------------------------------


def columns(model: type[Base]) -> set[str]:
    return {column.name for column in model.__table__.columns}


def test_a_row_says_something_for_every_column() -> None:
    """A column that nobody fills would hold its default for ever, and `verify` would not look at it."""
    sale, given = judge(a_sale(), PLACE, KNOWN), judge_giveaway(a_giveaway(), PLACE, KNOWN)
    assert set(sale_row(sale)) == columns(Sale)
    assert {frozenset(row) for row in line_rows(sale)} == {frozenset(columns(SaleLine))}
    assert {frozenset(row) for row in payment_rows(sale)} == {frozenset(columns(Payment))}
    assert set(giveaway_row(given)) == columns(Giveaway)
    assert {frozenset(row) for row in giveaway_line_rows(given)} == {frozenset(columns(GiveawayLine))}
    for line in (journal_of(sale), giveaway_journal_of(given)):
        assert set(line) == columns(Line) - {"seq"}


def test_lines_and_payments_are_numbered_and_keep_what_the_tablet_sent() -> None:
    payments = (PaymentFact("cash", 400_000, 500_000, 100_000), PaymentFact("card", 17_850, 17_850, 0, "A1B2"))
    found = line_rows(judge(a_sale(OFFER, FISH, payments=payments), PLACE, KNOWN))
    assert [(row["line_no"], row["gross_dong"], row["discount_dong"], row["amount_dong"]) for row in found] == [
        (1, 440_000, 44_000, 396_000), (2, 21_850, 0, 21_850),
    ]  # fmt: skip
    assert [{**row, "sale_id": ""} for row in found] == [
        {"sale_id": "", "line_no": number, "gross_dong": line.gross_dong, **vars(line)}
        for number, line in enumerate((OFFER, FISH), 1)
    ]
    assert payment_rows(judge(a_sale(payments=payments), PLACE, KNOWN))[1] == {
        "sale_id": "sale", "payment_no": 2, "method": "card", "amount_dong": 17_850, "tendered_dong": 17_850,
        "change_dong": 0, "reference": "A1B2", "account_id": None,
    }  # fmt: skip


@pytest.mark.parametrize(("line", "quantity"), [(HONEY, 2), (FISH, 575), (CASE, 24)])
def test_goods_leave_with_a_sale_or_a_gift_and_come_back_with_a_refund(line: LineFact, quantity: int) -> None:
    sale = a_sale(line)
    assert [(one.kind, one.quantity) for one in movements(judge(sale, PLACE, KNOWN))] == [("sale", -quantity)]
    assert [(one.kind, one.quantity, one.subject_id) for one in movements(judge(refund_of(sale), PLACE, KNOWN))] == [
        ("refund", quantity, "refund of sale")
    ]
    given: GiveawayFact = a_giveaway(line)
    (moved,) = giveaway_movements(judge_giveaway(given, PLACE, KNOWN))
    assert (moved.kind, moved.quantity, moved.subject_id, moved.at) == (
        "giveaway",
        -quantity,
        given.id,
        given.device_at,
    )


def test_what_was_given_away_is_worth_its_price_whatever_was_charged() -> None:
    judged = judge_giveaway(a_giveaway(FISH, replace(HONEY, amount_dong=0)), PLACE, KNOWN)
    assert giveaway_row(judged)["worth_dong"] == 461_850
    assert [row["worth_dong"] for row in giveaway_line_rows(judged)] == [21_850, 440_000]
    assert giveaway_journal_of(judged)["facts"] == {"purpose": "tasting", "worth_dong": 461_850}


# --- what stands in the database --------------------------------------------------------------------------------------


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_a_sale_becomes_its_rows(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey, tea = fair.goods[0], fair.goods[1]
    at = now() - timedelta(minutes=3)
    parcel = tablet.sale([(honey, 2), (tea, 1)], at=at, method="transfer")
    arrived = now()
    assert [one.answer for one in tablet.send(parcel, at=arrived)] == ["stored"]
    with app.app_context():
        sale = find_sale(reading(), parcel["id"])
        assert sale is not None
        assert (sale.kind, sale.edition_id, sale.booth_id, sale.device_id) == (
            "sale",
            fair.edition_id,
            tablet.booth_id,
            tablet.device_id,
        )
        assert (sale.sold_at, sale.claimed_at, sale.received_at) == (at, at, arrived)
        assert (sale.total_dong, sale.claimed_total_dong, sale.sample) == (790_000, 790_000, False)
        assert (sale.device_seq, sale.hash, sale.refund_of) == (1, parcel["hash"], None)
        assert [(line.line_no, line.product_id, line.name, line.quantity, line.amount_dong) for line in sale.lines] == [
            (1, honey.product_id, honey.name, 2, 440_000),
            (2, tea.product_id, tea.name, 1, 350_000),
        ]
        assert [(paid.payment_no, paid.method, paid.amount_dong) for paid in sale.payments] == [
            (1, "transfer", 790_000)
        ]
    assert oddities(app, parcel["id"]) == {}


def test_a_sale_is_written_into_the_journal(app: Flask, fair: Fair, tablet: Tablet) -> None:
    parcel = tablet.sale([(fair.goods[0], 2)])
    refund = tablet.sale([(fair.goods[0], 2)], refund_of=parcel["id"])
    arrived = now()
    tablet.send(parcel, refund, at=arrived)
    with app.app_context():
        (line,) = lines_about(reading(), "sale", parcel["id"])
        assert (line.verb, line.at, line.person_id, line.device_id) == (
            "sale_recorded",
            arrived,
            fair.people["nguoiban"],
            tablet.device_id,
        )
        assert line.facts["total_dong"] == 440_000
        assert [line.verb for line in lines_about(reading(), "sale", refund["id"])] == ["refund_recorded"]


def test_the_total_is_the_sum_of_the_lines_and_the_claim_stands_beside_it(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    parcel = tablet.sale([(fair.goods[0], 1)], total_dong=1)
    tablet.send(parcel)
    assert rows(app, "SELECT total_dong, claimed_total_dong FROM sale") == [(220_000, 1)]
    assert oddities(app, parcel["id"]) == {"total_differs": {"sent": 1, "computed": 220_000}}


def test_goods_are_counted_for_the_catalogue_s_producer(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    tablet.send(tablet.sale([(replace(honey, producer_id=fair.producer_ids[2]), 1)]))
    for table in ("sale_line", "movement", "balance", "product_figure"):
        whose = "owner_id" if table in {"movement", "balance"} else "producer_id"
        assert rows(app, f"SELECT {whose} FROM {table}") == [(honey.producer_id,)]
