"""A served fair and a browser for each journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.settings import Settings
from fair_pos.till.pairing import make_pairing_code
from tests.builders import PASSWORD, Fair, make_fair
from tests.databases import free_port
from tests.journeys.browser import ARGUMENTS, Office, Tablet, chromium
from tests.journeys.selling import Shop, open_shop
from tests.serving import Server


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def server(app: Flask, settings: Settings, fair: Fair, tmp_path: Path) -> Iterator[Server]:
    """The app on a real socket, on this test's database."""
    serving = Server(settings, free_port(), tmp_path / "server.log")
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def running_browser(playwright: Playwright) -> Iterator[Browser]:
    made = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield made
    made.close()


@pytest.fixture
def browser(running_browser: Browser) -> Iterator[Browser]:
    """One browser for all journeys; what opens in it has a context, and so a storage, of its own, and ends with its journey."""
    yield running_browser
    for left_open in running_browser.contexts:
        left_open.close()


@pytest.fixture
def on_disk() -> None:
    """Asked for by journeys that kill their tablet's browser: it is one of its own then, with storage on disk."""


@pytest.fixture
def tablet(request: pytest.FixtureRequest, browser: Browser, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    """A tablet's browser, not yet open."""
    home = request.getfixturevalue("playwright") if "on_disk" in request.fixturenames else browser
    made = Tablet(home, tmp_path / "profile", server.address)
    yield made
    made.close()
    assert made.problems == []


@pytest.fixture
def shop(app: Flask, fair: Fair) -> Shop:
    return open_shop(app, fair)


@pytest.fixture
def till(app: Flask, fair: Fair, shop: Shop, tablet: Tablet) -> Tablet:
    """A tablet of the first booth with its shop, paired and ready."""
    with app.app_context(), transaction() as session:
        code = make_pairing_code(session, fair.booth_ids[0], by=fair.people["bantochuc"], at=now())
    tablet.open()
    tablet.pair(code, "nguoiban", PASSWORD)
    return tablet


@pytest.fixture
def office(browser: Browser, server: Server) -> Iterator[Office]:
    made = Office(browser, server.address)
    yield made
    made.close()
