"""Everything that stands on a day sheet, read side by side: of the receipts it signs, or of those that are here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.cash.queries import drawers_between
from fair_pos.daysheet.queries import AnySession, device_states, phone_states
from fair_pos.daysheet.rules import completeness
from fair_pos.daysheet.sheet import BoothFigures, DrawerLine, Gathered, VisitorFigures
from fair_pos.daysheet.tables import SignedSale
from fair_pos.kernel.day import day_starts_at
from fair_pos.payments.queries import Cashless, cashless_by
from fair_pos.sales.day_set import Ids, booths_of_set, methods_of_set, sums_of_set
from fair_pos.sales.queries import DaySums
from fair_pos.venues.queries import booths_of, get_edition
from fair_pos.visitors.queries import counts_visitors, planned_of, visitors_of_day
from fair_pos.visitors.rules import is_more_than_planned

Counted = Callable[[AnySession, str, date], tuple[int, int]]
"""(edition, day) → (oddities of the day, parcels of the edition that nobody could read); reports lend it."""


def ids_signed(sheet_id: str) -> Ids:
    """The sales and refunds that a sheet signs."""
    return select(SignedSale.sale_id).where(SignedSale.sheet_id == sheet_id)


def gather(session: Session, edition_id: str, day: date, ids: Ids, counted: Counted) -> Gathered:
    """What the sheet of a day says, its money from the receipts in `ids`. Raises NotFound.

    How much of the transfers is confirmed is a running figure: inside one moment (plumbing.db) it is of the same receipts.
    """
    boundary = get_edition(session, edition_id).day_boundary_minutes
    starts = day_starts_at(day, boundary)
    sums = sums_of_set(session, ids)
    oddities, unread = counted(session, edition_id, day)
    booths = {one.id: one for one in booths_of(session, edition_id)}
    return Gathered(
        discount_dong=sums.discount_dong,
        rounding_dong=sums.rounding_dong,
        sample_receipts=sums.sample_receipts,
        booths=_booths(session, edition_id, day, ids),
        drawers=[
            DrawerLine(booths[one.booth_id].code, one.letter, one.z_number, one.difference_dong)
            for one in drawers_between(session, edition_id, starts, starts + timedelta(days=1))
        ],
        visitors=_visitors(session, edition_id, day, boundary),
        oddities=oddities,
        unread=unread,
        tablets=completeness(device_states(session, edition_id), day, boundary),
        phones=completeness(phone_states(session, edition_id), day, boundary),
    )


def _booths(session: Session, edition_id: str, day: date, ids: Ids) -> list[BoothFigures]:
    sums, methods = booths_of_set(session, ids), methods_of_set(session, ids)
    cashless = cashless_by(session, "booth", edition_id=edition_id, days=[day])
    found = []
    for booth in booths_of(session, edition_id):
        its, paid = sums.get(booth.id, DaySums()), cashless.get(booth.id, Cashless())
        if its == DaySums():
            continue
        found.append(
            BoothFigures(
                id=booth.id,
                code=booth.code,
                name=booth.name,
                zone=booth.zone,
                receipts=its.receipts,
                refunds=its.refunds,
                sold_dong=its.sold_dong,
                refunded_dong=its.refunded_dong,
                cash_dong=methods.get((booth.id, "cash"), 0),
                confirmed_dong=paid.confirmed_dong,
                claimed_dong=paid.claimed_dong,
                card_dong=methods.get((booth.id, "card"), 0),
            )
        )
    return found


def _visitors(session: Session, edition_id: str, day: date, boundary: int) -> VisitorFigures | None:
    planned, counts = planned_of(session, edition_id).get(day), counts_visitors(session, edition_id)
    if not counts and planned is None:
        return None
    found = visitors_of_day(session, edition_id, day)
    peak, entries = found.peak, found.entries if counts else None
    return VisitorFigures(
        gates=len(found.gates),
        entries=entries,
        peak=None if peak is None else peak.people,
        peak_at=None if peak is None else day_starts_at(day, boundary) + timedelta(minutes=peak.minute),
        distinct=found.distinct,
        planned=planned,
        more_than_planned=entries is not None and is_more_than_planned(entries, planned),
    )
