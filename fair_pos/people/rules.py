"""Who may do what: the whole policy as one table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person is at one place."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    SELLER = "seller"
    PRODUCER = "producer"


class Verb(StrEnum):
    """What can be done; every door names one."""

    ENTER = "enter"
    SEE_FIGURES = "see_figures"
    SEE_RECEIPTS = "see_receipts"
    SEE_ODDITIES = "see_oddities"
    SEE_PAYMENTS = "see_payments"
    CONFIRM_TRANSFERS = "confirm_transfers"
    MANAGE_ACCOUNTS = "manage_accounts"
    APPROVE_ACCOUNTS = "approve_accounts"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_EDITIONS = "manage_editions"
    MANAGE_BOOTHS = "manage_booths"
    MANAGE_PRINTERS = "manage_printers"
    PRINT_COPIES = "print_copies"
    MANAGE_CATALOGUE = "manage_catalogue"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SELLERS = "manage_sellers"
    SELL = "sell"
    CHANGE_PRICE = "change_price"
    DISCOUNT_FREELY = "discount_freely"
    SIGN_SECOND = "sign_second"
    SEE_OWN_GOODS = "see_own_goods"
    MANAGE_VISITORS = "manage_visitors"
    CLOSE_DAYS = "close_days"
    FREEZE_EDITIONS = "freeze_editions"
    SEE_STOCK = "see_stock"
    MANAGE_STOCK = "manage_stock"
    RECEIVE_GOODS = "receive_goods"
    MANAGE_TERMS = "manage_terms"
    SETTLE = "settle"
    MANAGE_SHOWROOM = "manage_showroom"
    MANAGE_CARDS = "manage_cards"
    MANAGE_MEMBERS = "manage_members"
    SEE_BANDS = "see_bands"


_A, _O, _S, _P = Role.ADMINISTRATOR, Role.ORGANISER, Role.SELLER, Role.PRODUCER

POLICY: dict[Verb, frozenset[Role]] = {
    Verb.ENTER: frozenset({_A, _O, _S, _P}),
    Verb.SEE_FIGURES: frozenset({_A, _O}),
    Verb.SEE_RECEIPTS: frozenset({_A, _O}),
    Verb.SEE_ODDITIES: frozenset({_A, _O}),
    Verb.SEE_PAYMENTS: frozenset({_A, _O}),
    Verb.CONFIRM_TRANSFERS: frozenset({_A, _O}),
    Verb.MANAGE_ACCOUNTS: frozenset({_A, _O}),
    Verb.APPROVE_ACCOUNTS: frozenset({_A, _O}),
    Verb.MANAGE_DEVICES: frozenset({_A, _O}),
    Verb.MANAGE_EDITIONS: frozenset({_A}),
    Verb.MANAGE_BOOTHS: frozenset({_A, _O}),
    Verb.MANAGE_PRINTERS: frozenset({_A, _O}),
    Verb.PRINT_COPIES: frozenset({_A, _O}),
    Verb.MANAGE_CATALOGUE: frozenset({_A, _O}),
    Verb.MANAGE_PEOPLE: frozenset({_A}),
    Verb.MANAGE_SELLERS: frozenset({_A, _O}),
    Verb.SELL: frozenset({_A, _O, _S}),
    Verb.CHANGE_PRICE: frozenset({_A, _O}),
    Verb.DISCOUNT_FREELY: frozenset({_A, _O}),
    Verb.SIGN_SECOND: frozenset({_A, _O}),
    Verb.SEE_OWN_GOODS: frozenset({_A, _P}),
    Verb.MANAGE_VISITORS: frozenset({_A, _O}),
    Verb.CLOSE_DAYS: frozenset({_A, _O}),
    Verb.FREEZE_EDITIONS: frozenset({_A, _O}),
    Verb.SEE_STOCK: frozenset({_A, _O}),
    Verb.MANAGE_STOCK: frozenset({_A, _O}),
    Verb.RECEIVE_GOODS: frozenset({_A, _O, _S}),
    Verb.MANAGE_TERMS: frozenset({_A, _O}),
    Verb.SETTLE: frozenset({_A, _O}),
    Verb.MANAGE_SHOWROOM: frozenset({_A, _O}),
    Verb.MANAGE_CARDS: frozenset({_A, _O}),
    # What a household earns is between it and its cooperative: no office of ours reads it.
    Verb.MANAGE_MEMBERS: frozenset({_P}),
    Verb.SEE_BANDS: frozenset({_A, _O}),
}


OPENED_WITHOUT_PASSWORD = frozenset({Verb.ENTER, Verb.SEE_OWN_GOODS})
"""What a session begun with a printed card or a one-time code may do: an office hands both out, and paper is lost. What a cooperative's
households earn is between them and the cooperative, so that opens with a password only (docs/decisions/0032)."""


@dataclass(frozen=True)
class Scope:
    """Where a role holds, or where a thing lies. None in a grant means «anywhere», in a thing «not tied to one»."""

    edition_id: str | None = None
    booth_id: str | None = None
    producer_id: str | None = None


@dataclass(frozen=True)
class Held:
    """A role a person holds and where."""

    role: Role
    scope: Scope


def covers(held: Scope, thing: Scope) -> bool:
    """Whether a role that holds at `held` reaches `thing`: each tie of the role must be the thing's own."""
    return all(
        tie is None or tie == own
        for tie, own in (
            (held.edition_id, thing.edition_id),
            (held.booth_id, thing.booth_id),
            (held.producer_id, thing.producer_id),
        )
    )


def may(roles: Iterable[Held], verb: Verb, thing: Scope | None) -> bool:
    """Whether a person with `roles` may do `verb` on `thing`; None asks whether there is any place where they may."""
    allowed = POLICY[verb]
    return any(held.role in allowed and (thing is None or covers(held.scope, thing)) for held in roles)


PIN_ROUNDS = 100_000


def is_pin(text: str) -> bool:
    """Whether `text` may be a PIN: four to six digits."""
    return 4 <= len(text) <= 6 and text.isascii() and text.isdecimal()


def pin_hash(pin: str, salt: str) -> str:
    """How a PIN is kept, and how a tablet checks one without a network: PBKDF2-SHA256 as hex; `salt` is hex too.

    A PIN says who acted and keeps no secret: whoever takes a tablet apart has soon tried ten thousand of them.
    """
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), PIN_ROUNDS, 32).hex()


def longest_session(roles: Iterable[Held]) -> timedelta:
    """How long a browser stays signed in at most, used or not: a day, for administrators a shift (ASVS 7.3.2)."""
    return timedelta(hours=8 if any(held.role is Role.ADMINISTRATOR for held in roles) else 24)


GROWING_PAUSE_SECONDS = (0, 0, 0, 0, 2, 5, 15, 30, 60, 120, 300)


def pause_after(failures: int) -> int:
    """Seconds to wait after that many wrong passwords in a row; grows, and is never a lock for good."""
    return GROWING_PAUSE_SECONDS[min(failures, len(GROWING_PAUSE_SECONDS) - 1)]


CODE_LENGTH = 8
CODE_GOOD_FOR = timedelta(minutes=5)
CODE_WINDOW_SECONDS = 300
MOST_WRONG_CODES = 100
"""Wrong one-time codes in five minutes from everybody together. With thirty codes open at once, all hundred tries find one of them with
3 chances in 100,000 (docs/decisions/0032)."""


def code_digits(typed: str) -> str:
    """A one-time code as it was typed, with or without gaps, as its eight digits; «» for what cannot be one."""
    digits = "".join(one for one in typed if not one.isspace() and one not in "-.")
    return digits if len(digits) == CODE_LENGTH and digits.isascii() and digits.isdecimal() else ""
