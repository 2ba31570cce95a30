"""Receiving accounts, what a transfer counts as, and which transfer a line of the bank belongs to. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from fair_pos.kernel.text import sort_key
from fair_pos.sales.facts import CommandFact

# --- accounts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bank:
    """A bank that VietQR reaches."""

    bin: str
    name: str
    """As people call it."""
    full_name: str


@cache
def banks() -> dict[str, Bank]:
    """Every bank by its BIN, in alphabetical order; of two names for one BIN the one in use."""
    found: dict[str, Bank] = {}
    with (Path(__file__).parent / "banks.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["vietqr_status"] != "TRANSFER_SUPPORTED")
    for row in rows:
        if row["note"] != "deprecated":
            found.setdefault(row["bin"], Bank(row["bin"], row["short_name"], row["name"]))
    return {one.bin: one for one in sorted(found.values(), key=lambda one: sort_key(one.name))}


def bank_name(bank_bin: str) -> str:
    """What people call the bank; the BIN when nobody knows it."""
    bank = banks().get(bank_bin)
    return bank.name if bank else bank_bin


_ACCOUNT = re.compile(r"[0-9A-Z]{1,19}")
_BETWEEN = re.compile(r"[\s.\-]")


def read_account_number(text: str) -> str | None:
    """An account number without what people put between its digits; None when it is none."""
    bare = _BETWEEN.sub("", text).upper()
    return bare if _ACCOUNT.fullmatch(bare) else None


def masked(account_number: str) -> str:
    """As it stands on screens: «•••• 678»."""
    return f"•••• {account_number[-3:]}"


# --- what a transfer counts as --------------------------------------------------------------------------------------

State = Literal["claimed", "confirmed", "underpaid", "overpaid"]


@dataclass(frozen=True, kw_only=True)
class SeenFact(CommandFact):
    """A person at a tablet saw the money in the shop's own bank app."""

    sale_id: str
    payment_no: int
    last_digits: str = ""


class Transferred(Protocol):
    """A transfer as it is kept."""

    sale_id: str
    payment_no: int
    amount_dong: int
    received_dong: int
    seen: bool


def state_of(amount_dong: int, received_dong: int, *, seen: bool) -> State:
    """What became of a transfer. What the bank says goes before what a person saw.

    >>> state_of(100, 0, seen=False), state_of(100, 0, seen=True), state_of(100, 80, seen=True)
    ('claimed', 'confirmed', 'underpaid')
    """
    if received_dong == 0:
        return "confirmed" if seen else "claimed"
    if received_dong < amount_dong:
        return "underpaid"
    return "confirmed" if received_dong == amount_dong else "overpaid"


def confirmed_dong(amount_dong: int, received_dong: int, *, seen: bool) -> int:
    """How much of the amount counts as received; the rest is still claimed. What came beyond it is nobody's revenue."""
    if received_dong == 0:
        return amount_dong if seen else 0
    return min(received_dong, amount_dong)


@dataclass(frozen=True)
class PaidBack:
    """A transfer paid out for a refund."""

    sale_id: str
    payment_no: int
    amount_dong: int


def split_paid_back(
    asked_dong: int, received_dong: int, paid_back: Sequence[PaidBack]
) -> list[tuple[PaidBack, int, int]]:
    """(paid back, of confirmed money, of claimed money) for each, in their order.

    `asked_dong` is what one sale asked for by transfer and `received_dong` how much of it is confirmed. What is paid back is
    taken from confirmed money first and then from what was only claimed, so that undoing a sale whose money never came leaves
    nothing claimed. What exceeds both really left the account.
    """
    confirmed_left, claimed_left = received_dong, asked_dong - received_dong
    shares = []
    for one in paid_back:
        of_confirmed = min(one.amount_dong, confirmed_left)
        of_claimed = min(one.amount_dong - of_confirmed, claimed_left)
        confirmed_left -= of_confirmed
        claimed_left -= of_claimed
        shares.append((one, one.amount_dong - of_claimed, of_claimed))
    return shares


# --- matching -------------------------------------------------------------------------------------------------------

LineState = Literal[
    "confirmed",
    "same",
    "underpaid",
    "overpaid",
    "twice",
    "cancelled",
    "other_account",
    "account_unknown",
    "several",
    "code_unknown",
    "no_code",
    "undone",
]
MATCHED: frozenset[LineState] = frozenset({"confirmed", "same"})
"""Lines that need nobody; all others stand in the review list until a person has settled them."""
COUNTED: frozenset[LineState] = frozenset({"confirmed", "underpaid", "overpaid"})
"""Lines whose money counts as received for a transfer."""

_NOT_PLAIN = re.compile(r"[^0-9A-Z]+")
_CODE = re.compile(r"(?=(OCP[0-9A-HJKMNP-TV-Z]{7,10}))")


def plain_memo(memo: str) -> str:
    """The memo in capitals, without anything but letters and digits: banks break codes with spaces and line ends."""
    return _NOT_PLAIN.sub("", memo.upper())


def codes_in(memo: str) -> list[str]:
    """Every code that may stand in a memo, anywhere. Text that follows a code touches it, so each possible length is one.

    >>> codes_in("MBVCB.123 ocp7k3q9x2 TT")
    ['OCP7K3Q9X2', 'OCP7K3Q9X2T', 'OCP7K3Q9X2TT']
    """
    found = (match.group(1) for match in _CODE.finditer(plain_memo(memo)))
    return list(dict.fromkeys(code[:length] for code in found for length in range(10, len(code) + 1)))


@dataclass(frozen=True)
class Asked:
    """A transfer that a sale asked for, as far as matching needs to know it."""

    sale_id: str
    payment_no: int
    code: str
    amount_dong: int
    received_dong: int
    account_number: str | None
    cancelled: bool


@dataclass(frozen=True)
class Linked:
    """A line of the bank that belongs to the transfer already."""

    source: str
    amount_dong: int


@dataclass(frozen=True)
class Verdict:
    """What a line of the bank is; `asked` is the transfer it belongs to, if it is one."""

    state: LineState
    asked: Asked | None = None


def judge_line(
    source: str,
    account_number: str,
    amount_dong: int,
    *,
    codes: Sequence[str],
    ours: bool,
    asked: Sequence[Asked],
    linked: Iterable[Linked],
) -> Verdict:
    """Where a line of the bank belongs: by code, account and amount together.

    `ours` says whether the account is one of ours, `asked` are the transfers with one of `codes`, `linked` the lines that the
    one transfer has already. The same money may be told by the statement and by each provider: each source tells every
    transfer once, so a line whose source has told less often than another one brings no new money.
    """
    if not ours or not codes:
        return Verdict("no_code" if ours else "account_unknown")
    if len(asked) != 1:
        return Verdict("several" if asked else "code_unknown")
    one = asked[0]
    if one.account_number is not None and one.account_number != account_number:
        return Verdict("other_account", one)
    told: dict[str, int] = {}
    for line in linked:
        if line.amount_dong == amount_dong:
            told[line.source] = told.get(line.source, 0) + 1
    if told.get(source, 0) < max((times for name, times in told.items() if name != source), default=0):
        return Verdict("same", one)
    if one.cancelled:
        return Verdict("cancelled", one)
    if one.received_dong and one.received_dong + amount_dong > one.amount_dong:
        return Verdict("twice", one)
    return Verdict(by_amount(one.amount_dong, one.received_dong + amount_dong), one)


def by_amount(asked_dong: int, received_dong: int) -> LineState:
    """What a line is that brings the money received for a transfer to this much."""
    if received_dong < asked_dong:
        return "underpaid"
    return "confirmed" if received_dong == asked_dong else "overpaid"
