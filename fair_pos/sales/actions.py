"""Recording what was sold and given back. Core statements prepared once: the ORM costs 2.6 times as much on this path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import current_version, prices_of, products_for_sale
from fair_pos.catalogue.rules import price_at
from fair_pos.journal.actions import line as journal_line
from fair_pos.journal.actions import write_lines
from fair_pos.people.queries import known_person_ids, may_sell_until
from fair_pos.people.rules import Scope
from fair_pos.plumbing.db import Instant, add_up, dialect_of, insert_new
from fair_pos.sales.latest import Latest, latest_of
from fair_pos.sales.rules import Figures, Judged, Known, Odd, Place, SaleFact, figures_of, judge, refund_oddities
from fair_pos.sales.tables import HourFigure, Oddity, Payment, ProductFigure, Sale, SaleLine, TenderFigure
from fair_pos.stock.actions import Moved, record_movements

_SALE = cast("Table", Sale.__table__)
_LINE = cast("Table", SaleLine.__table__)
_PAYMENT = cast("Table", Payment.__table__)
_ODDITY = cast("Table", Oddity.__table__)
_HOUR = cast("Table", HourFigure.__table__)
_PRODUCT = cast("Table", ProductFigure.__table__)
_TENDER = cast("Table", TenderFigure.__table__)

_INSERT_SALE = insert(_SALE)
_INSERT_LINE = insert(_LINE)
_INSERT_PAYMENT = insert(_PAYMENT)
_SAME_NUMBER = select(_SALE.c.receipt_number, _SALE.c.id).where(
    _SALE.c.receipt_number.in_(bindparam("numbers", expanding=True))
)
_SOLD_BY_ORIGINAL = (
    select(_SALE.c.id, _LINE.c.product_id, func.sum(_LINE.c.quantity))
    .join(_LINE, _LINE.c.sale_id == _SALE.c.id)
    .where(_SALE.c.id.in_(bindparam("originals", expanding=True)), _SALE.c.kind == "sale")
    .group_by(_SALE.c.id, _LINE.c.product_id)
)
_REFUNDED_BY_ORIGINAL = (
    select(_SALE.c.refund_of, _LINE.c.product_id, func.sum(_LINE.c.quantity))
    .join(_LINE, _LINE.c.sale_id == _SALE.c.id)
    .where(_SALE.c.refund_of.in_(bindparam("originals", expanding=True)), _SALE.c.kind == "refund")
    .group_by(_SALE.c.refund_of, _LINE.c.product_id)
)


def record_sales(
    session: Session, facts: Sequence[SaleFact], place: Place, also: Mapping[str, Iterable[Odd]]
) -> list[Judged]:
    """Store the sales and refunds of one upload with everything they move: lines, payments, stock, figures, journal.

    `also` holds oddities the till found on the way (sale id → oddities). The caller has made sure that each fact is new.
    """
    if not facts:
        return []
    known = look_up(session, facts, place)
    batch = [judge(fact, place, known, also.get(fact.id, ())) for fact in facts]
    session.execute(_INSERT_SALE, [sale_row(judged) for judged in batch])
    session.execute(_INSERT_LINE, [row for judged in batch for row in line_rows(judged)])
    session.execute(_INSERT_PAYMENT, [row for judged in batch for row in payment_rows(judged)])
    figures = figures_of(batch)
    record_movements(session, [moved for judged in batch for moved in movements(judged)], figures.stock)
    add_figures(session, figures)
    keep_latest(session, latest_of(batch))
    found = {judged.fact.id: list(judged.oddities) for judged in batch}
    for sale_id, odd in (*reused_numbers(session, batch), *odd_refunds(session, batch)):
        found[sale_id].append(odd)
    record_oddities(session, found, place)
    write_lines(session, [journal_of(judged) for judged in batch])
    return batch


def look_up(session: Session, facts: Sequence[SaleFact], place: Place) -> Known:
    """Everything the rules compare with, in one statement per kind however many facts there are."""
    product_ids = {line.product_id for fact in facts for line in fact.lines}
    histories = prices_of(session, product_ids)
    versions, people = {fact.price_list_version for fact in facts}, {fact.person_id for fact in facts}
    return Known(
        producer_of={product.id: product.producer_id for product in products_for_sale(session, product_ids).values()},
        price_at={
            (product_id, version): price_at(history, version)
            for product_id, history in histories.items()
            for version in versions
        },
        newest_version=current_version(session),
        people=frozenset(known_person_ids(session, people)),
        may_sell_until=may_sell_until(session, people, Scope(place.edition_id, place.booth_id)),
    )


def record_oddities(session: Session, found: Mapping[str, Iterable[Odd]], place: Place) -> None:
    """Put oddities beside their sales; one of each code, the first stays."""
    rows = {
        (sale_id, odd.code): {
            "sale_id": sale_id,
            "code": odd.code,
            "edition_id": place.edition_id,
            "noticed_at": place.received_at,
            "facts": dict(odd.facts),
        }
        for sale_id, oddities in found.items()
        for odd in oddities
    }
    if rows:
        session.execute(insert_new(dialect_of(session), _ODDITY, "sale_id"), list(rows.values()))


def reused_numbers(session: Session, batch: Sequence[Judged]) -> list[tuple[str, Odd]]:
    """Receipt numbers that another sale carries too. A number is a label: both sales stand."""
    wanted = [judged.fact.receipt_number for judged in batch]
    bearers: dict[str, set[str]] = {}
    for number, sale_id in session.execute(_SAME_NUMBER, {"numbers": wanted}):
        bearers.setdefault(number, set()).add(sale_id)
    return [
        (judged.fact.id, Odd("number_reused", {"number": judged.fact.receipt_number}))
        for judged in batch
        if len(bearers[judged.fact.receipt_number]) > 1
    ]


def odd_refunds(session: Session, batch: Sequence[Judged]) -> list[tuple[str, Odd]]:
    """Refunds without a known original, or of more than was sold. Sums over refund lines, never a stored counter."""
    refunds = [judged for judged in batch if judged.fact.kind == "refund"]
    originals = {judged.fact.refund_of for judged in refunds}
    if not originals:
        return []
    sold = _pieces(session, _SOLD_BY_ORIGINAL, originals)
    refunded = _pieces(session, _REFUNDED_BY_ORIGINAL, originals)
    return [
        (judged.fact.id, odd)
        for judged in refunds
        for odd in refund_oddities(
            judged.lines, sold.get(judged.fact.refund_of), refunded.get(judged.fact.refund_of, {})
        )
    ]


def _pieces(session: Session, statement: Any, originals: set[str | None]) -> dict[str | None, dict[str, int]]:
    found: dict[str | None, dict[str, int]] = {}
    for sale_id, product_id, quantity in session.execute(statement, {"originals": sorted(filter(None, originals))}):
        found.setdefault(sale_id, {})[product_id] = int(quantity)
    return found


def add_figures(session: Session, figures: Figures) -> None:
    """Add to the running figures in the transaction of the sale; `verify` computes them again and must agree."""
    hours = [
        dict(zip(("booth_id", "fair_day", "hour", *_HOUR_SUMS), (*key, *sums), strict=True))
        for key, sums in figures.hours.items()
    ]
    products = [
        dict(
            zip(
                ("booth_id", "fair_day", "hour", "product_id", "producer_id", *_PRODUCT_SUMS),
                (*key, *sums),
                strict=True,
            )
        )
        for key, sums in figures.products.items()
    ]
    tenders = [
        dict(zip(("booth_id", "fair_day", "hour", "method", *_TENDER_SUMS), (*key, *sums), strict=True))
        for key, sums in figures.tenders.items()
    ]
    add_up(session, _HOUR, _HOUR_SUMS, hours)
    add_up(session, _PRODUCT, _PRODUCT_SUMS, products)
    add_up(session, _TENDER, _TENDER_SUMS, tenders)


def keep_latest(session: Session, latest: Latest) -> None:
    """Raise what the figures know of their newest receipts; the rows are there, `add_figures` comes first."""
    when = ("booth_", "day_", "hour_")
    hours = [dict(zip(when, key, strict=True), at=at) for key, at in latest.hours.items()]
    goods = []
    for key, last in latest.goods.items():
        name, unit = min(last.names)
        values = {"at": last.last_at, "sold_at": last.last_sold_at, "name_": name, "unit_": unit}
        goods.append(dict(zip((*when, "product", "producer"), key, strict=True)) | values)
    session.execute(_KEEP_HOUR, hours)
    session.execute(_KEEP_GOODS, goods)


def _of_hour(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.booth_id == bindparam("booth_"),
        table.c.fair_day == bindparam("day_"),
        table.c.hour == bindparam("hour_"),
    )


def _later(column: Column[Any], value: BindParameter[Any]) -> ColumnElement[Any]:
    """The later of a stored instant and another; none is earlier than any."""
    return case((value.is_(None), column), (column.is_(None), value), (column < value, value), else_=column)


def _if_newest(column: Column[Any], name: str) -> ColumnElement[Any]:
    newest = or_(_PRODUCT.c.last_at.is_(None), _PRODUCT.c.last_at < bindparam("at", type_=Instant))
    return case((newest, bindparam(name, type_=column.type)), else_=column)


_KEEP_HOUR = (
    update(_HOUR)
    .where(_of_hour(_HOUR))
    .values(last_received_at=_later(_HOUR.c.last_received_at, bindparam("at", type_=Instant)))
)
_KEEP_GOODS = (
    update(_PRODUCT)
    .where(
        _of_hour(_PRODUCT),
        _PRODUCT.c.product_id == bindparam("product"),
        _PRODUCT.c.producer_id == bindparam("producer"),
    )
    .values(
        last_sold_at=_later(_PRODUCT.c.last_sold_at, bindparam("sold_at", type_=Instant)),
        last_at=_later(_PRODUCT.c.last_at, bindparam("at", type_=Instant)),
        name=_if_newest(_PRODUCT.c.name, "name_"),
        unit=_if_newest(_PRODUCT.c.unit, "unit_"),
    )
)
_HOUR_SUMS = ("receipts", "refunds", "sample_receipts", "sold_dong", "refunded_dong")
_PRODUCT_SUMS = ("sold_quantity", "refunded_quantity", "sold_dong", "refunded_dong")
_TENDER_SUMS = ("received_dong", "paid_out_dong")


def sale_row(judged: Judged) -> dict[str, Any]:
    """The row of table `sale`."""
    fact, place = judged.fact, judged.place
    return {
        "id": fact.id,
        "kind": fact.kind,
        "edition_id": place.edition_id,
        "booth_id": place.booth_id,
        "device_id": place.device_id,
        "device_seq": fact.device_seq,
        "person_id": fact.person_id,
        "receipt_number": fact.receipt_number,
        "receipt_token": fact.receipt_token,
        "fair_day": judged.fair_day,
        "hour": judged.hour,
        "sold_at": judged.sold_at,
        "claimed_at": judged.claimed_at,
        "received_at": place.received_at,
        "price_list_version": fact.price_list_version,
        "total_dong": judged.total_dong,
        "claimed_total_dong": fact.total_dong,
        "hash": fact.hash,
        "sample": place.sample,
        "refund_of": fact.refund_of,
        "reason": fact.reason,
    }


def line_rows(judged: Judged) -> list[dict[str, Any]]:
    """The rows of table `sale_line`."""
    return [{"sale_id": judged.fact.id, "line_no": number, **vars(line)} for number, line in enumerate(judged.lines, 1)]


def payment_rows(judged: Judged) -> list[dict[str, Any]]:
    """The rows of table `payment`."""
    return [
        {"sale_id": judged.fact.id, "payment_no": number, **vars(payment)}
        for number, payment in enumerate(judged.fact.payments, 1)
    ]


def movements(judged: Judged) -> list[Moved]:
    """What the sale took from the booth's stock, or a refund brought back to it."""
    back = judged.fact.kind == "refund"
    return [
        Moved(
            booth_id=judged.place.booth_id,
            product_id=line.product_id,
            producer_id=line.producer_id,
            kind=judged.fact.kind,
            quantity=line.quantity if back else -line.quantity,
            subject_id=judged.fact.id,
            at=judged.sold_at,
        )
        for line in judged.lines
    ]


def journal_of(judged: Judged) -> dict[str, Any]:
    """The journal's line about it."""
    return journal_line(
        at=judged.place.received_at,
        verb=f"{judged.fact.kind}_recorded",
        subject=("sale", judged.fact.id),
        facts={"number": judged.fact.receipt_number, "total_dong": judged.total_dong},
        person_id=judged.fact.person_id,
        device_id=judged.place.device_id,
    )
