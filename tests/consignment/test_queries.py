"""Lists of notes, what is under way, and whose they are."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.consignment import queries
from fair_pos.consignment.lying import lying_at, named
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from tests.builders import make_fair
from tests.consignment.notes import TODAY, carry, held, line, out, soon, take_in


def test_notes_are_listed_and_belong_to_their_edition(app: Flask) -> None:
    fair, other = make_fair(app), make_fair(app, name="Hội chợ khác")
    take_in(app, fair, line(fair.goods[0], 20))
    note_id = carry(app, fair, out(held(app, fair.booth_ids[0])[0], 5))
    with app.app_context():
        session = reading()
        listed = queries.notes_of(session, fair.edition_id, limit=9, offset=0)
        assert [one.number for one in listed] == ["PX-0001", "PN-0001"]
        assert queries.count_notes(session, fair.edition_id, "intake") == 1
        assert queries.notes_of(session, other.edition_id, limit=9, offset=0) == []
        assert [one.id for one in queries.under_way(session, place_id=fair.booth_ids[1])] == [note_id]
        assert queries.under_way(session, place_id=fair.booth_ids[0]) == []
        with pytest.raises(NotFound):
            queries.get_note(session, other.edition_id, note_id)


def test_what_lies_there_has_the_price_of_its_lot(app: Flask) -> None:
    fair = make_fair(app)
    take_in(
        app, fair, line(fair.goods[0], 2, code="B", expires=soon(9)), line(fair.goods[0], 3, code="A", expires=soon(2))
    )
    with app.app_context():
        there = lying_at(reading(), fair.booth_ids[0], owner_id=fair.producer_ids[0])
        assert [(one.lot_code, one.quantity, one.price_dong) for one in there] == [("A", 3, 220_000), ("B", 2, 220_000)]
        assert lying_at(reading(), fair.booth_ids[0], owner_id=fair.producer_ids[1]) == []
        name = fair.goods[0].name
        assert [one.product_id for one in named(reading(), "", TODAY, f"{name.upper()} (hộp)")] == [
            fair.goods[0].product_id
        ]
        assert named(reading(), "", TODAY, name[:4]) == []
