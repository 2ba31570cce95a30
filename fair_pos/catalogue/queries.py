"""Finding products, their prices over time, and what a booth sells."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.rules import matches, search_words
from fair_pos.catalogue.tables import Barcode, CatalogueVersion, Pack, PackPrice, Price, Product
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, fold, sort_key
from fair_pos.registry.queries import ProducerFact, certificates_of, producers_by_id, stars_valid
from fair_pos.registry.rules import CertificateFact, shown_stars
from fair_pos.venues.queries import occupants_of

AnySession = Session | scoped_session[Session]

# A name's place in the alphabet takes 50 µs to work out, and a list of thousands is asked for again and again.
_alphabetical = lru_cache(maxsize=20_000)(sort_key)
_folded = lru_cache(maxsize=20_000)(fold)


@dataclass(frozen=True)
class ProductFact:
    """What the path of a sale needs to know of a product."""

    id: str
    name: str
    unit: str
    producer_id: str
    sold_by: str


@dataclass(frozen=True)
class PackFact:
    """So many units of a product sold as one, with what a scanner reads off it."""

    id: str
    product_id: str
    name: str
    size: int
    price_dong: int
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoothProduct:
    """One tile on a till. `stars` hold to `stars_until`; 0 and None when no certificate holds."""

    id: str
    slug: str
    name: str
    unit: str
    price_dong: int
    group_code: str
    producer_id: str
    stars: Literal[0, 3, 4, 5]
    stars_until: date | None
    sold_by: str = "piece"
    """By weight `price_dong` is for a kilogram, and stock counts grams."""
    barcodes: tuple[str, ...] = ()
    packs: tuple[PackFact, ...] = ()


@dataclass(frozen=True)
class ProductPage:
    """Everything the public page of a product shows. Which star may be shown is registry.rules.best_on(certificates, day)."""

    id: str
    slug: str
    name: str
    unit: str
    price_dong: int
    group_code: str
    story: str
    on_sale: bool
    producer: ProducerFact
    certificates: list[CertificateFact]


@dataclass(frozen=True)
class ListedProduct:
    """A row of the product list."""

    id: str
    slug: str
    name: str
    unit: str
    price_dong: int
    group_code: str
    on_sale: bool
    producer: ProducerFact
    certificate: CertificateFact | None
    """The one that holds on the day asked for."""


def current_version(session: AnySession) -> int:
    """The number of the present price list; 0 before anything was imported."""
    return session.scalar(select(func.max(CatalogueVersion.version))) or 0


def products_for_sale(session: AnySession, product_ids: AbstractSet[str]) -> dict[str, ProductFact]:
    """Those of the products that exist, on sale or withdrawn, by id: what was sold was sold."""
    columns = (Product.id, Product.name, Product.unit, Product.producer_id, Product.sold_by)
    return {row.id: ProductFact(*row) for row in session.execute(select(*columns).where(Product.id.in_(product_ids)))}


def vat_codes_of(session: AnySession, product_ids: AbstractSet[str]) -> dict[str, str]:
    """The VAT rate (rules.find_vat) of those of the products that exist; empty where nobody said."""
    rows = session.execute(select(Product.id, Product.vat_code).where(Product.id.in_(product_ids)))
    return dict(rows.all())


def prices_of(session: AnySession, product_ids: AbstractSet[str]) -> dict[str, list[tuple[int, int]]]:
    """(version, price in đồng) of products, versions ascending, by product id; see rules.price_at."""
    wanted = (
        select(Price.product_id, Price.version, Price.price_dong)
        .where(Price.product_id.in_(product_ids))
        .order_by(Price.product_id, Price.version)
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for product_id, version, price_dong in session.execute(wanted):
        found.setdefault(product_id, []).append((version, price_dong))
    return found


def packs_for_sale(session: AnySession, pack_ids: AbstractSet[str]) -> dict[str, tuple[str, int]]:
    """(product, size) of those packs that exist, on sale or withdrawn."""
    wanted = select(Pack.id, Pack.product_id, Pack.size).where(Pack.id.in_(pack_ids))
    return {pack_id: (product_id, size) for pack_id, product_id, size in session.execute(wanted)}


def pack_prices_of(session: AnySession, pack_ids: AbstractSet[str]) -> dict[str, list[tuple[int, int]]]:
    """(version, price in đồng) of packs, as prices_of gives them of products."""
    wanted = select(PackPrice.pack_id, PackPrice.version, PackPrice.price_dong).where(PackPrice.pack_id.in_(pack_ids))
    found: dict[str, list[tuple[int, int]]] = {}
    for pack_id, version, price_dong in session.execute(wanted.order_by(PackPrice.pack_id, PackPrice.version)):
        found.setdefault(pack_id, []).append((version, price_dong))
    return found


def barcodes_of(session: AnySession, product_ids: Iterable[str]) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """Codes by (product, pack or None), in order."""
    wanted = select(Barcode).where(Barcode.product_id.in_(set(product_ids))).order_by(Barcode.code)
    found: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for one in session.scalars(wanted):
        key = (one.product_id, one.pack_id)
        found[key] = (*found.get(key, ()), one.code)
    return found


def packs_of(session: AnySession, product_ids: Iterable[str]) -> dict[str, tuple[PackFact, ...]]:
    """The packs on sale of products, the smallest first, with their codes; products without packs are left out."""
    ids = set(product_ids)
    codes = barcodes_of(session, ids)
    wanted = select(Pack).where(Pack.product_id.in_(ids), Pack.withdrawn_at.is_(None))
    found: dict[str, tuple[PackFact, ...]] = {}
    for one in session.scalars(wanted.order_by(Pack.product_id, Pack.size, Pack.name_key)):
        fact = PackFact(
            one.id, one.product_id, one.name, one.size, one.price_dong, codes.get((one.product_id, one.id), ())
        )
        found[one.product_id] = (*found.get(one.product_id, ()), fact)
    return found


def products_of_booth(session: AnySession, booth_id: str, day: date) -> list[BoothProduct]:
    """What the producers at a booth sell, withdrawn goods left out, by name; stars as they hold on `day`."""
    return products_of_producers(session, occupants_of(session, booth_id), day)


def products_of_producers(session: AnySession, producer_ids: Iterable[str], day: date) -> list[BoothProduct]:
    """What these producers sell, withdrawn goods left out, by name; stars as they hold on `day`."""
    wanted = select(Product).where(Product.producer_id.in_(set(producer_ids)), Product.withdrawn_at.is_(None))
    products = sorted(session.scalars(wanted), key=lambda product: (_alphabetical(product.name), product.id))
    ids = [product.id for product in products]
    stars, packs, codes = stars_valid(session, ids, day), packs_of(session, ids), barcodes_of(session, ids)
    return [
        _booth_product(one, stars.get(one.id), packs.get(one.id, ()), codes.get((one.id, None), ())) for one in products
    ]


def _booth_product(
    product: Product, certificate: CertificateFact | None, packs: tuple[PackFact, ...], barcodes: tuple[str, ...]
) -> BoothProduct:
    return BoothProduct(
        id=product.id,
        slug=product.slug,
        name=product.name,
        unit=product.unit,
        price_dong=product.price_dong,
        group_code=product.group_code,
        producer_id=product.producer_id,
        stars=shown_stars(certificate),
        stars_until=certificate.expires_day if certificate else None,
        sold_by=product.sold_by,
        barcodes=barcodes,
        packs=packs,
    )


def find_product_by_slug(session: AnySession, slug: str) -> ProductPage | None:
    """Everything about the product with this readable name in a URL, withdrawn or not."""
    product = session.scalar(select(Product).where(Product.slug == slug))
    if product is None:
        return None
    return ProductPage(
        id=product.id,
        slug=product.slug,
        name=product.name,
        unit=product.unit,
        price_dong=product.price_dong,
        group_code=product.group_code,
        story=product.story,
        on_sale=product.withdrawn_at is None,
        producer=producers_by_id(session, {product.producer_id})[product.producer_id],
        certificates=certificates_of(session, {product.id}).get(product.id, []),
    )


def get_product_by_slug(session: AnySession, slug: str) -> Product:
    """The product with this readable name in a URL, to be changed. Raises NotFound."""
    product = session.scalar(select(Product).where(Product.slug == slug))
    if product is None:
        raise NotFound
    return product


def slugs_of(session: AnySession, product_ids: Iterable[str]) -> dict[str, str]:
    """The readable names in URLs of those products that exist, by id, in one query."""
    wanted = select(Product.id, Product.slug).where(Product.id.in_(set(product_ids)))
    return {row.id: row.slug for row in session.execute(wanted)}


def search_products(
    session: AnySession, text: str, day: date, *, first: int, most: int
) -> tuple[list[ListedProduct], int]:
    """`most` products from the `first` on whose name or producer holds every word of `text`, and how many there are in all.

    Tone marks, đ/d, case and the order of words do not matter. Names that hold `text` as typed come first, then by Vietnamese alphabet; withdrawn goods last.
    """
    words = search_words(text)
    wanted = select(Product.id, Product.name, Product.producer_id, Product.withdrawn_at)
    rows = session.execute(wanted).all()
    producers = producers_by_id(session, {row.producer_id for row in rows})
    producer_keys = {producer_id: _folded(producer.name) for producer_id, producer in producers.items()}
    found = [row for row in rows if matches(words, _folded(row.name), producer_keys[row.producer_id])]
    typed = clean(text).lower()
    found.sort(
        key=lambda row: (row.withdrawn_at is not None, typed not in row.name.lower(), _alphabetical(row.name), row.id)
    )
    return listed_products(session, [row.id for row in found[first : first + most]], day), len(found)


def listed_products(session: AnySession, product_ids: Iterable[str], day: date) -> list[ListedProduct]:
    """Those of the products that exist, on sale or withdrawn, in the order asked for; stars as they hold on `day`."""
    ids = list(dict.fromkeys(product_ids))
    products = {product.id: product for product in session.scalars(select(Product).where(Product.id.in_(ids)))}
    producers = producers_by_id(session, {product.producer_id for product in products.values()})
    stars = stars_valid(session, ids, day)
    return [
        ListedProduct(
            id=product.id,
            slug=product.slug,
            name=product.name,
            unit=product.unit,
            price_dong=product.price_dong,
            group_code=product.group_code,
            on_sale=product.withdrawn_at is None,
            producer=producers[product.producer_id],
            certificate=stars.get(product.id),
        )
        for product in (products[product_id] for product_id in ids if product_id in products)
    ]
