from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.cash import queries
from fair_pos.cash.queries import drawers_between
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.cash.drawers import Drawer, paid, session_id_of


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_rows_of_a_list_say_what_pages_of_sessions_say(app: Flask, fair: Fair, tablet: Tablet) -> None:
    drawer, other = Drawer(tablet), Drawer(pair_tablet(app, fair, 1))
    first = [drawer.open(100_000), drawer.sell([paid("cash", 50_000), paid("card", 5_000)]), drawer.move("out", 30_000)]
    late = drawer.sell([paid("cash", 7_000)])
    closed = drawer.close(drawer.cash_dong - 1_000, explanation="Chưa rõ")
    tablet.send(*first, closed)
    tablet.send(late)
    other.tablet.send(other.open(20_000), other.sell([paid("cash", 1_000)]))
    with app.app_context(), transaction() as session:
        rows = queries.session_rows(session, fair.edition_id, limit=10)
        assert queries.count_sessions(session, fair.edition_id) == len(rows) == 2
        by_id = {row.session.id: row for row in rows}
        mine = by_id[session_id_of(first[0])]
        assert (mine.expected_dong, mine.documents, mine.late, mine.difference_dong) == (127_000, 2, 1, -1_000)
        entries = queries.entries_of(session, tablet.device_id, [mine.session.id])[mine.session.id]
        assert entries.drawer.expected_cash_dong == mine.expected_dong
        assert len(entries.documents) == mine.documents
        theirs = next(row for row in rows if row is not mine)
        assert (theirs.expected_dong, theirs.late, theirs.difference_dong, theirs.report) == (21_000, 0, None, None)
        assert [row.session.id for row in queries.session_rows(session, fair.edition_id, limit=1, offset=1)] == [
            rows[1].session.id
        ]
        assert queries.session_rows(session, "elsewhere", limit=10) == []


def test_entries_are_cut_at_a_number_and_without_what_is_signed(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    parcels = [
        drawer.open(1_000),
        drawer.sell([paid("cash", 50_000)]),
        drawer.move("in", 7),
        drawer.sell([paid("cash", 1)]),
    ]
    tablet.send(*parcels)
    one = session_id_of(parcels[0])
    with app.app_context(), transaction() as session:
        entries = queries.entries_of(session, tablet.device_id, [one, "unknown"])
        assert entries["unknown"].kinds == {}
        assert entries[one].kinds == dict(
            zip([parcel["id"] for parcel in parcels], ("opening", "sale", "move", "sale"), strict=True)
        )
        assert set(entries[one].before(3).kinds) == {parcels[0]["id"], parcels[1]["id"]}
        assert set(entries[one].without({parcels[1]["id"]}).kinds) == {parcels[i]["id"] for i in (0, 2, 3)}
        facts = queries.facts_of(session, tablet.device_id, [one])[one]
        assert (len(facts.openings), len(facts.moves), facts.documents) == (1, 1, [])


def test_what_is_not_there_is_not_found(app: Flask, fair: Fair, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, closed = drawer.open(0), drawer.close()
    tablet.send(opened, closed)
    other = pair_tablet(app, fair)
    with app.app_context(), transaction() as session:
        assert queries.get_report(session, tablet.device_id, closed["id"]).z_number == 1
        assert queries.get_session(session, tablet.device_id, session_id_of(opened)).letter == tablet.letter
        assert queries.find_paper(session, closed["id"]) is None
        for device_id, closing_id in ((other.device_id, closed["id"]), (tablet.device_id, opened["id"])):
            with pytest.raises(NotFound):
                queries.get_report(session, device_id, closing_id)
        with pytest.raises(NotFound):
            queries.get_session(session, other.device_id, session_id_of(opened))


def test_drawers_of_a_day_open_and_closed(app: Flask, fair: Fair, tablet: Tablet) -> None:
    other = pair_tablet(app, fair, 1)
    at = now() - timedelta(hours=5)
    first, second = Drawer(tablet, clock=at), Drawer(other, clock=at)
    tablet.send(first.open(100_000), first.sell([paid("cash", 50_000)]), first.close(151_000))
    other.send(second.open(20_000))
    with app.app_context():
        since, until = at - timedelta(hours=1), now()
        found = drawers_between(reading(), fair.edition_id, since, until)
        assert [(one.booth_id, one.letter, one.z_number, one.difference_dong) for one in found] == [
            (fair.booth_ids[0], tablet.letter, 1, 1_000),
            (fair.booth_ids[1], other.letter, None, None),
        ]
        assert drawers_between(reading(), fair.edition_id, since - timedelta(days=1), since) == []
