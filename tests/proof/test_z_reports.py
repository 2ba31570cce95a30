"""Z reports: what each had to sign, and every figure on it. Whoever rewrites one has more to rewrite than its content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fair_pos.cash.tables import TillClosing, ZEntry, ZReport
from fair_pos.cash.z_report import frozen
from fair_pos.kernel.chain import digest
from fair_pos.kernel.clock import now
from fair_pos.payments.actions import confirm_transfer
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import db, transaction
from fair_pos.venues.tables import Booth, Edition
from tests.builders import make_fair, pair_tablet
from tests.cash.drawers import Drawer, Parcel, paid
from tests.payments.money import code_of
from tests.proof.saying import lines_about, said, said_now


@pytest.fixture
def drawer(app: Flask) -> Drawer:
    return Drawer(pair_tablet(app, make_fair(app)), clock=now() - timedelta(hours=5))


@pytest.fixture
def day(app: Flask, drawer: Drawer) -> list[Parcel]:
    """Closed with a difference; a sale and a move of it come late, and stand on the next report."""
    by_transfer = [paid("transfer", 50_000, reference=code_of(1)), paid("transfer", 30_000, reference=code_of(2))]
    first = [drawer.open(500_000), drawer.sell([paid("cash", 220_000, 300_000)]), drawer.sell(by_transfer)]
    late = [drawer.sell([paid("cash", 75_000), paid("card", 25_000)]), drawer.move("out", 40_000)]
    closed = drawer.close(700_000, explanation="thối nhầm", second_person_id=drawer.tablet.fair.people["bantochuc"])
    drawer.tablet.send(*first, at=now() - timedelta(minutes=9))
    with app.app_context(), transaction() as session:
        fair = drawer.tablet.fair
        confirm_transfer(session, fair.edition_id, first[2]["id"], 2, at=now(), by=fair.people["bantochuc"])
    drawer.tablet.send(closed, at=now() - timedelta(minutes=8))
    drawer.tablet.send(*late, at=now() - timedelta(minutes=7))
    second = [drawer.open(100_000), drawer.sell([paid("cash", 10_000)]), drawer.move("in", 5_000), drawer.close()]
    drawer.tablet.send(*second, at=now() - timedelta(minutes=6))
    return [*first, *late, closed, *second]


@pytest.fixture
def work(app: Flask, day: list[Parcel]) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        yield session
        session.rollback()


def report(work: Session, z_number: int) -> ZReport:
    return work.scalars(select(ZReport).where(ZReport.z_number == z_number)).one()


def rewrite(work: Session, z_number: int, change: Callable[[dict[str, Any]], object]) -> None:
    """Another content, with its digest on the report and in the journal."""
    one = report(work, z_number)
    content = json.loads(one.content)
    change(content)
    one.content = frozen(content)
    one.digest = digest(one.content)
    for line in lines_about(work, "z_made"):
        if line.subject_id == one.closing_id:
            line.facts = {**line.facts, "digest": one.digest}


def test_a_report_keeps_its_text_its_digest_and_its_line(work: Session) -> None:
    one = report(work, 1)
    one.content = one.content.replace("700000", "700001")
    assert said(work) == "z report: digest"
    work.rollback()
    one = report(work, 1)
    one.content = one.content.replace("700000", "700001")
    one.digest = digest(one.content)
    assert said(work) == "journal line: facts"


@pytest.mark.parametrize("z_number", [1, 2])
def test_every_figure_is_what_its_entries_come_to(work: Session, z_number: int) -> None:
    """Each number and each word on the paper, one after the other, with digest and journal put right."""
    own = {"edition", "place", "booth", "by", "second"}  # names are those of that day
    content = json.loads(report(work, z_number).content)
    for path in paths(content):
        if path[-1] in own or path[:2] == ("transfers", "waiting"):
            continue
        rewrite(work, z_number, lambda some, path=path: put_other(some, path))  # type: ignore[misc]
        assert said(work) == f"z report: {path[0]}", path
        work.rollback()


def paths(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(content, dict):
        for name, part in content.items():
            yield from paths(part, (*path, name))
    elif isinstance(content, list):
        for place, part in enumerate(content):
            yield from paths(part, (*path, place))
    else:
        yield path


def put_other(content: Any, path: tuple[Any, ...]) -> None:
    *way, last = path
    for step in way:
        content = content[step]
    held = content[last]
    if isinstance(held, bool):
        content[last] = not held
    elif isinstance(held, int):
        content[last] = held + 1
    elif last in {"at", "received_at"}:
        content[last] = "2026-01-01T00:00:00.000+00:00"
    else:
        content[last] = f"{held or ''}x"


def test_what_waits_for_its_money_and_what_has_come_make_what_was_asked_for(work: Session) -> None:
    assert json.loads(report(work, 1).content)["transfers"] == {
        "claimed_dong": 50_000, "confirmed_dong": 30_000, "paid_back_dong": 0, "paid_back": [],
        "waiting": [{"amount_dong": 50_000, "number": json.loads(report(work, 1).content)["receipts"]["last"][:-3] + "002"}],
    }  # fmt: skip

    def forgotten(content: dict[str, Any]) -> None:
        content["transfers"]["waiting"] = []

    def too_much(content: dict[str, Any]) -> None:
        content["transfers"]["waiting"][0]["amount_dong"] = 60_000

    for change in (forgotten, too_much):
        rewrite(work, 1, change)
        assert said(work) == "z report: transfers"
        work.rollback()


def test_one_person_has_one_name_on_a_report(work: Session) -> None:
    rewrite(work, 1, lambda content: content["opened"].update(by="Ai khác"))
    assert said(work) == "z report: opened"


@pytest.mark.parametrize("content", ["{", "[]", '{"version":1}', "null"])
def test_what_is_no_report_is_said_to_be_none(work: Session, content: str) -> None:
    one = report(work, 1)
    one.content, one.digest = content, digest(content)
    for line in lines_about(work, "z_made"):
        if line.subject_id == one.closing_id:
            line.facts = {**line.facts, "digest": one.digest}
    assert said(work) == "z report: content"


def test_an_entry_stands_on_the_report_that_had_to_sign_it(work: Session) -> None:
    first, second = report(work, 1).closing_id, report(work, 2).closing_id
    sale = work.scalars(select(ZEntry).where(ZEntry.closing_id == first, ZEntry.kind == "sale")).first()
    assert sale is not None
    work.delete(sale)
    for line in lines_about(work, "z_made"):
        if line.subject_id == first:
            line.facts = {**line.facts, "entries": line.facts["entries"] - 1}
    assert said(work) == "z entry: row"
    work.rollback()
    late = work.scalars(select(ZEntry).where(ZEntry.late)).all()
    assert [(one.closing_id, one.kind) for one in late] == [(second, one.kind) for one in late]
    assert sorted(one.kind for one in late) == ["move", "sale"]
    late[0].late = False
    assert said(work) == "z entry: late"
    work.rollback()
    work.execute(update(ZEntry).where(ZEntry.late).values(closing_id=first, late=False))
    for line in lines_about(work, "z_made"):
        line.facts = {**line.facts, "entries": 5}
    assert said(work) in {"journal line: facts", "z report: money", "z report: cash"}


def test_every_closing_has_its_report(work: Session) -> None:
    closing_id = report(work, 2).closing_id
    work.execute(delete(ZEntry).where(ZEntry.closing_id == closing_id))
    work.execute(delete(ZReport).where(ZReport.closing_id == closing_id))
    assert said(work) == "z report: row"
    work.rollback()
    one = report(work, 1)
    one.made_at += timedelta(milliseconds=1)
    assert said(work) == "z report: made_at"


def test_new_names_change_no_report(app: Flask, day: list[Parcel], drawer: Drawer) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Person).values(name="Tên mới"))
        session.execute(update(Edition).values(name="Hội chợ mới", place="Chỗ khác"))
        session.execute(update(Booth).values(name="Gian mới"))
    assert said_now(app) == ""


def test_transfers_confirmed_later_change_no_report(app: Flask, day: list[Parcel], drawer: Drawer) -> None:
    fair = drawer.tablet.fair
    with app.app_context(), transaction() as session:
        confirm_transfer(session, fair.edition_id, day[2]["id"], 1, at=now(), by=fair.people["bantochuc"])
    assert said_now(app) == ""
    with app.app_context(), Session(db.engine) as session:
        assert len(session.scalars(select(TillClosing)).all()) == 2


def test_what_went_back_by_transfer_had_been_paid_out(app: Flask, drawer: Drawer) -> None:
    """A receipt taken back whole before anybody saw its money waits for none; and no report may say so of another."""
    opened = drawer.open(100_000)
    taken_back, waits = (drawer.sell([paid("transfer", 40_000, reference=code_of(n))]) for n in (3, 4))
    back = drawer.sell([paid("transfer", 40_000)], refund_of=taken_back["id"], whole=True)
    drawer.tablet.send(opened, taken_back, waits, back, drawer.close())
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        held = json.loads(report(session, 1).content)["transfers"]
        numbers = [json.loads(one["text"])["receipt_number"] for one in (taken_back, waits)]
        assert held["paid_back"] == [{"number": numbers[0], "amount_dong": 40_000}]
        assert held["waiting"] == [{"number": numbers[1], "amount_dong": 40_000}]

        def all_gone(content: dict[str, Any]) -> None:
            content["transfers"] |= {
                "waiting": [], "claimed_dong": 0, "paid_back_dong": 80_000,
                "paid_back": [{"number": number, "amount_dong": 40_000} for number in numbers],
            }  # fmt: skip

        rewrite(session, 1, all_gone)
        assert said(session) == f"z report: paid back of {waits['id']}"
        session.rollback()
