"""Goods taken in with a signature drawn on the screen, carried to another booth, and received there on a tablet; looked at in both sizes."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from fair_pos.consignment.rules import is_signature
from fair_pos.consignment.tables import GoodsNote
from fair_pos.plumbing.db import reading
from tests.builders import Fair
from tests.consignment.notes import carry, held, line, out, take_in
from tests.journeys.browser import Office
from tests.journeys.looking import SIZES, axe_findings, scrolls_sideways

pytestmark = pytest.mark.journey

BOTH = [SIZES["tablet"], SIZES["phone"]]


def fine(page: Page) -> None:
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)


def draw(page: Page) -> None:
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(
            box["x"] + 30 + step * box["width"] / 12, box["y"] + box["height"] * (0.3 if step % 2 else 0.7), steps=4
        )
    page.mouse.up()


@pytest.mark.parametrize("size", BOTH)
def test_goods_are_taken_in_and_signed_for(app: Flask, fair: Fair, office: Office, size: tuple[int, int]) -> None:
    page = office.sign_in("bantochuc", size)
    page.goto(f"{office.address}/editions/{fair.edition_id}/notes")
    fine(page)
    page.get_by_role("link", name="Nhận hàng ký gửi").click()
    fine(page)
    page.get_by_label("Nơi nhận hàng").select_option(fair.booth_ids[0])
    page.get_by_label("Chủ hàng").select_option(fair.producer_ids[0])
    page.get_by_role("button", name="Tiếp tục").click()
    fine(page)
    page.get_by_label("Số lượng, dòng 1").fill("12")
    page.get_by_label("Hạn dùng, dòng 1").fill("31/12/2027")
    page.get_by_role("button", name="Thêm 5 dòng").click()
    expect(page.get_by_label("Số lượng, dòng 1", exact=True)).to_have_value("12")
    page.get_by_label("Số lượng, dòng 2", exact=True).fill("3")
    page.get_by_role("button", name="Xem lại và ký").last.click()
    expect(page.get_by_role("heading", name="Xem lại: Phiếu nhận ký gửi")).to_be_visible()
    page.get_by_label("Họ tên người ký").fill("Lò Thị Mỷ")
    draw(page)
    fine(page)
    page.get_by_role("button", name="Ghi phiếu").click()
    expect(page.get_by_role("heading", name="PN-0001")).to_be_visible()
    fine(page)
    with app.app_context():
        note = reading().query(GoodsNote).one()
        assert note.signed_name == "Lò Thị Mỷ"
        assert is_signature(note.signature)
    assert {one.quantity for one in held(app, fair.booth_ids[0])} == {12, 3}


@pytest.mark.parametrize("size", BOTH)
def test_a_seller_receives_on_the_tablet(app: Flask, fair: Fair, office: Office, size: tuple[int, int]) -> None:
    take_in(app, fair, line(fair.goods[0], 20), booth=1)
    carry(app, fair, out(held(app, fair.booth_ids[1])[0], 10), booth=1, to=0)
    page = office.sign_in("nguoiban", size)
    page.get_by_role("link", name="Hàng đang đến A01 (1 phiếu xuất kho)").click()
    fine(page)
    page.get_by_role("link", name="Đếm và nhận").click()
    fine(page)
    page.get_by_label("Số nhận").fill("8")
    page.get_by_role("button", name="Ghi nhận hàng").click()
    expect(page.get_by_text("Đã nhận hàng.")).to_be_visible()
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [8]
    page = office.sign_in("bantochuc", size)
    page.goto(f"{office.address}/editions/{fair.edition_id}/notes")
    expect(page.get_by_text("còn chưa rõ 2")).to_be_visible()
    page.get_by_role("link", name="PX-0001").first.click()
    fine(page)
    page.get_by_label("Chuyện gì đã xảy ra").select_option("lost")
    page.get_by_label("Nếu mất, ai chịu").select_option("house")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_role("link", name="PH-0001")).to_be_visible()
