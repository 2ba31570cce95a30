"""Displays, the switch of the public board, and what the public is told from minute to minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.board import actions
from fair_pos.board.queries import (
    displays_of,
    find_board_by_slug,
    find_display_by_token,
    find_public_board,
    open_boards,
    totals_said,
)
from fair_pos.board.refusals import DisplayNameMissing
from fair_pos.board.rules import LEAST_RECEIPTS, Totals
from fair_pos.board.tables import Display, PublicReading
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.tables import Edition
from tests.board.stage import Stage, display_of, set_stage
from tests.builders import Fair, make_fair

Result = TypeVar("Result")


@pytest.fixture
def stage(app: Flask) -> Stage:
    return set_stage(app, booths=6)


def do(app: Flask, work: Callable[[Session], Result]) -> Result:
    with app.app_context(), transaction() as session:
        return work(session)


def journal(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(one.verb, one.subject_id) for one in reading().scalars(select(Line).order_by(Line.seq))]


def test_a_display_is_made_with_a_token_that_is_not_kept(app: Flask, stage: Stage) -> None:
    token = display_of(app, stage.fair, shows_makers=True, name="  Cửa   chính ")
    assert len(token) >= 43, "256 random bits"
    with app.app_context():
        found = find_display_by_token(reading(), token)
        assert found is not None
        assert (found.name, found.shows_makers, found.edition_id) == ("Cửa chính", True, stage.fair.edition_id)
        columns = [getattr(found, column.key) for column in Display.__table__.columns]
        assert token not in map(str, columns)
        assert (found.id, "display_made") in [(subject, verb) for verb, subject in journal(app)]
        assert token not in str([one.facts for one in reading().scalars(select(Line))])


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_display_needs_a_name(app: Flask, stage: Stage, name: str) -> None:
    with pytest.raises(DisplayNameMissing):
        display_of(app, stage.fair, name=name)


def test_a_display_of_no_edition_is_not_found(app: Flask, stage: Stage) -> None:
    by = stage.fair.people["bantochuc"]
    with pytest.raises(NotFound):
        do(app, lambda work: actions.make_display(work, "x", name="a", shows_makers=False, at=now(), by=by))


def test_a_display_is_switched_off_once(app: Flask, stage: Stage) -> None:
    display_of(app, stage.fair, name="Một")
    display_of(app, stage.fair, name="Hai")
    by, at = stage.fair.people["bantochuc"], now()
    with app.app_context():
        (newest, older) = displays_of(reading(), stage.fair.edition_id)
        assert (newest.name, older.name) == ("Hai", "Một")
        display_id = newest.id
    assert do(app, lambda work: actions.revoke_display(work, display_id, at=at, by=by))
    assert not do(app, lambda work: actions.revoke_display(work, display_id, at=now(), by=by))
    with app.app_context():
        last = displays_of(reading(), stage.fair.edition_id)[-1]
        assert (last.name, last.revoked_at, last.revoked_by) == ("Hai", at, by)
    assert [verb for verb, subject in journal(app) if subject == display_id] == ["display_made", "display_revoked"]
    with pytest.raises(NotFound):
        do(app, lambda work: actions.revoke_display(work, "x", at=at, by=by))


def test_a_display_is_noted_at_most_once_a_minute(app: Flask, stage: Stage) -> None:
    token, at = display_of(app, stage.fair), now()

    def seen(when: datetime) -> datetime | None:
        def work(session: Session) -> datetime | None:
            found = find_display_by_token(session, token)
            assert found is not None
            actions.note_display(session, found.id, when)
            return found.last_seen_at

        return do(app, work)

    assert seen(at) == at
    assert seen(at + timedelta(seconds=59)) == at
    assert seen(at + timedelta(seconds=60)) == at + timedelta(seconds=60)
    do(app, lambda work: actions.note_display(work, "gone", at))


def switch(app: Flask, fair: Fair, *, on: bool) -> bool:
    by = fair.people["bantochuc"]
    return do(app, lambda work: actions.switch_public_board(work, fair.edition_id, on=on, at=now(), by=by))


def test_the_public_board_is_switched_on_and_off_with_one_address(app: Flask, stage: Stage) -> None:
    assert not switch(app, stage.fair, on=False), "off it is already"
    assert switch(app, stage.fair, on=True)
    assert not switch(app, stage.fair, on=True)
    with app.app_context():
        board = find_board_by_slug(reading(), "hoi-cho-thu")
        assert board is not None
        assert (board.edition_id, board.is_on) == (stage.fair.edition_id, True)
        assert open_boards(reading()) == ["hoi-cho-thu"]
    assert switch(app, stage.fair, on=False)
    with app.app_context():
        assert open_boards(reading()) == []
    assert switch(app, stage.fair, on=True)
    with app.app_context():
        board = find_public_board(reading(), stage.fair.edition_id)
        assert board is not None
        assert (board.slug, board.is_on) == ("hoi-cho-thu", True)
    lines = [verb for verb, subject in journal(app) if subject == stage.fair.edition_id and verb.startswith("public")]
    assert lines == ["public_board_on", "public_board_off", "public_board_on"]


def test_two_editions_of_one_name_have_two_addresses(app: Flask, stage: Stage) -> None:
    other = make_fair(app, name="Hội chợ năm sau")
    with app.app_context(), transaction() as session:
        session.get_one(Edition, other.edition_id).name = "Hội chợ THỬ!"
    for fair in (stage.fair, other):
        assert switch(app, fair, on=True)
    with app.app_context():
        slugs = [find_public_board(reading(), fair.edition_id) for fair in (stage.fair, other)]
        assert [one and one.slug for one in slugs] == ["hoi-cho-thu", f"hoi-cho-thu-{other.edition_id[-8:]}"]


def told(app: Flask, stage: Stage, at: datetime) -> Totals:
    return do(app, lambda work: totals_said(actions.take_reading(work, stage.fair.edition_id, at)))


def sell(stage: Stage, booth: int, count: int, at: datetime, *, quantity: int = 1) -> None:
    tablet = stage.tablets[booth]
    tablet.send(*(tablet.sale([(stage.fair.goods[0], quantity)], at=at) for _ in range(count)), at=at)


def test_the_public_is_told_by_many_receipts_at_once(app: Flask, stage: Stage) -> None:
    at = now()
    for booth in range(5):
        sell(stage, booth, 9, at)
    assert told(app, stage, at) == Totals(), "45 receipts are too few"
    sell(stage, 0, 5, at)
    assert told(app, stage, at + timedelta(seconds=59)) == Totals(), "within a minute nothing is looked at again"
    first = told(app, stage, at + timedelta(seconds=60))
    assert first.receipts == 50
    sell(stage, 0, 60, at + timedelta(seconds=61))
    assert told(app, stage, at + timedelta(minutes=2)) == first, "sixty more receipts of one booth say nothing"
    for booth in range(1, 5):
        sell(stage, booth, 1, at + timedelta(minutes=2))
    assert told(app, stage, at + timedelta(minutes=3)).receipts == 114


def test_one_large_sale_waits_until_it_is_lost_among_others(app: Flask, stage: Stage) -> None:
    at = now()
    for booth in range(6):
        sell(stage, booth, 10, at)
    sell(stage, 0, 1, at, quantity=200)
    assert told(app, stage, at) == Totals()
    for booth in range(6):
        sell(stage, booth, 24, at)
    assert told(app, stage, at + timedelta(minutes=1)).receipts == 6 * 34 + 1


def test_random_sales_never_stand_out(app: Flask, stage: Stage) -> None:
    """Minute by minute: what is told moves only by at least fifty receipts of five booths, and by no receipt that is half of it."""
    random, at = Random(20261124), now()
    price = stage.fair.goods[0].price_dong
    said, since, moves = Totals(), list[tuple[int, int]](), 0
    for minute in range(12):
        when = at + timedelta(minutes=minute)
        for booth in range(6):
            count, quantity = random.randint(0, 6), random.choice((1, 1, 1, 2, 5, 40))
            sell(stage, booth, count, when - timedelta(seconds=30), quantity=quantity)
            since += [(booth, quantity * price)] * count
        after = told(app, stage, when)
        if after != said:
            assert after.receipts - said.receipts == len(since) >= LEAST_RECEIPTS
            assert len({booth for booth, _ in since}) >= 5
            assert after.sold_dong - said.sold_dong == sum(dong for _, dong in since) >= 2 * max(d for _, d in since)
            said, since, moves = after, [], moves + 1
    assert moves >= 2


def test_every_day_begins_anew(app: Flask, stage: Stage) -> None:
    at = now()
    for booth in range(5):
        sell(stage, booth, 10, at)
    assert told(app, stage, at).receipts == 50
    assert told(app, stage, at + timedelta(days=1)) == Totals()
    with app.app_context():
        assert len(reading().scalars(select(PublicReading)).all()) == 2
