"""What selling cost: goods given away, and discounts, by whoever bears them; and the giveaways and lines behind each figure.

Neither is revenue. Giveaways are few and summed from themselves; discounts come from their running figures, and the lines behind one are
read from the sales: that both agree is what a click on a figure shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.reports.receipts import sum_of
from fair_pos.sales.tables import DiscountFigure, Giveaway, GiveawayLine, Sale, SaleLine
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class CostsWanted:
    """Which giveaways or discounts of an edition. `borne_by` and the others narrow; empty bearer: those of whom nobody said who bears them."""

    day: date | None = None
    booth: str | None = None
    producer: str | None = None
    product: str | None = None
    borne_by: str | None = None
    purpose: str | None = None


# --- given away -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What was given away under one heading: how many times, pieces, grams of what is sold by weight, and what it was worth in đồng."""

    key: str
    times: int
    pieces: int
    grams: int
    worth_dong: int


@dataclass(frozen=True)
class GivenLine:
    """One kind of goods in a giveaway. Of packs `quantity` counts packs of `pack_size`; of weighed goods `grams` is the weight of each."""

    product_id: str
    producer_id: str
    name: str
    unit: str
    quantity: int
    grams: int | None
    pack_size: int
    worth_dong: int
    note: str

    @property
    def pieces(self) -> int:
        """Base units; 0 of what is sold by weight."""
        return 0 if self.grams is not None else self.quantity * self.pack_size

    @property
    def all_grams(self) -> int:
        """Grams; 0 of what is sold by the piece."""
        return 0 if self.grams is None else self.quantity * self.grams


@dataclass(frozen=True)
class GivenAway:
    """One giveaway, with those of its lines that were asked for."""

    id: str
    given_at: datetime
    booth: str
    person_id: str
    purpose: str
    borne_by: str
    note: str
    sample: bool
    lines: tuple[GivenLine, ...]


_GIVEN_KEYS: Mapping[str, Any] = {
    "day": Giveaway.fair_day,
    "booth": Giveaway.booth_id,
    "producer": GiveawayLine.producer_id,
    "product": GiveawayLine.product_id,
    "borne_by": Giveaway.borne_by,
    "purpose": Giveaway.purpose,
}
GIVEN_BY = tuple(_GIVEN_KEYS)
"""By what giveaways are summed."""


def given(session: AnySession, edition_id: str, wanted: CostsWanted, by: str) -> list[Given]:
    """What was given away, summed by one of GIVEN_BY; keys as text, days as ISO days."""
    key = _GIVEN_KEYS[by]
    found = select(key, *_given_sums()).join(GiveawayLine, GiveawayLine.giveaway_id == Giveaway.id)
    rows = session.execute(found.where(*_given_terms(edition_id, wanted)).group_by(key).order_by(key))
    return [Given(str(value), *map(int, numbers)) for value, *numbers in rows]


def given_total(session: AnySession, edition_id: str, wanted: CostsWanted) -> Given:
    """All of it together."""
    found = select(*_given_sums()).join(GiveawayLine, GiveawayLine.giveaway_id == Giveaway.id)
    return Given("", *map(int, session.execute(found.where(*_given_terms(edition_id, wanted))).one()))


def _given_sums() -> tuple[ColumnElement[int], ...]:
    weighed = GiveawayLine.grams.is_not(None)
    return (
        func.count(Giveaway.id.distinct()),
        sum_of(case((weighed, 0), else_=GiveawayLine.quantity * GiveawayLine.pack_size)),
        sum_of(case((weighed, GiveawayLine.quantity * GiveawayLine.grams), else_=0)),
        sum_of(GiveawayLine.worth_dong),
    )


def _given_terms(edition_id: str, wanted: CostsWanted) -> list[ColumnElement[bool]]:
    # The edition stands in every list: the other terms come from a query string, which no policy has looked at.
    asked = {name: value for name, value in vars(wanted).items() if value is not None}
    return [Giveaway.edition_id == edition_id, *(_GIVEN_KEYS[name] == value for name, value in asked.items())]


def giveaways(
    session: AnySession, edition_id: str, wanted: CostsWanted, *, limit: int | None = None, offset: int = 0
) -> list[GivenAway]:
    """The giveaways behind a figure, in the order in which they were given."""
    order = (Giveaway.fair_day, Giveaway.given_at, Giveaway.id)
    ids = select(Giveaway.id).join(GiveawayLine, GiveawayLine.giveaway_id == Giveaway.id)
    ids = ids.where(*_given_terms(edition_id, wanted)).group_by(*order).order_by(*order).limit(limit).offset(offset)
    some = ids.subquery()
    columns: tuple[Any, ...] = (
        GiveawayLine.product_id, GiveawayLine.producer_id, GiveawayLine.name, GiveawayLine.unit, GiveawayLine.quantity,
        GiveawayLine.grams, GiveawayLine.pack_size, GiveawayLine.worth_dong, GiveawayLine.note,
    )  # fmt: skip
    found = (
        select(Giveaway, Booth.code, *columns)
        .join(some, some.c.id == Giveaway.id)
        .join(GiveawayLine, GiveawayLine.giveaway_id == Giveaway.id)
        .join(Booth, Booth.id == Giveaway.booth_id)
        .where(*_given_terms(edition_id, wanted))
        .order_by(*order, GiveawayLine.line_no)
    )
    heads: dict[str, tuple[Giveaway, str]] = {}
    lines: dict[str, list[GivenLine]] = {}
    for head, booth, *values in session.execute(found):
        heads[head.id] = (head, booth)
        lines.setdefault(head.id, []).append(GivenLine(*values))
    return [
        GivenAway(
            one.id,
            one.given_at,
            booth,
            one.person_id,
            one.purpose,
            one.borne_by,
            one.note,
            one.sample,
            tuple(lines[one.id]),
        )
        for one, booth in heads.values()
    ]


def names_as_given(session: AnySession, product_ids: AbstractSet[str]) -> dict[str, str]:
    """What goods were called when they were given away, for those that no catalogue knows."""
    found = select(GiveawayLine.product_id, func.max(GiveawayLine.name)).group_by(GiveawayLine.product_id)
    return dict(session.execute(found.where(GiveawayLine.product_id.in_(product_ids))).all())


# --- taken off ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TakenOff:
    """Discounts under one heading, in đồng: given with sales, and taken back with what was given back of them."""

    key: str
    given_dong: int
    taken_back_dong: int

    @property
    def net_dong(self) -> int:
        """What the discounts cost in the end."""
        return self.given_dong - self.taken_back_dong


@dataclass(frozen=True)
class DiscountedLine:
    """A line with a discount; the discount below zero on a refund."""

    sale_id: str
    number: str
    kind: str
    sold_at: datetime
    booth: str
    name: str
    producer_id: str
    reason: str
    borne_by: str
    discount_dong: int
    sample: bool


_OFF_KEYS: Mapping[str, Any] = {
    "day": DiscountFigure.fair_day,
    "booth": DiscountFigure.booth_id,
    "producer": DiscountFigure.producer_id,
    "borne_by": DiscountFigure.borne_by,
}
_LINE_KEYS: Mapping[str, Any] = {
    "day": Sale.fair_day,
    "booth": Sale.booth_id,
    "producer": SaleLine.producer_id,
    "borne_by": SaleLine.discount_borne_by,
}
OFF_BY = tuple(_OFF_KEYS)
"""By what discounts are summed."""


def taken_off(session: AnySession, edition_id: str, wanted: CostsWanted, by: str) -> list[TakenOff]:
    """Discounts summed by one of OFF_BY, from their running figures; keys as text, days as ISO days."""
    key = _OFF_KEYS[by]
    sums = (sum_of(DiscountFigure.given_dong), sum_of(DiscountFigure.taken_back_dong))
    found = select(key, *sums).join(Booth, Booth.id == DiscountFigure.booth_id)
    found = found.where(*_off_terms(edition_id, wanted)).group_by(key).order_by(key)
    return [TakenOff(str(value), int(into), int(back)) for value, into, back in session.execute(found)]


def taken_off_total(session: AnySession, edition_id: str, wanted: CostsWanted) -> TakenOff:
    """All of them together."""
    sums = (sum_of(DiscountFigure.given_dong), sum_of(DiscountFigure.taken_back_dong))
    found = select(*sums).join(Booth, Booth.id == DiscountFigure.booth_id).where(*_off_terms(edition_id, wanted))
    return TakenOff("", *map(int, session.execute(found).one()))


def _off_terms(edition_id: str, wanted: CostsWanted) -> list[ColumnElement[bool]]:
    asked = ((column, getattr(wanted, name)) for name, column in _OFF_KEYS.items())
    return [Booth.edition_id == edition_id, *(column == value for column, value in asked if value is not None)]


def discounted_lines(
    session: AnySession, edition_id: str, wanted: CostsWanted, *, limit: int | None = None, offset: int = 0
) -> list[DiscountedLine]:
    """The lines behind a figure of discounts, in the order in which they were sold."""
    sign = case((Sale.kind == "refund", -1), else_=1)
    columns: tuple[Any, ...] = (
        Sale.id, Sale.receipt_number, Sale.kind, Sale.sold_at, Booth.code, SaleLine.name, SaleLine.producer_id,
        SaleLine.discount_reason, SaleLine.discount_borne_by, SaleLine.discount_dong * sign, Sale.sample,
    )  # fmt: skip
    found = select(*columns).join(SaleLine, SaleLine.sale_id == Sale.id).join(Booth, Booth.id == Sale.booth_id)
    found = found.where(*_line_terms(edition_id, wanted))
    order = (Sale.fair_day, Sale.sold_at, Sale.id, SaleLine.line_no)
    return [DiscountedLine(*row) for row in session.execute(found.order_by(*order).limit(limit).offset(offset))]


def count_discounted(session: AnySession, edition_id: str, wanted: CostsWanted) -> int:
    """How many lines there are."""
    found = select(func.count()).select_from(Sale).join(SaleLine, SaleLine.sale_id == Sale.id)
    return session.scalar(found.where(*_line_terms(edition_id, wanted))) or 0


def _line_terms(edition_id: str, wanted: CostsWanted) -> list[ColumnElement[bool]]:
    asked = ((column, getattr(wanted, name)) for name, column in _LINE_KEYS.items())
    narrow = (column == value for column, value in asked if value is not None)
    return [Sale.edition_id == edition_id, SaleLine.discount_dong != 0, *narrow]
