"""A small fair for tests, and a tablet that sells at it the way the real one does: numbered, chained, as text."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from fair_pos.catalogue.tables import CatalogueVersion, Pack, PackPrice, Price, Product
from fair_pos.kernel.chain import GENESIS, link
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import named_id, new_id
from fair_pos.kernel.text import identity, slug
from fair_pos.kernel.weight import weighed_amount_dong
from fair_pos.people.actions import create_person, grant_role
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import transaction
from fair_pos.registry.tables import Producer
from fair_pos.till.actions import receive_upload
from fair_pos.till.pairing import new_device
from fair_pos.till.tables import Device
from fair_pos.till.wire import ParcelAnswer
from fair_pos.venues.tables import Booth, Edition, Occupant

PASSWORD = "mật khẩu thử nghiệm"
BOUNDARY = 240


@dataclass(frozen=True)
class Goods:
    """A product as a tablet knows it."""

    product_id: str
    producer_id: str
    name: str
    unit: str
    price_dong: int


@dataclass(frozen=True)
class Packed:
    """So many units of goods sold as one."""

    pack_id: str
    goods: Goods
    name: str
    size: int
    price_dong: int


@dataclass
class Fair:
    """An edition with booths, each with several producers, each with products; and one person per role."""

    edition_id: str
    booth_ids: list[str]
    producer_ids: list[str]
    goods: list[Goods]
    people: dict[str, str]
    """Login name → id: quantri, bantochuc, nguoiban (first booth), chuthe (first producer)."""


def make_fair(
    app: Flask, *, name: str = "Hội chợ thử", booths: int = 2, producers: int = 3, starts: date | None = None
) -> Fair:
    """A fair around today in the app's empty database. Another `name` makes a second one beside it, with the same people."""
    at = now()
    first_day = starts or (fair_day(at, BOUNDARY) - timedelta(days=2))
    edition_id = named_id("edition", name)
    fair = Fair(edition_id, [], [], [], {})
    with app.app_context(), transaction() as session:
        session.add(
            Edition(
                id=edition_id, series_id=None, kind="fair", name=name, place="Công viên", starts_day=first_day,
                ends_day=first_day + timedelta(days=4), opens_minute=480, closes_minute=1320,
                day_boundary_minutes=BOUNDARY, sample=False, created_at=at,
            )
        )  # fmt: skip
        session.flush()
        for number in range(booths):
            booth_id = named_id("booth", name, str(number))
            fair.booth_ids.append(booth_id)
            session.add(
                Booth(id=booth_id, edition_id=edition_id, code=f"A{number + 1:02}", name=f"Gian {number + 1}", zone="A")
            )
        session.flush()
        for number in range(producers):
            producer_id = named_id("producer", name, str(number))
            fair.producer_ids.append(producer_id)
            title = f"Hợp tác xã Số {number + 1} {name}"
            session.add(
                Producer(
                    id=producer_id, slug=slug(title), name=title, name_key=identity(title), place_key="lai chau",
                    kind="hop_tac_xa", created_at=at,
                )
            )  # fmt: skip
            session.flush()
            for booth_id in fair.booth_ids:
                session.add(Occupant(booth_id=booth_id, producer_id=producer_id))
            for title, price in (("Mật ong", 220_000), ("Chè Shan tuyết", 350_000), ("Gạo Séng cù", 37_500)):
                fair.goods.append(_add_product(session, producer_id, f"{title} {number + 1} {name}", price, at))
        if session.get(CatalogueVersion, 1) is None:
            session.add(CatalogueVersion(version=1, changed_at=at, cause="test"))
        for login, role, scope in (
            ("quantri", Role.ADMINISTRATOR, Scope()),
            ("bantochuc", Role.ORGANISER, Scope(edition_id=edition_id)),
            ("nguoiban", Role.SELLER, Scope(booth_id=fair.booth_ids[0])),
            ("chuthe", Role.PRODUCER, Scope(producer_id=fair.producer_ids[0])),
        ):
            login_name = login if name == "Hội chợ thử" else f"{login}.{slug(name)}"
            person = create_person(
                session, login_name=login_name, name=f"Vừ A {login}", password=PASSWORD, at=at, by=None
            )
            grant_role(session, person, role, scope, at=at, by=None)
            fair.people[login] = person.id
    return fair


def add_weighed(app: Flask, fair: Fair, name: str = "Chả mực", price_per_kg: int = 38_000) -> Goods:
    """Goods of the first producer that are sold by weight."""
    with app.app_context(), transaction() as session:
        return _add_product(session, fair.producer_ids[0], name, price_per_kg, now(), unit="kg", sold_by="weight")


def add_pack(app: Flask, goods: Goods, *, name: str = "Thùng 12", size: int = 12, price: int = 2_400_000) -> Packed:
    """A pack of goods, on price list 1."""
    pack_id = named_id("pack", goods.product_id, name)
    with app.app_context(), transaction() as session:
        pack = Pack(
            id=pack_id, product_id=goods.product_id, name=name, name_key=identity(name), size=size, price_dong=price
        )
        session.add(pack)
        session.flush()
        session.add(PackPrice(pack_id=pack_id, version=1, price_dong=price))
    return Packed(pack_id, goods, name, size, price)


def sold(goods: Goods | Packed, quantity: int = 1, **fields: Any) -> dict[str, Any]:
    """A line as a tablet sends it; `fields` are further ones of the wire, of which grams, price and discount change the amount."""
    product = goods.goods if isinstance(goods, Packed) else goods
    line: dict[str, Any] = {
        "product_id": product.product_id,
        "name": product.name,
        "unit": goods.name if isinstance(goods, Packed) else product.unit,
        "producer_id": product.producer_id,
        "quantity": quantity,
        "unit_price_dong": goods.price_dong,
    }
    if isinstance(goods, Packed):
        line |= {"pack_id": goods.pack_id, "pack_size": goods.size}
    line |= fields
    grams, price = line.get("grams"), line["unit_price_dong"]
    gross = line["quantity"] * price if grams is None else weighed_amount_dong(grams, price)
    return {**line, "amount_dong": gross - line.get("discount_dong", 0)} | fields


def _add_product(
    session: Any, producer_id: str, name: str, price: int, at: datetime, *, unit: str = "hộp", sold_by: str = "piece"
) -> Goods:
    product_id = named_id("product", producer_id, name)
    session.add(
        Product(
            id=product_id, slug=slug(name), name=name, name_key=identity(name), producer_id=producer_id,
            group_code="thuc_pham", unit=unit, unit_key=identity(unit), price_dong=price, vat_code="8", story="", created_at=at,
            sold_by=sold_by,
        )
    )  # fmt: skip
    session.flush()
    session.add(Price(product_id=product_id, version=1, price_dong=price))
    return Goods(product_id, producer_id, name, unit, price)


@dataclass
class Tablet:
    """A paired tablet with its counters; `parcel()` makes what it would send, `send()` hands it to the server's action."""

    app: Flask
    fair: Fair
    booth_id: str
    device_id: str
    token: str
    letter: str
    seq: int = 0
    prev_hash: str = GENESIS
    counters: dict[str, int] = field(default_factory=dict)

    def sale(
        self,
        goods_sold: Sequence[tuple[Goods | Packed, int] | dict[str, Any]],
        *,
        at: datetime | None = None,
        method: str = "cash",
        refund_of: str | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """A parcel with a sale of (goods, pieces) or of lines made by `sold`, or a refund of them. `changes` replace fields of the command."""
        when = at or now()
        day = fair_day(when, BOUNDARY).isoformat()
        self.counters[day] = self.counters.get(day, 0) + 1
        lines = [one if isinstance(one, dict) else sold(*one) for one in goods_sold]
        total = sum(line["amount_dong"] for line in lines) + changes.get("rounding_dong", 0)
        command: dict[str, Any] = {
            "receipt_number": f"{self.letter}-{day[2:].replace('-', '')}-{self.counters[day]:03}",
            "receipt_token": secrets.token_urlsafe(16),
            "price_list_version": 1,
            "lines": lines,
            "total_dong": total,
            "payments": [{"method": method, "amount_dong": total, "tendered_dong": total, "change_dong": 0}],
        }
        if refund_of is not None:
            command |= {"refund_of": refund_of, "reason": "Khách đổi ý"}
        return self.command("sale" if refund_of is None else "refund", at=when, **(command | changes))

    def giveaway(self, lines: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
        """A parcel that gives lines made by `sold` away for nothing."""
        free = [{**line, "amount_dong": 0} for line in lines]
        fields: dict[str, Any] = {"purpose": "tasting", "borne_by": "producer", "price_list_version": 1, "lines": free}
        return self.command("giveaway", **(fields | changes))

    def command(self, kind: str, /, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        """A parcel with a command of any kind: what every command says of itself, and `fields`."""
        self.seq += 1
        when = at or now()
        common = {
            "kind": kind,
            "v": 1,
            "id": new_id(),
            "seq": self.seq,
            "booth_id": self.booth_id,
            "person_id": self.fair.people["nguoiban" if self.booth_id == self.fair.booth_ids[0] else "bantochuc"],
            "device_at": wire_time(when),
            "clock_offset_ms": 0,
            "fair_day": fair_day(when, BOUNDARY).isoformat(),
            "app_version": "test",
        }
        return self.parcel(common | fields)

    def parcel(self, command: dict[str, Any]) -> dict[str, Any]:
        """A command in its parcel, chained to the one before."""
        text = json.dumps(command, ensure_ascii=False)
        made = link(self.prev_hash, text) or ""
        parcel = {"id": command["id"], "seq": command["seq"], "prev_hash": self.prev_hash, "hash": made, "text": text}
        self.prev_hash = made
        return parcel

    def send(self, *parcels: object, at: datetime | None = None) -> list[ParcelAnswer]:
        """One upload through the server's action."""
        with self.app.app_context(), transaction() as session:
            device = session.get_one(Device, self.device_id)
            return receive_upload(session, device, parcels, at or now())

    def post(self, client: FlaskClient, *parcels: object, token: str | None = None) -> Any:
        """One upload through the door, as the real tablet sends it."""
        body = {
            "parcels": list(parcels),
            "waiting": len(parcels),
            "oldest_waiting_at": None,
            "sent_at": wire_time(now()),
            "app_version": "test",
        }
        return client.post("/api/till/commands", json=body, headers=till_headers(token or self.token))


def pair_tablet(app: Flask, fair: Fair, booth: int = 0, *, paired_at: datetime | None = None) -> Tablet:
    """A tablet paired with a booth; by default long enough ago that sales of the past days are believable."""
    with app.app_context(), transaction() as session:
        device, token = new_device(
            session,
            booth_id=fair.booth_ids[booth],
            name="Máy thử",
            at=paired_at or now() - timedelta(days=30),
            by=fair.people["nguoiban"],
        )
        return Tablet(app, fair, fair.booth_ids[booth], device.id, token, device.letter)


def till_headers(token: str) -> dict[str, str]:
    """What every request of a till carries."""
    return {"Authorization": f"Bearer {token}", "X-Fair-Pos": "till"}


def wire_time(instant: datetime) -> str:
    """An instant as it travels."""
    return instant.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sign_in(client: FlaskClient, login_name: str, password: str = PASSWORD) -> None:
    """Sign a browser in, as a person does."""
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/sign-in", data={"csrf_token": token, "login_name": login_name, "password": password})
    assert answer.status_code == 302, answer.get_data(as_text=True)


def csrf_token(client: FlaskClient, path: str = "/me/password") -> str:
    """The token of the forms in this browser."""
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]
