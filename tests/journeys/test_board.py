"""A display over an hour of selling, cut off, switched off, and measured; the organiser's board; the public one."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from fair_pos.board.actions import revoke_display, switch_public_board
from fair_pos.board.queries import board_of, displays_of
from fair_pos.board.shared import KEPT_FOR
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.words import dong, number
from fair_pos.till.tables import Device
from fair_pos.venues.actions import MOST_NAME
from fair_pos.venues.tables import Edition
from tests.board.stage import Stage, a_year_ago, display_of, set_stage
from tests.builders import Fair
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, low_contrast, scrolls_sideways, small_controls
from tests.journeys.walls import Display, Memory, grown_bytes, open_wall, thirds
from tests.serving import Server
from tests.visitors.phones import Phone, make_gates, pair_phone

SPEED = 100
REFRESHES_AN_HOUR = 1_200


@pytest.fixture
def stage(app: Flask) -> Stage:
    return set_stage(app, booths=6)


@pytest.fixture
def fair(stage: Stage) -> Fair:
    """The server's fair is the one on the stage."""
    return stage.fair


def sell(stage: Stage, random: Random, count: int) -> None:
    """So many sales at random booths, now and then one given back."""
    for _ in range(count):
        tablet = random.choice(stage.tablets)
        sale = tablet.sale([(random.choice(stage.fair.goods), random.randint(1, 4))])
        tablet.send(sale)
        if random.random() < 0.05:
            lines = [(stage.fair.goods[0], 1)]
            tablet.send(tablet.sale(lines, refund_of=sale["id"]))


def visitors(app: Flask, stage: Stage) -> Phone:
    (gate,) = make_gates(app, stage.fair)
    return pair_phone(app, stage.fair, gate)


def last_year(stage: Stage) -> None:
    for hour in range(8, 22):
        stage.earlier.send(stage.earlier.sale([(stage.before.goods[0], hour)], at=a_year_ago(hour)))


def shows_what_the_server_says(app: Flask, stage: Stage, display: Display) -> None:
    """Every number on the wall, and each hour in the table behind the curve."""
    with app.app_context():
        board = board_of(reading(), stage.fair.edition_id, now())
    page = display.page
    page.wait_for_selector(f'[data-number="net"]:has-text("{number(board.total.net_dong)}")')
    assert display.digits("net") == board.total.net_dong
    assert display.digits("receipts") == board.total.receipts
    assert display.digits("visitors") == board.entries
    selling = page.locator('[data-number="selling"]').evaluate(
        "one => [one.firstChild.textContent, one.lastChild.textContent]"
    )
    assert selling == [str(len(board.selling)), str(len(board.booths))]
    rows = page.locator(".unseen tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(one => one.textContent))"
    )
    assert rows == [[str(one.hour), number(one.net_dong), number(one.before_dong or 0)] for one in board.hours]
    top = page.locator(".top li").evaluate_all(
        "rows => rows.map(one => [...one.children].map(part => part.textContent))"
    )
    assert top == [[one.name, number(one.net_quantity)] for one in board.top_products]


@pytest.mark.journey
def test_an_hour_of_selling_on_the_wall(app: Flask, server: Server, stage: Stage, browser: Browser) -> None:
    """1,200 refreshes while hundreds of sales come in: the memory stays flat and in the end every number is right."""
    last_year(stage)
    phone, random = visitors(app, stage), Random(20261124)
    display = open_wall(browser, server.address, display_of(app, stage.fair), speed=SPEED)
    samples: list[Memory] = []
    for part in range(1, 25):
        sell(stage, random, 12)
        phone.send(phone.group(), phone.tap(), phone.tap("out"))
        wanted = REFRESHES_AN_HOUR * part // 24
        deadline = time.monotonic() + 60
        while display.answers() < wanted:
            assert time.monotonic() < deadline, f"{display.answers()} of {wanted} refreshes"
            display.page.wait_for_timeout(50)
        samples.append(display.memory())
    assert len(display.requests) >= REFRESHES_AN_HOUR
    assert grown_bytes(samples[3:]) < 256 * 1024, [one.heap_bytes for one in samples]
    first, last = thirds(samples[3:])
    assert max(one.nodes for one in last) <= max(one.nodes for one in first) + 50, [one.nodes for one in samples]
    assert max(one.listeners for one in last) <= max(one.listeners for one in first)
    time.sleep(KEPT_FOR.total_seconds() + 0.1)
    shows_what_the_server_says(app, stage, display)
    assert display.problems == []


@pytest.mark.journey
def test_figures_are_at_most_five_seconds_old(app: Flask, server: Server, stage: Stage, browser: Browser) -> None:
    """At whatever moment the sale comes: a second, for which displays share a reading, and three of the display's own clock.

    Its first question after that second brings the digits, so that they hang on no machine's speed; bench/wall.py measures it.
    """
    display = open_wall(browser, server.address, display_of(app, stage.fair), frozen=True)
    tablet, random = stage.tablets[0], Random(5)
    for sales in range(1, 7):
        display.page.clock.run_for(random.randint(0, 3_000))
        tablet.send(tablet.sale([(stage.fair.goods[0], 1)]))
        time.sleep(KEPT_FOR.total_seconds() + 0.1)
        answered = display.answers()
        display.page.clock.run_for(3_000)
        display.page.wait_for_selector(f'[data-number="receipts"]:text-is("{sales}")')
        assert display.answers() - answered <= 2, "one may have been on its way"
        assert int(display.page.locator(".age").get_attribute("data-seconds") or "99") <= 5


@pytest.mark.journey
def test_a_wall_survives_what_happens_in_a_day(app: Flask, server: Server, stage: Stage, browser: Browser) -> None:
    """No network, a server that restarts, a display switched off: words each time, and no storm of questions."""
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 1)]))
    display = open_wall(browser, server.address, display_of(app, stage.fair), frozen=True)
    page, before = display.page, display.number("net")
    assert "#" not in page.url, "the token stands in no address bar"

    display.context.set_offline(True)
    page.clock.run_for(20_000)
    page.wait_for_selector('[data-fresh="down"]')
    assert "MẤT MẠNG. Số lúc" in page.locator(".age").inner_text()
    assert display.number("net") == before
    display.context.set_offline(False)
    pass_until(display, '[data-fresh="fresh"]')

    server.stop()
    page.clock.run_for(20_000)
    page.wait_for_selector('[data-fresh="down"]')
    assert display.number("net") == before
    server.start()
    pass_until(display, '[data-fresh="fresh"]')

    at = page.evaluate("getComputedStyle(document.querySelector('#app')).transform")
    page.clock.run_for(61_000)
    assert page.evaluate("getComputedStyle(document.querySelector('#app')).transform") != at, "moved by some pixels"

    page.reload()
    page.locator('[data-number="net"]').wait_for()
    assert display.number("net") == before, "the machine remembers its address"

    with app.app_context(), transaction() as session:
        for one in displays_of(session, stage.fair.edition_id):
            revoke_display(session, one.id, at=now(), by=stage.fair.people["bantochuc"])
    pass_until(display, '[data-stop="revoked"]')
    assert "đã ngừng màn hình này" in page.locator("main").inner_text()
    assert page.locator("[data-number]").count() == 0, "no figure stays on it"
    asked = len(display.requests)
    page.clock.run_for(600_000)
    page.wait_for_timeout(300)
    assert len(display.requests) == asked, "it asks no more"
    page.reload()
    page.wait_for_selector('[data-stop="revoked"]')
    assert len(display.requests) == asked + 1
    assert axe_findings(page) == []
    assert display.problems == []


def pass_until(display: Display, selector: str) -> None:
    """Let three seconds go by again and again; what the server says takes its own time."""
    deadline = time.monotonic() + 20
    while display.page.locator(selector).count() == 0:
        assert time.monotonic() < deadline, selector
        display.page.clock.run_for(3_000)
        display.page.wait_for_timeout(60)


@pytest.mark.journey
def test_another_address_replaces_the_one_before(app: Flask, server: Server, stage: Stage, browser: Browser) -> None:
    display = open_wall(browser, server.address, "not-a-token")
    page = display.page
    assert "không nhận ra màn hình này" in page.locator("main").inner_text()
    page.evaluate("token => { location.hash = token }", display_of(app, stage.fair))
    page.locator('[data-number="net"]').wait_for()
    empty = browser.new_context().new_page()
    empty.goto(f"{server.address}/wall/")
    empty.wait_for_selector('[data-stop="no_address"]')
    assert "chưa có địa chỉ" in empty.locator("main").inner_text()


# --- how it looks -----------------------------------------------------------------------------------------------------

DIGIT_HEIGHTS = """() => {
  const canvas = new OffscreenCanvas(10, 10).getContext('2d'), found = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement
    // What the catalogue and the organiser call things is no figure.
    if (!/[0-9]/.test(texts.currentNode.textContent) || one.closest('.unseen, [data-name]')) continue
    const style = getComputedStyle(one), scale = one.closest('svg')?.getScreenCTM().a ?? 1
    canvas.font = `${style.fontWeight} ${parseFloat(style.fontSize) * scale}px ${style.fontFamily}`
    const box = one.getBoundingClientRect()
    found.push({text: texts.currentNode.textContent, high: canvas.measureText('0').actualBoundingBoxAscent,
      main: one.closest('[data-number="net"]') !== null,
      inside: box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1})
  }
  return found
}"""


def busy(app: Flask, stage: Stage) -> None:
    """A fair with long numbers: every digit that can stand on the wall does."""
    last_year(stage)
    phone = visitors(app, stage)
    phone.send(*(phone.group() for _ in range(60)))
    with app.app_context(), transaction() as session:
        for device in session.scalars(select(Device)):
            device.last_heard_at = now()
    for at, tablet in enumerate(stage.tablets):
        tablet.send(tablet.sale([(one, 250 * (at + 1)) for one in stage.fair.goods]))


LONG_NAME = "Tuần lễ sản phẩm OCOP, nông sản an toàn và đặc sản các vùng miền gắn với văn hóa du lịch tỉnh Điện Biên lần thứ tư 2026"


@pytest.mark.journey
def test_the_longest_name_keeps_its_year_and_every_digit_its_size(
    app: Flask, server: Server, stage: Stage, browser: Browser
) -> None:
    busy(app, stage)
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, stage.fair.edition_id)
        edition.name, edition.sample = LONG_NAME, True
    assert len(LONG_NAME) <= MOST_NAME <= len(LONG_NAME) + 3
    display = open_wall(browser, server.address, display_of(app, stage.fair), frozen=True)
    page, name = display.page, display.page.locator("h1 [data-name]")
    assert name.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 40
    cut = name.evaluate("""one => {
      const range = document.createRange(), text = one.firstChild
      range.setStart(text, text.length - 4)
      range.setEnd(text, text.length)
      const year = range.getBoundingClientRect(), head = one.closest('h1')
      return {year: range.toString(), inside: year.left >= 0 && year.right <= innerWidth && year.top >= 0,
        hidden: head.scrollHeight > head.clientHeight + 1 || head.scrollWidth > head.clientWidth + 1}
    }""")
    assert cut == {"year": "2026", "inside": True, "hidden": False}
    assert page.get_by_text("dữ liệu mẫu").is_visible()
    hours = page.locator(".chart .hour").all_text_contents()
    assert len(hours) >= 2
    assert all(one.endswith("h") for one in hours)
    assert [one for one in page.evaluate(DIGIT_HEIGHTS) if one["high"] < 63 or not one["inside"]] == []
    assert overlapping(page) == []


@pytest.mark.journey
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1366, 768)])
def test_digits_are_large_enough_for_eight_metres(
    app: Flask, server: Server, stage: Stage, browser: Browser, size: tuple[int, int]
) -> None:
    busy(app, stage)
    for shows_makers in (False, True):
        token = display_of(app, stage.fair, shows_makers=shows_makers, name=str(shows_makers))
        display = open_wall(browser, server.address, token, size=size, frozen=True, reduced_motion=shows_makers)
        page, scale = display.page, size[1] / 1080
        found = page.evaluate(DIGIT_HEIGHTS)
        assert len(found) >= 15
        assert [one for one in found if one["high"] < 64 * scale - 1] == []
        assert [one for one in found if one["main"] and one["high"] < 160 * scale - 1] == []
        assert [one for one in found if not one["inside"]] == []
        assert page.evaluate(
            "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
        )
        assert overlapping(page) == []
        assert axe_findings(page) == []
        assert low_contrast(page, 7) == []
        age_it(display)
        assert [one for one in page.evaluate(DIGIT_HEIGHTS) if one["high"] < 64 * scale - 1 or not one["inside"]] == []
        assert overlapping(page) == []
        assert low_contrast(page, 7) == []


def age_it(display: Display) -> None:
    """Until it says that the network is gone."""
    display.context.set_offline(True)
    display.page.clock.run_for(20_000)
    display.page.wait_for_selector('[data-fresh="down"]')


def overlapping(page: Page) -> list[str]:
    """Pairs of texts that lie on one another."""
    script = """() => {
      const boxes = [...document.querySelectorAll('header > *, .mark, dt, dd, .head, .chart, .top li > *')]
        .map(one => ({one, box: one.getBoundingClientRect()})).filter(({box}) => box.width > 0)
      const found = []
      boxes.forEach((a, at) => { for (const b of boxes.slice(at + 1)) {
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (wide > 2 && high > innerHeight / 100) found.push(`${a.one.textContent} | ${b.one.textContent}: ${wide}×${high}`) } })
      return found
    }"""
    found: list[str] = page.evaluate(script)
    return found


@pytest.mark.journey
def test_the_wall_weighs_little_and_comes_from_here_alone(
    app: Flask, server: Server, stage: Stage, browser: Browser
) -> None:
    busy(app, stage)
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page, sizes = context.new_page(), dict[str, int]()
    page.on("response", lambda one: sizes.update({one.url: len(one.body())}) if one.status == 200 else None)
    page.goto(f"{server.address}/wall/#{display_of(app, stage.fair)}")
    page.locator('[data-number="net"]').wait_for()
    page.wait_for_timeout(1_000)  # the fonts come after the words
    assert all(url.startswith(server.address) for url in sizes)
    assert sum(sizes.values()) <= 120_000, sizes
    assert any("main" in url and url.endswith(".js") for url in sizes)


# --- the organiser ----------------------------------------------------------------------------------------------------


@pytest.mark.journey
def test_the_organiser_s_board_updates_itself(app: Flask, server: Server, stage: Stage, office: Office) -> None:
    last_year(stage)
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 1)]))
    page = office.sign_in("bantochuc")
    page.goto(f"{server.address}/editions/{stage.fair.edition_id}/live")
    net = page.locator('[data-number="net"]')
    assert net.inner_text() == dong(stage.fair.goods[0].price_dong)
    assert "Trang tự cập nhật" in page.locator("#live-note").inner_text()
    tablet.send(tablet.sale([(stage.fair.goods[0], 2)]))
    page.wait_for_selector(
        f'[data-number="net"]:has-text("{number(3 * stage.fair.goods[0].price_dong)}")', timeout=30_000
    )
    # A sale may come between the reading of the two: then the next answer makes them agree.
    expect(page.locator('[data-live="top-booths"] b').first).to_have_text(net.inner_text(), timeout=15_000)

    server.stop()
    page.wait_for_selector("#live-note.lost", timeout=30_000)
    assert "Mất liên lạc" in page.locator("#live-note").inner_text()
    server.start()
    page.wait_for_selector("#live-note:not(.lost)", timeout=30_000)
    net.locator("a").click()
    page.wait_for_url("**/receipts?**")
    assert dong(3 * stage.fair.goods[0].price_dong) in page.locator("main").inner_text()


@pytest.mark.journey
def test_board_displays_and_public_page_are_in_order(app: Flask, server: Server, stage: Stage, office: Office) -> None:
    last_year(stage)
    sell(stage, Random(1), 70)
    by = stage.fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        switch_public_board(session, stage.fair.edition_id, on=True, at=now() - timedelta(minutes=1), by=by)
    display_of(app, stage.fair)
    for size in ((1280, 800), (360, 640), (320, 640)):
        page = office.sign_in("bantochuc", size)
        for path in ("live", "displays"):
            page.goto(f"{server.address}/editions/{stage.fair.edition_id}/{path}")
            assert axe_findings(page) == [], path
            assert not scrolls_sideways(page), (path, size)
            assert small_controls(page, 40) == [], path
        without = office.visitor(size, scripts=False)
        without.goto(f"{server.address}/fair/hoi-cho-thu")
        assert "ít nhất 50" in without.locator("main").inner_text()
        assert without.context.cookies() == []
        public = office.visitor(size)
        for path in ("", "/en"):
            public.goto(f"{server.address}/fair/hoi-cho-thu{path}")
            assert axe_findings(public) == []
            assert not scrolls_sideways(public)
            assert low_contrast(public, 7) == []
