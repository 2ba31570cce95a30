"""A bank's statement: which of its columns is what, and the money that came in. Every bank writes it in its own way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fair_pos.kernel.text import clean, fold
from fair_pos.payments.hooks import MAX_AMOUNT_DONG, read_time
from fair_pos.payments.refusals import StatementColumnsMissing, StatementEmpty
from fair_pos.payments.rules import codes_in, plain_memo, read_account_number
from fair_pos.plumbing.sheets import Row, Sheet, read_sheet

FIELDS = ("day", "amount", "memo", "reference", "account")
NEEDED = ("day", "amount", "memo")
LOOKED_THROUGH = 40
"""Banks write their address and the customer's above the table; the headings stand somewhere in these rows."""

# Folded headings in the order of belief: what says «money in» goes before a bare «amount».
_WORDS: dict[str, tuple[str, ...]] = {
    "day": (
        "ngay giao dich", "ngay gd", "thoi gian giao dich", "ngay hach toan", "ngay hieu luc", "ngay thuc hien",
        "transaction date", "trans date", "posting date", "value date", "ngay", "thoi gian", "date", "time",
    ),
    "amount": (
        "so tien ghi co", "phat sinh co", "ps co", "ghi co", "so tien vao", "tien vao", "credit amount", "credit",
        "deposit", "co", "so tien giao dich", "gia tri giao dich", "so tien", "amount",
    ),
    "memo": (
        "noi dung giao dich", "noi dung chuyen khoan", "noi dung", "dien giai", "mo ta", "chi tiet giao dich",
        "transaction description", "transaction detail", "description", "details", "remark", "remarks", "memo",
    ),
    "reference": (
        "so tham chieu", "ma tham chieu", "ma giao dich", "so giao dich", "so but toan", "so chung tu", "so ct", "ma gd",
        "reference number", "reference no", "reference", "transaction no", "transaction id", "ref no", "ref",
    ),
    "account": ("so tai khoan", "so tk", "tai khoan", "account number", "account no", "account"),
}  # fmt: skip
_NEVER = re.compile(r"doi ung|doi tac|nguoi gui|nguoi nhan|so du|balance|debit|ghi no|counter|beneficiary|sender|phi\b")


@dataclass(frozen=True)
class Table:
    """The table inside a statement."""

    headings: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class StatementLine:
    """Money that came in, by one row. `key` tells it from all others of its account, in this file and every later one."""

    row_number: int
    booked_at: datetime
    amount_dong: int
    memo: str
    reference: str
    account_number: str
    key: str


@dataclass(frozen=True)
class ReadStatement:
    """What a statement says: the money in, how many rows say something else, and rows whose day or amount cannot be read."""

    lines: list[StatementLine]
    left_out: int
    unreadable: list[int]


def find_table(data: bytes, filename: str) -> Table:
    """The table in a bank's file. Raises FileUnreadable, FileTooLarge or StatementEmpty."""
    sheet: Sheet = read_sheet(data, filename)
    if not sheet.headings:
        raise StatementEmpty
    above = [sheet.headings, *(row.cells for row in sheet.rows[:LOOKED_THROUGH])]
    known = [len(guess_columns(cells)) for cells in above]
    at = known.index(max(known))
    rows = sheet.rows[at:]
    if not rows:
        raise StatementEmpty
    return Table(above[at], rows)


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """Field → column, as far as the headings say; a column is one thing only."""
    words = [re.sub(r"[^a-z0-9]+", " ", fold(heading)).strip() for heading in headings]
    found: dict[str, int] = {}
    for field in FIELDS:
        for wanted in _WORDS[field]:
            exact = [at for at, word in enumerate(words) if word == wanted]
            whole = re.compile(rf"\b{wanted}\b")
            near = [at for at, word in enumerate(words) if len(wanted) > 3 and whole.search(word)]
            fitting = [at for at in exact + near if at not in found.values() and not _NEVER.search(words[at])]
            if fitting:
                found[field] = fitting[0]
                break
    return found


def read_lines(table: Table, columns: Mapping[str, int], account_number: str) -> ReadStatement:
    """The money that came in to `account_number`, or to the account a row names. Raises StatementColumnsMissing.

    Rows without a day are titles and sums, rows without an amount above zero are money out: neither is ours. Whatever else cannot
    be read is told.
    """
    if any(field not in columns for field in NEEDED):
        raise StatementColumnsMissing
    lines: list[StatementLine] = []
    unreadable: list[int] = []
    times: dict[str, int] = {}
    left_out = 0
    for row in table.rows:
        cells = {field: _cell(row, at) for field, at in columns.items()}
        booked_at, written = read_time(cells["day"]), cells["amount"]
        amount = read_amount(written)
        if booked_at is None and amount and amount > 0 and _DIGIT.search(cells["day"]):
            unreadable.append(row.number)  # a day as we do not know it: money must not be left out as if it were a sum
            continue
        if booked_at is None or not written:
            left_out += 1
            continue
        if amount is None:
            unreadable.append(row.number)
            continue
        if amount <= 0:
            left_out += 1
            continue
        memo, reference = cells["memo"][:500], cells.get("reference", "")[:100]
        account = read_account_number(cells.get("account", "")) or account_number
        mark = line_mark(booked_at, amount, memo, reference)
        times[account + mark] = times.get(account + mark, 0) + 1
        key = f"{mark}#{times[account + mark]}"
        lines.append(StatementLine(row.number, booked_at, amount, memo, reference, account, key))
    return ReadStatement(lines, left_out, unreadable)


def line_mark(booked_at: datetime, amount_dong: int, memo: str, reference: str) -> str:
    """What a line is known by again: the bank's own number and the amount, or day, amount and memo where there is no number.

    Some banks number anew every day. A code of ours in the memo tells such lines apart: else the second day's money would count as
    known, and never be seen by anybody.
    """
    code = next(iter(codes_in(memo)), "")
    known_by = f"ref\0{reference}\0{code}" if reference else f"{booked_at.date().isoformat()}\0{plain_memo(memo)}"
    return hashlib.sha256(f"{known_by}\0{amount_dong}".encode()).hexdigest()


def _cell(row: Row, at: int) -> str:
    return clean(row.cells[at].replace("\0", "")) if at < len(row.cells) else ""


_DIGIT = re.compile(r"[0-9]")
_CURRENCY = re.compile(r"₫|đồng|vnđ|vnd|đ", re.IGNORECASE)
_AMOUNT = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:([. ,])[0-9]{3}(?:\3[0-9]{3})*))([.,]0{1,2})?([+-]?)")


def read_amount(text: str) -> int | None:
    """An amount in đồng as banks write it; None when it is not plainly a whole one.

    >>> read_amount("1.250.000,00"), read_amount("+1,250,000.00 VND"), read_amount("-5.000"), read_amount("12.5")
    (1250000, 1250000, -5000, None)
    """
    bare = _CURRENCY.sub("", text).strip().replace("\u2212", "-")
    found = _AMOUNT.fullmatch(re.sub(r"(?<=[+-])\s+", "", bare))
    if found is None:
        return None
    amount = int(re.sub(r"[. ,]", "", found.group(2))[:20])
    if amount > MAX_AMOUNT_DONG:
        return None
    return -amount if "-" in (found.group(1), found.group(5)) else amount
