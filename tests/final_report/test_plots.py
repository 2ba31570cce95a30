from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from fair_pos.final_report import plots
from fair_pos.final_report.rules import Bars, Growth, Heat, Lying
from tests.final_report.samples import SECOND, badge, day_facts, facts, figure_tables, heat, money


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_plots_hold_the_figures_of_their_tables() -> None:
    some = facts(days=(day_facts(), day_facts(SECOND, money=money(5), badge=badge(sheet=None, complete=1))))
    visits, sales, growth = plots.visitors_plot(some), plots.sales_plot(some), plots.growth_plot(some)
    assert isinstance(visits.picture, Bars)
    assert [(bar.label, bar.value, bar.mark) for bar in visits.picture.bars] == [
        ("20/11", 1_600, 1_000),
        ("21/11", 1_600, 1_000),
    ]
    assert isinstance(sales.picture, Bars)
    assert [(bar.value, bar.more, bar.provisional) for bar in sales.picture.bars] == [
        (900_000, 100_000, False),
        (5, 100_000, True),
    ]
    assert isinstance(growth.picture, Growth)
    assert [point.dong for point in growth.picture.points] == [900_000, 900_005]
    assert "20/11/2026: 900.000" in sales.alt
    assert "21/11/2026: 900.005" in growth.alt


def test_places_and_booths() -> None:
    tables = figure_tables(names=("Lai Châu", "Điện Biên"))
    places = plots.localities_plot(tables["localities"])
    assert isinstance(places.picture, Lying)
    assert [bar.label for bar in places.picture.bars] == ["Lai Châu", "Điện Biên"]
    plan = plots.heat_plot(heat("A01", "A02"))
    assert isinstance(plan.picture, Heat)
    assert [cell.code for cell in plan.picture.cells] == ["A01", "A02"]
    assert "A01 · Gian: 900.000" in plan.alt


def test_without_days_the_words_say_so() -> None:
    assert "Không có số liệu" in plots.sales_plot(facts(days=())).alt


def test_a_long_list_of_figures_ends() -> None:
    many = figure_tables(names=tuple(f"Tỉnh {at}" for at in range(40)))
    alt = plots.localities_plot(many["localities"]).alt
    assert alt.count("Tỉnh") == plots.MOST_SAID
    assert alt.endswith("…")
