"""What is on: signed in the journal, on a day of the edition, each thing once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues import refusals
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.programme import add_item, change_item, remove_item, said_by
from fair_pos.venues.queries import programme_of
from fair_pos.venues.rules import ItemSaid
from tests.builders import BOUNDARY, Fair, make_fair


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def first_day() -> date:
    return fair_day(now(), BOUNDARY) - timedelta(days=2)


def do(app: Flask, fair: Fair, action: Any, *given: Any) -> Any:
    with app.app_context(), transaction() as session:
        return action(session, fair.edition_id, *given, at=now(), by=fair.people["bantochuc"])


def titles(app: Flask, fair: Fair, day: date | None = None) -> list[str]:
    with app.app_context():
        return [one.title for one in programme_of(reading(), fair.edition_id, day)]


def said(minute: int = 1170, title: str = "Khai mạc", day: date | None = None) -> ItemSaid:
    return ItemSaid(day or first_day(), minute, "opening", title)


def test_a_night_comes_after_its_evening(app: Flask, fair: Fair) -> None:
    second = first_day() + timedelta(days=1)
    for minute, title, day in ((60, "Khuya", None), (240, "Sớm", None), (1380, "Tối", None), (480, "Sáng", second)):
        do(app, fair, add_item, said(minute, title, day))
    assert titles(app, fair) == ["Sớm", "Tối", "Khuya", "Sáng"]
    assert titles(app, fair, first_day()) == ["Sớm", "Tối", "Khuya"]
    assert titles(app, fair, second) == ["Sáng"]
    with app.app_context(), pytest.raises(NotFound):
        programme_of(reading(), "nowhere")


def test_what_changes_is_written_down_old_and_new(app: Flask, fair: Fair) -> None:
    item = do(app, fair, add_item, said(title=" Khai  mạc "))
    assert said_by(item) == said()
    assert not do(app, fair, change_item, item.id, said())
    assert do(app, fair, change_item, item.id, replace(said(1200), kind="cooking"))
    assert do(app, fair, remove_item, item.id) == "Khai mạc"
    assert titles(app, fair) == []
    with app.app_context():
        lines = lines_about(reading(), "programme", item.id)
    assert [line.verb for line in lines] == ["programme_added", "programme_changed", "programme_removed"]
    assert lines[1].facts == {"minute": [1170, 1200], "kind": ["opening", "cooking"], "edition": fair.edition_id}
    assert lines[2].facts["title"] == "Khai mạc"
    with pytest.raises(NotFound):
        do(app, fair, remove_item, item.id)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (said(title=" "), refusals.FieldMissing),
        (said(title="x" * 121), refusals.FieldTooLong),
        (said(day=first_day() - timedelta(days=1)), refusals.ProgrammeDayWrong),
        (said(day=first_day() + timedelta(days=5)), refusals.ProgrammeDayWrong),
        (said(title="Khai mạc"), refusals.ProgrammeItemThere),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_there_stays(
    app: Flask, fair: Fair, wrong: ItemSaid, refusal: type[Refusal]
) -> None:
    do(app, fair, add_item, said())
    other = do(app, fair, add_item, said(600, "Nấu ăn"))
    with pytest.raises(refusal):
        do(app, fair, add_item, wrong)
    with pytest.raises(refusal):
        do(app, fair, change_item, other.id, wrong)
    assert titles(app, fair) == ["Nấu ăn", "Khai mạc"]


def test_another_editions_item_is_not_found(app: Flask, fair: Fair) -> None:
    item = do(app, fair, add_item, said())
    other = make_fair(app, name="Khác")
    with pytest.raises(NotFound):
        do(app, other, remove_item, item.id)
    with pytest.raises(NotFound):
        do(app, other, change_item, item.id, said(600))
    with pytest.raises(NotFound):
        do(app, Fair("nowhere", [], [], [], other.people), add_item, said())


def test_a_form_sent_eight_times_at_once_stands_once(app: Flask, fair: Fair) -> None:
    def once(_: int) -> str:
        try:
            do(app, fair, add_item, said())
        except Refusal as refusal:
            return refusal.code
        return "added"

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(once, range(8))) == ["added"] + ["programme_item_there"] * 7
    assert titles(app, fair) == ["Khai mạc"]


def test_the_programme_of_a_frozen_edition_stays(app: Flask, fair: Fair) -> None:
    item = do(app, fair, add_item, said())
    do(app, fair, freeze_edition)
    for action, given in ((add_item, (said(600),)), (change_item, (item.id, said(600))), (remove_item, (item.id,))):
        with pytest.raises(refusals.EditionFrozen):
            do(app, fair, action, *given)
    assert titles(app, fair) == ["Khai mạc"]
