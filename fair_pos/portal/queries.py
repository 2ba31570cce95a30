"""What a producer sees: own goods by place, product, day and line. Every figure here starts from one producer's id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import products_for_sale, products_of_producers
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import sort_key
from fair_pos.payments.queries import Cashless, cashless_by
from fair_pos.people.forms import Owner
from fair_pos.portal.rules import (
    Discounts,
    Paid,
    Sums,
    discounts_of,
    line_sums,
    measured_sums,
    paid_of,
    shown_day,
    sum_of,
    sums_by,
)
from fair_pos.receipts.rules import days_left
from fair_pos.registry.queries import ProducerFact, certificates_of, producers_by_id
from fair_pos.registry.rules import best_on
from fair_pos.sales.queries import (
    ProducerFigure,
    ProducerLine,
    last_sale_at,
    names_as_sold,
    newest_received_at,
    producer_discounts,
    producer_figures,
    producer_lines,
    sample_days,
    weighed_as_sold,
)
from fair_pos.settlement.queries import statements_of_edition
from fair_pos.stock.queries import balances_of_owner, owners_of_places, places_of, places_of_ids
from fair_pos.terms.queries import rules_of
from fair_pos.venues.queries import all_editions, get_booth, occupants_in
from fair_pos.venues.rules import code_order

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class PlaceSums:
    """A booth on one of its days."""

    booth_id: str
    fair: str
    booth: str
    day: date
    sums: Sums


@dataclass(frozen=True)
class GoodsSums:
    """One product."""

    product_id: str
    name: str
    unit: str
    sums: Sums


@dataclass(frozen=True)
class Today:
    """The first page. `fresh_at` is when the newest sale of any of the producer's booths reached us; None when none has today."""

    day: date
    sums: Sums
    places: Sequence[PlaceSums]
    goods: Sequence[GoodsSums]
    booth_ids: frozenset[str]
    last_sale_at: datetime | None
    fresh_at: datetime | None
    sample: bool
    discounts: Discounts = field(default_factory=Discounts)
    paid: Paid = field(default_factory=Paid)


@dataclass(frozen=True)
class DaySums:
    """One day of one edition."""

    day: date
    sums: Sums
    sample: bool


@dataclass(frozen=True)
class EditionSums:
    """One edition with its days, newest first; `sums` is all of them together."""

    edition_id: str
    name: str
    sums: Sums
    days: Sequence[DaySums]
    discounts: Discounts = field(default_factory=Discounts)
    paid: Paid = field(default_factory=Paid)


@dataclass(frozen=True)
class OwnLine:
    """A line of the producer's goods with the place it was sold at."""

    line: ProducerLine
    booth: str
    sums: Sums


@dataclass(frozen=True)
class StarLeft:
    """A certificate of one of the producer's products: the one that holds, or the last that held. `days` is 0 once it has lapsed."""

    name: str
    slug: str
    stars: int
    expires_day: date
    days: int


def get_producer(session: AnySession, producer_id: str) -> ProducerFact:
    """The producer. Raises NotFound."""
    found = producers_by_id(session, [producer_id])
    if producer_id not in found:
        raise NotFound
    return found[producer_id]


def owners_of_edition(session: AnySession, edition_id: str) -> list[Owner]:
    """Whose goods are sold or lie at an edition, in alphabetical order: producers of its booths, and owners of stock at its places.

    An owner whose goods have all been sold stays: money is still owed for them.
    """
    owners = {producer_id for some in occupants_in(session, edition_id).values() for producer_id in some}
    owners |= owners_of_places(session, [place.id for place in places_of(session, edition_id)])
    found = producers_by_id(session, owners).values()
    return [Owner(one.id, one.name) for one in sorted(found, key=lambda one: (sort_key(one.name), one.id))]


def settling_editions(session: AnySession, producer_id: str) -> list[str]:
    """The fairs and showrooms that owe this owner money for goods: where the office divides sales, by a rule or by a statement already made.

    At a fair without either, makers sell at their own booths and keep what they take: nothing is owed for it.
    """
    booths = {figure.booth_id for figure in producer_figures(session, producer_id)}
    places = booths | {one.place_id for one in balances_of_owner(session, producer_id) if one.place_kind != "transit"}
    found = {edition_id for edition_id, _place in places_of_ids(session, places)}
    return [one for one in sorted(found) if rules_of(session, one) or statements_of_edition(session, one)]


def today_of(session: AnySession, producer_id: str, at: datetime) -> Today:
    """What a producer sold today, each booth by the day its own edition is on."""
    editions = {edition.id: edition for edition in all_editions(session)}
    today = {key: fair_day(at, edition.day_boundary_minutes) for key, edition in editions.items()}
    running = {
        key: day
        for key, day in today.items()
        if editions[key].starts_day <= day and (editions[key].ends_day or day) >= day
    }
    figures = [
        figure
        for figure in producer_figures(session, producer_id, set(today.values()))
        if figure.fair_day == today[get_booth(session, figure.booth_id).edition_id]
    ]
    occupied = {
        booth_id
        for edition_id in running
        for booth_id, producer_ids in occupants_in(session, edition_id).items()
        if producer_id in producer_ids
    }
    booth_ids = frozenset(occupied | {figure.booth_id for figure in figures})
    days = {figure.fair_day for figure in figures}
    fresh_days = days | set(running.values())
    sample = sample_days(session, booth_ids)
    weighed = weighed_goods(session, {figure.product_id for figure in figures})
    counted = {(figure.booth_id, figure.fair_day) for figure in figures}
    sums = sum_of(_sums(figure, weighed) for figure in figures)
    return Today(
        day=shown_day(days, running, fair_day(at, 0)),
        sums=sums,
        places=_by_place(session, figures, weighed),
        goods=_by_goods(session, figures, weighed),
        booth_ids=booth_ids,
        last_sale_at=last_sale_at(session, producer_id, days, booth_ids),
        fresh_at=newest_received_at(session, booth_ids, fresh_days),
        sample=any((figure.booth_id, figure.fair_day) in sample for figure in figures),
        discounts=discounts_of(
            (borne_by, dong)
            for booth_id, day, borne_by, dong in producer_discounts(session, producer_id, days)
            if (booth_id, day) in counted
        ),
        paid=paid_of(sums.net_dong, cashless_at(session, producer_id, counted)),
    )


def days_of(session: AnySession, producer_id: str) -> list[EditionSums]:
    """All days with figures, by edition, the newest first."""
    figures = producer_figures(session, producer_id)
    weighed = weighed_goods(session, {figure.product_id for figure in figures})
    discounts: dict[str, list[tuple[str, int]]] = {}
    for booth_id, _day, borne_by, dong in producer_discounts(session, producer_id):
        discounts.setdefault(get_booth(session, booth_id).edition_id, []).append((borne_by, dong))
    sample = sample_days(session, {figure.booth_id for figure in figures})
    by_edition: dict[str, list[ProducerFigure]] = {}
    for figure in figures:
        by_edition.setdefault(get_booth(session, figure.booth_id).edition_id, []).append(figure)
    marked = {
        (get_booth(session, booth_id).edition_id, day)
        for booth_id, day in sample & {(figure.booth_id, figure.fair_day) for figure in figures}
    }
    sums = {key: sum_of(_sums(figure, weighed) for figure in some) for key, some in by_edition.items()}
    return [
        EditionSums(
            edition_id=edition.id,
            name=edition.name,
            sums=sums[edition.id],
            days=[
                DaySums(day, sums, (edition.id, day) in marked)
                for day, sums in sorted(
                    sums_by((figure.fair_day, _sums(figure, weighed)) for figure in by_edition[edition.id]).items(),
                    reverse=True,
                )
            ],
            discounts=discounts_of(discounts.get(edition.id, [])),
            paid=paid_of(
                sums[edition.id].net_dong,
                cashless_by(session, "day", edition_id=edition.id, producer_ids=[producer_id]).values(),
            ),
        )
        for edition in all_editions(session)
        if edition.id in by_edition
    ]


def lines_of(
    session: AnySession, producer_id: str, day: date, *, edition_id: str = "", booth_id: str = "", product_id: str = ""
) -> list[OwnLine]:
    """The producer's lines of one day, newest first; the filters leave out what lies elsewhere, empty ones leave out nothing."""
    booths = {figure.booth_id for figure in producer_figures(session, producer_id, {day})}
    names = {}
    for one in booths:
        booth = get_booth(session, one)
        if booth_id in {"", booth.id} and edition_id in {"", booth.edition_id}:
            names[booth.id] = booth.code
    lines = [one for one in producer_lines(session, producer_id, day, names) if product_id in {"", one.product_id}]
    weighed = weighed_goods(session, {line.product_id for line in lines})
    return [
        OwnLine(
            line,
            names[line.booth_id],
            line_sums(line.kind, line.base_quantity, line.amount_dong, weighed=line.product_id in weighed),
        )
        for line in lines
    ]


def paid_on(session: AnySession, producer_id: str, day: date, lines: Iterable[OwnLine]) -> Paid:
    """How these lines were paid; they are all of the producer's at their booths on one fair day."""
    some = list(lines)
    booths = {(own.line.booth_id, day) for own in some}
    return paid_of(sum_of(own.sums for own in some).net_dong, cashless_at(session, producer_id, booths))


def cashless_at(session: AnySession, producer_id: str, places: Collection[tuple[str, date]]) -> list[Cashless]:
    """What of a producer's goods was paid by transfer or card, at these booths on these fair days."""
    by_day: dict[date, list[str]] = {}
    for booth_id, day in places:
        by_day.setdefault(day, []).append(booth_id)
    return [
        one
        for day, booth_ids in by_day.items()
        for one in cashless_by(session, "day", booth_ids=booth_ids, producer_ids=[producer_id], days=[day]).values()
    ]


def discounts_of_lines(lines: Iterable[OwnLine]) -> Discounts:
    """What was taken off these lines, by who bears it."""
    return discounts_of(
        (own.line.discount_borne_by, -own.line.discount_dong if own.line.kind == "refund" else own.line.discount_dong)
        for own in lines
    )


def weighed_goods(session: AnySession, product_ids: Collection[str]) -> set[str]:
    """Those of the products that are counted in grams: by the catalogue, or as they were sold when it does not know them."""
    known = products_for_sale(session, set(product_ids))
    weighed = {product_id for product_id, product in known.items() if product.sold_by == "weight"}
    unknown = set(product_ids) - known.keys()
    return weighed | (weighed_as_sold(session, unknown) if unknown else set())


def stars_of(session: AnySession, producer_id: str, today: date) -> list[StarLeft]:
    """The star of each of the producer's products on sale, those that end first on top; products that never had one are left out.

    A lapsed star stays on this list: the till, the receipt and the product page have stopped showing it, and its owner should hear that here.
    """
    products = {product.id: product for product in products_of_producers(session, [producer_id], today)}
    found = []
    for product_id, certificates in certificates_of(session, products).items():
        past = [one for one in certificates if one.issued_day <= today]
        shown = best_on(certificates, today) or max(past, key=lambda one: one.expires_day, default=None)
        if shown is not None:
            product = products[product_id]
            left = days_left(shown.expires_day, today)
            found.append(StarLeft(product.name, product.slug, shown.stars, shown.expires_day, left))
    return sorted(found, key=lambda star: (star.expires_day, sort_key(star.name)))


def _sums(figure: ProducerFigure, weighed: Collection[str]) -> Sums:
    return measured_sums(
        figure.sold_quantity,
        figure.refunded_quantity,
        figure.sold_dong,
        figure.refunded_dong,
        weighed=figure.product_id in weighed,
    )


def _by_place(session: AnySession, figures: Iterable[ProducerFigure], weighed: Collection[str]) -> list[PlaceSums]:
    """By booth, most money first."""
    found = []
    for (booth_id, day), sums in sums_by(
        ((figure.booth_id, figure.fair_day), _sums(figure, weighed)) for figure in figures
    ).items():
        booth = get_booth(session, booth_id)
        found.append(PlaceSums(booth_id, booth.edition.name, f"{booth.code} · {booth.name}", day, sums))
    return sorted(found, key=lambda place: (-place.sums.net_dong, place.fair, code_order(place.booth)))


def _by_goods(session: AnySession, figures: Iterable[ProducerFigure], weighed: Collection[str]) -> list[GoodsSums]:
    """By product, most money first; goods that no catalogue knows go by the name they were sold under."""
    sums = sums_by((figure.product_id, _sums(figure, weighed)) for figure in figures)
    known = products_for_sale(session, sums.keys())
    as_sold = names_as_sold(session, sums.keys() - known.keys())
    found = []
    for product_id, product_sums in sums.items():
        product = known.get(product_id)
        name, unit = (product.name, product.unit) if product else as_sold[product_id]
        found.append(GoodsSums(product_id, name, unit, product_sums))
    return sorted(found, key=lambda goods: (-goods.sums.net_dong, sort_key(goods.name)))
