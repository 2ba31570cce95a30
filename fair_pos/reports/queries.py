"""Reading figures, names, and what a person should look at. With the receipts behind figures the only module that reads every table.

Figures come from the running sums that are kept in the transaction of each sale, so a page costs the same at a million receipts as
at ten thousand. Receipts are read from the sales themselves (receipts.py): that both agree is what a click on a figure shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.tables import CatalogueVersion, Product
from fair_pos.people.tables import Person
from fair_pos.registry.tables import Producer
from fair_pos.reports.receipts import sum_of
from fair_pos.reports.rules import Figure
from fair_pos.sales.queries import names_as_sold, weighed_as_sold
from fair_pos.sales.tables import DiscountFigure, Giveaway, HourFigure, Oddity, ProductFigure, Sale, TenderFigure
from fair_pos.till.tables import Device, Quarantined, Received
from fair_pos.venues.queries import booths_of
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]
_Select = Select[*tuple[Any, ...]]
_Figures = type[HourFigure] | type[ProductFigure] | type[TenderFigure] | type[DiscountFigure]


def _of_edition(statement: _Select, table: _Figures, edition_id: str, day: date | None) -> _Select:
    found = statement.join(Booth, Booth.id == table.booth_id).where(Booth.edition_id == edition_id)
    return found if day is None else found.where(table.fair_day == day)


def _receipt_figures(session: AnySession, edition_id: str, day: date | None, key: Any) -> list[tuple[Any, Figure]]:
    sums = [
        sum_of(column)
        for column in (
            HourFigure.receipts,
            HourFigure.refunds,
            HourFigure.sold_dong,
            HourFigure.refunded_dong,
            HourFigure.sample_receipts,
        )
    ]
    rows = session.execute(_of_edition(select(key, *sums), HourFigure, edition_id, day).group_by(key))
    figures = []
    for value, *numbers in rows:
        receipts, refunds, sold, refunded, sample = map(int, numbers)
        figure = Figure(
            str(value),
            str(value),
            receipts=receipts,
            refunds=refunds,
            sold_dong=sold,
            refunded_dong=refunded,
            sample_receipts=sample,
        )
        figures.append((value, figure))
    return figures


def day_figures(session: AnySession, edition_id: str) -> dict[date, Figure]:
    """Figures of each fair day with sales; keys are ISO days."""
    return dict(sorted(_receipt_figures(session, edition_id, None, HourFigure.fair_day)))


def hour_figures(session: AnySession, edition_id: str, day: date | None) -> dict[int, Figure]:
    """Figures of each hour of the clock with sales, of a day or of all days together."""
    return dict(_receipt_figures(session, edition_id, day, HourFigure.hour))


def booth_figures(session: AnySession, edition_id: str, day: date | None) -> list[Figure]:
    """Figures of each booth of the edition by code, of a day or of all days, those without sales with zeros."""
    found = dict(_receipt_figures(session, edition_id, day, HourFigure.booth_id))
    booths = booths_of(session, edition_id)
    return [_named(found.get(booth.id), booth.id, f"{booth.code} · {booth.name}") for booth in booths]


def selling_booths(session: AnySession, edition_id: str) -> dict[date, int]:
    """How many booths sold anything on each day; days without a sale are left out."""
    wanted = select(HourFigure.fair_day, func.count(HourFigure.booth_id.distinct())).where(HourFigure.receipts > 0)
    return dict(session.execute(_of_edition(wanted, HourFigure, edition_id, None).group_by(HourFigure.fair_day)).all())


def _named(figure: Figure | None, key: str, name: str) -> Figure:
    old = figure or Figure(key, name)
    return Figure(**{**vars(old), "key": key, "name": name})


def last_sold_by_booth(session: AnySession, edition_id: str, day: date) -> dict[str, datetime]:
    """Booth id → when it last sold anything on a fair day; refunds are no sales, booths without any are left out."""
    last = select(ProductFigure.booth_id, func.max(ProductFigure.last_sold_at)).group_by(ProductFigure.booth_id)
    rows = session.execute(_of_edition(last, ProductFigure, edition_id, day))
    return {booth_id: at for booth_id, at in rows if at is not None}


def newest_received(session: AnySession, edition_id: str, day: date) -> dict[str, datetime]:
    """Booth id → when its newest receipt of a fair day reached the server; booths without any are left out."""
    newest = select(HourFigure.booth_id, func.max(HourFigure.last_received_at)).group_by(HourFigure.booth_id)
    rows = session.execute(_of_edition(newest, HourFigure, edition_id, day))
    return {booth_id: at for booth_id, at in rows if at is not None}


def largest_receipt(session: AnySession, edition_id: str, day: date) -> int:
    """The total of the largest sale or refund of a fair day in đồng; 0 without any. Looks at every receipt of the day: not for pages
    that are asked every few seconds.
    """
    wanted = select(func.max(Sale.total_dong)).where(Sale.edition_id == edition_id, Sale.fair_day == day)
    return session.scalar(wanted) or 0


def best_sold(session: AnySession, edition_id: str, day: date, most: int) -> list[Figure]:
    """The `most` products of which most pieces were sold and kept on a fair day; goods by weight have no pieces and are none of them."""
    product, net = ProductFigure.product_id, sum_of(ProductFigure.sold_quantity - ProductFigure.refunded_quantity)
    wanted = _of_edition(select(product, Product.id, net), ProductFigure, edition_id, day)
    wanted = wanted.outerjoin(Product, Product.id == product).group_by(product, Product.id)
    wanted = wanted.where(or_(Product.sold_by.is_(None), Product.sold_by != "weight")).having(net > 0)
    rows = session.execute(wanted.order_by(net.desc(), product).limit(4 * most)).all()
    # Whether goods that no catalogue knows are weighed, only their receipts say.
    unknown = {product_id for product_id, known, _pieces in rows if known is None}
    by_weight = weighed_as_sold(session, unknown) if unknown else set()
    shown = [(product_id, int(pieces)) for product_id, _known, pieces in rows if product_id not in by_weight][:most]
    names = product_names(session, {product_id for product_id, _pieces in shown})
    return [Figure(one, names.get(one, one), sold_quantity=pieces) for one, pieces in shown]


def zones_of_booths(session: AnySession, edition_id: str) -> dict[str, str]:
    """Booth id → zone, empty when it lies in none."""
    return dict(session.execute(select(Booth.id, Booth.zone).where(Booth.edition_id == edition_id)).all())


def discount_net(session: AnySession, edition_id: str, day: date | None) -> int:
    """What was taken off, less what was taken off of goods that came back."""
    net = sum_of(DiscountFigure.given_dong - DiscountFigure.taken_back_dong)
    return int(session.scalar(_of_edition(select(net), DiscountFigure, edition_id, day)) or 0)


def rounding_net(session: AnySession, edition_id: str, day: date | None) -> int:
    """What rounding to whole notes added to sales, less what it added to refunds."""
    return int(session.scalar(_of_edition(select(sum_of(HourFigure.rounding_dong)), HourFigure, edition_id, day)) or 0)


def method_figures(session: AnySession, edition_id: str, day: date | None) -> list[Figure]:
    """Money received and paid out by each way of paying."""
    key = TenderFigure.method
    statement = select(key, sum_of(TenderFigure.received_dong), sum_of(TenderFigure.paid_out_dong)).group_by(key)
    rows = session.execute(_of_edition(statement, TenderFigure, edition_id, day))
    return [Figure(method, method, sold_dong=int(into), refunded_dong=int(out)) for method, into, out in rows]


def method_nets(session: AnySession, edition_id: str, day: date | None) -> dict[tuple[str, str], int]:
    """(booth, method) → money received less paid out."""
    keys = (TenderFigure.booth_id, TenderFigure.method)
    net = sum_of(TenderFigure.received_dong - TenderFigure.paid_out_dong)
    rows = session.execute(_of_edition(select(*keys, net).group_by(*keys), TenderFigure, edition_id, day))
    return {(booth, method): int(dong) for booth, method, dong in rows}


def product_names(session: AnySession, product_ids: set[str]) -> dict[str, str]:
    """Name and unit of each product; one the catalogue does not know is called as it stood on its last receipt."""
    known = session.execute(select(Product.id, Product.name, Product.unit).where(Product.id.in_(product_ids)))
    names = {product_id: f"{name} ({unit})" if unit else name for product_id, name, unit in known}
    as_sold = names_as_sold(session, product_ids - names.keys())
    return names | {product_id: name for product_id, (name, _unit) in as_sold.items()}


def producer_names(session: AnySession, producer_ids: set[str]) -> dict[str, str]:
    """Name of each producer that the registry knows."""
    return dict(session.execute(select(Producer.id, Producer.name).where(Producer.id.in_(producer_ids))).all())


def person_names(session: AnySession, person_ids: set[str]) -> dict[str, str]:
    """Name of each person we know."""
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).all())


def device_letters(session: AnySession, device_ids: set[str]) -> dict[str, str]:
    """Letter of each tablet."""
    return dict(session.execute(select(Device.id, Device.letter).where(Device.id.in_(device_ids))).all())


def booths_of_devices(session: AnySession, device_ids: set[str]) -> dict[str, str]:
    """Tablet → the booth at which it stands."""
    return dict(session.execute(select(Device.id, Device.booth_id).where(Device.id.in_(device_ids))).all())


def makers_sold_at(session: AnySession, booth_ids: set[str]) -> dict[str, set[str]]:
    """Booth → whose goods were sold at it, on whatever day."""
    wanted = select(ProductFigure.booth_id, ProductFigure.producer_id).where(ProductFigure.booth_id.in_(booth_ids))
    found: dict[str, set[str]] = {}
    for booth_id, producer_id in session.execute(wanted.distinct()):
        found.setdefault(booth_id, set()).add(producer_id)
    return found


def newer_list(session: AnySession, version: int, at: datetime) -> tuple[int, datetime] | None:
    """(number, since when) of the price list that held at an instant, when it was newer than `version`."""
    wanted = select(CatalogueVersion.version, CatalogueVersion.changed_at).where(CatalogueVersion.changed_at <= at)
    newest = session.execute(wanted.order_by(CatalogueVersion.version.desc()).limit(1)).one_or_none()
    return None if newest is None or newest.version <= version else (newest.version, newest.changed_at)


def all_producers(session: AnySession) -> dict[str, str]:
    """Id → name of every producer."""
    return dict(session.execute(select(Producer.id, Producer.name)).all())


# --- what a person should look at -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OddityRow:
    """Something odd about a command. `number` is that of its receipt, empty for commands that are none; `text` then is what was sent."""

    code: str
    facts: dict[str, Any]
    noticed_at: datetime
    command_id: str
    number: str
    booth: str
    kind: str
    text: str = ""
    device_id: str = ""
    second: str = ""
    """Who agreed to it beside the seller, if anybody did."""


def oddities(
    session: AnySession,
    edition_id: str,
    *,
    day: date | None = None,
    sale_id: str | None = None,
    limit: int,
    offset: int = 0,
) -> list[OddityRow]:
    """What is odd about the commands of an edition, newest first; of one day or one sale when given."""
    is_sale = Sale.id.is_not(None)
    columns: tuple[Any, ...] = (
        Oddity.code, Oddity.facts, Oddity.noticed_at, Oddity.sale_id, func.coalesce(Sale.receipt_number, ""),
        func.coalesce(Booth.code, ""), func.coalesce(Sale.kind, ""), case((is_sale, ""), else_=func.coalesce(Received.text, "")),
        func.coalesce(Received.device_id, ""), func.coalesce(Person.name, ""),
    )  # fmt: skip
    found = _odd(select(*columns)).outerjoin(Device, Device.id == Received.device_id)
    found = found.outerjoin(Person, Person.id == Sale.second_person_id)
    booth_id = func.coalesce(Sale.booth_id, Giveaway.booth_id, Device.booth_id)
    found = found.outerjoin(Booth, Booth.id == booth_id).where(*_oddity_terms(edition_id, day, sale_id))
    order = (Oddity.noticed_at.desc(), Oddity.sale_id, Oddity.code)
    return [OddityRow(*row) for row in session.execute(found.order_by(*order).limit(limit).offset(offset))]


def count_oddities(session: AnySession, edition_id: str, day: date | None = None) -> int:
    """How many there are."""
    found = _odd(select(func.count())).where(*_oddity_terms(edition_id, day, None))
    return session.scalar(found) or 0


def _odd(statement: _Select) -> _Select:
    """Oddities with what they are about, whatever kind of command it is."""
    found = statement.select_from(Oddity).outerjoin(Sale, Sale.id == Oddity.sale_id)
    found = found.outerjoin(Giveaway, Giveaway.id == Oddity.sale_id)
    return found.outerjoin(Received, Received.id == Oddity.sale_id)


def _oddity_terms(edition_id: str, day: date | None, sale_id: str | None) -> Iterable[ColumnElement[bool]]:
    yield Oddity.edition_id == edition_id
    if day is not None:
        # What is neither sold nor given away has no day of its own here: then the command's own word for it counts.
        said = or_(*(Received.text.contains(f'"fair_day":{gap}"{day.isoformat()}"') for gap in ("", " ")))
        other = and_(Sale.id.is_(None), Giveaway.id.is_(None), said)
        yield or_(Sale.fair_day == day, Giveaway.fair_day == day, other)
    if sale_id is not None:
        yield Oddity.sale_id == sale_id


def quarantined(session: AnySession, edition_id: str, *, limit: int, offset: int = 0) -> list[tuple[Quarantined, str]]:
    """Parcels that could not be read, newest first, each with its device's letter."""
    found = _in_edition(select(Quarantined, Device.letter), edition_id).order_by(Quarantined.id.desc())
    return [(row[0], row[1]) for row in session.execute(found.limit(limit).offset(offset))]


def find_quarantined(session: AnySession, edition_id: str, number: int) -> Quarantined | None:
    """One of them, when it belongs to the edition."""
    found: Quarantined | None = session.scalar(
        _in_edition(select(Quarantined), edition_id).where(Quarantined.id == number)
    )
    return found


def count_quarantined(session: AnySession, edition_id: str) -> int:
    """How many there are."""
    return session.scalar(_in_edition(select(func.count(Quarantined.id)), edition_id)) or 0


def count_to_look_at(session: AnySession, edition_id: str, day: date) -> tuple[int, int]:
    """(oddities of a day, parcels of the edition that could not be read)."""
    return count_oddities(session, edition_id, day), count_quarantined(session, edition_id)


def _in_edition(statement: _Select, edition_id: str) -> _Select:
    joined = statement.join(Device, Device.id == Quarantined.device_id).join(Booth, Booth.id == Device.booth_id)
    return joined.where(Booth.edition_id == edition_id)


# --- tablets --------------------------------------------------------------------------------------------------------


def find_device_label(session: AnySession, device_id: str) -> tuple[str, str]:
    """(letter, name) of a tablet."""
    row = session.execute(select(Device.letter, Device.name).where(Device.id == device_id)).one_or_none()
    return ("?", "") if row is None else (row.letter, row.name)
