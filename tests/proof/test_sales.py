"""Sales, refunds and giveaways: whoever changes several cells so that they fit is still given away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import db
from fair_pos.proof.witnesses import RECOMPUTED
from fair_pos.sales.tables import DiscountFigure, Giveaway, GiveawayLine, SaleLine
from fair_pos.stock.tables import Balance, Movement
from tests.builders import Fair, Packed, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold
from tests.proof.saying import forget, invent, listed, said
from tests.proof.tampering import next_number

OFFER: dict[str, Any] = {"discount_dong": 22_000, "discount_reason": "cuối ngày", "discount_borne_by": "organiser"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


@pytest.fixture
def work(app: Flask, tablet: Tablet) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        yield session
        session.rollback()
        assert said(session) == ""


# --- oddities that text, place and catalogue make again -----------------------------------------------------------------

Make = Callable[[Tablet, Fair, Packed], dict[str, Any]]
ODD_SALES: dict[str, Make] = {
    "clock_off": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], device_at="2001-01-01T00:00:00.000Z"),
    "fair_day_differs": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], fair_day="2020-02-02"),
    "booth_differs": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], booth_id=fair.booth_ids[1]),
    "person_unknown": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], person_id=new_id()),
    "line_differs": lambda tablet, fair, _: tablet.sale([sold(fair.goods[0], amount_dong=1)]),
    "discount_exceeds_line": lambda tablet, fair, _: tablet.sale(
        [sold(fair.goods[0], amount_dong=0, **OFFER | {"discount_dong": 900_000})]
    ),
    "rounding_differs": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], rounding_dong=7),
    "total_differs": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], total_dong=7),
    "payments_differ": lambda tablet, fair, _: tablet.sale(
        [(fair.goods[0], 1)], payments=[{"method": "cash", "amount_dong": 1, "tendered_dong": 1, "change_dong": 0}]
    ),
    "price_list_unknown": lambda tablet, fair, _: tablet.sale([(fair.goods[0], 1)], price_list_version=9),
    "product_unknown": lambda tablet, fair, _: tablet.sale([(replace(fair.goods[0], product_id=new_id()), 1)]),
    "producer_differs": lambda tablet, fair, _: tablet.sale(
        [(replace(fair.goods[0], producer_id=fair.producer_ids[1]), 1)]
    ),
    "pack_unknown": lambda tablet, fair, _: tablet.sale([sold(fair.goods[0], pack_id=new_id(), pack_size=6)]),
    "pack_size_differs": lambda tablet, _, case: tablet.sale([sold(case, pack_size=10)]),
    "measure_differs": lambda tablet, fair, _: tablet.sale([sold(fair.goods[0], grams=300)]),
    "price_differs": lambda tablet, fair, _: tablet.sale([sold(fair.goods[0], unit_price_dong=1)]),
    "price_changed": lambda tablet, fair, _: tablet.sale(
        [sold(fair.goods[0], unit_price_dong=1, list_price_dong=220_000, price_reason="móp")]
    ),
    "discount_reason_missing": lambda tablet, fair, _: tablet.sale(
        [sold(fair.goods[0], **OFFER | {"discount_reason": ""})]
    ),
    "borne_by_missing": lambda tablet, fair, _: tablet.sale(
        [sold(fair.goods[0], **OFFER | {"discount_borne_by": None})]
    ),
    "giveaway_not_free": lambda tablet, fair, _: tablet.giveaway([sold(fair.goods[0], **OFFER)]),
}
OF_DRAWERS = {"session_unknown", "float_differs", "counted_differs"}


def test_every_oddity_that_is_made_again_has_a_case() -> None:
    assert set(ODD_SALES) == RECOMPUTED - OF_DRAWERS  # those in test_cash.py


@pytest.mark.parametrize("code", ODD_SALES)
def test_what_was_odd_cannot_be_forgotten_told_otherwise_or_invented(
    app: Flask, fair: Fair, tablet: Tablet, work: Session, code: str
) -> None:
    make, case = ODD_SALES[code], add_pack(app, fair.goods[0])
    odd, good = make(tablet, fair, case), tablet.sale([(case, 1)])
    tablet.send(odd, good)
    facts = listed(work, odd["id"])[code]
    assert said(work) == ""
    forget(work, odd["id"], code)
    assert said(work) == f"oddity: {code}"
    work.rollback()
    forget(work, odd["id"], code)
    invent(work, odd["id"], code, {**facts, "more": 1})
    assert said(work) == f"oddity: {code}"
    work.rollback()
    invent(work, good["id"], code, facts)
    assert said(work) == f"oddity: {code}"


def test_what_rights_made_odd_is_known_from_arrival_alone(fair: Fair, tablet: Tablet, work: Session) -> None:
    """Rights change: what they were when a sale came is not kept (docs/decisions/0007)."""
    parcel = tablet.sale([sold(fair.goods[0], **OFFER | {"discount_dong": 110_000})])
    tablet.send(parcel)
    assert set(listed(work, parcel["id"])) == {"discount_above_limit"}
    forget(work, parcel["id"], "discount_above_limit")
    assert said(work) == ""


# --- rows that fit each other, and not the command ----------------------------------------------------------------------


def test_who_bears_a_discount_is_the_command_s_word(fair: Fair, tablet: Tablet, work: Session) -> None:
    tablet.send(tablet.sale([sold(fair.goods[0], **OFFER)]))
    work.execute(update(SaleLine).values(discount_borne_by="producer"))
    work.execute(update(DiscountFigure).values(borne_by="producer"))
    assert said(work) == "sale line: discount_borne_by"


def test_a_gift_cannot_become_another_s_or_more_than_it_was(
    app: Flask, fair: Fair, tablet: Tablet, work: Session
) -> None:
    fish = add_weighed(app, fair)
    parcel = tablet.giveaway([sold(fair.goods[0], 2), sold(fish, grams=300)])
    tablet.send(parcel)
    other = fair.producer_ids[2]
    work.execute(update(GiveawayLine).where(GiveawayLine.line_no == 1).values(producer_id=other))
    work.execute(update(Movement).where(Movement.quantity == -2).values(owner_id=other))
    work.execute(update(Balance).where(Balance.quantity == -2).values(owner_id=other))
    assert said(work) == "giveaway line: producer_id"
    work.rollback()
    work.execute(update(GiveawayLine).where(GiveawayLine.line_no == 2).values(grams=400))
    work.execute(update(Movement).where(Movement.quantity == -300).values(quantity=-400))
    work.execute(update(Balance).where(Balance.quantity == -300).values(quantity=-400))
    assert said(work) == "giveaway line: grams"


def test_goods_given_away_by_nobody_differ_even_when_they_cancel_out(fair: Fair, tablet: Tablet, work: Session) -> None:
    parcel = tablet.giveaway([sold(fair.goods[0])])
    tablet.send(parcel, tablet.command("cash_moved", direction="in", amount_dong=1, reason="x"))
    good = fair.goods[0]

    def moved(subject_id: str, quantity: int) -> Movement:
        return Movement(
            place_id=tablet.booth_id, place_kind="booth", product_id=good.product_id, owner_id=good.producer_id,
            kind="giveaway", quantity=quantity, subject_id=subject_id, line_no=1, shelf_no=next_number(work, tablet.booth_id, good.product_id), at=now(),
            recorded_at=now(),
        )  # fmt: skip

    stray = new_id()
    work.add_all([moved(stray, 5), moved(stray, -5)])
    assert said(work) == "movement: subject"
    work.rollback()
    # A command that moved nothing does not make it better.
    opened = work.scalars(select(Line.subject_id).where(Line.verb == "cash_moved")).one()
    work.add_all([moved(opened, 5), moved(opened, -5)])
    assert said(work) == "movement: subject"


def test_a_gift_has_its_line_in_the_journal(fair: Fair, tablet: Tablet, work: Session) -> None:
    tablet.send(tablet.giveaway([sold(fair.goods[0])]))
    work.execute(delete(Line).where(Line.verb == "giveaway_recorded"))
    assert said(work) == "journal line: number of lines «giveaway_recorded»"
    work.rollback()
    work.execute(update(Line).where(Line.verb == "giveaway_recorded").values(person_id=new_id()))
    assert said(work) == "journal line: person_id"


def test_a_gift_cannot_vanish(fair: Fair, tablet: Tablet, work: Session) -> None:
    parcel = tablet.giveaway([sold(fair.goods[0])])
    tablet.send(parcel)
    work.execute(delete(GiveawayLine))
    work.execute(delete(Giveaway))
    assert said(work) == "giveaway: row"
