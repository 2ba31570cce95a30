"""The whole price list of a booth as one document: simpler than deltas, and it cannot drift."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import current_version, products_of_booth
from fair_pos.catalogue.rules import GROUPS
from fair_pos.registry.queries import names_and_places
from fair_pos.till.wire import BoothOnTill, EditionOnTill, GroupOnTill, PriceList, ProducerOnTill, ProductOnTill
from fair_pos.venues.queries import get_booth

AnySession = Session | scoped_session[Session]


def booth_on_till(session: AnySession, booth_id: str) -> tuple[EditionOnTill, BoothOnTill]:
    """What a tablet shows of its edition and booth. Raises NotFound."""
    booth = get_booth(session, booth_id)
    edition = booth.edition
    return (
        EditionOnTill(
            id=edition.id,
            name=edition.name,
            kind="showroom" if edition.kind == "showroom" else "fair",
            starts_day=edition.starts_day.isoformat(),
            ends_day=edition.ends_day.isoformat() if edition.ends_day else None,
            day_boundary_minutes=edition.day_boundary_minutes,
            sample=edition.sample,
        ),
        BoothOnTill(id=booth.id, code=booth.code, name=booth.name, zone=booth.zone),
    )


def price_list_of(session: AnySession, booth_id: str, *, today: date, at: datetime, receipt_base_url: str) -> PriceList:
    """The price list of a booth at the present catalogue version; stars are those valid `today`, with their last day."""
    edition, booth = booth_on_till(session, booth_id)
    products = products_of_booth(session, booth_id, today)
    makers = names_and_places(session, {product.producer_id for product in products})
    groups = {product.group_code for product in products}
    return PriceList(
        version=current_version(session),
        edition=edition,
        booth=booth,
        receipt_base_url=receipt_base_url,
        groups=[GroupOnTill(id=code, name=name) for code, name in GROUPS.items() if code in groups],
        products=[
            ProductOnTill(
                id=product.id,
                slug=product.slug,
                name=product.name,
                unit=product.unit,
                price_dong=product.price_dong,
                group=product.group_code,
                producer_id=product.producer_id,
                stars=product.stars,
                stars_until=product.stars_until.isoformat() if product.stars_until else None,
                photo_url=None,
            )
            for product in products
        ],
        producers=[
            ProducerOnTill(id=producer_id, name=name, place=place) for producer_id, (name, place) in makers.items()
        ],
        server_time=at,
    )
