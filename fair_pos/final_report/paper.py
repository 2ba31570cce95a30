"""The report as PDF: tagged, with bookmarks, in the language of its words."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping

from flask import render_template

from fair_pos.final_report.press import packed
from fair_pos.final_report.refusals import PrintingTooSlow
from fair_pos.final_report.rules import Report
from fair_pos.settings import TOP

WAIT_SECONDS = 10
MOST_SECONDS = 90
"""A report that takes longer is given up; the largest fair known takes ten seconds on an idle machine."""
ENVIRONMENT = {"PATH": os.defpath, "PYTHONUTF8": "1"}
"""Of the process that prints foreign words: it knows none of the server's secrets."""
_one_at_a_time = threading.Lock()


class PressFailed(RuntimeError):
    """The process that prints ended with an error; what it said stands in the log."""


def print_report(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The report as a PDF; `pictures` are its plots as SVG by code. The same report is the same bytes.

    Raises PrinterBusy when another report is still being printed, PrintingTooSlow, PressFailed when printing itself fails.
    """
    plots = {code: f"own:{code}.svg" for code in pictures}
    html = render_template("final_report/paper.html", report=report, plots=plots, paper=True)
    return press(packed(html, {plots[code]: picture for code, picture in pictures.items()}))


def press(order: bytes) -> bytes:
    """Have a process of its own print it (press.py), one at a time."""
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise _busy()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "fair_pos.final_report.press"],
            input=order, capture_output=True, cwd=TOP, env=ENVIRONMENT, timeout=MOST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise PrintingTooSlow(seconds=MOST_SECONDS) from None
    finally:
        _one_at_a_time.release()
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise PressFailed(done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


def _busy() -> Exception:
    from fair_pos.plumbing.pdf import (
        PrinterBusy,
    )  # brings WeasyPrint along, which the server itself needs for nothing here

    return PrinterBusy()
