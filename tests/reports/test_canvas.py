"""The drawing board of all plots: words, bytes, both forms, and that a bare machine has the letters."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from fair_pos.kernel.text import slug
from fair_pos.reports.canvas import BACK, INK, KEPT, PALE, SOFT, Form, rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"


def draw(axes: Axes) -> None:
    axes.bar([0, 1], [3, 5], color=[KEPT, PALE])
    axes.set_title(f"{LETTERS} {LETTERS.upper()} ▨ – « »")


def test_words_stay_words_and_bytes_stay_the_same() -> None:
    first = rendered(draw, 640, 320)
    assert rendered(draw, 640, 320) == first
    root = ET.fromstring(first)
    assert LETTERS in "".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert b"<script" not in first
    assert b"<image" not in first
    assert b"Be Vietnam Pro" in first


def test_a_name_with_dollar_signs_is_a_name() -> None:
    def signs(axes: Axes) -> None:
        axes.set_title("Khu $\\frac{$ và $A$")

    root = ET.fromstring(rendered(signs, 640, 320))
    written = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Khu $\\frac{$ và $A$" in written


@pytest.mark.filterwarnings("ignore:Glyph .* missing from")
def test_letters_that_no_xml_holds_are_left_out_and_stop_no_plot() -> None:
    """«Khu\\x02 A» is what copying a hyphen out of a PDF leaves behind."""

    def pasted(axes: Axes) -> None:
        axes.set_title("Khu\x02 A\x1b\ufffe và <B> & 😀")

    root = ET.fromstring(rendered(pasted, 640, 320))
    written = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Khu A và <B> & 😀" in written


def test_a_png_has_two_hundred_dots_an_inch_and_the_same_bytes() -> None:
    first = rendered(draw, 640, 320, "png")
    assert rendered(draw, 640, 320, "png") == first
    assert struct.unpack(">II", first[16:24]) == (1280, 640)
    dots = first.index(b"pHYs")
    assert struct.unpack(">II", first[dots + 4 : dots + 12])[0] == pytest.approx(200 / 0.0254, abs=1)


@pytest.mark.filterwarnings("error:Glyph .* missing from")
@pytest.mark.parametrize("form", ["svg", "png"])
def test_no_letter_is_missing_from_the_font_that_comes_along(form: Form) -> None:
    from matplotlib import get_data_path
    from matplotlib.font_manager import findfont

    assert findfont("DejaVu Sans", fallback_to_default=False).startswith(get_data_path())
    assert rendered(draw, 640, 320, form)
    assert slug(LETTERS)  # every one of them is a letter to the rest of the program as well


def test_the_inks_differ_in_lightness_on_a_black_and_white_printer() -> None:
    def lightness(ink: str) -> float:
        red, green, blue = (int(ink[place : place + 2], 16) for place in (1, 3, 5))
        return (299 * red + 587 * green + 114 * blue) / 1000

    fills = sorted(map(lightness, (KEPT, BACK, PALE)))
    assert all(later - earlier >= 40 for earlier, later in pairwise(fills))
    assert max(lightness(INK), lightness(SOFT)) < 90


def test_an_error_in_a_drawing_does_not_stop_the_next() -> None:
    def broken(axes: Axes) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rendered(broken, 100, 100)
    assert rendered(draw, 100, 100)
