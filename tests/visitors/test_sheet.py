"""The printed tally sheet: one A4 a gate, a row an hour."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.visitors.queries import gates_of
from fair_pos.visitors.sheet import print_tally_sheets, tally_sheets_html
from tests.builders import make_fair
from tests.visitors.phones import make_gates

HOURS = list(range(8, 22))


def text_of(pdf: bytes, folder: Path) -> list[str]:
    path = folder / "sheet.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\f").split("\f")


def test_every_gate_has_its_sheet(app: Flask, tmp_path: Path) -> None:
    fair = make_fair(app)
    make_gates(app, fair, 2)
    with app.test_request_context():
        gates = gates_of(reading(), fair.edition_id)
        pages = text_of(print_tally_sheets("Hội chợ thử", HOURS, gates, date(2026, 11, 24)), tmp_path)
    assert len(pages) == 2
    for page, name in zip(pages, ("Cổng chính", "Cổng phụ"), strict=True):
        assert name in page
        assert "24/11/2026" in page
        assert "08–09" in page
        assert "21–22" in page
        assert "Tổng ra" in page


def test_an_entrance_has_no_column_for_leaving(app: Flask) -> None:
    fair = make_fair(app)
    make_gates(app, fair, 1, "entrance")
    with app.test_request_context():
        gates = gates_of(reading(), fair.edition_id)
        html = tally_sheets_html("Hội chợ thử", HOURS, gates, None)
    assert "Tổng vào" in html
    assert "Tổng ra" not in html


def test_without_gates_there_is_one_sheet_to_fill_in(app: Flask) -> None:
    with app.test_request_context():
        html = tally_sheets_html("Hội chợ thử", HOURS, [], None)
    assert html.count('class="sheet"') == 1
