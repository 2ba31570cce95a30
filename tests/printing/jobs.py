"""For tests about printing: a booth with a printer, a sale at it, and what stands in the table of jobs."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.printing.actions import PrinterSaid, add_printer
from fair_pos.printing.tables import PrintJob, ReceiptCopy
from tests.builders import Fair, Tablet

ADDRESS = "192.168.1.50"


def said(**changes: Any) -> PrinterSaid:
    """A printer as somebody types it, for every booth."""
    fields: dict[str, Any] = {
        "name": "Máy in khu A",
        "address": ADDRESS,
        "port": "9100",
        "width_mm": "58",
        "everywhere": True,
        "booth_ids": frozenset(),
    }
    return PrinterSaid(**(fields | changes))


def set_up_printer(app: Flask, fair: Fair, **changes: Any) -> str:
    """The id of a printer of the fair."""
    by = fair.people["bantochuc"]
    with app.app_context():
        return in_transaction(
            lambda session: add_printer(session, fair.edition_id, said(**changes), at=now(), by=by)
        ).id


def sell(fair: Fair, tablet: Tablet, quantity: int = 2) -> str:
    """The id of a sale that has reached the server."""
    parcel = tablet.sale([(fair.goods[0], quantity)])
    tablet.send(parcel)
    return str(parcel["id"])


def jobs(app: Flask) -> list[tuple[str, int, str, str]]:
    """(state, attempts, trouble, sale id or nothing) of every job, the oldest first."""
    with app.app_context():
        found = reading().scalars(select(PrintJob).order_by(PrintJob.queued_at, PrintJob.id))
        return [(one.state, one.attempts, one.trouble, one.sale_id or "") for one in found]


def copies(app: Flask) -> list[tuple[str, int, str | None]]:
    """(sale, number, device) of every copy, in the order of their arrival."""
    with app.app_context():
        found = reading().scalars(select(ReceiptCopy).order_by(ReceiptCopy.received_at, ReceiptCopy.copy_no))
        return [(one.sale_id, one.copy_no, one.device_id) for one in found]
