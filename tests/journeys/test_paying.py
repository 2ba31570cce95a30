"""Money taken at the till: VietQR drawn and decoded, change as notes, tenders split, a claimed transfer, taps counted."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Sale
from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.paying import ACCOUNT, account_id, begin, check, commands, number, of_kind, tap
from tests.journeys.test_till_screens import assert_money_is_large, count_taps


@pytest.mark.journey
def test_vietqr_is_made_offline_and_a_real_reader_reads_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    tablet.tap_goods(goods[0], goods[4], goods[8])
    tap(tablet, "pay-button", "pay-transfer")
    check(tablet, "VietQR")
    assert_money_is_large(tablet, "transfer-seen", "transfer-claimed")
    total = number(tablet.find("transfer-sum"), "dong")
    reference = tablet.find("transfer-reference").inner_text()
    assert re.fullmatch(r"OCP[0-9A-HJKMNP-TV-Z]{7}", reference)
    assert tablet.find("account-digits").inner_text() == ACCOUNT.account_number[-4:]

    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(tablet.page.screenshot())))
    assert len(read) == 1
    code = read[0].text
    assert code.startswith("000201010212")
    assert f"0006{ACCOUNT.bank_bin}01{len(ACCOUNT.account_number)}{ACCOUNT.account_number}" in code
    assert f"54{len(str(total)):02}{total}5802VN" in code
    assert f"0810{reference}6304" in code

    # Back and forth is the same attempt and so the same code; another cart is another.
    tap(tablet, "transfer-back", "pay-transfer")
    assert tablet.find("transfer-reference").inner_text() == reference
    tap(tablet, "transfer-back", "pay-back")
    tablet.tap_goods(goods[1])
    tap(tablet, "pay-button", "pay-transfer")
    assert tablet.find("transfer-reference").inner_text() != reference
    tap(tablet, "transfer-back", "pay-back", "undo", "pay-button", "pay-transfer")
    reference = tablet.find("transfer-reference").inner_text()
    tablet.find("last-digits").fill("4711")
    tablet.find("transfer-seen").click()
    tablet.recorded()
    assert tablet.find("claimed").count() == 0
    sale, seen = of_kind(tablet, "sale")[0], of_kind(tablet, "transfer_seen")[0]
    assert sale["payments"] == [
        {
            "method": "transfer",
            "amount_dong": total,
            "tendered_dong": total,
            "change_dong": 0,
            "reference": reference,
            "account_id": account_id(app),
        }
    ]
    assert (seen["sale_id"], seen["payment_no"], seen["last_digits"]) == (sale["id"], 1, "4711")


@pytest.mark.journey
def test_taps_of_a_sale_by_transfer(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    taps = count_taps(tablet)
    tablet.tap_goods(goods[0], goods[4], goods[8])
    tap(tablet, "pay-button", "pay-transfer")
    tablet.find("vietqr").wait_for()
    tap(tablet, "transfer-seen")
    tablet.recorded()
    assert taps() == 6, "three items, the money, the code, and that it came"
    assert len(of_kind(tablet, "transfer_seen")) == 1


@pytest.mark.journey
def test_an_unseen_transfer_stays_on_the_list_until_somebody_has_seen_it(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    goods = begin(app, fair, tablet)
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button", "pay-transfer", "transfer-claimed")
    tablet.find("claimed").wait_for()
    tap(tablet, "sales-button")
    assert number(tablet.find("claimed-list"), "count") == 1
    check(tablet, "list with a claimed transfer")
    tap(tablet, "receipt-row", "seen-later")
    tablet.page.wait_for_selector('[data-testid="transfer-state"][data-state="seen"]')
    tap(tablet, "back")
    assert tablet.find("claimed-list").count() == 0
    tablet.page.reload()
    tap(tablet, "sales-button")
    assert tablet.find("claimed-list").count() == 0, "remembered after a reload"


@pytest.mark.journey
def test_what_the_bank_said_stands_above_what_a_person_saw(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    told: list[dict[str, Any]] = []
    tablet.context.route(
        "**/api/till/transfers",
        lambda route: route.fulfill(status=200, json={"transfers": told, "server_time": "2026-11-24T07:15:02.123Z"}),
    )
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button", "pay-transfer", "transfer-seen")
    sold = tablet.recorded()
    tablet.wait_until_sent()
    told.append({"sale_id": sold["id"], "payment_no": 1, "state": "underpaid"})
    tap(tablet, "sales-button", "receipt-row")
    tablet.page.wait_for_selector('[data-testid="transfer-state"][data-state="underpaid"]')
    told[0]["state"] = "confirmed"
    tap(tablet, "back", "receipt-row")
    tablet.page.wait_for_selector('[data-testid="transfer-state"][data-state="confirmed"]')


@pytest.mark.journey
def test_taps_of_a_cash_sale_and_of_undoing_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, refund_limit_dong=10_000_000)
    taps = count_taps(tablet)
    tablet.tap_goods(goods[0], goods[4], goods[8])
    tap(tablet, "pay-button", "pay-exact")
    sold = tablet.recorded()
    assert taps() == 5
    tap(tablet, "undo-sale", "undo-sale-yes")
    back = tablet.find("refunded")
    back.wait_for()
    assert taps() == 5 + 2
    assert number(back, "total") == number(back, "cash") == sold["total"]
    assert back.get_attribute("data-receipt-number") != sold["number"]
    refund = of_kind(tablet, "refund")[0]
    assert (refund["refund_of"], refund["whole"]) == (sold["id"], True)
    check(tablet, "undone")


@pytest.mark.journey
def test_change_is_shown_as_notes(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button")
    total = number(tablet.find("pay-left"), "dong")
    for digit in str(total + 88_000):
        tablet.find(f"key-{digit}").click()
    tap(tablet, "pay-confirm")
    tablet.recorded()
    notes = tablet.page.locator('[data-testid="change-notes"] li').all()
    worths = [int(one.get_attribute("data-note") or "0") for one in notes]
    assert worths == [50_000, 20_000, 10_000, 5_000, 2_000, 1_000]


@pytest.mark.journey
def test_split_tender_adds_up_and_a_card_number_is_refused(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, cash_rounding_dong=1_000)
    tablet.tap_goods(goods[0], goods[4])
    tap(tablet, "pay-button")
    total = number(tablet.find("pay-left"), "dong")
    for key in ("5", "0", "000"):
        tablet.find(f"key-{key}").click()
    check(tablet, "part of a sum")
    tap(tablet, "part-cash")
    assert number(tablet.find("pay-left"), "dong") == total - 50_000
    for key in ("2", "0", "000"):
        tablet.find(f"key-{key}").click()
    tap(tablet, "part-transfer", "transfer-claimed")
    assert number(tablet.find("pay-left"), "dong") == total - 70_000
    tap(tablet, "pay-card")
    tablet.find("approval").fill("4111 1111 1111 1111")
    assert tablet.find("refusal").is_visible()
    assert tablet.find("card-done").is_disabled()
    check(tablet, "card number refused")
    tablet.find("approval").fill("A4711")
    tap(tablet, "card-done")
    tablet.recorded()
    paid = of_kind(tablet, "sale")[0]["payments"]
    assert [(one["method"], one["amount_dong"]) for one in paid] == [
        ("cash", 50_000),
        ("transfer", 20_000),
        ("card", total - 70_000),
    ]
    assert sum(one["tendered_dong"] - one["change_dong"] for one in paid) == total
    assert "4111" not in json.dumps(commands(tablet))


@pytest.mark.journey
def test_a_clock_that_jumps_between_the_sum_and_the_money(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """Without a network nothing measures it afresh; the sale still belongs to today, and the seller is told."""
    goods = begin(app, fair, tablet)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    first = tablet.sell_cash(goods[0])
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button")
    tablet.page.evaluate("const now = Date.now; Date.now = () => now() + 3 * 86_400_000")
    tablet.find("pay-exact").click()
    second = tablet.recorded()
    before, after = of_kind(tablet, "sale")
    assert second["number"] == first["number"][:-1] + "2", "the same fair day, the next number"
    assert abs(after["clock_offset_ms"] - before["clock_offset_ms"] + 3 * 86_400_000) < 5_000
    assert "3 ngày" in tablet.find("clock-wrong").inner_text()
    tablet.context.set_offline(False)
    tablet.wait_until_sent()
    with app.app_context():
        stored = {sale.id: sale for sale in reading().scalars(select(Sale))}
        assert prove(reading()).oddities == 0
    assert stored[first["id"]].fair_day == stored[second["id"]].fair_day
    apart = stored[second["id"]].sold_at - stored[first["id"]].sold_at
    assert timedelta(0) < apart < timedelta(minutes=1)
