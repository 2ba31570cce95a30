"""Recording what was sold and given back. Core statements prepared once: the ORM costs 2.6 times as much on this path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import current_version, pack_prices_of, packs_for_sale, prices_of, products_for_sale
from fair_pos.catalogue.rules import price_at
from fair_pos.journal.actions import write_lines
from fair_pos.people.queries import TillRights, known_person_ids, may_sell_until, people_with, rights_at
from fair_pos.people.rules import Scope
from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.sales.facts import GiveawayFact, Goods, Judged, JudgedGiveaway, Known, Odd, Place, SaleFact
from fair_pos.sales.figures import figures_of
from fair_pos.sales.latest import latest_of
from fair_pos.sales.lots import lot_oddities
from fair_pos.sales.returns import WHOLE, Amount, refund_oddities
from fair_pos.sales.rows import (
    giveaway_journal_of,
    giveaway_line_rows,
    giveaway_movements,
    giveaway_row,
    is_set_aside,
    journal_of,
    line_rows,
    movements,
    payment_rows,
    sale_row,
)
from fair_pos.sales.rules import judge, judge_giveaway, signers_of
from fair_pos.sales.running import add_figures, keep_latest
from fair_pos.sales.tables import Giveaway, GiveawayLine, Oddity, Payment, Sale, SaleLine
from fair_pos.stock.actions import damaged_place, record_movements
from fair_pos.stock.facts import Lot, Recorded
from fair_pos.stock.queries import lots_by_id, sets_aside
from fair_pos.venues.queries import get_edition

_SALE = cast("Table", Sale.__table__)
_LINE = cast("Table", SaleLine.__table__)
_PAYMENT = cast("Table", Payment.__table__)
_GIVEAWAY = cast("Table", Giveaway.__table__)
_GIVEAWAY_LINE = cast("Table", GiveawayLine.__table__)
_ODDITY = cast("Table", Oddity.__table__)

_INSERT_SALE = insert(_SALE)
_INSERT_LINE = insert(_LINE)
_INSERT_PAYMENT = insert(_PAYMENT)
_SAME_NUMBER = select(_SALE.c.receipt_number, _SALE.c.id).where(
    _SALE.c.receipt_number.in_(bindparam("numbers", expanding=True))
)
_BASE_QUANTITY = _LINE.c.quantity * func.coalesce(_LINE.c.grams, _LINE.c.pack_size)
_OF_ORIGINAL = _SALE.c.id.in_(bindparam("originals", expanding=True)), _SALE.c.kind == "sale"
_OF_REFUNDS = _SALE.c.refund_of.in_(bindparam("originals", expanding=True)), _SALE.c.kind == "refund"
_WHOLE: tuple[Any, Any] = (literal(WHOLE), literal(0))
_SOLD_BY_ORIGINAL = union_all(
    select(_SALE.c.id, _LINE.c.product_id, func.sum(_BASE_QUANTITY), func.sum(_LINE.c.amount_dong))
    .join(_LINE, _LINE.c.sale_id == _SALE.c.id)
    .where(*_OF_ORIGINAL)
    .group_by(_SALE.c.id, _LINE.c.product_id),
    select(_SALE.c.id, *_WHOLE, _SALE.c.total_dong).where(*_OF_ORIGINAL),
)
_REFUNDED_BY_ORIGINAL = union_all(
    select(_SALE.c.refund_of, _LINE.c.product_id, func.sum(_BASE_QUANTITY), func.sum(_LINE.c.amount_dong))
    .join(_LINE, _LINE.c.sale_id == _SALE.c.id)
    .where(*_OF_REFUNDS)
    .group_by(_SALE.c.refund_of, _LINE.c.product_id),
    select(_SALE.c.refund_of, *_WHOLE, func.sum(_SALE.c.total_dong)).where(*_OF_REFUNDS).group_by(_SALE.c.refund_of),
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
    damaged_at = place_for_damaged(session, batch, place)
    told = [one for judged in batch for one in movements(judged, damaged_at)]
    moved = record_movements(session, told, place.received_at)
    add_figures(session, figures)
    keep_latest(session, latest_of(batch))
    found = {judged.fact.id: list(judged.oddities) for judged in batch}
    lots = lots_of(session, batch, moved)
    for judged in batch:
        if judged.fact.kind == "sale":
            found[judged.fact.id] += lot_oddities(judged.fact.id, judged.lines, judged.fair_day, moved, lots)
    for sale_id, odd in (*reused_numbers(session, batch), *odd_refunds(session, batch)):
        found[sale_id].append(odd)
    record_oddities(session, found, place)
    write_lines(session, [journal_of(judged) for judged in batch])
    return batch


def place_for_damaged(session: Session, batch: Iterable[Judged], place: Place) -> str:
    """Where goods that came back damaged are set aside; empty when none did. Asked for only by the few refunds that need it."""
    if not any(is_set_aside(judged) for judged in batch) or not sets_aside(session, place.received_at):
        return ""
    return damaged_place(session, place.booth_id, place.received_at)


def record_giveaways(
    session: Session, facts: Sequence[GiveawayFact], place: Place, also: Mapping[str, Iterable[Odd]]
) -> list[JudgedGiveaway]:
    """Store what was given away: goods leave the stock, and no figure of sales is touched. As record_sales otherwise."""
    if not facts:
        return []
    known = look_up(session, facts, place)
    batch = [judge_giveaway(fact, place, known, also.get(fact.id, ())) for fact in facts]
    session.execute(insert(_GIVEAWAY), [giveaway_row(judged) for judged in batch])
    session.execute(insert(_GIVEAWAY_LINE), [row for judged in batch for row in giveaway_line_rows(judged)])
    moved = record_movements(
        session, [one for judged in batch for one in giveaway_movements(judged)], place.received_at
    )
    found = {judged.fact.id: list(judged.oddities) for judged in batch}
    lots = lots_of(session, batch, moved)
    for judged in batch:
        if judged.fact.purpose != "damaged":  # what has expired is thrown away
            day = judged.settled.fair_day
            found[judged.fact.id] += lot_oddities(judged.fact.id, judged.lines, day, moved, lots)
    record_oddities(session, found, place)
    write_lines(session, [giveaway_journal_of(judged) for judged in batch])
    return batch


def lots_of(session: Session, batch: Sequence[Judged | JudgedGiveaway], moved: Iterable[Recorded]) -> dict[str, Lot]:
    """The lots that goods came out of or that lines name; asked for only where there are any."""
    named = {line.lot_id for judged in batch for line in judged.lines if line.lot_id}
    wanted = named | {one.lot_id for one in moved if one.lot_id}
    return lots_by_id(session, wanted) if wanted else {}


def look_up(session: Session, facts: Sequence[SaleFact | GiveawayFact], place: Place) -> Known:
    """Everything the rules compare with, in one statement per kind however many facts there are."""
    lines = [line for fact in facts for line in fact.lines]
    product_ids, pack_ids = {line.product_id for line in lines}, {line.pack_id for line in lines if line.pack_id}
    histories = prices_of(session, product_ids)
    versions, people = {fact.price_list_version for fact in facts}, {fact.person_id for fact in facts}
    if pack_ids:
        histories |= pack_prices_of(session, pack_ids)
    # Rights are looked up only when somebody used one, which few sales do.
    refunds = [fact for fact in facts if isinstance(fact, SaleFact) and fact.kind == "refund"]
    special = bool(refunds) or any(line.discount_dong or line.list_price_dong is not None for line in lines)
    signers = {person_id for fact in facts for person_id in signers_of(fact)}
    rights = rights_of(session, signers, place) if special else {}
    return Known(
        goods={
            one.id: Goods(one.producer_id, one.sold_by == "weight")
            for one in products_for_sale(session, product_ids).values()
        },
        price_at={
            (goods_id, version): price_at(history, version)
            for goods_id, history in histories.items()
            for version in versions
        },
        newest_version=current_version(session),
        people=frozenset(known_person_ids(session, people)),
        may_sell_until=may_sell_until(session, people, Scope(place.edition_id, place.booth_id)),
        packs=packs_for_sale(session, pack_ids) if pack_ids else {},
        discount_limits={person_id: held.discount_limit_percent for person_id, held in rights.items()},
        price_changers=frozenset(person_id for person_id, held in rights.items() if held.may_change_price),
        second_signers=frozenset(person_id for person_id, held in rights.items() if held.may_sign_second),
        refund_limit_dong=get_edition(session, place.edition_id).refund_limit_dong,
    )


def rights_of(session: Session, person_ids: set[str], place: Place) -> dict[str, TillRights]:
    """What these people may do at the tills of a place."""
    thing = Scope(edition_id=place.edition_id, booth_id=place.booth_id)
    percent = get_edition(session, place.edition_id).seller_discount_percent
    return {one.id: rights_at(one, thing, seller_percent=percent) for one in people_with(session, person_ids)}


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
    sold = _amounts(session, _SOLD_BY_ORIGINAL, originals)
    refunded = _amounts(session, _REFUNDED_BY_ORIGINAL, originals)
    return [
        (judged.fact.id, odd)
        for judged in refunds
        for odd in refund_oddities(
            judged.lines, sold.get(judged.fact.refund_of), refunded.get(judged.fact.refund_of, {})
        )
    ]


def _amounts(session: Session, statement: Any, originals: set[str | None]) -> dict[str | None, dict[str, Amount]]:
    found: dict[str | None, dict[str, Amount]] = {}
    wanted = {"originals": sorted(filter(None, originals))}
    for sale_id, product_id, quantity, dong in session.execute(statement, wanted):
        found.setdefault(sale_id, {})[product_id] = Amount(int(quantity), int(dong))
    return found
