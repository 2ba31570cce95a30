"""Saving plans: whole, once, never over somebody else's work unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from fair_pos.floorplan.actions import copy_spots, place_booths
from fair_pos.floorplan.queries import find_plan, plan_size, spots_of
from fair_pos.floorplan.refusals import PlanChanged, PlanSizeWrong
from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.refusals import EditionFrozen
from tests.builders import Fair, make_fair

SIZE = PlanSize(500, 400)


def save(app: Flask, fair: Fair, spots: dict[str, Spot], *, version: int = 0, size: PlanSize = SIZE) -> int:
    by = fair.people["bantochuc"]
    with app.app_context():
        return in_transaction(
            lambda session: place_booths(session, fair.edition_id, spots, size=size, version=version, at=now(), by=by)
        )


def kept(app: Flask, fair: Fair) -> dict[str, Spot]:
    with app.app_context():
        return spots_of(reading(), fair.edition_id)


def test_booths_stand_where_they_were_put(app: Flask) -> None:
    fair = make_fair(app, booths=3)
    first, second, third = fair.booth_ids
    assert kept(app, fair) == {}
    assert save(app, fair, {second: Spot(50, 0, 30, 30), first: Spot(0, 0, 30, 40)}) == 1
    assert list(kept(app, fair).items()) == [(first, Spot(0, 0, 30, 40)), (second, Spot(50, 0, 30, 30))]
    assert save(app, fair, {second: Spot(55, 5, 30, 30), third: Spot(100, 0, 20, 20)}, version=1) == 2
    assert kept(app, fair) == {second: Spot(55, 5, 30, 30), third: Spot(100, 0, 20, 20)}
    with app.app_context():
        assert plan_size(reading(), fair.edition_id) == SIZE
        line = lines_about(reading(), "edition", fair.edition_id)[-1]
    assert line.verb == "plan_saved"
    assert line.facts == {
        "version": 2,
        "size": [500, 400],
        "moved": {
            "A01": [[0, 0, 30, 40], None],
            "A02": [[50, 0, 30, 30], [55, 5, 30, 30]],
            "A03": [None, [100, 0, 20, 20]],
        },
    }


def test_saving_the_same_again_is_no_new_version(app: Flask) -> None:
    fair = make_fair(app)
    spots = {fair.booth_ids[0]: Spot(0, 0, 30, 30)}
    assert save(app, fair, spots) == 1
    assert save(app, fair, spots, version=1) == 1
    assert save(app, fair, spots, version=1, size=PlanSize(600, 400)) == 2


def test_an_older_version_does_not_replace_a_newer_one(app: Flask) -> None:
    fair = make_fair(app)
    first, second = fair.booth_ids
    save(app, fair, {first: Spot(0, 0, 30, 30)})
    with pytest.raises(PlanChanged) as refused:
        save(app, fair, {second: Spot(0, 0, 30, 30)})
    assert refused.value.facts == {"version": 1}
    assert kept(app, fair) == {first: Spot(0, 0, 30, 30)}


@pytest.mark.race
def test_of_two_who_save_at_once_one_is_told(app: Flask) -> None:
    """The first saving of a plan, and one of a plan that is there already."""
    fair = make_fair(app, booths=8)

    def once(version: int, number: int) -> str:
        spots = {booth_id: Spot(number * 10, 0, 30, 30) for booth_id in fair.booth_ids}
        try:
            save(app, fair, spots, version=version)
        except PlanChanged:
            return "told"
        return "saved"

    for version in (0, 1):
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda number, version=version: once(version, version * 6 + number), range(6)))
        assert sorted(answers) == ["saved"] + ["told"] * 5
        assert len({spot.x for spot in kept(app, fair).values()}) == 1  # one's work whole, never half of two


def test_what_lies_beyond_the_edge_is_pulled_inside_and_overlaps_are_kept(app: Flask) -> None:
    fair = make_fair(app, booths=3)
    first, second, third = fair.booth_ids
    save(app, fair, {first: Spot(-50, 900, 30, 30), second: Spot(0, 370, 30, 30), third: Spot(10, 10, 5_000, 30)})
    assert kept(app, fair) == {
        first: Spot(0, 370, 30, 30),
        second: Spot(0, 370, 30, 30),
        third: Spot(0, 10, 500, 30),
    }


def test_a_booth_of_another_edition_is_refused(app: Flask) -> None:
    fair, other = make_fair(app), make_fair(app, name="Hội chợ khác")
    with pytest.raises(NotFound):
        save(app, fair, {other.booth_ids[0]: Spot(0, 0, 30, 30)})
    assert kept(app, other) == {}


@pytest.mark.parametrize("size", [PlanSize(99, 500), PlanSize(500, 10_001)])
def test_a_plan_has_a_size_that_can_be(app: Flask, size: PlanSize) -> None:
    with pytest.raises(PlanSizeWrong):
        save(app, make_fair(app), {}, size=size)


def test_the_plan_of_a_frozen_edition_stays(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=fair.people["quantri"])
    with pytest.raises(EditionFrozen):
        save(app, fair, {fair.booth_ids[0]: Spot(0, 0, 30, 30)})


def test_the_next_edition_takes_the_plan_over(app: Flask) -> None:
    old, new = make_fair(app, booths=3), make_fair(app, name="Kỳ sau", booths=3)
    save(app, old, {old.booth_ids[0]: Spot(0, 0, 30, 30), old.booth_ids[1]: Spot(100, 5, 40, 30)})
    pairs = dict(zip(old.booth_ids, new.booth_ids, strict=True))
    with app.app_context(), transaction() as session:
        assert copy_spots(session, pairs, at=now(), by=None) == 2
    assert kept(app, new) == {new.booth_ids[0]: Spot(0, 0, 30, 30), new.booth_ids[1]: Spot(100, 5, 40, 30)}
    assert kept(app, old)[old.booth_ids[0]] == Spot(0, 0, 30, 30)
    with app.app_context():
        assert plan_size(reading(), new.edition_id) == SIZE
        plan = find_plan(reading(), new.edition_id)
    assert plan is not None
    assert plan.version == 1


def test_of_an_edition_without_a_plan_nothing_is_taken_over(app: Flask) -> None:
    old, new = make_fair(app), make_fair(app, name="Kỳ sau")
    with app.app_context(), transaction() as session:
        assert copy_spots(session, {}, at=now(), by=None) == 0
        assert copy_spots(session, {old.booth_ids[0]: new.booth_ids[0]}, at=now(), by=None) == 0
    assert kept(app, new) == {}
