"""The heat map for paper: one hue that is told apart in grey too, the number in every cell, a pattern for no data."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from fair_pos.reports.heat import SHADES, HeatCell, HeatWords, ZoneLabel, heat_svg, is_small

WORDS = HeatWords("Thực thu, triệu đồng", "Chưa có phiếu nào", "Chưa xếp gian nào")
CELLS = (
    HeatCell(20, 35, 30, 30, "A01", "12,3", 5),
    HeatCell(50, 35, 30, 30, "A02", "0", 0),
    HeatCell(80, 35, 30, 30, "A03", "\N{EN DASH}", None),
    HeatCell(110, 35, 15, 15, "A04", "7", 3),
)
SIZE = (160, 100)
SVG = "{http://www.w3.org/2000/svg}"


def texts(image: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(image).iter(f"{SVG}text")]


def test_every_cell_has_its_code_and_its_number() -> None:
    found = texts(heat_svg(CELLS, WORDS, SIZE, (ZoneLabel("Tây Bắc", 20, 35),)))
    assert {"A01", "12,3", "A02", "0", "A03", "\N{EN DASH}", "A04", "Tây Bắc", "Thực thu, triệu đồng"} <= set(found)
    assert "▨ Chưa có phiếu nào" in found


def test_a_small_cell_has_its_code_only() -> None:
    assert "7" not in texts(heat_svg(CELLS, WORDS, SIZE))
    assert [is_small(*side) for side in ((25, 20), (24, 20), (25, 19))] == [False, True, True]


def test_no_data_is_a_pattern_and_nothing_is_white() -> None:
    image = heat_svg(CELLS, WORDS, SIZE).decode()
    assert image.count("<pattern") == 1
    without = heat_svg(CELLS[:2], WORDS, SIZE)
    assert b"<pattern" not in without
    assert "▨ Chưa có phiếu nào" not in texts(without)


def lightness(colour: str) -> int:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 299 * red + 587 * green + 114 * blue


def contrast(colour: str, letters: str) -> float:
    def light(hex_colour: str) -> float:
        parts = [int(hex_colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(colour), light(letters)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_shades_are_told_apart_in_grey_and_their_numbers_are_read() -> None:
    greys = [lightness(shade) for shade in SHADES]
    assert all(before - after > 20_000 for before, after in pairwise(greys))
    for level, shade in enumerate(SHADES):
        assert contrast(shade, "#ffffff" if level >= 4 else "#1b1b18") >= 4.5, shade


def test_a_plan_without_booths_says_so() -> None:
    assert texts(heat_svg((), WORDS, SIZE)) == ["Chưa xếp gian nào"]


def test_the_same_map_as_png() -> None:
    image = heat_svg(CELLS, WORDS, SIZE, form="png")
    assert image.startswith(b"\x89PNG")
    assert len(image) > 10_000


@pytest.mark.parametrize("size", [(100, 10_000), (10_000, 100), (1, 1)])
def test_a_plan_of_any_shape_is_drawn(size: tuple[int, int]) -> None:
    root = ET.fromstring(heat_svg(CELLS, WORDS, size))
    assert float(root.attrib["width"].removesuffix("pt")) > 0
