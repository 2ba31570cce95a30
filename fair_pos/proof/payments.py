"""Transfers made again from the sales that asked for them, and what has confirmed them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from fair_pos.payments.actions import transfer_rows
from fair_pos.payments.tables import Confirmation, Transfer
from fair_pos.proof.heard import AnySession, Heard, Sums, grouped, same_rows, table_of
from fair_pos.proof.rules import add_to, same, same_sums
from fair_pos.proof.then import look_back
from fair_pos.proof.witnesses import check_line_count, check_recomputed
from fair_pos.sales.facts import Judged
from fair_pos.sales.rules import settle
from fair_pos.till.parcels import seen_fact_of

_TRANSFER = table_of(Transfer)


class Paid:
    """Checks the transfers of sales, and the commands `transfer_seen`."""

    def __init__(self) -> None:
        self.transfers = 0
        self.seen = 0

    def check_transfers(self, session: AnySession, batch: Sequence[Judged]) -> None:
        """Which payments of these sales and refunds are transfers. Raises Differs."""
        stored = grouped(session, _TRANSFER, "sale_id", [judged.fact.id for judged in batch], "payment_no")
        for judged in batch:
            rows = transfer_rows(judged)
            same_rows("transfer", judged.fact.id, stored[judged.fact.id], rows)
            self.transfers += len(rows)

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """What people saw. Raises Differs."""
        facts = [seen_fact_of(one.opened) for one in some]
        then = look_back(session, facts)
        for one, fact in zip(some, facts, strict=True):
            settled = settle(fact, one.place, then.people_known(one.noted, one.place.received_at))
            check_recomputed(one.id, settled.oddities, one.noted)
        self.seen += len(some)

    def finish(self, session: AnySession) -> None:
        """No transfer without a sale, and none received but by what confirms it. Raises Differs."""
        stored = session.scalar(select(func.count()).select_from(_TRANSFER)) or 0
        same("transfer", "table", "number of rows", stored, self.transfers)
        check_line_count(session, ("transfer_seen",), self.seen)
        same_sums("transfer", *_confirmed(session))


def _confirmed(session: AnySession) -> tuple[Sums, Sums]:
    """(what transfers say of themselves, what their confirmations say): money received, and whether a person saw it."""
    told: Sums = {}
    for one in session.scalars(select(Confirmation)):
        by_person, sign = one.how == "person", -1 if one.reverses_id else 1
        add_to(told, {(one.sale_id, one.payment_no): (0 if by_person else one.amount_dong, sign if by_person else 0)})
    columns = (Transfer.sale_id, Transfer.payment_no, Transfer.received_dong, Transfer.seen)
    stored: Sums = {(sale, no): (received, int(seen)) for sale, no, received, seen in session.execute(select(*columns))}
    return stored, told
