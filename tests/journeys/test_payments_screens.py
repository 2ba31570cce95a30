"""The pages about transfers in a real browser, wide and narrow: nothing scrolls sideways, axe finds nothing, controls can be hit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from fair_pos.kernel.clock import now
from fair_pos.payments.actions import AccountSaid, Owner, propose_change
from fair_pos.payments.matching import NewLine, record_lines
from fair_pos.plumbing.db import transaction
from tests.builders import Fair, pair_tablet
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways, small_controls
from tests.payments.money import NUMBER, account_in_use, by_transfer, code_of, given_back, paid, seen, statement_file

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
    for number, path in enumerate(PAGES):
        page.goto(address + path)
        for details in page.locator("details").all()[:1]:
            details.locator("summary").click()
        wrong += look(page, f"{size}-{number}-{path.partition('?')[0] or 'day'}")
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
