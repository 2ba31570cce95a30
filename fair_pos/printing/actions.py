"""Setting printers up, queueing papers for them, writing down what became of those, and copies of receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version
from fair_pos.journal.actions import write_line, write_lines
from fair_pos.kernel.ids import named_id, new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.people.queries import known_person_ids
from fair_pos.printing import refusals
from fair_pos.printing.queries import (
    copies_of,
    count_waiting,
    find_printer_of_booth,
    get_job,
    get_printer,
    states_of_paper,
)
from fair_pos.printing.rows import copy_line, copy_row
from fair_pos.printing.rules import (
    CLAIM,
    WIDTH_DOTS,
    CopyFact,
    Trouble,
    is_too_late,
    next_copy_no,
    pause_after,
    read_address,
    read_port,
)
from fair_pos.printing.tables import BoothPrinter, Printer, PrintJob, ReceiptCopy
from fair_pos.sales.actions import record_oddities
from fair_pos.sales.facts import Odd, Place
from fair_pos.sales.queries import find_sale
from fair_pos.sales.rules import settle
from fair_pos.venues.queries import booths_of, get_edition
from fair_pos.venues.refusals import FieldMissing, FieldTooLong

_COPY = cast("Table", ReceiptCopy.__table__)
MOST_WAITING = 200
"""Jobs for one printer: beyond that something is wrong, and a device may not fill the table."""

# --- printers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PrinterSaid:
    """A printer as somebody typed it, and the booths it is for."""

    name: str
    address: str
    port: str
    width_mm: str
    everywhere: bool
    booth_ids: frozenset[str]


def add_printer(session: Session, edition_id: str, said: PrinterSaid, *, at: datetime, by: str) -> Printer:
    """A printer for booths of an edition. Raises NotFound, FieldMissing, FieldTooLong, and the refusals about printers."""
    get_edition(session, edition_id)
    printer = Printer(id=new_id(), edition_id=edition_id)
    _take_over(session, printer, said)
    session.add(printer)
    session.flush()
    _give_to(session, printer, said.booth_ids)
    _write_about(session, printer, "printer_added", said.booth_ids, at=at, by=by)
    bump_version(session, "printer", at)
    return printer


def change_printer(
    session: Session, edition_id: str, printer_id: str, said: PrinterSaid, *, at: datetime, by: str
) -> Printer:
    """Another name, address, paper or other booths. What waits goes to the new address. Raises as `add_printer`."""
    printer = get_printer(session, edition_id, printer_id)
    _take_over(session, printer, said)
    printer.failures, printer.try_again_at = 0, None
    session.flush()
    _give_to(session, printer, said.booth_ids)
    _write_about(session, printer, "printer_changed", said.booth_ids, at=at, by=by)
    bump_version(session, "printer", at)
    return printer


def remove_printer(session: Session, edition_id: str, printer_id: str, *, at: datetime, by: str) -> None:
    """The booths print from their tablets again; what waits is given up. Raises NotFound."""
    printer = get_printer(session, edition_id, printer_id)
    printer.removed_at = at
    session.flush()
    session.execute(delete(BoothPrinter).where(BoothPrinter.printer_id == printer_id))
    session.execute(
        update(PrintJob)
        .where(PrintJob.printer_id == printer_id, PrintJob.state == "waiting")
        .values(state="failed", trouble=Trouble.PRINTER_REMOVED.value, ended_at=at)
    )
    _write_about(session, printer, "printer_removed", (), at=at, by=by)
    bump_version(session, "printer", at)


def _take_over(session: Session, printer: Printer, said: PrinterSaid) -> None:
    name, address, port = clean(said.name), read_address(said.address), read_port(said.port)
    if not name:
        raise FieldMissing(field="name")
    if len(name) > 60:
        raise FieldTooLong(field="name", most=60)
    if address is None or port is None:
        raise refusals.PrinterAddressInvalid
    if said.width_mm not in map(str, WIDTH_DOTS):
        raise refusals.PaperWidthInvalid
    if said.booth_ids - {booth.id for booth in booths_of(session, printer.edition_id)}:
        raise NotFound
    others = select(Printer).where(
        Printer.edition_id == printer.edition_id, Printer.id != printer.id, Printer.removed_at.is_(None)
    )
    for other in session.scalars(others).all():
        if (other.address, other.port) == (address, port):
            raise refusals.PrinterTaken
        if said.everywhere and other.everywhere:
            other.everywhere = False
    session.flush()  # before the next: only one may be for every booth
    printer.name, printer.address, printer.port, printer.width_mm = name, address, port, int(said.width_mm)
    printer.everywhere = said.everywhere


def _give_to(session: Session, printer: Printer, booth_ids: Iterable[str]) -> None:
    """A booth has one printer: what it had before is its no longer."""
    wanted = sorted(booth_ids)
    session.execute(
        delete(BoothPrinter).where(or_(BoothPrinter.printer_id == printer.id, BoothPrinter.booth_id.in_(wanted)))
    )
    session.add_all(BoothPrinter(booth_id=booth_id, printer_id=printer.id) for booth_id in wanted)
    session.flush()


def _write_about(
    session: Session, printer: Printer, verb: str, booth_ids: Iterable[str], *, at: datetime, by: str
) -> None:
    facts = {
        "address": printer.address,
        "port": printer.port,
        "width_mm": printer.width_mm,
        "everywhere": printer.everywhere,
        "booths": sorted(booth_ids),
    }
    write_line(session, at=at, person_id=by, verb=verb, subject=("printer", printer.id), facts=facts)


# --- jobs -----------------------------------------------------------------------------------------------------------


def queue_receipt(
    session: Session, *, booth_id: str, device_id: str, sale_id: str, copy_no: int, at: datetime
) -> PrintJob:
    """A paper that a tablet asks for, of a receipt of its booth. The same paper asked for again is the job that there is.

    A tablet asks again when our answer was lost, and takes another number when it wants another paper.
    Raises NotFound, NoPrinter, TooManyJobs.
    """
    sale = find_sale(session, sale_id)
    if sale is None or sale.booth_id != booth_id:
        raise NotFound
    job_id = named_id("print", device_id, sale_id, str(copy_no))
    known = session.get(PrintJob, job_id)
    if known is not None:
        return known
    printer = find_printer_of_booth(session, sale.edition_id, booth_id)
    if printer is None:
        raise refusals.NoPrinter
    return _queue(session, printer, job_id, sale_id=sale_id, copy_no=copy_no, device_id=device_id, at=at)


def queue_test_page(session: Session, edition_id: str, printer_id: str, *, at: datetime, by: str) -> PrintJob:
    """«In thử». Raises NotFound, TooManyJobs."""
    printer = get_printer(session, edition_id, printer_id)
    printer.failures, printer.try_again_at = 0, None  # whoever stands before it does not want to wait
    return _queue(session, printer, new_id(), person_id=by, at=at)


def print_again(session: Session, edition_id: str, job_id: str, *, at: datetime, by: str) -> PrintJob:
    """«In lại»: what never came out is tried again as it was; what did come out is printed as the next copy, which counts.

    Raises NotFound, JobNotEnded, NoPrinter, TooManyJobs.
    """
    job = get_job(session, edition_id, job_id)
    # Held, so that of two who press at once the second sees the first one's job: a receipt comes out once without BẢN SAO.
    printer = session.get_one(Printer, job.printer_id, with_for_update=True)
    states = states_of_paper(session, job)
    if "waiting" in states:
        raise refusals.JobNotEnded
    sale = find_sale(session, job.sale_id) if job.sale_id else None
    if printer.removed_at is not None:
        found = find_printer_of_booth(session, edition_id, sale.booth_id) if sale else None
        if found is None:
            raise refusals.NoPrinter
        printer = found
    printer.failures, printer.try_again_at = 0, None
    copy_no = job.copy_no
    if "done" in states and sale is not None:
        copy_no = make_copy(session, sale.id, at=at, by=by).copy_no
    return _queue(session, printer, new_id(), sale_id=job.sale_id, copy_no=copy_no, person_id=by, at=at)


def print_copy(session: Session, sale_id: str, *, at: datetime, by: str) -> PrintJob:
    """The next copy of a receipt, on the printer of its booth. Raises NotFound, NoPrinter, TooManyJobs."""
    copy = make_copy(session, sale_id, at=at, by=by)
    printer = find_printer_of_booth(session, copy.edition_id, copy.booth_id)
    if printer is None:
        raise refusals.NoPrinter
    return _queue(session, printer, new_id(), sale_id=sale_id, copy_no=copy.copy_no, person_id=by, at=at)


def _queue(
    session: Session,
    printer: Printer,
    job_id: str,
    *,
    at: datetime,
    sale_id: str | None = None,
    copy_no: int = 0,
    device_id: str | None = None,
    person_id: str | None = None,
) -> PrintJob:
    if count_waiting(session, printer.id) >= MOST_WAITING:
        raise refusals.TooManyJobs(most=MOST_WAITING)
    job = PrintJob(
        id=job_id,
        printer_id=printer.id,
        edition_id=printer.edition_id,
        sale_id=sale_id,
        copy_no=copy_no,
        device_id=device_id,
        person_id=person_id,
        queued_at=at,
        state="waiting",
        attempts=0,
        trouble="",
    )
    session.add(job)
    session.flush()
    return job


# --- what a sender does ---------------------------------------------------------------------------------------------


def claim_printer(session: Session, printer_id: str, at: datetime) -> bool:
    """Take a printer for one attempt; False when somebody else has it. However many ask, the database lets one have it."""
    free = or_(Printer.claimed_until.is_(None), Printer.claimed_until <= at)
    taken = update(Printer).where(Printer.id == printer_id, free).values(claimed_until=at + CLAIM).returning(Printer.id)
    return session.scalar(taken) is not None


def claim_longer(session: Session, printer_id: str, at: datetime) -> None:
    """Keep a printer that we have for a claim from `at` on: a job that takes longer than most must not be sent twice at once."""
    session.execute(update(Printer).where(Printer.id == printer_id).values(claimed_until=at + CLAIM))


def let_go(session: Session, printer_id: str) -> None:
    """Somebody else may send to it now."""
    session.execute(update(Printer).where(Printer.id == printer_id).values(claimed_until=None))


def note_done(session: Session, job: PrintJob, at: datetime) -> None:
    """The printer has the whole job."""
    job.state, job.attempts, job.trouble, job.ended_at = "done", job.attempts + 1, "", at
    printer = session.get_one(Printer, job.printer_id)
    printer.failures, printer.try_again_at = 0, None


def note_failed(session: Session, job: PrintJob, trouble: Trouble, at: datetime) -> None:
    """The printer did not take the job: it is left alone for a while, and the job is tried again unless that is too late."""
    printer = session.get_one(Printer, job.printer_id)
    printer.failures += 1
    printer.try_again_at = at + pause_after(printer.failures)
    job.attempts, job.trouble = job.attempts + 1, trouble.value
    if is_too_late(job.queued_at, at):
        job.state, job.ended_at = "failed", at


def give_up(job: PrintJob, trouble: Trouble, at: datetime) -> None:
    """A job that will not be tried (again); why it failed when it was tried says more than that it is late now."""
    job.state, job.trouble, job.ended_at = "failed", job.trouble or trouble.value, at


# --- copies ---------------------------------------------------------------------------------------------------------


def make_copy(session: Session, sale_id: str, *, at: datetime, by: str) -> ReceiptCopy:
    """The next copy of a receipt, made by a person at a page. Raises NotFound."""
    sale = find_sale(session, sale_id)
    if sale is None:
        raise NotFound
    copy = ReceiptCopy(
        id=new_id(),
        sale_id=sale_id,
        copy_no=next_copy_no(one.copy_no for one in copies_of(session, sale_id)),
        edition_id=sale.edition_id,
        booth_id=sale.booth_id,
        device_id=None,
        person_id=by,
        copied_at=at,
        received_at=at,
        till_session_id=None,
    )
    session.add(copy)
    session.flush()
    facts = {"copy_no": copy.copy_no, "number": sale.receipt_number}
    write_line(session, at=at, person_id=by, verb="receipt_copied", subject=("sale", sale_id), facts=facts)
    return copy


def record_copies(session: Session, facts: Sequence[CopyFact], place: Place) -> None:
    """Copies that tablets made. They have happened: one of a sale that is not here is kept all the same."""
    people = known_person_ids(session, {fact.person_id for fact in facts})
    settled = {fact.id: settle(fact, place, people) for fact in facts}
    session.execute(insert(_COPY), [copy_row(fact, place, settled[fact.id]) for fact in facts])
    write_lines(session, [copy_line(fact, place) for fact in facts])
    odd: dict[str, tuple[Odd, ...]] = {one: found.oddities for one, found in settled.items()}
    record_oddities(session, odd, place)
