"""Lists of notes, what is under way, and whose they are."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.consignment import queries
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from tests.builders import make_fair
from tests.consignment.notes import carry, held, line, out, take_in


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
