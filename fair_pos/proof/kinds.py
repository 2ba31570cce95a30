"""Who checks which kind of command: the one place to name another. What a tablet's command became is made again there."""

from __future__ import annotations

from collections.abc import Sequence

from fair_pos.proof.cash import Drawers
from fair_pos.proof.counts import Counts
from fair_pos.proof.heard import AnySession, Checker, Heard
from fair_pos.proof.payments import Paid
from fair_pos.proof.printing import Copies
from fair_pos.proof.sales import Sold
from fair_pos.proof.witnesses import check_line_count, check_lines, check_recomputed
from fair_pos.till.handlers import kept_line


class Kept:
    """Checks commands that no feature reads yet: nothing became of them but a line in the journal."""

    def __init__(self) -> None:
        self.count = 0

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """Each has its line, and nothing is odd about it but its place in the chain. Raises Differs."""
        for one in some:
            check_recomputed(one.id, (), one.noted)
        check_lines(session, [kept_line(one.opened, one.place) for one in some])
        self.count += len(some)

    def finish(self, session: AnySession) -> None:
        """No line tells of a command that never came. Raises Differs."""
        check_line_count(session, ("command_kept",), self.count)


def checkers() -> dict[str, Checker]:
    """Kind → who checks it; "" for those that till/handlers.py hands to no feature. Fresh ones for each proof: they add up.

    Every kind in HANDLERS is here too; tests/proof/test_kinds.py asks for it.
    """
    paid, drawers = Paid(), Drawers()
    sold = Sold(paid.check_transfers)
    return {
        "sale": sold,
        "refund": sold,
        "giveaway": sold,
        "transfer_seen": paid,
        "till_opened": drawers,
        "cash_moved": drawers,
        "till_closed": drawers,
        "receipt_copied": Copies(),
        "stock_counted": Counts(),
        "": Kept(),
    }
