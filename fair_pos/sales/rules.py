"""When a sale or a giveaway happened, and what is odd about it. The figures it adds to: sales/figures.py. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from fair_pos.kernel.day import fair_day, local_hour
from fair_pos.sales.facts import (
    CommandFact,
    GiveawayFact,
    Judged,
    JudgedGiveaway,
    Known,
    LineFact,
    Odd,
    OddFacts,
    Place,
    SaleFact,
    Settled,
)

CLOCK_TOLERANCE = timedelta(minutes=5)


def settle(fact: CommandFact, place: Place, people: Container[str]) -> Settled:
    """What every command has in common, whatever feature it is for; `people` are the ids that belong to someone."""
    at, claimed_at, clock_is_off = true_instant(fact, place)
    day = fair_day(at, place.day_boundary_minutes)
    odd: list[Odd] = []
    if clock_is_off:
        odd.append(Odd("clock_off", {"claimed": fact.device_at.isoformat()}))
    elif day.isoformat() != fact.fair_day:
        odd.append(Odd("fair_day_differs", {"sent": fact.fair_day, "computed": day.isoformat()}))
    if fact.booth_id != place.booth_id:
        odd.append(Odd("booth_differs", {"sent": fact.booth_id}))
    if fact.person_id not in people:
        odd.append(Odd("person_unknown", {"person": fact.person_id}))
    if not (place.first_day or day) <= day <= (place.last_day or day):  # it counts to its own day all the same
        odd.append(Odd("outside_edition", {"day": day.isoformat()}))
    if place.opening_day is not None and day < place.opening_day:
        odd.append(Odd("before_opening", {"day": day.isoformat(), "opening": place.opening_day.isoformat()}))
    if place.revoked_at is not None:
        odd.append(Odd("device_was_revoked", {}))
    return Settled(at, claimed_at, day, local_hour(at), tuple(odd))


def judge(fact: SaleFact, place: Place, known: Known, also: Iterable[Odd] = ()) -> Judged:
    """Settle a fact. Never refuses: whatever differs becomes an oddity beside it."""
    settled = settle(fact, place, known.people)
    odd = [*also, *settled.oddities, *odd_seller(fact, settled.at, known), *odd_sums(fact), *odd_goods(fact, known)]
    if fact.kind == "sale":  # what is given back follows the receipt it belongs to, not today's list and rights
        odd += odd_prices(fact, known) + odd_discounts(fact, known)
    elif (
        fact.total_dong > known.refund_limit_dong and not {fact.person_id, fact.second_person_id} & known.second_signers
    ):
        odd.append(Odd("refund_above_limit", {"sent": fact.total_dong, "limit": known.refund_limit_dong}))
    return Judged(
        fact=fact,
        place=place,
        sold_at=settled.at,
        claimed_at=settled.claimed_at,
        fair_day=settled.fair_day,
        hour=settled.hour,
        total_dong=sum(line.amount_dong for line in fact.lines) + fact.rounding_dong,
        lines=tuple(with_known_producer(line, known) for line in fact.lines),
        oddities=first_of_each(odd),
    )


def judge_giveaway(fact: GiveawayFact, place: Place, known: Known, also: Iterable[Odd] = ()) -> JudgedGiveaway:
    """Settle what was given away; never refused either."""
    settled = settle(fact, place, known.people)
    odd = [*also, *settled.oddities, *odd_seller(fact, settled.at, known), *odd_goods(fact, known)]
    odd += odd_prices(fact, known)
    charged = next((line for line in fact.lines if line.amount_dong or line.discount_dong), None)
    if charged is not None:
        odd.append(Odd("giveaway_not_free", {"name": charged.name, "sent": charged.amount_dong}))
    lines = tuple(with_known_producer(line, known) for line in fact.lines)
    return JudgedGiveaway(fact, place, settled, lines, first_of_each(odd))


def true_instant(fact: CommandFact, place: Place) -> tuple[datetime, datetime, bool]:
    """(when it happened, what the tablet's clock said, whether that clock could not be believed).

    The tablet sends its raw clock and the offset measured at the last contact. Nothing can have happened before its tablet was
    paired nor after it arrived; when the corrected time says so, only the time of arrival is left to trust.
    """
    try:
        claimed = fact.device_at.astimezone(timezone.utc)
        happened = claimed + timedelta(milliseconds=fact.clock_offset_ms)
    except OverflowError:  # years 1 and 9999 are dates to a parser, not to arithmetic
        return place.received_at, place.received_at, True
    if not 1 < claimed.year < 9999:  # PostgreSQL answers in its own zone, which cannot say their first and last hours
        return place.received_at, place.received_at, True
    if place.paired_at - CLOCK_TOLERANCE <= happened <= place.received_at + CLOCK_TOLERANCE:
        return happened, claimed, False
    return place.received_at, claimed, True


def odd_seller(fact: SaleFact | GiveawayFact, sold_at: datetime, known: Known) -> list[Odd]:
    """Whoever sold might not, then: tablets are slow to hear that an account or a role has ended, and the money has changed hands."""
    if known.may_sell_until is None or fact.person_id not in known.people:
        return []
    until = known.may_sell_until.get(fact.person_id, sold_at)
    return [] if until is None or sold_at < until else [Odd("person_may_not_sell", {"person": fact.person_id})]


def odd_sums(fact: SaleFact) -> list[Odd]:
    """Sums that do not add up: line by line, the rounding, the total, the payments."""
    odd = []
    for number, line in enumerate(fact.lines, 1):
        computed = line.gross_dong - line.discount_dong
        if computed < 0:
            facts = {"line": number, "sent": line.discount_dong, "computed": line.gross_dong}
            odd.append(Odd("discount_exceeds_line", facts))
        elif line.amount_dong != computed:
            odd.append(Odd("line_differs", {"line": number, "sent": line.amount_dong, "computed": computed}))
    if fact.rounding_dong and not rounding_fits(fact):
        odd.append(Odd("rounding_differs", {"sent": fact.rounding_dong, "total": fact.total_dong}))
    total = sum(line.amount_dong for line in fact.lines) + fact.rounding_dong
    if fact.total_dong != total:
        odd.append(Odd("total_differs", {"sent": fact.total_dong, "computed": total}))
    paid = sum(payment.amount_dong for payment in fact.payments)
    handed = sum(payment.tendered_dong - payment.change_dong for payment in fact.payments)
    if paid != total or handed != total:
        odd.append(Odd("payments_differ", {"sent": paid, "computed": total}))
    return odd


def rounding_fits(fact: SaleFact) -> bool:
    """Whether it can be a rounding at all: of cash alone, to whole notes of 500 or 1,000 đồng, by half of one at most.

    Not compared with what the edition rounds to now: the tablet may have sold by rules that have changed since. What is given back
    in parts carries the difference of two roundings.
    """
    if fact.kind == "refund":
        return abs(fact.rounding_dong) < 1000
    only_cash = all(payment.method == "cash" for payment in fact.payments)
    return only_cash and fact.total_dong % 500 == 0 and abs(fact.rounding_dong) <= 500


def odd_goods(fact: SaleFact | GiveawayFact, known: Known) -> list[Odd]:
    """Goods, packs and ways of measuring that the catalogue knows otherwise or not at all."""
    odd = []
    if not 1 <= fact.price_list_version <= known.newest_version:
        odd.append(Odd("price_list_unknown", {"version": fact.price_list_version}))
    for line in fact.lines:
        goods = known.goods.get(line.product_id)
        if goods is None:
            odd.append(Odd("product_unknown", {"name": line.name}))
            continue
        if goods.producer_id != line.producer_id:
            odd.append(Odd("producer_differs", {"name": line.name, "sent": line.producer_id}))
        pack_product, size = known.packs.get(line.pack_id or "", (line.product_id, 1))
        if pack_product != line.product_id or (line.pack_id is not None and line.pack_id not in known.packs):
            odd.append(Odd("pack_unknown", {"name": line.name}))
        elif line.pack_size != size:
            odd.append(Odd("pack_size_differs", {"name": line.name, "sent": line.pack_size, "listed": size}))
        if (line.grams is not None) != (goods.by_weight and line.pack_id is None) or (
            line.grams and line.quantity != 1
        ):
            odd.append(Odd("measure_differs", {"name": line.name}))
    return odd


def odd_prices(fact: SaleFact | GiveawayFact, known: Known) -> list[Odd]:
    """Prices that are not those of the price list the tablet used, and prices a person changed, with or without the right."""
    odd = []
    for line in fact.lines:
        listed = known.price_at.get((line.pack_id or line.product_id, fact.price_list_version))
        held = line.unit_price_dong if line.list_price_dong is None else line.list_price_dong
        comparable = line.product_id in known.goods and 1 <= fact.price_list_version <= known.newest_version
        if comparable and (line.pack_id is None or line.pack_id in known.packs) and listed != held:
            facts: OddFacts = {"name": line.name, "sent": held, "listed": "—" if listed is None else listed}
            odd.append(Odd("price_differs", {**facts, "version": fact.price_list_version}))
        if line.list_price_dong is not None and line.list_price_dong != line.unit_price_dong:
            changed: OddFacts = {"name": line.name, "old": line.list_price_dong, "new": line.unit_price_dong}
            odd.append(Odd("price_changed", {**changed, "reason": line.price_reason or "—"}))
            if not signers_of(fact) & known.price_changers:
                odd.append(Odd("price_changed_without_right", {**changed, "person": fact.person_id}))
    return odd


def odd_discounts(fact: SaleFact, known: Known) -> list[Odd]:
    """Discounts above what the person may give, and those of which nobody said why or who bears them."""
    odd = []
    limit = max(known.discount_limits.get(one, 0) for one in signers_of(fact))
    for line in fact.lines:
        if not line.discount_dong:
            continue
        if above_limit(line.gross_dong, line.discount_dong, limit):
            facts: OddFacts = {"name": line.name, "sent": line.discount_dong, "gross": line.gross_dong, "limit": limit}
            odd.append(Odd("discount_above_limit", facts))
        if not line.discount_reason:
            odd.append(Odd("discount_reason_missing", {"name": line.name}))
        if not line.discount_borne_by:
            odd.append(Odd("borne_by_missing", {"name": line.name}))
    return odd


def signers_of(fact: SaleFact | GiveawayFact) -> set[str]:
    """Who answers for a fact: the seller, and the second person who stood in for a limit."""
    second = fact.second_person_id if isinstance(fact, SaleFact) else None
    return {fact.person_id, second} if second else {fact.person_id}


def above_limit(gross_dong: int, discount_dong: int, limit_percent: int) -> bool:
    """Whether a line has more off than the limit; sharing a discount over a cart may add a đồng, and that is none."""
    return discount_dong > 0 and discount_dong * 100 >= gross_dong * limit_percent + 100


def with_known_producer(line: LineFact, known: Known) -> LineFact:
    """The line with the catalogue's producer: whose goods they are is ours to say, the tablet only copies it."""
    goods = known.goods.get(line.product_id)
    return line if goods is None else replace(line, producer_id=goods.producer_id)


def first_of_each(oddities: Iterable[Odd]) -> tuple[Odd, ...]:
    """One oddity of each code: a receipt of forty lines from a wrong list is one thing to look at."""
    kept: dict[str, Odd] = {}
    for odd in oddities:
        kept.setdefault(odd.code, odd)
    return tuple(kept.values())
