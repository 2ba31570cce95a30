"""Makers of the showroom are paid into accounts that no bank has, and some in cash; some transfers are still to be made."""

from __future__ import annotations

from flask import Flask

from fair_pos.demo.load import SHOWROOM_ID
from fair_pos.demo.payouts import BY_TRANSFER, PAID, STILL_TO_TRANSFER
from fair_pos.plumbing.db import reading
from fair_pos.settlement.queries import statements_of_edition
from fair_pos.terms.accounts import open_account
from fair_pos.terms.queries import account_in_use
from tests.terms.test_accounts import vault_of


def test_some_were_paid_by_transfer_and_some_wait_for_one(demo: Flask) -> None:
    with demo.app_context():
        made = statements_of_edition(reading(), SHOWROOM_ID)
        accounts = {one.producer_id: account_in_use(reading(), SHOWROOM_ID, one.producer_id) for one in made}
        said = {one: open_account(row, vault_of(demo)) for one, row in accounts.items() if row is not None}
    paid = [one.paid for one in made if one.paid]
    assert [one.method for one in paid].count("transfer") == BY_TRANSFER
    assert [one.method for one in paid].count("cash") == PAID - BY_TRANSFER
    transfers = [one for one in made if one.paid and one.paid.method == "transfer"]
    assert all(one.paid and said[one.producer_id].account_number.endswith(one.paid.last_digits) for one in transfers)
    assert (
        len({one.producer_id for one in made if one.state == "waiting" and one.producer_id in said})
        == STILL_TO_TRANSFER
    )
    assert all(one.account_number.startswith("MAU") and one.holder.endswith("(MAU)") for one in said.values())
