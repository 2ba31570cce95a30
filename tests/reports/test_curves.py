"""Lines of editions: each told apart without colour, named at its end, and the same bytes for the same figures."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from fair_pos.reports.canvas import KEPT
from fair_pos.reports.curves import _STYLES, MOST_LINES, Curve, CurveWords, _apart, curves_svg, styles_of

WORDS = CurveWords("Thực thu cộng dồn", "Ngày {}", "Chưa có")
TWO = (
    Curve("2023", (900, 2_000_000, 3_000_000), 1),
    Curve("2024", (1_000_000, 2_500_000, None, 4_000_000, 6_800_000_000)),
)


def texts(svg: bytes) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_every_line_has_its_name_and_last_value_and_days_are_numbered() -> None:
    found = texts(curves_svg(TWO, WORDS))
    assert {"2023: 3 tr", "2024: 6,8 tỷ", "Ngày 1", "Ngày 5", "Thực thu cộng dồn"} <= set(found)


def test_styles_differ_without_colour() -> None:
    assert len({(str(dashes), mark) for _, _, dashes, mark, _ in _STYLES}) == len(_STYLES) == MOST_LINES


def test_the_edition_that_is_looked_at_keeps_the_bold_line_and_ticking_moves_no_other() -> None:
    series = ["2023", "2024", "2025", "2026", "2027"]
    assert styles_of(series, series, "2026") == [4, 3, 2, 0, 1]
    assert styles_of(["2023", "2026"], series, "2026") == [4, 0]
    assert styles_of(["2024", "2025", "2026"], series, "2026") == [3, 2, 0]
    long = [str(year) for year in range(2010, 2024)]
    drawn = ["2010", "2012", "2017", "2018", "2022", "2023"]
    styles = styles_of(drawn, long, "2012")
    assert sorted(styles) == list(range(MOST_LINES))
    assert (styles[1], styles[5]) == (0, 1)
    solid = curves_svg((Curve("2026", (1, 2), 0), Curve("2027", (), 1)), WORDS).decode()
    assert f"stroke: {KEPT}; stroke-width: 2.6" in solid


@pytest.mark.parametrize("curves", [(), (Curve("2023", (None, None)),)])
def test_nothing_known_is_said(curves: tuple[Curve, ...]) -> None:
    assert "Chưa có" in texts(curves_svg(curves, WORDS))


def test_below_zero_and_alone() -> None:
    assert "2024: −5.000" in texts(curves_svg((Curve("2024", (-5_000,)),), WORDS))


def test_visits_are_not_rounded_to_thousands_on_the_axis_or_at_the_end() -> None:
    found = texts(curves_svg((Curve("2023", (405, 981), 1), Curve("2024", (1_200, 1_487))), WORDS))
    assert {"2024: 1.487", "2023: 981", "500", "1.000", "1.500"} <= set(found)
    assert not [one for one in found if one.endswith("k")]


def test_marks_of_the_axis_are_where_they_say() -> None:
    """Every mark of an axis up to any height is exactly its words, so that no two marks read the same."""
    for top in (13, 940, 1_900, 9_600, 15_800, 54_000, 144_000, 1_450_000, 6_200_000, 14_500_000, 1_250_000_000):
        found = [
            one for one in texts(curves_svg((Curve("A", (top,)),), WORDS)) if re.fullmatch(r"[\d.,]+(k| tr| tỷ)?", one)
        ]
        sizes = {"k": 1_000, " tr": 10**6, " tỷ": 10**9}
        numbers = []
        for one in found:
            unit = next((unit for unit in sizes if one.endswith(unit)), "")
            numbers.append(float(one.removesuffix(unit).replace(".", "").replace(",", ".")) * sizes.get(unit, 1))
        steps = {round(after - before) for before, after in pairwise(numbers)}
        assert (len(steps), len(found) >= 3) == (1, True), (top, found)


def test_the_same_figures_give_the_same_bytes_and_a_picture_too() -> None:
    svg = curves_svg(TWO, WORDS, narrow=True)
    curves_svg.cache_clear()
    assert curves_svg(TWO, WORDS, narrow=True) == svg
    assert curves_svg(TWO, WORDS, form="png").startswith(b"\x89PNG")
    assert not re.search(rb"<script|href=.http", svg)


def test_names_are_pushed_apart() -> None:
    places = sorted(_apart([10, 10, 10, 11, 90, 91], 5))
    assert all(after - before >= 5 for before, after in pairwise(places))
    assert _apart([1, 50], 5) == [1, 50]
    assert _apart([], 5) == []
