"""The demo's receiving accounts, and what its bank says of the sample transfers: most money came, some is wrong, some is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from sqlalchemy.orm import Session

from fair_pos.demo.simulator import BoothPlan
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.text import fold
from fair_pos.payments.actions import AccountSaid, Owner, approve_change, propose_change
from fair_pos.payments.intake import import_statement, keep_statement
from fair_pos.payments.listing import Wanted, transfers
from fair_pos.plumbing.sheets import write_csv

BANKS = ("970436", "970415", "970418", "970405", "970422", "970407")
"""Vietcombank, VietinBank, BIDV, Agribank, MB, Techcombank: real banks, whose accounts are not."""
HEADINGS = ("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Số dư", "Nội dung chi tiết")
STATEMENTS = 6
"""So many booths get their bank's statement; at the others people look into the bank's app."""


class Paid(NamedTuple):
    """A sample transfer that reached the bank."""

    sold_at: datetime
    amount_dong: int
    code: str


def sample_account(number: int, holder: str) -> AccountSaid:
    """An account that no bank has: letters tell that it is a sample, and a transfer to it would be refused."""
    return AccountSaid(BANKS[number % len(BANKS)], f"MAU{number:07}", f"{fold(holder).upper()[:90]} (MAU)")


def open_account(
    session: Session, owner: Owner, said: AccountSaid, *, proposed_by: str, approved_by: str, at: datetime
) -> str:
    """An account that two people agreed on; its id."""
    account_id = named_id("demo", "account", owner.edition_id, owner.booth_id or owner.producer_id or "")
    change = propose_change(session, owner, said, at=at, by=proposed_by, account_id=account_id)
    approve_change(session, owner.edition_id, change.id, at=at, by=approved_by)
    return account_id


def import_statements(
    session: Session, edition_id: str, plans: Sequence[BoothPlan], last_day: date, *, seed: str, at: datetime, by: str
) -> None:
    """What the bank says of the booths' transfers up to the last day but one: statements, as somebody at the desk imports them."""
    for number, plan in enumerate(plans[:STATEMENTS]):
        random = Random(f"{seed}/bank/{plan.booth_id}")  # noqa: S311  # sample data, meant to be the same every time
        asked = [one.transfer for one in transfers(session, edition_id, Wanted(booth=plan.booth_id), limit=1000)]
        rows = [Paid(row.sold_at, row.amount_dong, row.code) for row in reversed(asked) if row.fair_day < last_day]
        if rows:
            data = write_csv(HEADINGS, _lines(rows, random))
            name = f"sao-ke-{last_day - timedelta(days=1):%d-%m-%Y}-{number + 1}.csv"
            kept = keep_statement(session, edition_id, plan.account_number, data, name, at=at, by=by)
            import_statement(session, kept, None, at=at, by=by)


def _lines(rows: Sequence[Paid], random: Random) -> list[list[str]]:
    lines = [_line(row.sold_at, row.amount_dong, f"MBVCB.{row.code} chuyen tien", random) for row in rows]
    wrong = rows[len(rows) // 2]
    at = wrong.sold_at + timedelta(minutes=7)
    lines[len(rows) // 2] = _line(at, max(1000, wrong.amount_dong - 10_000), f"{wrong.code} tra tien hang", random)
    lines.append(_line(at, random.randrange(40, 400) * 1000, "Thanh toan mua dac san", random))  # a note without a code
    return lines


def _line(at: datetime, amount_dong: int, memo: str, random: Random) -> list[str]:
    booked = (at + timedelta(seconds=random.randrange(20, 90))).astimezone(VIETNAM)
    return [f"{booked:%d/%m/%Y %H:%M:%S}", f"FT{random.randrange(10**9):09}", "", f"{amount_dong:,}", "", memo]
