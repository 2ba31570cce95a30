"""Importing products, withdrawing them, versions of the price list, and what a price list shows of booths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.orm import Session

from fair_pos.catalogue import refusals
from fair_pos.catalogue.columns import find_columns, missing_columns
from fair_pos.catalogue.packs import put_barcodes, put_packs, save_from_rows, write_pack_prices
from fair_pos.catalogue.queries import current_version
from fair_pos.catalogue.rules import (
    MAX_PRICE_DONG,
    PackSaid,
    Parsed,
    ProductRow,
    pack_size,
    parse_products,
    read_price,
)
from fair_pos.catalogue.tables import Barcode, CatalogueVersion, Pack, Price, Product
from fair_pos.journal.actions import line, write_line, write_lines
from fair_pos.kernel.barcode import read_barcode
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.text import clean, slug
from fair_pos.plumbing.db import dialect_of
from fair_pos.plumbing.sheets import read_sheet
from fair_pos.registry.actions import MakeId, SavedProducers, save_certificates, save_producers, save_titles
from fair_pos.registry.queries import known_producer_ids
from fair_pos.registry.rules import CertificateSaid, free_slug
from fair_pos.venues.actions import change_booth, replace_occupants
from fair_pos.venues.actions import change_edition as change_edition_itself
from fair_pos.venues.rules import EditionPlan

_PRODUCT = cast("Table", Product.__table__)
_PRICE = cast("Table", Price.__table__)
_BARCODE = cast("Table", Barcode.__table__)

# --- versions -------------------------------------------------------------------------------------------------------


def hold_catalogue(session: Session) -> None:
    """Let nobody else change the catalogue until this transaction ends. On SQLite nobody can anyway.

    Every action here begins with it: taken after a row, it waits for an import that waits for that row.
    """
    if dialect_of(session) == "postgresql":
        session.execute(text("LOCK TABLE catalogue_version IN EXCLUSIVE MODE"))


def bump_version(session: Session, cause: str, at: datetime) -> int:
    """A new number for the price list, since something it shows has changed; tablets fetch it when they hear the number."""
    hold_catalogue(session)
    version = current_version(session) + 1
    session.add(CatalogueVersion(version=version, changed_at=at, cause=cause))
    session.flush()
    return version


# --- importing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PriceChange:
    """A known product whose price a file changes."""

    number: int
    name: str
    old_dong: int
    new_dong: int


@dataclass
class ImportResult:
    """What an import did, counted in products; `version` is None when it changed nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    producers_created: int = 0
    titles: int = 0
    """Titles that are new or put right."""
    version: int | None = None
    price_changes: list[PriceChange] = field(default_factory=list)
    outcomes: dict[int, str] = field(default_factory=dict)
    """«created», «updated» or «unchanged» by the number of the row in the file."""


def read_product_file(data: bytes, filename: str) -> Parsed:
    """What a product file says, errors and all. Raises FileUnreadable, FileTooLarge, FileEmpty or ColumnsMissing."""
    sheet = read_sheet(data, filename, lambda cells: len(find_columns(cells)))
    columns = find_columns(sheet.headings)
    missing = missing_columns(columns)
    if sheet.headings and missing:
        raise refusals.ColumnsMissing(columns=", ".join(missing))
    if not sheet.rows:
        raise refusals.FileEmpty
    parsed = parse_products(columns, ((row.number, row.cells) for row in sheet.rows))
    return replace(parsed, heading_number=sheet.heading_number)


def fresh_id(*_names: str) -> str:
    """A new id, whatever the thing is called."""
    return new_id()


def import_products(
    session: Session,
    rows: Sequence[ProductRow],
    at: datetime,
    by: str | None,
    *,
    make_id: MakeId = fresh_id,
    write: bool = True,
) -> ImportResult:
    """Bring products in: all of `rows` or, when anything fails, none. Importing the same again changes nothing.

    A product is known by its producer, name and unit (kernel.text.identity). What a row leaves empty is left as it is. A withdrawn
    product that is in a file again is on sale again. `make_id` names new things, see registry.actions.MakeId. Without `write`
    it only says what would happen to products: it reads, so that a look at a file of ten thousand rows holds up no sale.
    Raises MeasureFixed, BarcodeTaken.
    """
    if write:
        hold_catalogue(session)
    producers = save_producers(session, (row.producer for row in rows), at=at, make_id=make_id, write=write)
    result = ImportResult(producers_created=len(producers.created))
    plan = _plan(session, rows, producers, at, make_id)
    if write and plan.inserts:
        session.execute(insert(_PRODUCT), plan.inserts)
    if write and plan.updates:
        session.execute(update(Product), plan.updates)  # by primary key, many at once
    certified = save_certificates(session, _certificates(rows, plan.ids), make_id=make_id, write=write)
    held = [(plan.ids[row.number], title) for row in rows for title in row.titles]
    titled = save_titles(session, held, at=at, by=by, make_id=make_id, write=write)
    result.titles = len(titled)
    packed: set[str] = set()
    pack_prices: dict[str, int] = {}
    if write:
        packed, pack_prices = save_from_rows(session, rows, plan.ids, make_id, at=at, by=by)
    _count(result, rows, plan, certified | packed | set(titled))
    if not (result.created or result.updated or producers.created or producers.updated):
        return result
    if not write:
        result.version = current_version(session) + 1
        return result
    result.version = bump_version(session, "import", at)
    if plan.prices:
        session.execute(insert(_PRICE), [{**price, "version": result.version} for price in plan.prices])
    write_pack_prices(session, pack_prices, result.version)
    _journal(session, result, plan, at=at, by=by)
    return result


@dataclass(frozen=True)
class _Plan:
    ids: dict[int, str]
    """Product id by number of the row."""
    inserts: list[dict[str, Any]]
    updates: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    price_changes: list[PriceChange]


def _plan(
    session: Session, rows: Sequence[ProductRow], producers: SavedProducers, at: datetime, make_id: MakeId
) -> _Plan:
    old = set(producers.ids.values())
    known = {
        (row.producer_id, row.name_key, row.unit_key): row
        for row in session.execute(select(_PRODUCT).where(_PRODUCT.c.producer_id.in_(old)))
    }
    taken = set(session.scalars(select(_PRODUCT.c.slug)))
    plan = _Plan({}, [], [], [], [])
    for row in rows:
        producer_key, name_key, unit_key = row.key
        key = (producers.ids[producer_key], name_key, unit_key)
        product = known.get(key)
        if product is None:
            product_id = make_id("product", *key)
            plan.inserts.append(_new_product(row, product_id, key, taken, at))
        else:
            product_id = product.id
            _plan_update(plan, row, product)
        plan.ids[row.number] = product_id
        if product is None or product.price_dong != row.price_dong:
            plan.prices.append({"product_id": product_id, "price_dong": row.price_dong})
    return plan


def _new_product(
    row: ProductRow, product_id: str, key: tuple[str, str, str], taken: set[str], at: datetime
) -> dict[str, Any]:
    producer_id, name_key, unit_key = key
    return {
        "id": product_id,
        "slug": free_slug(
            taken, slug(row.name), slug(f"{row.name} {row.unit}"), slug(f"{row.name} {row.producer.name}")
        ),
        "name": row.name,
        "name_key": name_key,
        "producer_id": producer_id,
        "group_code": row.group_code,
        "unit": row.unit,
        "unit_key": unit_key,
        "price_dong": row.price_dong,
        "vat_code": row.vat_code,
        "sold_by": row.sold_by or "piece",
        "story": "",
        "created_at": at,
        "withdrawn_at": None,
    }


def _plan_update(plan: _Plan, row: ProductRow, product: Any) -> None:
    if row.sold_by and row.sold_by != product.sold_by:
        raise refusals.MeasureFixed(name=row.name)
    fields = {
        "name": row.name,
        "unit": row.unit,
        "group_code": row.group_code,
        "price_dong": row.price_dong,
        "vat_code": row.vat_code or product.vat_code,
        "withdrawn_at": None,
    }
    if any(getattr(product, name) != value for name, value in fields.items()):
        plan.updates.append({"id": product.id, **fields})
    if product.price_dong != row.price_dong:
        plan.price_changes.append(PriceChange(row.number, row.name, product.price_dong, row.price_dong))


def _certificates(rows: Iterable[ProductRow], ids: Mapping[int, str]) -> list[CertificateSaid]:
    return [
        CertificateSaid(ids[row.number], row.stars, row.issued_day, row.decision_no)
        for row in rows
        if row.stars and row.issued_day is not None
    ]


def _count(result: ImportResult, rows: Sequence[ProductRow], plan: _Plan, certified: set[str]) -> None:
    new = {row["id"] for row in plan.inserts}
    changed = {row["id"] for row in plan.updates} | certified
    for row in rows:
        product_id = plan.ids[row.number]
        outcome = "created" if product_id in new else "updated" if product_id in changed else "unchanged"
        result.outcomes[row.number] = outcome
        setattr(result, outcome, getattr(result, outcome) + 1)
    result.price_changes = plan.price_changes


def _journal(session: Session, result: ImportResult, plan: _Plan, *, at: datetime, by: str | None) -> None:
    counts = {"created": result.created, "updated": result.updated, "unchanged": result.unchanged}
    subject = ("catalogue", str(result.version))
    lines = [line(at=at, person_id=by, verb="products_imported", subject=subject, facts=counts)]
    for change in plan.price_changes:
        facts = {"old_dong": change.old_dong, "new_dong": change.new_dong, "version": result.version}
        about = ("product", plan.ids[change.number])
        lines.append(line(at=at, person_id=by, verb="price_changed", subject=about, facts=facts))
    write_lines(session, lines)


# --- one product ----------------------------------------------------------------------------------------------------


def withdraw_product(session: Session, product: Product, *, at: datetime, by: str) -> None:
    """Take a product off all price lists. What was sold of it stays; importing it again brings it back."""
    _set_on_sale(session, product, on_sale=False, at=at, by=by)


def restore_product(session: Session, product: Product, *, at: datetime, by: str) -> None:
    """Put a withdrawn product back on sale at its last price."""
    _set_on_sale(session, product, on_sale=True, at=at, by=by)


def _set_on_sale(session: Session, product: Product, *, on_sale: bool, at: datetime, by: str) -> None:
    hold_catalogue(session)  # before any row: an import that holds it waits for no row of ours
    session.refresh(product)
    if (product.withdrawn_at is None) == on_sale:
        return
    product.withdrawn_at = None if on_sale else at
    verb = "product_restored" if on_sale else "product_withdrawn"
    write_line(session, at=at, person_id=by, verb=verb, subject=("product", product.id), facts={})
    bump_version(session, verb, at)


# --- prices, packs and barcodes of one product ---------------------------------------------------------------------------


def change_price(session: Session, product: Product, price: str, *, at: datetime, by: str) -> None:
    """Another price from the next price list on; what was sold keeps its own. The journal keeps old, new and who.

    Raises PriceWrong.
    """
    price_dong = read_price(price)
    if price_dong is None or not 0 < price_dong <= MAX_PRICE_DONG:
        raise refusals.PriceWrong
    hold_catalogue(session)
    session.refresh(product)
    if price_dong == product.price_dong:
        return
    version = bump_version(session, "price", at)
    facts = {"old_dong": product.price_dong, "new_dong": price_dong, "version": version}
    product.price_dong = price_dong
    session.add(Price(product_id=product.id, version=version, price_dong=price_dong))
    write_line(session, at=at, person_id=by, verb="price_changed", subject=("product", product.id), facts=facts)


def save_pack(session: Session, product: Product, name: str, price: str, *, at: datetime, by: str) -> None:
    """A new pack, or another price for one of that name and size; a withdrawn one comes back. Raises PackWrong."""
    name, price_dong = clean(name), read_price(price)
    size = pack_size(name, by_weight=product.sold_by == "weight")
    if size is None or len(name) > 300 or price_dong is None or not 0 < price_dong <= MAX_PRICE_DONG:
        raise refusals.PackWrong
    hold_catalogue(session)
    said = PackSaid(name, size, price_dong)
    changed = put_packs(session, product.id, [said], fresh_id, at=at, by=by)
    if changed:
        write_pack_prices(session, changed, bump_version(session, "packs", at))


def withdraw_pack(session: Session, product: Product, pack_id: str, *, at: datetime, by: str) -> None:
    """Sell a pack no more. What was sold of it stays, and saving it again brings it back."""
    hold_catalogue(session)
    pack = session.get(Pack, pack_id)
    if pack is None or pack.product_id != product.id or pack.withdrawn_at is not None:
        return
    pack.withdrawn_at = at
    write_line(
        session, at=at, person_id=by, verb="pack_withdrawn", subject=("product", product.id), facts={"pack": pack_id}
    )
    bump_version(session, "packs", at)


def add_barcode(session: Session, product: Product, pack_id: str | None, typed: str, *, at: datetime, by: str) -> None:
    """A code for the product or one of its packs. Raises BarcodeWrong, BarcodeTaken, PackWrong."""
    code = read_barcode(typed)
    if code is None:
        raise refusals.BarcodeWrong(value=clean(typed)[:60])
    hold_catalogue(session)
    pack = session.get(Pack, pack_id) if pack_id else None
    if pack_id and (pack is None or pack.product_id != product.id):
        raise refusals.PackWrong
    if put_barcodes(session, {code: (product.id, pack_id or None)}):
        facts = {"code": code, "pack": pack_id or ""}
        write_line(session, at=at, person_id=by, verb="barcode_added", subject=("product", product.id), facts=facts)
        bump_version(session, "barcodes", at)


def remove_barcode(session: Session, product: Product, code: str, *, at: datetime, by: str) -> None:
    """The code means nothing any more, and may be given to something else."""
    hold_catalogue(session)
    gone = (
        delete(_BARCODE).where(_BARCODE.c.code == code, _BARCODE.c.product_id == product.id).returning(_BARCODE.c.code)
    )
    if session.execute(gone).first() is None:
        return
    facts = {"code": code}
    write_line(session, at=at, person_id=by, verb="barcode_removed", subject=("product", product.id), facts=facts)
    bump_version(session, "barcodes", at)


# --- booths, as far as a price list shows them ----------------------------------------------------------------------


def set_occupants(
    session: Session, booth_id: str, producer_ids: Iterable[str], *, at: datetime, by: str | None
) -> None:
    """Let a booth sell the goods of exactly these producers. Raises ProducerUnknown."""
    hold_catalogue(session)
    wanted = set(producer_ids)
    if wanted - known_producer_ids(session, wanted):
        raise refusals.ProducerUnknown
    if replace_occupants(session, booth_id, wanted, at=at, by=by):
        bump_version(session, "occupants", at)


def change_edition(
    session: Session, edition_id: str, plan: EditionPlan, *, is_counted: bool, at: datetime, by: str
) -> None:
    """Change an edition, on the price lists too. Raises what venues.actions.change_edition raises."""
    hold_catalogue(session)
    if change_edition_itself(session, edition_id, plan, is_counted=is_counted, at=at, by=by):
        bump_version(session, "edition", at)


def rename_booth(session: Session, booth_id: str, *, name: str, zone: str, at: datetime, by: str) -> None:
    """Change what a booth is called, on the price lists too. Raises FieldMissing."""
    hold_catalogue(session)
    if change_booth(session, booth_id, name=name, zone=zone, at=at, by=by):
        bump_version(session, "booth", at)
