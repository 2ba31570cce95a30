"""The next edition: set up as the last one, and no table but those of its setting up has a row more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.catalogue.actions import hold_catalogue
from fair_pos.every_table import metadata
from fair_pos.floorplan.actions import copy_spots, place_booths
from fair_pos.floorplan.queries import spots_of
from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.actions import create_person, disable_person, grant_role
from fair_pos.people.queries import get_person, roles_of
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.venues.actions import create_series, freeze_edition, set_till_rules
from fair_pos.venues.cloning import Cloned, Parts, clone_edition
from fair_pos.venues.forms import Copies
from fair_pos.venues.programme import add_item
from fair_pos.venues.queries import all_series, booths_of, editions_of_series, get_edition, occupants_in
from fair_pos.venues.refusals import EditionNameTaken
from fair_pos.venues.rules import EditionPlan, ItemSaid, TillRules
from fair_pos.visitors.actions import HourOf, close_gate, set_crowd_rule, tally
from fair_pos.visitors.cloning import copy_gates
from fair_pos.visitors.queries import crowd_rule, gate_devices_of, gates_of
from tests.builders import BOUNDARY, PASSWORD, Fair, make_fair, pair_tablet
from tests.visitors.phones import make_gates, pair_phone

COPIES = Copies(copy_gates, copy_spots)
NOTHING = Parts(occupants=False, organisers=False, sellers=False, gates=False, spots=False)


@pytest.fixture
def fair(app: Flask) -> Fair:
    """A fair with everything: sales, taps, a paper tally, a programme, a plan, rules of its own; and a neighbour to be left alone."""
    fair = make_fair(app, booths=3)
    make_fair(app, name="Hàng xóm", booths=1)
    by, day = fair.people["bantochuc"], fair_day(now(), BOUNDARY)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 2)]), tablet.sale([(fair.goods[1], 1)]))
    gate, closed = make_gates(app, fair, 2)
    phone = pair_phone(app, fair, gate)
    phone.send(phone.tap(), phone.tap("out"))
    with app.app_context(), transaction() as session:
        tally(session, HourOf(new_id(), gate, day, 9), 5, 1, "", at=now(), by=by)
        close_gate(session, closed, at=now(), by=by)
        set_crowd_rule(session, fair.edition_id, 4000, 15, at=now(), by=by)
        set_till_rules(session, fair.edition_id, TillRules(cash_rounding_dong=1000, drawer=True), at=now(), by=by)
        add_item(session, fair.edition_id, ItemSaid(day, 1170, "opening", "Khai mạc"), at=now(), by=by)
        spots = {fair.booth_ids[0]: Spot(0, 0, 30, 30), fair.booth_ids[1]: Spot(40, 0, 30, 30)}
        place_booths(session, fair.edition_id, spots, size=PlanSize(400, 300), version=0, at=now(), by=by)
        for login, scope in (
            ("nghi", Scope(edition_id=fair.edition_id)),
            ("haigian", Scope(booth_id=fair.booth_ids[1])),
        ):
            person = create_person(session, login_name=login, name=login, password=PASSWORD, at=now(), by=None)
            grant_role(session, person, Role.SELLER, scope, at=now(), by=None)
            fair.people[login] = person.id
        disable_person(session, get_person(session, fair.people["nghi"]), at=now(), by=by)
    return fair


def counts(app: Flask) -> dict[str, int]:
    """Table → rows, of every table there is."""
    with app.app_context():
        return {
            name: int(reading().scalar(select(func.count()).select_from(table)) or 0)
            for name, table in metadata.tables.items()
        }


def plan_for(app: Flask, fair: Fair, name: str = "Hội chợ thử kỳ sau") -> EditionPlan:
    with app.app_context():
        old = get_edition(reading(), fair.edition_id)
        assert old.ends_day is not None
        year = timedelta(weeks=52)
        return EditionPlan("fair", name, "Nơi khác", old.starts_day + year, old.ends_day + year, 420, 1380, 180)


def clone(app: Flask, fair: Fair, parts: Parts | None = None, plan: EditionPlan | None = None) -> Cloned:
    plan = plan or plan_for(app, fair)
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        by = fair.people["quantri"]
        return clone_edition(
            session, fair.edition_id, plan, parts or Parts(), COPIES, series_id=series.id, at=now(), by=by
        )


def added(app: Flask, work: Callable[[], object]) -> dict[str, int]:
    before = counts(app)
    work()
    after = counts(app)
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def test_only_what_sets_an_edition_up_has_more_rows(app: Flask, fair: Fair) -> None:
    """Sales, lines, payments, taps, tallies, tablets, stock, day sheets and all the rest: not one row more."""
    grown = added(app, lambda: clone(app, fair))
    journal = grown.pop("journal_line")
    assert grown == {
        "series": 1,
        "edition": 1,
        "booth": 3,
        "occupant": 9,
        "role_grant": 3,  # the organiser, the seller of the first booth, the one of the second; who has left gets none
        "gate": 1,
        "crowd_rule": 1,
        "booth_spot": 2,
        "floor_plan": 1,
    }
    assert journal > 3
    with app.app_context():
        assert prove(reading()).sales == 2, "and it raises where anything does not add up"


def test_what_is_not_wanted_does_not_come(app: Flask, fair: Fair) -> None:
    grown = added(app, lambda: clone(app, fair, NOTHING))
    assert grown == {"series": 1, "edition": 1, "booth": 3, "journal_line": 3}


def test_the_new_edition_is_set_up_as_the_old_one(app: Flask, fair: Fair) -> None:
    cloned = clone(app, fair)
    new_id_ = cloned.edition.id
    with app.app_context():
        old, new = get_edition(reading(), fair.edition_id), get_edition(reading(), new_id_)
        assert (new.name, new.place, new.opens_minute, new.day_boundary_minutes) == (
            "Hội chợ thử kỳ sau",
            "Nơi khác",
            420,
            180,
        )
        assert (new.cash_rounding_dong, new.drawer, new.frozen_at, new.sample) == (1000, True, None, False)
        assert [(one.code, one.name, one.zone) for one in booths_of(reading(), new.id)] == [
            (one.code, one.name, one.zone) for one in booths_of(reading(), old.id)
        ]
        assert not set(cloned.booth_ids.values()) & set(fair.booth_ids)
        was, there = occupants_in(reading(), old.id), occupants_in(reading(), new.id)
        assert {cloned.booth_ids[booth]: set(ids) for booth, ids in was.items()} == {
            b: set(ids) for b, ids in there.items()
        }
        assert spots_of(reading(), new.id) == {
            cloned.booth_ids[booth]: spot for booth, spot in spots_of(reading(), old.id).items()
        }
        assert [(one.name, one.way) for one in gates_of(reading(), new.id)] == [("Cổng chính", "both")]
        assert gate_devices_of(reading(), new.id) == []
        assert crowd_rule(reading(), new.id) == (4000, None), "second entries are asked of this year's visitors"
        seller = roles_of(get_person(reading(), fair.people["nguoiban"]))
        assert Held(Role.SELLER, Scope(booth_id=cloned.booth_ids[fair.booth_ids[0]])) in seller
        organiser = roles_of(get_person(reading(), fair.people["bantochuc"]))
        assert Held(Role.ORGANISER, Scope(edition_id=new.id)) in organiser
        assert [one.verb for one in lines_about(reading(), "edition", new.id)][-1] == "edition_cloned"
        assert lines_about(reading(), "edition", new.id)[-1].facts == {
            "from": old.id, "booths": 3, "occupants": 9, "roles": 3, "gates": 1, "spots": 2,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "roles"), [(replace(NOTHING, organisers=True), 1), (replace(NOTHING, sellers=True), 2)]
)
def test_organisers_and_sellers_are_chosen_apart(app: Flask, fair: Fair, parts: Parts, roles: int) -> None:
    assert added(app, lambda: clone(app, fair, parts))["role_grant"] == roles


def test_a_frozen_edition_is_cloned_and_stays_as_it_is(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=None)
    assert clone(app, fair).edition.frozen_at is None


def test_what_cannot_be_leaves_nothing_behind(app: Flask, fair: Fair) -> None:
    before = counts(app)
    with app.app_context():
        old = get_edition(reading(), fair.edition_id)
    with pytest.raises(EditionNameTaken):
        clone(app, fair, plan=replace(plan_for(app, fair, "HOI CHO THU"), starts_day=old.starts_day))
    with pytest.raises(NotFound):
        clone(app, replace(fair, edition_id="nowhere"), plan=plan_for(app, fair))
    assert counts(app) == before


def test_of_clonings_at_once_one_edition_comes(app: Flask, fair: Fair) -> None:
    plan = plan_for(app, fair)

    def once(_: int) -> str:
        by = fair.people["quantri"]
        try:
            with app.app_context(), transaction() as session:
                hold_catalogue(session)  # as the page does, by telling the catalogue first
                series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
                clone_edition(session, fair.edition_id, plan, Parts(), COPIES, series_id=series.id, at=now(), by=by)
        except Refusal as refusal:
            return refusal.code
        return "opened"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(once, range(4))) == ["edition_name_taken"] * 3 + ["opened"]
    with app.app_context():
        (series,) = all_series(reading())
        assert len(editions_of_series(reading(), series.id)) == 1
