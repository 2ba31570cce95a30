"""Recording what was sold and given back. Core statements prepared once: the ORM costs 2.6 times as much on this path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import current_version, pack_prices_of, packs_for_sale, prices_of, products_for_sale
from fair_pos.catalogue.rules import price_at
from fair_pos.journal.actions import line as journal_line
from fair_pos.journal.actions import write_lines
from fair_pos.people.queries import TillRights, known_person_ids, may_sell_until, people_with, rights_at
from fair_pos.people.rules import Scope
from fair_pos.plumbing.db import add_up, dialect_of, insert_new
from fair_pos.sales.figures import Figures, figures_of, stock_given
from fair_pos.sales.returns import Amount, refund_oddities
from fair_pos.sales.rules import (
    GiveawayFact,
    Goods,
    Judged,
    JudgedGiveaway,
    Known,
    Odd,
    Place,
    SaleFact,
    judge,
    judge_giveaway,
    signers_of,
)
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
from fair_pos.stock.actions import Moved, record_movements
from fair_pos.venues.queries import get_edition

_SALE = cast("Table", Sale.__table__)
_LINE = cast("Table", SaleLine.__table__)
_PAYMENT = cast("Table", Payment.__table__)
_GIVEAWAY = cast("Table", Giveaway.__table__)
_GIVEAWAY_LINE = cast("Table", GiveawayLine.__table__)
_ODDITY = cast("Table", Oddity.__table__)
_HOUR = cast("Table", HourFigure.__table__)
_PRODUCT = cast("Table", ProductFigure.__table__)
_TENDER = cast("Table", TenderFigure.__table__)
_DISCOUNT = cast("Table", DiscountFigure.__table__)

_INSERT_SALE = insert(_SALE)
_INSERT_LINE = insert(_LINE)
_INSERT_PAYMENT = insert(_PAYMENT)
_SAME_NUMBER = select(_SALE.c.receipt_number, _SALE.c.id).where(
    _SALE.c.receipt_number.in_(bindparam("numbers", expanding=True))
)
_BASE_QUANTITY = _LINE.c.quantity * func.coalesce(_LINE.c.grams, _LINE.c.pack_size)
_SOLD_BY_ORIGINAL = (
    select(_SALE.c.id, _LINE.c.product_id, func.sum(_BASE_QUANTITY), func.sum(_LINE.c.amount_dong))
    .join(_LINE, _LINE.c.sale_id == _SALE.c.id)
    .where(_SALE.c.id.in_(bindparam("originals", expanding=True)), _SALE.c.kind == "sale")
    .group_by(_SALE.c.id, _LINE.c.product_id)
)
_REFUNDED_BY_ORIGINAL = (
    select(_SALE.c.refund_of, _LINE.c.product_id, func.sum(_BASE_QUANTITY), func.sum(_LINE.c.amount_dong))
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
    found = {judged.fact.id: list(judged.oddities) for judged in batch}
    for sale_id, odd in (*reused_numbers(session, batch), *odd_refunds(session, batch)):
        found[sale_id].append(odd)
    record_oddities(session, found, place)
    write_lines(session, [journal_of(judged) for judged in batch])
    return batch


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
    record_movements(session, [moved for judged in batch for moved in giveaway_movements(judged)], stock_given(batch))
    record_oddities(session, {judged.fact.id: judged.oddities for judged in batch}, place)
    write_lines(
        session,
        [
            journal_line(
                at=place.received_at,
                verb="giveaway_recorded",
                subject=("giveaway", judged.fact.id),
                facts={"purpose": judged.fact.purpose, "worth_dong": judged.worth_dong},
                person_id=judged.fact.person_id,
                device_id=place.device_id,
            )
            for judged in batch
        ],
    )
    return batch


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


_HOUR_SUMS = ("receipts", "refunds", "sample_receipts", "sold_dong", "refunded_dong", "rounding_dong")
_PRODUCT_SUMS = ("sold_quantity", "refunded_quantity", "sold_dong", "refunded_dong")
_TENDER_SUMS = ("received_dong", "paid_out_dong")
_DISCOUNT_SUMS = ("given_dong", "taken_back_dong")


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
        "whole": fact.whole,
        "second_person_id": fact.second_person_id,
        "rounding_dong": fact.rounding_dong,
        "note": fact.note,
        "till_session_id": fact.till_session_id,
    }


def line_rows(judged: Judged) -> list[dict[str, Any]]:
    """The rows of table `sale_line`."""
    return [
        {"sale_id": judged.fact.id, "line_no": number, "gross_dong": line.gross_dong, **vars(line)}
        for number, line in enumerate(judged.lines, 1)
    ]


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
            quantity=line.base_quantity if back else -line.base_quantity,
            subject_id=judged.fact.id,
            at=judged.sold_at,
        )
        for line in judged.lines
    ]


def giveaway_row(judged: JudgedGiveaway) -> dict[str, Any]:
    """The row of table `giveaway`."""
    fact, place, settled = judged.fact, judged.place, judged.settled
    return {
        "id": fact.id,
        "edition_id": place.edition_id,
        "booth_id": place.booth_id,
        "device_id": place.device_id,
        "device_seq": fact.device_seq,
        "person_id": fact.person_id,
        "purpose": fact.purpose,
        "borne_by": fact.borne_by,
        "fair_day": settled.fair_day,
        "hour": settled.hour,
        "given_at": settled.at,
        "claimed_at": settled.claimed_at,
        "received_at": place.received_at,
        "price_list_version": fact.price_list_version,
        "worth_dong": judged.worth_dong,
        "note": fact.note,
        "till_session_id": fact.till_session_id,
        "hash": fact.hash,
        "sample": place.sample,
    }


_GIVEN = (
    "product_id",
    "producer_id",
    "name",
    "unit",
    "quantity",
    "grams",
    "pack_id",
    "pack_size",
    "unit_price_dong",
    "note",
)


def giveaway_line_rows(judged: JudgedGiveaway) -> list[dict[str, Any]]:
    """The rows of table `giveaway_line`."""
    return [
        {
            "giveaway_id": judged.fact.id,
            "line_no": number,
            "worth_dong": line.gross_dong,
            **{name: getattr(line, name) for name in _GIVEN},
        }
        for number, line in enumerate(judged.lines, 1)
    ]


def giveaway_movements(judged: JudgedGiveaway) -> list[Moved]:
    """What was given away left the booth's stock."""
    return [
        Moved(
            booth_id=judged.place.booth_id,
            product_id=line.product_id,
            producer_id=line.producer_id,
            kind="giveaway",
            quantity=-line.base_quantity,
            subject_id=judged.fact.id,
            at=judged.settled.at,
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
