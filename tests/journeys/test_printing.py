"""Paper from a tablet through the server to a printer that listens on loopback, off at first, then whole; and the pages about it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import zxingcpp
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.printing.actions import give_up, print_copy, queue_test_page
from fair_pos.printing.rules import Trouble
from fair_pos.sales.queries import find_sale
from tests.builders import Fair, pair_tablet
from tests.journeys.browser import Office, Tablet
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.journeys.paying import begin, tap
from tests.printing.jobs import copies, jobs, sell, set_up_printer
from tests.printing.roll import Roll
from tests.serving import Server


@pytest.fixture
def roll() -> Iterator[Roll]:
    with Roll() as made:
        yield made


def token_of(app: Flask, sale_id: str) -> str:
    with app.app_context():
        sale = find_sale(reading(), sale_id)
        assert sale is not None
        return sale.receipt_token


def wait_for_papers(tablet: Tablet, roll: Roll, count: int) -> None:
    deadline = time.monotonic() + 90
    while len(roll.papers) < count:
        assert time.monotonic() < deadline, f"{len(roll.papers)} of {count} papers came out"
        tablet.page.wait_for_timeout(200)


def wait_for_jobs(app: Flask, tablet: Tablet, wanted: list[tuple[str, str]]) -> None:
    """The paper is out a moment before the job is written down as done."""
    deadline = time.monotonic() + 30
    while (found := [(state, sale_id) for state, _attempts, _trouble, sale_id in jobs(app)]) != wanted:
        assert time.monotonic() < deadline, found
        tablet.page.wait_for_timeout(200)


@pytest.mark.journey
def test_a_dead_printer_holds_nothing_up_and_gets_the_paper_later(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll
) -> None:
    set_up_printer(app, fair, address=roll.address, everywhere=False, booth_ids=frozenset({fair.booth_ids[0]}))
    goods = begin(app, fair, tablet)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    sold = tablet.sell_cash(goods[0])
    tap(tablet, "print")
    assert tablet.find("print-state").get_attribute("data-state") == "queued"
    tap(tablet, "new-sale")
    assert tablet.sell_cash(goods[1])["number"] != sold["number"], "the next buyer does not wait for a printer"
    tablet.page.reload()  # what is to be printed lies on the disk
    tablet.find("tile").first.wait_for()
    tablet.context.set_offline(False)
    tablet.wait_until_sent()
    deadline = time.monotonic() + 60
    while not [one for one in jobs(app) if one[1] > 0]:  # tried while the printer is off
        assert time.monotonic() < deadline, jobs(app)
        tablet.page.wait_for_timeout(200)
    roll.on()
    wait_for_papers(tablet, roll, 1)
    tablet.page.wait_for_timeout(3000)  # another one would have come by now
    roll.off()
    assert [(state, trouble, sale_id) for state, _attempts, trouble, sale_id in jobs(app)] == [("done", "", sold["id"])]
    (paper,) = roll.papers
    (code,) = zxingcpp.read_barcodes(paper.convert("L"))
    assert code.text == f"{tablet.address}/r/{token_of(app, sold['id'])}"


@pytest.mark.journey
def test_the_second_paper_of_that_printer_is_a_copy_and_is_counted(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll
) -> None:
    set_up_printer(app, fair, address=roll.address, width_mm="80")
    goods = begin(app, fair, tablet)
    roll.on()
    sold = tablet.sell_cash(goods[0])
    tap(tablet, "print")
    wait_for_papers(tablet, roll, 1)
    tablet.find("print-state").and_(tablet.page.locator('[data-state="taken"]')).wait_for()
    tap(tablet, "print")
    wait_for_papers(tablet, roll, 2)
    # Whether that printer lives, only the seller sees: this tablet prints too, and its paper is a copy like any other.
    tablet.page.evaluate("() => { window.print = () => { window.printed = (window.printed || 0) + 1 } }")
    tap(tablet, "print-here")
    tablet.wait_until("window.printed === 1")
    assert tablet.find("copy-mark").first.inner_text() == "BẢN SAO 2"
    tablet.wait_until_sent()
    roll.off()
    receipt, copy = roll.papers
    assert receipt.width == copy.width == 576
    assert copy.height > receipt.height, "the bar that says BẢN SAO"
    assert [(sale, number) for sale, number, _device in copies(app)] == [(sold["id"], 1), (sold["id"], 2)]


@pytest.mark.journey
@pytest.mark.parametrize("size", [(1440, 900), (360, 640)], ids=["desktop", "phone"])
def test_pages_about_printers_and_copies_are_sound(
    app: Flask, fair: Fair, server: Server, office: Office, size: tuple[int, int]
) -> None:
    tablet = pair_tablet(app, fair)
    sale_id, by = sell(fair, tablet), fair.people["bantochuc"]
    printer = set_up_printer(app, fair, address="127.0.0.1", port="9109", booth_ids=frozenset(fair.booth_ids))
    with app.app_context(), transaction() as session:
        print_copy(session, sale_id, at=now(), by=by)
        give_up(queue_test_page(session, fair.edition_id, printer, at=now(), by=by), Trouble.STALLED, now())
    page = office.sign_in("bantochuc", size)
    printers = f"/editions/{fair.edition_id}/printers"
    for path in (printers, f"{printers}/{printer}", f"/sales/{sale_id}/copies"):
        answer = page.goto(f"{server.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert axe_findings(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.journey
def test_an_idle_tablet_hears_of_a_new_printer_by_itself(app: Flask, fair: Fair, tablet: Tablet, roll: Roll) -> None:
    goods = begin(app, fair, tablet)
    with tablet.page.expect_response(lambda one: "/api/till/price-list" in one.url and one.ok, timeout=90_000):
        set_up_printer(app, fair, address=roll.address, everywhere=False, booth_ids=frozenset({fair.booth_ids[0]}))
    roll.on()
    sold = tablet.sell_cash(goods[0])
    tap(tablet, "print")
    wait_for_papers(tablet, roll, 1)
    roll.off()
    wait_for_jobs(app, tablet, [("done", sold["id"])])
