"""Counts: what tablets report is stored, what the office enters is checked, and variances are booked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version, hold_catalogue
from fair_pos.catalogue.queries import ProductFact, current_version, prices_of, products_for_sale
from fair_pos.catalogue.rules import price_at
from fair_pos.journal.actions import write_lines
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.people.queries import known_person_ids
from fair_pos.sales.actions import record_oddities
from fair_pos.sales.facts import Odd, Place
from fair_pos.stock.actions import hold_shelves, record_movements
from fair_pos.stock.facts import LOTLESS, Moved
from fair_pos.stock.queries import balances_at, lots_by_id, moves_of_shelf, places_of
from fair_pos.stocktaking import refusals
from fair_pos.stocktaking.queries import LineState, bookings_of, get_count, lines_of, parts_booked, states_of
from fair_pos.stocktaking.rows import approved_line, booked_line, count_line, count_row, entered_line, line_rows
from fair_pos.stocktaking.rules import (
    BEARERS,
    MOST_LINES,
    CountFact,
    JudgedCount,
    KnownGoods,
    Lying,
    Part,
    judge_count,
    lots_apart,
    parts_found,
    parts_missing,
)
from fair_pos.stocktaking.tables import CountAdjustment, StockCount, StockCountLine
from fair_pos.venues.queries import get_edition
from fair_pos.venues.refusals import FieldTooLong

_COUNT = cast("Table", StockCount.__table__)
_LINE = cast("Table", StockCountLine.__table__)
_ADJUSTMENT = cast("Table", CountAdjustment.__table__)
CLOCK_TOLERANCE = timedelta(minutes=2)

# --- counts of tablets ------------------------------------------------------------------------------------------------


def record_counts(
    session: Session, facts: Sequence[CountFact], place: Place, also: Mapping[str, Iterable[Odd]]
) -> list[JudgedCount]:
    """Store counts as they were reported, with what is odd about them. Nothing moves. As record_sales otherwise."""
    if not facts:
        return []
    people = frozenset(known_person_ids(session, {fact.person_id for fact in facts}))
    known = look_up(session, facts, place)
    batch = [judge_count(fact, place, people, known, also.get(fact.id, ())) for fact in facts]
    session.execute(insert(_COUNT), [count_row(judged) for judged in batch])
    session.execute(insert(_LINE), [row for judged in batch for row in line_rows(judged)])
    record_oddities(session, {judged.fact.id: judged.oddities for judged in batch}, place)
    write_lines(session, [count_line(judged) for judged in batch])
    return batch


def look_up(session: Session, facts: Sequence[CountFact], place: Place) -> KnownGoods:
    """What the rules compare counts with, in one statement per kind however many there are."""
    lines = [line for fact in facts for line in fact.lines]
    products = {line.product_id for line in lines}
    lots = lots_by_id(session, {line.lot_id for line in lines if line.lot_id})
    moved = moved_here(session, place.booth_id, {line.key for line in lines if line.quantity})
    goods = products_for_sale(session, products)
    return KnownGoods(
        products=frozenset(goods),
        lots={lot_id: lot.product_id for lot_id, lot in lots.items()},
        moved=moved,
        weighed=frozenset(one.id for one in goods.values() if one.sold_by == "weight"),
    )


def moved_here(session: Session, place_id: str, wanted: AbstractSet[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the (product, lot) that ever came to a place or left it; lot «» stands for the product as a whole.

    Most lie there. Only of those that do not the ledger is read, product by product.
    """
    lying = {(one.product_id, one.lot_id) for one in balances_at(session, [place_id])}
    found = lying | {(product, "") for product, _lot in lying}
    for product in sorted({product for product, _lot in wanted - found}):
        moves = moves_of_shelf(session, place_id, product)
        found |= {(product, one.lot_id) for one in moves} | ({(product, "")} if moves else set())
    return frozenset(found & wanted)


# --- counts entered at a page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entered:
    """A line as a person typed it; base units or grams."""

    product_id: str
    quantity: int
    lot_id: str = ""


def enter_count(
    session: Session,
    edition_id: str,
    place_id: str,
    lines: Sequence[Entered],
    *,
    counted_at: datetime,
    note: str,
    at: datetime,
    by: str,
) -> str:
    """A count made on paper. Raises NotFound, CountEmpty, CountTooLong, CountedTimeWrong, CountLotUnknown, FieldTooLong."""
    place = next((one for one in places_of(session, edition_id) if one.id == place_id), None)
    if place is None:
        raise NotFound
    if not lines:
        raise refusals.CountEmpty
    if len(lines) > MOST_LINES:
        raise refusals.CountTooLong(most=MOST_LINES)
    if len(clean(note)) > 300:
        raise FieldTooLong(field="note", most=300)
    edition = get_edition(session, edition_id)
    first = datetime(edition.starts_day.year, edition.starts_day.month, edition.starts_day.day, tzinfo=at.tzinfo)
    if not min(edition.created_at, first) - timedelta(days=31) <= counted_at <= at + CLOCK_TOLERANCE:
        raise refusals.CountedTimeWrong
    goods = products_for_sale(session, {one.product_id for one in lines})
    lots = lots_by_id(session, {one.lot_id for one in lines if one.lot_id})
    for one in lines:
        if one.product_id not in goods:
            raise NotFound
        if one.lot_id and (one.lot_id not in lots or lots[one.lot_id].product_id != one.product_id):
            raise refusals.CountLotUnknown(name=goods[one.product_id].name)
    count = {
        "id": new_id(),
        "edition_id": edition_id,
        "place_id": place.id,
        "place_kind": place.kind,
        "device_id": None,
        "person_id": by,
        "fair_day": fair_day(counted_at, edition.day_boundary_minutes),
        "counted_at": counted_at,
        "received_at": at,
        "note": clean(note),
    }
    rows = [
        {
            "count_id": count["id"],
            "line_no": number,
            "product_id": one.product_id,
            "lot_id": one.lot_id,
            "name": goods[one.product_id].name,
            "unit": goods[one.product_id].unit,
            "quantity": one.quantity,
            "counted_at": counted_at,
        }
        for number, one in enumerate(lines, 1)
    ]
    session.execute(insert(_COUNT), [count])
    session.execute(insert(_LINE), rows)
    write_lines(session, [entered_line(count, rows)])
    return str(count["id"])


# --- booking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Approval:
    """What a person says of a count: the differences they saw by line, why they came about, and who bears what is missing."""

    seen: Mapping[int, int]
    reason: str
    borne_by: str


def book_count(
    session: Session, edition_id: str, count_id: str, approval: Approval, *, at: datetime, by: str
) -> list[str]:
    """Approve a count: book the difference of each line that was seen, dated when it was counted; the ids of the bookings.

    The same again books what came late since. A line whose difference is another by now is not booked unseen. A line that had
    something booked keeps its bearer. Raises NotFound and the refusals about counts.
    """
    hold_catalogue(session)  # before the shelves, as notes do: taken after them, each waits for the other
    count = get_count(session, edition_id, count_id, lock=True)
    lines = lines_of(session, [count.id])[count.id]
    # What is seen from here on stays so until it is booked: a sale in between would take the lot that we are about to choose.
    hold_shelves(session, {(count.place_id, lines[number].product_id) for number in approval.seen if number in lines})
    states = {state.line_no: state for state in states_of(session, count)}
    chosen = [_chosen(states, number, seen) for number, seen in sorted(approval.seen.items())]
    open_lines = [state for state in states.values() if state.may_book]
    if not chosen and (open_lines or count.approved_at is not None):
        raise refusals.CountBooked if not open_lines else refusals.CountEmpty
    reason = clean(approval.reason)
    if chosen and not reason:
        raise refusals.CountReasonMissing
    if len(reason) > 300:
        raise FieldTooLong(field="reason", most=300)
    if any(not state.borne_by for state in chosen) and approval.borne_by not in BEARERS:
        raise refusals.CountBearerMissing
    if count.approved_at is None:
        count.approved_at, count.approved_by = at, by
        session.flush()
        write_lines(session, [approved_line(count.id, len(chosen), at=at, by=by)])
    return _book(session, count, list(states.values()), chosen, reason, approval.borne_by, at=at, by=by)


def _chosen(states: Mapping[int, LineState], number: int, seen: int) -> LineState:
    """A line that may be booked as it was seen."""
    state = states.get(number)
    if state is None or not state.counts:
        raise NotFound
    name = state.line.name
    if state.superseded:
        raise refusals.CountSuperseded(name=name)
    if state.waits:
        raise refusals.CountOlderFirst(name=name)
    if state.left == 0:
        raise refusals.CountBooked
    if state.left != seen:
        raise refusals.CountChanged(name=name)
    return state


def _book(
    session: Session,
    count: StockCount,
    states: Sequence[LineState],
    chosen: Sequence[LineState],
    reason: str,
    borne_by: str,
    *,
    at: datetime,
    by: str,
) -> list[str]:
    if not chosen:
        return []
    before = bookings_of(session, [count.id])
    products = {state.line.product_id for state in chosen}
    goods, prices, version = (
        products_for_sale(session, products),
        prices_of(session, products),
        current_version(session),
    )
    apart = lots_apart(state.line for state in states)
    lying = lying_at(session, count.place_id)
    rows, moved = [], []
    for state in chosen:
        line, earlier = state.line, before.get((count.id, state.line_no), [])
        row = {
            "id": new_id(),
            "count_id": count.id,
            "line_no": state.line_no,
            "booking_no": len(earlier) + 1,
            "quantity": state.left,
            "price_dong": price_at(prices.get(line.product_id, ()), version) or 0,
            "borne_by": state.borne_by or borne_by,
            "reason": reason,
            "booked_at": at,
            "booked_by": by,
        }
        rows.append(row)
        owner_id = owner_of(session, state, goods, lying)
        if state.left < 0:
            parts = parts_missing(
                -state.left, lying.get(line.product_id, []), apart.get(line.product_id, ()), line.lot_id, owner_id
            )
            sign = -1
        else:
            missed = still_missing(session, [one.id for one in earlier])
            parts, sign = parts_found(state.left, missed, line.lot_id, owner_id), 1
        moved += [
            Moved(
                place_id=count.place_id,
                place_kind=count.place_kind,
                product_id=line.product_id,
                owner_id=part.owner_id,
                kind="count",
                quantity=sign * part.quantity,
                subject_id=str(row["id"]),
                line_no=state.line_no,
                at=line.counted_at,
                lot_id=part.lot_id or LOTLESS,
            )
            for part in parts
        ]
    session.execute(insert(_ADJUSTMENT), rows)
    record_movements(session, moved, at)
    write_lines(session, [booked_line(row) for row in rows])
    if count.place_kind == "booth":
        bump_version(session, "count", at)
    return [str(row["id"]) for row in rows]


def lying_at(session: Session, place_id: str) -> dict[str, list[Lying]]:
    """Product → what lies at a place by owner and lot."""
    held = balances_at(session, [place_id])
    lots = lots_by_id(session, {one.lot_id for one in held if one.lot_id})
    lying: dict[str, list[Lying]] = {}
    for one in held:
        lot = lots.get(one.lot_id)
        lying.setdefault(one.product_id, []).append(
            Lying(
                one.owner_id,
                one.lot_id,
                one.quantity,
                lot.expires_day if lot else None,
                lot.received_day if lot else None,
            )
        )
    return lying


def owner_of(
    session: Session, state: LineState, goods: Mapping[str, ProductFact], lying: Mapping[str, Sequence[Lying]]
) -> str:
    """Whose a line's goods are: its lot's owner, else the maker; of goods in no catalogue whoever has had such goods there.

    Raises CountLotUnknown, CountOwnerUnknown.
    """
    line = state.line
    if line.lot_id:
        lot = lots_by_id(session, {line.lot_id}).get(line.lot_id)
        if lot is None or lot.product_id != line.product_id:
            raise refusals.CountLotUnknown(name=line.name)
        return lot.owner_id
    known = goods.get(line.product_id)
    if known is not None:
        return known.producer_id
    owners = sorted({one.owner_id for one in lying.get(line.product_id, [])})
    if len(owners) != 1:
        raise refusals.CountOwnerUnknown(name=line.name)
    return owners[0]


def still_missing(session: Session, adjustment_ids: Sequence[str]) -> list[Part]:
    """What a line's bookings have made missing and not found again, by owner and lot, above zero, in the order of booking."""
    sums: dict[tuple[str, str], int] = {}
    booked = parts_booked(session, adjustment_ids) if adjustment_ids else {}
    for adjustment_id in adjustment_ids:
        for part in booked.get(adjustment_id, []):
            sums[part.owner_id, part.lot_id] = sums.get((part.owner_id, part.lot_id), 0) - part.quantity
    return [Part(owner, lot, quantity) for (owner, lot), quantity in sums.items() if quantity > 0]
