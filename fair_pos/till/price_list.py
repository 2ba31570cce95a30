"""The whole price list of a booth as one document: simpler than deltas, and it cannot drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import current_version, products_of_booth
from fair_pos.catalogue.rules import GROUPS
from fair_pos.payments.queries import accounts_on_till
from fair_pos.payments.rules import bank_name
from fair_pos.people.queries import people_who_sell, rights_at
from fair_pos.people.rules import Scope
from fair_pos.printing.queries import find_printer_of_booth
from fair_pos.registry.queries import names_and_places
from fair_pos.showroom.queries import admitted_products
from fair_pos.stock.facts import Held, Lot
from fair_pos.stock.queries import lots_lying
from fair_pos.till.wire import (
    AccountOnTill,
    BoothOnTill,
    EditionOnTill,
    GroupOnTill,
    LotOnTill,
    PackOnTill,
    PriceList,
    ProducerOnTill,
    ProductOnTill,
    SellerOnTill,
    TillRules,
)
from fair_pos.venues.queries import get_booth, occupants_of

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
    admitted = admitted_products(session, edition.id, today)
    if admitted is not None:  # a showroom sells what is on display there
        products = [one for one in products if one.id in admitted]
    lying = lots_lying(session, [booth_id])
    owners = {lot.owner_id for _, lot in lying}
    makers = names_and_places(session, {product.producer_id for product in products} | owners)
    lots = lots_on_till(lying, {owner_id: name for owner_id, (name, _) in makers.items()})
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
                sold_by="weight" if product.sold_by == "weight" else "piece",
                barcodes=list(product.barcodes),
                packs=[
                    PackOnTill(
                        id=pack.id,
                        name=pack.name,
                        size=pack.size,
                        price_dong=pack.price_dong,
                        barcodes=list(pack.barcodes),
                    )
                    for pack in product.packs
                ],
                lots=lots.get(product.id, []),
            )
            for product in products
        ],
        producers=[
            ProducerOnTill(id=producer_id, name=name, place=place) for producer_id, (name, place) in makers.items()
        ],
        accounts=accounts_of_booth(session, booth_id),
        sellers=sellers_of_booth(session, booth_id),
        rules=rules_of_booth(session, booth_id),
        printer=find_printer_of_booth(session, edition.id, booth_id) is not None,
        server_time=at,
    )


def lots_on_till(lying: Iterable[tuple[Held, Lot]], names: Mapping[str, str]) -> dict[str, list[LotOnTill]]:
    """The lots of each product, in the order given; an owner nobody knows has no name."""
    found: dict[str, list[LotOnTill]] = {}
    for held, lot in lying:
        shown = LotOnTill(
            id=lot.id,
            code=lot.code,
            expires_day=lot.expires_day.isoformat() if lot.expires_day else None,
            owner_id=lot.owner_id,
            owner_name=names.get(lot.owner_id, ""),
            left=held.quantity,
        )
        found.setdefault(lot.product_id, []).append(shown)
    return found


def accounts_of_booth(session: AnySession, booth_id: str) -> list[AccountOnTill]:
    """Where transfers to a booth go: its own account first, then those of its producers; none while nobody has given one."""
    return [
        AccountOnTill(
            id=one.id,
            producer_id=one.producer_id,
            bank_bin=one.bank_bin,
            bank_name=bank_name(one.bank_bin),
            account_number=one.account_number,
            holder=one.holder,
        )
        for one in accounts_on_till(session, booth_id, occupants_of(session, booth_id))
    ]


def sellers_of_booth(session: AnySession, booth_id: str) -> list[SellerOnTill]:
    """Who may sell there and what else they may do, so that a tablet can tell without a network."""
    booth = get_booth(session, booth_id)
    thing, percent = Scope(edition_id=booth.edition_id, booth_id=booth.id), booth.edition.seller_discount_percent
    sellers = []
    for person in people_who_sell(session, thing):
        rights = rights_at(person, thing, seller_percent=percent)
        sellers.append(
            SellerOnTill(
                id=person.id, name=person.name, pin_salt=person.pin_salt, pin_hash=person.pin_hash, **vars(rights)
            )
        )
    return sellers


def rules_of_booth(session: AnySession, booth_id: str) -> TillRules:
    """What the organiser has set for the tills of the booth's edition."""
    edition = get_booth(session, booth_id).edition
    step = edition.cash_rounding_dong
    return TillRules(
        cash_rounding_dong=1000 if step == 1000 else 500 if step == 500 else 0,
        close_limit_dong=edition.close_limit_dong,
        refund_limit_dong=edition.refund_limit_dong,
        drawer=edition.drawer,
    )
