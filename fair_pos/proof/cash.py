"""Drawers made again from the commands that opened, moved and closed them: sessions, what is odd between facts, counts.

The Z reports that closings froze: proof/z_reports.py.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from fair_pos.cash.actions import odd_about_drawer
from fair_pos.cash.facts import ClosedFact, DrawerFact, MovedFact, OpenedFact
from fair_pos.cash.queries import SessionEntries, entries_of
from fair_pos.cash.rows import drawer_row, journal_of
from fair_pos.cash.rules import KnownOfDrawer, judge_drawer
from fair_pos.cash.tables import CashMove, TillClosing, TillOpening, TillSession
from fair_pos.proof.heard import AnySession, Heard, by_id, same_rows, table_of
from fair_pos.proof.rules import same, same_fields
from fair_pos.proof.then import look_back
from fair_pos.proof.witnesses import check_line_count, check_lines, check_recomputed
from fair_pos.proof.z_reports import check_reports
from fair_pos.sales.facts import Odd, Place
from fair_pos.sales.tables import Oddity
from fair_pos.till.parcels import drawer_fact_of
from fair_pos.till.tables import Device, Received

TABLES: Mapping[type[DrawerFact], tuple[str, Table]] = {
    OpenedFact: ("till opening", table_of(TillOpening)),
    MovedFact: ("cash move", table_of(CashMove)),
    ClosedFact: ("till closing", table_of(TillClosing)),
}
BETWEEN = frozenset({
    "session_overlaps", "session_not_open", "session_closed_already", "z_number_skipped", "z_number_reused",
    "expected_differs", "covered_differs", "close_unexplained",
})  # fmt: skip
"""What is odd about facts side by side: the same in whatever order they came, so it is made again once all are known."""


class Drawers:
    """Checks the commands `till_opened`, `cash_moved` and `till_closed`."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = defaultdict(int)
        self.places: dict[str, Place] = {}
        self.odd: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
        """Device → command → code → facts."""

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """The rows of openings, moves and closings, and their lines. Raises Differs."""
        facts = [drawer_fact_of(one.opened) for one in some]
        then = look_back(session, facts)
        ids = [one.id for one in some]
        stored = {kind: by_id(session, table, ids) for kind, (_, table) in TABLES.items()}
        lines = []
        for one, fact in zip(some, facts, strict=True):
            known = KnownOfDrawer(then.people_known(one.noted, one.place.received_at))
            judged = judge_drawer(fact, one.place, known)
            what = TABLES[type(fact)][0]
            row = stored[type(fact)].get(one.id)
            if row is None:
                same(what, one.id, "row", None, "one")
                continue
            same_fields(what, one.id, row, drawer_row(judged))
            check_recomputed(one.id, judged.oddities, one.noted)
            _add_first(self.odd[one.place.device_id][one.id], judged.oddities)
            self.rows[what] += 1
            self.places[one.place.device_id] = one.place
            lines.append(journal_of(judged))
        check_lines(session, lines)

    def finish(self, session: AnySession) -> None:
        """Till sessions, Z reports, and what is odd between facts. Raises Differs."""
        for what, table in TABLES.values():
            stored = session.scalar(select(func.count()).select_from(table)) or 0
            same(what, "table", "number of rows", stored, self.rows[what])
        check_line_count(session, ("till_opened", "cash_moved", "till_closed"), sum(self.rows.values()))
        listed = _listed(session)
        sessions = reports = 0
        for device in session.scalars(select(Device).where(Device.id.in_(self.places)).order_by(Device.id)):
            place = self.places[device.id]
            entries = entries_of(session, device.id, _session_ids(session, device.id))
            sessions += _check_sessions(session, device, place, entries)
            reports += check_reports(session, device, place, entries)
            self._check_between(session, place, listed.pop(device.id, {}))
        for odd in listed.values():
            for command_id, codes in odd.items():
                same("oddity", command_id, ", ".join(sorted(codes)), "listed", "nothing: its device has no drawer")
        stored = session.scalar(select(func.count()).select_from(TillSession)) or 0
        same("till session", "table", "number of rows", stored, sessions)
        check_line_count(session, ("z_made",), reports)

    def _check_between(self, session: AnySession, place: Place, listed: Mapping[str, Mapping[str, Any]]) -> None:
        seqs = session.scalars(select(Received.seq).where(Received.device_id == place.device_id)).all()
        arrived = sorted(set(seqs))

        def whole(after: int, before: int) -> bool:
            return max(0, bisect_left(arrived, before) - bisect_right(arrived, after)) == before - after - 1

        made = self.odd[place.device_id]
        for command_id, odd in odd_about_drawer(cast("Session", session), [(1, None)], place, whole).items():
            _add_first(made[command_id], odd)
        # A number given twice changes what came before what, and what was odd until then stays listed as it was.
        twice = len(arrived) != len(seqs)
        for command_id in sorted({*made, *listed}):
            now, then = made.get(command_id, {}), listed.get(command_id, {})
            for code in sorted({*now} if twice else {*now, *then}):
                computed = then.get(code, now[code]) if twice else now.get(code)
                same("oddity", command_id, code, then.get(code), computed)


def _add_first(kept: dict[str, Any], odd: Sequence[Odd]) -> None:
    for one in odd:
        if one.code in BETWEEN:
            kept.setdefault(one.code, dict(one.facts))


def _listed(session: AnySession) -> dict[str, dict[str, dict[str, Any]]]:
    """Device → command → code → facts of what is listed as odd between facts."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    wanted = select(Received.device_id, Oddity.sale_id, Oddity.code, Oddity.facts)
    wanted = wanted.join(Received, Received.id == Oddity.sale_id).where(Oddity.code.in_(BETWEEN))
    for device_id, command_id, code, facts in session.execute(wanted):
        found[device_id][command_id][code] = facts
    return found


def _session_ids(session: AnySession, device_id: str) -> list[str]:
    found: set[str] = set()
    for _, table in TABLES.values():
        named = select(table.c.till_session_id).where(table.c.device_id == device_id).distinct()
        found |= {one for one in session.scalars(named) if one is not None}
    return sorted(found)


def _check_sessions(session: AnySession, device: Device, place: Place, entries: Mapping[str, SessionEntries]) -> int:
    """Each till session is what its facts make it; how many there are."""
    table = table_of(TillSession)
    wanted = select(table).where(table.c.device_id == device.id).order_by(table.c.id)
    stored = [dict(row) for row in session.execute(wanted).mappings()]
    computed = []
    for till_session_id in sorted(entries):
        one = entries[till_session_id]
        opening, closing = (some[0] if some else None for some in (one.openings, one.closings))
        instants = [fact.at for some in (one.openings, one.moves, one.closings) for fact in some]
        computed.append(
            {
                "device_id": device.id,
                "id": till_session_id,
                "edition_id": place.edition_id,
                "booth_id": place.booth_id,
                "letter": device.letter,
                "opening_id": opening.id if opening else None,
                "closing_id": closing.id if closing else None,
                "began_at": opening.at if opening else min(instants),
                "sample": place.sample,
            }
        )
    same_rows("till session", device.id, sorted(stored, key=lambda row: str(row["id"])), computed)
    return len(computed)
