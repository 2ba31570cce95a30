"""What the forms about published figures may contain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fair_pos.kernel.refusal import NotFound
from fair_pos.published.refusals import FigureWrong
from fair_pos.published.rules import MONEY, NAMES, OF_A_DAY, read_figure
from fair_pos.venues.rules import read_day


def day_asked(text: str | None) -> date | None:
    """The day in a query string or form; None for the whole edition. Raises NotFound for what is no day."""
    if not text:
        return None
    day = read_day(text)
    if day is None:
        raise NotFound
    return day


def name_asked(name: str, day: date | None) -> str:
    """The name of a figure, when a day or the edition has it. Raises NotFound."""
    if name not in (NAMES if day is None else OF_A_DAY):
        raise NotFound
    return name


def figures_typed(form: Mapping[str, str], day: date | None) -> dict[str, int]:
    """Every figure that was filled in, by name. Raises FigureWrong."""
    texts = {name: form.get(name, "").strip() for name in (NAMES if day is None else OF_A_DAY)}
    return {name: figure_typed(text, name) for name, text in texts.items() if text}


def figure_typed(text: str, name: str) -> int:
    """One of them. Raises FigureWrong."""
    value = read_figure(text, money=name in MONEY)
    if value is None:
        raise FigureWrong(value=text[:40])
    return value


def value_seen(form: Mapping[str, str], field: str = "was") -> int | None:
    """The value that stood on the page when the form was made; empty when there was none. Raises NotFound."""
    text = form.get(field, "")
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise NotFound
    return int(text)
