"""Whoever changes several cells so that they fit is given away by what stands beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import link
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.people.actions import create_person
from fair_pos.plumbing.db import db, transaction
from fair_pos.proof.queries import prove
from fair_pos.proof.rules import Differs
from fair_pos.sales.tables import HourFigure, Oddity, ProductFigure, Sale, SaleLine
from fair_pos.stock.actions import record_intake
from fair_pos.stock.tables import Balance, Movement
from fair_pos.till.pairing import pair_sample_device
from fair_pos.till.tables import Device, Quarantined, Received
from tests.builders import PASSWORD, Fair, Tablet, make_fair, pair_tablet
from tests.proof.tampering import next_number


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    """Three good sales; one with a wrong total; one after a torn link; a parcel that cannot be read, and one that is none."""
    tablet = pair_tablet(app, fair)
    tablet.send(*(tablet.sale([(fair.goods[0], 1), (fair.goods[1], 2)]) for _ in range(3)))
    tablet.send(tablet.sale([(fair.goods[0], 1)], total_dong=1))
    torn = tablet.sale([(fair.goods[0], 1)])
    other = {**torn, "prev_hash": "e" * 64}
    tablet.send({**other, "hash": link("e" * 64, torn["text"])})
    unreadable = '{"kind": "sale"}'
    tablet.send(
        {"id": new_id(), "seq": 6, "prev_hash": "d" * 64, "hash": link("d" * 64, unreadable), "text": unreadable},
        {"no": "parcel"},
    )
    with app.app_context(), transaction() as session:
        good = fair.goods[0]
        record_intake(session, tablet.booth_id, [(good.product_id, good.producer_id, 50)], "note 1", now())
    return tablet


@pytest.fixture
def said(app: Flask, tablet: Tablet) -> Iterator[Callable[[Session], str]]:
    """What `verify` says in a session in which something was changed; nothing of it stays."""

    def prove_it(session: Session) -> str:
        session.flush()
        try:
            prove(session)
        except Differs as differs:
            return f"{differs.difference.what}: {differs.difference.field}"
        return ""

    yield prove_it
    with app.app_context(), Session(db.engine) as session:
        assert prove_it(session) == ""


@pytest.fixture
def work(app: Flask, tablet: Tablet) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        yield session
        session.rollback()


Said = Callable[[Session], str]


def first_sale(work: Session) -> Sale:
    return work.scalars(select(Sale).where(Sale.device_seq == 1)).one()


def odd_one(work: Session, code: str) -> Oddity:
    return work.scalars(select(Oddity).where(Oddity.code == code)).one()


def forget_finding(work: Session, code: str) -> None:
    for row in work.scalars(select(Received)):
        row.findings = [one for one in row.findings if one[1] != code]


def note(work: Session, sale: Sale, code: str, facts: dict[str, Any]) -> None:
    """As if it had been odd on arrival."""
    edition, at = sale.edition_id, sale.received_at
    work.add(Oddity(sale_id=sale.id, code=code, edition_id=edition, noticed_at=at, facts=facts))
    row = work.get_one(Received, sale.id)
    row.findings = [*row.findings, [sale.id, code, facts]]


# --- quarantine -----------------------------------------------------------------------------------------------------


def mark_of(row: Quarantined) -> str:
    import hashlib

    return hashlib.sha256(row.parcel_id.encode() + b"\0" + row.raw).hexdigest()


def test_an_unreadable_parcel_with_another_text_has_another_hash(work: Session, said: Said) -> None:
    row = work.scalars(select(Quarantined).where(Quarantined.seq == 6)).one()
    row.raw = b'{"kind": "nothing"}'
    row.digest = mark_of(row)
    assert said(work) == "quarantined parcel: what its hash says"


def test_a_sale_hidden_in_quarantine_can_be_read(work: Session, said: Said) -> None:
    row = work.scalars(select(Quarantined).where(Quarantined.seq == 6)).one()
    command = json.loads(work.get_one(Received, first_sale(work).id).text) | {"id": row.parcel_id, "seq": 6}
    row.raw = json.dumps(command).encode()
    row.hash, row.digest = link(row.prev_hash, row.raw.decode()) or "", mark_of(row)
    assert said(work) == "quarantined parcel: reason"
    row.reason = "id_reused"  # no command has this id
    assert said(work) == "quarantined parcel: reason"


def test_what_is_not_even_a_parcel_is_counted(work: Session, said: Said) -> None:
    work.execute(delete(Quarantined).where(Quarantined.seq.is_(None)))
    assert said(work).endswith(": quarantine count")


def test_what_is_not_even_a_parcel_stays_none(work: Session, said: Said) -> None:
    row = work.scalars(select(Quarantined).where(Quarantined.seq.is_(None))).one()
    row.raw, row.reason = b'{"no": "parcel"}', "too_long"
    row.digest = mark_of(row)
    assert said(work) == "quarantined parcel: reason"


# --- oddities -------------------------------------------------------------------------------------------------------


def test_goods_under_another_name_are_the_catalogue_s_however_well_it_is_noted(
    work: Session, said: Said, fair: Fair
) -> None:
    sale, other = first_sale(work), fair.producer_ids[1]
    note(work, sale, "producer_differs", {"name": fair.goods[0].name, "sent": fair.producer_ids[0]})
    work.execute(update(SaleLine).where(SaleLine.sale_id == sale.id, SaleLine.line_no == 1).values(producer_id=other))
    work.execute(update(Movement).where(Movement.subject_id == sale.id).values(owner_id=other))
    assert said(work) == "sale line: producer_id"


@pytest.mark.parametrize("code", ["total_differs", "payments_differ"])
def test_a_sum_that_was_wrong_cannot_be_forgotten(work: Session, said: Said, code: str) -> None:
    if code == "payments_differ":
        note(work, first_sale(work), code, {"sent": 1, "computed": 2})
    else:
        work.delete(odd_one(work, code))
        forget_finding(work, code)
    assert said(work) == f"oddity: {code}"


def test_other_facts_of_an_oddity_differ(work: Session, said: Said) -> None:
    odd = odd_one(work, "total_differs")
    odd.facts = {**odd.facts, "sent": 2}
    row = work.get_one(Received, odd.sale_id)
    row.findings = [[odd.sale_id, "total_differs", odd.facts]]
    assert said(work) == "oddity: total_differs"


def test_what_was_found_on_arrival_is_listed_and_nothing_else(work: Session, said: Said) -> None:
    work.delete(odd_one(work, "chain_link_wrong"))
    assert said(work) in {"oddity: chain_link_wrong", "command: chain link"}
    work.rollback()
    forget_finding(work, "chain_link_wrong")
    assert said(work) == "oddity: chain_link_wrong"
    work.rollback()
    work.delete(odd_one(work, "chain_link_wrong"))
    forget_finding(work, "chain_link_wrong")
    assert said(work) == "command: chain link"
    work.rollback()
    sale = first_sale(work)
    work.add(
        Oddity(sale_id=sale.id, code="number_reused", edition_id=sale.edition_id, noticed_at=sale.received_at, facts={})
    )
    assert said(work) == "oddity: number_reused"


def test_a_person_who_was_known_cannot_become_unknown(work: Session, said: Said) -> None:
    sale = first_sale(work)
    note(work, sale, "person_unknown", {"person": sale.person_id})
    assert said(work) == "oddity: person_unknown"


def test_who_became_known_later_was_unknown_then(app: Flask, fair: Fair, tablet: Tablet, said: Said) -> None:
    stranger = new_id()
    tablet.seq += 1
    tablet.send(tablet.sale([(fair.goods[0], 1)], person_id=stranger), at=now() - timedelta(seconds=5))
    with app.app_context(), transaction() as session:
        create_person(session, login_name="la", name="Lạ", password=PASSWORD, at=now(), by=None, person_id=stranger)
    with app.app_context(), Session(db.engine) as session:
        assert odd_one(session, "person_unknown").facts == {"person": stranger}
        assert said(session) == ""


def test_a_finding_about_an_earlier_command_is_kept_with_the_one_that_showed_it(
    app: Flask, fair: Fair, said: Said
) -> None:
    tablet = pair_tablet(app, fair)
    first, second = (tablet.sale([(fair.goods[0], 1)]) for _ in range(2))
    tablet.send(
        {**second, "prev_hash": "c" * 64, "hash": link("c" * 64, second["text"])}, at=now() - timedelta(seconds=9)
    )
    tablet.send(first)
    with app.app_context(), Session(db.engine) as session:
        assert session.get_one(Received, second["id"]).findings == []
        assert session.get_one(Received, first["id"]).findings == [[second["id"], "chain_link_wrong", {"seq": 2}]]
        assert said(session) == ""


# --- the journal ----------------------------------------------------------------------------------------------------


def test_each_sale_has_its_line(work: Session, said: Said) -> None:
    sale = first_sale(work)
    line = work.scalars(select(Line).where(Line.subject_id == sale.id)).one()
    row = {column.name: getattr(line, column.name) for column in Line.__table__.columns} | {"seq": 10**6}
    work.execute(insert(Line).values(row))
    assert said(work).startswith("journal line: number of lines")
    work.rollback()
    work.execute(delete(Line).where(Line.subject_id == sale.id))
    assert said(work).startswith("journal line: number of lines")
    work.rollback()
    work.execute(insert(Line).values(row | {"subject_id": new_id()}))
    assert said(work).startswith("journal line: number of lines")


def test_a_sale_that_came_at_another_time_is_given_away_by_the_journal(work: Session, said: Said) -> None:
    sale = first_sale(work)
    earlier = sale.received_at - timedelta(milliseconds=1)
    work.execute(update(Received).where(Received.id == sale.id).values(received_at=earlier))
    work.execute(update(Sale).where(Sale.id == sale.id).values(received_at=earlier))
    assert said(work) == "journal line: at"


def test_a_real_tablet_cannot_become_a_sample(work: Session, said: Said, tablet: Tablet) -> None:
    work.execute(update(Device).values(sample=True))
    work.execute(update(Sale).values(sample=True))
    work.execute(update(HourFigure).values(sample_receipts=HourFigure.receipts))
    assert said(work) == f"device {tablet.letter}: verb"


def test_a_sample_cannot_become_real(app: Flask, fair: Fair, said: Said) -> None:
    with app.app_context(), transaction() as session:
        sample = pair_sample_device(session, booth_id=fair.booth_ids[0], person_id=fair.people["nguoiban"], at=now())
    with app.app_context(), Session(db.engine) as session:
        session.execute(update(Device).where(Device.id == sample.id).values(sample=False))
        assert said(session) == f"device {sample.letter}: verb"


# --- goods ----------------------------------------------------------------------------------------------------------


def test_goods_that_no_command_moved_differ_even_when_they_cancel_out(
    work: Session, said: Said, fair: Fair, tablet: Tablet
) -> None:
    good = fair.goods[0]
    for quantity in (5, -5):
        work.add(
            Movement(
                place_id=tablet.booth_id, place_kind="booth", product_id=good.product_id, owner_id=good.producer_id,
                kind="sale", quantity=quantity, subject_id=new_id(), line_no=1, shelf_no=next_number(work, tablet.booth_id, good.product_id), at=now(),
                recorded_at=now(),
            )
        )  # fmt: skip
    assert said(work) == "movement: subject"


def test_goods_brought_without_a_note_differ(work: Session, said: Said, fair: Fair, tablet: Tablet) -> None:
    good = fair.goods[0]
    work.execute(update(Movement).where(Movement.kind == "intake").values(quantity=60))
    here = (Balance.place_id == tablet.booth_id, Balance.product_id == good.product_id)
    work.execute(update(Balance).where(*here).values(quantity=Balance.quantity + 10))
    assert said(work) == "goods brought: sums"


# --- the newest of each ---------------------------------------------------------------------------------------------


def test_the_newest_of_each_figure_is_computed_again(work: Session, said: Said) -> None:
    work.execute(update(ProductFigure).values(name="Hàng khác"))
    assert said(work) == "product figure: name"
