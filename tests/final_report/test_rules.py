from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.final_report.rules import (
    Cell,
    Column,
    KeyFigure,
    Table,
    day_in_words,
    paragraphs_of,
    permille_of,
    plain,
    row_of,
    written,
)
from fair_pos.kernel.day import VIETNAM
from tests.final_report.samples import report


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Cell(None, "dong"), "–"),
        (Cell(1_234_567, "dong"), "1.234.567"),
        (Cell(-5_000, "dong"), "−5.000"),
        (Cell(0, "count"), "0"),
        (Cell(686, "permille"), "68,6\N{NO-BREAK SPACE}%"),
        (Cell(-50, "permille"), "−5,0\N{NO-BREAK SPACE}%"),
        (Cell(1_575, "grams"), "1,575"),
        (Cell(-575, "grams"), "−0,575"),
        (Cell(0, "grams"), "0"),
        (Cell(date(2026, 2, 3), "day"), "03/02/2026"),
        (Cell(datetime(2026, 2, 3, 8, 5, tzinfo=VIETNAM), "instant"), "08:05 03/02/2026"),
        (Cell("<b>"), "<b>"),
    ],
)
def test_a_cell_is_written_as_people_read_it(cell: Cell, words: str) -> None:
    assert written(cell) == words


def test_what_no_paper_can_show_is_left_out() -> None:
    assert plain("a\x00b\x1bc\u202e000.5\u202c\ufeff\ud800\uffff") == "abc000.5"
    assert plain("Mật ong\tPa Ủ\n«60 %» — ngon ★ ₫") == "Mật ong\tPa Ủ\n«60 %» — ngon ★ ₫"


def test_paragraphs_lose_nothing_but_gaps() -> None:
    assert paragraphs_of("  Một \r\n\r\n hai  ba\x00 \r bốn ") == ["Một", "hai ba", "bốn"]
    assert paragraphs_of(" \n ") == []


def test_shares() -> None:
    assert permille_of(7_000_000_000, 10_200_000_000) == 686
    assert permille_of(1, 0) is None
    # More came than were planned.
    assert permille_of(1_600, 1_000) == 1_600


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_is_within_half_a_thousandth(part: int, whole: int) -> None:
    found = permille_of(part, whole)
    assert found is not None
    assert abs(part * 1000 - found * whole) * 2 <= whole


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), ("05", "02", "2026")),
        (date(2026, 6, 29), ("29", "6", "2026")),
        (date(2026, 11, 24), ("24", "11", "2026")),
        (None, ("…", "…", "…")),
    ],
)
def test_days_as_decree_30_writes_them(day: date | None, words: tuple[str, str, str]) -> None:
    assert day_in_words(day) == words


@given(st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_widths_fill_the_page_and_no_more(shares: list[int]) -> None:
    columns = tuple(Column(str(at), "count", share) for at, share in enumerate(shares))
    widths = Table("t", "T", "T", columns, ()).widths
    assert sum(widths) == 1000
    assert min(widths) >= 0


def test_a_row_has_a_cell_for_every_column() -> None:
    columns = (Column("A"), Column("B", "dong"))
    assert row_of(columns, ("a", 5)) == (Cell("a"), Cell(5, "dong"))
    with pytest.raises(ValueError, match="shorter"):
        row_of(columns, ("a",))


def test_what_was_published_is_said_and_the_difference_known() -> None:
    assert KeyFigure("visits", 5).said == 5
    assert KeyFigure("visits", 5, 4).said == 4
    assert KeyFigure("visits", 5, 4).difference == 1
    assert KeyFigure("visits", 5, 5).difference is None
    assert KeyFigure("visits", None, 4).difference is None
    assert KeyFigure("visits", 5).difference is None


def test_every_table_is_in_the_files_once_and_the_key_figures_first(app: Flask) -> None:
    made = report(app)
    codes = [one.code for one in made.tables]
    assert codes[0] == "key_figures"
    assert len(codes) == len(set(codes))
    assert {"visitors_days", "sales_days", "comparison", "booths", "products", "completeness", "sheets"} <= set(codes)
    assert set(made.plots) == {"visitors_plot", "sales_plot", "growth_plot", "localities_plot", "heat_plot"}
