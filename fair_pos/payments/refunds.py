"""Cash given for a transfer that nobody has seen come: when the money never comes, the drawer has lost it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from fair_pos.payments.figures import confirmed_of, paid_back_of
from fair_pos.payments.running import CHUNK, hold_sales
from fair_pos.payments.tables import Transfer
from fair_pos.sales.facts import Odd
from fair_pos.sales.queries import given_back, sales_by_id


def odd_cash_refunds(session: Session, sale_ids: Iterable[str], new: Collection[str]) -> dict[str, list[Odd]]:
    """Cash that refunds of these sales paid out for a transfer not confirmed by now: of each refund, or of the sale when it comes last.

    `new` are the commands of this upload: each is judged when it comes, and never again. So money confirmed later takes no oddity
    away, and one taken back later adds none. Called once all of the upload is stored: it may bring the refund and the word that
    the money was seen.
    """
    wanted = sorted(set(sale_ids))
    hold_sales(session, wanted)  # a sale and its refund may come from two tablets at once
    found: dict[str, list[Odd]] = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        refunds: dict[str, list[Any]] = defaultdict(list)
        for refund in given_back(session, some):
            refunds[str(refund.refund_of)].append(refund)
        families: dict[str, list[Transfer]] = defaultdict(list)
        its_own = and_(Transfer.kind == "sale", Transfer.sale_id.in_(refunds))
        for row in session.scalars(select(Transfer).where(or_(its_own, Transfer.refund_of.in_(refunds)))):
            families[row.sale_id if row.kind == "sale" else str(row.refund_of)].append(row)
        for sale in sales_by_id(session, [one for one, rows in families.items() if _asked(rows)]):
            ordered = sorted(refunds[sale.id], key=lambda one: (one.id in new, one.sold_at, one.device_seq, one.id))
            told: dict[str, int] = defaultdict(int)
            for refund_id, dong in _for_nothing(sale, ordered, families[sale.id]).items():
                told[refund_id if refund_id in new else sale.id] += dong
            for command_id, dong in told.items():
                if command_id in new:
                    found[command_id] = [
                        Odd("refund_of_unconfirmed", {"number": str(sale.receipt_number), "sent": dong})
                    ]
    return found


def _asked(rows: Iterable[Transfer]) -> bool:
    return any(row.kind == "sale" for row in rows)


def _for_nothing(sale: Any, refunds: Iterable[Any], rows: list[Transfer]) -> dict[str, int]:
    """Refund → how much cash it paid out beyond what is known to have come in for the sale, up to what is still claimed."""
    confirmed, paid_back = confirmed_of(rows), paid_back_of(rows)
    asked = [(row, confirmed[row.sale_id, row.payment_no]) for row in rows if row.kind == "sale"]
    back = sum(confirmed[row.sale_id, row.payment_no] for row in rows if row.kind == "refund")
    claimed = sum(row.amount_dong - dong for row, dong in asked) - sum(paid_back.values())
    sure = sum(dong for _row, dong in asked) - back
    sure += sum(one.amount_dong for one in sale.payments if one.method != "transfer")
    found: dict[str, int] = {}
    for refund in refunds:
        out = sum(one.amount_dong for one in refund.payments if one.method != "transfer")
        cash = sum(one.amount_dong for one in refund.payments if one.method == "cash")
        beyond = min(cash, max(0, out - max(sure, 0)), claimed)
        sure -= out
        if beyond > 0:
            found[refund.id] = beyond
            claimed -= beyond
    return found
