from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.printing.actions import make_copy, queue_test_page
from fair_pos.printing.queries import (
    booths_by_printer,
    copies_of,
    count_waiting,
    find_copy,
    get_job,
    get_printer,
    jobs_of,
    oldest_waiting,
    printer_names,
    printers_due,
)
from fair_pos.printing.tables import Printer
from tests.builders import Fair, make_fair, pair_tablet
from tests.printing.jobs import sell, set_up_printer


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def queue(app: Flask, fair: Fair, printer: str, count: int) -> list[str]:
    at, by = now(), fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        return [
            queue_test_page(session, fair.edition_id, printer, at=at + timedelta(seconds=nth), by=by).id
            for nth in range(count)
        ]


def test_the_oldest_waits_first_and_the_newest_is_shown_first(app: Flask, fair: Fair) -> None:
    printer = set_up_printer(app, fair)
    queued = queue(app, fair, printer, 3)
    with app.app_context():
        oldest = oldest_waiting(reading(), printer)
        assert oldest is not None
        assert oldest.id == queued[0]
        assert [job.id for job in jobs_of(reading(), fair.edition_id, limit=2)] == queued[:0:-1]
        assert count_waiting(reading(), printer) == 3


def test_a_printer_is_due_when_something_waits_and_it_is_neither_resting_nor_taken(app: Flask, fair: Fair) -> None:
    printer, idle = set_up_printer(app, fair), set_up_printer(app, fair, address="10.0.0.7", everywhere=False)
    queue(app, fair, printer, 1)
    at = now()

    def due() -> list[str]:
        with app.app_context():
            return printers_due(reading(), at)

    assert idle not in due()
    assert due() == [printer]
    for name in ("try_again_at", "claimed_until"):
        for moment, expected in ((at + timedelta(seconds=1), []), (at, [printer]), (None, [printer])):
            with app.app_context(), transaction() as session:
                setattr(session.get_one(Printer, printer), name, moment)
            assert due() == expected, (name, moment)


def test_nothing_of_another_fair_is_found(app: Flask, fair: Fair) -> None:
    other, printer = make_fair(app, name="Hội chợ khác"), set_up_printer(app, fair)
    (job,) = queue(app, fair, printer, 1)
    with app.app_context():
        session = reading()
        assert get_printer(session, fair.edition_id, printer).id == printer
        assert get_job(session, fair.edition_id, job).id == job
        for find in (get_printer, get_job):
            with pytest.raises(NotFound):
                find(session, other.edition_id, printer if find is get_printer else job)
        assert jobs_of(session, other.edition_id) == []
        assert booths_by_printer(session, other.edition_id) == {}


def test_booths_are_found_by_their_printer_and_names_of_removed_printers_too(app: Flask, fair: Fair) -> None:
    printer = set_up_printer(app, fair, everywhere=False, booth_ids=frozenset(fair.booth_ids))
    with app.app_context(), transaction() as session:
        session.get_one(Printer, printer).removed_at = now()
    with app.app_context():
        assert booths_by_printer(reading(), fair.edition_id) == {printer: set(fair.booth_ids)}
        assert printer_names(reading(), {printer, "another"}) == {printer: "Máy in khu A"}


def test_only_a_copy_made_at_a_page_is_found_by_its_number(app: Flask, fair: Fair) -> None:
    tablet = pair_tablet(app, fair)
    sale_id = sell(fair, tablet)
    tablet.send(tablet.command("receipt_copied", sale_id=sale_id, copy_no=1))
    with app.app_context(), transaction() as session:
        made = make_copy(session, sale_id, at=now(), by=fair.people["bantochuc"])
    with app.app_context():
        assert find_copy(reading(), sale_id, 1) is None
        found = find_copy(reading(), sale_id, 2)
        assert found is not None
        assert found.id == made.id
        assert [one.copy_no for one in copies_of(reading(), sale_id)] == [1, 2]
