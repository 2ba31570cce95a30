"""What the organiser may write into the report. Nothing of it is stored (docs/decisions/0025)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fair_pos.final_report.rules import paragraphs_of, plain
from fair_pos.kernel.text import clean

MOST_LINE, MOST_TEXT = 200, 20_000
"""Letters of a line, and of a text: ten pages. What is longer is cut off; it belongs into the Word file."""


@dataclass(frozen=True)
class Said:
    """Words of the organiser; empty where nothing was written."""

    parent: str = ""
    agency: str = ""
    number: str = ""
    symbol: str = ""
    place: str = ""
    signed_day: date | None = None
    addressees: tuple[str, ...] = ()
    assessment: tuple[str, ...] = ()
    shortcomings: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    authority: str = ""
    office: str = ""
    name: str = ""


LINES = ("parent", "agency", "number", "symbol", "place", "authority", "office", "name")
TEXTS = ("addressees", "assessment", "shortcomings", "proposals", "recipients")


def read_said(fields: Mapping[str, str]) -> Said:
    """What a form says; a day that is none is left open, to be written by hand."""
    lines: dict[str, Any] = {name: plain(clean(fields.get(name, "")))[:MOST_LINE] for name in LINES}
    texts: dict[str, Any] = {name: tuple(paragraphs_of(fields.get(name, "")[:MOST_TEXT])) for name in TEXTS}
    return Said(signed_day=_day(fields.get("signed_day", "")), **lines, **texts)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
