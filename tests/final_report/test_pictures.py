from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from PIL import Image

from fair_pos.final_report.pictures import MOST_LABELS, drawn, pictures_of
from fair_pos.final_report.rules import Bar, Bars, Heat, Plot
from fair_pos.reports.heat import HeatCell, HeatWords, ZoneLabel
from fair_pos.reports.plots import PAPER_WIDTH
from tests.final_report.samples import day_facts, facts, report

TEXT_POINTS = 165 / 25.4 * 72
"""How wide the text of an A4 page is: there every plot is put across it."""


def bars(*some: Bar) -> Plot:
    return Plot(
        "p", "P", "p", Bars(some, "Lượt vào", "▨ Trả lại", "▬ Dự kiến", "▤ tạm tính", "Chưa có gì", is_money=False)
    )


def test_every_plot_comes_in_both_forms(app: Flask) -> None:
    made = report(app)
    svg, png = pictures_of(made, "svg"), pictures_of(made, "png")
    assert set(svg) == set(png) == set(made.plots)
    assert all(one.startswith(b"<?xml") for one in svg.values())
    assert Image.open(io.BytesIO(png["sales_plot"])).width == 2 * PAPER_WIDTH


def test_the_words_of_a_plot_are_only_those_it_needs() -> None:
    svg = drawn(bars(Bar("20/11", 5)), "svg").decode()
    assert "Lượt vào" in svg
    assert not any(word in svg for word in ("Trả lại", "Dự kiến", "tạm tính", "Chưa có gì"))
    svg = drawn(bars(Bar("20/11", 5, 2, 7, provisional=True)), "svg").decode()
    assert all(word in svg for word in ("Trả lại", "Dự kiến", "tạm tính"))


@pytest.mark.parametrize("some", [(), (Bar("20/11", 0),)])
def test_nothing_is_said_in_words(some: tuple[Bar, ...]) -> None:
    assert "Chưa có gì" in drawn(bars(*some), "svg").decode()


def test_a_day_with_more_given_back_than_sold_is_drawn_below_zero() -> None:
    assert "−5" in drawn(bars(Bar("20/11", 10), Bar("21/11", -5)), "svg").decode()


def test_the_same_figures_are_the_same_bytes(app: Flask) -> None:
    assert pictures_of(report(app, facts()), "png") == pictures_of(report(app, facts()), "png")


def test_a_year_of_days_keeps_its_labels_apart() -> None:
    svg = drawn(bars(*(Bar(f"{at:03}", at) for at in range(1, 366))), "svg").decode()
    assert ">001<" in svg
    assert ">002<" not in svg
    assert svg.count(">365<") == 1


def smallest_on_paper(svg: bytes) -> float:
    """The smallest letters of a plot, in points, when it is printed across the text."""
    text = svg.decode()
    width = float(re.search(r'viewBox="0 0 ([0-9.]+) ', text)[1])  # type: ignore[index]
    return min(float(size) for size in re.findall(r"font-size: ([0-9.]+)px", text)) * TEXT_POINTS / width


def test_no_letter_is_smaller_than_eight_points_on_paper(app: Flask) -> None:
    for days in ((day_facts(),), tuple(day_facts() for _ in range(60))):
        for code, svg in pictures_of(report(app, facts(days=days)), "svg").items():
            assert smallest_on_paper(svg) >= 8, code
    crowded = bars(*(Bar(f"{at:02}/11", 1_234_567, 5, 7, provisional=True) for at in range(1, MOST_LABELS + 1)))
    assert smallest_on_paper(drawn(crowded, "svg")) >= 8


@pytest.mark.parametrize(("across", "numbers", "codes"), [(8, 24, 24), (30, 0, 24), (200, 0, 0)])
def test_a_map_leaves_out_what_nobody_could_read(across: int, numbers: int, codes: int) -> None:
    """Eight booths across have their number, thirty their code, two hundred their shade."""
    cells = tuple(HeatCell(at % 8 * 30, at // 8 * 30, 30, 30, f"A{at:02}", "12,5", 3) for at in range(24))
    words, size = HeatWords("Thực thu", "Chưa có", "Trống"), (across * 30, 120)
    svg = drawn(Plot("m", "M", "m", Heat(cells, words, size, (ZoneLabel("Khu A", 0, 0),))), "svg")
    assert smallest_on_paper(svg) >= 8
    assert svg.decode().count(">12,5<") == numbers
    assert len(re.findall(r">A\d\d<", svg.decode())) == codes
