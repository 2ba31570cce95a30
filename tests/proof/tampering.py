"""What somebody with a database shell could do to one value, one row or two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any, cast

from sqlalchemy import Integer, Table, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.ids import new_id
from fair_pos.payments.tables import Transfer
from fair_pos.plumbing.db import Instant
from fair_pos.sales.tables import (
    DiscountFigure,
    Giveaway,
    GiveawayLine,
    HourFigure,
    Oddity,
    Payment,
    ProductFigure,
    Sale,
    SaleLine,
    TenderFigure,
)
from fair_pos.stock.tables import Balance, Movement
from fair_pos.till.tables import Device, Quarantined, Received

Row = Mapping[str, Any]

TABLES: dict[str, Table] = {
    model.__tablename__: cast("Table", model.__table__)
    for model in (
        Sale, SaleLine, Payment, Movement, Balance, HourFigure, ProductFigure, TenderFigure, Received, Device, Quarantined,
        DiscountFigure, Giveaway, GiveawayLine, Transfer, Oddity, Line,
    )
}  # fmt: skip

# What a difference may be called when it begins in a table. The first consequence found is named, not always the cause.
NAMED: dict[str, set[str]] = {
    "sale": {"sale"},
    "sale_line": {"sale line", "movement"},  # in a line under another's name the movement tells whose goods they were
    "payment": {"payment"},
    "movement": {"movement", "stock moved by commands"},
    "balance": {"stock balance"},
    "hour_figure": {"hour figure"},
    "product_figure": {"product figure"},
    "tender_figure": {"tender figure"},
    "received": {"command", "sale", "giveaway", "sale line", "device", "oddity"},
    "discount_figure": {"discount figure"},
    "giveaway": {"giveaway"},
    "giveaway_line": {"giveaway line", "movement"},
    "transfer": {"transfer"},
    "oddity": {"oddity", "command"},  # without its note a wrong hash is a command that was changed
    "journal_line": {"journal line"},
    "device": {"device", "sale"},
    "quarantined": {"quarantined parcel", "device"},
}

# Left alone, because:
NOT_PROVEN: dict[str, set[str]] = {
    "sale": {"id"},  # its lines hold on to it; a sale under another id is one deleted and one added
    "giveaway": {"id"},
    "transfer": {"cancelled"},  # a note from the refund that took the sale back
    "movement": {"id"},  # a row's number says nothing
    # How a device is found and heard of. Its beginning, its counters and what its sales copy from it are proven.
    "device": {
        "id", "name", "token_hash", "person_id", "revoked_at", "last_heard_at", "waiting",
        "oldest_waiting_at", "clock_off_ms", "app_version", "storage_persisted",
    },
    # A parcel that nobody can read proves itself and its place. A hash that was wrong when it came may be any other wrong one.
    "quarantined": {"id", "prev_hash", "hash", "detail", "received_at"},
    "journal_line": {"seq"},
}  # fmt: skip


def proven_columns() -> list[tuple[str, str]]:
    return [
        (name, column.name)
        for name, table in TABLES.items()
        for column in table.columns
        if column.name not in NOT_PROVEN.get(name, set())
    ]


def rows_of(session: Session, table: Table) -> list[Row]:
    return [dict(row) for row in session.execute(select(table).order_by(*table.primary_key.columns)).mappings()]


def some_row(session: Session, table: Table, chance: Random) -> Row:
    rows = rows_of(session, table)
    if table.name == "device":  # one that has sold
        rows = [row for row in rows if row["command_count"]]
    if table.name == "quarantined":
        rows = [row for row in rows if row["seq"]]
    if table.name == "journal_line":
        rows = [row for row in rows if row["subject_kind"] == "sale"]
    return chance.choice(rows)


def at(table: Table, row: Row) -> Any:
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


def change(session: Session, table: Table, column: str, row: Row) -> None:
    """One value becomes another that the column may hold."""
    values = {column: another(session, table, column, row[column])}
    if column in {"sale_id", "giveaway_id"}:
        values |= ADDED[table.name]  # its number may be taken at the other sale
    session.execute(update(table).where(at(table, row)).values(values))


# Far enough away to meet no other row.
OTHERS: dict[type, Callable[[Any], object]] = {
    bool: lambda value: not value,
    int: lambda value: value + 1000,
    str: lambda value: value[:-1] + ("1" if value[-1:] != "1" else "2"),
    bytes: lambda value: value + b" ",
    list: lambda value: [*value, ["somebody", "else", {}]],
    dict: lambda value: {**value, "more": 1},
    datetime: lambda value: value + timedelta(milliseconds=1),
    date: lambda value: value + timedelta(days=400),
}


def another(session: Session, table: Table, column: str, value: object) -> object:
    reference = next(iter(table.c[column].foreign_keys), None)
    if reference is not None:
        known = reference.column
        return session.scalars(select(known).where(known != value).order_by(known.desc())).first()
    if value is None and isinstance(table.c[column].type, Instant):
        return datetime(2026, 11, 24, tzinfo=timezone.utc)
    if column == "reason" and table.name == "quarantined":
        return "too_long" if value != "too_long" else "not_json"
    if column == "kind":
        return "refund" if value == "sale" else "sale"
    if column == "purpose":
        return "gift" if value != "gift" else "sample"
    if value is None:
        return 1000 if isinstance(table.c[column].type, Integer) else new_id()
    return OTHERS[type(value)](value)


def remove(session: Session, table: Table, row: Row) -> None:
    """One row, with the rows that cannot stand without it."""
    if table.name == "sale":
        for child in (SaleLine, Payment, Transfer, Oddity):
            session.execute(delete(child).where(child.sale_id == row["id"]))
    if table.name == "giveaway":
        session.execute(delete(GiveawayLine).where(GiveawayLine.giveaway_id == row["id"]))
    session.execute(delete(table).where(at(table, row)))


ADDED: dict[str, dict[str, object]] = {
    "sale": {"id": new_id()},
    "sale_line": {"line_no": 900},
    "payment": {"payment_no": 900},
    "movement": {"id": 10**6},
    "balance": {"product_id": new_id()},
    "hour_figure": {"hour": 24},
    "product_figure": {"product_id": new_id()},
    "tender_figure": {"method": "voucher"},
    "discount_figure": {"borne_by": "nobody"},
    "giveaway": {"id": new_id()},
    "giveaway_line": {"line_no": 900},
    "transfer": {"payment_no": 900},
    "received": {"id": new_id()},
    "quarantined": {"id": 10**6, "digest": "0" * 64},
    "oddity": {"code": "clock_on"},
    "journal_line": {"seq": 10**6},
}


def add(session: Session, table: Table, row: Row, **changes: object) -> None:
    """A row beside `row`, like it but for its key and `changes`."""
    session.execute(insert(table).values({**row, **ADDED[table.name], **changes}))


AMOUNTS = {
    "sale": "total_dong",
    "sale_line": "amount_dong",
    "payment": "amount_dong",
    "movement": "quantity",
    "balance": "quantity",
    "hour_figure": "sold_dong",
    "product_figure": "sold_dong",
    "tender_figure": "received_dong",
    "discount_figure": "given_dong",
    "giveaway": "worth_dong",
    "giveaway_line": "worth_dong",
    "transfer": "amount_dong",
    "received": "text",
}


def swap(session: Session, table: Table) -> None:
    """Two rows exchange their amounts, so that every total stays."""
    column = AMOUNTS[table.name]
    rows = rows_of(session, table)
    one = rows[0]
    other = next(row for row in rows if row[column] != one[column])
    session.execute(update(table).where(at(table, one)).values({column: other[column]}))
    session.execute(update(table).where(at(table, other)).values({column: one[column]}))


def cut_off_last(session: Session, device_id: str) -> Row:
    """The newest command of a device vanishes with all it became; its figures and stock are put right, its counters not."""
    newest = session.execute(
        select(Received.__table__).where(Received.device_id == device_id).order_by(Received.seq.desc()).limit(1)
    ).mappings()
    received = dict(newest.one())
    sale = dict(session.execute(select(Sale.__table__).where(Sale.id == received["id"])).mappings().one())
    when = {"booth_id": sale["booth_id"], "fair_day": sale["fair_day"], "hour": sale["hour"]}
    back = sale["kind"] == "refund"
    lower(session, "hour_figure", when, "refunds" if back else "receipts", 1)
    lower(session, "hour_figure", when, "refunded_dong" if back else "sold_dong", sale["total_dong"])
    for line in session.scalars(select(SaleLine).where(SaleLine.sale_id == sale["id"])):
        goods = {"product_id": line.product_id, "producer_id": line.producer_id}
        lower(session, "product_figure", when | goods, "refunded_quantity" if back else "sold_quantity", line.quantity)
        lower(session, "product_figure", when | goods, "refunded_dong" if back else "sold_dong", line.amount_dong)
        lower(
            session, "balance", {"booth_id": sale["booth_id"], **goods}, "quantity", line.quantity * (1 if back else -1)
        )
    for paid in session.scalars(select(Payment).where(Payment.sale_id == sale["id"])):
        column = "paid_out_dong" if back else "received_dong"
        lower(session, "tender_figure", when | {"method": paid.method}, column, paid.amount_dong)
    session.execute(delete(Movement).where(Movement.subject_id == sale["id"]))
    remove(session, TABLES["sale"], sale)
    remove(session, TABLES["received"], received)
    return received


def lower(session: Session, table_name: str, key: Row, column: str, amount: int) -> None:
    table = TABLES[table_name]
    where = and_(*(table.c[name] == value for name, value in key.items()))
    session.execute(update(table).where(where).values({column: table.c[column] - amount}))


def forget_last(session: Session, sale_id: str, booth_id: str) -> None:
    """What else knows of a sale that `cut_off_last` took away: its journal line, and what figures hold of their newest receipts."""
    session.execute(delete(Line).where(Line.subject_id == sale_id))
    for hour in session.scalars(select(HourFigure).where(HourFigure.booth_id == booth_id)):
        here = and_(Sale.booth_id == booth_id, Sale.fair_day == hour.fair_day, Sale.hour == hour.hour)
        hour.last_received_at = session.scalar(select(func.max(Sale.received_at)).where(here))
        for goods in session.scalars(
            select(ProductFigure).where(
                ProductFigure.booth_id == booth_id,
                ProductFigure.fair_day == hour.fair_day,
                ProductFigure.hour == hour.hour,
            )
        ):
            lines = (
                select(Sale.kind, Sale.sold_at, SaleLine.name, SaleLine.unit)
                .join(SaleLine, SaleLine.sale_id == Sale.id)
                .where(here, SaleLine.product_id == goods.product_id, SaleLine.producer_id == goods.producer_id)
            )
            left = sorted(session.execute(lines.order_by(Sale.sold_at)), key=lambda line: line[1])
            goods.last_at, goods.name, goods.unit = left[-1][1:] if left else (None, None, None)
            goods.last_sold_at = max((line[1] for line in left if line[0] == "sale"), default=None)
    session.flush()
