"""Jobs on their way to a printer that is off, breaks off in the middle, and works: nothing lost, nothing twice, nobody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.printing import lan, paper, queries, sender
from fair_pos.printing.actions import claim_printer, print_again, queue_receipt, queue_test_page, remove_printer
from fair_pos.printing.queries import AnySession, printers_due
from fair_pos.printing.rules import CLAIM, GIVE_UP_AFTER, Trouble
from fair_pos.printing.sender import attempt, note, serve_printer, start_sending, take_turn
from fair_pos.printing.tables import PrintJob
from fair_pos.receipts.rules import receipt_url
from fair_pos.sales.queries import find_sale
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.printing.jobs import jobs, sell, set_up_printer
from tests.printing.roll import Roll


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


@pytest.fixture
def roll() -> Iterator[Roll]:
    with Roll() as made:
        yield made


@pytest.fixture
def printer(app: Flask, fair: Fair, roll: Roll) -> str:
    return set_up_printer(app, fair, address=roll.address)


def ask(app: Flask, tablet: Tablet, sale_id: str, *, copy_no: int = 0, at: datetime | None = None) -> str:
    with app.app_context():
        job = in_transaction(
            lambda session: queue_receipt(
                session,
                booth_id=tablet.booth_id,
                device_id=tablet.device_id,
                sale_id=sale_id,
                copy_no=copy_no,
                at=at or now(),
            )
        )
        return job.id


def serve(app: Flask, printer: str, at: datetime | None = None) -> bool:
    with app.app_context():
        return serve_printer(printer, at or now())


def due(app: Flask, at: datetime) -> list[str]:
    with app.app_context():
        return printers_due(reading(), at)


def address_of(app: Flask, sale_id: str) -> str:
    with app.app_context():
        sale = find_sale(reading(), sale_id)
        assert sale is not None
        return receipt_url("https://fair.example", sale.receipt_token)


def test_off_then_cut_in_the_middle_then_whole_makes_exactly_one_whole_paper(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    sale_id = sell(fair, tablet)
    ask(app, tablet, sale_id)
    start = now()

    assert serve(app, printer, start) is False
    assert jobs(app) == [("waiting", 1, Trouble.REFUSED, sale_id)]
    assert due(app, start + timedelta(seconds=1)) == [], "it is left alone for a while"
    assert serve(app, printer, start + timedelta(seconds=1)) is False
    assert jobs(app) == [("waiting", 1, Trouble.REFUSED, sale_id)], "whoever asks too early does not try"

    roll.on(breaks_after=10_000)
    assert due(app, start + timedelta(seconds=5)) == [printer]
    serve(app, printer, start + timedelta(seconds=5))
    assert jobs(app) == [("waiting", 2, Trouble.CUT_OFF, sale_id)]

    roll.on()
    assert serve(app, printer, start + timedelta(seconds=30)) is True
    assert jobs(app) == [("done", 3, "", sale_id)]
    assert serve(app, printer, start + timedelta(seconds=60)) is False
    roll.off()
    assert len(roll.lines) == 2
    (whole,) = roll.papers
    assert whole.width == 384
    assert [code.text for code in zxingcpp.read_barcodes(whole.convert("L"))] == [address_of(app, sale_id)]


def test_papers_of_a_printer_come_out_in_the_order_of_asking(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    sales = [sell(fair, tablet) for _ in range(3)]
    for sale_id in sales:
        ask(app, tablet, sale_id)
    serve(app, printer)  # off: the first waits, and the others behind it
    assert [attempts for _, attempts, _, _ in jobs(app)] == [1, 0, 0]
    roll.on()
    later = now() + timedelta(seconds=10)
    while serve(app, printer, later):
        pass
    roll.off()
    read = [zxingcpp.read_barcodes(paper.convert("L"))[0].text for paper in roll.papers]
    assert read == [address_of(app, sale_id) for sale_id in sales]


def test_one_sender_at_a_time_has_a_printer_and_a_dead_one_not_for_ever(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    sale_id = sell(fair, tablet)
    ask(app, tablet, sale_id)
    roll.on()
    at = now()
    with app.app_context():
        turn = in_transaction(lambda session: take_turn(session, printer, at))
    assert turn is not None  # … and here that sender dies
    assert due(app, at) == []
    assert serve(app, printer, at) is False
    assert jobs(app) == [("waiting", 0, "", sale_id)]
    assert serve(app, printer, at + CLAIM) is True
    roll.off()
    assert jobs(app) == [("done", 1, "", sale_id)]
    assert len(roll.papers) == 1


def test_a_job_that_takes_longer_keeps_the_printer_longer(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(app, tablet, sell(fair, tablet))
    at = now()
    held: list[tuple[bool, bool]] = []

    def send(address: str, port: int, job: bytes) -> None:
        seconds = timedelta(seconds=len(job) // 1000)
        with app.app_context():
            held.append((printer in due(app, at + seconds), printer in due(app, at + seconds + CLAIM * 2)))

    monkeypatch.setattr(sender, "send", send)
    monkeypatch.setattr(lan, "SLOWEST", 1000)
    assert serve(app, printer, at) is True
    assert held == [(False, True)]


@pytest.mark.race
def test_of_many_that_claim_at_once_one_gets_the_printer(app: Flask, printer: str) -> None:
    won: list[bool] = []
    together = threading.Barrier(8)

    def claim() -> None:
        with app.app_context():
            together.wait()
            won.append(in_transaction(lambda session: claim_printer(session, printer, now())))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(won) == [False] * 7 + [True]


def test_a_job_that_has_waited_too_long_is_given_up_and_says_why(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    first, second = sell(fair, tablet), sell(fair, tablet)
    start = now()
    ask(app, tablet, first, at=start)
    ask(app, tablet, second, at=start + timedelta(milliseconds=1))
    serve(app, printer, start)
    roll.on()
    serve(app, printer, start + GIVE_UP_AFTER + timedelta(seconds=1))
    assert jobs(app) == [("failed", 1, Trouble.REFUSED, first), ("failed", 0, Trouble.TOO_LATE, second)]
    roll.off()
    assert roll.papers == [], "the buyers have left; the next buyer does not get their receipts"


def test_the_last_attempt_shows_as_failed_and_can_be_asked_for_again(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    sale_id = sell(fair, tablet)
    start = now()
    job = ask(app, tablet, sale_id, at=start - GIVE_UP_AFTER + timedelta(milliseconds=200))
    time.sleep(0.3)  # it becomes too late while it is being tried
    serve(app, printer, start)
    assert jobs(app) == [("failed", 1, Trouble.REFUSED, sale_id)]
    roll.on()
    with app.app_context(), transaction() as session:
        print_again(session, fair.edition_id, job, at=now(), by=fair.people["bantochuc"])
    serve(app, printer)
    roll.off()
    assert [state for state, *_ in jobs(app)] == ["failed", "done"]
    assert len(roll.papers) == 1


def test_what_cannot_be_drawn_holds_up_nothing_behind_it(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = sell(fair, tablet), sell(fair, tablet)
    ask(app, tablet, broken)
    ask(app, tablet, whole)
    real = paper.job_bytes

    def job_bytes(session: object, *, sale_id: str | None, **rest: object) -> bytes:
        if sale_id == broken:
            raise RuntimeError("a letter from another world")
        return real(session, sale_id=sale_id, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(paper, "job_bytes", job_bytes)
    roll.on()
    while serve(app, printer):
        pass
    roll.off()
    assert jobs(app) == [("failed", 0, Trouble.NOT_DRAWN, broken), ("done", 1, "", whole)]
    assert len(roll.papers) == 1


def test_a_printer_removed_during_an_attempt_leaves_no_job_behind(
    app: Flask, fair: Fair, tablet: Tablet, printer: str
) -> None:
    sale_id = sell(fair, tablet)
    job = ask(app, tablet, sale_id)
    with app.app_context():
        turn = in_transaction(lambda session: take_turn(session, printer, now()))
        assert turn is not None
        by = fair.people["bantochuc"]
        in_transaction(lambda session: remove_printer(session, fair.edition_id, printer, at=now(), by=by))
        trouble = attempt(turn)
        in_transaction(lambda session: note(session, printer, job, trouble))
    assert jobs(app) == [("failed", 0, Trouble.PRINTER_REMOVED, sale_id)]


def test_a_job_that_was_queued_while_its_printer_was_removed_is_given_up(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    sale_id, by = sell(fair, tablet), fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        remove_printer(session, fair.edition_id, printer, at=now(), by=by)
    with app.app_context(), transaction() as session:  # as PostgreSQL leaves it when both were under way
        job = PrintJob(printer_id=printer, edition_id=fair.edition_id, id=new_id(), sale_id=sale_id, queued_at=now())
        session.add(job)
    roll.on()
    assert serve(app, printer) is False
    roll.off()
    assert jobs(app) == [("failed", 0, Trouble.PRINTER_REMOVED, sale_id)]
    assert roll.lines == []


def test_a_test_page_comes_out(app: Flask, fair: Fair, roll: Roll, printer: str) -> None:
    roll.on()
    with app.app_context(), transaction() as session:
        queue_test_page(session, fair.edition_id, printer, at=now(), by=fair.people["bantochuc"])
    serve(app, printer)
    roll.off()
    assert jobs(app) == [("done", 1, "", "")]
    assert len(roll.papers) == 1


def test_paper_is_vietnamese_whatever_the_browser_that_asked_reads(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str, client: FlaskClient
) -> None:
    sale_id = sell(fair, tablet)
    ask(app, tablet, sale_id)
    ask(app, tablet, sale_id, copy_no=1)
    roll.on()
    serve(app, printer)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        serve_printer(printer, now())
    roll.off()
    receipt, copy = roll.papers
    # The copy is the same paper below its black bar.
    assert copy.height > receipt.height
    bar = copy.height - receipt.height
    assert copy.crop((0, bar + 8, 384, copy.height)).tobytes() == receipt.crop((0, 8, 384, receipt.height)).tobytes()


def test_the_servers_own_thread_prints_while_sales_go_on(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str
) -> None:
    first, second = sell(fair, tablet), sell(fair, tablet)
    ask(app, tablet, first)  # queued before the start, as after a power cut
    roll.on()
    sending = start_sending(app)
    try:
        ask(app, tablet, second)
        with app.app_context():
            sender.ring()
        began = time.monotonic()
        sell(fair, tablet)
        assert time.monotonic() - began < 5
        while [state for state, *_ in jobs(app)] != ["done", "done"]:
            assert time.monotonic() - began < 30, jobs(app)
            time.sleep(0.05)
    finally:
        sending.stop()
    roll.off()
    assert len(roll.papers) == 2


def test_a_sender_outlives_a_database_that_is_away(
    app: Flask, fair: Fair, tablet: Tablet, roll: Roll, printer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = queries.printers_due, [True, True]

    def printers_due_(session: AnySession, at: datetime) -> list[str]:
        if away:
            away.pop()
            raise OperationalError("SELECT", {}, Exception("connection refused"))
        return real(session, at)

    monkeypatch.setattr(queries, "printers_due", printers_due_)
    monkeypatch.setattr(sender, "LOOK_SECONDS", 0.02)
    ask(app, tablet, sell(fair, tablet))
    roll.on()
    sending = start_sending(app)
    began = time.monotonic()
    try:
        while [state for state, *_ in jobs(app)] != ["done"]:
            assert time.monotonic() - began < 30, jobs(app)
            time.sleep(0.05)
    finally:
        sending.stop()
    roll.off()
    assert away == []


def test_nothing_rings_where_no_sender_runs(app: Flask) -> None:
    with app.app_context():
        sender.ring()
        assert reading().scalars(select(PrintJob)).all() == []
