"""Transfers and what tablets saw of them: money cannot be made to look received, nor what somebody saw be taken away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.payments.tables import CashlessFigure, Confirmation, Transfer, UnplacedSeen
from fair_pos.plumbing.db import db
from fair_pos.sales.tables import Sale
from tests.builders import Fair, Tablet
from tests.payments.money import account_in_use, by_transfer, code_of, given_back, seen
from tests.proof.histories import some_money
from tests.proof.saying import forget, invent, said, said_now
from tests.sales.histories import a_fair_with_tablets


@pytest.fixture
def money(app: Flask) -> tuple[Fair, list[Tablet]]:
    fair, tablets = a_fair_with_tablets(app, 2)
    some_money(app, fair, tablets)
    return fair, tablets


@pytest.fixture
def work(app: Flask, money: tuple[Fair, list[Tablet]]) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        yield session
        session.rollback()


def claimed(work: Session) -> Transfer:
    """A transfer that nobody has confirmed."""
    found = select(Transfer).where(Transfer.kind == "sale", Transfer.received_dong == 0, Transfer.seen.is_(False))
    return work.scalars(found.order_by(Transfer.sale_id)).first() or pytest.fail("none is claimed")


def count_as_confirmed(work: Session, one: Transfer) -> None:
    """What a careful hand would put right with it: the transfer's own figures and those of the hour."""
    one.confirmed_dong = one.amount_dong
    here = (CashlessFigure.booth_id == one.booth_id, CashlessFigure.hour == one.hour)
    for part, sign in (("claimed", -1), ("confirmed", 1)):
        mine = (CashlessFigure.part == part, CashlessFigure.account_id == (one.account_id or ""))
        changed = CashlessFigure.amount_dong + sign * one.amount_dong
        work.execute(update(CashlessFigure).where(*here, *mine).values(amount_dong=changed))


def confirmation_of(one: Transfer, **changes: object) -> Confirmation:
    fields = {
        "id": new_id(), "sale_id": one.sale_id, "payment_no": one.payment_no, "how": "person",
        "amount_dong": one.amount_dong, "at": now(), "person_id": new_id(), "reference": "", "reason": "",
    }  # fmt: skip
    return Confirmation(**fields | changes)


def test_money_that_nobody_saw_is_not_received(work: Session) -> None:
    one = claimed(work)
    one.seen = True
    count_as_confirmed(work, one)
    assert said(work) == "transfer: seen"
    work.rollback()
    one = claimed(work)
    one.seen = True
    count_as_confirmed(work, one)
    work.add(confirmation_of(one))
    assert said(work) == "journal line: number of lines «transfer_confirmed»"
    work.rollback()
    one = claimed(work)
    one.seen = True
    count_as_confirmed(work, one)
    work.add(confirmation_of(one, device_id=one.device_id))  # as if a tablet had said so
    assert said(work) == "confirmation: number of rows"


def test_what_a_tablet_saw_cannot_be_taken_away(work: Session) -> None:
    mine = work.scalars(select(Confirmation).where(Confirmation.device_id.is_not(None))).first()
    assert mine is not None
    work.delete(mine)
    work.execute(update(Transfer).where(Transfer.sale_id == mine.sale_id).values(seen=False))
    assert said(work) == "confirmation: row"
    work.rollback()
    work.execute(update(Confirmation).where(Confirmation.id == mine.id).values(amount_dong=1))
    assert said(work) == "confirmation: amount_dong"


def test_what_was_seen_is_kept_apart_only_while_there_is_nothing_to_see(work: Session) -> None:
    for why in ("sale_unknown", "no_transfer"):
        one = work.scalars(select(UnplacedSeen).where(UnplacedSeen.why == why)).first()
        assert one is not None
        work.delete(one)
        assert said(work).startswith(("journal line: number of lines «transfer_seen»", "money seen: number of rows"))
        work.rollback()
    placed = work.scalars(select(UnplacedSeen).where(UnplacedSeen.placed_at.is_not(None))).one()
    placed.placed_at = None
    work.execute(delete(Confirmation).where(Confirmation.id == placed.id))
    work.execute(update(Transfer).where(Transfer.sale_id == placed.sale_id).values(seen=False))
    assert said(work) == "money seen: placed_at"
    work.rollback()
    other = work.scalars(select(UnplacedSeen).where(UnplacedSeen.why == "other_booth")).one()
    other.why = "no_transfer"
    assert said(work) == "money seen: why"


def test_a_sale_is_taken_back_by_a_refund_and_by_nothing_else(work: Session) -> None:
    one = claimed(work)
    one.cancelled = True
    assert said(work) == "transfer: cancelled"
    work.rollback()
    gone = work.scalars(select(Transfer).where(Transfer.cancelled)).one()
    gone.cancelled = False
    assert said(work) == "transfer: cancelled"


def test_shares_of_producers_follow_from_the_sale(work: Session, money: tuple[Fair, list[Tablet]]) -> None:
    other = money[0].producer_ids[2]
    one = claimed(work)
    one.shares = [[other, one.amount_dong]]
    work.execute(update(CashlessFigure).values(producer_id=other))
    assert said(work) == "transfer: shares"


def test_figures_of_all_that_is_not_cash_are_added_up_again(app: Flask) -> None:
    fair, (tablet, _) = a_fair_with_tablets(app, 2)
    account = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account)
    tablet.send(sale, tablet.sale([(fair.goods[1], 2)], method="card"), seen(tablet, sale["id"]))
    tablet.send(given_back(tablet, fair.goods[0], sale["id"], "transfer", whole=True))
    assert said_now(app) == ""
    with app.app_context(), Session(db.engine) as session:
        for part in ("card", "confirmed"):
            session.execute(
                update(CashlessFigure)
                .where(CashlessFigure.part == part)
                .values(amount_dong=CashlessFigure.amount_dong + 1)
            )
            assert said(session) == "cashless figure: sums"
            session.rollback()


def test_what_is_odd_about_seeing_is_listed_too(app: Flask) -> None:
    fair, (tablet, _) = a_fair_with_tablets(app, 2)
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    odd = seen(tablet, sale["id"], person_id=new_id())
    good = seen(tablet, sale["id"])
    tablet.send(sale, odd, good)
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        forget(session, odd["id"], "person_unknown")
        assert said(session) == "oddity: person_unknown"
        session.rollback()
        invent(session, good["id"], "clock_off", {"claimed": "2001-01-01T00:00:00+00:00"})
        assert said(session) == "oddity: clock_off"


def test_a_transfer_stands_with_its_sale(work: Session) -> None:
    sale = work.scalars(select(Sale).where(Sale.kind == "sale")).first()
    assert sale is not None
    stray = Line(
        at=now(), device_id=sale.device_id, person_id=sale.person_id, verb="transfer_seen", subject_kind="sale",
        subject_id=sale.id, facts={"payment_no": 1, "unplaced": ""},
    )  # fmt: skip
    work.add(stray)
    assert said(work) == "journal line: number of lines «transfer_seen»"
