"""A gate's phone in a real browser: paired, tapped quickly, cut off, killed, and exact in the end; and what organisers see of it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import delete

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.visitors import prove_visitors
from fair_pos.visitors.actions import set_crowd_rule
from fair_pos.visitors.pairing import make_gate_code
from fair_pos.visitors.tables import GateDevice, GateEntry, GateHour
from tests.builders import Fair
from tests.journeys.browser import Office, Tablet
from tests.journeys.looking import axe_findings, low_contrast, near_controls, scrolls_sideways, small_controls
from tests.serving import Server
from tests.visitors.phones import Phone, make_gates, pair_phone, sums

PHONE = (360, 640)


@pytest.fixture
def gate(app: Flask, fair: Fair) -> str:
    return make_gates(app, fair)[0]


@pytest.fixture
def phone(request: pytest.FixtureRequest, browser: Browser, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    """A phone's browser at the gate's page, not yet open."""
    home = request.getfixturevalue("playwright") if "on_disk" in request.fixturenames else browser
    made = Tablet(home, tmp_path / "phone", server.address, PHONE, "/gate/")
    yield made
    made.close()
    assert made.problems == []


def pair(app: Flask, fair: Fair, gate: str, phone: Tablet) -> None:
    with app.app_context(), transaction() as session:
        code = make_gate_code(session, gate, by=fair.people["bantochuc"], at=now())
    if not hasattr(phone, "page"):
        phone.open()
    phone.page.goto(f"{phone.address}/gate/?code={code}")
    phone.find("gate-name").fill("Chị Hoa")
    phone.find("gate-pair").click()
    phone.find("tap-in").wait_for()
    phone.wait_until_installed()


def people(phone: Tablet, testid: str) -> int:
    return int(phone.find(testid).get_attribute("data-people") or "-1")


def wait_for(phone: Tablet, testid: str, value: int) -> None:
    phone.page.wait_for_selector(f'[data-testid="{testid}"][data-people="{value}"]')


def tap(phone: Tablet, testid: str, times: int, pause_ms: int = 0) -> None:
    """Fingers that come down; the page counts each at that moment."""
    button = phone.find(testid)
    for _ in range(times):
        button.dispatch_event("pointerdown", {"button": 0, "bubbles": True})
        if pause_ms:
            phone.page.wait_for_timeout(pause_ms)


def wait_until_sent(phone: Tablet) -> None:
    phone.page.wait_for_selector('[data-testid="unsent"][data-count="0"]', timeout=30_000)


def figure(page: Page, name: str) -> str:
    return page.locator(f'[data-figure="{name}"]').get_attribute("data-value") or ""


@pytest.mark.journey
@pytest.mark.usefixtures("on_disk")
def test_a_phone_counts_through_everything(
    app: Flask, fair: Fair, server: Server, gate: str, phone: Tablet, office: Office
) -> None:
    pair(app, fair, gate, phone)
    tap(phone, "tap-in", 20, pause_ms=50)
    tap(phone, "tap-in", 5)  # all at once
    wait_for(phone, "in-today", 25)
    wait_until_sent(phone)
    assert sums(app) == (25, 0)

    phone.context.set_offline(True)
    tap(phone, "tap-in", 7)
    tap(phone, "tap-out", 4)
    phone.find("group-in").click()
    phone.find("undo").click()  # the group
    phone.find("group-in").click()
    wait_for(phone, "in-today", 25 + 7 + 30)
    assert "Còn" in phone.find("unsent").inner_text()
    assert people(phone, "inside") == 25 + 7 + 30 - 4, "own taps count before the server knows"
    assert sums(app) == (25, 0)

    phone.kill()
    phone.open(offline=True)
    wait_for(phone, "in-today", 62)
    wait_for(phone, "out-today", 4)
    tap(phone, "tap-out", 2)
    phone.find("undo").click()
    wait_for(phone, "out-today", 5)

    phone.context.set_offline(False)
    wait_until_sent(phone)
    assert sums(app) == (62, 5)
    with app.app_context():
        prove_visitors(reading())

    page = office.sign_in("bantochuc")
    page.goto(f"{server.address}/editions/{fair.edition_id}/visitors")
    assert [figure(page, name) for name in ("entries", "inside")] == ["62", "57"]
    assert page.get_by_text("30 người đi theo đoàn").count() == 1


@pytest.mark.journey
def test_the_warning_comes_within_five_seconds(
    app: Flask, fair: Fair, server: Server, gate: str, phone: Tablet
) -> None:
    with app.app_context(), transaction() as session:
        set_crowd_rule(session, fair.edition_id, 100, None, at=now(), by=fair.people["bantochuc"])
    pair(app, fair, gate, phone)
    other = pair_phone(app, fair, gate)
    for people_in, level in ((80, "amber"), (15, "red")):
        other.send(other.group(people=people_in))
        began = time.monotonic()
        phone.page.wait_for_selector(f'[data-testid="crowd"][data-level="{level}"]')
        assert time.monotonic() - began <= 5, level
        assert axe_findings(phone.page) == []
        assert low_contrast(phone.page, 7) == []


@pytest.mark.journey
def test_a_finger_a_mouse_and_a_keyboard_count_once_each(app: Flask, fair: Fair, gate: str, phone: Tablet) -> None:
    pair(app, fair, gate, phone)
    phone.find("tap-in").tap()
    phone.find("tap-in").click()
    wait_for(phone, "in-today", 2)
    phone.page.wait_for_timeout(1_600)
    phone.find("tap-in").press("Enter")
    wait_for(phone, "in-today", 3)
    wait_until_sent(phone)
    assert sums(app) == (3, 0)


@pytest.mark.journey
@pytest.mark.parametrize(
    "size",
    [(360, 640), (412, 915), (320, 568), (800, 360), (1280, 800)],
    ids=["phone", "large", "narrow", "lying", "tablet"],
)
def test_the_screen_fits_and_axe_finds_nothing(
    app: Flask, fair: Fair, gate: str, phone: Tablet, size: tuple[int, int]
) -> None:
    phone.open()
    phone.page.set_viewport_size({"width": size[0], "height": size[1]})
    assert axe_findings(phone.page) == []
    assert not scrolls_sideways(phone.page)
    pair(app, fair, gate, phone)
    phone.page.set_viewport_size({"width": size[0], "height": size[1]})
    for language in ("vi", "en"):
        assert axe_findings(phone.page) == []
        assert low_contrast(phone.page, 7) == []
        assert not scrolls_sideways(phone.page)
        assert small_controls(phone.page, 76) == []
        assert near_controls(phone.page, 20) == []
        if size != (320, 568):
            assert phone.page.evaluate("(m => m.scrollHeight - m.clientHeight)(document.querySelector('main'))") <= 0
        big = phone.find("tap-in").bounding_box()
        assert big is not None
        assert big["height"] >= 126
        phone.find("more").click()
        assert axe_findings(phone.page) == []
        assert phone.page.evaluate("document.documentElement.lang") == language
        phone.find("language").click()
        phone.find("back").click()


@pytest.mark.journey
def test_a_revoked_phone_says_so_and_can_be_paired_again(
    app: Flask, fair: Fair, server: Server, gate: str, phone: Tablet, office: Office
) -> None:
    pair(app, fair, gate, phone)
    tap(phone, "tap-in", 3)
    wait_until_sent(phone)
    page = office.sign_in("bantochuc")
    page.goto(f"{server.address}/editions/{fair.edition_id}/gates")
    page.get_by_role("link", name="Ngừng ghép Chị Hoa").click()
    page.get_by_role("button", name="Ngừng ghép").click()
    phone.find("stopped").wait_for()
    assert axe_findings(phone.page) == []
    phone.find("pair-again").click()
    phone.find("gate-pair").wait_for()
    page.get_by_role("button", name=re.compile("Ghép điện thoại")).first.click()
    phone.find("gate-code").fill(page.locator(".code").inner_text())
    phone.find("gate-pair").click()
    tap(phone, "tap-in", 2)
    wait_for(phone, "in-today", 2)
    wait_until_sent(phone)
    assert sums(app) == (5, 0)


@pytest.mark.journey
def test_a_phone_the_server_has_forgotten_saves_its_taps_and_they_come_in(
    app: Flask, fair: Fair, gate: str, phone: Tablet, tmp_path: Path
) -> None:
    """As after a backup that is older than the pairing: the server neither knows the phone nor anything it sent."""
    pair(app, fair, gate, phone)
    tap(phone, "tap-in", 3)
    wait_until_sent(phone)
    phone.context.set_offline(True)
    tap(phone, "tap-in", 2)
    wait_for(phone, "in-today", 5)
    with app.app_context(), transaction() as session:
        for table in (GateHour, GateEntry, GateDevice):
            session.execute(delete(table))
    phone.context.set_offline(False)
    phone.find("stopped").wait_for()
    with phone.page.expect_download() as download:
        phone.find("save-taps").click()
    file = tmp_path / "luot-dem.json"
    download.value.save_as(file)
    phone.page.get_by_text("Đã lưu 5 lượt.").wait_for()
    assert axe_findings(phone.page) == []
    done = app.test_cli_runner().invoke(args=["import-taps", str(file), "--gate", gate])
    assert "5 lượt mới" in done.output
    assert sums(app) == (5, 0)
    phone.find("pair-again").click()
    phone.find("gate-pair").wait_for()
    pair(app, fair, gate, phone)
    wait_for(phone, "in-today", 0)
    wait_until_sent(phone)  # what the file holds waits no longer
    tap(phone, "tap-in", 1)
    wait_for(phone, "in-today", 1)
    wait_until_sent(phone)
    assert sums(app) == (6, 0)


@pytest.fixture
def counted(app: Flask, fair: Fair) -> list[Phone]:
    """Three gates with a few taps, one wrong clock and one odd entry."""
    phones = [pair_phone(app, fair, gate) for gate in make_gates(app, fair, 3)]
    for number, phone in enumerate(phones):
        phone.send(*(phone.tap() for _ in range(20 + 9 * number)), phone.group(), phone.tap("out"), 7)
    return phones


@pytest.mark.journey
@pytest.mark.parametrize("size", [(1440, 900), (360, 640), (320, 640)], ids=["desktop", "phone", "narrow"])
def test_what_organisers_see_of_visitors(
    app: Flask, fair: Fair, server: Server, counted: list[Phone], office: Office, size: tuple[int, int]
) -> None:
    page = office.sign_in("bantochuc", size)
    edition = f"{server.address}/editions/{fair.edition_id}"
    for path in ("visitors", "gates", "visitors/counters"):
        page.goto(f"{edition}/{path}")
        assert axe_findings(page) == [], path
        assert not scrolls_sideways(page), path
    page.goto(f"{edition}/gates")
    page.get_by_role("link", name=re.compile("Ngừng ghép")).first.click()
    assert axe_findings(page) == []
    page.goto(f"{edition}/gates")
    page.get_by_text(re.compile("sửa")).nth(2).click()
    page.get_by_role("link", name=re.compile("Đóng cổng")).click()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Đóng cổng").click()
    page.get_by_text("Đã đóng cổng.").wait_for()
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)
    page.goto(f"{edition}/visitors")
    tally = page.locator("#tally")
    tally.locator("[name=people_in]").fill("40")
    tally.locator("button").click()
    page.get_by_text("Đã ghi số đếm giấy.").wait_for()
    correction = page.locator("#correct")
    correction.locator("[name=people]").fill("5")
    correction.locator("[name=reason]").fill("Đếm sót lúc mưa")
    correction.locator("button").click()
    page.get_by_text("Đếm sót lúc mưa").wait_for()
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)
    page.goto(f"{edition}/visitors/counters")
    page.locator("[name=source]").fill("Camera cổng chính")
    csv = f"Thời gian,Lượt vào\n{now():%d/%m/%Y} 09:00,41\n"
    page.locator("[name=file]").set_input_files({"name": "camera.csv", "mimeType": "text/csv", "buffer": csv.encode()})
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_text("Nếu nhập tệp này").wait_for()
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)
