"""Who reads which kind of command: what a tablet reports goes to the feature it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fair_pos.cash.actions import Till, odd_about_drawer, record_drawer
from fair_pos.journal.actions import line, write_lines
from fair_pos.payments.actions import record_seen, record_transfers
from fair_pos.payments.queries import confirmed_transfers, paid_back_claims
from fair_pos.payments.refunds import odd_cash_refunds
from fair_pos.printing.actions import record_copies
from fair_pos.sales.actions import record_giveaways, record_sales
from fair_pos.sales.facts import Odd, Place
from fair_pos.stocktaking.actions import record_counts
from fair_pos.till.commands import RefundCommand, SaleCommand
from fair_pos.till.parcels import (
    Readable,
    copy_fact_of,
    count_fact_of,
    drawer_fact_of,
    giveaway_fact_of,
    sale_fact_of,
    seen_fact_of,
)
from fair_pos.till.tables import Device, Received

Found = Mapping[str, list[Odd]]
"""What is odd about the chain, by command."""


def take_sales(session: Session, some: Sequence[Readable], place: Place, found: Found) -> None:
    """Sales and refunds, and their transfers."""
    batch = record_sales(session, [sale_fact_of(one) for one in some], place, found)
    record_transfers(session, batch)


def take_giveaways(session: Session, some: Sequence[Readable], place: Place, found: Found) -> None:
    """Tastings, gifts, samples and breakage."""
    record_giveaways(session, [giveaway_fact_of(one) for one in some], place, found)


def take_seen(session: Session, some: Sequence[Readable], place: Place, _found: Found) -> None:
    """Money that a person saw in the shop's own bank app."""
    record_seen(session, [seen_fact_of(one) for one in some], place)


def take_drawer(session: Session, some: Sequence[Readable], place: Place, found: Found) -> None:
    """Drawers opened, counted and closed, and cash moved."""
    letter = session.scalars(select(Device.letter).where(Device.id == place.device_id)).one()
    till = Till(letter, confirmed_transfers, paid_back_claims)
    record_drawer(session, [drawer_fact_of(one) for one in some], place, found, till)


def look_at_drawer(session: Session, new: Sequence[Readable], place: Place) -> dict[str, list[Odd]]:
    """What the arrival of these commands shows to be odd about the device's drawer, by command.

    The door lets one upload of a device in at a time (api.py): of two at once each would miss what the other brings.
    """
    fresh = [(one.link.seq, one.command.till_session_id) for one in new]

    def whole(after: int, before: int) -> bool:
        wanted = select(func.count(Received.seq.distinct())).where(
            Received.device_id == place.device_id, Received.seq > after, Received.seq < before
        )
        return session.scalar(wanted) == before - after - 1

    return odd_about_drawer(session, fresh, place, whole)


def look_at_refunds(session: Session, new: Sequence[Readable], _place: Place) -> dict[str, list[Odd]]:
    """Cash that was given back for transfers nobody has seen come, by the command that came last: the refund, or its sale."""
    commands = [one.command for one in new]
    asked = {
        one.id
        for one in commands
        if isinstance(one, SaleCommand) and any(payment.method == "transfer" for payment in one.payments)
    }
    refunds = [one for one in commands if isinstance(one, RefundCommand)]
    cash = {one.refund_of for one in refunds if any(payment.method == "cash" for payment in one.payments)}
    if not asked and not cash:
        return {}
    return odd_cash_refunds(session, asked | cash, {one.id for one in commands})


def take_copies(session: Session, some: Sequence[Readable], place: Place, _found: Found) -> None:
    """Receipts printed again."""
    record_copies(session, [copy_fact_of(one) for one in some], place)


def take_counts(session: Session, some: Sequence[Readable], place: Place, found: Found) -> None:
    """Goods counted at the booth."""
    record_counts(session, [count_fact_of(one) for one in some], place, found)


def keep_only(session: Session, some: Sequence[Readable], place: Place, _found: Found) -> None:
    """Commands that no feature reads yet: they have happened, so they are kept as received and the journal says so."""
    write_lines(session, [kept_line(one, place) for one in some])


def kept_line(one: Readable, place: Place) -> dict[str, Any]:
    """The journal's line of a command that is kept and no more; `verify` looks for it."""
    return line(
        at=place.received_at,
        verb="command_kept",
        subject=("command", one.link.id),
        facts={"kind": one.command.kind},
        person_id=one.command.person_id,
        device_id=place.device_id,
    )


HANDLERS: Mapping[str, Callable[[Session, Sequence[Readable], Place, Found], None]] = {
    "sale": take_sales,
    "refund": take_sales,
    "giveaway": take_giveaways,
    "transfer_seen": take_seen,
    "till_opened": take_drawer,
    "cash_moved": take_drawer,
    "till_closed": take_drawer,
    "receipt_copied": take_copies,
    "stock_counted": take_counts,
}
"""Who reads which kind of command. Sales come first: what is counted or confirmed is about them, and a closing covers
what is here when it comes."""
