"""The showroom of Điện Biên: its 50 products of 34 makers, on what grounds they are on display, and its terms.

Opened on 18 November 2023. The days of that month are fixed; only certificates that hold today move with the year of loading.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import import_products, read_product_file
from fair_pos.catalogue.queries import BoothProduct, products_of_producers
from fair_pos.catalogue.rules import ProductRow
from fair_pos.kernel.barcode import in_store_ean13
from fair_pos.kernel.day import day_starts_at
from fair_pos.kernel.ids import named_id
from fair_pos.registry.actions import add_title, save_certificates
from fair_pos.registry.queries import all_producers, certificates_of
from fair_pos.registry.rules import CertificateSaid
from fair_pos.registry.titles import TitleSaid
from fair_pos.showroom.actions import admit
from fair_pos.terms.actions import add_rule
from fair_pos.terms.fees import add_fee, set_minimum
from fair_pos.terms.rules import About, Share

PRODUCTS = Path(__file__).with_name("showroom_products.csv")
TITLES = Path(__file__).with_name("showroom_titles.csv")
PROVINCE = "Điện Biên"
OPENED = date(2023, 11, 18)
STARS_BEFORE = date(2021, 12, 15)
"""When the stars of before the opening were given (made up): a newspaper of 18 March 2023 names the 16 products among those recognised."""
MINIMUM_DONG = 300_000
FRIDGE_DONG = 30_000
CRAFT = "thu_cong_my_nghe"


def import_goods(session: Session, dress: Callable[[ProductRow], ProductRow], at: datetime) -> list[BoothProduct]:
    """Bring in the sample goods beside those of the province that are known; all 50 of them, by name, with what they held then."""
    rows = [dress(row) for row in read_product_file(PRODUCTS.read_bytes(), PRODUCTS.name).rows]
    # The numbers of the two files are not to give two goods one code.
    coded = [replace(row, barcodes=(in_store_ean13(500 + row.number),)) for row in rows]
    import_products(session, coded, at, None, make_id=named_id)
    makers = [one.id for one in all_producers(session) if one.province == PROVINCE]
    products = products_of_producers(session, makers, OPENED)
    known = certificates_of(session, [one.id for one in products])
    earlier = [
        CertificateSaid(product_id, some[-1].stars, STARS_BEFORE, "QĐ minh họa 1215/2021")
        for product_id, some in known.items()
    ]
    save_certificates(session, earlier, make_id=named_id)
    _give_titles(session, products, at)
    return products


def _give_titles(session: Session, products: Sequence[BoothProduct], at: datetime) -> None:
    ids = {one.name: one.id for one in products}
    with TITLES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said = TitleSaid(
                product_id=ids[row["product_name"]],
                kind=row["title"],
                level=row["level"],
                issued_day=_day(row["issued"]) or OPENED,
                expires_day=_day(row["expires"]),
                decision_no=row["decision_no"],
            )
            add_title(session, said, at=at, by=None, title_id=named_id("title", said.product_id, said.kind))


def _day(text: str) -> date | None:
    return date(*(int(part) for part in reversed(text.split("/")))) if text else None


def put_on_display(session: Session, edition_id: str, products: Sequence[BoothProduct], *, by: str) -> None:
    """Admit all of them on the eve of the opening, each on its grounds of that day."""
    eve = OPENED - timedelta(days=1)
    ids = [one.id for one in products]
    outcome = admit(session, edition_id, ids, day=eve, at=day_starts_at(eve, 9 * 60), by=by, make_id=named_id)
    if outcome.turned_down:
        raise ValueError([one.product.name for one in outcome.turned_down])


def agree_on_terms(session: Session, edition_id: str, products: Sequence[BoothProduct], *, by: str) -> None:
    """85 % for the owners; tiers for one, a fixed sum a bag for one product; fridges cost a fee; what is less than the minimum waits."""
    at = day_starts_at(OPENED - timedelta(days=1), 9 * 60 + 30)
    named = {one.name: one for one in products}
    tea, rice = named["Bạch trà Shan tuyết cổ thụ Tủa Chùa"], named["Gạo tám Điện Biên"]
    for name, about, share in (
        ("all", About(), Share(kind="percent", basis_points=8500)),
        ("tiers", About(owner_id=tea.producer_id), Share(kind="tiers", tiers=((0, 8200), (300_000, 8800)))),
        ("fixed", About(product_id=rice.id), Share(kind="fixed", unit_dong=15_000)),
    ):
        rule_id = named_id("demo", "rule", name)
        add_rule(session, edition_id, about, share, starts_day=OPENED, at=at, by=by, rule_id=rule_id)
    set_minimum(session, edition_id, MINIMUM_DONG, at=at, by=by)
    chilled = [one.producer_id for one in products if "Thịt" in one.name or "Lạp sườn" in one.name]
    for owner_id in dict.fromkeys(chilled):
        fee_id = named_id("demo", "fee", owner_id)
        add_fee(
            session,
            edition_id,
            owner_id,
            "fridge",
            FRIDGE_DONG,
            OPENED,
            "Tủ mát tháng đầu",
            at=at,
            by=by,
            fee_id=fee_id,
        )


def share_booths(
    session: Session, edition_id: str, booth_ids: Sequence[str], starts: date, at: datetime, by: str
) -> None:
    """Shared booths of the fair, where the organiser sells for the makers: these get 90 %."""
    for booth_id in booth_ids:
        rule_id = named_id("demo", "rule", booth_id)
        share = Share(kind="percent", basis_points=9000)
        add_rule(session, edition_id, About(booth_id=booth_id), share, starts_day=starts, at=at, by=by, rule_id=rule_id)
