"""Plots: the same bytes for the same figures, words as words, nothing that a page may not load."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from fair_pos.reports.charts import Bar, Words, bars_svg, short_dong

WORDS = Words("Thực thu", "Trả lại", "Chưa có phiếu")
BARS = (Bar("8h", 12_450_000, 0), Bar("9h", 900_000, 100_000), Bar("10h", -50_000, 50_000))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (950, "950"),
        (1_487, "1.487"),
        (1_500, "1.500"),
        (9_999, "9.999"),
        (10_000, "10k"),
        (84_500, "84,5k"),
        (84_549, "84,5k"),
        (84_550, "84,6k"),
        (999_949, "999,9k"),
        (999_950, "1 tr"),
        (1_450_000, "1,45 tr"),
        (9_994_999, "9,99 tr"),
        (9_995_000, "10 tr"),
        (12_450_000, "12,5 tr"),
        (999_949_999, "999,9 tr"),
        (999_950_000, "1 tỷ"),
        (1_250_000_000, "1,25 tỷ"),
        (54_000, "54k"),
        (-1_487, "−1.487"),
        (-2_000_000, "−2 tr"),
    ],
)
def test_short_amounts(amount: int, text: str) -> None:
    assert short_dong(amount) == text


def test_units_are_those_of_the_reader() -> None:
    assert [short_dong(amount, million="m", billion="bn") for amount in (12_450_000, 10**9)] == ["12,5m", "1bn"]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_plot_is_the_same_every_time_and_holds_its_words(narrow: bool) -> None:
    first = bars_svg(BARS, WORDS, narrow=narrow)
    bars_svg.cache_clear()
    assert bars_svg(BARS, WORDS, narrow=narrow) == first
    texts = [node.text for node in ET.fromstring(first).iter("{http://www.w3.org/2000/svg}text")]
    assert {"8h", "12,5 tr", "Thực thu", "Trả lại"} <= set(texts)
    assert b"<script" not in first
    assert b"<image" not in first


def test_refunds_are_hatched_so_that_black_and_white_tells_them_apart() -> None:
    assert b"<pattern" in bars_svg(BARS, WORDS)
    assert "Trả lại".encode() not in bars_svg((Bar("8h", 1000, 0),), WORDS)


def test_a_plot_of_nothing_says_so() -> None:
    assert "Chưa có phiếu".encode() in bars_svg((), WORDS)
    assert "Chưa có phiếu".encode() in bars_svg((Bar("8h", 0, 0),), WORDS)


def test_the_application_starts_without_matplotlib() -> None:
    program = "import sys, fair_pos.app; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
