"""What somebody with a database shell could do to one value, one row or two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any

from sqlalchemy import Integer, Table, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from fair_pos.cash.tables import TillSession, ZEntry, ZReport
from fair_pos.journal.tables import Line
from fair_pos.kernel.ids import new_id
from fair_pos.payments.rules import COUNTED
from fair_pos.payments.tables import Transfer
from fair_pos.plumbing.db import Instant
from fair_pos.sales.tables import GiveawayLine, HourFigure, Oddity, Payment, ProductFigure, Sale, SaleLine
from fair_pos.stock.tables import Movement, ShelfRow
from fair_pos.till.tables import Received
from tests.proof.covered import ADDED, AMOUNTS, TABLES, Row


def rows_of(session: Session, table: Table) -> list[Row]:
    return [dict(row) for row in session.execute(select(table).order_by(*table.primary_key.columns)).mappings()]


def some_row(session: Session, table: Table, chance: Random) -> Row:
    rows = rows_of(session, table)
    undone = {row.get("reverses_id") for row in rows}
    looked_at: dict[str, Callable[[Row], object]] = {
        "device": lambda row: row["command_count"],  # one that has sold
        "quarantined": lambda row: row["seq"],
        "journal_line": lambda row: row["subject_kind"] == "sale",
        "balance": lambda row: row["quantity"],  # a row of nothing and no row are the same
        "cashless_figure": lambda row: row["amount_dong"],
        "confirmation": lambda row: row["id"] not in undone,
        "bank_line": lambda row: row["state"] in COUNTED,
        "hook_event": lambda row: row["outcome"] == "taken",
        "receipt_copy": lambda row: row["device_id"],
    }
    wanted = looked_at.get(table.name)
    return chance.choice([row for row in rows if wanted is None or wanted(row)])


def at(table: Table, row: Row) -> Any:
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


def change(session: Session, table: Table, column: str, row: Row) -> None:
    """One value becomes another that the column may hold."""
    values = {column: another(session, table, column, row[column])}
    if column in {"sale_id", "giveaway_id", "part"} and table.name in ADDED:
        values |= {name: new for name, new in ADDED[table.name].items() if name != "id"}  # the place may be taken there
    session.execute(update(table).where(at(table, row)).values(values))


# Far enough away to meet no other row.
OTHERS: dict[type, Callable[[Any], object]] = {
    bool: lambda value: not value,
    int: lambda value: value + 1000,
    str: lambda value: value[:-1] + ("1" if value[-1:] != "1" else "2"),
    bytes: lambda value: value.replace(b'"transferAmount": ', b'"transferAmount": 1') + b" ",
    list: lambda value: [*value, ["somebody", "else", {}]],
    dict: lambda value: {**value, "more": 1},
    datetime: lambda value: value + timedelta(milliseconds=1),
    date: lambda value: value + timedelta(days=400),
}
# Of a few words the database lets in no others.
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("quarantined", "reason"): ("too_long", "not_json"),
    ("sale", "kind"): ("sale", "refund"),
    ("transfer", "kind"): ("sale", "refund"),
    ("movement", "kind"): ("sale", "refund"),
    ("movement", "place_kind"): ("booth", "store"),
    ("z_entry", "kind"): ("sale", "move"),
    ("giveaway", "purpose"): ("gift", "sample"),
    ("confirmation", "how"): ("person", "hook", "statement"),
    ("cashless_figure", "part"): ("claimed", "confirmed"),
    ("cash_move", "direction"): ("in", "out"),
    ("hook_event", "outcome"): ("ignored", "unreadable"),
}


def another(session: Session, table: Table, column: str, value: object) -> object:
    if (table.name, column) in WORDS:
        return next(word for word in WORDS[table.name, column] if word != value)
    reference = next(iter(table.c[column].foreign_keys), None)
    if reference is not None:
        known = reference.column
        return session.scalars(select(known).where(known != value).order_by(known.desc())).first()
    if value is None and isinstance(table.c[column].type, Instant):
        return datetime(2026, 11, 24, tzinfo=timezone.utc)
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
    if table.name in {"till_opening", "till_closing"}:
        held = {"till_opening": TillSession.opening_id, "till_closing": TillSession.closing_id}[table.name]
        session.execute(delete(TillSession).where(held == row["id"]))
    closing_id = {"till_closing": "id", "z_report": "closing_id"}.get(table.name)
    if closing_id:
        session.execute(delete(ZEntry).where(ZEntry.closing_id == row[closing_id]))
        session.execute(delete(ZReport).where(ZReport.closing_id == row[closing_id]))
    session.execute(delete(table).where(at(table, row)))


def add(session: Session, table: Table, row: Row, **changes: object) -> None:
    """A row beside `row`, like it but for its key and `changes`."""
    session.execute(insert(table).values({**row, **ADDED[table.name], **changes}))


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
    for paid in session.scalars(select(Payment).where(Payment.sale_id == sale["id"])):
        column = "paid_out_dong" if back else "received_dong"
        lower(session, "tender_figure", when | {"method": paid.method}, column, paid.amount_dong)
    for moved in session.scalars(
        select(Movement).where(Movement.subject_id == sale["id"]).order_by(Movement.shelf_no.desc())
    ).all():
        take_out(session, moved)
    remove(session, TABLES["sale"], sale)
    remove(session, TABLES["received"], received)
    return received


def take_out(session: Session, moved: Movement) -> None:
    """A movement vanishes, and its shelf closes the gap in its numbers."""
    shelf = {"place_id": moved.place_id, "product_id": moved.product_id}
    lower(session, "balance", {**shelf, "owner_id": moved.owner_id, "lot_id": moved.lot_id}, "quantity", moved.quantity)
    lower(session, "shelf", shelf, "moves", 1)
    later = select(Movement.id).filter_by(**shelf).where(Movement.shelf_no > moved.shelf_no).order_by(Movement.shelf_no)
    numbers = session.scalars(later).all()
    session.execute(delete(Movement).where(Movement.id == moved.id))
    for number in numbers:
        session.execute(update(Movement).where(Movement.id == number).values(shelf_no=Movement.shelf_no - 1))


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


def next_number(session: Session, place_id: str, product_id: str) -> int:
    """The number that the shelf would give next, given."""
    here = (ShelfRow.place_id == place_id, ShelfRow.product_id == product_id)
    session.execute(update(ShelfRow).where(*here).values(moves=ShelfRow.moves + 1))
    return session.scalars(select(ShelfRow.moves).where(*here)).one()
