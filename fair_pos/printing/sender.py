"""Sends what waits to the printers: a thread of the server, started with it (`fair_pos.serve`), one attempt at a time for a printer.

Every process of the server runs one; the claim on a printer's row decides which of them sends (decision 0017). A process that dies
leaves a claim that ends by itself and a job that still waits: the next one prints it whole.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.printing import paper, queries
from fair_pos.printing.actions import claim_longer, claim_printer, give_up, let_go, note_done, note_failed
from fair_pos.printing.lan import SEND_SECONDS, NotPrinted, most_seconds, send
from fair_pos.printing.queries import oldest_waiting
from fair_pos.printing.rules import Trouble, is_too_late
from fair_pos.printing.tables import Printer, PrintJob
from fair_pos.settings import Settings

log = logging.getLogger("fair_pos")
LOOK_SECONDS = 1.0
"""How often the table is looked at: another process may have queued something, or a pause is over."""
AT_ONCE = 4
"""Printers served side by side, so that one that does not answer holds up few."""
_SENDER = "fair_pos_sender"


@dataclass(frozen=True)
class Turn:
    """A job whose turn it is, and where it goes."""

    printer_id: str
    job_id: str
    sale_id: str | None
    copy_no: int
    printer_name: str
    address: str
    port: int
    width_mm: int


class Sender:
    """Looks for what waits, and serves each printer in a thread of its own while something waits for it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._bell = threading.Event()
        self._ended = False
        self._busy: dict[str, threading.Thread] = {}
        self._looking = threading.Thread(target=self._look, name="printing", daemon=True)

    def start(self) -> None:
        """Begin. The threads are no reason for a process to go on living."""
        self._looking.start()

    def ring(self) -> None:
        """Look now."""
        self._bell.set()

    def stop(self) -> None:
        """End, once what is being sent was sent."""
        self._ended = True
        self._bell.set()
        for thread in (self._looking, *list(self._busy.values())):
            thread.join()

    def _look(self) -> None:
        while not self._ended:
            self._bell.clear()
            try:
                with self._app.app_context():
                    due = queries.printers_due(reading(), now())
            except Exception:
                log.exception("looking for papers to print")  # the database is away; it may come back
                due = []
            for printer_id in due:
                if printer_id not in self._busy and len(self._busy) < AT_ONCE:
                    thread = threading.Thread(target=self._serve, args=(printer_id,), name="printing", daemon=True)
                    self._busy[printer_id] = thread
                    thread.start()
            self._bell.wait(LOOK_SECONDS)

    def _serve(self, printer_id: str) -> None:
        try:
            with self._app.app_context():
                while not self._ended and serve_printer(printer_id, now()):
                    pass
        except Exception:
            log.exception(
                "printing on %s", printer_id
            )  # the job still waits, and the claim on the printer ends by itself
        finally:
            del self._busy[printer_id]


def start_sending(app: Flask) -> Sender:
    """Begin to send, for as long as this process lives."""
    sender = app.extensions[_SENDER] = Sender(app)
    sender.start()
    return sender


def ring() -> None:
    """Something was queued: the sender of this process looks at once, if there is one."""
    sender: Sender | None = current_app.extensions.get(_SENDER)
    if sender is not None:
        sender.ring()


def serve_printer(printer_id: str, at: datetime) -> bool:
    """One attempt at the oldest job of a printer; whether another may follow at once. Nobody waits for it but this thread."""
    turn = in_transaction(lambda session: take_turn(session, printer_id, at))
    if turn is None:
        return False
    trouble = attempt(turn)
    in_transaction(lambda session: note(session, printer_id, turn.job_id, trouble))
    return trouble in {None, Trouble.NOT_DRAWN}


def take_turn(session: Session, printer_id: str, at: datetime) -> Turn | None:
    """Claim the printer and say what to send; None when somebody else has it, it is being left alone, or nothing waits.

    What has waited too long, or for a printer that was removed, is given up on the way.
    """
    if not claim_printer(session, printer_id, at):
        return None
    printer = session.get_one(Printer, printer_id, populate_existing=True)
    resting = printer.try_again_at is not None and printer.try_again_at > at
    while (job := oldest_waiting(session, printer_id)) is not None and not resting:
        gone = printer.removed_at is not None  # while the job was being queued
        if not gone and not is_too_late(job.queued_at, at):
            where = (printer.name, printer.address, printer.port, printer.width_mm)
            return Turn(printer_id, job.id, job.sale_id, job.copy_no, *where)
        give_up(job, Trouble.PRINTER_REMOVED if gone else Trouble.TOO_LATE, at)
        session.flush()
    let_go(session, printer_id)
    return None


def attempt(turn: Turn) -> Trouble | None:
    """Draw and send; what went wrong, if anything."""
    settings: Settings = current_app.extensions["fair_pos_settings"]
    try:
        with force_locale("vi"):  # paper is for buyers, whatever language whoever runs the server reads
            job = paper.job_bytes(
                reading(),
                sale_id=turn.sale_id,
                copy_no=turn.copy_no,
                width_mm=turn.width_mm,
                printer_name=turn.printer_name,
                public_url=settings.public_url,
                at=now(),
                states_of=current_app.extensions["fair_pos_transfer_states"],
            )
    except Exception:
        # A receipt that cannot be drawn must not hold up those behind it; the list shows it as failed.
        log.exception("drawing paper %s", turn.job_id)
        return Trouble.NOT_DRAWN
    longer = most_seconds(len(job)) - SEND_SECONDS
    if longer > 0:
        in_transaction(lambda session: claim_longer(session, turn.printer_id, now() + timedelta(seconds=longer)))
    try:
        send(turn.address, turn.port, job)
    except NotPrinted as not_printed:
        return not_printed.trouble
    return None


def note(session: Session, printer_id: str, job_id: str, trouble: Trouble | None) -> None:
    """Write down what became of an attempt, and let the printer go."""
    job, at = session.get_one(PrintJob, job_id), now()
    if trouble is None:
        note_done(session, job, at)
    elif trouble is Trouble.NOT_DRAWN:
        give_up(job, trouble, at)
    elif job.state == "waiting":  # the printer may have been removed meanwhile
        note_failed(session, job, trouble, at)
    session.flush()
    let_go(session, printer_id)
