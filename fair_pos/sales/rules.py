"""What a sale is, when it happened, what is odd about it, and the figures it adds to. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from fair_pos.kernel.day import fair_day, local_hour

Kind = Literal["sale", "refund"]

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class LineFact:
    """One line as the buyer saw it; amounts in đồng, quantity in pieces."""

    product_id: str
    producer_id: str
    name: str
    unit: str
    quantity: int
    unit_price_dong: int
    amount_dong: int


@dataclass(frozen=True)
class PaymentFact:
    """Money received, or paid out for a refund; đồng."""

    method: str
    amount_dong: int
    tendered_dong: int
    change_dong: int


@dataclass(frozen=True)
class SaleFact:
    """A sale or refund as a tablet reports it. Amounts are positive; `kind` says which way the money went."""

    id: str
    kind: Kind
    device_seq: int
    booth_id: str
    person_id: str
    device_at: datetime
    clock_offset_ms: int
    fair_day: str
    receipt_number: str
    receipt_token: str
    price_list_version: int
    lines: tuple[LineFact, ...]
    total_dong: int
    payments: tuple[PaymentFact, ...]
    hash: str
    refund_of: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """Where and how the fact arrived: what the server knows of the device that sent it."""

    edition_id: str
    booth_id: str
    device_id: str
    day_boundary_minutes: int
    paired_at: datetime
    revoked_at: datetime | None
    sample: bool
    received_at: datetime
    first_day: date | None = None
    last_day: date | None = None
    """The days of the fair; a showroom has neither."""


@dataclass(frozen=True)
class Known:
    """What the server has to compare a fact with, looked up once for a whole upload."""

    producer_of: Mapping[str, str]
    """Product → its producer in the catalogue; a product that is not here is unknown."""
    price_at: Mapping[tuple[str, int], int | None]
    """(product, price list version) → listed price in đồng."""
    newest_version: int
    people: frozenset[str]
    may_sell_until: Mapping[str, datetime | None] | None = None
    """Person → since when they may no longer sell at this booth, None while they may; who never might is not here."""


@dataclass(frozen=True)
class Odd:
    """One thing a person should look at; `facts` fill the blanks of its sentence."""

    code: str
    facts: Mapping[str, str | int]


@dataclass(frozen=True)
class Judged:
    """A fact as it will be stored: instants settled, producers resolved, oddities beside it."""

    fact: SaleFact
    place: Place
    sold_at: datetime
    claimed_at: datetime
    fair_day: date
    hour: int
    total_dong: int
    lines: tuple[LineFact, ...]
    oddities: tuple[Odd, ...]


def judge(fact: SaleFact, place: Place, known: Known, also: Iterable[Odd] = ()) -> Judged:
    """Settle a fact. Never refuses: whatever differs becomes an oddity beside it."""
    sold_at, claimed_at, clock_is_off = true_instant(fact, place)
    day = fair_day(sold_at, place.day_boundary_minutes)
    odd = list(also)
    if clock_is_off:
        odd.append(Odd("clock_off", {"claimed": fact.device_at.isoformat()}))
    elif day.isoformat() != fact.fair_day:
        odd.append(Odd("fair_day_differs", {"sent": fact.fair_day, "computed": day.isoformat()}))
    if fact.booth_id != place.booth_id:
        odd.append(Odd("booth_differs", {"sent": fact.booth_id}))
    if fact.person_id not in known.people:
        odd.append(Odd("person_unknown", {"person": fact.person_id}))
    odd += odd_seller(fact, sold_at, known)
    odd += odd_day(day, place)
    if place.revoked_at is not None:
        odd.append(Odd("device_was_revoked", {}))
    odd += odd_sums(fact)
    odd += odd_prices(fact, known)
    return Judged(
        fact=fact,
        place=place,
        sold_at=sold_at,
        claimed_at=claimed_at,
        fair_day=day,
        hour=local_hour(sold_at),
        total_dong=sum(line.amount_dong for line in fact.lines),
        lines=tuple(with_known_producer(line, known) for line in fact.lines),
        oddities=first_of_each(odd),
    )


def true_instant(fact: SaleFact, place: Place) -> tuple[datetime, datetime, bool]:
    """(when it happened, what the tablet's clock said, whether that clock could not be believed).

    The tablet sends its raw clock and the offset it measured at the last contact. A sale cannot have happened before its tablet was
    paired nor after it arrived; when the corrected time says so, the time of arrival is the only one left to trust.
    """
    try:
        claimed = fact.device_at.astimezone(timezone.utc)
        happened = claimed + timedelta(milliseconds=fact.clock_offset_ms)
    except OverflowError:  # years 1 and 9999 are dates to a parser, not to arithmetic
        return place.received_at, place.received_at, True
    if (
        not 1 < claimed.year < 9999
    ):  # PostgreSQL answers in its own zone, where their first and last hours cannot be read
        return place.received_at, place.received_at, True
    if place.paired_at - CLOCK_TOLERANCE <= happened <= place.received_at + CLOCK_TOLERANCE:
        return happened, claimed, False
    return place.received_at, claimed, True


def odd_seller(fact: SaleFact, sold_at: datetime, known: Known) -> list[Odd]:
    """Whoever sold might not, then: tablets are slow to hear that an account or a role has ended, and the money has changed hands."""
    if known.may_sell_until is None or fact.person_id not in known.people:
        return []
    until = known.may_sell_until.get(fact.person_id, sold_at)
    return [] if until is None or sold_at < until else [Odd("person_may_not_sell", {"person": fact.person_id})]


def odd_day(day: date, place: Place) -> list[Odd]:
    """A sale before the fair or after it; it counts to its own day all the same."""
    inside = (place.first_day is None or place.first_day <= day) and (place.last_day is None or day <= place.last_day)
    return [] if inside else [Odd("outside_edition", {"day": day.isoformat()})]


def odd_sums(fact: SaleFact) -> list[Odd]:
    """Where the tablet's sums disagree with ours: line = quantity × price, total = Σ lines, payments = total."""
    odd = [
        Odd(
            "line_differs", {"line": number, "sent": line.amount_dong, "computed": line.quantity * line.unit_price_dong}
        )
        for number, line in enumerate(fact.lines, start=1)
        if line.amount_dong != line.quantity * line.unit_price_dong
    ]
    total = sum(line.amount_dong for line in fact.lines)
    if total != fact.total_dong:
        odd.append(Odd("total_differs", {"sent": fact.total_dong, "computed": total}))
    paid = sum(payment.amount_dong for payment in fact.payments)
    change_fits = all(payment.tendered_dong - payment.change_dong == payment.amount_dong for payment in fact.payments)
    if paid != total or not change_fits:
        odd.append(Odd("payments_differ", {"sent": paid, "computed": total}))
    return odd


def odd_prices(fact: SaleFact, known: Known) -> list[Odd]:
    """Where price, product or producer are not those of the price list the sale names."""
    odd: list[Odd] = []
    list_known = 1 <= fact.price_list_version <= known.newest_version
    if not list_known:
        odd.append(Odd("price_list_unknown", {"version": fact.price_list_version}))
    for line in fact.lines:
        producer_id = known.producer_of.get(line.product_id)
        if producer_id is None:
            odd.append(Odd("product_unknown", {"name": line.name}))
            continue
        if producer_id != line.producer_id:
            odd.append(Odd("producer_differs", {"name": line.name, "sent": line.producer_id}))
        listed = known.price_at.get((line.product_id, fact.price_list_version))
        # What was paid back follows the receipt it belongs to, not today's list.
        if fact.kind == "sale" and list_known and listed != line.unit_price_dong:
            facts: dict[str, str | int] = {
                "name": line.name,
                "sent": line.unit_price_dong,
                "listed": "—" if listed is None else listed,
                "version": fact.price_list_version,
            }
            odd.append(Odd("price_differs", facts))
    return odd


def with_known_producer(line: LineFact, known: Known) -> LineFact:
    """The line with the catalogue's producer: whose goods they are is ours to say, the tablet only copies it."""
    producer_id = known.producer_of.get(line.product_id, line.producer_id)
    if producer_id == line.producer_id:
        return line
    return LineFact(
        line.product_id, producer_id, line.name, line.unit, line.quantity, line.unit_price_dong, line.amount_dong
    )


def first_of_each(oddities: Iterable[Odd]) -> tuple[Odd, ...]:
    """One oddity of each code: a receipt of forty lines from a wrong list is one thing to look at."""
    kept: dict[str, Odd] = {}
    for odd in oddities:
        kept.setdefault(odd.code, odd)
    return tuple(kept.values())


def refund_oddities(
    refund: Sequence[LineFact],
    sold: Mapping[str, int] | None,
    refunded: Mapping[str, int],
) -> list[Odd]:
    """What is odd about giving back: the original is not known, or more came back than was sold.

    `sold` and `refunded` are pieces by product, `refunded` over all refunds of that sale with this one included.
    """
    if sold is None:
        return [Odd("refund_original_unknown", {})]
    return [
        Odd("refund_exceeds_sale", {"name": line.name})
        for line in refund
        if refunded.get(line.product_id, 0) > sold.get(line.product_id, 0)
    ][:1]


@dataclass(frozen=True)
class Figures:
    """What a batch adds to the running figures: key → amounts, in the order of the tables' columns."""

    hours: Mapping[tuple[str, date, int], tuple[int, int, int, int, int]]
    """(booth, day, hour) → receipts, refunds, sample receipts, sold đồng, refunded đồng."""
    products: Mapping[tuple[str, date, int, str, str], tuple[int, int, int, int]]
    """(booth, day, hour, product, producer) → sold pieces, refunded pieces, sold đồng, refunded đồng."""
    tenders: Mapping[tuple[str, date, int, str], tuple[int, int]]
    """(booth, day, hour, method) → received đồng, paid out đồng."""
    stock: Mapping[tuple[str, str, str], int]
    """(booth, product, producer) → change in pieces."""


def figures_of(batch: Iterable[Judged]) -> Figures:
    """Sum a batch per key, so that each row is touched once however many sales an upload holds."""
    hours: dict[tuple[str, date, int], list[int]] = defaultdict(lambda: [0] * 5)
    products: dict[tuple[str, date, int, str, str], list[int]] = defaultdict(lambda: [0] * 4)
    tenders: dict[tuple[str, date, int, str], list[int]] = defaultdict(lambda: [0] * 2)
    stock: dict[tuple[str, str, str], int] = defaultdict(int)
    for judged in batch:
        back = int(judged.fact.kind == "refund")
        when = (judged.place.booth_id, judged.fair_day, judged.hour)
        hour = hours[when]
        hour[back] += 1
        hour[2] += int(judged.place.sample)
        hour[3 + back] += judged.total_dong
        for line in judged.lines:
            product = products[(*when, line.product_id, line.producer_id)]
            product[back] += line.quantity
            product[2 + back] += line.amount_dong
            moved = line.quantity if back else -line.quantity
            stock[(judged.place.booth_id, line.product_id, line.producer_id)] += moved
        for payment in judged.fact.payments:
            tenders[(*when, payment.method)][back] += payment.amount_dong
    return Figures(
        hours={key: (v[0], v[1], v[2], v[3], v[4]) for key, v in hours.items()},
        products={key: (v[0], v[1], v[2], v[3]) for key, v in products.items()},
        tenders={key: (v[0], v[1]) for key, v in tenders.items()},
        stock=dict(stock),
    )
