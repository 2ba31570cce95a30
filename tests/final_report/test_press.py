from __future__ import annotations

import re
import subprocess
import sys

import pytest

from fair_pos.final_report.press import packed, pressed
from fair_pos.settings import TOP
from tests.final_report.samples import read_pdf

HTML = '<!doctype html><html lang="vi"><title>Thử</title><body><h1>Phụ lục «thử» ★</h1><img src="own:plot.svg" alt="Biểu đồ">'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text y="9">A</text></svg>'


def test_a_page_becomes_a_tagged_pdf() -> None:
    pdf = pressed(packed(HTML, {"own:plot.svg": SVG}))
    info = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert re.search(r"^Tagged: +yes$", info, re.MULTILINE)
    assert re.search(r"^Title: +Thử$", info, re.MULTILINE)
    assert "(A4)" in info
    assert "Phụ lục «thử» ★" in read_pdf(pdf)


def test_only_what_was_handed_over_is_fetched(caplog: pytest.LogCaptureFixture) -> None:
    pdf = pressed(
        packed('<html lang="vi"><title>a</title><p>a<img src="file:///etc/hostname"><img src="http://127.0.0.1/x">', {})
    )
    assert read_pdf(pdf) == "a"
    assert caplog.text.count("only our own files are fetched") == 2


def test_the_process_reads_and_writes_the_same() -> None:
    order = packed(HTML, {"own:plot.svg": SVG})
    done = subprocess.run(
        [sys.executable, "-m", "fair_pos.final_report.press"], input=order, capture_output=True, cwd=TOP, check=True
    )
    assert done.stdout == pressed(order)
