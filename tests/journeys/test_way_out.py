"""When things around the tablet go wrong: a server that forgot it, a build under way, a browser that keeps no program."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser
from playwright.sync_api import TimeoutError as TookTooLong
from sqlalchemy import delete, select

from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Oddity, Sale
from fair_pos.settings import TOP, Settings
from fair_pos.till.tables import Device
from tests.builders import PASSWORD, Fair
from tests.databases import free_port
from tests.journeys.browser import Tablet
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.journeys.test_nine_sales import pairing_code
from tests.serving import Server


def forget_devices(app: Flask) -> None:
    """What a server restored from a backup older than the pairing knows of its tablets."""
    with app.app_context(), transaction() as session:
        session.execute(delete(Device))


@pytest.mark.journey
def test_a_tablet_that_the_server_forgot_hands_its_sales_in_as_a_file(
    app: Flask, fair: Fair, server: Server, tablet: Tablet, tmp_path: Path
) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    sold = [tablet.sell_cash(fair.goods[number].product_id) for number in range(3)]
    forget_devices(app)
    tablet.context.set_offline(False)

    tablet.find("stopped").wait_for()
    tablet.find("pair-again").click()
    assert "3" in tablet.find("refusal").inner_text(), "not while three sales are nowhere else"
    with tablet.page.expect_download() as download:
        tablet.find("save-waiting").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "don-cho-gui-A-3.json"
    assert axe_findings(tablet.page) == []
    assert not scrolls_sideways(tablet.page)
    tablet.find("pair-again").click()
    tablet.find("pair-submit").wait_for()
    assert "3" in tablet.find("kept").inner_text()

    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    assert tablet.waiting() == 0, "what is in the file holds nobody up"
    sold.append(tablet.sell_cash(fair.goods[4].product_id))
    tablet.wait_until_sent()
    tablet.find("sales-button").click()
    tablet.find("receipt-row").nth(3).wait_for()
    assert tablet.page.locator('[data-testid="receipt-row"][data-sent="false"]').count() == 3, "and is listed still"

    done = app.test_cli_runner().invoke(args=["import-waiting", str(file), "--booth", fair.booth_ids[0]])
    assert "3 new, 0 known, 0 quarantined" in done.output
    with app.app_context():
        stored = {sale.id: sale.total_dong for sale in reading().scalars(select(Sale))}
        assert prove(reading()).quarantined == 0
        odd = set(reading().scalars(select(Oddity.code)))
    assert stored == {one["id"]: one["total"] for one in sold}
    # The restored server gave the letter A a second time; it says so and counts both.
    assert odd <= {"number_reused"}


@pytest.mark.journey
def test_a_tablet_that_keeps_no_program_says_so(app: Flask, fair: Fair, server: Server, tablet: Tablet) -> None:
    tablet.open(keeps_program=False)
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    tablet.find("no-offline-start").wait_for()
    assert "mất mạng" in tablet.find("no-offline-start").inner_text()
    tablet.find("more-button").click()
    assert tablet.find("starts-offline").get_attribute("data-value") == "false"
    assert axe_findings(tablet.page) == []


@pytest.mark.journey
def test_a_tablet_that_keeps_the_program_has_nothing_to_say(
    app: Flask, fair: Fair, server: Server, tablet: Tablet
) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    tablet.wait_until_installed()
    tablet.find("more-button").click()
    tablet.page.wait_for_selector('[data-testid="starts-offline"][data-value="true"]')
    assert tablet.find("no-offline-start").count() == 0


@pytest.mark.journey
def test_the_receipt_code_on_the_screen_opens_the_receipt(
    app: Flask, fair: Fair, server: Server, tablet: Tablet
) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    sold = tablet.sell_cash(fair.goods[0].product_id)
    shot = Image.open(io.BytesIO(tablet.page.screenshot()))
    (found,) = zxingcpp.read_barcodes(shot)
    assert found.text == sold["url"]
    assert re.fullmatch(rf"{re.escape(server.address)}/r/[A-Za-z0-9_-]{{22}}", found.text)


def rename_build(static: Path, was: str, now: str, *, worker: bool = True, page: bool = True) -> None:
    """As if another version had been built: the script has another name, and the old one is gone."""
    till = static / "till"
    if worker:
        code = (till / "worker.js").read_text(encoding="utf-8")
        (till / "worker.js").write_text(code.replace(was, now).replace("till-", f"till-{now}-", 1), encoding="utf-8")
    if page:
        manifest = till / ".vite" / "manifest.json"
        manifest.write_text(manifest.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")
        (till / "assets" / was).rename(till / "assets" / now)
        for other in (till / "assets").glob("count-*.js"):  # fetched later, and built with the script it belongs to
            other.write_text(other.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")


def look_for_update(tablet: Tablet) -> str:
    """Asks for a new worker and waits until it is installed or has failed: 'waiting' or 'none'."""
    answer: str = tablet.page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.getRegistration('/till/')
          await registration.update().catch(() => {})
          const coming = registration.installing
          if (coming) await new Promise(done => coming.addEventListener('statechange', done, {once: true}))
          return registration.waiting ? 'waiting' : 'none'
        }"""
    )
    return answer


def script_in_use(tablet: Tablet) -> str:
    tablet.find("tile").first.wait_for()
    return (tablet.page.locator("script[type=module]").get_attribute("src") or "").rpartition("/")[2]


def take_update(tablet: Tablet, script: str) -> None:
    """As a seller does: waits a little, taps «Cập nhật» when it is offered, and can sell all the while."""
    for _ in range(5):
        with contextlib.suppress(TookTooLong):
            tablet.page.wait_for_selector(f'script[src$="{script}"]', state="attached", timeout=5_000)
            break
        script_in_use(tablet)
        if tablet.find("update").count():
            tablet.find("update").click()
        else:
            tablet.page.reload()
    assert script_in_use(tablet) == script


@pytest.mark.journey
def test_a_build_under_a_running_server_bricks_no_tablet(
    app: Flask, fair: Fair, settings: Settings, browser: Browser, tmp_path: Path
) -> None:
    static = tmp_path / "static"
    shutil.copytree(TOP / "static", static)
    server = Server(settings, free_port(), tmp_path / "server.log", static)
    server.start()
    tablet = Tablet(browser, tmp_path / "profile", server.address)
    try:
        tablet.open()
        tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
        tablet.wait_until_installed()
        first = script_in_use(tablet)

        # Half way through: the worker is of the new build, the page still of the old one.
        rename_build(static, first, "main-second.js", page=False)
        assert look_for_update(tablet) == "none"
        tablet.page.reload()
        assert script_in_use(tablet) == first

        rename_build(static, first, "main-second.js", worker=False)
        assert look_for_update(tablet) == "waiting", "it heals without a new worker"
        tablet.page.reload()  # found waiting at start with an empty cart: taken without a tap
        take_update(tablet, "main-second.js")
        tablet.context.set_offline(True)
        tablet.page.reload()
        assert script_in_use(tablet) == "main-second.js"
        tablet.sell_cash(fair.goods[0].product_id)
        assert tablet.problems == []
    finally:
        tablet.close()
        server.stop()
