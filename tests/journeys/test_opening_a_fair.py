"""A fair is set up in a browser: its booths from one file, its programme, and then the next edition beside it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sheets import write_xlsx
from fair_pos.venues.queries import all_editions, booths_of, programme_of
from tests.builders import Fair
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.serving import Server

HEADINGS = ["Mã gian", "Tên gian hàng", "Khu", "Chủ thể"]
ZONES = ("Khu A", "Khu B", "Khu Ẩm thực", "Khu Làng nghề", "Khu Quốc tế")
WIDTHS = ((1280, 800), (360, 640), (320, 640))


def register(count: int = 224) -> bytes:
    """A whole fair's booths; «A01» and «A02» are there already."""
    maker = "Hợp tác xã Số {} Hội chợ thử"
    rows = [
        [
            f"{'ABCDE'[number % 5]}{number // 5 + 1:02}",
            f"Đặc sản {number}",
            ZONES[number % 5],
            "; ".join(maker.format(one) for one in ((1, 2) if number % 3 == 0 else (3,))),
        ]
        for number in range(count)
    ]
    return write_xlsx("Gian hàng", HEADINGS, rows)


def look(page: Page) -> None:
    """axe finds nothing, and at no size does the page scroll sideways."""
    assert axe_findings(page) == [], page.url
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert not scrolls_sideways(page), f"{page.url} at {width}"
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.journey
def test_booths_from_a_file_a_programme_and_the_next_edition(
    app: Flask, fair: Fair, server: Server, office: Office
) -> None:
    page = office.sign_in("quantri", (1280, 800))
    page.goto(f"{server.address}/editions/{fair.edition_id}/booths")
    page.get_by_role("link", name="Nhập từ tệp").click()
    look(page)
    page.set_input_files("input[name=file]", {"name": "gian-hang.xlsx", "mimeType": "", "buffer": register()})
    page.get_by_role("button", name="Xem trước", exact=True).click()
    expect(page.get_by_role("heading", name="Nếu nhập tệp này")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Nhập 224 gian hàng").click()
    expect(page.get_by_text("Đã nhập gian hàng: 222 mới, 2 đổi, 0 giữ nguyên.")).to_be_visible()
    look(page)

    page.get_by_role("link", name="Chương trình").click()
    look(page)
    for time, kind, title in (("19:30", "Khai mạc", "Lễ khai mạc"), ("01:00", "Livestream", "Phiên chợ khuya")):
        page.get_by_label("Giờ bắt đầu").last.fill(time)
        page.get_by_label("Loại").last.select_option(label=kind)
        page.get_by_label("Tên hoạt động").last.fill(title)
        page.get_by_role("button", name="Thêm hoạt động").click()
        expect(page.get_by_text(f"Đã thêm «{title}».")).to_be_visible()
    expect(page.get_by_text("đêm, sang")).to_be_visible()
    page.get_by_text("Sửa hoặc bỏ").first.click()
    look(page)

    page.goto(f"{server.address}/editions/{fair.edition_id}/next")
    look(page)
    expect(page.get_by_label("Tên chuỗi mới")).to_have_value("Hội chợ thử")
    page.get_by_label("Tên", exact=True).fill("Hội chợ thử, kỳ hai")
    page.get_by_role("button", name="Mở kỳ tiếp theo").click()
    expect(page.get_by_text("Đã mở «Hội chợ thử, kỳ hai»: 224 gian")).to_be_visible()

    page.goto(f"{server.address}/editions/")
    page.get_by_role("link", name="Xem theo chuỗi").click()
    expect(page.get_by_text("2 kỳ")).to_be_visible()
    look(page)
    with app.app_context():
        both = {one.name: one.id for one in all_editions(reading())}
        assert {name: len(booths_of(reading(), one)) for name, one in both.items()} == dict.fromkeys(
            ("Hội chợ thử", "Hội chợ thử, kỳ hai"), 224
        )
        assert programme_of(reading(), both["Hội chợ thử, kỳ hai"]) == []
