"""What stands on no statement yet: movements of goods, what the house bears, fees, what was carried over. Read side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import products_for_sale, vat_codes_of
from fair_pos.consignment.queries import write_offs_of
from fair_pos.registry.queries import known_producer_ids
from fair_pos.sales.settling import MOST_AT_ONCE, DividedLine, GivenLine, divided_lines, given_lines
from fair_pos.settlement.queries import (
    Waiting,
    settled_fees,
    settled_sources,
    statements_of_edition,
    statements_of_producer,
    waiting_of,
)
from fair_pos.settlement.rules import (
    Borne,
    Carried,
    Charge,
    Content,
    Part,
    Source,
    Terms,
    payable_of,
    spread,
    statement_of,
    worth_of,
)
from fair_pos.settlement.tables import Settlement, SettlementLine
from fair_pos.stock.facts import Recorded
from fair_pos.stock.queries import moves_of_kinds, moves_of_subjects
from fair_pos.stocktaking.queries import missing_of
from fair_pos.terms.queries import fees_until, minimum_of, rules_of
from fair_pos.venues.queries import booths_of

AnySession = Session | scoped_session[Session]
SOLD_KINDS = ("sale", "refund", "giveaway")


class Loss(Protocol):
    """A line of goods that are gone: of a write-off (consignment) or of a count (stocktaking)."""

    @property
    def note_id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def line_no(self) -> int: ...
    @property
    def owner_id(self) -> str: ...
    @property
    def product_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def grams(self) -> bool: ...
    @property
    def price_dong(self) -> int: ...
    @property
    def borne_by(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def photo_id(self) -> str | None: ...
    @property
    def place_id(self) -> str: ...
    @property
    def rule_day(self) -> date | None: ...


@dataclass
class Open:
    """Of one owner, what stands on no statement yet. `until` is the last day that a statement covers."""

    parts: list[Part] = field(default_factory=list)
    borne: list[Borne] = field(default_factory=list)
    fees: list[Charge] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    until: date | None = None

    @property
    def is_new(self) -> bool:
        """Whether there is anything beside what was carried over."""
        return bool(self.parts or self.borne or self.fees)


@dataclass
class OpenParts:
    """Of an edition: by owner, and what was agreed. `unknown` are owners that we do not know: nobody can be paid for them."""

    by_owner: dict[str, Open]
    terms: Terms
    unknown: dict[str, Open]


@dataclass(frozen=True)
class Owed:
    """What is owed to an owner at an edition: sold and on no statement yet, on statements that wait for their payout, carried over."""

    edition_id: str
    unsettled_dong: int
    waiting_dong: int
    carried_dong: int
    settled_until: date | None


def open_parts(session: AnySession, edition_id: str, until: date, owner_id: str | None = None) -> OpenParts:
    """Everything of an edition up to a fair day that stands on no statement, in a stated order: the same parts are the same statement."""
    by_owner: dict[str, Open] = defaultdict(Open)
    ends = _last_statements(session, edition_id, owner_id)
    for owner, (settlement_id, number, last, carried) in ends.items():
        by_owner[owner].until = last
        if carried:
            by_owner[owner].carried.append(Carried(settlement_id, number, carried))
    _read_goods(session, edition_id, until, owner_id, by_owner)
    _read_losses(session, edition_id, until, owner_id, by_owner)
    charged = settled_fees(session, edition_id)
    for fee in fees_until(session, edition_id, until):
        if fee.id not in charged and owner_id in (None, fee.producer_id):
            charge = Charge(fee.id, fee.kind, fee.charged_day, fee.amount_dong, fee.words)
            by_owner[fee.producer_id].fees.append(charge)
    for found in by_owner.values():
        found.parts.sort(key=lambda one: (one.day, one.receipt, one.subject_id, int(one.id)))
        found.borne.sort(key=lambda one: (one.day, one.source, one.number, one.id))
    known = known_producer_ids(session, by_owner)
    return OpenParts(
        {owner: one for owner, one in sorted(by_owner.items()) if owner in known},
        Terms(rules_of(session, edition_id), minimum_of(session, edition_id)),
        {owner: one for owner, one in by_owner.items() if owner not in known},
    )


def made_of(owner_id: str, found: Open, terms: Terms) -> Content:
    """The statement that these parts make."""
    return statement_of(found.parts, found.fees, found.borne, found.carried, terms, owner_id=owner_id)


def worth_making(found: Open, terms: Terms) -> bool:
    """Whether there is anything to say: something new, or a carried amount that a smaller minimum lets through."""
    return found.is_new or payable_of(sum(one.amount_dong for one in found.carried), terms.minimum_dong) > 0


def owed_to(session: AnySession, producer_id: str, day: date, edition_ids: Iterable[str] = ()) -> list[Owed]:
    """What is owed to an owner, by edition: those with statements and `edition_ids`. `unsettled_dong` counts what was sold up to `day`,
    by the rules of now; what was carried over stands beside it.
    """
    waiting = waiting_of(statements_of_producer(session, producer_id))
    editions = dict.fromkeys([*edition_ids, *(edition_id for edition_id, _ in waiting)])
    found = []
    for edition_id in editions:
        here = open_parts(session, edition_id, day, producer_id)
        mine = here.by_owner.get(producer_id, Open())
        sums = made_of(producer_id, mine, here.terms).sums
        known: Waiting | None = waiting.get((edition_id, producer_id))
        found.append(
            Owed(
                edition_id,
                sums.due_dong - sums.carried_in_dong,
                0 if known is None else known.waiting_dong,
                sums.carried_in_dong,
                mine.until,
            )
        )
    return found


def _last_statements(
    session: AnySession, edition_id: str, owner_id: str | None
) -> dict[str, tuple[str, int, date, int]]:
    newest: dict[str, tuple[str, int, date, int]] = {}
    for one in statements_of_edition(session, edition_id):
        kept = newest.get(one.producer_id)
        if owner_id in (None, one.producer_id) and (kept is None or kept[2] < one.until_day):
            newest[one.producer_id] = (one.id, one.number, one.until_day, one.carried_out_dong)
    return newest


def _read_goods(
    session: AnySession, edition_id: str, until: date, owner_id: str | None, by_owner: dict[str, Open]
) -> None:
    settled = select(SettlementLine.movement_id).where(SettlementLine.movement_id.is_not(None))
    settled = settled.join(Settlement, Settlement.id == SettlementLine.settlement_id)
    settled = settled.where(Settlement.edition_id == edition_id)
    places = [one.id for one in booths_of(session, edition_id)]
    moves = moves_of_kinds(
        session, places, SOLD_KINDS, owner_ids=None if owner_id is None else [owner_id], without=settled
    )
    sold = divided_lines(session, {one.subject_id for one in moves if one.kind != "giveaway"}, until)
    given = given_lines(session, {one.subject_id for one in moves if one.kind == "giveaway"}, until)
    shares = _spread_over_moves(session, moves, sold, given)
    products = {one.product_id for one in moves}
    units = {one.id: one.unit for one in products_for_sale(session, products).values()}
    vat = vat_codes_of(session, products)
    for move in moves:
        key = (move.subject_id, move.line_no)
        here = by_owner.get(move.owner_id)
        last = None if here is None else here.until
        if key in sold:
            line = sold[key]
            late = last is not None and line.fair_day <= last
            amount, discount = shares[_id(move)]
            by_owner[move.owner_id].parts.append(
                Part(
                    source="sale" if line.kind == "sale" else "refund",
                    id=str(_id(move)),
                    subject_id=move.subject_id,
                    receipt=line.receipt,
                    day=line.fair_day,
                    rule_day=line.rule_day,
                    rule_booth=line.rule_booth,
                    product_id=move.product_id,
                    name=line.name,
                    unit=units.get(move.product_id, line.unit),
                    quantity=-move.quantity,
                    weighed=line.grams is not None,
                    unit_price_dong=line.unit_price_dong,
                    pack_size=line.pack_size,
                    amount_dong=amount,
                    discount_dong=discount,
                    discount_borne_by=line.discount_borne_by,
                    vat_code=vat.get(move.product_id, ""),
                    late=late,
                )
            )
        elif key in given:
            gift = given[key]
            by_owner[move.owner_id].borne.append(
                Borne(
                    source="giveaway",
                    id=str(_id(move)),
                    subject_id=move.subject_id,
                    number="",
                    day=gift.fair_day,
                    booth_id=gift.booth_id,
                    product_id=move.product_id,
                    name=gift.name,
                    unit=units.get(move.product_id, gift.unit),
                    quantity=-move.quantity,
                    weighed=gift.grams is not None,
                    unit_price_dong=gift.unit_price_dong,
                    pack_size=gift.pack_size,
                    worth_dong=shares[_id(move)][0],
                    borne_by={"organiser": "house", "shared": "shared"}.get(gift.borne_by, "owner"),
                    reason=gift.purpose,
                )
            )


def _spread_over_moves(
    session: AnySession,
    moves: Iterable[Recorded],
    sold: Mapping[tuple[str, int], DividedLine],
    given: Mapping[tuple[str, int], GivenLine],
) -> dict[int, tuple[int, int]]:
    """Movement → its part of the line's amount and discount, below zero of goods given back.

    All movements of a line take part, those of other owners and those that are settled too: whoever is settled first, the parts are
    the same.
    """
    wanted = {(one.subject_id, one.line_no) for one in moves}
    shares: dict[int, tuple[int, int]] = {}
    subjects = sorted({subject for subject, _ in wanted})
    found: dict[tuple[str, int], list[Recorded]] = {}
    for start in range(0, len(subjects), MOST_AT_ONCE):
        found |= moves_of_subjects(session, subjects[start : start + MOST_AT_ONCE])
    for key, of_line in found.items():
        if key not in wanted or (key not in sold and key not in given):
            continue
        ordered = sorted(of_line, key=_id)
        quantities = [one.quantity for one in ordered]
        if key in sold:
            line, sign = sold[key], 1 if sold[key].kind == "sale" else -1
            amounts = spread(sign * line.amount_dong, quantities)
            discounts = spread(sign * line.discount_dong, quantities)
        else:
            amounts = spread(given[key].worth_dong, quantities)
            discounts = [0] * len(amounts)
        for one, amount, discount in zip(ordered, amounts, discounts, strict=True):
            shares[_id(one)] = (amount, discount)
    return shares


def _id(move: Recorded) -> int:
    assert move.id is not None  # only of movements just written, and these were read
    return move.id


def _read_losses(
    session: AnySession, edition_id: str, until: date, owner_id: str | None, by_owner: dict[str, Open]
) -> None:
    done = settled_sources(session, edition_id, ("write_off", "count"))
    losses: tuple[tuple[Source, Iterable[Loss]], ...] = (
        ("write_off", write_offs_of(session, edition_id)),
        ("count", missing_of(session, edition_id)),
    )
    for source, rows in losses:
        for one in rows:
            source_id = f"{one.note_id}:{one.line_no}"
            if one.day <= until and source_id not in done and owner_id in (None, one.owner_id):
                by_owner[one.owner_id].borne.append(loss(source, source_id, one))


def loss(source: Source, source_id: str, one: Loss) -> Borne:
    """A line of a write-off or of a count as settling reads it."""
    return Borne(
        source=source,
        id=source_id,
        subject_id=one.note_id,
        number=one.number,
        day=one.day,
        rule_day=one.rule_day,
        booth_id=one.place_id,
        product_id=one.product_id,
        name=one.name,
        unit=one.unit,
        quantity=one.quantity,
        weighed=one.grams,
        unit_price_dong=one.price_dong,
        pack_size=1,
        worth_dong=worth_of(one.quantity, one.price_dong, weighed=one.grams),
        borne_by=one.borne_by,
        reason=getattr(one, "reason", ""),
        photo=one.photo_id or "",
    )
