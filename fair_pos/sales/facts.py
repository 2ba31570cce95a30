"""The facts of selling: what a tablet says of a sale or a giveaway, and what it becomes once it is judged. Pure.

How they are judged: sales/rules.py. How they are written down: sales/rows.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from fair_pos.kernel.weight import weighed_amount_dong

Kind = Literal["sale", "refund"]
OddFacts = Mapping[str, str | int]


@dataclass(frozen=True)
class LineFact:
    """One line as the buyer saw it; đồng, grams, and pieces or packs. The fields are those of the wire and of the table."""

    product_id: str
    producer_id: str
    name: str
    unit: str
    quantity: int
    unit_price_dong: int
    amount_dong: int
    grams: int | None = None
    pack_id: str | None = None
    pack_size: int = 1
    list_price_dong: int | None = None
    price_reason: str = ""
    discount_dong: int = 0
    discount_reason: str = ""
    discount_borne_by: str = ""
    note: str = ""
    lot_id: str | None = None
    """The lot the seller took it from; None leaves it to the ledger, which takes what expires first."""
    lot_reason: str = ""
    """Why a lot was sold although it had expired."""

    @property
    def gross_dong(self) -> int:
        """What quantity or weight and the unit price make, before the discount."""
        if self.grams is not None:
            return self.quantity * weighed_amount_dong(self.grams, self.unit_price_dong)
        return self.quantity * self.unit_price_dong

    @property
    def base_quantity(self) -> int:
        """What leaves the stock: base units, or grams of what is sold by weight."""
        return self.quantity * (self.pack_size if self.grams is None else self.grams)


@dataclass(frozen=True)
class PaymentFact:
    """Money received, or paid out for a refund; đồng."""

    method: str
    amount_dong: int
    tendered_dong: int
    change_dong: int
    reference: str = ""
    account_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class CommandFact:
    """What every command of a tablet says of itself; each feature's facts add their own."""

    id: str
    device_seq: int
    booth_id: str
    person_id: str
    device_at: datetime
    clock_offset_ms: int
    fair_day: str
    hash: str
    till_session_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class SaleFact(CommandFact):
    """A sale or refund as a tablet reports it. Amounts are positive; `kind` says which way the money went."""

    kind: Kind
    receipt_number: str
    receipt_token: str
    price_list_version: int
    lines: tuple[LineFact, ...]
    rounding_dong: int = 0
    total_dong: int
    payments: tuple[PaymentFact, ...]
    note: str = ""
    refund_of: str | None = None
    reason: str = ""
    whole: bool = False
    second_person_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class GiveawayFact(CommandFact):
    """Goods given away for nothing. The prices of its lines say what they are worth; nobody pays them."""

    purpose: str
    borne_by: str
    price_list_version: int
    lines: tuple[LineFact, ...]
    note: str = ""


@dataclass(frozen=True)
class Place:
    """Where and how the fact arrived: what the server knows of the device that sent it."""

    edition_id: str
    booth_id: str
    device_id: str
    day_boundary_minutes: int
    paired_at: datetime
    revoked_at: datetime | None
    sample: bool
    received_at: datetime
    first_day: date | None = None
    last_day: date | None = None
    """The days of the fair; a showroom has neither."""
    opening_day: date | None = None
    """The day a showroom opened; a fair has none."""


@dataclass(frozen=True)
class Goods:
    """What the catalogue says of a product."""

    producer_id: str
    by_weight: bool = False


@dataclass(frozen=True)
class Known:
    """What the server has to compare a fact with, looked up once for a whole upload."""

    goods: Mapping[str, Goods]
    """By product; one that is not here is unknown."""
    price_at: Mapping[tuple[str, int], int | None]
    """(product or pack, price list version) → listed price in đồng."""
    newest_version: int
    people: frozenset[str]
    packs: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Pack → (product, size)."""
    discount_limits: Mapping[str, int] = field(default_factory=dict)
    """Person → how many percent they may take off a line here."""
    price_changers: frozenset[str] = frozenset()
    """Who may charge another price than the list's."""
    second_signers: frozenset[str] = frozenset()
    """Who may sign as the second person when much is given back."""
    refund_limit_dong: int = 0
    may_sell_until: Mapping[str, datetime | None] | None = None
    """Person → since when they may no longer sell at this booth, None while they may; who never might is not here."""


@dataclass(frozen=True)
class Odd:
    """One thing a person should look at; `facts` fill the blanks of its sentence."""

    code: str
    facts: OddFacts


@dataclass(frozen=True)
class Settled:
    """When a command happened, and what is odd about its place, its person and its clock."""

    at: datetime
    claimed_at: datetime
    fair_day: date
    hour: int
    """The hour on the wall clock in Vietnam, 0 to 23."""
    oddities: tuple[Odd, ...]


@dataclass(frozen=True)
class Judged:
    """A fact as it will be stored: instants settled, producers resolved, oddities beside it."""

    fact: SaleFact
    place: Place
    sold_at: datetime
    claimed_at: datetime
    fair_day: date
    hour: int
    total_dong: int
    lines: tuple[LineFact, ...]
    oddities: tuple[Odd, ...]


@dataclass(frozen=True)
class JudgedGiveaway:
    """A giveaway as it will be stored."""

    fact: GiveawayFact
    place: Place
    settled: Settled
    lines: tuple[LineFact, ...]
    oddities: tuple[Odd, ...]

    @property
    def worth_dong(self) -> int:
        """What the goods would have cost."""
        return sum(line.gross_dong for line in self.lines)
