"""The receipts behind a figure, and what of each counts. Read from the sales themselves: that they add up to the figure proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.catalogue.tables import Product
from fair_pos.reports.goods import Star, from_locality, has_star, in_group, of_kind
from fair_pos.sales.tables import HourFigure, Payment, Sale, SaleLine
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]
Part = Literal["before", "discount", "rounding", "goods"]
_CHUNK = 400
_SIGN = case((Sale.kind == "refund", -1), else_=1)


@dataclass(frozen=True)
class Wanted:
    """Which receipts of an edition, and what of each counts.

    Its lines of some goods, its payments by a method, or a part of what makes the total: the goods before any discount,
    the discounts, the rounding, the goods as they were paid.
    """

    day: date | None = None
    hour: int | None = None
    booth: str | None = None
    zone: str | None = None
    product: str | None = None
    producer: str | None = None
    method: str | None = None
    kind: str | None = None
    part: Part | None = None
    group: str | None = None
    """A product group, or «unknown»."""
    star: Star | None = None
    """Of the goods on the fair day of the receipt."""
    entity: str | None = None
    """The kind of maker, or «unknown»."""
    locality: str | None = None
    """Where the maker is at home, as `goods.from_locality` reads it."""

    @property
    def is_of_goods(self) -> bool:
        """Whether only some lines count."""
        goods = (self.product, self.producer, self.group, self.star, self.entity, self.locality)
        return any(one is not None for one in goods)


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt in a list. What counts of it, and its own amounts; all below zero for a refund. Pieces and grams only of some goods."""

    id: str
    number: str
    sold_at: datetime
    booth: str
    kind: str
    whole: bool
    amount_dong: int
    """What counts."""
    quantity: int
    grams: int
    total_dong: int
    discount_dong: int
    rounding_dong: int
    person_id: str
    device_id: str
    sample: bool


@dataclass(frozen=True)
class ReceiptSums:
    """What a whole list adds up to, all its pages together."""

    sales: int
    refunds: int
    amount_dong: int
    quantity: int
    grams: int = 0


@dataclass(frozen=True)
class LineRow:
    """A line of a receipt in a file; counts and amounts below zero for a refund. Of packs `quantity` counts packs of `pack_size`."""

    number: str
    sold_at: datetime
    booth: str
    kind: str
    name: str
    unit: str
    producer_id: str
    quantity: int
    grams: int | None
    pack_id: str | None
    pack_size: int
    unit_price_dong: int
    list_price_dong: int | None
    discount_dong: int
    discount_reason: str
    discount_borne_by: str
    amount_dong: int
    sample: bool


def sum_of(column: Any) -> ColumnElement[int]:
    """The sum, 0 of nothing. PostgreSQL sums bigint to numeric, which arrives as Decimal; every sum passes through int()."""
    return func.coalesce(func.sum(column), 0)


def counted_in_grams(product_id: Any) -> ColumnElement[bool]:
    """Whether a product's base units are grams: by the catalogue, or as it was sold when no catalogue knows it."""
    line = aliased(SaleLine)
    known = exists().where(Product.id == product_id)
    by_weight = exists().where(Product.id == product_id, Product.sold_by == "weight")
    as_sold = exists().where(line.product_id == product_id, line.grams.is_not(None))
    return case((known, by_weight), else_=as_sold)


def receipts(
    session: AnySession, edition_id: str, wanted: Wanted, *, limit: int | None = None, offset: int = 0
) -> list[ReceiptRow]:
    """The receipts, in the order in which they were sold; by day first, since that is how their index runs."""
    columns: tuple[Any, ...] = (
        Sale.id, Sale.receipt_number, Sale.sold_at, Booth.code, Sale.kind, Sale.whole, *_counted(wanted),
        Sale.total_dong * _SIGN, _of_lines(SaleLine.discount_dong), Sale.rounding_dong * _SIGN, Sale.person_id, Sale.device_id,
        Sale.sample,
    )  # fmt: skip
    found = select(*columns).join(Booth, Booth.id == Sale.booth_id).where(*_terms(edition_id, wanted))
    rows = session.execute(found.order_by(Sale.fair_day, Sale.sold_at, Sale.id).limit(limit).offset(offset))
    return [ReceiptRow(*row[:6], *map(int, row[6:12]), *row[12:]) for row in rows]


def receipt_sums(session: AnySession, edition_id: str, wanted: Wanted) -> ReceiptSums:
    """What all those receipts add up to: those of a day by themselves, a whole edition's by its figures."""
    if wanted.day is None and not wanted.is_of_goods and wanted.method is None and wanted.part is None:
        return _sums_by_figures(session, edition_id, wanted)
    amount, pieces, grams = _counted(wanted)
    one = (
        select(Sale.kind.label("kind"), amount.label("amount"), pieces.label("pieces"), grams.label("grams"))
        .join(Booth, Booth.id == Sale.booth_id)
        .where(*_terms(edition_id, wanted))
        .subquery()
    )
    refunds = func.coalesce(func.sum(case((one.c.kind == "refund", 1), else_=0)), 0)
    sums = select(func.count(), refunds, sum_of(one.c.amount), sum_of(one.c.pieces), sum_of(one.c.grams))
    count, back, dong, quantity, weight = map(int, session.execute(sums.select_from(one)).one())
    return ReceiptSums(count - back, back, dong, quantity, weight)


def count_lines(session: AnySession, edition_id: str, wanted: Wanted) -> int:
    """How many lines `lines` would give."""
    return session.scalar(_lines(edition_id, wanted, func.count())) or 0


def lines(session: AnySession, edition_id: str, wanted: Wanted) -> list[LineRow]:
    """The lines of those receipts, of some goods only theirs, in the order of the receipts."""
    columns: tuple[Any, ...] = (
        Sale.receipt_number, Sale.sold_at, Booth.code, Sale.kind, SaleLine.name, SaleLine.unit, SaleLine.producer_id,
        SaleLine.quantity * _SIGN, SaleLine.grams * _SIGN, SaleLine.pack_id, SaleLine.pack_size, SaleLine.unit_price_dong,
        SaleLine.list_price_dong, SaleLine.discount_dong * _SIGN, SaleLine.discount_reason, SaleLine.discount_borne_by,
        SaleLine.amount_dong * _SIGN, Sale.sample,
    )  # fmt: skip
    found = _lines(edition_id, wanted, *columns)
    rows = session.execute(found.order_by(Sale.fair_day, Sale.sold_at, Sale.id, SaleLine.line_no))
    return [LineRow(*row) for row in rows]


def methods_of(session: AnySession, sale_ids: Sequence[str]) -> dict[str, list[str]]:
    """Sale → the ways it was paid, each once, in the order of its payments."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(sale_ids), _CHUNK):
        some = sale_ids[start : start + _CHUNK]
        wanted = select(Payment.sale_id, Payment.method).where(Payment.sale_id.in_(some))
        for sale_id, method in session.execute(wanted.order_by(Payment.sale_id, Payment.payment_no)):
            methods = found.setdefault(sale_id, [])
            if method not in methods:
                methods.append(method)
    return found


def _lines(edition_id: str, wanted: Wanted, *columns: Any) -> Select[Any]:
    found = select(*columns).select_from(Sale).join(Booth, Booth.id == Sale.booth_id)
    return found.join(SaleLine, SaleLine.sale_id == Sale.id).where(*_terms(edition_id, wanted), *_line_terms(wanted))


def _counted(wanted: Wanted) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """(đồng, pieces, grams) that count of a sale, signed."""
    nothing = literal(0)
    if wanted.is_of_goods:
        weighed = counted_in_grams(SaleLine.product_id)
        terms = _line_terms(wanted)
        pieces = _of_lines(case((weighed, 0), else_=SaleLine.base_quantity), *terms)
        grams = _of_lines(case((weighed, SaleLine.base_quantity), else_=0), *terms)
        return _of_lines(SaleLine.amount_dong, *terms), pieces, grams
    if wanted.method is not None:
        paid = and_(Payment.sale_id == Sale.id, Payment.method == wanted.method)
        return (
            select(sum_of(Payment.amount_dong)).where(paid).correlate(Sale).scalar_subquery() * _SIGN,
            nothing,
            nothing,
        )
    if wanted.part == "before":
        return _of_lines(SaleLine.amount_dong + SaleLine.discount_dong), nothing, nothing
    if wanted.part == "goods":
        return _of_lines(SaleLine.amount_dong), nothing, nothing
    if wanted.part == "discount":
        return _of_lines(SaleLine.discount_dong), nothing, nothing
    if wanted.part == "rounding":
        return Sale.rounding_dong * _SIGN, nothing, nothing
    return Sale.total_dong * _SIGN, nothing, nothing


def _of_lines(amount: Any, *terms: ColumnElement[bool]) -> ColumnElement[int]:
    """What the lines of a sale add up to, signed."""
    found = select(sum_of(amount)).where(SaleLine.sale_id == Sale.id, *terms)
    return found.correlate(Sale).scalar_subquery() * _SIGN


def _line_terms(wanted: Wanted, line: type[SaleLine] = SaleLine) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    product_id, producer_id = cast("ColumnElement[Any]", line.product_id), cast("ColumnElement[Any]", line.producer_id)
    if wanted.product is not None:
        terms.append(line.product_id == wanted.product)
    if wanted.producer is not None:
        terms.append(line.producer_id == wanted.producer)
    if wanted.group is not None:
        terms.append(in_group(wanted.group, product_id))
    if wanted.star is not None:
        terms.append(has_star(wanted.star, product_id, Sale.fair_day, Sale, line))
    if wanted.entity is not None:
        terms.append(of_kind(wanted.entity, producer_id))
    if wanted.locality is not None:
        terms.append(from_locality(wanted.locality, producer_id))
    return terms


def _terms(edition_id: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    # The edition stands in every list: the other terms come from a query string, which no policy has looked at.
    terms: list[ColumnElement[bool]] = [Sale.edition_id == edition_id]
    for column, value in (
        (Sale.fair_day, wanted.day),
        (Sale.hour, wanted.hour),
        (Sale.booth_id, wanted.booth),
        (Sale.kind, wanted.kind),
        (Booth.zone, wanted.zone),
    ):
        if value is not None:
            terms.append(column == value)
    line = aliased(SaleLine)  # a statement about lines has a SaleLine of its own
    if wanted.is_of_goods:
        terms.append(exists().where(line.sale_id == Sale.id, *_line_terms(wanted, line)))
    if wanted.method is not None:
        terms.append(exists().where(Payment.sale_id == Sale.id, Payment.method == wanted.method))
    if wanted.part == "discount":
        terms.append(exists().where(line.sale_id == Sale.id, line.discount_dong != 0))
    if wanted.part == "rounding":
        terms.append(Sale.rounding_dong != 0)
    return terms


def _sums_by_figures(session: AnySession, edition_id: str, wanted: Wanted) -> ReceiptSums:
    sums = [
        sum_of(one) for one in (HourFigure.receipts, HourFigure.refunds, HourFigure.sold_dong, HourFigure.refunded_dong)
    ]
    found = select(*sums).join(Booth, Booth.id == HourFigure.booth_id).where(Booth.edition_id == edition_id)
    for column, value in (
        (HourFigure.hour, wanted.hour),
        (HourFigure.booth_id, wanted.booth),
        (Booth.zone, wanted.zone),
    ):
        if value is not None:
            found = found.where(column == value)
    sales, refunds, sold, refunded = map(int, session.execute(found).one())
    if wanted.kind == "sale":
        refunds = refunded = 0
    if wanted.kind == "refund":
        sales = sold = 0
    return ReceiptSums(sales, refunds, sold - refunded, 0)
