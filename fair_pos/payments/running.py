"""Keeping the running figures of money that is not cash, in the transaction that moves it."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, or_, select, text, update
from sqlalchemy.orm import Session

from fair_pos.payments.figures import Key, confirmed_of, family_figures, family_of
from fair_pos.payments.tables import CashlessFigure, Transfer
from fair_pos.plumbing.db import add_up, dialect_of

_TRANSFER = cast("Table", Transfer.__table__)
_FIGURE = cast("Table", CashlessFigure.__table__)
_KEYS = ("booth_id", "fair_day", "hour", "part", "account_id", "producer_id")
CHUNK = 400
_LOCKS = 256
_HOLD = text("select pg_advisory_xact_lock(:kind, key) from unnest(cast(:keys as int[])) as key")
_SALES, _CODES = 7713, 7714
_SET_CONFIRMED = (
    update(_TRANSFER)
    .where(_TRANSFER.c.sale_id == bindparam("sale"), _TRANSFER.c.payment_no == bindparam("number"))
    .values(confirmed_dong=bindparam("confirmed"))
)


def count_again(session: Session, sale_ids: Iterable[str]) -> None:
    """Bring the figures up to date with the transfers of these sales and of the refunds of them.

    Called after whatever changes one: a sale or refund came, money came, a confirmation was undone. A row's `confirmed_dong`
    says what of it is in the figures already, so counting again changes nothing.
    """
    wanted = sorted(set(sale_ids))
    hold_sales(session, wanted)
    figures: dict[Key, int] = defaultdict(int)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        its_own = and_(_TRANSFER.c.kind == "sale", _TRANSFER.c.sale_id.in_(some))
        rows = session.execute(select(_TRANSFER).where(or_(its_own, _TRANSFER.c.refund_of.in_(some)))).all()
        families: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            families[family_of(row)].append(row)
        changed = []
        for family in families.values():
            now = confirmed_of(family)
            for key, amount in family_figures(family, now).items():
                figures[key] += amount
            counted = [row for row in family if row.confirmed_dong is not None]
            before = {(row.sale_id, row.payment_no): row.confirmed_dong for row in counted}
            for key, amount in family_figures(counted, before).items():
                figures[key] -= amount
            changed += [
                {"sale": sale_id, "number": number, "confirmed": amount}
                for (sale_id, number), amount in now.items()
                if before.get((sale_id, number)) != amount
            ]
        if changed:
            session.execute(_SET_CONFIRMED, changed)
    add_figures(session, figures)


def add_figures(session: Session, figures: Mapping[Key, int]) -> None:
    """Add to the figures; `verify` makes them again from the rows and must agree."""
    rows = [dict(zip(_KEYS, key, strict=True)) | {"amount_dong": amount} for key, amount in figures.items() if amount]
    add_up(session, _FIGURE, ("amount_dong",), rows)


def hold_sales(session: Session, sale_ids: Iterable[str]) -> None:
    """One at a time for each sale, until the transaction ends: its refund, or the word that its money came, may arrive on another
    tablet before it is here itself, when there is no row to lock.
    """
    _hold(session, _SALES, sale_ids)


def hold_codes(session: Session, codes: Iterable[str]) -> None:
    """One at a time for each code, until the transaction ends: money and the sale it is for may come at once, when neither can
    see the other yet and nobody would look again. Before `hold_sales`, as whoever matches money counts sales last.
    """
    _hold(session, _CODES, codes)


def _hold(session: Session, kind: int, names: Iterable[str]) -> None:
    """A few locks stand for all names, so that a long statement does not use up what PostgreSQL has. On SQLite one writes at a time."""
    keys = sorted({zlib.crc32(one.encode()) % _LOCKS for one in names})
    if keys and dialect_of(session) == "postgresql":
        session.execute(_HOLD, {"kind": kind, "keys": keys})
