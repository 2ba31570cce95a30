"""Finding sales."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.sales.facts import LineFact, PaymentFact
from fair_pos.sales.returns import left_to_return
from fair_pos.sales.tables import DiscountFigure, HourFigure, Oddity, ProductFigure, Sale, SaleLine

AnySession = Session | scoped_session[Session]


def find_sale_place(session: AnySession, sale_id: str) -> tuple[str, str] | None:
    """(edition id, booth id) of a sale or refund."""
    row = session.execute(select(Sale.edition_id, Sale.booth_id).where(Sale.id == sale_id)).one_or_none()
    return None if row is None else (row.edition_id, row.booth_id)


def has_sales(session: AnySession, edition_id: str) -> bool:
    """Whether anything was sold or given back at an edition."""
    return session.scalar(select(Sale.id).where(Sale.edition_id == edition_id).limit(1)) is not None


def find_sale(session: AnySession, sale_id: str) -> Sale | None:
    """A sale or refund with this id."""
    return session.get(Sale, sale_id)


def find_sale_by_token(session: AnySession, token: str) -> Sale | None:
    """The sale behind a receipt's secret. Should two ever claim one token, the one that came first keeps it."""
    found = select(Sale).where(Sale.receipt_token == token).order_by(Sale.received_at, Sale.id).limit(1)
    return session.scalar(found)


def refunds_of(session: AnySession, sale_id: str) -> list[Sale]:
    """What was given back of a sale, oldest first."""
    found = select(Sale).where(Sale.refund_of == sale_id, Sale.kind == "refund")
    found = found.order_by(Sale.sold_at, Sale.device_seq, Sale.id)
    return list(session.scalars(found))


def given_back(session: AnySession, sale_ids: Collection[str]) -> list[Sale]:
    """What was given back of any of these sales."""
    found = select(Sale).where(Sale.refund_of.in_(sale_ids), Sale.kind == "refund")
    return list(session.scalars(found.order_by(Sale.id)))


def receipt_numbers(session: AnySession, sale_ids: Collection[str]) -> dict[str, str]:
    """Sale or refund → its number, for those that are here."""
    wanted = select(Sale.id, Sale.receipt_number).where(Sale.id.in_(sale_ids))
    return dict(session.execute(wanted).all())


def sales_by_id(session: AnySession, sale_ids: Collection[str]) -> list[Sale]:
    """Those of the sales that are here."""
    found = select(Sale).where(Sale.id.in_(sale_ids), Sale.kind == "sale")
    return list(session.scalars(found.order_by(Sale.id)))


@dataclass(frozen=True)
class Returnable:
    """A sale for giving back. `left` says by line how many pieces or packs (of weighed goods 1 or 0) did not come back yet."""

    sale_id: str
    receipt_number: str
    sold_at: datetime
    total_dong: int
    lines: Sequence[LineFact]
    left: Sequence[int]
    payments: Sequence[PaymentFact]


def find_returnable(
    session: AnySession,
    booth_id: str,
    *,
    token: str | None = None,
    number: str | None = None,
    amount_dong: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = 20,
) -> list[Returnable]:
    """Sales of one booth for giving back, the newest first, each with what is left of its lines (returns.left_to_return)."""
    wanted = select(Sale).where(Sale.booth_id == booth_id, Sale.kind == "sale")
    for column, value in (
        (Sale.receipt_token, token),
        (Sale.receipt_number, number),
        (Sale.total_dong, amount_dong),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    if since is not None:
        wanted = wanted.where(Sale.sold_at >= since)
    if until is not None:
        wanted = wanted.where(Sale.sold_at <= until)
    found = list(session.scalars(wanted.order_by(Sale.sold_at.desc(), Sale.id).limit(most)))
    ids = [sale.id for sale in found]
    lines = select(Sale.refund_of, SaleLine).join(SaleLine, SaleLine.sale_id == Sale.id)
    lines = lines.where(Sale.refund_of.in_(ids), Sale.kind == "refund").order_by(SaleLine.sale_id, SaleLine.line_no)
    back: dict[str | None, list[SaleLine]] = {}
    for sale_id, line in session.execute(lines):
        back.setdefault(sale_id, []).append(line)
    return [
        Returnable(
            sale_id=sale.id,
            receipt_number=sale.receipt_number,
            sold_at=sale.sold_at,
            total_dong=sale.total_dong,
            lines=[LineFact(**{one.name: getattr(line, one.name) for one in fields(LineFact)}) for line in sale.lines],
            left=left_to_return(sale.lines, back.get(sale.id, [])),
            payments=[
                PaymentFact(**{one.name: getattr(paid, one.name) for one in fields(PaymentFact)})
                for paid in sale.payments
            ],
        )
        for sale in found
    ]


def oddities_noticed(
    session: AnySession, sale_ids: Collection[str], at: datetime
) -> list[tuple[str, str, dict[str, Any]]]:
    """(sale, code, facts) of what was noticed about these sales at one moment, in order."""
    wanted = select(Oddity.sale_id, Oddity.code, Oddity.facts).where(
        Oddity.sale_id.in_(sale_ids), Oddity.noticed_at == at
    )
    rows = session.execute(wanted.order_by(Oddity.sale_id, Oddity.code))
    return [(sale_id, code, facts) for sale_id, code, facts in rows]


# --- one producer's goods ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProducerFigure:
    """Base units or grams, and đồng, of one producer's product at one booth on one day, all hours together."""

    booth_id: str
    fair_day: date
    product_id: str
    sold_quantity: int
    refunded_quantity: int
    sold_dong: int
    refunded_dong: int


@dataclass(frozen=True)
class ProducerLine:
    """One line of one producer's goods on somebody's receipt; nothing of the rest of that receipt. `base_quantity` as in ProducerFigure."""

    sale_id: str
    kind: str
    receipt_number: str
    booth_id: str
    sold_at: datetime
    sample: bool
    product_id: str
    name: str
    unit: str
    quantity: int
    """Pieces or packs; 1 of weighed goods."""
    grams: int | None
    pack_id: str | None
    base_quantity: int
    amount_dong: int
    discount_dong: int
    discount_borne_by: str


def producer_figures(
    session: AnySession, producer_id: str, days: Collection[date] | None = None
) -> list[ProducerFigure]:
    """A producer's figures by booth, day and product, on `days` or on all; read from the running figures, added up by the database."""
    figure = ProductFigure
    sums = (figure.sold_quantity, figure.refunded_quantity, figure.sold_dong, figure.refunded_dong)
    keys = (figure.booth_id, figure.fair_day, figure.product_id)
    wanted = select(*keys, *(func.sum(amount) for amount in sums)).where(figure.producer_id == producer_id)
    if days is not None:
        wanted = wanted.where(figure.fair_day.in_(days))
    rows = session.execute(wanted.group_by(*keys).order_by(*keys))
    # PostgreSQL adds whole numbers up to a decimal; an amount is whole all the same.
    return [
        ProducerFigure(booth, day, product, *(int(amount) for amount in rest)) for booth, day, product, *rest in rows
    ]


def producer_discounts(
    session: AnySession, producer_id: str, days: Collection[date] | None = None
) -> list[tuple[str, date, str, int]]:
    """(booth, fair day, who bears it, đồng given less taken back) of what was taken off a producer's goods, on `days` or on all."""
    figure = DiscountFigure
    keys = (figure.booth_id, figure.fair_day, figure.borne_by)
    net = func.sum(figure.given_dong - figure.taken_back_dong)
    wanted = select(*keys, net).where(figure.producer_id == producer_id)
    if days is not None:
        wanted = wanted.where(figure.fair_day.in_(days))
    rows = session.execute(wanted.group_by(*keys).order_by(*keys))
    return [(booth, day, borne_by, int(dong)) for booth, day, borne_by, dong in rows]


def weighed_as_sold(session: AnySession, product_ids: Iterable[str]) -> set[str]:
    """Those of the products that were ever sold by weight: for goods that no catalogue knows."""
    wanted = select(SaleLine.product_id).where(SaleLine.product_id.in_(set(product_ids)), SaleLine.grams.is_not(None))
    return set(session.scalars(wanted.distinct()))


def producer_lines(session: AnySession, producer_id: str, day: date, booth_ids: Iterable[str]) -> list[ProducerLine]:
    """Every line of a producer's goods on one fair day at these booths, sold or given back, newest first.

    The booths (from `producer_figures`) let the database start from one day of a few booths, however long the producer's history is.
    """
    columns: tuple[Any, ...] = (
        Sale.id,
        Sale.kind,
        Sale.receipt_number,
        Sale.booth_id,
        Sale.sold_at,
        Sale.sample,
        SaleLine.product_id,
        SaleLine.name,
        SaleLine.unit,
        SaleLine.quantity,
        SaleLine.grams,
        SaleLine.pack_id,
        SaleLine.base_quantity,
        SaleLine.amount_dong,
        SaleLine.discount_dong,
        SaleLine.discount_borne_by,
    )
    wanted = (
        select(*columns)
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .where(Sale.booth_id.in_(set(booth_ids)), Sale.fair_day == day, SaleLine.producer_id == producer_id)
        .order_by(Sale.sold_at.desc(), Sale.id, SaleLine.line_no)
    )
    return [ProducerLine(*row) for row in session.execute(wanted)]


def last_sale_at(
    session: AnySession, producer_id: str, days: Collection[date], booth_ids: Iterable[str]
) -> datetime | None:
    """When a producer's goods were last sold on one of `days` at these booths; None when they were not."""
    wanted = select(func.max(ProductFigure.last_sold_at)).where(
        ProductFigure.producer_id == producer_id,
        ProductFigure.fair_day.in_(days),
        ProductFigure.booth_id.in_(set(booth_ids)),
    )
    return session.scalar(wanted)


def sample_days(session: AnySession, booth_ids: Iterable[str]) -> set[tuple[str, date]]:
    """(booth, fair day) pairs whose figures hold sample data, their own or a neighbour's at the same booth."""
    wanted = (
        select(HourFigure.booth_id, HourFigure.fair_day)
        .where(HourFigure.booth_id.in_(set(booth_ids)), HourFigure.sample_receipts > 0)
        .distinct()
    )
    return {(booth_id, day) for booth_id, day in session.execute(wanted)}


def newest_received_at(session: AnySession, booth_ids: Iterable[str], days: Collection[date]) -> datetime | None:
    """When the newest sale of these booths on `days` reached the server: how fresh their figures are."""
    wanted = select(func.max(HourFigure.last_received_at))
    wanted = wanted.where(HourFigure.booth_id.in_(set(booth_ids)), HourFigure.fair_day.in_(days))
    return session.scalar(wanted)


def sold_between(
    session: AnySession, booth_ids: Collection[str], first: date, last: date
) -> dict[tuple[str, str], int]:
    """Base units or grams sold less given back, by (booth, product), on the fair days from `first` to `last`."""
    figure = ProductFigure
    net = func.sum(figure.sold_quantity - figure.refunded_quantity)
    wanted = select(figure.booth_id, figure.product_id, net).where(
        figure.booth_id.in_(booth_ids), figure.fair_day.between(first, last)
    )
    rows = session.execute(wanted.group_by(figure.booth_id, figure.product_id))
    return {(booth, product): int(quantity) for booth, product, quantity in rows}


def selling_days(session: AnySession, booth_ids: Collection[str], first: date, last: date) -> dict[str, int]:
    """On how many of the fair days from `first` to `last` each booth sold anything; booths that did not are left out."""
    figure = HourFigure
    wanted = select(figure.booth_id, func.count(figure.fair_day.distinct())).where(
        figure.booth_id.in_(booth_ids), figure.fair_day.between(first, last), figure.receipts > 0
    )
    return {booth: int(days) for booth, days in session.execute(wanted.group_by(figure.booth_id))}


def names_as_sold(session: AnySession, product_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(name, unit) as they stand on the last receipt, by product id: for goods that no catalogue knows."""
    figure = ProductFigure
    wanted = select(figure.product_id, figure.name, figure.unit).where(figure.product_id.in_(set(product_ids)))
    rows = session.execute(wanted.order_by(figure.last_at, figure.booth_id, figure.producer_id))
    return {product_id: (name or "", unit or "") for product_id, name, unit in rows}  # the last of each stays


def count_receipts(session: AnySession, booth_ids: Iterable[str], day: date) -> int:
    """How many sales these booths made on a fair day; refunds are none."""
    wanted = select(func.sum(HourFigure.receipts))
    wanted = wanted.where(HourFigure.booth_id.in_(set(booth_ids)), HourFigure.fair_day == day)
    return int(session.scalar(wanted) or 0)


@dataclass(frozen=True)
class DaySums:
    """Receipts and money of one fair day, whole đồng."""

    receipts: int = 0
    refunds: int = 0
    sold_dong: int = 0
    refunded_dong: int = 0


def sums_by_day(session: AnySession, booth_ids: Iterable[str], days: Collection[date]) -> dict[date, DaySums]:
    """What these booths sold and gave back on each of `days`, from the running figures; days without a receipt are left out."""
    figure = HourFigure
    sums = (func.sum(one) for one in (figure.receipts, figure.refunds, figure.sold_dong, figure.refunded_dong))
    wanted = select(figure.fair_day, *sums).where(figure.booth_id.in_(set(booth_ids)), figure.fair_day.in_(days))
    rows = session.execute(wanted.group_by(figure.fair_day))
    return {day: DaySums(*map(int, numbers)) for day, *numbers in rows}
