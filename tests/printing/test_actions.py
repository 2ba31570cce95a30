"""Setting printers up, asking for papers, and counting copies."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.catalogue.queries import current_version
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.printing import actions
from fair_pos.printing.actions import (
    add_printer,
    change_printer,
    make_copy,
    note_done,
    print_again,
    print_copy,
    queue_receipt,
    queue_test_page,
    remove_printer,
)
from fair_pos.printing.queries import find_printer_of_booth, get_job, printers_of
from fair_pos.printing.refusals import (
    JobNotEnded,
    NoPrinter,
    PaperWidthInvalid,
    PrinterAddressInvalid,
    PrinterTaken,
    TooManyJobs,
)
from fair_pos.printing.tables import Printer, PrintJob
from fair_pos.sales.tables import Oddity
from fair_pos.venues.refusals import FieldMissing, FieldTooLong
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.printing.jobs import copies, jobs, said, sell, set_up_printer


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def printer_of(app: Flask, fair: Fair, booth: int) -> str | None:
    with app.app_context():
        found = find_printer_of_booth(reading(), fair.edition_id, fair.booth_ids[booth])
        return found.name if found else None


def version(app: Flask) -> int:
    with app.app_context():
        return current_version(reading())


def journal(app: Flask, verb: str) -> list[dict[str, Any]]:
    with app.app_context():
        return [dict(one.facts) for one in reading().scalars(select(Line).where(Line.verb == verb).order_by(Line.seq))]


def ask(app: Flask, tablet: Tablet, sale_id: str, copy_no: int = 0) -> str:
    with app.app_context():
        return in_transaction(
            lambda session: queue_receipt(
                session,
                booth_id=tablet.booth_id,
                device_id=tablet.device_id,
                sale_id=sale_id,
                copy_no=copy_no,
                at=now(),
            )
        ).id


# --- printers -------------------------------------------------------------------------------------------------------


def test_a_booth_prints_on_its_own_printer_else_on_the_one_for_all(app: Flask, fair: Fair) -> None:
    assert printer_of(app, fair, 0) is None
    before = version(app)
    set_up_printer(app, fair)
    assert [printer_of(app, fair, booth) for booth in (0, 1)] == ["Máy in khu A", "Máy in khu A"]
    assert version(app) == before + 1, "tablets hear of it with the next price list"
    own = frozenset({fair.booth_ids[1]})
    set_up_printer(app, fair, name="Máy in gian 2", address="10.0.0.7", everywhere=False, booth_ids=own)
    assert [printer_of(app, fair, booth) for booth in (0, 1)] == ["Máy in khu A", "Máy in gian 2"]


def test_the_latest_printer_for_all_is_the_one(app: Flask, fair: Fair) -> None:
    set_up_printer(app, fair)
    set_up_printer(app, fair, name="Máy mới", address="10.0.0.7")
    assert printer_of(app, fair, 0) == "Máy mới"
    with app.app_context():
        assert [one.everywhere for one in printers_of(reading(), fair.edition_id)] == [False, True]


def test_a_booth_given_to_another_printer_leaves_the_first(app: Flask, fair: Fair) -> None:
    both = frozenset(fair.booth_ids)
    set_up_printer(app, fair, everywhere=False, booth_ids=both)
    second = frozenset({fair.booth_ids[1]})
    set_up_printer(app, fair, name="Máy mới", address="10.0.0.7", everywhere=False, booth_ids=second)
    assert [printer_of(app, fair, booth) for booth in (0, 1)] == ["Máy in khu A", "Máy mới"]


def test_a_printer_changes_its_address_paper_and_booths(app: Flask, fair: Fair) -> None:
    printer, by = set_up_printer(app, fair), fair.people["bantochuc"]
    changed = said(address="10.0.0.9", width_mm="80", everywhere=False, booth_ids=frozenset({fair.booth_ids[0]}))
    with app.app_context(), transaction() as session:
        session.get_one(Printer, printer).try_again_at = now() + timedelta(minutes=1)
        change_printer(session, fair.edition_id, printer, changed, at=now(), by=by)
    with app.app_context():
        (found,) = printers_of(reading(), fair.edition_id)
        assert (found.address, found.width_mm, found.try_again_at) == ("10.0.0.9", 80, None)
    assert [printer_of(app, fair, booth) for booth in (0, 1)] == ["Máy in khu A", None]
    assert journal(app, "printer_changed") == [
        {"address": "10.0.0.9", "port": 9100, "width_mm": 80, "everywhere": False, "booths": [fair.booth_ids[0]]}
    ]


def test_a_removed_printer_takes_its_booths_and_what_waits_with_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    printer, by = set_up_printer(app, fair, everywhere=False, booth_ids=frozenset(fair.booth_ids)), ""
    by = fair.people["bantochuc"]
    sale_id = sell(fair, tablet)
    ask(app, tablet, sale_id)
    with app.app_context(), transaction() as session:
        remove_printer(session, fair.edition_id, printer, at=now(), by=by)
    assert printer_of(app, fair, 0) is None
    assert jobs(app) == [("failed", 0, "printer_removed", sale_id)]
    with app.app_context(), transaction() as session, pytest.raises(NotFound):
        remove_printer(session, fair.edition_id, printer, at=now(), by=by)
    set_up_printer(app, fair)  # its address is free again


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "  "}, FieldMissing),
        ({"name": "x" * 61}, FieldTooLong),
        ({"address": "8.8.8.8"}, PrinterAddressInvalid),
        ({"address": "169.254.169.254"}, PrinterAddressInvalid),
        ({"port": "5432"}, PrinterAddressInvalid),
        ({"width_mm": "76"}, PaperWidthInvalid),
        ({"booth_ids": frozenset({"another fair's"})}, NotFound),
    ],
)
def test_what_cannot_be_a_printer_is_refused(
    app: Flask, fair: Fair, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    with app.app_context(), transaction() as session, pytest.raises(refusal):
        add_printer(session, fair.edition_id, said(**changes), at=now(), by=fair.people["bantochuc"])


def test_two_printers_of_a_fair_do_not_share_an_address(app: Flask, fair: Fair) -> None:
    first = set_up_printer(app, fair)
    with pytest.raises(PrinterTaken):
        set_up_printer(app, fair, name="Máy thứ hai")
    set_up_printer(app, fair, name="Máy thứ hai", port="9101")
    with app.app_context(), transaction() as session, pytest.raises(PrinterTaken):
        change_printer(session, fair.edition_id, first, said(port="9101"), at=now(), by=fair.people["bantochuc"])


def test_a_printer_of_another_fair_is_not_there(app: Flask, fair: Fair) -> None:
    other, printer = make_fair(app, name="Hội chợ khác"), set_up_printer(app, fair)
    by = fair.people["quantri"]
    with app.app_context(), transaction() as session, pytest.raises(NotFound):
        queue_test_page(session, other.edition_id, printer, at=now(), by=by)
    assert printer_of(app, other, 0) is None


# --- papers ---------------------------------------------------------------------------------------------------------


def test_the_same_paper_asked_for_again_is_one_job(app: Flask, fair: Fair, tablet: Tablet) -> None:
    set_up_printer(app, fair)
    sale_id = sell(fair, tablet)
    assert ask(app, tablet, sale_id) == ask(app, tablet, sale_id)
    assert ask(app, tablet, sale_id, copy_no=1) != ask(app, tablet, sale_id)
    assert len(jobs(app)) == 2


@pytest.mark.race
def test_a_tablet_that_asks_twice_at_once_gets_one_paper(app: Flask, fair: Fair, tablet: Tablet) -> None:
    set_up_printer(app, fair)
    sale_id = sell(fair, tablet)
    together, answers = threading.Barrier(6), []

    def request() -> None:
        together.wait()
        answers.append(ask(app, tablet, sale_id))

    threads = [threading.Thread(target=request) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert len(jobs(app)) == 1


def test_a_booth_prints_its_own_receipts_only(app: Flask, fair: Fair, tablet: Tablet) -> None:
    set_up_printer(app, fair)
    sale_id = sell(fair, tablet)
    stranger = pair_tablet(app, fair, booth=1)
    for sale in (sale_id, new_id()):
        with pytest.raises(NotFound):
            ask(app, stranger, sale)
    assert jobs(app) == []


def test_without_a_printer_the_tablet_is_told_to_print_itself(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale_id = sell(fair, tablet)
    with pytest.raises(NoPrinter):
        ask(app, tablet, sale_id)


def test_a_tablet_cannot_fill_the_table(
    app: Flask, fair: Fair, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 3)
    set_up_printer(app, fair)
    sale_id = sell(fair, tablet)
    for copy_no in range(3):
        ask(app, tablet, sale_id, copy_no)
    with pytest.raises(TooManyJobs):
        ask(app, tablet, sale_id, 3)


def test_printing_again_what_came_out_is_a_copy_and_what_did_not_is_none(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    set_up_printer(app, fair)
    by, sale_id = fair.people["bantochuc"], sell(fair, tablet)
    job = ask(app, tablet, sale_id)
    with app.app_context(), transaction() as session, pytest.raises(JobNotEnded):
        print_again(session, fair.edition_id, job, at=now(), by=by)
    with app.app_context(), transaction() as session:
        session.get_one(PrintJob, job).state = "failed"
        again = print_again(session, fair.edition_id, job, at=now(), by=by)
        assert again.copy_no == 0
    assert copies(app) == []
    with app.app_context(), transaction() as session, pytest.raises(JobNotEnded):
        print_again(session, fair.edition_id, job, at=now(), by=by)  # it is on its way already
    with app.app_context(), transaction() as session:
        note_done(session, session.get_one(PrintJob, again.id), now())
        session.flush()
        for asked, number in (
            (again.id, 1),
            (job, 2),
        ):  # through the one that failed, too: the paper has come out since
            copy = print_again(session, fair.edition_id, asked, at=now(), by=by)
            assert (copy.copy_no, copy.person_id) == (number, by)
    assert copies(app) == [(sale_id, 1, None), (sale_id, 2, None)]


@pytest.mark.race
def test_of_two_people_who_ask_again_at_once_one_gets_the_paper(app: Flask, fair: Fair, tablet: Tablet) -> None:
    set_up_printer(app, fair)
    by = fair.people["bantochuc"]
    job = ask(app, tablet, sell(fair, tablet))
    with app.app_context(), transaction() as session:
        session.get_one(PrintJob, job).state = "failed"
    together = threading.Barrier(4)
    got: list[int | None] = []

    def press() -> None:
        with app.app_context():
            together.wait()
            try:
                got.append(
                    in_transaction(lambda session: print_again(session, fair.edition_id, job, at=now(), by=by)).copy_no
                )
            except JobNotEnded:
                got.append(None)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(got, key=str) == [0, None, None, None]
    assert [state for state, *_ in jobs(app)] == ["failed", "waiting"]


def test_a_paper_of_a_removed_printer_goes_to_the_one_the_booth_has_now(app: Flask, fair: Fair, tablet: Tablet) -> None:
    printer, by = set_up_printer(app, fair), fair.people["bantochuc"]
    job = ask(app, tablet, sell(fair, tablet))
    with app.app_context(), transaction() as session:
        remove_printer(session, fair.edition_id, printer, at=now(), by=by)
    with app.app_context(), transaction() as session, pytest.raises(NoPrinter):
        print_again(session, fair.edition_id, job, at=now(), by=by)
    other = set_up_printer(app, fair, address="10.0.0.7")
    with app.app_context(), transaction() as session:
        again = print_again(session, fair.edition_id, job, at=now(), by=by)
        assert get_job(session, fair.edition_id, again.id).printer_id == other


# --- copies ---------------------------------------------------------------------------------------------------------


def test_copies_are_counted_over_tablets_and_pages_and_stand_in_the_journal(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    set_up_printer(app, fair)
    by, sale_id = fair.people["bantochuc"], sell(fair, tablet)
    tablet.send(tablet.command("receipt_copied", sale_id=sale_id, copy_no=1))
    tablet.send(tablet.command("receipt_copied", sale_id=sale_id, copy_no=2))
    with app.app_context(), transaction() as session:
        assert make_copy(session, sale_id, at=now(), by=by).copy_no == 3
        assert print_copy(session, sale_id, at=now(), by=by).copy_no == 4
    assert copies(app) == [(sale_id, number, tablet.device_id if number < 3 else None) for number in (1, 2, 3, 4)]
    assert [facts["copy_no"] for facts in journal(app, "receipt_copied")] == [1, 2, 3, 4]


def test_a_copy_that_cannot_be_printed_is_not_counted(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale_id = sell(fair, tablet)
    by = fair.people["bantochuc"]
    with app.app_context(), pytest.raises(NoPrinter), transaction() as session:
        print_copy(session, sale_id, at=now(), by=by)
    assert copies(app) == []


@pytest.mark.race
def test_two_people_who_print_a_copy_at_once_get_two_numbers(app: Flask, fair: Fair, tablet: Tablet) -> None:
    by, sale_id = fair.people["bantochuc"], sell(fair, tablet)
    together, numbers = threading.Barrier(3), []

    def make() -> None:
        with app.app_context():
            together.wait()
            numbers.append(in_transaction(lambda session: make_copy(session, sale_id, at=now(), by=by).copy_no))

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(numbers) == [1, 2, 3]


def test_nobody_copies_a_sale_that_is_not_here(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session, pytest.raises(NotFound):
        make_copy(session, new_id(), at=now(), by=fair.people["bantochuc"])


def test_a_tablets_copy_is_kept_whatever_is_odd_about_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    unknown, nobody = new_id(), new_id()
    (answer,) = tablet.send(tablet.command("receipt_copied", sale_id=unknown, copy_no=1, person_id=nobody))
    assert answer.answer == "stored"
    assert copies(app) == [(unknown, 1, tablet.device_id)]
    with app.app_context():
        assert "person_unknown" in set(reading().scalars(select(Oddity.code)))


def test_the_same_copy_sent_again_is_counted_once(app: Flask, fair: Fair, tablet: Tablet) -> None:
    parcel = tablet.command("receipt_copied", sale_id=sell(fair, tablet), copy_no=1)
    assert [tablet.send(parcel)[0].answer for _ in range(2)] == ["stored", "already_have"]
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(Line).where(Line.verb == "receipt_copied")) == 1
    assert len(copies(app)) == 1
