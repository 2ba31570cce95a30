"""What came in otherwise than in cash, as running figures: each transfer and card payment shared over the makers whose goods it paid.

Pure, and the same whichever way the figures are made: added to as money moves (`running.py`), or again from the rows (`verify`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

from fair_pos.kernel.money import share_by_largest_remainder
from fair_pos.payments.rules import PaidBack, confirmed_dong, split_paid_back
from fair_pos.sales.facts import Judged

Part = Literal["confirmed", "claimed", "card"]
Key = tuple[str, date, int, str, str, str]
"""(booth, fair day, hour, part, account or "", producer or "")."""
Shares = Sequence[tuple[str, int]]
"""(producer, đồng), by producer; together the amount of one payment. The producer is empty for what paid no goods."""
Payment = tuple[str, int]
"""(sale, number of the payment)."""


class Counted(Protocol):
    """A row of table `transfer`."""

    sale_id: str
    payment_no: int
    kind: str
    refund_of: str | None
    booth_id: str
    fair_day: date
    hour: int
    sold_at: datetime
    amount_dong: int
    received_dong: int
    seen: bool
    account_id: str | None
    shares: Any


def shares_of(judged: Judged) -> list[list[tuple[str, int]]]:
    """How much of each payment went to which producer's goods; cash, which takes what is left, is shared over nobody.

    Payments are shared one after the other over what each producer's goods still cost, so that no producer is ever given more
    than their goods: what is missing from their net was paid in cash.
    """
    left: dict[str, int] = defaultdict(int)
    for line in judged.lines:
        left[line.producer_id] += line.amount_dong
    found: list[list[tuple[str, int]]] = []
    for payment in judged.fact.payments:
        share: dict[str, int] = {}
        if payment.method != "cash":
            producers = sorted(left)
            taken = min(payment.amount_dong, sum(left.values()))
            if taken:
                share = dict(
                    zip(producers, share_by_largest_remainder(taken, [left[one] for one in producers]), strict=True)
                )
            for producer, part in share.items():
                left[producer] -= part
            if payment.amount_dong > taken:  # rounding, or a tablet whose sums do not hold
                share[""] = share.get("", 0) + payment.amount_dong - taken
        found.append([(producer, part) for producer, part in sorted(share.items()) if part])
    return found


def split_shares(shares: Shares, of_confirmed_dong: int) -> list[tuple[str, int, int]]:
    """(producer, confirmed, claimed) for each share of one payment, of which so much is confirmed."""
    if not shares:
        return []
    parts = share_by_largest_remainder(of_confirmed_dong, [amount for _producer, amount in shares])
    return [(producer, part, amount - part) for (producer, amount), part in zip(shares, parts, strict=True)]


def family_of(row: Counted) -> str:
    """The sale whose money it is: a refund's is that of the sale it gives back."""
    return row.sale_id if row.kind == "sale" else row.refund_of or row.sale_id


def confirmed_of(family: Iterable[Counted]) -> dict[Payment, int]:
    """How much of each payment counts as confirmed, for all transfers of one sale and of the refunds of it (in đồng, not signed).

    What was paid back is taken from confirmed money first (rules.split_paid_back).
    """
    rows = list(family)
    found: dict[Payment, int] = {}
    asked = received = 0
    for row in rows:
        if row.kind == "sale":
            confirmed = confirmed_dong(row.amount_dong, row.received_dong, seen=row.seen)
            found[row.sale_id, row.payment_no] = confirmed
            asked, received = asked + row.amount_dong, received + confirmed
    back = sorted(
        (row for row in rows if row.kind != "sale"), key=lambda row: (row.sold_at, row.sale_id, row.payment_no)
    )
    paid = [PaidBack(row.sale_id, row.payment_no, row.amount_dong) for row in back]
    for one, of_confirmed, _of_claimed in split_paid_back(asked, received, paid):
        found[one.sale_id, one.payment_no] = of_confirmed
    return found


def paid_back_of(family: Iterable[Counted]) -> dict[Payment, int]:
    """How much of what each transfer of a sale only claimed was paid out again by transfer: nobody waits for that any more.

    Of several transfers of one sale the first is paid back first. What was paid back in cash is no part of it: then the money is
    still to come, or the drawer has lost it.
    """
    rows = list(family)
    confirmed = confirmed_of(rows)
    back = sum(row.amount_dong - confirmed[row.sale_id, row.payment_no] for row in rows if row.kind != "sale")
    found: dict[Payment, int] = {}
    for row in sorted((row for row in rows if row.kind == "sale"), key=lambda row: row.payment_no):
        here = (row.sale_id, row.payment_no)
        taken = min(back, row.amount_dong - confirmed[here])
        back -= taken
        if taken:
            found[here] = taken
    return found


def family_figures(family: Iterable[Counted], confirmed: Mapping[Payment, int]) -> dict[Key, int]:
    """What the transfers of one sale and of its refunds add to the figures; what was paid out counts below zero.

    A refund that names no account was paid from that of its sale.
    """
    rows = list(family)
    account = max((row.account_id or "" for row in rows if row.kind == "sale"), default="")
    figures: dict[Key, int] = defaultdict(int)
    for row in rows:
        sign = 1 if row.kind == "sale" else -1
        to = row.account_id or ("" if row.kind == "sale" else account)
        shares = [(str(producer), int(amount)) for producer, amount in row.shares]
        for producer, sure, claimed in split_shares(shares, confirmed[row.sale_id, row.payment_no]):
            for part, amount in (("confirmed", sure), ("claimed", claimed)):
                if amount:
                    figures[row.booth_id, row.fair_day, row.hour, part, to, producer] += sign * amount
    return figures


def transfer_figures(rows: Iterable[Counted]) -> dict[Key, int]:
    """The figures of all these transfers, from their rows alone; families must be whole."""
    families: dict[str, list[Counted]] = defaultdict(list)
    for row in rows:
        families[family_of(row)].append(row)
    figures: dict[Key, int] = defaultdict(int)
    for family in families.values():
        for key, amount in family_figures(family, confirmed_of(family)).items():
            figures[key] += amount
    return dict(figures)


def card_figures(batch: Iterable[Judged]) -> dict[Key, int]:
    """What these sales and refunds add to the figures by card: it is neither claimed nor confirmed, the terminal has said so."""
    figures: dict[Key, int] = defaultdict(int)
    for judged in batch:
        sign = -1 if judged.fact.kind == "refund" else 1
        for payment, shares in zip(judged.fact.payments, shares_of(judged), strict=True):
            if payment.method == "card":
                for producer, amount in shares:
                    key = (judged.place.booth_id, judged.fair_day, judged.hour, "card", "", producer)
                    figures[key] += sign * amount
    return dict(figures)
