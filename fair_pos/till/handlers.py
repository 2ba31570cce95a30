"""Who reads which kind of command: what a tablet reports goes to the feature it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from fair_pos.journal.actions import line, write_lines
from fair_pos.payments.actions import record_seen, record_transfers
from fair_pos.sales.actions import record_giveaways, record_sales
from fair_pos.sales.facts import Odd, Place
from fair_pos.till.parcels import Readable, giveaway_fact_of, sale_fact_of, seen_fact_of

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
}
"""Who reads which kind of command. Sales come first: what is counted or confirmed is about them."""
