"""Facts of a drawer in whatever order they come, cut anywhere and sent twice: the same state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from threading import Barrier
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.cash.queries import entries_of, signed_entries
from fair_pos.cash.tables import TillClosing, TillSession, ZEntry, ZReport
from fair_pos.cash.z_report import thawed
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.sales.tables import Oddity
from fair_pos.venues.tables import Edition
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.cash.drawers import Drawer, Parcel, codes, paid


def a_day(chance: Random, tablet: Tablet, began: datetime) -> list[Parcel]:
    """Some sessions of one tablet: sums that are wrong, numbers that are skipped, openings and closings that are missing."""
    drawer, parcels = Drawer(tablet, clock=began), list[Parcel]()
    for _ in range(chance.randint(2, 3)):
        if chance.random() < 0.9:
            parcels.append(drawer.open(chance.randrange(0, 500_000, 500)))
        sold: list[tuple[str, int]] = []
        for _ in range(chance.randint(1, 4)):
            dong = chance.randrange(1_000, 300_000, 500)
            match chance.choice(("cash", "cash", "split", "back", "move")):
                case "cash":
                    parcels.append(drawer.sell([paid("cash", dong, dong + 500)]))
                    sold.append((parcels[-1]["id"], dong))
                case "back" if sold:
                    original, worth = sold.pop()
                    parcels.append(drawer.sell([paid("cash", worth)], refund_of=original))
                case "move" if drawer.session_id:
                    parcels.append(drawer.move(chance.choice(("in", "out")), dong))
                case _:
                    parcels.append(drawer.sell([paid("cash", dong), paid("card", 5_000), paid("transfer", 7_000)]))
        changes: dict[str, Any] = {}
        if chance.random() < 0.2:
            changes["expected_dong"] = drawer.cash_dong + 1_000
        if chance.random() < 0.2:
            changes["z_number"] = chance.randint(1, 5)
        if chance.random() < 0.2:
            changes["counted_card_dong"] = 0
        mine = drawer.session_id
        if chance.random() < 0.85:
            parcels.append(drawer.close(max(0, drawer.cash_dong), **changes))
        if chance.random() < 0.2:  # what a tablet must not do: go on with a session that it has closed
            parcels.append(drawer.sell([paid("cash", 3_000)], till_session_id=mine))
            parcels.append(drawer.move("in", 2_000, till_session_id=mine))
    return parcels


def state(app: Flask, tablet: Tablet, parcels: Sequence[Parcel]) -> dict[str, Any]:
    """Everything that must not depend on the order of arrival, with the tablet's own numbers instead of ids."""
    number = {one["id"]: one["seq"] for one in parcels}
    facts = [json.loads(one["text"]) for one in parcels]
    named: dict[str, int] = {}
    for fact in facts:
        named.setdefault(fact.get("till_session_id"), len(named))
    with app.app_context(), transaction() as session:
        kept = session.scalars(select(TillSession).where(TillSession.device_id == tablet.device_id)).all()
        entries = entries_of(session, tablet.device_id, [one.id for one in kept])
        odd = session.scalars(select(Oddity).where(Oddity.sale_id.in_(number))).all()
        return {
            "sessions": sorted(
                (
                    named[one.id],
                    number.get(one.opening_id or ""),
                    number.get(one.closing_id or ""),
                    one.began_at,
                    sorted(number[entry] for entry in entries[one.id].kinds),
                    entries[one.id].drawer,
                )
                for one in kept
            ),
            "odd": sorted(
                # Whether an original is known when its refund comes is told as it was then (sales/actions.py).
                (number[one.sale_id], one.code, json.dumps(one.facts, sort_keys=True))
                for one in odd
                if one.code != "refund_original_unknown"
            ),
        }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_the_same_state_in_whatever_order_and_however_it_is_cut(app: Flask, seed: int) -> None:
    # Two tablets live through the same day; one sends it in order, the other shuffled, cut anywhere and some of it twice.
    with app.app_context(), transaction() as session:
        known = session.scalar(select(Edition.name).limit(1))
    fair = make_fair(app, booths=1, producers=1) if known is None else FAIRS[app]
    FAIRS[app] = fair
    began, chance = now() - timedelta(hours=8), Random(seed)
    one, other = pair_tablet(app, fair), pair_tablet(app, fair)
    in_order, mixed = a_day(Random(seed), one, began), a_day(Random(seed), other, began)
    for first in range(0, len(in_order), 4):
        one.send(*in_order[first : first + 4])
    sent = [*mixed, *chance.sample(mixed, len(mixed) // 3)]
    chance.shuffle(sent)
    while sent:
        cut = chance.randint(1, 6)
        other.send(*sent[:cut])
        sent = sent[cut:]
    assert state(app, other, mixed) == state(app, one, in_order)
    for tablet in (one, other):
        check_reports(app, tablet)


FAIRS: WeakKeyDictionary[Flask, Fair] = WeakKeyDictionary()
"""One fair for all examples of a test: making it takes longer than a day of two tablets."""


def check_reports(app: Flask, tablet: Tablet) -> None:
    """Each closing has its report; what reports cover of a session and what is late for it make the session, to the đồng."""
    with app.app_context(), transaction() as session:
        closings = session.scalars(select(TillClosing).where(TillClosing.device_id == tablet.device_id)).all()
        reports = {one.id: thawed(session.get_one(ZReport, one.id).content) for one in closings}
        for till_session_id in {one.till_session_id for one in closings if one.till_session_id}:
            entries = entries_of(session, tablet.device_id, [till_session_id])[till_session_id]
            signed = signed_entries(session, tablet.device_id, till_session_id)
            late = entries.without([one.id for one in signed.values() if not one.late]).drawer
            mine = [reports[one.id] for one in closings if one.till_session_id == till_session_id]
            on_paper = sum(content["cash"]["computed_dong"] for content in mine)
            assert on_paper + late.expected_cash_dong == entries.drawer.expected_cash_dong
            told = [row for content in reports.values() for row in content["late"]]
            assert len(told) == sum(one.late for one in all_signed(session, tablet))


def all_signed(session: Session, tablet: Tablet) -> list[ZEntry]:
    return list(session.scalars(select(ZEntry).where(ZEntry.device_id == tablet.device_id)))


def test_two_uploads_of_one_tablet_at_once_miss_nothing_of_each_other(app: Flask) -> None:
    # Without the door's lock each would look only at its own commands, and a wrong sum would go unnoticed.
    tablet = pair_tablet(app, make_fair(app))
    drawer = Drawer(tablet)
    for _ in range(8):
        tablet.send(drawer.open(100_000))
        sale = drawer.sell([paid("cash", 50_000)])
        closed = drawer.close(200_000, expected_dong=200_000)
        start = Barrier(2)

        def send(parcel: Parcel, start: Barrier = start) -> None:
            client = app.test_client()
            start.wait()
            assert tablet.post(client, parcel).status_code == 200

        with ThreadPoolExecutor(2) as both:
            list(both.map(send, (sale, closed)))
        assert "expected_differs" in codes(app, closed)
    check_reports(app, tablet)
