"""Writing the running figures: sums and what is newest, in the transaction of the sale that they grow with."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BindParameter, Column, ColumnElement, Table, and_, bindparam, case, or_, update
from sqlalchemy.orm import Session

from fair_pos.plumbing.db import Instant, add_up
from fair_pos.sales.figures import Figures
from fair_pos.sales.latest import Latest
from fair_pos.sales.tables import DiscountFigure, HourFigure, ProductFigure, TenderFigure

_HOUR = cast("Table", HourFigure.__table__)
_PRODUCT = cast("Table", ProductFigure.__table__)
_TENDER = cast("Table", TenderFigure.__table__)
_DISCOUNT = cast("Table", DiscountFigure.__table__)


def add_figures(session: Session, figures: Figures) -> None:
    """Add to the running figures in the transaction of the sale; `verify` computes them again and must agree."""
    for table, keys, names, sums in (
        (_HOUR, (), _HOUR_SUMS, figures.hours),
        (_PRODUCT, ("product_id", "producer_id"), _PRODUCT_SUMS, figures.products),
        (_TENDER, ("method",), _TENDER_SUMS, figures.tenders),
        (_DISCOUNT, ("producer_id", "borne_by"), _DISCOUNT_SUMS, figures.discounts),
    ):
        columns = ("booth_id", "fair_day", "hour", *keys, *names)
        rows = [dict(zip(columns, (*key, *amounts), strict=True)) for key, amounts in sums.items()]
        add_up(session, table, names, rows)


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
_HOUR_SUMS = ("receipts", "refunds", "sample_receipts", "sold_dong", "refunded_dong", "rounding_dong")
_PRODUCT_SUMS = ("sold_quantity", "refunded_quantity", "sold_dong", "refunded_dong")
_TENDER_SUMS = ("received_dong", "paid_out_dong")
_DISCOUNT_SUMS = ("given_dong", "taken_back_dong")
