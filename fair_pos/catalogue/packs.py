"""Writing packs and barcodes down, for actions.py: by hand and with the rows of an import. Price lists are numbered there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from fair_pos.catalogue import refusals
from fair_pos.catalogue.rules import PackSaid, ProductRow
from fair_pos.catalogue.tables import Barcode, Pack, PackPrice, Product
from fair_pos.journal.actions import write_line
from fair_pos.kernel.text import identity
from fair_pos.registry.actions import MakeId

_BARCODE = cast("Table", Barcode.__table__)
_PACK_PRICE = cast("Table", PackPrice.__table__)


def save_from_rows(
    session: Session,
    rows: Iterable[ProductRow],
    ids: Mapping[int, str],
    make_id: MakeId,
    *,
    at: datetime,
    by: str | None,
) -> tuple[set[str], dict[str, int]]:
    """Packs and codes of imported rows: (products that changed, new prices by pack). Raises BarcodeTaken.

    What a row does not name stays: an import takes nothing away.
    """
    changed: set[str] = set()
    prices: dict[str, int] = {}
    codes: dict[str, tuple[str, str | None]] = {}
    for row in rows:
        product_id = ids[row.number]
        if row.packs:
            found = put_packs(session, product_id, row.packs, make_id, at=at, by=by)
            prices |= found
            changed |= {product_id} if found else set()
        codes |= dict.fromkeys(row.barcodes, (product_id, None))
    changed |= {product_id for product_id, _ in put_barcodes(session, codes)}
    return changed, prices


def put_packs(
    session: Session, product_id: str, said: Sequence[PackSaid], make_id: MakeId, *, at: datetime, by: str | None
) -> dict[str, int]:
    """Write packs down; the prices that changed or are new, by pack."""
    known = {
        (one.name_key, one.size): one for one in session.scalars(select(Pack).where(Pack.product_id == product_id))
    }
    changed: dict[str, int] = {}
    for pack in said:
        old = known.get(pack.key)
        if old is not None and (old.price_dong, old.withdrawn_at) == (pack.price_dong, None):
            continue
        facts = {"name": pack.name, "size": pack.size, "new_dong": pack.price_dong}
        if old is None:
            old = Pack(
                id=make_id("pack", product_id, identity(pack.name), str(pack.size)),
                product_id=product_id, name=pack.name, name_key=identity(pack.name), size=pack.size, price_dong=pack.price_dong,
            )  # fmt: skip
            session.add(old)
        else:
            facts["old_dong"] = old.price_dong
            old.price_dong, old.withdrawn_at = pack.price_dong, None
        changed[old.id] = pack.price_dong
        write_line(session, at=at, person_id=by, verb="pack_saved", subject=("product", product_id), facts=facts)
    session.flush()
    return changed


def put_barcodes(session: Session, codes: Mapping[str, tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Write codes down; whose were new. Raises BarcodeTaken."""
    if not codes:
        return []
    wanted = (
        select(Barcode, Product.name).join(Product, Product.id == Barcode.product_id).where(Barcode.code.in_(codes))
    )
    known = {one.code: (one, name) for one, name in session.execute(wanted)}
    for code, (one, name) in sorted(known.items()):
        if (one.product_id, one.pack_id) != codes[code]:
            raise refusals.BarcodeTaken(code=code, name=name)
    new = {code: owner for code, owner in codes.items() if code not in known}
    if new:
        rows = [{"code": code, "product_id": product, "pack_id": pack} for code, (product, pack) in new.items()]
        session.execute(insert(_BARCODE), rows)
    return list(new.values())


def write_pack_prices(session: Session, prices: Mapping[str, int], version: int) -> None:
    """The prices of packs from price list `version` on."""
    if prices:
        rows = [{"pack_id": pack_id, "version": version, "price_dong": dong} for pack_id, dong in prices.items()]
        session.execute(insert(_PACK_PRICE), rows)
