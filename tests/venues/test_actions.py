from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from fair_pos.catalogue.actions import set_occupants
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.queries import has_sales
from fair_pos.venues import refusals
from fair_pos.venues.actions import (
    change_booth,
    change_edition,
    create_booth,
    create_edition,
    create_series,
    freeze_edition,
    hide_edition,
    join_series,
    replace_occupants,
    set_till_rules,
)
from fair_pos.venues.queries import all_series, booths_of, find_edition, get_booth, occupants_of
from fair_pos.venues.rules import EditionPlan, TillRules
from tests.builders import make_fair, pair_tablet

FAIR = EditionPlan("fair", "Tuần lễ OCOP 2026", "Công viên", date(2026, 11, 21), date(2026, 11, 25))


def test_a_series_is_opened_once(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        first = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        assert create_series(session, " tuần lễ  ocop", at=now(), by=None) is first
        assert [one.name for one in all_series(session)] == ["Tuần lễ OCOP"]
        with pytest.raises(refusals.FieldMissing):
            create_series(session, " ", at=now(), by=None)


def test_an_edition_is_opened_in_its_series(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        edition = create_edition(session, FAIR, series_id=series.id, at=now(), by=None)
        next_year = replace(FAIR, starts_day=date(2027, 11, 21), ends_day=date(2027, 11, 25))
        create_edition(session, next_year, series_id=series.id, at=now(), by=None)
    with app.app_context():
        found = find_edition(reading(), edition.id)
        assert found is not None
        assert (found.name, found.kind, found.series and found.series.name) == (
            "Tuần lễ OCOP 2026",
            "fair",
            "Tuần lễ OCOP",
        )
        assert [one.verb for one in lines_about(reading(), "edition", edition.id)] == ["edition_created"]


def test_an_edition_joins_a_series_once_and_frozen_ones_too(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        first, other = (create_series(session, name, at=now(), by=None).id for name in ("Tuần lễ", "Khác"))
        edition = create_edition(session, FAIR, series_id=None, at=now(), by=None)
        freeze_edition(session, edition.id, at=now(), by=None)
        for wrong in (("nowhere", first), (edition.id, "nothing")):
            with pytest.raises(NotFound):
                join_series(session, *wrong, at=now(), by=None)
        assert join_series(session, edition.id, first, at=now(), by=None)
        assert not join_series(session, edition.id, other, at=now(), by=None)
        assert edition.series_id == first
        verbs = [one.verb for one in lines_about(session, "edition", edition.id)]
    assert verbs == ["edition_created", "edition_frozen", "edition_joined_series"]


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (replace(FAIR, name=" "), refusals.FieldMissing),
        (replace(FAIR, name="x" * 301), refusals.FieldTooLong),
        (replace(FAIR, ends_day=date(2026, 11, 20)), refusals.EditionDaysWrong),
        (replace(FAIR, ends_day=None), refusals.EditionDaysWrong),
        (replace(FAIR, closes_minute=0), refusals.HoursWrong),
        (replace(FAIR, name="TUAN LE OCOP 2026"), refusals.EditionNameTaken),
    ],
)
def test_an_edition_that_cannot_be_is_refused(app: Flask, plan: EditionPlan, refusal: type[Exception]) -> None:
    with app.app_context(), transaction() as session:
        create_edition(session, FAIR, series_id=None, at=now(), by=None)
        with pytest.raises(refusal):
            create_edition(session, plan, series_id=None, at=now(), by=None)


def test_booths_have_codes_of_their_own_within_an_edition(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        edition = create_edition(session, FAIR, series_id=None, at=now(), by=None)
        other = create_edition(session, replace(FAIR, name="Khác"), series_id=None, at=now(), by=None)
        for code in ("a10", "a2"):
            create_booth(session, edition.id, code=code, name="Gian", zone="Khu A", at=now(), by=None)
        create_booth(session, other.id, code="A2", name="Gian", at=now(), by=None)
        assert [one.code for one in booths_of(session, edition.id)] == ["A2", "A10"]
        with pytest.raises(refusals.BoothCodeTaken):
            create_booth(session, edition.id, code=" A 2", name="Gian", at=now(), by=None)
        with pytest.raises(refusals.BoothCodeInvalid):
            create_booth(session, edition.id, code="<>", name="Gian", at=now(), by=None)
        with pytest.raises(refusals.FieldMissing):
            create_booth(session, edition.id, code="", name="Gian", at=now(), by=None)
        with pytest.raises(NotFound):
            create_booth(session, "nothing", code="A3", name="Gian", at=now(), by=None)


def test_what_changes_is_told_and_written_down(app: Flask) -> None:
    fair = make_fair(app, booths=1, producers=3)
    booth_id, by = fair.booth_ids[0], fair.people["quantri"]
    with app.app_context(), transaction() as session:
        assert change_booth(session, booth_id, name="Gian mới", zone="B", at=now(), by=by)
        assert not change_booth(session, booth_id, name=" Gian  mới ", zone="B", at=now(), by=by)
        assert get_booth(session, booth_id).zone == "B"
        wanted = fair.producer_ids[1:]
        assert replace_occupants(session, booth_id, wanted, at=now(), by=by)
        assert not replace_occupants(session, booth_id, wanted, at=now(), by=by)
        assert sorted(occupants_of(session, booth_id)) == sorted(wanted)
        assert replace_occupants(session, booth_id, [], at=now(), by=by)
        assert occupants_of(session, booth_id) == []
        lines = lines_about(session, "booth", booth_id)
    assert [one.verb for one in lines] == ["booth_changed", "occupants_set", "occupants_set"]
    assert lines[1].facts == {"came": [], "went": [fair.producer_ids[0]]}


def test_of_booths_opened_at_once_under_one_code_one_is_opened_and_the_others_are_told(app: Flask) -> None:
    fair = make_fair(app)

    def once(number: int) -> str:
        try:
            with app.app_context(), transaction() as session:
                create_booth(session, fair.edition_id, code="B01", name=f"Gian {number}", at=now(), by=None)
        except Refusal as refusal:
            return refusal.code
        return "opened"

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(once, range(8))) == ["booth_code_taken"] * 7 + ["opened"]


def test_the_rules_of_tills_are_set_once_and_written_down(app: Flask) -> None:
    fair = make_fair(app)
    wanted = TillRules(cash_rounding_dong=1000, seller_discount_percent=15)
    with app.app_context(), transaction() as session:
        assert set_till_rules(session, fair.edition_id, wanted, at=now(), by=fair.people["bantochuc"])
        assert not set_till_rules(session, fair.edition_id, wanted, at=now(), by=None)
        with pytest.raises(refusals.TillRulesWrong):
            set_till_rules(session, fair.edition_id, replace(wanted, seller_discount_percent=101), at=now(), by=None)
        with pytest.raises(NotFound):
            set_till_rules(session, "nowhere", wanted, at=now(), by=None)
    with app.app_context():
        edition = find_edition(reading(), fair.edition_id)
        assert edition is not None
        assert (edition.cash_rounding_dong, edition.seller_discount_percent, edition.drawer) == (1000, 15, False)
        (line,) = lines_about(reading(), "edition", fair.edition_id)
        assert line.facts == {
            "cash_rounding_dong": 1000, "old_cash_rounding_dong": 0, "seller_discount_percent": 15, "old_seller_discount_percent": 10,
        }  # fmt: skip


# --- frozen -----------------------------------------------------------------------------------------------------------


def test_a_frozen_edition_turns_every_request_down_and_takes_every_sale(app: Flask) -> None:
    fair, other = make_fair(app), make_fair(app, name="Khác")
    edition_id, booth_id, by = fair.edition_id, fair.booth_ids[0], fair.people["quantri"]
    tablet = pair_tablet(app, fair)
    with app.app_context(), transaction() as session:
        assert freeze_edition(session, edition_id, at=now(), by=by)
        assert not freeze_edition(session, edition_id, at=now(), by=None)
        with pytest.raises(NotFound):
            freeze_edition(session, "nowhere", at=now(), by=by)
        edition = find_edition(session, edition_id)
        assert edition is not None
        assert edition.frozen_by == by
    plan = replace(FAIR, starts_day=edition.starts_day, ends_day=edition.ends_day)
    requests: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (create_booth, (edition_id,), {"code": "Z1", "name": "Gian"}),
        (change_booth, (booth_id,), {"name": "Khác", "zone": ""}),
        (replace_occupants, (booth_id, []), {}),
        (set_occupants, (booth_id, []), {}),
        (change_edition, (edition_id, plan), {"is_counted": False}),
        (set_till_rules, (edition_id, TillRules(drawer=True)), {}),
        (hide_edition, (edition_id,), {"in_use": False}),
    ]
    for action, where, said in requests:
        with app.app_context(), transaction() as session, pytest.raises(refusals.EditionFrozen) as told:
            action(session, *where, **said, at=now(), by=by)
        assert told.value.facts == {"day": fair_day(now(), 0).strftime("%d/%m/%Y")}, action
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    with app.app_context(), transaction() as session:
        assert has_sales(session, edition_id)
        create_booth(session, other.edition_id, code="Z1", name="Gian", at=now(), by=by)
        assert [line.verb for line in lines_about(session, "edition", edition_id)] == ["edition_frozen"]


def test_nobody_changes_what_is_being_frozen(app: Flask) -> None:
    """Whichever comes first: a booth either stands before the freezing or not at all."""
    fair = make_fair(app)

    def once(number: int) -> str:
        try:
            with app.app_context(), transaction() as session:
                if number == 4:
                    freeze_edition(session, fair.edition_id, at=now(), by=None)
                else:
                    create_booth(session, fair.edition_id, code=f"F{number}", name="Gian", at=now(), by=None)
        except Refusal as refusal:
            return refusal.code
        return "frozen" if number == 4 else "opened"

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(once, range(8)))
    assert told.count("frozen") == 1
    assert set(told) <= {"frozen", "opened", "edition_frozen"}
    with app.app_context():
        assert len(booths_of(reading(), fair.edition_id)) == len(fair.booth_ids) + told.count("opened")
