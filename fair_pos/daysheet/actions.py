"""Closing a fair day with a name under it, opening it again with a reason, and keeping its paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, insert, literal
from sqlalchemy.orm import Session

from fair_pos.daysheet import refusals
from fair_pos.daysheet.gather import Counted, gather, ids_signed
from fair_pos.daysheet.queries import device_states, find_paper, names_of, sheets_of
from fair_pos.daysheet.rules import (
    LEAST_REASON,
    MOST_REASON,
    Agreed,
    Completeness,
    closes_at,
    completeness,
    trouble_with,
)
from fair_pos.daysheet.sheet import Heading, content_of, frozen
from fair_pos.daysheet.tables import DayPaper, DayReopening, DaySheet, SignedSale
from fair_pos.journal.actions import write_line
from fair_pos.kernel.chain import digest
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import Refusal
from fair_pos.kernel.text import clean
from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.sales.day_set import ids_of_day
from fair_pos.venues.queries import get_edition, refuse_frozen

_SIGNED, _PAPER = (cast("Table", table.__table__) for table in (SignedSale, DayPaper))


def close_day(
    session: Session, edition_id: str, day: date, agreed: Agreed, counted: Counted, *, at: datetime, by: str
) -> DaySheet:
    """Sign the receipts of a day that are here, and freeze what they come to.

    The caller runs it in one moment (plumbing.db.in_transaction): then the set, its sums and the figures beside them are of the same
    receipts while uploads go on. Raises NotFound, EditionFrozen, DayNotOfEdition, DayNotBegun, DayStillOpen, TabletsLate,
    DaySignedAlready.
    """
    refuse_frozen(session, edition_id)
    edition = get_edition(session, edition_id)
    sheets = sheets_of(session, edition_id)
    in_force = next((one for one in sheets if one.fair_day == day and one.in_force), None)
    if in_force is not None:
        name = names_of(session, [in_force.closed_by]).get(in_force.closed_by, "")
        raise refusals.DaySignedAlready(name=name, at=_clock(in_force.closed_at))
    known = completeness(device_states(session, edition_id), day, edition.day_boundary_minutes)
    closing = closes_at(day, edition.closes_minute, edition.day_boundary_minutes)
    today = fair_day(at, edition.day_boundary_minutes)
    days = (edition.starts_day, edition.ends_day)
    trouble = trouble_with(day, days, today, known, agreed, is_early=at < closing)
    if trouble is not None:
        raise _refusal(trouble, day, closing, known)
    sheet = DaySheet(
        id=new_id(),
        edition_id=edition_id,
        fair_day=day,
        number=len(sheets) + 1,
        round=sum(one.fair_day == day for one in sheets) + 1,
        closed_at=at,
        closed_by=by,
        receipts=0,
        refunds=0,
        sold_dong=0,
        refunded_dong=0,
        entries=None,
        content="",
        digest="",
    )
    session.add(sheet)
    session.flush()
    ids = ids_of_day(edition_id, day).add_columns(literal(sheet.id))
    session.execute(insert(_SIGNED).from_select(["sale_id", "sheet_id"], ids))
    heading = Heading(
        edition=edition.name,
        place=edition.place,
        day=day,
        number=sheet.number,
        round=sheet.round,
        closed_by=names_of(session, [by]).get(by, ""),
        closed_at=at,
    )
    content = content_of(heading, gather(session, edition_id, day, ids_signed(sheet.id), counted))
    money, visitors = content["money"], content["visitors"]
    for name in ("receipts", "refunds", "sold_dong", "refunded_dong"):
        setattr(sheet, name, money[name])
    sheet.entries = None if visitors is None else visitors["entries"]
    sheet.content = frozen(content)
    sheet.digest = digest(sheet.content)
    session.flush()
    facts = {
        "day": day.isoformat(),
        "number": sheet.number,
        "round": sheet.round,
        "digest": sheet.digest,
        "late": [one.letter for one in known.late],
    }
    write_line(session, at=at, person_id=by, verb="day_closed", subject=("day_sheet", sheet.id), facts=facts)
    return sheet


def _refusal(trouble: str, day: date, closing: datetime, known: Completeness) -> Refusal:
    match trouble:
        case "day_not_of_edition":
            return refusals.DayNotOfEdition(day=day.strftime("%d/%m/%Y"))
        case "day_not_begun":
            return refusals.DayNotBegun(day=day.strftime("%d/%m/%Y"))
        case "day_still_open":
            return refusals.DayStillOpen(at=_clock(closing))
        case _:
            names = ", ".join(one.letter for one in known.late)
            return refusals.TabletsLate(count=len(known.late), names=names)


def _clock(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def reopen_day(session: Session, edition_id: str, day: date, reason: str, *, at: datetime, by: str) -> None:
    """Open a signed day again; its sheet stays readable. Raises NotFound, EditionFrozen, DayNotSigned, ReopenReasonMissing."""
    refuse_frozen(session, edition_id)
    sheet = next((one for one in sheets_of(session, edition_id) if one.fair_day == day and one.in_force), None)
    if sheet is None:
        raise refusals.DayNotSigned
    reason = clean(reason)[:MOST_REASON]
    if len(reason) < LEAST_REASON:
        raise refusals.ReopenReasonMissing(least=LEAST_REASON)
    at = max(at, sheet.closed_at)  # the clock may have been set back, or this have waited while somebody closed
    session.add(DayReopening(sheet_id=sheet.id, at=at, person_id=by, reason=reason))
    session.flush()
    facts = {"day": day.isoformat(), "number": sheet.number, "reason": reason}
    write_line(session, at=at, person_id=by, verb="day_reopened", subject=("day_sheet", sheet.id), facts=facts)


def keep_paper(session: Session, sheet_id: str, pdf: bytes, *, at: datetime) -> bytes:
    """Keep the paper of a sheet for good, unless one was kept meanwhile; returns the one that is kept."""
    row = {"sheet_id": sheet_id, "printed_at": at, "pdf": pdf}
    session.execute(insert_new(dialect_of(session), _PAPER, "sheet_id"), [row])
    return find_paper(session, sheet_id) or pdf
