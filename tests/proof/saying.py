"""What `verify` says in a session in which something was changed, and the changes that somebody careful would make together."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.plumbing.db import db
from fair_pos.proof.queries import prove
from fair_pos.proof.rules import Differs
from fair_pos.sales.tables import Oddity
from fair_pos.till.tables import Device, Received
from fair_pos.venues.tables import Booth


def said(session: Session) -> str:
    """«what: field» of the first difference; empty when all agrees."""
    session.flush()
    session.expire_all()
    try:
        prove(session)
    except Differs as differs:
        return f"{differs.difference.what}: {differs.difference.field}"
    return ""


def said_now(app: Flask) -> str:
    """The same of what is stored."""
    with app.app_context(), Session(db.engine) as session:
        return said(session)


def listed(session: Session, command_id: str) -> dict[str, dict[str, Any]]:
    """What stands in the list of oddities about a command."""
    return {one.code: one.facts for one in session.scalars(select(Oddity).where(Oddity.sale_id == command_id))}


def forget(session: Session, command_id: str, code: str) -> None:
    """Take an oddity away with what was found on arrival."""
    odd = session.get_one(Oddity, (command_id, code))
    for row in session.scalars(select(Received)):
        row.findings = [one for one in row.findings if one[:2] != [command_id, code]]
    session.delete(odd)


def invent(session: Session, command_id: str, code: str, facts: dict[str, Any]) -> None:
    """As if it had been odd on arrival."""
    row = session.get_one(Received, command_id)
    place = select(Booth.edition_id).join(Device, Device.booth_id == Booth.id).where(Device.id == row.device_id)
    edition = session.execute(place).scalar_one()
    session.add(Oddity(sale_id=command_id, code=code, edition_id=edition, noticed_at=row.received_at, facts=facts))
    row.findings = [*row.findings, [command_id, code, facts]]


def lines_about(session: Session, verb: str) -> list[Line]:
    """The journal's lines of a verb, in order."""
    return list(session.scalars(select(Line).where(Line.verb == verb).order_by(Line.seq)))
