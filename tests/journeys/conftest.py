"""A served fair and a browser for each journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright, sync_playwright

from fair_pos.settings import Settings
from tests.builders import Fair, make_fair
from tests.conftest import free_port
from tests.journeys.browser import Office, Tablet
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


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    """A tablet's browser, not yet open."""
    made = Tablet(playwright, tmp_path / "profile", server.address)
    yield made
    made.close()
    assert made.problems == []


@pytest.fixture
def office(playwright: Playwright, server: Server) -> Iterator[Office]:
    made = Office(playwright, server.address)
    yield made
    made.close()
