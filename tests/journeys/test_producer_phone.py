"""A producer at home with a cheap phone and scripts switched off: card, money, what is left, a statement and its paper, a shared day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.people.cards import revoke_card
from fair_pos.plumbing.db import transaction
from fair_pos.terms.rules import Share
from fair_pos.till.tables import Device
from tests.builders import BOUNDARY, Fair, pair_tablet
from tests.consignment.notes import line, take_in
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.people.cards import printed_card
from tests.serving import Server
from tests.settlement.stage import Stage

pytestmark = pytest.mark.journey
PHONE = (360, 640)


@pytest.fixture
def stage(app: Flask, fair: Fair) -> Stage:
    """Yesterday's goods are settled at 80 %; today two pieces were sold, fifty lie at the booth, and one till still holds a sale."""
    made = Stage(app, fair, pair_tablet(app, fair, paired_at=now() - timedelta(days=60)))
    made.rule(Share(kind="percent", basis_points=8_000))
    own = fair.goods[0]
    take_in(app, fair, line(own, 53))
    made.sell(1, made.line(own, 220_000))
    made.settle(1)
    made.tablet.send(made.tablet.sale([(own, 2)]))
    with app.app_context(), transaction() as session:
        session.execute(update(Device).where(Device.id == made.tablet.device_id).values(waiting=1))
    return made


def says(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("main")).to_contain_text(text)


def test_everything_a_maker_asks_for_without_a_script(
    app: Flask, fair: Fair, stage: Stage, server: Server, office: Office
) -> None:
    card_id, token = printed_card(app, fair)
    page = office.visitor(PHONE, scripts=False)
    page.goto(f"{server.address}/card/{token}")
    page.get_by_role("button", name="Mở trang").click()
    expect(page).to_have_url(re.compile(f"/producers/{fair.producer_ids[0]}/$"))
    says(page, "440.000 ₫")
    says(page, "2 món")
    says(page, "Gian 1")
    says(page, re.compile(r"Số liệu đến \d\d:\d\d, 1 máy chưa gửi"))
    for first in (page.locator(".figures .net b"), page.locator(".fresh"), page.get_by_text("Còn được trả")):
        box = first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 2 * PHONE[1], first
    shelf = page.locator("section", has=page.get_by_role("heading", name="Hàng còn")).locator(
        "li", has_text=stage.fair.goods[0].name
    )
    expect(shelf).to_contain_text(re.compile(r"50 hộp\s+A01 · đủ bán 50 ngày"))

    page.get_by_role("link", name="Tiền được trả").click()
    says(page, re.compile(r"Chờ trả theo bảng thanh toán\s+176\.000\s₫"))
    says(page, re.compile(r"Đã bán, chưa vào bảng thanh toán\s+352\.000\s₫"))
    page.get_by_role("link", name=re.compile("^TT-0001")).click()
    says(page, re.compile(r"Bạn được trả\s+176\.000\s₫"))
    address = page.get_by_role("link", name="Bảng thanh toán (PDF)").get_attribute("href")
    paper = page.request.get(f"{server.address}{address}")
    assert paper.status == 200
    assert paper.body().startswith(b"%PDF-")

    with app.app_context(), transaction() as session:
        revoke_card(session, card_id, fair.producer_ids[0], at=now(), by=fair.people["bantochuc"])
    page.get_by_role("link", name="Hôm nay").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert page.get_by_text("440.000").count() == 0
    page.goto(f"{server.address}/card/{token}")
    expect(page.get_by_role("heading", name="Thẻ không mở được")).to_be_visible()


def test_a_day_is_shared_in_three_taps(app: Flask, fair: Fair, stage: Stage, server: Server, office: Office) -> None:
    _card, token = printed_card(app, fair)
    page = office.visitor(PHONE, scripts=False)
    page.goto(f"{server.address}/card/{token}")
    page.get_by_role("button", name="Mở trang").click()
    page.get_by_role("link", name="Chia sẻ").click()
    page.get_by_role("button", name="Tạo ảnh và đường dẫn").click()
    address = page.get_by_label("Đường dẫn để chép").input_value()
    assert address.startswith(f"{server.address}/s/")
    stranger = office.visitor(PHONE, scripts=False)
    stranger.goto(address)
    expect(stranger.get_by_role("heading")).to_have_text("Hợp tác xã Số 1 Hội chợ thử")
    assert stranger.get_by_text("440.000").count() == 0
    assert not scrolls_sideways(stranger)
    page.get_by_role("button", name="Thôi chia sẻ").click()
    answer = stranger.reload()
    assert answer is not None
    assert answer.status == 404


def test_nothing_for_axe_to_find_and_no_sideways_scroll(
    app: Flask, fair: Fair, stage: Stage, server: Server, office: Office
) -> None:
    _card, token = printed_card(app, fair)
    page = office.visitor(PHONE)
    page.goto(f"{server.address}/card/{token}")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Mở trang").click()
    mine = f"{server.address}/producers/{fair.producer_ids[0]}"
    today = fair_day(now(), BOUNDARY)
    for path in ("/", "/goods", "/left", "/certificates", "/days", f"/days/{today}", "/money/", "/share"):
        page.goto(mine + path)
        assert axe_findings(page) == [], path
        assert not scrolls_sideways(page), path
    page.goto(f"{server.address}/code")
    assert axe_findings(page) == []
