"""A real Chromium with a profile that lives on disk, which can be killed and opened again; and a till driven by testids."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Request

from tests.builders import PASSWORD
from tests.journeys.looking import quiet
from tests.journeys.page_scripts import PASSED, TAPS_TAKE_TIME

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Debian's browser; `make test` installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "Chromium is not installed; `make test` installs it"
    return found


class Tablet:
    """A browser on a tablet.

    Given a running browser it is a profile of its own in there; given Playwright it is a browser of its own, whose storage is a
    folder and survives a kill. At a till half a second passes between two taps, by the page's clocks; in `real_time` they are left
    alone, for what is measured.
    """

    def __init__(
        self,
        home: Playwright | Browser,
        folder: Path,
        address: str,
        size: tuple[int, int] = (1280, 800),
        path: str = "/till/",
        *,
        real_time: bool = False,
    ) -> None:
        self._home = home
        self._path = path
        self._taps_take_time = path == "/till/" and not real_time
        self._folder = folder
        self._size = size
        self.address = address
        self.context: BrowserContext
        self.page: Page
        self.problems: list[str] = []
        self._loading: set[str] = set()
        self._passed_ms = 0

    def open(self, *, offline: bool = False, keeps_program: bool = True) -> Page:
        """Start the browser and open the till. Without `keeps_program` it is a browser that has no service workers.

        A page that is being loaded while the worker starts is not claimed by it, and stays without one until it is loaded again:
        nobody goes on to a next page before the worker has this one.
        """
        width, height = self._size
        options: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "has_touch": True,
            "locale": "vi-VN",
            "service_workers": "allow" if keeps_program else "block",
        }
        if isinstance(self._home, Browser):
            self.context = self._home.new_context(**options)
        else:
            self.context = self._home.chromium.launch_persistent_context(
                str(self._folder), executable_path=chromium(), args=ARGUMENTS, **options
            )
        if self._taps_take_time:
            self.context.add_init_script(f"({TAPS_TAKE_TIME})({self._passed_ms})")
        self.context.set_default_timeout(15_000)
        self.context.set_offline(offline)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self._loading.clear()
        self.page.on("request", self._begun)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)
        self.page.goto(f"{self.address}{self._path}")
        if keeps_program:
            self.wait_until_installed()
        return self.page

    def _begun(self, request: Request) -> None:
        if request.resource_type == "script":
            self._loading.add(request.url)

    def _ended(self, request: Request) -> None:
        self._loading.discard(request.url)

    def kill(self) -> None:
        """SIGKILL to every process of this browser, found by its own profile folder."""
        assert isinstance(self._home, Playwright), "others live in this browser"
        self._passed_ms = max(self._passed_ms, self.page.evaluate(PASSED))
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (process / "cmdline").read_bytes().split(b"\0")
                if f"--user-data-dir={self._folder}".encode() in command:
                    os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(Exception):  # what a killed browser answers differs from run to run
            self.context.close()
        for lock in self._folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.context.close()

    # What a seller does

    def find(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def pair(self, code: str, login_name: str, password: str) -> None:
        self.page.goto(f"{self.address}/till/?code={code}")
        self.find("pair-login").fill(login_name)
        self.find("pair-password").fill(password)
        self.find("pair-submit").click()
        self.find("tile").first.wait_for()

    def wait_until_installed(self) -> None:
        """The service worker controls the page: from now on it opens without a network."""
        self.wait_until("navigator.serviceWorker.controller !== null")

    def wait_until(self, script: str) -> None:
        """Until the expression is true. Playwright's own waiting needs `eval`, which our content policy forbids."""
        deadline = time.monotonic() + 15
        while not self.page.evaluate(script):
            assert time.monotonic() < deadline, script
            self.page.wait_for_timeout(20)

    def settle(self) -> None:
        """Until what was tapped is drawn: parts of the program that a screen needs have come, and nothing changes any more."""
        quiet(self.page)
        deadline = time.monotonic() + 15
        while self._loading:
            assert time.monotonic() < deadline, self._loading
            self.page.wait_for_timeout(10)
            if not self._loading:
                quiet(self.page)

    def tap(self, *testids: str) -> None:
        """One control after the other, as a hand that is sure of itself: each when the screen before it is drawn."""
        for testid in testids:
            self.find(testid).first.click()
            self.settle()

    def tap_goods(self, *product_ids: str) -> None:
        for product_id in product_ids:
            self.page.locator(f'[data-testid="tile"][data-product-id="{product_id}"]').click()

    def sell_cash(self, *product_ids: str) -> dict[str, Any]:
        """Ring up, take exact cash, wait for «Đã ghi»; what the screen then says."""
        self.tap_goods(*product_ids)
        self.find("pay-button").click()
        self.find("pay-exact").click()
        return self.recorded()

    def recorded(self) -> dict[str, Any]:
        shown = self.find("recorded")
        shown.wait_for()
        return {
            "id": shown.get_attribute("data-sale-id"),
            "number": shown.get_attribute("data-receipt-number"),
            "total": int(shown.get_attribute("data-total") or "-1"),
            "url": self.find("receipt-qr").first.get_attribute("data-url"),
        }

    def waiting(self) -> int:
        return int(self.find("waiting-count").first.get_attribute("data-count") or "-1")

    def wait_until_sent(self) -> None:
        self.page.wait_for_selector('[data-testid="waiting-count"][data-count="0"]', timeout=60_000)


class Office:
    """Browsers of people who sign in: an organiser's desk, a producer's phone."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def _context(self, size: tuple[int, int], **options: Any) -> BrowserContext:
        width, height = size
        made = self._browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **options)
        self._contexts.append(made)
        return made

    def sign_in(self, login_name: str, size: tuple[int, int] = (1440, 900)) -> Page:
        """A page of a fresh browser context, signed in."""
        page = self._context(size).new_page()
        page.goto(f"{self.address}/sign-in")
        page.fill('input[name="login_name"]', login_name)
        page.fill('input[name="password"]', PASSWORD)
        page.locator("main form button").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def visitor(self, size: tuple[int, int] = (360, 640), *, scripts: bool = True) -> Page:
        """A page of someone without an account."""
        return self._context(size, java_script_enabled=scripts).new_page()

    def close(self) -> None:
        for one in self._contexts:
            one.close()
