"""Transfers in real browsers: money from the tablet's QR code to «Tiền đã về», and the pages about it, wide and narrow."""

from __future__ import annotations

import io
import json
import os
import time
import urllib.request
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from fair_pos.kernel.clock import now
from fair_pos.payments.actions import AccountSaid, Owner, propose_change
from fair_pos.payments.matching import NewLine, record_lines
from fair_pos.payments.vietqr import VietQr, parse
from fair_pos.plumbing.db import transaction
from fair_pos.settings import Settings
from tests.builders import Fair, pair_tablet
from tests.journeys.browser import Office, Tablet
from tests.journeys.looking import axe_findings, scrolls_sideways, small_controls
from tests.journeys.paying import ACCOUNT, begin, number, tap
from tests.payments.money import (
    NUMBER,
    SECRET,
    account_in_use,
    by_transfer,
    code_of,
    given_back,
    paid,
    seen,
    sepay_body,
    sepay_headers,
    statement_file,
)
from tests.payments.money import (
    look as transfer_of,
)

SIZES = {"desk": (1440, 900), "phone": (360, 640)}
PAGES = ("transfers", "transfers?state=all", "bank-lines", "statements", "accounts", "")


def busy_fair(app: Flask, fair: Fair) -> None:
    """One of everything that these pages can show."""
    tablet, account = pair_tablet(app, fair), account_in_use(app, fair)
    sales = [by_transfer(tablet, fair.goods[n % 3], code_of(n), account) for n in range(6)]
    card = tablet.sale([(fair.goods[1], 1)], payments=[paid("card", 350_000) | {"reference": "A1"}])
    back = given_back(tablet, fair.goods[0], sales[0]["id"], "transfer")
    unplaced = seen(tablet, "0191f5d0-0000-7000-8000-000000000001")
    tablet.send(*sales, card, tablet.sale([(fair.goods[2], 2)]), seen(tablet, sales[1]["id"]), back, unplaced)
    lines = [
        NewLine("sepay", "1", NUMBER, now(), 37_500, code_of(2), "FT26328001"),
        NewLine("statement", "2", NUMBER, now(), 200_000, f"MBVCB.73110.{code_of(3)}.CT tu 0123456789", "FT2", row_number=7),
        NewLine("casso", "3", NUMBER, now(), 1_250_000, "NGUYENVANACHUYENTIENMUAMATONGRUNGTAIHOICHOTHUDO" * 2, "FT3"),
    ]  # fmt: skip
    with app.app_context(), transaction() as session:
        record_lines(session, lines, now())
        said, owner = (
            AccountSaid("970418", "9998887776665", "HỢP TÁC XÃ NÔNG NGHIỆP"),
            Owner(fair.edition_id, fair.booth_ids[1]),
        )
        propose_change(session, owner, said, at=now(), by=fair.people["quantri"])


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands; with SHOTS set, a picture of it too."""
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    found = axe_findings(page) + small_controls(page, 44)
    return [f"{name}: {one}" for one in (*found, *(["scrolls sideways"] if scrolls_sideways(page) else []))]


@pytest.mark.journey
@pytest.mark.parametrize("size", sorted(SIZES))
def test_pages_about_transfers_look_right(app: Flask, fair: Fair, office: Office, size: str, tmp_path: Path) -> None:
    busy_fair(app, fair)
    page = office.sign_in("bantochuc", SIZES[size])
    address = f"{office.address}/editions/{fair.edition_id}/"
    wrong: list[str] = []
    for at, path in enumerate(PAGES):
        page.goto(address + path)
        for details in page.locator("details").all()[:1]:
            details.locator("summary").click()
        wrong += look(page, f"{size}-{at}-{path.partition('?')[0] or 'day'}")
    file = tmp_path / "sao-ke.csv"
    file.write_bytes(statement_file([("FT9", 350_000, f"CT {code_of(4)}"), ("FT8", 5_000, "x" * 90)]))
    page.goto(address + "statements")
    page.set_input_files('input[type="file"]', str(file))
    page.locator("main form button.primary").click()
    page.wait_for_url("**/statements/*")
    wrong += look(page, f"{size}-statement")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/bank-lines")
    assert page.locator("main .notice").first.text_content() == (
        "Đã nhập sao kê: 1 khoản khớp, 1 khoản cần xem, 0 khoản đã có từ trước."
    )
    assert wrong == []


# --- from the code on the tablet to the money on it -------------------------------------------------------------------

ASKS_EVERY_S = 15
"""How often the tablet asks while a screen shows a transfer that nobody has confirmed (till/src/state/transfers.ts)."""


def read_code(tablet: Tablet) -> VietQr:
    """The QR code on the screen, read off a picture of it as a buyer's telephone does."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(tablet.page.screenshot())))
    return parse(found.text)


def bank_tells(address: str, code: VietQr, amount_dong: int, txn: int) -> None:
    """SePay posts to the real server what the buyer's transfer has become."""
    body = sepay_body(code.note, amount_dong, txn=txn, account=code.account)
    wanted = urllib.request.Request(f"{address}/hooks/sepay/shop", data=body, headers=sepay_headers(body))
    with urllib.request.urlopen(wanted, timeout=10) as answer:
        assert (answer.status, json.load(answer)) == (200, {"success": True})


@pytest.mark.journey
def test_money_that_the_bank_tells_of_shows_on_the_tablet(
    app: Flask, fair: Fair, tablet: Tablet, settings: Settings
) -> None:
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    settings.hooks_path.write_text(json.dumps({"sepay": {"shop": {"secret": SECRET}}}))
    goods = begin(app, fair, tablet)

    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button", "pay-transfer")
    total, code = number(tablet.find("transfer-sum"), "dong"), read_code(tablet)
    assert (code.bank_bin, code.account, code.amount_dong) == (ACCOUNT.bank_bin, ACCOUNT.account_number, total)
    tap(tablet, "transfer-claimed")
    sold = tablet.recorded()
    tablet.find("claimed").wait_for()  # claimed: nobody has seen the money yet
    tablet.wait_until_sent()
    bank_tells(tablet.address, code, total, 1)
    told_at = time.monotonic()
    tablet.find("claimed").wait_for(state="detached", timeout=(ASKS_EVERY_S + 5) * 1000)
    assert time.monotonic() - told_at < ASKS_EVERY_S + 5
    assert "Tiền đã về" in tablet.page.locator(".sold-change").inner_text()
    assert (transfer_of(app, sold["id"]).received_dong, transfer_of(app, sold["id"]).confirmed_dong) == (total, total)
    tap(tablet, "new-sale", "sales-button", "receipt-row")
    tablet.page.wait_for_selector('[data-testid="transfer-state"][data-state="confirmed"]')

    # The second buyer pays less, and faster than the tablet's network: the money waits for its sale.
    tap(tablet, "back", "back")
    tablet.context.set_offline(True)
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button", "pay-transfer")
    code = read_code(tablet)
    tap(tablet, "transfer-claimed")
    second = tablet.recorded()
    bank_tells(tablet.address, code, total - 5_000, 2)
    tablet.context.set_offline(False)
    tablet.wait_until_sent()
    tap(tablet, "new-sale", "sales-button")
    tablet.page.locator('[data-testid="receipt-row"]').first.click()
    tablet.page.wait_for_selector('[data-testid="transfer-state"][data-state="underpaid"]', timeout=30_000)
    assert transfer_of(app, second["id"]).received_dong == total - 5_000
