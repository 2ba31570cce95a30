"""Twelve hours of a display in a browser, with its time a hundred times as fast: what its memory does. `python -m bench.wall`, five to ten minutes.

14,400 refreshes on the real page, the real door and a real server, while sales come in. The journey in tests/journeys/test_board.py is one
hour of the same.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random

from playwright.sync_api import sync_playwright

from fair_pos import create_app
from fair_pos.plumbing.migrations import upgrade
from fair_pos.settings import Settings
from tests.board.stage import display_of, set_stage
from tests.databases import free_port
from tests.journeys.browser import ARGUMENTS, chromium
from tests.journeys.walls import grown_bytes, open_wall
from tests.serving import Server

SPEED = 100
REFRESHES = 12 * 1_200
PARTS = 48
MOST_GROWN_BYTES = 512 * 1024


def main() -> int:
    """Prints what the page held after each quarter of an hour; 1 when it grew."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        settings = Settings(
            database_url=f"sqlite:///{place / 'bench.sqlite3'}", instance_dir=place, secret_key="bench", testing=True
        )
        app = create_app(settings)
        upgrade(settings.database)
        stage, random = set_stage(app, booths=6), Random(12)
        server = Server(settings, free_port(), place / "server.log")
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            display = open_wall(browser, server.address, display_of(app, stage.fair), speed=SPEED)
            samples, began = [], time.monotonic()
            for part in range(1, PARTS + 1):
                tablet = random.choice(stage.tablets)
                tablet.send(*(tablet.sale([(random.choice(stage.fair.goods), 1)]) for _ in range(10)))
                while display.answers() < REFRESHES * part // PARTS:
                    display.page.wait_for_timeout(100)
                samples.append(display.memory())
                held = samples[-1]
                print(
                    f"{display.answers():>6} refreshes, {time.monotonic() - began:5.0f} s: "
                    f"{held.heap_bytes // 1024:>6} kB, {held.nodes} nodes, {held.listeners} listeners",
                    flush=True,
                )
            grown = grown_bytes(samples[PARTS // 12 :])
            print(f"grown from the first third to the last: {grown // 1024} kB; problems: {display.problems}")
            return int(grown > MOST_GROWN_BYTES or bool(display.problems))
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
