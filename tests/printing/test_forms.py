from __future__ import annotations

from werkzeug.datastructures import MultiDict

from fair_pos.printing.forms import EMPTY_PRINTER, printer_as_said, printer_said
from fair_pos.printing.tables import Printer
from tests.printing.jobs import said


def test_a_form_is_read_as_it_was_typed() -> None:
    form = MultiDict(
        [
            ("name", "Máy in khu A"),
            ("address", "192.168.1.50"),
            ("port", "9100"),
            ("width_mm", "58"),
            ("everywhere", "yes"),
            ("booth", "b1"),
            ("booth", "b2"),
        ]
    )
    assert printer_said(form) == said(booth_ids=frozenset({"b1", "b2"}))


def test_an_empty_form_is_no_printer_and_long_texts_are_cut() -> None:
    assert printer_said(MultiDict()).name == ""
    assert len(printer_said(MultiDict({"name": "x" * 10_000})).name) == 200


def test_a_printer_stands_in_its_form_as_it_is() -> None:
    printer = Printer(name="Máy in khu A", address="192.168.1.50", port=9100, width_mm=58, everywhere=True)
    assert printer_as_said(printer, frozenset({"b1"})) == said(booth_ids=frozenset({"b1"}))
    assert (EMPTY_PRINTER.port, EMPTY_PRINTER.width_mm) == ("9100", "80")
