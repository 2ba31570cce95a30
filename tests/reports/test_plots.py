"""Plots on screen and on a black and white printer: the table's words, every time the same bytes, from zero, told apart without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from fair_pos.reports.charts import Bar, Words, bars_svg
from fair_pos.reports.plots import (
    FIRST_BARS,
    MOST_BARS,
    DayWords,
    HourMark,
    Mark,
    Point,
    cumulative_plot,
    day_plot,
    rows_plot,
    rows_size,
    shortened,
)

WORDS = Words("Thực thu", "▨ Trả lại", "Chưa có phiếu")
DAY_WORDS = DayWords(WORDS, "Lượt vào", "○ thiếu cổng", "▒ chưa gửi hết")
BARS = (
    Bar("Thực phẩm", 52_000_000, 0),
    Bar("Đồ uống", 31_000_000, 4_000_000),
    Bar("Sinh vật cảnh", -1_000_000, 3_000_000),
)
HOURS = (
    HourMark("8h", 5_000_000, 0, 410, True),
    HourMark("9h", 2_000_000, 500_000, 150, False),
    HourMark("10h", 7_500_000, 0, None, False),
    HourMark("11h", 0, 0, 1_230, True),
)
MARKS = (Mark(30, "08:30 Khai mạc"), Mark(200, "11:20 Phát trực tiếp"), Mark(900, "23:00 ngoài khung"))
POINTS = tuple(Point(f"{day}/11", day * 10_000_000) for day in range(1, 31))

DRAWINGS: list[Callable[..., bytes]] = [
    lambda **how: rows_plot(BARS, WORDS, **how),
    lambda **how: day_plot(HOURS, MARKS, 2, DAY_WORDS, **how),
    lambda **how: cumulative_plot(POINTS, WORDS, **how),
]


def words_of(drawn: bytes) -> list[str]:
    return [node.text or "" for node in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("draw", DRAWINGS, ids=("rows", "day", "growth"))
def test_the_same_every_time_and_nothing_a_page_may_not_load(draw: Callable[..., bytes], narrow: bool) -> None:
    first = draw(narrow=narrow)
    for plot in (rows_plot, day_plot, cumulative_plot):
        plot.cache_clear()
    assert draw(narrow=narrow) == first
    assert b"<script" not in first
    assert b"<image" not in first
    assert draw(narrow=narrow, form="png")[:4] == b"\x89PNG"


def test_rows_hold_names_and_amounts() -> None:
    for narrow in (False, True):
        words = words_of(rows_plot(BARS, WORDS, narrow=narrow))
        assert {"Thực phẩm", "52 tr", "Đồ uống", "31 tr", "Sinh vật cảnh", "−1 tr", "Thực thu", "▨ Trả lại"} <= set(
            words
        )
    many = tuple(Bar(f"Dòng {number}", 1000 * (50 - number), 0) for number in range(40))
    words = words_of(rows_plot(many, WORDS))
    assert sum(word.startswith("Dòng") for word in words) == FIRST_BARS
    assert sum(word.startswith("Dòng") for word in words_of(rows_plot(many[:MOST_BARS], WORDS))) == MOST_BARS
    assert "▨ Trả lại" not in words  # nothing was
    assert rows_size(40, narrow=False) == rows_size(FIRST_BARS, narrow=False)
    assert rows_size(1, narrow=True)[1] < rows_size(2, narrow=True)[1]
    assert words_of(rows_plot((), WORDS)) == ["Chưa có phiếu"]


def test_a_long_name_is_shortened_at_a_letter() -> None:
    assert shortened("Hợp tác xã nông nghiệp Mường Tè", 16) == "Hợp tác xã nông…"
    assert shortened("Hợp tác xã", 10) == "Hợp tác xã"


def test_a_day_holds_visitors_sales_programme_and_what_is_late() -> None:
    words = words_of(day_plot(HOURS, MARKS, 2, DAY_WORDS))
    for word in (
        "410",
        "150",
        "1.230",
        "5 tr",
        "7,5 tr",
        "08:30 Khai mạc",
        "11:20 Phát trực tiếp",
        "▒ chưa gửi hết",
        "Lượt vào (○ thiếu cổng)",
    ):
        assert word in words, (word, words)
    assert "23:00 ngoài khung" not in words  # it is in the list below
    narrow = words_of(day_plot(HOURS, MARKS, 2, DAY_WORDS, narrow=True))
    assert {"1", "2", "1.230"} <= set(narrow)
    assert "150" not in narrow
    nothing_late = words_of(day_plot(HOURS[:1], (), None, DAY_WORDS))
    assert "▒ chưa gửi hết" not in nothing_late
    assert "Lượt vào" in nothing_late
    assert "▒ chưa gửi hết" not in words_of(day_plot(HOURS, (), 4, DAY_WORDS))  # begins after the last hour
    assert "Chưa có phiếu" in words_of(day_plot((HourMark("8h", 0, 0, 5, True),), (), None, DAY_WORDS))


def test_growth_says_its_last_sum() -> None:
    for narrow in (False, True):
        words = words_of(cumulative_plot(POINTS, WORDS, narrow=narrow))
        assert "300 tr" in words
        assert "30/11" in words
    assert words_of(cumulative_plot((), WORDS)) == ["Chưa có phiếu"]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_day_of_the_growth_stands_below_its_bar(narrow: bool) -> None:
    """One day stands above the other on the page: «21/11» twice at different places would be read as two days."""

    def places(svg: bytes) -> list[float]:
        return [float(one) for one in re.findall(r'x="([0-9.]+)"[^>]*>2[1-4]/11<', svg.decode())]

    days = ("21/11", "22/11", "23/11", "24/11")
    bars = bars_svg(tuple(Bar(one, 5_000_000, 0) for one in days), WORDS, narrow=narrow)
    growth = cumulative_plot(tuple(Point(one, 5_000_000) for one in days), WORDS, narrow=narrow)
    assert len(places(bars)) == len(days)
    assert places(growth) == places(bars)


# --- without colour -----------------------------------------------------------------------------------------------------


def lightness(ink: str) -> int:
    red, green, blue = (int(ink[place : place + 2], 16) for place in (1, 3, 5))
    return (299 * red + 587 * green + 114 * blue) // 1000


def fills_of(drawn: bytes) -> set[str]:
    """Every way in which an area of the plot is filled: an ink, or «hatch» for a pattern; white paper behind words left out."""
    found = set()
    root = ET.fromstring(drawn)
    patterns = {node for defs in root.iter("{http://www.w3.org/2000/svg}defs") for node in defs.iter()}
    for node in root.iter("{http://www.w3.org/2000/svg}path"):
        if node in patterns:
            continue
        style = node.get("style", "")
        fill = re.search(r"fill: (#[0-9a-f]{6}|url)", style)
        if fill and "opacity: 0." not in style and fill[1] != "#ffffff":
            found.add("hatch" if fill[1] == "url" else fill[1])
    return found


@pytest.mark.parametrize("draw", DRAWINGS, ids=("rows", "day", "growth"))
def test_neighbouring_fills_differ_in_lightness_or_hatching(draw: Callable[..., bytes]) -> None:
    inks = sorted(lightness(one) for one in fills_of(draw()) if one != "hatch")
    assert len(inks) <= 3
    assert all(later - earlier >= 40 for earlier, later in pairwise(inks)), inks


def test_what_was_given_back_and_what_is_late_are_hatched() -> None:
    assert "hatch" in fills_of(rows_plot(BARS, WORDS))
    assert "hatch" not in fills_of(rows_plot(BARS[:1], WORDS))
    without = day_plot(HOURS[:1], (), None, DAY_WORDS)
    assert "hatch" not in fills_of(without)
    assert "hatch" in fills_of(day_plot(HOURS[:1], (), 0, DAY_WORDS))


def greys(drawn: bytes) -> Any:
    from io import BytesIO

    from PIL import Image

    return Image.open(BytesIO(drawn)).convert("L")


def test_on_grey_paper_a_bar_stands_out_and_hatching_is_lighter_than_it() -> None:
    """The picture itself, turned grey: the kept part is dark, what was given back is neither dark nor blank."""
    picture = greys(rows_plot((Bar("x", 500, 500),), WORDS, form="png"))
    width, height = picture.size
    middle = height * 5 // 8
    start = end = at = 0
    for is_dark, run in groupby(picture.getpixel((x, middle)) < 100 for x in range(width)):
        length = len(list(run))
        if is_dark and length > end - start:
            start, end = at, at + length
        at += length
    assert end - start > width // 4

    def mean(left: int, right: int) -> int:
        part = picture.crop((left, middle - 20, right, middle + 20))
        return int(sum(index * count for index, count in enumerate(part.histogram())) // (40 * (right - left)))

    kept, back = mean(start + 9, end - 9), mean(end + 9, end + (end - start) // 2)
    assert kept < 90
    assert 150 < back < 250
