"""An evening in a real browser: closed while a tablet is cut off, its sales shown as late, opened again, closed again, printed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.day_sheets import prove_day_sheets
from fair_pos.till.tables import Device
from tests.builders import BOUNDARY, Fair, pair_tablet
from tests.journeys.browser import Office, Tablet
from tests.journeys.looking import axe_findings, scrolls_sideways, small_controls


def look(page: Page, *words: str) -> None:
    """What stands on the page, and nothing for a machine to find."""
    text = page.locator("main").inner_text()
    for one in words:
        assert one in text, text
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)


def figure(page: Page, name: str) -> int:
    return int(page.locator(f'[data-figure="{name}"]').first.get_attribute("data-value") or "-1")


def close(page: Page, *, without: bool) -> None:
    if without:
        page.locator('input[name="without"]').check()
    if page.locator('input[name="early"]').count():
        page.locator('input[name="early"]').check()
    page.locator("#close button").click()
    page.locator("#signed").wait_for()


@pytest.mark.journey
def test_an_evening_with_a_tablet_that_is_cut_off(app: Flask, fair: Fair, till: Tablet, office: Office) -> None:
    sold = till.sell_cash(fair.goods[4].product_id)["total"]
    till.find("new-sale").click()
    till.wait_until_sent()
    till.wait_until_installed()
    till.context.set_offline(True)
    late = till.sell_cash(fair.goods[5].product_id)["total"]
    with app.app_context(), transaction() as session:
        device = session.scalars(select(Device)).one()
        device.last_heard_at, letter = now() - timedelta(days=1), device.letter
    other = pair_tablet(app, fair, 1)
    other.post(app.test_client(), other.sale([(fair.goods[2], 2)]))
    with app.app_context(), transaction() as session:
        session.get_one(Device, other.device_id).waiting = 0

    page = office.sign_in("bantochuc", (1280, 800))
    page.goto(f"{till.address}/editions/{fair.edition_id}/sheets")
    look(page, "Chốt ngày", "tạm tính")
    page.locator(f'[data-day="{fair_day(now(), BOUNDARY).isoformat()}"] th a').click()
    page.locator("#close").wait_for()
    look(page, "1/2 máy đã gửi", f"1 máy chưa gửi hết: {letter}")
    assert figure(page, "net") == sold + 2 * fair.goods[2].price_dong
    page.locator("#close button").click()
    page.locator('[role="alert"]').wait_for()
    assert "đánh dấu" in page.locator('[role="alert"]').inner_text(), "never silently"
    close(page, without=True)
    look(page, "Vừ A bantochuc đã chốt", "bảng chốt số 1", f"Máy {letter}")

    till.context.set_offline(False)
    till.wait_until_sent()
    page.reload()
    look(page, "đã chốt; sau đó thêm 1 phiếu", "Đến sau khi chốt")
    assert figure(page, "late") == 1
    assert figure(page, "net") == sold + 2 * fair.goods[2].price_dong, "the sheet stays as it was signed"
    page.get_by_role("link", name="Xem từng phiếu").click()
    look(page, letter, f"{late:,}".replace(",", "."))
    page.go_back()

    page.fill('input[name="reason"]', f"Máy {letter} mới có mạng")
    page.locator("#reopen button").click()
    page.locator("#open").wait_for()
    close(page, without=False)
    look(page, "bảng chốt số 2, lần 2", f"Máy {letter} mới có mạng", "Thay đổi so với lần trước")
    assert figure(page, "net") == sold + late + 2 * fair.goods[2].price_dong
    assert page.locator('[data-change="money.receipts"] td').all_inner_texts() == ["2", "3"]
    page.set_viewport_size({"width": 360, "height": 640})
    look(page)
    assert small_controls(page, 40) == []
    pdf = page.context.request.get(page.get_by_role("link", name="In bảng chốt (PDF)").evaluate("one => one.href"))
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    look(page, "signed, Vừ A bantochuc", "sheet 2, round 2")
    with app.app_context():
        assert prove_day_sheets(reading()).sheets == 2
