from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image

from fair_pos.final_report.pictures import WIDTH, drawn, pictures_of
from fair_pos.final_report.rules import Bar, Bars, Plot
from tests.final_report.samples import facts, report


def bars(*some: Bar) -> Plot:
    return Plot(
        "p", "P", "p", Bars(some, "Lượt vào", "▨ Trả lại", "▬ Dự kiến", "▤ tạm tính", "Chưa có gì", is_money=False)
    )


def test_every_plot_comes_in_both_forms(app: Flask) -> None:
    made = report(app)
    svg, png = pictures_of(made, "svg"), pictures_of(made, "png")
    assert set(svg) == set(png) == set(made.plots)
    assert all(one.startswith(b"<?xml") for one in svg.values())
    assert Image.open(io.BytesIO(png["sales_plot"])).width == 2 * WIDTH


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
