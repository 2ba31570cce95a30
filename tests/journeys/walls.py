"""A display on a wall in a real browser, with time that can be made to run: hours of refreshes in minutes, on the real code path."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

# Time inside the page runs SPEED times as fast: its timers, its steady clock. The network and the server keep theirs.
QUICKEN = """speed => {
  const [later, every, began] = [window.setTimeout.bind(window), window.setInterval.bind(window), performance.now()]
  const now = performance.now.bind(performance)
  window.setTimeout = (run, ms = 0, ...rest) => later(run, ms / speed, ...rest)
  window.setInterval = (run, ms = 0, ...rest) => every(run, ms / speed, ...rest)
  performance.now = () => began + (now() - began) * speed
}"""


@dataclass(frozen=True)
class Memory:
    """What the page holds after everything that can be let go was let go."""

    heap_bytes: int
    nodes: int
    listeners: int


@dataclass
class Display:
    """One display; `requests` are the questions it asked the board's door."""

    context: BrowserContext
    page: Page
    devtools: CDPSession
    requests: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def number(self, name: str) -> str:
        return self.page.locator(f'[data-number="{name}"]').inner_text().split("\n")[0].strip()

    def digits(self, name: str) -> int:
        """A number without its grouping and its unit."""
        text: str = self.page.locator(f'[data-number="{name}"]').evaluate("one => one.firstChild.textContent")
        return int(text.replace(".", "").replace("\N{MINUS SIGN}", "-"))

    def answers(self) -> int:
        return int(self.page.locator(".age").get_attribute("data-answers") or "0")

    def freshness(self) -> str:
        return self.page.locator(".age").get_attribute("data-fresh") or ""

    def memory(self) -> Memory:
        self.devtools.send("HeapProfiler.collectGarbage")
        self.devtools.send("HeapProfiler.collectGarbage")
        counted: dict[str, Any] = self.devtools.send("Memory.getDOMCounters")
        heap: dict[str, Any] = self.devtools.send("Runtime.getHeapUsage")
        return Memory(int(heap["usedSize"]), int(counted["nodes"]), int(counted["jsEventListeners"]))


def open_wall(
    browser: Browser,
    address: str,
    token: str,
    *,
    size: tuple[int, int] = (1920, 1080),
    speed: int = 1,
    frozen: bool = False,
    reduced_motion: bool = False,
) -> Display:
    """A display that has its first figures. `speed` quickens its time; `frozen` time moves only by page.clock."""
    width, height = size
    motion: Any = "reduce" if reduced_motion else "no-preference"
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", reduced_motion=motion)
    context.set_default_timeout(15_000)
    page = context.new_page()
    display = Display(context, page, context.new_cdp_session(page))
    page.on("pageerror", lambda error: display.problems.append(str(error)))
    page.on(
        "request",
        lambda one: (display.requests if "/api/board/wall" in one.url else display.others).append(one.url),
    )
    if frozen:
        page.clock.install()
    if speed != 1:
        page.add_init_script(f"({QUICKEN})({speed})")
    page.goto(f"{address}/wall/#{token}")
    page.locator('[data-number="net"], [data-stop]').first.wait_for()
    return display


def thirds(samples: list[Memory]) -> tuple[list[Memory], list[Memory]]:
    """The first and the last third of what was measured."""
    third = max(1, len(samples) // 3)
    return samples[:third], samples[-third:]


def grown_bytes(samples: list[Memory]) -> int:
    """By how much the least of the last third lies above the least of the first: what is never let go again."""
    first, last = thirds(samples)
    return min(one.heap_bytes for one in last) - min(one.heap_bytes for one in first)
