from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from fair_pos.final_report import plots
from fair_pos.final_report.facts import Plan
from fair_pos.final_report.rules import Bars, Growth, Heat, Lying
from tests.final_report.samples import SECOND, badge, day_facts, facts, figure_tables, money


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
    heat = plots.heat_plot(facts(), tables["booths"])
    assert heat is not None
    assert isinstance(heat.picture, Heat)
    (cell,) = heat.picture.cells
    assert (cell.code, cell.text, cell.level) == ("A01", "1.800", 5)
    assert (heat.picture.zones[0].name, heat.picture.size) == ("Khu A", (200, 100))


def test_a_booth_without_receipts_is_no_zero() -> None:
    booths = replace(figure_tables()["booths"], figures=[])
    heat = plots.heat_plot(facts(), booths)
    assert heat is not None
    assert isinstance(heat.picture, Heat)
    assert heat.picture.cells[0].level is None


def test_without_a_plan_there_is_no_map_and_without_days_the_words_say_so() -> None:
    assert plots.heat_plot(facts(plan=Plan(1, 1, ())), figure_tables()["booths"]) is None
    assert "Không có số liệu" in plots.sales_plot(facts(days=())).alt


def test_a_long_list_of_figures_ends() -> None:
    many = figure_tables(names=tuple(f"Tỉnh {at}" for at in range(40)))
    alt = plots.localities_plot(many["localities"]).alt
    assert alt.count("Tỉnh") == plots.MOST_SAID
    assert alt.endswith("…")
