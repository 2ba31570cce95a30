"""The showroom's first month adds up, to the đồng, with what tablets sent; and its present days have something to look at."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

from flask import Flask
from sqlalchemy import select

from fair_pos.consignment.queries import open_discrepancies
from fair_pos.cooperative.queries import lines_of_run
from fair_pos.cooperative.tables import ShareRun
from fair_pos.demo.load import SHOWROOM_ID
from fair_pos.demo.payouts import PAID
from fair_pos.demo.showroom_life import CARDS, MONTH_ENDS, SETTLED_AT, YEAR_ENDS
from fair_pos.inventory.damaged import damaged_at
from fair_pos.people.cards import cards_of
from fair_pos.plumbing.db import reading
from fair_pos.proof.queries import prove
from fair_pos.settlement.queries import StatementFact, statements_of_edition
from fair_pos.stock.queries import balances_at, lots_lying
from fair_pos.stocktaking.tables import StockCount
from fair_pos.till.tables import Received
from fair_pos.venues.queries import booths_of
from tests.demo.conftest import AT, TODAY


def sent_until(until: date) -> dict[str, int]:
    """Net sales by maker as the texts that were received say, and nothing else: those on time for the first statement."""
    (booth,) = booths_of(reading(), SHOWROOM_ID)
    net: dict[str, int] = defaultdict(int)
    for text in reading().scalars(select(Received.text).where(Received.received_at <= SETTLED_AT)):
        said = json.loads(text)
        if (
            said["booth_id"] != booth.id
            or said["kind"] not in {"sale", "refund"}
            or said["fair_day"] > until.isoformat()
        ):
            continue
        sign = 1 if said["kind"] == "sale" else -1
        for line in said["lines"]:
            net[line["producer_id"]] += sign * line["amount_dong"]
    return dict(net)


def first_month(statements: list[StatementFact]) -> list[StatementFact]:
    return [one for one in statements if one.until_day == MONTH_ENDS]


def test_the_first_month_of_34_makers_sums_to_net_sales_less_shares_less_fees(demo: Flask) -> None:
    with demo.app_context():
        made, sent = first_month(statements_of_edition(reading(), SHOWROOM_ID)), sent_until(MONTH_ENDS)
    assert len({one.producer_id for one in made}) == len(made) == 34
    assert {one.producer_id: one.net_dong for one in made} == sent
    net, house = sum(sent.values()), sum(one.house_dong for one in made)
    fees, credited = sum(one.fees_dong for one in made), sum(one.credited_dong for one in made)
    carried = sum(one.carried_out_dong for one in made)
    assert sum(one.payable_dong for one in made) == net - house - fees + credited - carried
    assert all(amount > 0 for amount in (net, house, fees, credited, carried))


def test_a_sale_that_came_late_stands_on_the_next_statement(demo: Flask) -> None:
    with demo.app_context():
        made = statements_of_edition(reading(), SHOWROOM_ID)
        (booth,) = booths_of(reading(), SHOWROOM_ID)
        wanted = select(Received.text).where(Received.received_at > SETTLED_AT)
        late = [json.loads(text) for text in reading().scalars(wanted)]
    late = [one for one in late if one["booth_id"] == booth.id and one["fair_day"] == MONTH_ENDS.isoformat()]
    assert len(late) == 1
    second = [one for one in made if one.until_day == YEAR_ENDS]
    assert sum(one.net_dong for one in second) == sum(line["amount_dong"] for line in late[0]["lines"])
    carried = {one.producer_id: one.carried_out_dong for one in first_month(made)}
    assert all(one.carried_in_dong == carried[one.producer_id] for one in second)


def test_statements_are_paid_waiting_and_carried_over(demo: Flask) -> None:
    with demo.app_context():
        made = first_month(statements_of_edition(reading(), SHOWROOM_ID))
    states = [one.state for one in made]
    assert states.count("paid") == PAID
    assert states.count("waiting") > 5
    assert states.count("carried") > 0
    assert all(one.paid.amount_dong == one.payable_dong and one.paid.reference for one in made if one.paid)


def test_the_present_days_have_something_to_look_at(demo: Flask) -> None:
    with demo.app_context():
        (booth,) = booths_of(reading(), SHOWROOM_ID)
        days = [(lot.expires_day - TODAY).days for _held, lot in lots_lying(reading(), [booth.id]) if lot.expires_day]
        assert (sum(left < 0 for left in days), sum(0 <= left <= 7 for left in days)) == (1, 3)
        assert [one.quantity for one in balances_at(reading(), [booth.id]) if one.quantity < 0]
        assert len(open_discrepancies(reading(), SHOWROOM_ID)) == 1
        assert len(reading().scalars(select(StockCount)).all()) == 1
        (apart,) = damaged_at(reading(), SHOWROOM_ID, AT)
        assert (apart.lot is not None, apart.quantity, apart.overnight) == (True, 1, True)


def test_verify_finds_nothing(demo: Flask) -> None:
    with demo.app_context():
        proof = prove(reading())
    assert proof.quarantined == 0
    assert proof.oddities == 0


def test_twelve_households_share_what_their_cooperative_is_owed(demo: Flask) -> None:
    with demo.app_context():
        (run,) = reading().scalars(select(ShareRun))
        shares = [one.amount_dong for one in lines_of_run(reading(), run.id)]
        made = {one.id: one for one in statements_of_edition(reading(), SHOWROOM_ID)}
        cards = cards_of(reading(), {one.producer_id for one in made.values()})
    assert len(shares) == 12
    assert sum(shares) == made[run.settlement_id].payable_dong
    assert sum(len(some) for some in cards.values()) == CARDS
