"""A till ready for a day, as its organiser has set it up (sellers with PINs, an account, limits), and driven."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from playwright.sync_api import Locator
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.payments.actions import AccountSaid, Owner, approve_change, propose_change
from fair_pos.payments.tables import ReceivingAccount
from fair_pos.people.actions import create_person, grant_role, set_pin
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import set_till_rules
from fair_pos.venues.rules import TillRules
from tests.builders import PASSWORD, Fair
from tests.journeys.browser import Tablet
from tests.journeys.looking import axe_findings, low_contrast, scrolls_sideways, small_controls
from tests.journeys.test_nine_sales import pairing_code

CONTROL, CONTRAST = 76, 7.0

SELLER, SECOND = "00000000-0000-7000-8000-0000000000a1", "00000000-0000-7000-8000-0000000000a2"
SELLER_PIN, SECOND_PIN = "1234", "9999"
ACCOUNT = AccountSaid("970436", "0011004567890", "HTX NÔNG SẢN PA Ủ")


def set_up(app: Flask, fair: Fair, **rules: Any) -> None:
    """Two people with PINs, one of whom may be the second; an account of the booth; these rules."""
    at, organiser, administrator = now(), fair.people["bantochuc"], fair.people["quantri"]
    booth, edition = Scope(booth_id=fair.booth_ids[0]), Scope(edition_id=fair.edition_id)
    with app.app_context(), transaction() as session:
        for person_id, login, name, pin, role, place in (
            (SELLER, "mai", "Lò Thị Mai", SELLER_PIN, Role.SELLER, booth),
            (SECOND, "binh", "Trần Văn Bình", SECOND_PIN, Role.ORGANISER, edition),
        ):
            person = create_person(
                session, login_name=login, name=name, password=PASSWORD, at=at, by=organiser, person_id=person_id
            )
            grant_role(session, person, role, place, at=at, by=organiser)
            set_pin(session, person, pin, at=at, by=organiser)
        change = propose_change(session, Owner(fair.edition_id, fair.booth_ids[0]), ACCOUNT, at=at, by=organiser)
        approve_change(session, fair.edition_id, change.id, at=at, by=administrator)
        set_till_rules(session, fair.edition_id, TillRules(**rules), at=at, by=organiser)


def account_id(app: Flask) -> str:
    """The one account there is."""
    with app.app_context():
        return reading().scalars(select(ReceivingAccount.id)).one()


def begin(app: Flask, fair: Fair, tablet: Tablet, **rules: Any) -> list[str]:
    """A paired tablet with sellers, an account and these rules; the ids of the goods."""
    set_up(app, fair, **rules)
    tablet.open()
    tablet.page.goto(f"{tablet.address}/till/?code={pairing_code(app, fair)}")
    tablet.find("pair-login").fill("nguoiban")
    tablet.find("pair-password").fill(PASSWORD)
    tablet.find("pair-submit").click()
    tablet.page.locator('[data-testid="tile"], [data-testid="open-till"]').first.wait_for()
    return [one.product_id for one in fair.goods]


def settle(tablet: Tablet) -> None:
    tablet.settle()


def tap(tablet: Tablet, *testids: str) -> None:
    tablet.tap(*testids)


def back_to_selling(tablet: Tablet) -> None:
    while tablet.find("back").count():
        tap(tablet, "back")


def enter_pin(tablet: Tablet, pin: str, person_id: str | None = None) -> None:
    if person_id is not None and tablet.find("pin-person").count():
        tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{person_id}"]').click()
        settle(tablet)
    for digit in pin:
        tablet.find(f"key-{digit}").first.click()
    tablet.find("pin-done").click()


def note(tablet: Tablet, worth: int, times: int = 1) -> None:
    for _ in range(times):
        tablet.page.locator(f'[data-testid="note-more"][data-note="{worth}"]').click()


def number(found: Locator, name: str) -> int:
    return int(found.first.get_attribute(f"data-{name}") or "-1")


def commands(tablet: Tablet) -> list[dict[str, Any]]:
    """Everything this tablet has written, in its order."""
    texts: list[str] = tablet.page.evaluate(
        """() => new Promise((done, failed) => {
          const opening = indexedDB.open('fair-pos-till')
          opening.onerror = failed
          opening.onsuccess = () => {
            const all = opening.result.transaction('sales').objectStore('sales').index('by_seq').getAll()
            all.onsuccess = () => { opening.result.close(); done(all.result.map(one => one.text)) }
          }
        })"""
    )
    return [json.loads(text) for text in texts]


def of_kind(tablet: Tablet, kind: str) -> list[dict[str, Any]]:
    return [one for one in commands(tablet) if one["kind"] == kind]


def check(tablet: Tablet, where: str) -> None:
    assert axe_findings(tablet.page) == [], where
    assert not scrolls_sideways(tablet.page), where
    assert small_controls(tablet.page, CONTROL) == [], where
    assert low_contrast(tablet.page, CONTRAST) == [], where
