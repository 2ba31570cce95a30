"""Two producers at one booth, with everything that the system keeps of each: what a guesser could hit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from fair_pos.consignment.actions import take_in
from fair_pos.consignment.rules import IntakeLine
from fair_pos.cooperative.actions import add_member
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.people.cards import make_card
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.portal.sharing import Shown, links_of, share
from fair_pos.sales.tables import Sale
from fair_pos.settlement.actions import settle
from fair_pos.settlement.queries import statements_of_producer
from fair_pos.visitors.tables import Gate
from tests.builders import BOUNDARY, Fair, make_fair, pair_tablet, sold
from tests.portal.walk import World
from tests.terms.test_accounts import NUMBER, agree, offer

OWN_PRICE, OTHER_PRICE = 61_000, 7_654_000


@dataclass
class Neighbours:
    """A fair with the two, and what the walk wants to know of it."""

    fair: Fair
    world: World


def make_neighbours(app: Flask) -> Neighbours:
    """The first producer is oneself, the second the other."""
    fair = make_fair(app)
    own_id, other_id = fair.producer_ids[:2]
    own_goods, other_goods = fair.goods[0], fair.goods[3]
    tablet = pair_tablet(app, fair)
    mine = tablet.sale([sold(own_goods, 1, unit_price_dong=OWN_PRICE)])
    theirs = tablet.sale([sold(other_goods, 1, unit_price_dong=OTHER_PRICE)], method="transfer")
    both = tablet.sale(
        [sold(own_goods, 2, unit_price_dong=OWN_PRICE), sold(other_goods, 3, unit_price_dong=OTHER_PRICE)]
    )
    tablet.send(mine, theirs, both)
    at, today = now(), fair_day(now(), BOUNDARY).isoformat()
    yesterday = at - timedelta(days=1)
    tablet.send(
        tablet.sale([sold(own_goods, 1, unit_price_dong=OWN_PRICE)], at=yesterday),
        tablet.sale([sold(other_goods, 1, unit_price_dong=OTHER_PRICE)], at=yesterday),
    )
    statements, notes, members = {}, {}, {}
    day, by = fair_day(at, BOUNDARY), fair.people["bantochuc"]
    with app.app_context():
        in_transaction(
            lambda work: settle(work, fair.edition_id, day - timedelta(days=1), at=at, by=by), one_moment=True
        )
        for one, goods in ((own_id, own_goods), (other_id, other_goods)):
            statements[one] = statements_of_producer(reading(), one)[0]
            with transaction() as work:
                line = IntakeLine(goods.product_id, 5, f"LO-{goods.price_dong}", None, goods.price_dong)
                notes[one] = take_in(
                    work,
                    fair.edition_id,
                    fair.booth_ids[0],
                    one,
                    [line],
                    day=day,
                    at=at,
                    by=by,
                    signed=None,
                )
                members[one] = add_member(
                    work, one, code="H1", name=f"Hộ {goods.name}", joined_day=day, at=at, by=fair.people["chuthe"]
                ).id
    with app.app_context(), transaction() as work:
        cards = [make_card(work, one, "HTX", at=at, by=fair.people["bantochuc"])[0] for one in (own_id, other_id)]
        gate = Gate(id=new_id(), edition_id=fair.edition_id, name="Cổng", name_key="cong", way="both", created_at=at)
        work.add(gate)
        work.flush()
        gate_id = gate.id
        what = Shown("Hợp tác xã Số 2", "", "24/11", [("Món", "4")])
        share(work, other_id, what, b"picture", at=at, by=by)
    agree(app, fair, offer(app, fair, owner=other_id))
    with app.app_context():
        shared = [one.id for one in links_of(reading(), other_id, at)]
        numbers = {one.id: one.receipt_number for one in reading().scalars(select(Sale))}
    unknown = new_id()
    anothers = {
        "producer_id": [other_id],
        "edition_id": [fair.edition_id],
        "booth_id": [fair.booth_ids[0]],
        "sale_id": [theirs["id"], both["id"]],
        "device_id": [tablet.device_id],
        "person_id": [fair.people["bantochuc"]],
        "seller": [fair.people["nguoiban"]],
        "gate_id": [gate_id],
        "gate_device_id": [unknown],
        "display_id": [unknown],
        "slug": ["che-shan-tuyet-2-hoi-cho-thu"],
        "day": [today],
        # What lies behind an office's pages: nothing of it opens to a producer, whichever it is.
        "change": [unknown], "closing": [unknown], "file": [unknown], "job": [unknown], "line": [unknown], "printer": [unknown],
        "fee": [unknown], "photo": [unknown], "rule": [unknown], "store": [unknown], "count": [unknown], "delivery": [unknown], "till_session": [unknown],
        "statement": [statements[other_id].id], "note": [notes[other_id]], "member": [members[other_id]],
        "place": [fair.booth_ids[0]], "product": [other_goods.product_id],
        # Secrets are not guessed: a guesser tries what is known, ids.
        "token": [other_id, theirs["id"], cards[1], shared[0], unknown],
    }  # fmt: skip
    world = World(
        own_id=own_id,
        other_id=other_id,
        own={"producer_id": own_id, "day": today, "statement": statements[own_id].id, "member": members[own_id]},
        anothers=anothers,
        names=[one.name for one in fair.goods[3:6]] + ["Hợp tác xã Số 2"],
        money=["7.654.000", "7654000", "7,654,000", "22.962.000", "22962000", numbers[theirs["id"]], NUMBER],
        body={
            "card": cards[1],
            "producer": other_id,
            "owner": other_id,
            "sale": theirs["id"],
            "product": other_goods.product_id,
        },
    )
    return Neighbours(fair, world)
