"""What the form about a printer may contain."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from fair_pos.printing.actions import PrinterSaid
from fair_pos.printing.tables import Printer

EMPTY_PRINTER = PrinterSaid(name="", address="", port="9100", width_mm="80", everywhere=False, booth_ids=frozenset())


def printer_said(form: MultiDict[str, str]) -> PrinterSaid:
    """The printer somebody typed. Nothing is checked here; overlong texts are cut to where they are refused anyway."""
    return PrinterSaid(
        name=form.get("name", "")[:200],
        address=form.get("address", "")[:100],
        port=form.get("port", "")[:10],
        width_mm=form.get("width_mm", "")[:4],
        everywhere=form.get("everywhere") == "yes",
        booth_ids=frozenset(form.getlist("booth")),
    )


def printer_as_said(printer: Printer, booth_ids: frozenset[str]) -> PrinterSaid:
    """A printer as its form has it."""
    return PrinterSaid(
        name=printer.name,
        address=printer.address,
        port=str(printer.port),
        width_mm=str(printer.width_mm),
        everywhere=printer.everywhere,
        booth_ids=booth_ids,
    )
