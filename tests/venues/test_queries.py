from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import create_edition, create_series, freeze_edition, hide_edition
from fair_pos.venues.queries import (
    all_editions,
    all_series,
    booths_of,
    editions_of_series,
    find_booth_place,
    get_booth,
    get_edition,
    occupants_in,
    occupants_of,
    refuse_frozen,
)
from fair_pos.venues.refusals import EditionFrozen
from fair_pos.venues.rules import EditionPlan
from tests.builders import make_fair


def test_what_is_there_is_found(app: Flask) -> None:
    fair = make_fair(app, booths=2, producers=3)
    other = make_fair(app, name="Khác", booths=1, producers=1)
    with app.app_context():
        assert get_edition(reading(), fair.edition_id).name == "Hội chợ thử"
        assert {one.id for one in all_editions(reading())} == {fair.edition_id, other.edition_id}
        assert [one.id for one in booths_of(reading(), fair.edition_id)] == fair.booth_ids
        assert find_booth_place(reading(), fair.booth_ids[0]) == (fair.edition_id, fair.booth_ids[0])
        assert find_booth_place(reading(), "nothing") is None
        assert sorted(occupants_of(reading(), fair.booth_ids[0])) == sorted(fair.producer_ids)
        there = occupants_in(reading(), fair.edition_id)
        assert {booth: sorted(ids) for booth, ids in there.items()} == dict.fromkeys(
            fair.booth_ids, sorted(fair.producer_ids)
        )
        assert all_series(reading()) == []


def test_what_is_not_there_is_refused(app: Flask) -> None:
    with app.app_context():
        for get in (get_edition, get_booth):
            with pytest.raises(NotFound):
                get(reading(), "nothing")


def test_the_editions_of_a_series_come_oldest_first_and_hidden_ones_not(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ OCOP", at=now(), by=None)
        made = {}
        for year in (2025, 2023, 2024, 2022):
            plan = EditionPlan("fair", f"Tuần lễ {year}", "", date(year, 11, 20), date(year, 11, 24))
            made[year] = create_edition(session, plan, series_id=series.id, at=now(), by=None).id
        other = EditionPlan("fair", "Khác", "", date(2024, 11, 1), date(2024, 11, 2))
        create_edition(session, other, series_id=None, at=now(), by=None)
        hide_edition(session, made[2022], in_use=False, at=now(), by=None)
        assert [one.id for one in editions_of_series(session, series.id)] == [made[2023], made[2024], made[2025]]


def test_the_day_of_freezing_is_said_as_clocks_in_vietnam_show_it(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context(), transaction() as session:
        refuse_frozen(session, fair.edition_id)
        refuse_frozen(session, "nowhere")
        freeze_edition(session, fair.edition_id, at=datetime(2026, 12, 1, 18, 0, tzinfo=timezone.utc), by=None)
        with pytest.raises(EditionFrozen) as told:
            refuse_frozen(session, fair.edition_id)
    assert told.value.facts == {"day": "02/12/2026"}
