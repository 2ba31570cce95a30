"""Booths brought in many at once, as far as a price list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version, hold_catalogue
from fair_pos.catalogue.refusals import ProducerUnknown
from fair_pos.registry.queries import known_producer_ids
from fair_pos.venues.register import BoothRow, Plan, save_register


def import_booths(session: Session, edition_id: str, rows: Sequence[BoothRow], *, at: datetime, by: str | None) -> Plan:
    """Bring a register of booths in; one new price list for all of it, and none when nothing changed.

    Two imports at once are one after the other. Raises ProducerUnknown and what venues.register.save_register raises.
    """
    hold_catalogue(session)
    wanted = {producer_id for row in rows for producer_id in row.producer_ids or ()}
    if wanted - known_producer_ids(session, wanted):
        raise ProducerUnknown
    plan = save_register(session, edition_id, rows, at=at, by=by)
    if plan.changes_anything:
        bump_version(session, "booths", at)
    return plan
