"""An edition on a phone: its head leaves room for figures, and a row of tabs shows the page that one is on and that more follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import transaction
from fair_pos.till.tables import Device
from fair_pos.venues.tables import Edition
from tests.builders import BOUNDARY, Fair, pair_tablet
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.serving import Server

MOST_HEAD_PX = 220
LONG_NAME = "Tuần lễ OCOP và sản phẩm đặc trưng các vùng miền 2026"


@pytest.fixture
def edition(app: Flask, fair: Fair) -> str:
    """A fair of a long name and place, of sample data, with one sale today."""
    tablet = pair_tablet(app, fair)
    tablet.post(app.test_client(), tablet.sale([(fair.goods[0], 2)]))
    with app.app_context(), transaction() as session:
        session.get_one(
            Device, tablet.device_id
        ).waiting = 3  # what is still to come is told, and not above the figures
    with app.app_context(), transaction() as session:
        one = session.get_one(Edition, fair.edition_id)
        one.name, one.place, one.sample = LONG_NAME, "Công viên Lê Thị Riêng, quận 10, TP. Hồ Chí Minh", True
        one.starts_day = fair_day(now(), BOUNDARY) - timedelta(days=4)
        one.ends_day = one.starts_day + timedelta(days=4)
    return f"/editions/{fair.edition_id}/"


def head_height(page: Page) -> float:
    """From the top of the edition's name to the bottom of its last row of tabs."""
    height: float = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('.edition-head ~ .tabs')].slice(0, 2).map(row =>
          row.getBoundingClientRect().bottom)) - document.querySelector('.edition-head').getBoundingClientRect().top"""
    )
    return height


def hidden_tabs(page: Page) -> list[str]:
    """Tabs of the shown page that do not lie wholly within their row and the screen."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.tabs [aria-current]')].filter(tab => {
          const box = tab.getBoundingClientRect(), row = tab.parentElement.getBoundingClientRect()
          return box.left < row.left - 1 || box.right > row.right + 1 || row.right > innerWidth
        }).map(tab => tab.textContent)"""
    )
    return found


@pytest.mark.journey
@pytest.mark.parametrize("language", ["vi", "en"])
def test_figures_stand_on_the_first_screen(
    fair: Fair, server: Server, office: Office, edition: str, language: str
) -> None:
    page = office.sign_in("bantochuc", (360, 640))
    if language == "en":
        page.locator('button[lang="en"]').click()
        page.locator('html[lang="en"]').wait_for()
    sheet = f"days/{fair_day(now(), BOUNDARY).isoformat()}/sheet"
    for path in ("", "live", sheet):
        page.goto(server.address + edition + path)
        page.evaluate("document.fonts.ready")
        assert head_height(page) <= MOST_HEAD_PX, path
        first = page.locator(".figures .figure.net dd").first.bounding_box()
        assert first is not None
        assert first["y"] + first["height"] <= 640, path
        assert not scrolls_sideways(page), path
        assert axe_findings(page) == [], path
        low = page.evaluate(
            "[...document.querySelectorAll('.tabs a')].filter(a => a.getBoundingClientRect().height < 43.5).length"
        )
        assert low == 0, path
    sheet_path = server.address + edition + sheet
    page.goto(sheet_path)
    for name in ("without", "early"):
        if page.locator(f'input[name="{name}"]').count():
            page.locator(f'input[name="{name}"]').check()
    page.locator("#close button").click()
    page.locator("#signed").wait_for()
    page.goto(sheet_path)
    first = page.locator(".figures .figure.net dd").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] <= 640, "of a signed sheet"


@pytest.mark.journey
def test_the_tab_of_the_page_is_in_sight_and_an_arrow_says_that_more_follow(
    fair: Fair, server: Server, office: Office, edition: str
) -> None:
    page = office.sign_in("bantochuc", (360, 640))
    for path in ("", "sheets", "plan/edit", "programme", "till-rules", "oddities", "visitors/counters"):
        page.goto(server.address + edition + path)
        page.evaluate("document.fonts.ready")
        assert page.locator(".tabs").first.evaluate("row => row.scrollWidth > row.clientWidth"), path
        assert page.locator(".tabs [aria-current]").count() >= 1, path
        assert hidden_tabs(page) == [], path
    page.goto(server.address + edition)
    row = page.locator(".tabs").first
    # Asked from outside: the page's own policy forbids a text to be run again and again inside it.
    expect(row).to_have_attribute("data-more", "")
    row.evaluate("row => { row.scrollLeft = row.scrollWidth }")
    expect(row).not_to_have_attribute("data-more", "")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(row).not_to_have_attribute("data-more", "")


@pytest.mark.journey
def test_without_scripts_that_tab_stands_first_in_its_row(
    fair: Fair, server: Server, office: Office, edition: str
) -> None:
    signed_in = office.sign_in("bantochuc", (360, 640))
    page = office.visitor(scripts=False)
    page.context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]
    page.goto(server.address + edition + "programme")
    lefts = page.locator(".tabs [aria-current]").evaluate_all(
        "tabs => tabs.map(tab => tab.getBoundingClientRect().left - tab.parentElement.getBoundingClientRect().left)"
    )
    assert lefts == [0, 0]
