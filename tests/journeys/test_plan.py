"""An organiser lays out a plan with mouse and keyboard, and then sees it come alive."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page
from sqlalchemy import text

from fair_pos.floorplan.queries import spots_of
from fair_pos.floorplan.rules import overlapping
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.tables import Booth
from tests.builders import Fair, make_fair, pair_tablet
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, low_contrast, scrolls_sideways, small_controls
from tests.serving import Server

BOOTHS = 30


@pytest.fixture
def fair(app: Flask) -> Fair:
    """Thirty booths in three zones, open all day, so that a sale at any hour of testing is one in opening hours."""
    made = make_fair(app, booths=BOOTHS)
    with app.app_context(), transaction() as session:
        session.execute(text("update edition set opens_minute = 240, closes_minute = 1680"))
        for number, booth_id in enumerate(made.booth_ids):
            session.get_one(Booth, booth_id).zone = ("Tây Bắc", "Đồng bằng", "Nam Bộ")[number // 10]
    return made


def booth(page: Page, booth_id: str) -> Locator:
    return page.locator(f'#ground .booth[data-booth="{booth_id}"]')


def place(page: Page, booth_id: str) -> tuple[float, float]:
    found = re.fullmatch(r"translate\((\S+) (\S+)\)", str(booth(page, booth_id).get_attribute("transform")))
    assert found is not None
    return float(found[1]), float(found[2])


def drag(page: Page, booth_id: str, right: int, down: int) -> None:
    """By so many pixels, in steps as a hand does."""
    booth(page, booth_id).scroll_into_view_if_needed()
    box = booth(page, booth_id).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.up()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu sơ đồ").click()


@pytest.mark.journey
def test_a_plan_is_laid_out_and_comes_alive(app: Flask, fair: Fair, server: Server, office: Office) -> None:
    page = office.sign_in("bantochuc", (1440, 900))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"{server.address}/editions/{fair.edition_id}/plan/edit")
    assert page.locator("#waiting li").count() == BOOTHS
    with page.expect_navigation():
        page.get_by_role("button", name="Xếp tự động").click()
    assert page.locator("#waiting li").count() == 0
    # Laying out is one step that can be taken back, and nothing is saved by it.
    page.get_by_role("button", name="Hoàn tác").click()
    assert page.locator("#waiting li").count() == BOOTHS
    with page.expect_navigation():
        page.get_by_role("button", name="Xếp tự động").click()

    first, second, third = fair.booth_ids[:3]
    before = place(page, first)
    drag(page, first, 5, 4)  # less than half a step of the grid: it stays
    assert place(page, first) == before
    drag(page, first, 700, 0)  # no further than the edge
    assert place(page, first)[0] + 30 == page.evaluate("document.getElementById('ground').viewBox.baseVal.width")
    page.keyboard.press("Control+z")
    assert place(page, first) == before
    drag(page, first, 70, 0)
    assert place(page, first)[0] > before[0]
    assert place(page, first)[0] % 5 == 0
    assert page.locator("#overlaps").is_visible()
    assert "A01 và A0" in page.locator("#pairs").inner_text()
    assert page.locator("#shared rect").count() >= 1

    at = place(page, second)
    page.locator("#find").select_option(second)
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowDown", "ArrowRight", "Control+ArrowRight"):
        page.keyboard.press(key)
    assert place(page, second) == (at[0] + 5, at[1] + 30)
    assert page.locator("#side-w").input_value() == "3,5"
    assert "3,5 m" in page.locator("#say").inner_text()
    page.locator("#find").select_option(third)
    page.keyboard.press("Delete")
    assert page.locator("#waiting li").all_inner_texts() == ["A03"]
    page.locator("#find").select_option(fair.booth_ids[3])
    page.locator("#side-y").fill("50,5")
    page.locator("#side-y").press("Enter")
    assert place(page, fair.booth_ids[3])[1] > 100  # as far down as the plan goes
    assert axe_findings(page) == []
    moved = {one: place(page, one) for one in (first, second, fair.booth_ids[3])}
    save(page)
    page.reload()
    assert {one: place(page, one) for one in moved} == moved
    assert page.locator("#waiting li").all_inner_texts() == ["A03"]
    assert page.locator("#overlaps").is_visible()
    with app.app_context():
        spots = spots_of(reading(), fair.edition_id)
    assert {one: (spots[one].x, spots[one].y) for one in moved} == moved
    assert (spots[second].width, len(spots)) == (35, BOOTHS - 1)
    assert overlapping(spots) != []
    # A booth from the list goes to a free place.
    page.locator("#waiting button").click()
    save(page)
    with app.app_context():
        after = spots_of(reading(), fair.edition_id)
    assert len(after) == BOOTHS
    assert {pair for pair in overlapping(after) if third in pair} == set()

    page.goto(f"{server.address}/editions/{fair.edition_id}/plan")
    cell = page.locator(f'#live .cell[data-booth="{first}"]')
    assert cell.get_attribute("data-state") != "selling"
    page.evaluate("window.stillTheSamePage = true")
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 3)]))
    page.wait_for_selector(f'#live .cell[data-booth="{first}"][data-state="selling"]', timeout=10_000)
    assert cell.locator(".value").text_content() == "660"  # thousands, as the legend says
    assert page.locator(f"#net-{first}").inner_text().replace("\xa0", " ") == "660.000 ₫"
    assert page.evaluate("window.stillTheSamePage") is True
    assert axe_findings(page) == []
    assert low_contrast(page, 4.5) == []
    server.stop()
    coming_back = (
        "document.dispatchEvent(new Event('visibilitychange'))"  # who comes back to the page sees it renewed at once
    )
    page.evaluate(coming_back)
    page.wait_for_selector("#seen.lost", timeout=10_000)  # old numbers do not look new
    server.start()
    page.evaluate(coming_back)
    page.wait_for_selector("#seen:not(.lost)", timeout=15_000)
    cell.click()
    page.wait_for_url("**/receipts?**")
    assert "660.000" in page.locator("main").inner_text()
    assert [one for one in problems if "ERR_CONNECTION" not in one and "Failed to load" not in one] == []


@pytest.mark.journey
def test_the_plan_fits_a_phone(app: Flask, fair: Fair, server: Server, office: Office) -> None:
    page = office.sign_in("bantochuc", (360, 640))
    address = f"{server.address}/editions/{fair.edition_id}/plan"
    page.goto(f"{address}/edit")
    with page.expect_navigation():
        page.get_by_role("button", name="Xếp tự động").click()
    page.locator("[name=width]").fill("60")
    save(page)
    for path in ("/edit", "", "?show=minutes", "/heat"):
        page.goto(address + path)
        assert not scrolls_sideways(page), path
        assert axe_findings(page) == [], path
        assert small_controls(page, 44) == [], path
        assert page.evaluate("(frame => frame.scrollWidth > frame.clientWidth)(document.querySelector('.plan-frame'))")


@pytest.mark.journey
@pytest.mark.parametrize(("width", "height"), [("60", "40"), ("150", "60")])
def test_plans_are_printed_whole_and_their_codes_can_be_read(
    fair: Fair, server: Server, office: Office, width: str, height: str
) -> None:
    page = office.sign_in("bantochuc", (1280, 800))
    address = f"{server.address}/editions/{fair.edition_id}/plan"
    page.goto(f"{address}/edit")
    with page.expect_navigation():
        page.get_by_role("button", name="Xếp tự động").click()
    page.locator("[name=width]").fill(width)
    page.locator("[name=height]").fill(height)
    save(page)
    page.goto(address)
    letters = page.locator(".booth-code").evaluate_all(
        "all => all.map(one => Number(one.getAttribute('font-size')) * one.getScreenCTM().a)"
    )
    assert letters
    assert min(letters) >= 11
    page.set_viewport_size({"width": 760, "height": 1000})
    page.emulate_media(media="print")
    for path in ("", "/heat"):
        page.goto(address + path)
        inside = "(frame => [frame.scrollWidth <= frame.clientWidth, frame.scrollHeight <= frame.clientHeight])"
        assert page.evaluate(f"{inside}(document.querySelector('.plan-frame'))") == [True, True], path


@pytest.mark.journey
def test_a_finger_chooses_a_booth_and_then_drags_it(fair: Fair, server: Server, office: Office) -> None:
    """A plan full of booths must still scroll under a finger, so that the first touch of a booth never moves it."""
    page = office.sign_in("bantochuc", (800, 1280))
    page.goto(f"{server.address}/editions/{fair.edition_id}/plan/edit")
    with page.expect_navigation():
        page.get_by_role("button", name="Xếp tự động").click()
    hand = page.context.new_cdp_session(page)
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    first = fair.booth_ids[10]
    booth(page, first).scroll_into_view_if_needed()

    def swipe(right: int) -> None:
        box = booth(page, first).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for kind, share in (("touchStart", 0), ("touchMove", 1), ("touchMove", 2), ("touchMove", 3), ("touchEnd", 3)):
            points = [] if kind == "touchEnd" else [{"x": x + right * share // 3, "y": y}]
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = place(page, first)
    swipe(90)
    assert place(page, first) == before
    swipe(0)
    assert "chosen" in str(booth(page, first).get_attribute("class"))
    swipe(90)
    assert place(page, first)[0] > before[0]
    assert place(page, first)[1] == before[1]
