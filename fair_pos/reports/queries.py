"""Reading figures, and the receipts behind them. The only module that may read every feature's tables.

Figures come from the running sums that are kept in the transaction of each sale, so a page costs the same at a million receipts as
at ten thousand. Receipts are read from the sales themselves: that both agree is what a click on a figure shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.tables import Product
from fair_pos.people.tables import Person
from fair_pos.registry.tables import Producer
from fair_pos.reports.rules import DeviceState, Figure
from fair_pos.sales.queries import names_as_sold
from fair_pos.sales.tables import HourFigure, Oddity, Payment, ProductFigure, Sale, SaleLine, TenderFigure
from fair_pos.till.queries import count_missing
from fair_pos.till.tables import Device, Quarantined
from fair_pos.venues.queries import booths_of
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]
_Select = Select[*tuple[Any, ...]]
_Figures = type[HourFigure] | type[ProductFigure] | type[TenderFigure]


def _sum(column: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)


# PostgreSQL sums bigint to numeric, which arrives as Decimal; every sum passes through int() for that reason.


def _of_edition(statement: _Select, table: _Figures, edition_id: str, day: date | None) -> _Select:
    found = statement.join(Booth, Booth.id == table.booth_id).where(Booth.edition_id == edition_id)
    return found if day is None else found.where(table.fair_day == day)


def _receipt_figures(session: AnySession, edition_id: str, day: date | None, key: Any) -> list[tuple[Any, Figure]]:
    sums = [
        _sum(column)
        for column in (
            HourFigure.receipts,
            HourFigure.refunds,
            HourFigure.sold_dong,
            HourFigure.refunded_dong,
            HourFigure.sample_receipts,
        )
    ]
    rows = session.execute(_of_edition(select(key, *sums), HourFigure, edition_id, day).group_by(key))
    figures = []
    for value, *numbers in rows:
        receipts, refunds, sold, refunded, sample = map(int, numbers)
        figure = Figure(
            str(value),
            str(value),
            receipts=receipts,
            refunds=refunds,
            sold_dong=sold,
            refunded_dong=refunded,
            sample_receipts=sample,
        )
        figures.append((value, figure))
    return figures


def day_figures(session: AnySession, edition_id: str) -> dict[date, Figure]:
    """Figures of each fair day with sales; keys are ISO days."""
    return dict(sorted(_receipt_figures(session, edition_id, None, HourFigure.fair_day)))


def hour_figures(session: AnySession, edition_id: str, day: date) -> dict[int, Figure]:
    """Figures of each hour of a day with sales."""
    return dict(_receipt_figures(session, edition_id, day, HourFigure.hour))


def booth_figures(session: AnySession, edition_id: str, day: date) -> list[Figure]:
    """Figures of each booth of the edition by code, those without sales with zeros."""
    found = dict(_receipt_figures(session, edition_id, day, HourFigure.booth_id))
    booths = booths_of(session, edition_id)
    return [_named(found.get(booth.id), booth.id, f"{booth.code} · {booth.name}") for booth in booths]


def _named(figure: Figure | None, key: str, name: str) -> Figure:
    old = figure or Figure(key, name)
    return Figure(**{**vars(old), "key": key, "name": name})


def zones_of_booths(session: AnySession, edition_id: str) -> dict[str, str]:
    """Booth id → zone, empty when it lies in none."""
    return dict(session.execute(select(Booth.id, Booth.zone).where(Booth.edition_id == edition_id)).all())


def product_figures(session: AnySession, edition_id: str, day: date) -> list[Figure]:
    """Figures of each product sold or given back; receipts are not counted here, pieces are."""
    found = _goods_figures(session, edition_id, day, ProductFigure.product_id)
    names = product_names(session, {figure.key for figure in found})
    return [_named(figure, figure.key, names.get(figure.key, figure.key)) for figure in found]


def producer_figures(session: AnySession, edition_id: str, day: date) -> list[Figure]:
    """Figures of each producer whose goods were sold or given back."""
    found = _goods_figures(session, edition_id, day, ProductFigure.producer_id)
    names = producer_names(session, {figure.key for figure in found})
    return [_named(figure, figure.key, names.get(figure.key, figure.key)) for figure in found]


def _goods_figures(session: AnySession, edition_id: str, day: date, key: Any) -> list[Figure]:
    names = ("sold_quantity", "refunded_quantity", "sold_dong", "refunded_dong")
    sums = [_sum(getattr(ProductFigure, name)) for name in names]
    rows = session.execute(_of_edition(select(key, *sums), ProductFigure, edition_id, day).group_by(key))
    return [Figure(value, value, **dict(zip(names, map(int, numbers), strict=True))) for value, *numbers in rows]


def method_figures(session: AnySession, edition_id: str, day: date) -> list[Figure]:
    """Money received and paid out by each way of paying."""
    key = TenderFigure.method
    statement = select(key, _sum(TenderFigure.received_dong), _sum(TenderFigure.paid_out_dong)).group_by(key)
    rows = session.execute(_of_edition(statement, TenderFigure, edition_id, day))
    return [Figure(method, method, sold_dong=int(into), refunded_dong=int(out)) for method, into, out in rows]


def method_nets(session: AnySession, edition_id: str, day: date) -> dict[tuple[str, str], int]:
    """(booth, method) → money received less paid out."""
    keys = (TenderFigure.booth_id, TenderFigure.method)
    net = _sum(TenderFigure.received_dong - TenderFigure.paid_out_dong)
    rows = session.execute(_of_edition(select(*keys, net).group_by(*keys), TenderFigure, edition_id, day))
    return {(booth, method): int(dong) for booth, method, dong in rows}


def product_names(session: AnySession, product_ids: set[str]) -> dict[str, str]:
    """Name and unit of each product; one the catalogue does not know is called as it stood on its last receipt."""
    known = session.execute(select(Product.id, Product.name, Product.unit).where(Product.id.in_(product_ids)))
    names = {product_id: f"{name} ({unit})" if unit else name for product_id, name, unit in known}
    as_sold = names_as_sold(session, product_ids - names.keys())
    return names | {product_id: name for product_id, (name, _unit) in as_sold.items()}


def producer_names(session: AnySession, producer_ids: set[str]) -> dict[str, str]:
    """Name of each producer that the registry knows."""
    return dict(session.execute(select(Producer.id, Producer.name).where(Producer.id.in_(producer_ids))).all())


def person_names(session: AnySession, person_ids: set[str]) -> dict[str, str]:
    """Name of each person we know."""
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).all())


def all_producers(session: AnySession) -> dict[str, str]:
    """Id → name of every producer."""
    return dict(session.execute(select(Producer.id, Producer.name)).all())


# --- the receipts behind a figure -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Which receipts of an edition, and what of each counts: its lines of a product or producer, its payments by a method."""

    day: date | None = None
    hour: int | None = None
    booth: str | None = None
    zone: str | None = None
    product: str | None = None
    producer: str | None = None
    method: str | None = None
    kind: str | None = None

    @property
    def is_of_goods(self) -> bool:
        """Whether only some lines count."""
        return self.product is not None or self.producer is not None


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt in a list. `amount_dong` and `quantity` are what counts of it, below zero for a refund."""

    id: str
    number: str
    sold_at: datetime
    booth: str
    kind: str
    amount_dong: int
    quantity: int
    sample: bool


@dataclass(frozen=True)
class ReceiptSums:
    """What a whole list adds up to, all its pages together."""

    sales: int
    refunds: int
    amount_dong: int
    quantity: int


_SIGN = case((Sale.kind == "refund", -1), else_=1)


def _counted(wanted: Wanted) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """(đồng, base units or grams) that count of a sale, signed."""
    if wanted.is_of_goods:
        lines = and_(SaleLine.sale_id == Sale.id, *_line_terms(wanted))
        amount = select(_sum(SaleLine.amount_dong)).where(lines).correlate(Sale).scalar_subquery()
        pieces = select(_sum(SaleLine.base_quantity)).where(lines).correlate(Sale).scalar_subquery()
        return amount * _SIGN, pieces * _SIGN
    if wanted.method is not None:
        paid = and_(Payment.sale_id == Sale.id, Payment.method == wanted.method)
        return select(_sum(Payment.amount_dong)).where(paid).correlate(Sale).scalar_subquery() * _SIGN, literal(0)
    return Sale.total_dong * _SIGN, literal(0)


def _line_terms(wanted: Wanted) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    if wanted.product is not None:
        terms.append(SaleLine.product_id == wanted.product)
    if wanted.producer is not None:
        terms.append(SaleLine.producer_id == wanted.producer)
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
    if wanted.is_of_goods:
        terms.append(exists().where(SaleLine.sale_id == Sale.id, *_line_terms(wanted)))
    if wanted.method is not None:
        terms.append(exists().where(Payment.sale_id == Sale.id, Payment.method == wanted.method))
    return terms


def receipts(
    session: AnySession, edition_id: str, wanted: Wanted, *, limit: int | None = None, offset: int = 0
) -> list[ReceiptRow]:
    """The receipts, in the order in which they were sold; by day first, since that is how their index runs."""
    amount, pieces = _counted(wanted)
    columns = (Sale.id, Sale.receipt_number, Sale.sold_at, Booth.code, Sale.kind, amount, pieces, Sale.sample)
    found = select(*columns).join(Booth, Booth.id == Sale.booth_id).where(*_terms(edition_id, wanted))
    rows = session.execute(found.order_by(Sale.fair_day, Sale.sold_at, Sale.id).limit(limit).offset(offset))
    return [ReceiptRow(*row[:5], int(row[5]), int(row[6]), row[7]) for row in rows]


def receipt_sums(session: AnySession, edition_id: str, wanted: Wanted) -> ReceiptSums:
    """What all those receipts add up to: those of a day by themselves, a whole edition's by its figures."""
    if wanted.day is None and not wanted.is_of_goods and wanted.method is None:
        return _sums_by_figures(session, edition_id, wanted)
    amount, pieces = _counted(wanted)
    one = (
        select(Sale.kind.label("kind"), amount.label("amount"), pieces.label("pieces"))
        .join(Booth, Booth.id == Sale.booth_id)
        .where(*_terms(edition_id, wanted))
        .subquery()
    )
    refunds = func.sum(case((one.c.kind == "refund", 1), else_=0))
    sums = select(func.count(), func.coalesce(refunds, 0), _sum(one.c.amount), _sum(one.c.pieces)).select_from(one)
    count, refund_count, dong, quantity = map(int, session.execute(sums).one())
    return ReceiptSums(count - refund_count, refund_count, dong, quantity)


def _sums_by_figures(session: AnySession, edition_id: str, wanted: Wanted) -> ReceiptSums:
    sums = [
        _sum(one) for one in (HourFigure.receipts, HourFigure.refunds, HourFigure.sold_dong, HourFigure.refunded_dong)
    ]
    found = _of_edition(select(*sums), HourFigure, edition_id, None)
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


# --- what a person should look at -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OddityRow:
    """Something odd about a sale."""

    code: str
    facts: dict[str, Any]
    noticed_at: datetime
    sale_id: str
    number: str
    booth: str
    kind: str


def oddities(
    session: AnySession,
    edition_id: str,
    *,
    day: date | None = None,
    sale_id: str | None = None,
    limit: int,
    offset: int = 0,
) -> list[OddityRow]:
    """What is odd about the sales of an edition, newest first; of one day or one sale when given."""
    columns = (
        Oddity.code, Oddity.facts, Oddity.noticed_at, Sale.id, Sale.receipt_number, Booth.code, Sale.kind,
    )  # fmt: skip
    found = select(*columns).join(Sale, Sale.id == Oddity.sale_id).join(Booth, Booth.id == Sale.booth_id)
    found = found.where(*_oddity_terms(edition_id, day, sale_id))
    rows = session.execute(found.order_by(Oddity.noticed_at.desc(), Sale.id, Oddity.code).limit(limit).offset(offset))
    return [OddityRow(*row) for row in rows]


def count_oddities(session: AnySession, edition_id: str, day: date | None = None) -> int:
    """How many there are."""
    found = select(func.count()).select_from(Oddity).join(Sale, Sale.id == Oddity.sale_id)
    return session.scalar(found.where(*_oddity_terms(edition_id, day, None))) or 0


def _oddity_terms(edition_id: str, day: date | None, sale_id: str | None) -> Iterable[ColumnElement[bool]]:
    yield Oddity.edition_id == edition_id
    if day is not None:
        yield Sale.fair_day == day
    if sale_id is not None:
        yield Oddity.sale_id == sale_id


def quarantined(session: AnySession, edition_id: str, *, limit: int, offset: int = 0) -> list[tuple[Quarantined, str]]:
    """Parcels that could not be read, newest first, each with its device's letter."""
    found = _in_edition(select(Quarantined, Device.letter), edition_id).order_by(Quarantined.id.desc())
    return [(row[0], row[1]) for row in session.execute(found.limit(limit).offset(offset))]


def find_quarantined(session: AnySession, edition_id: str, number: int) -> Quarantined | None:
    """One of them, when it belongs to the edition."""
    found: Quarantined | None = session.scalar(
        _in_edition(select(Quarantined), edition_id).where(Quarantined.id == number)
    )
    return found


def count_quarantined(session: AnySession, edition_id: str) -> int:
    """How many there are."""
    return session.scalar(_in_edition(select(func.count(Quarantined.id)), edition_id)) or 0


def _in_edition(statement: _Select, edition_id: str) -> _Select:
    joined = statement.join(Device, Device.id == Quarantined.device_id).join(Booth, Booth.id == Device.booth_id)
    return joined.where(Booth.edition_id == edition_id)


# --- tablets --------------------------------------------------------------------------------------------------------


def device_states(session: AnySession, edition_id: str) -> list[DeviceState]:
    """What is known of each tablet of an edition; the simulator's are no tablets and never send anything later."""
    found = select(Device).join(Booth, Booth.id == Device.booth_id)
    found = found.where(Booth.edition_id == edition_id, Device.sample.is_(False))
    return [
        DeviceState(
            id=one.id,
            letter=one.letter,
            paired_at=one.paired_at,
            revoked_at=one.revoked_at,
            last_heard_at=one.last_heard_at,
            waiting=one.waiting,
            oldest_waiting_at=one.oldest_waiting_at,
            missing=count_missing(session, one),
        )
        for one in session.scalars(found.order_by(func.length(Device.letter), Device.letter))
    ]


def find_device_label(session: AnySession, device_id: str) -> tuple[str, str]:
    """(letter, name) of a tablet."""
    row = session.execute(select(Device.letter, Device.name).where(Device.id == device_id)).one_or_none()
    return ("?", "") if row is None else (row.letter, row.name)
