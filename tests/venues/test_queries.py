from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from fair_pos.venues.queries import (
    all_editions,
    all_series,
    booths_of,
    find_booth_place,
    get_booth,
    get_edition,
    occupants_in,
    occupants_of,
)
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
