"""Looking counts up, with what the ledger says should have lain there, and what of missing goods the house owes for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import products_for_sale
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.stock.queries import lying_then, moves_of_subjects
from fair_pos.stocktaking.rules import CountedLine, Part, lines_that_count, lots_apart, missing_step
from fair_pos.stocktaking.tables import CountAdjustment, StockCount, StockCountLine
from fair_pos.venues.queries import get_edition

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class LineState:
    """A counted line beside the ledger, now. Base units or grams; a difference below zero means goods are missing."""

    line_no: int
    line: CountedLine
    counts: bool
    """False when the same goods were counted once more in the same count, later."""
    expected: int
    """Σ of what moved up to the moment of counting, as known now, without what this line had booked; of one that does not count
    its own quantity."""
    booked: int
    borne_by: str
    """Who bears it, once something was booked; empty before."""
    superseded: bool = False
    """The same goods were counted again later, and that count was approved before this one."""
    waits: bool = False
    """An older approved count of the same goods has something left, which comes first."""

    @property
    def variance(self) -> int:
        """Counted less expected."""
        return self.line.quantity - self.expected

    @property
    def left(self) -> int:
        """What of the variance is not booked yet."""
        return self.variance - self.booked

    @property
    def may_book(self) -> bool:
        """Whether there is anything to book now."""
        return self.counts and self.left != 0 and not self.superseded and not self.waits


@dataclass(frozen=True)
class Missing:
    """Goods of one owner that a count found missing (quantity above zero), or found again after all (below). As consignment.WriteOff."""

    note_id: str
    """The booking."""
    number: str
    line_no: int
    owner_id: str
    product_id: str
    name: str
    unit: str
    quantity: int
    grams: bool
    """Whether the quantity is grams."""
    price_dong: int
    """Listed price of a unit or a kilogram when it was first booked as missing: what is found again is worth what it was when it was lost."""
    borne_by: str
    day: date
    photo_id: str | None = None
    place_id: str = ""
    """Where it was counted."""
    rule_day: date | None = None
    """The day on which it was first booked as missing; its rule divides what is found again too."""


def how_many_counts(session: AnySession, edition_id: str) -> int:
    """How many counts an edition has."""
    return session.scalar(select(func.count()).where(StockCount.edition_id == edition_id)) or 0


def counts_of(
    session: AnySession, edition_id: str, *, most: int | None = None, skip: int = 0
) -> list[tuple[StockCount, int]]:
    """Counts of an edition with their number of lines, the newest first; at most `most`, without the first `skip`."""
    lines = select(StockCountLine.count_id, func.count().label("lines")).group_by(StockCountLine.count_id).subquery()
    wanted = (
        select(StockCount, lines.c.lines)
        .join(lines, lines.c.count_id == StockCount.id)
        .where(StockCount.edition_id == edition_id)
        .order_by(StockCount.counted_at.desc(), StockCount.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted.limit(most).offset(skip))]


def get_count(session: AnySession, edition_id: str, count_id: str, *, lock: bool = False) -> StockCount:
    """A count of this edition; `lock` makes a second person who approves it wait. Raises NotFound."""
    wanted = select(StockCount).where(StockCount.id == count_id, StockCount.edition_id == edition_id)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def lines_of(session: AnySession, count_ids: Iterable[str]) -> dict[str, dict[int, CountedLine]]:
    """Count → number → line."""
    wanted = select(StockCountLine).where(StockCountLine.count_id.in_(list(count_ids)))
    found: dict[str, dict[int, CountedLine]] = defaultdict(dict)
    for row in session.scalars(wanted.order_by(StockCountLine.count_id, StockCountLine.line_no)):
        found[row.count_id][row.line_no] = CountedLine(
            row.product_id, row.name, row.unit, row.quantity, row.counted_at, row.lot_id
        )
    return found


def bookings_of(session: AnySession, count_ids: Iterable[str]) -> dict[tuple[str, int], list[CountAdjustment]]:
    """(count, line) → what was booked of it, in order."""
    wanted = select(CountAdjustment).where(CountAdjustment.count_id.in_(list(count_ids)))
    found: dict[tuple[str, int], list[CountAdjustment]] = defaultdict(list)
    for one in session.scalars(wanted.order_by(CountAdjustment.booking_no)):
        found[one.count_id, one.line_no].append(one)
    return found


def states_of(session: AnySession, count: StockCount) -> list[LineState]:
    """The lines of a count in their order, beside the ledger as it is now."""
    return states_of_counts(session, [count])[count.id]


def states_of_counts(session: AnySession, counts: Sequence[StockCount]) -> dict[str, list[LineState]]:
    """Count → its lines as `states_of` has them. Six statements, however many counts there are."""
    if not counts:
        return {}
    lines = lines_of(session, [one.id for one in counts])
    beside = _beside(session, counts, {line.product_id for found in lines.values() for line in found.values()})
    lines |= lines_of(session, [one.id for one in beside])
    approved: dict[str, list[StockCount]] = defaultdict(list)
    for one in (*counts, *beside):
        if one.approved_at is not None:
            approved[one.place_id].append(one)
    others = {count.id: [one for one in approved[count.place_id] if one.id != count.id] for count in counts}
    older = {count.id: [one for one in others[count.id] if _before(lines[one.id], lines[count.id])] for count in counts}
    wanted = {count.id for count in counts} | {one.id for some in older.values() for one in some}
    plain = _plain(session, {count_id: lines[count_id] for count_id in sorted(wanted)})
    return {
        count.id: [
            replace(
                state,
                superseded=count.approved_at is None
                and _counted_again(state.line, (lines[one.id] for one in others[count.id])),
                waits=_older_has_left(state.line, (plain[one.id] for one in older[count.id])),
            )
            for state in plain[count.id]
        ]
        for count in counts
    }


def _counted_again(line: CountedLine, others: Iterable[Mapping[int, CountedLine]]) -> bool:
    """Whether any of these counts has the same goods, later."""
    return any(
        _same_goods(line, one) and one.counted_at > line.counted_at for found in others for one in found.values()
    )


def _older_has_left(line: CountedLine, others: Iterable[Sequence[LineState]]) -> bool:
    """Whether any of these counts has the same goods, earlier, and something of them is not booked."""
    return any(
        _same_goods(line, one.line) and one.line.counted_at < line.counted_at and one.counts and one.left != 0
        for states in others
        for one in states
    )


def _before(found: Mapping[int, CountedLine], lines: Mapping[int, CountedLine]) -> bool:
    """Whether any of these was counted before any of those: only then can something of it come first."""
    return min(one.counted_at for one in found.values()) < max(one.counted_at for one in lines.values())


def _same_goods(one: CountedLine, other: CountedLine) -> bool:
    """Whether two lines speak of the same goods: one without a lot speaks of every lot."""
    return one.product_id == other.product_id and (one.lot_id == other.lot_id or not (one.lot_id and other.lot_id))


def _beside(session: AnySession, counts: Sequence[StockCount], product_ids: set[str]) -> list[StockCount]:
    """Other counts of the same places that speak of the same products."""
    wanted = (
        select(StockCount)
        .join(StockCountLine, StockCountLine.count_id == StockCount.id)
        .where(
            StockCount.place_id.in_({one.place_id for one in counts}),
            StockCount.id.not_in([one.id for one in counts]),
            StockCountLine.product_id.in_(product_ids),
        )
        .distinct()
    )
    return list(session.scalars(wanted))


def _plain(session: AnySession, counts: Mapping[str, Mapping[int, CountedLine]]) -> dict[str, list[LineState]]:
    """The lines of counts beside the ledger, without a look at other counts."""
    moments = (
        select(
            StockCountLine.count_id,
            StockCountLine.line_no,
            StockCount.place_id,
            StockCountLine.product_id,
            StockCountLine.counted_at,
        )
        .join(StockCount, StockCount.id == StockCountLine.count_id)
        .where(StockCountLine.count_id.in_(list(counts)))
    )
    then, bookings = lying_then(session, moments), bookings_of(session, counts)
    found: dict[str, list[LineState]] = {}
    for count_id, lines in counts.items():
        apart, counting = lots_apart(lines.values()), lines_that_count(lines)
        states = found.setdefault(count_id, [])
        for number, line in lines.items():
            lots = then.get((count_id, number), {})
            if number not in counting:
                expected = line.quantity
            elif line.lot_id:
                expected = lots.get(line.lot_id, 0)
            else:  # of the whole product, less the lots that were counted by themselves
                besides = apart.get(line.product_id, frozenset())
                expected = sum(quantity for lot, quantity in lots.items() if lot not in besides)
            booked = bookings.get((count_id, number), [])
            total = sum(one.quantity for one in booked)
            states.append(
                LineState(
                    line_no=number,
                    line=line,
                    counts=number in counting,
                    expected=expected - total,
                    booked=total,
                    borne_by=booked[0].borne_by if booked else "",
                )
            )
    return found


def parts_booked(session: AnySession, adjustment_ids: Sequence[str]) -> dict[str, list[Part]]:
    """Booking → what it moved, by owner and lot."""
    found: dict[str, list[Part]] = {}
    for (subject_id, _line_no), rows in moves_of_subjects(session, adjustment_ids).items():
        found.setdefault(subject_id, []).extend(Part(row.owner_id, row.lot_id, row.quantity) for row in rows)
    return found


def missing_of(session: AnySession, edition_id: str) -> list[Missing]:
    """Missing goods of all approved counts of an edition by owner, in the order in which they were booked.

    `note_id` and `line_no` together name a part once and for ever. Goods found beyond the books owe nobody anything.
    """
    wanted = (
        select(CountAdjustment, StockCountLine, StockCount.place_id)
        .join(StockCount, StockCount.id == CountAdjustment.count_id)
        .join(
            StockCountLine,
            (StockCountLine.count_id == CountAdjustment.count_id) & (StockCountLine.line_no == CountAdjustment.line_no),
        )
        .where(StockCount.edition_id == edition_id)
        .order_by(CountAdjustment.booked_at, CountAdjustment.id)
    )
    found = session.execute(wanted).all()
    places = {row[0].id: row[2] for row in found}
    rows = [(row[0], row[1]) for row in found]
    parts = parts_booked(session, [one.id for one, _line in rows])
    goods = products_for_sale(session, {line.product_id for _one, line in rows})
    boundary = get_edition(session, edition_id).day_boundary_minutes
    sums: dict[tuple[str, int, str], int] = defaultdict(int)
    began: dict[tuple[str, int, str], CountAdjustment] = {}
    missing = []
    ordered = sorted(rows, key=lambda row: (row[0].booked_at, row[0].booking_no, row[0].id))
    for one, line in ordered:
        by_owner: dict[str, int] = defaultdict(int)
        for part in parts.get(one.id, []):
            by_owner[part.owner_id] += part.quantity
        for number, owner_id in enumerate(sorted(by_owner), 1):
            key = (one.count_id, one.line_no, owner_id)
            before, after = sums[key], sums[key] + by_owner[owner_id]
            sums[key] = after
            step = missing_step(before, after)
            if step:
                known, lost = goods.get(line.product_id), began.setdefault(key, one)
                missing.append(
                    Missing(
                        note_id=one.id,
                        number=count_number(line.count_id),
                        line_no=number,
                        owner_id=owner_id,
                        product_id=line.product_id,
                        name=line.name,
                        unit=line.unit,
                        quantity=step,
                        grams=known is not None and known.sold_by == "weight",
                        price_dong=lost.price_dong,
                        borne_by=one.borne_by,
                        day=fair_day(one.booked_at, boundary),
                        place_id=places[one.id],
                        rule_day=fair_day(lost.booked_at, boundary),
                    )
                )
    return missing


def count_number(count_id: str) -> str:
    """How a count is called on paper: counts are made on tablets without a network, where nobody hands out numbers in a row."""
    return f"KH-{count_id[-6:].upper()}"
