"""Counts of goods made again from their commands, those of pages from the journal, and what was booked beside what it moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from fair_pos.catalogue.tables import Product
from fair_pos.journal.tables import Line
from fair_pos.proof.heard import AnySession, Heard, by_id, grouped, same_rows, table_of
from fair_pos.proof.rules import Difference, Differs, same, same_fields
from fair_pos.proof.then import look_back
from fair_pos.proof.witnesses import check_line_count, check_lines, check_recomputed
from fair_pos.stock.tables import Movement
from fair_pos.stocktaking.rows import booked_line, count_line, count_row, entered_line, line_rows
from fair_pos.stocktaking.rules import CountFact, KnownGoods, judge_count
from fair_pos.stocktaking.tables import CountAdjustment, StockCount, StockCountLine
from fair_pos.till.parcels import count_fact_of

_COUNT, _LINE, _ADJUSTMENT = table_of(StockCount), table_of(StockCountLine), table_of(CountAdjustment)


class Counts:
    """Checks the commands `stock_counted`, what people counted at pages, and the bookings of both."""

    def __init__(self) -> None:
        self.count = 0

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """Each is the rows that its command makes. Raises Differs."""
        facts = [count_fact_of(one.opened) for one in some]
        then, born = look_back(session, facts), _products(session, facts)
        ids = [one.id for one in some]
        counts, lines = by_id(session, _COUNT, ids), grouped(session, _LINE, "count_id", ids, "line_no")
        told = []
        for one, fact in zip(some, facts, strict=True):
            young = "product_unknown" in one.noted
            known = {id_ for id_, at in born.items() if not (young and at > one.place.received_at)}
            # What had moved when it arrived is known from arrival alone, and so are lots: their oddities are found, not made again.
            goods = KnownGoods(known, {}, frozenset())
            judged = judge_count(fact, one.place, then.people_known(one.noted, one.place.received_at), goods)
            check_recomputed(one.id, judged.oddities, one.noted)
            if one.id not in counts:
                same("count", one.id, "row", None, "a count")
                continue
            same_fields("count", one.id, counts[one.id], count_row(judged))
            same_rows("count line", one.id, lines[one.id], line_rows(judged))
            told.append(count_line(judged))
        check_lines(session, told)
        self.count += len(some)

    def finish(self, session: AnySession) -> None:
        """Tablets' counts are those of commands; all else stands in the journal, and bookings moved what they say. Raises Differs."""
        by_tablet = select(func.count()).where(StockCount.device_id.is_not(None))
        same("count", "of tablets", "number of rows", session.scalar(by_tablet), self.count)
        check_line_count(session, ("stock_counted",), self.count)
        _check_entered(session)
        _check_booked(session)


def _products(session: AnySession, facts: Sequence[CountFact]) -> dict[str, Any]:
    named = {line.product_id for fact in facts for line in fact.lines}
    return dict(session.execute(select(Product.id, Product.created_at).where(Product.id.in_(named))).all())


def _check_entered(session: AnySession) -> None:
    """No command stands for a count that was entered at a page: its line in the journal carries a digest of it."""
    entered = [
        dict(row)
        for row in session.execute(select(_COUNT).where(_COUNT.c.device_id.is_(None)).order_by(_COUNT.c.id)).mappings()
    ]
    lines = grouped(session, _LINE, "count_id", [one["id"] for one in entered], "line_no")
    check_lines(session, [entered_line(one, lines[one["id"]]) for one in entered])
    check_line_count(session, ("stock_count_entered",), len(entered))


def _check_booked(session: AnySession) -> None:
    """Every booking has its line, a number in a row of its count line, and movements that add up to it at its place and moment."""
    rows = [dict(row) for row in session.execute(select(_ADJUSTMENT).order_by(_ADJUSTMENT.c.id)).mappings()]
    check_lines(session, [booked_line(row) for row in rows])
    check_line_count(session, ("count_booked",), len(rows))
    numbers: Counter[tuple[str, int]] = Counter()
    highest: Counter[tuple[str, int]] = Counter()
    for row in rows:
        key = (row["count_id"], row["line_no"])
        numbers[key] += 1
        highest[key] = max(highest[key], row["booking_no"])
    same("count booking", "all", "numbers in a row", dict(highest), dict(numbers))
    of_line = (StockCountLine.count_id == CountAdjustment.count_id) & (
        StockCountLine.line_no == CountAdjustment.line_no
    )
    booked = (
        select(CountAdjustment, StockCountLine, StockCount)
        .join(StockCountLine, of_line)
        .join(StockCount, StockCount.id == CountAdjustment.count_id)
    )
    wanted: dict[tuple[Any, ...], int] = {
        (
            one.id,
            count.place_id,
            count.place_kind,
            line.product_id,
            one.line_no,
            line.counted_at,
            one.booked_at,
        ): one.quantity
        for one, line, count in session.execute(booked)
    }
    columns = (
        Movement.subject_id, Movement.place_id, Movement.place_kind, Movement.product_id, Movement.line_no, Movement.at,
        Movement.recorded_at,
    )  # fmt: skip
    sums = select(*columns, func.sum(Movement.quantity)).where(Movement.kind == "count").group_by(*columns)
    moved: dict[tuple[Any, ...], int] = {tuple(row[:-1]): int(row[-1]) for row in session.execute(sums)}
    for key in sorted({*wanted, *moved}, key=str):
        same("count booking", key[0], "goods moved", moved.get(key), wanted.get(key))
    # Approved is a count with bookings, or one that was found without a difference; never one with bookings and no name.
    nameless = select(StockCount.id).where(
        StockCount.approved_at.is_(None), StockCount.id.in_(select(CountAdjustment.count_id))
    )
    for count_id in session.scalars(nameless.limit(1)):
        raise Differs(Difference("count", count_id, "approval", "none", "a booking"))
    # Whoever approved it booked or wrote something: the journal has each of both.
    approvals = session.execute(
        select(StockCount.id, StockCount.approved_at, StockCount.approved_by).where(StockCount.approved_at.is_not(None))
    ).all()
    told = {
        (line.subject_id, line.at, line.person_id)
        for line in session.scalars(select(Line).where(Line.verb == "count_approved"))
    }
    same("count", "approved", "journal lines", sorted(told, key=str), sorted(map(tuple, approvals), key=str))
