"""Figures of goods, and what goods are put together by: group, star on the day, maker, kind of maker and its place.

The same expressions narrow the lists of receipts, so that a row of a table and the receipts behind it cannot mean two things.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.catalogue.tables import Product
from fair_pos.registry.rules import CertificateFact, best_on, shown_stars
from fair_pos.registry.tables import AdminUnit, Certificate, Producer
from fair_pos.sales.queries import names_as_sold, weighed_as_sold
from fair_pos.sales.tables import HourFigure, ProductFigure
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]
Star = Literal["5", "4", "3", "none", "unknown", "ocop"]
"""«none» is of goods that the catalogue knows and that had no recognition; «ocop» asks for 3 to 5 together."""
Level = Literal["province", "district", "commune"]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")
UNKNOWN: Literal["unknown"] = "unknown"
OCOP_STARS: tuple[Star, ...] = ("5", "4", "3")
_FEW = 500
"""So many ids are handed over one by one; for more the whole register is read."""


# --- what narrows a list of receipts ----------------------------------------------------------------------------------


def star_on(product_id: Any, day: Any, *outer: Any) -> ColumnElement[int | None]:
    """The stars of the newest certificate that holds on `day`; null without one. `outer` are the tables of the two columns."""
    held = aliased(Certificate)
    newest = (
        select(held.stars)
        .where(held.product_id == product_id, held.issued_day <= day, held.expires_day >= day)
        .order_by(held.issued_day.desc())
        .limit(1)
    )
    return newest.correlate(*outer).scalar_subquery()


def has_star(star: Star, product_id: ColumnElement[Any], day: Any, *outer: Any) -> ColumnElement[bool]:
    """Whether goods sold on a day stand under this star (rules of registry.rules.best_on and shown_stars)."""
    known = is_known(product_id)
    if star == "unknown":
        return ~known
    held = star_on(product_id, day, *outer)
    if star == "none":
        return known & (func.coalesce(held, 0) < 3)
    return held.between(3, 5) if star == "ocop" else held == int(star)


def is_known(product_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the catalogue knows the product."""
    return product_id.in_(select(Product.id))


def in_group(group: str, product_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a product is of the group; «unknown» is what no catalogue knows."""
    if group == UNKNOWN:
        return ~is_known(product_id)
    return product_id.in_(select(Product.id).where(Product.group_code == group))


def of_kind(kind: str, producer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a maker is of the kind; «unknown» is whom no registry knows."""
    if kind == UNKNOWN:
        return producer_id.not_in(select(Producer.id))
    return producer_id.in_(select(Producer.id).where(Producer.kind == kind))


def from_locality(locality: str, producer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a maker is at home there; `locality` is the key of a place («district:…»), «district:» is where nobody knows."""
    level, _colon, key = locality.partition(":")
    places = _places().subquery()
    column = places.c[level if level in LEVELS else "province"]
    if not key:
        return producer_id.not_in(select(places.c.id).where(column.is_not(None)))
    return producer_id.in_(select(places.c.id).where(column == key))


def _places() -> Select[Any]:
    """Every maker with the keys and names of its places: the province by its name, since it has one name in both schemes.

    Where the district or commune is not known, the province stands in its column with a «-» before it.
    """
    commune, province, old = aliased(AdminUnit), aliased(AdminUnit), aliased(AdminUnit)
    parent, top = aliased(AdminUnit), aliased(AdminUnit)
    old_province: tuple[Any, ...] = tuple(
        case(
            (old.level == "province", getattr(old, field)),
            (parent.level == "province", getattr(parent, field)),
            else_=getattr(top, field),
        )
        for field in ("name_key", "name")
    )
    key, name = func.coalesce(province.name_key, old_province[0]), func.coalesce(province.name, old_province[1])
    district: tuple[Any, ...] = tuple(
        case((old.level == "district", getattr(old, field)), (parent.level == "district", getattr(parent, field)))
        for field in ("id", "name")
    )
    rest = literal("-") + key
    return (
        select(
            Producer.id.label("id"), Producer.name.label("name"), Producer.kind.label("kind"),
            key.label("province"), func.coalesce(district[0], rest).label("district"),
            func.coalesce(commune.id, rest).label("commune"), name.label("province_name"),
            func.coalesce(district[1], "").label("district_name"), func.coalesce(commune.name, "").label("commune_name"),
        )
        .outerjoin(commune, Producer.commune_id == commune.id)
        .outerjoin(province, Producer.province_id == province.id)
        .outerjoin(old, Producer.legacy_commune_id == old.id)
        .outerjoin(parent, old.parent_id == parent.id)
        .outerjoin(top, parent.parent_id == top.id)
    )  # fmt: skip


# --- makers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Maker:
    """Who makes goods. Keys of places are those of `from_locality` without their level; empty where nobody knows."""

    id: str
    name: str
    kind: str
    keys: dict[Level, str]
    province: str
    names: dict[Level, str]
    """The place's own name at each level; empty where only the province is known."""


def makers(session: AnySession, producer_ids: Iterable[str]) -> dict[str, Maker]:
    """Those of the producers that the registry knows, by id."""
    ids = set(producer_ids)
    wanted = _places().where(Producer.id.in_(ids)) if len(ids) <= _FEW else _places()
    return {row.id: _maker(row) for row in session.execute(wanted) if row.id in ids}


def all_makers(session: AnySession) -> list[Maker]:
    """Everybody in the registry."""
    return [_maker(row) for row in session.execute(_places())]


def _maker(row: Any) -> Maker:
    keys: dict[Level, str] = {level: getattr(row, level) or "" for level in LEVELS}
    names: dict[Level, str] = {level: getattr(row, f"{level}_name") or "" for level in LEVELS}
    return Maker(row.id, row.name, row.kind, keys, names["province"], names)


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GoodsRow:
    """What was sold and given back of one product of one maker while its star did not change; base units or, `weighed`, grams."""

    product_id: str
    producer_id: str
    star: Star
    group: str
    weighed: bool
    sold_quantity: int
    refunded_quantity: int
    sold_dong: int
    refunded_dong: int


@dataclass(frozen=True)
class Goods:
    """All goods of a day or of an edition, with the names of the products."""

    rows: list[GoodsRow]
    names: dict[str, str]


def goods_of(session: AnySession, edition_id: str, day: date | None) -> Goods:
    """What was sold of each product, from the running figures: one or two statements, however many sales there were."""
    days = [day, day] if day is not None else _days(session, edition_id)
    if days[0] is None or days[1] is None:
        return Goods([], {})
    first, last = days[0], days[1]
    held = _certificates(session, first, last)
    starts = _periods(held, first, last)
    stars: dict[str, Star] = {}
    changing: set[str] = set()
    for product_id, some in held.items():
        if len(some) == 1 and some[0].issued_day <= first and some[0].expires_day >= last:
            stars[product_id] = star_code(some, first)  # nearly all of them, and there can be ten thousand
            continue
        codes = [star_code(some, one) for one in starts]
        if len(set(codes)) == 1:
            stars[product_id] = codes[0]
        else:
            changing.add(product_id)
    sums = _sums(edition_id, day).subquery()
    wanted = select(sums, Product.name, Product.unit, Product.group_code, Product.sold_by)
    found = session.execute(wanted.outerjoin(Product, Product.id == sums.c.product_id)).all()
    unknown = {row.product_id for row in found if row.group_code is None}
    by_weight = weighed_as_sold(session, unknown) if unknown else set()
    names = {row.product_id: f"{row.name} ({row.unit})" if row.unit else row.name for row in found}
    names |= {product_id: product_id for product_id in unknown}
    names |= {product_id: name for product_id, (name, _unit) in names_as_sold(session, unknown).items()}
    known = {row.product_id: (row.group_code, row.sold_by == "weight") for row in found if row.group_code is not None}
    rows: list[GoodsRow] = []
    for one in found:
        product_id, numbers = one[0], tuple(map(int, one[2:6]))
        if product_id in changing:
            continue
        if product_id in known:
            rows.append(GoodsRow(product_id, one[1], stars.get(product_id, "none"), *known[product_id], *numbers))
        else:
            rows.append(GoodsRow(product_id, one[1], UNKNOWN, UNKNOWN, product_id in by_weight, *numbers))
    if changing:
        # Few products change their star while a fair lasts; only of these the days are told apart.
        for one in session.execute(_sums_of_changing(edition_id, starts, last)):
            product_id, numbers = one[0], tuple(map(int, one[2:6]))
            if product_id in changing:
                star = star_code(held[product_id], starts[one.period])
                rows.append(GoodsRow(product_id, one[1], star, *known[product_id], *numbers))
    return Goods(rows, names)


@dataclass(frozen=True)
class GoodsOfDay:
    """What the goods of one day come to: net money of OCOP goods in đồng, how many makers and products sold anything."""

    ocop_dong: int
    makers: int
    products: int


def goods_by_day(session: AnySession, edition_id: str) -> dict[date, GoodsOfDay]:
    """The same of each day with sales, in three statements however many days there are."""
    first, last = _days(session, edition_id)
    if first is None or last is None:
        return {}
    held = _certificates(session, first, last)
    starts = _periods(held, first, last)
    stars: dict[tuple[str, int], Star] = {}
    sums = _sums(edition_id, None).add_columns(ProductFigure.fair_day).group_by(ProductFigure.fair_day).subquery()
    wanted = select(
        sums.c.fair_day, sums.c.product_id, sums.c.producer_id, sums.c.sold_quantity, Product.id.is_not(None)
    )
    wanted = wanted.add_columns(sums.c.sold_dong - sums.c.refunded_dong)
    ocop: dict[date, int] = {}
    sold: dict[date, tuple[set[str], set[str]]] = {}
    rows = session.execute(wanted.outerjoin(Product, Product.id == sums.c.product_id))
    for day, product_id, producer_id, pieces, known, net_dong in rows:
        period = (product_id, bisect_right(starts, day))
        if period not in stars:
            stars[period] = star_code(held.get(product_id, ()), day)
        ocop[day] = ocop.get(day, 0) + (int(net_dong) if known and stars[period] in OCOP_STARS else 0)
        makers, products = sold.setdefault(day, (set(), set()))
        if pieces:
            makers.add(producer_id)
            products.add(product_id)
    return {day: GoodsOfDay(ocop[day], len(makers), len(products)) for day, (makers, products) in sold.items()}


def star_code(certificates: Iterable[CertificateFact], day: date) -> Star:
    """Under which star goods known to the catalogue stand on a day; one and two stars are no recognition."""
    codes: dict[int, Star] = {3: "3", 4: "4", 5: "5"}
    return codes.get(shown_stars(best_on(certificates, day)), "none")


def _days(session: AnySession, edition_id: str) -> list[date | None]:
    found = select(func.min(HourFigure.fair_day), func.max(HourFigure.fair_day))
    return list(
        session.execute(found.join(Booth, Booth.id == HourFigure.booth_id).where(Booth.edition_id == edition_id)).one()
    )


def _certificates(session: AnySession, first: date, last: date) -> dict[str, list[CertificateFact]]:
    """Product → the certificates that hold on one of the days."""
    row = Certificate
    wanted = select(row.product_id, row.stars, row.issued_day, row.expires_day, row.decision_no)
    found: dict[str, list[CertificateFact]] = {}
    for one in session.execute(wanted.where(row.issued_day <= last, row.expires_day >= first)):
        fact = CertificateFact(one.stars, one.issued_day, one.expires_day, one.decision_no)
        found.setdefault(one.product_id, []).append(fact)
    return found


def _periods(held: dict[str, list[CertificateFact]], first: date, last: date) -> list[date]:
    """The first days of the stretches in which no star changes; of one day it is that day."""
    changes = {one.issued_day for some in held.values() for one in some}
    changes |= {one.expires_day + timedelta(days=1) for some in held.values() for one in some}
    return [first, *sorted(day for day in changes if first < day <= last)]


def _sums(edition_id: str, day: date | None) -> Select[Any]:
    """Sums by product and maker."""
    row = ProductFigure
    names = ("sold_quantity", "refunded_quantity", "sold_dong", "refunded_dong")
    found = select(row.product_id, row.producer_id, *(func.sum(getattr(row, name)).label(name) for name in names))
    here = row.booth_id.in_(select(Booth.id).where(Booth.edition_id == edition_id))
    found = found.where(here).group_by(row.product_id, row.producer_id)
    return found if day is None else found.where(row.fair_day == day)


def _sums_of_changing(edition_id: str, starts: list[date], last: date) -> Select[Any]:
    """The same sums by stretch of days too, of the products of which a certificate begins or ends meanwhile."""
    later = [(ProductFigure.fair_day < start, at) for at, (_, start) in enumerate(pairwise(starts))]
    period = case(*later, else_=len(starts) - 1).label("period")
    first = starts[0]
    begins = Certificate.issued_day.between(first + timedelta(days=1), last)
    ends = Certificate.expires_day.between(first, last - timedelta(days=1))
    changing = select(Certificate.product_id).where(begins | ends)
    return _sums(edition_id, None).add_columns(period).where(ProductFigure.product_id.in_(changing)).group_by("period")
