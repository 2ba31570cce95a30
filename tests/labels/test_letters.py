from __future__ import annotations

import subprocess

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.labels.letters import SLACK, UNKNOWN, WIDTHS, Box, balanced, break_lines, fit, width_of
from tests.labels.goods import demo_goods

BOX = Box(0, 0, 46_000, 8_300, (100, 90, 80, 70, 60), lines=2, bold=True)
POINT_UM = 25_400 / 72


def font(*, bold: bool) -> TTFont:
    """The font that the printer uses, as fontconfig finds it."""
    wish = f"Noto Sans:style={'Bold' if bold else 'Regular'}"
    path = subprocess.run(["fc-match", "-f", "%{file}", wish], capture_output=True, check=True, text=True).stdout
    return TTFont(path)


@pytest.mark.parametrize("bold", [True, False])
def test_widths_are_those_of_the_font(bold: bool) -> None:
    read = font(bold=bold)
    letters, advances, unit = read.getBestCmap(), read["hmtx"], read["head"].unitsPerEm
    own = {letter: advances[letters[ord(letter)]][0] * 1000 // unit for letter in WIDTHS[bold]}
    assert own == WIDTHS[bold]


@pytest.mark.parametrize("bold", [True, False])
def test_vietnamese_letters_are_as_wide_as_the_font_has_them(bold: bool) -> None:
    """Every letter with its marks, composed as text is stored."""
    read = font(bold=bold)
    letters, advances, unit = read.getBestCmap(), read["hmtx"], read["head"].unitsPerEm
    vietnamese = [
        chr(code) for code in (*range(0x1EA0, 0x1EFA), *map(ord, "àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ"))
    ]
    wrong = [
        letter
        for letter in vietnamese
        if width_of(letter, bold=bold) != advances[letters[ord(letter)]][0] * 1000 // unit
    ]
    assert wrong == []


def test_a_letter_of_another_script_is_taken_for_wide() -> None:
    assert width_of("茶", bold=True) == UNKNOWN
    assert width_of("茶a", bold=True) == UNKNOWN + WIDTHS[True]["a"]


def test_a_short_text_takes_the_largest_size_and_one_line() -> None:
    found = fit(["Mật ong"], BOX)
    assert (found.lines, found.size, found.cut) == (("Mật ong",), 100, False)


def test_a_longer_text_takes_two_lines_before_it_shrinks() -> None:
    found = fit(["Thịt sấy hương vị truyền thống"], BOX)
    assert len(found.lines) == 2
    assert " ".join(found.lines) == "Thịt sấy hương vị truyền thống"
    assert fit(["Thịt sấy hương vị truyền thống miền núi Tây Bắc loại một"], BOX).size < found.size


def test_what_fits_nowhere_is_cut_so_that_one_sees_it() -> None:
    found = fit(["Rượu ngô " * 30], BOX)
    assert found.cut
    assert found.size == BOX.sizes[-1]
    assert len(found.lines) == 2
    assert found.lines[-1].endswith("…")
    assert "Rượu ngô Rượu" in found.lines[0]


def test_a_word_wider_than_the_box_is_broken_only_when_it_must_be() -> None:
    word = "Ư" * 200
    found = fit([word], BOX)
    assert found.cut
    assert word.startswith(found.lines[0])
    assert len(found.lines[0]) > 5


def test_a_shorter_way_to_say_it_comes_before_cutting() -> None:
    long, short = "Hợp tác xã " * 20, "HTX Pa Ủ"
    found = fit([long, short], BOX)
    assert (found.lines, found.cut) == ((short,), False)


def test_lines_are_of_like_width() -> None:
    room = width_of("Du lịch cộng đồng bản Lao Chải", bold=True)
    text = "Du lịch cộng đồng bản Lao Chải 1"
    lines = break_lines(text, room, bold=True)
    assert lines == ["Du lịch cộng đồng bản Lao Chải", "1"]
    even = balanced(text, lines, bold=True)
    assert len(even) == 2
    assert " ".join(even) == text
    assert even[1] != "1"


def test_an_empty_text_is_one_empty_line() -> None:
    assert fit([""], BOX).lines == ("",)


@given(st.lists(st.text("abưƯ ếM1,", min_size=1, max_size=20), min_size=1, max_size=12).map(" ".join))
def test_whatever_is_set_stays_inside_the_box(text: str) -> None:
    found = fit([text], BOX)
    assert len(found.lines) * found.size / 10 * POINT_UM * BOX.leading / 100 <= BOX.height
    for line in found.lines:
        assert width_of(line, bold=True) / 1000 * found.size / 10 * POINT_UM <= BOX.width * SLACK / 1000 + 1
    if not found.cut:
        assert "".join(found.lines).replace(" ", "") == text.replace(" ", "")


def test_the_names_of_the_demo_fair_fit() -> None:
    assert [one.name for one in demo_goods() if fit([one.name], BOX).cut] == []
