"""A booth that sells by weight, by the pack and by barcode; and what a seller does at its till."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from fair_pos.catalogue.tables import Barcode
from fair_pos.people.rules import pin_hash
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import Proof, prove
from fair_pos.sales.tables import SaleLine
from tests.builders import Fair, Goods, Packed, add_pack, add_weighed
from tests.journeys.browser import Tablet

SALT = "00112233445566778899aabbccddeeff"
PIN = "2468"
EAN, PACK_EAN = "8936012345674", "8930000000019"


@dataclass(frozen=True)
class Shop:
    """What the first booth sells in these tests."""

    fish: Goods
    """By weight, 38.000 ₫ a kilogram."""
    honey: Goods
    case: Packed
    """Twelve of the honey."""


def open_shop(app: Flask, fair: Fair) -> Shop:
    """Put weighed goods, a pack and barcodes into the catalogue, and give two people a PIN."""
    made = Shop(add_weighed(app, fair), fair.goods[0], add_pack(app, fair.goods[0]))
    with app.app_context(), transaction() as session:
        session.add(Barcode(code=EAN, product_id=fair.goods[1].product_id))
        session.add(Barcode(code=PACK_EAN, product_id=made.honey.product_id, pack_id=made.case.pack_id))
        for login in ("nguoiban", "bantochuc"):
            person = session.get_one(Person, fair.people[login])
            person.pin_salt, person.pin_hash = SALT, pin_hash(PIN, SALT)
    return made


def press(tablet: Tablet, *testids: str) -> None:
    tablet.tap(*testids)


def keys(tablet: Tablet, digits: str) -> None:
    for digit in digits:
        tablet.find("key-comma" if digit == "," else f"key-{digit}").click()


def weigh(tablet: Tablet, goods: Goods, grams: str) -> None:
    tablet.tap_goods(goods.product_id)
    tablet.settle()
    keys(tablet, grams)
    press(tablet, "weight-done")


def second_person(tablet: Tablet, pin: str = PIN) -> None:
    """Whoever is offered first, or alone, enters a PIN."""
    if tablet.find("pin-person").count():
        press(tablet, "pin-person")
    keys(tablet, pin)
    tablet.find("pin-done").click()


def proof(app: Flask) -> Proof:
    with app.app_context():
        return prove(reading())


def lines_of(app: Flask, sale_id: str) -> list[SaleLine]:
    with app.app_context():
        wanted = select(SaleLine).where(SaleLine.sale_id == sale_id).order_by(SaleLine.line_no)
        return list(reading().scalars(wanted))
