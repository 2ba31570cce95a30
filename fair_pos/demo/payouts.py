"""How the showroom pays its makers: into accounts that two people agreed on, and some in cash as the others asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from fair_pos.demo.simulator import hour_of
from fair_pos.demo.transfers import sample_account
from fair_pos.kernel.ids import named_id
from fair_pos.registry.queries import producers_by_id
from fair_pos.settlement.actions import pay_out
from fair_pos.settlement.queries import StatementFact, statements_of_edition
from fair_pos.terms.accounts import approve_change, propose_account

if TYPE_CHECKING:
    from fair_pos.demo.showroom_life import Shop

PAID, BY_TRANSFER, STILL_TO_TRANSFER = 12, 8, 6
"""So many statements of the first month were paid, so many of those into an account; and so many that wait have an account too."""
AGREED_AT = hour_of(date(2023, 12, 20), 14)
PAID_DAY = date(2023, 12, 21)


def pay_makers(session: Session, shop: Shop) -> None:
    """Agree on accounts and pay the first statements that wait."""
    waiting = [one for one in statements_of_edition(session, shop.edition_id) if one.state == "waiting"]
    waiting.sort(key=lambda one: one.number)
    agree_on_accounts(session, shop, [*waiting[:BY_TRANSFER], *waiting[PAID : PAID + STILL_TO_TRANSFER]])
    for number, one in enumerate(waiting[:PAID], 1):
        by_transfer = number <= BY_TRANSFER
        pay_out(
            session,
            shop.edition_id,
            one.number,
            day=PAID_DAY,
            method="transfer" if by_transfer else "cash",
            reference="CK 21/12-2023" if by_transfer else f"PC {number:03}/12-2023",
            at=hour_of(PAID_DAY, 15),
            by=shop.by,
        )


def agree_on_accounts(session: Session, shop: Shop, statements: list[StatementFact]) -> None:
    """An account for each owner of these statements: a number that no bank has, sealed with the key of this server."""
    makers = producers_by_id(session, [one.producer_id for one in statements])
    for number, one in enumerate(statements, 501):
        said = sample_account(number, makers[one.producer_id].name)
        change = propose_account(
            session,
            shop.edition_id,
            one.producer_id,
            said,
            vault=shop.vault,
            at=AGREED_AT,
            by=shop.by,
            account_id=named_id("demo", "payout account", one.producer_id),
        )
        again = said.account_number
        approve_change(session, shop.edition_id, change.id, again, vault=shop.vault, at=AGREED_AT, by=shop.second)
