"""What happened at the showroom: goods brought in, a first month of sales with its statements, and the days at present."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import BoothProduct
from fair_pos.consignment.actions import carry, give_back, take_in, write_off
from fair_pos.consignment.receiving import receive
from fair_pos.consignment.rules import IntakeLine, OutLine, Signed
from fair_pos.demo.cooperative import add_households, deliver, share_statements
from fair_pos.demo.payouts import pay_makers
from fair_pos.demo.showroom import CRAFT, OPENED
from fair_pos.demo.simulator import BoothPlan, day_at, hour_of, on_wire, open_till
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.text import sort_key
from fair_pos.people.cards import make_card
from fair_pos.registry.queries import producers_by_id
from fair_pos.settlement.actions import settle
from fair_pos.settlement.queries import statements_of_producer
from fair_pos.stock.facts import Held, Lot
from fair_pos.stock.queries import lots_lying
from fair_pos.terms.vault import Vault
from fair_pos.till.actions import receive_upload
from fair_pos.till.pairing import revoke_device

MONTH_ENDS = date(2023, 12, 17)
SETTLED_AT = hour_of(date(2023, 12, 20), 9)
YEAR_ENDS = date(2023, 12, 31)
SIGNATURE = "M20 120L60 40L90 130L130 60L150 120L190 70L230 110L300 80"
"""A scrawl: samples are signed in nobody's name but the maker's."""
COOPERATIVE_RICE = "Gạo Séng cù cánh đồng Mường Thanh"
CARDS = 3


@dataclass(frozen=True)
class Shop:
    """The showroom as its events need it."""

    edition_id: str
    plan: BoothPlan
    products: Sequence[BoothProduct]
    by: str
    second: str
    """Who approves what `by` proposes."""
    vault: Vault

    def by_owner(self) -> dict[str, list[BoothProduct]]:
        """The products by maker, in the makers' order."""
        found: dict[str, list[BoothProduct]] = defaultdict(list)
        for one in sorted(self.products, key=lambda one: (sort_key(one.name), one.id)):
            found[one.producer_id].append(one)
        return found


def bring_in(session: Session, shop: Shop, day: date, *, name: str, special: dict[str, tuple[int, int]]) -> None:
    """A note for every maker with a lot of each product; `special` has by name of a product (quantity, days it still holds)."""
    makers = producers_by_id(session, shop.by_owner())
    at = hour_of(day, 8)
    for number, (owner_id, goods) in enumerate(shop.by_owner().items()):
        lines = []
        for one in goods:
            many, holds = special.get(one.name, (60 if one.price_dong < 500_000 else 12, 150 + 30 * (number % 5)))
            expires = None if one.group_code == CRAFT else day + timedelta(days=holds)
            quantity = many * (1000 if one.sold_by == "weight" else 1)
            lines.append(IntakeLine(one.id, quantity, "", expires, one.price_dong))
        take_in(
            session,
            shop.edition_id,
            shop.plan.booth_id,
            owner_id,
            lines,
            day=day,
            at=at + timedelta(minutes=5 * number),
            by=shop.by,
            signed=Signed(makers[owner_id].name, SIGNATURE),
            note_id=named_id("demo", "note", name, owner_id),
        )


def sell_first_month(session: Session, shop: Shop, *, seed: str) -> None:
    """30 days of sales with returns; whoever had sold nothing by the last day sells something on it. One sale is heard of too late."""
    paired_at = hour_of(OPENED, 7)
    device, till = open_till(session, shop.plan, paired_at, MONTH_ENDS, seed=f"{seed}/first month")
    day = OPENED
    late: list[dict[str, object]] = []
    while day <= MONTH_ENDS:
        last = [till.refund] if day.day % 4 == 0 else []
        if day == MONTH_ENDS:
            sold = {line["producer_id"] for sale in till.sold for line in sale["lines"]}
            missing = [goods[0] for owner_id, goods in shop.by_owner().items() if owner_id not in sold]
            last += [partial(till.sale_of, one) for one in missing]
        made = list(day_at(till, day, last))
        if day == MONTH_ENDS:
            late = [made.pop(_late_one(made))[1]]
        receive_upload(session, device, [parcel for _, parcel in made], made[-1][0] + timedelta(seconds=20))
        if day == OPENED + timedelta(days=9):
            _break_something(session, shop, day)
        day += timedelta(days=1)
    settle(session, shop.edition_id, MONTH_ENDS, at=SETTLED_AT, by=shop.by)
    receive_upload(session, device, late, hour_of(date(2023, 12, 22), 10))
    pay_makers(session, shop)
    revoke_device(session, device, by=shop.by, at=hour_of(YEAR_ENDS, 17))
    settle(session, shop.edition_id, YEAR_ENDS, at=hour_of(date(2024, 1, 5), 9), by=shop.by)
    give_all_back(session, shop, YEAR_ENDS)


def _late_one(made: Sequence[tuple[datetime, dict[str, object]]]) -> int:
    return next(number for number, (_at, parcel) in enumerate(made) if '"kind":"sale"' in str(parcel["text"]))


def _break_something(session: Session, shop: Shop, day: date) -> None:
    """A bottle fell: the house bears it; one was opened for tasting: its owner does."""
    lying = {shop_name(shop, lot): (held, lot) for held, lot in lots_lying(session, [shop.plan.booth_id])}
    lines = [
        _out(lying["Mật ong rừng Mường Nhé"], 2, "damaged", "house"),
        _out(lying["Chẩm chéo khô Mường Phăng"], 1, "sample", "owner"),
    ]
    at = hour_of(day, 21) + timedelta(minutes=30)
    note_id = named_id("demo", "note", "broken", day.isoformat())
    write_off(
        session, shop.edition_id, shop.plan.booth_id, lines, day=day, at=at, by=shop.by, signed=None, note_id=note_id
    )


def shop_name(shop: Shop, lot: Lot) -> str:
    """The product of a lot."""
    return next((one.name for one in shop.products if one.id == lot.product_id), "")


def _out(found: tuple[Held, Lot], quantity: int, reason: str = "", borne_by: str = "") -> OutLine:
    held, lot = found
    return OutLine(held.product_id, held.owner_id, lot.id, quantity, reason, borne_by)  # type: ignore[arg-type]


def give_all_back(session: Session, shop: Shop, day: date) -> None:
    """At the end of the year every maker takes back what was left."""
    lying: dict[str, list[OutLine]] = defaultdict(list)
    for held, lot in lots_lying(session, [shop.plan.booth_id]):
        lying[held.owner_id].append(_out((held, lot), held.quantity))
    makers = producers_by_id(session, lying)
    for number, owner_id in enumerate(sorted(lying)):
        give_back(
            session,
            shop.edition_id,
            shop.plan.booth_id,
            owner_id,
            lying[owner_id],
            day=day,
            at=hour_of(day, 17) + timedelta(minutes=3 * number),
            by=shop.by,
            signed=Signed(makers[owner_id].name, SIGNATURE),
            note_id=named_id("demo", "note", "given back", owner_id),
        )


def present(session: Session, shop: Shop, day: date, today: date, fair: tuple[str, str]) -> None:
    """Goods of the present days: one lot that has ended today, some that end within a week, one that is too small; goods on their
    way to the fair of which one piece did not come, and a bottle that broke. Before anything is sold.
    """
    left = (today - day).days
    special = {
        "Măng ớt Tuần Giáo": (40, left - 1),
        "Trứng vịt muối Nậm Pồ": (40, left + 3),
        "Khẩu xén Thanh Xương": (40, left + 5),
        "Mứt dứa Mường Chà": (40, left + 6),
        "Chẩm chéo khô Mường Phăng": (2, 200),
    }
    bring_in(session, shop, day, name="present", special=special)
    lying = {shop_name(shop, lot): (held, lot) for held, lot in lots_lying(session, [shop.plan.booth_id])}
    carried = [_out(lying["Khăn Piêu Noong Luống"], 6), _out(lying["Mật ong rừng Mường Nhé"], 10)]
    at = hour_of(day, 11)
    edition_id, booth_id = fair
    note_id = named_id("demo", "note", "to the fair")
    signed = Signed("Điểm trưng bày Điện Biên", SIGNATURE)
    carry(
        session, shop.edition_id, shop.plan.booth_id, edition_id, booth_id, carried,
        day=day, at=at, by=shop.by, signed=signed, note_id=note_id,
    )  # fmt: skip
    receive(session, note_id, booth_id, {1: 6, 2: 9}, at=at + timedelta(hours=2), by=shop.by, signed=signed)
    lines = [_out(lying["Dầu mắc ca Tuần Giáo"], 1, "damaged", "house")]
    write_off(
        session, shop.edition_id, shop.plan.booth_id, lines,
        day=day, at=at + timedelta(hours=3), by=shop.by, signed=None, note_id=named_id("demo", "note", "broken now"),
    )  # fmt: skip


def count_some(session: Session, shop: Shop, at: datetime, *, seed: str) -> None:
    """Three shelves counted by a tablet; on one a piece is missing. Nobody at the office has approved it yet."""
    device, till = open_till(session, shop.plan, at - timedelta(minutes=30), at.date(), seed=f"{seed}/count")
    lying: dict[str, int] = defaultdict(int)
    for held, _lot in lots_lying(session, [shop.plan.booth_id]):
        lying[held.product_id] += held.quantity
    counted = [one for one in shop.products if one.group_code == CRAFT and lying[one.id] > 1][:3]
    lines = [_count_line(one, lying[one.id] - (number == 0), at) for number, one in enumerate(counted)]
    parcel = till.parcel({"kind": "stock_counted", "lines": lines, "note": "Kiểm kệ thổ cẩm"}, at)
    receive_upload(session, device, [parcel], at + timedelta(seconds=20))
    revoke_device(session, device, by=shop.by, at=at + timedelta(minutes=1))


def _count_line(product: BoothProduct, quantity: int, at: datetime) -> dict[str, object]:
    said = {"product_id": product.id, "name": product.name, "unit": product.unit, "quantity": quantity}
    return said | {"counted_at": on_wire(at - timedelta(minutes=2)), "lot_id": None}


def share_rice(session: Session, shop: Shop) -> None:
    """Twelve households bring rice to one cooperative, and share what it was owed for the first month."""
    owner_id = next(one.producer_id for one in shop.products if one.name == COOPERATIVE_RICE)
    joined = OPENED - timedelta(days=60)
    members = add_households(session, owner_id, joined_day=joined, at=hour_of(joined, 9), by=shop.by)
    weeks = [OPENED + timedelta(days=7 * number) for number in range(4)]
    deliver(session, owner_id, members, weeks, what="Lúa Séng cù", at=SETTLED_AT, by=shop.by)
    owed = [
        one for one in statements_of_producer(session, owner_id) if one.until_day == MONTH_ENDS and one.payable_dong
    ]
    share_statements(session, owner_id, [one.id for one in owed], at=hour_of(date(2023, 12, 23), 9), by=shop.by)


def hand_out_cards(session: Session, shop: Shop, at: datetime) -> None:
    """Cards for three makers; their codes are known to nobody any more, so a card that is to be used is printed anew."""
    makers = producers_by_id(session, list(shop.by_owner())[:CARDS])
    for maker in sorted(makers.values(), key=lambda one: one.id):
        make_card(session, maker.id, maker.name, at=at, by=shop.by)
