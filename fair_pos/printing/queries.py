"""Finding printers, their jobs, and the copies of receipts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.refusal import NotFound
from fair_pos.printing.tables import BoothPrinter, Printer, PrintJob, ReceiptCopy

AnySession = Session | scoped_session[Session]


def printers_of(session: AnySession, edition_id: str) -> list[Printer]:
    """The printers of an edition that are in use, by name."""
    wanted = select(Printer).where(Printer.edition_id == edition_id, Printer.removed_at.is_(None))
    return list(session.scalars(wanted.order_by(Printer.name, Printer.id)))


def get_printer(session: AnySession, edition_id: str, printer_id: str) -> Printer:
    """A printer in use of this edition. Raises NotFound."""
    found = session.get(Printer, printer_id)
    if found is None or found.edition_id != edition_id or found.removed_at is not None:
        raise NotFound
    return found


def booths_by_printer(session: AnySession, edition_id: str) -> dict[str, set[str]]:
    """Printer → the booths that have chosen it."""
    wanted = select(BoothPrinter.printer_id, BoothPrinter.booth_id).join(Printer, Printer.id == BoothPrinter.printer_id)
    found: dict[str, set[str]] = {}
    for printer_id, booth_id in session.execute(wanted.where(Printer.edition_id == edition_id)):
        found.setdefault(printer_id, set()).add(booth_id)
    return found


def find_printer_of_booth(session: AnySession, edition_id: str, booth_id: str) -> Printer | None:
    """The booth's own printer, else the one for every booth, else None."""
    own = select(Printer).join(BoothPrinter, BoothPrinter.printer_id == Printer.id)
    found = session.scalar(own.where(BoothPrinter.booth_id == booth_id, Printer.removed_at.is_(None)))
    if found is not None:
        return found
    shared = select(Printer).where(
        Printer.edition_id == edition_id, Printer.everywhere.is_(True), Printer.removed_at.is_(None)
    )
    return session.scalar(shared)


def jobs_of(session: AnySession, edition_id: str, *, limit: int = 100) -> list[PrintJob]:
    """The newest jobs of an edition, whatever became of them."""
    wanted = select(PrintJob).where(PrintJob.edition_id == edition_id)
    return list(session.scalars(wanted.order_by(PrintJob.queued_at.desc(), PrintJob.id.desc()).limit(limit)))


def get_job(session: AnySession, edition_id: str, job_id: str) -> PrintJob:
    """A job of this edition. Raises NotFound."""
    found = session.get(PrintJob, job_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def states_of_paper(session: AnySession, job: PrintJob) -> set[str]:
    """What became of every job for the same paper: this one's, and those of whoever asked for it again. A test page is its own."""
    if job.sale_id is None:
        return {job.state}
    wanted = select(PrintJob.state).where(
        PrintJob.edition_id == job.edition_id, PrintJob.sale_id == job.sale_id, PrintJob.copy_no == job.copy_no
    )
    return set(session.scalars(wanted.distinct()))


def count_waiting(session: AnySession, printer_id: str) -> int:
    """How many jobs wait for a printer."""
    wanted = select(func.count()).where(PrintJob.printer_id == printer_id, PrintJob.state == "waiting")
    return session.scalar(wanted) or 0


def oldest_waiting(session: AnySession, printer_id: str) -> PrintJob | None:
    """The job whose turn it is."""
    wanted = select(PrintJob).where(PrintJob.printer_id == printer_id, PrintJob.state == "waiting")
    return session.scalar(wanted.order_by(PrintJob.queued_at, PrintJob.id).limit(1))


def printers_due(session: AnySession, at: datetime) -> list[str]:
    """Printers that something waits for, that are not being left alone and that nobody else is sending to."""
    waiting = select(PrintJob.printer_id).where(PrintJob.state == "waiting")
    wanted = select(Printer.id).where(
        Printer.id.in_(waiting),
        or_(Printer.try_again_at.is_(None), Printer.try_again_at <= at),
        or_(Printer.claimed_until.is_(None), Printer.claimed_until <= at),
    )
    return list(session.scalars(wanted.order_by(Printer.id)))


def copies_of(session: AnySession, sale_id: str) -> list[ReceiptCopy]:
    """Every copy of a receipt that is known here, in the order of their making."""
    wanted = select(ReceiptCopy).where(ReceiptCopy.sale_id == sale_id)
    return list(session.scalars(wanted.order_by(ReceiptCopy.copied_at, ReceiptCopy.id)))


def find_copy(session: AnySession, sale_id: str, copy_no: int) -> ReceiptCopy | None:
    """The first copy of a receipt with this number that was made at a page; None when a tablet alone used the number."""
    wanted = select(ReceiptCopy).where(
        ReceiptCopy.sale_id == sale_id, ReceiptCopy.copy_no == copy_no, ReceiptCopy.device_id.is_(None)
    )
    return session.scalar(wanted.order_by(ReceiptCopy.id).limit(1))


def printer_names(session: AnySession, printer_ids: Collection[str]) -> dict[str, str]:
    """Printer → name, those that were removed too."""
    rows = session.execute(select(Printer.id, Printer.name).where(Printer.id.in_(printer_ids)))
    return {printer_id: name for printer_id, name in rows}  # noqa: C416 (rows are no pairs to a type checker)
