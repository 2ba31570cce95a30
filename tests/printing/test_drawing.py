"""Letters as dots: the reference picture, wrapping, and a QR code that a decoder reads from the paper."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from fair_pos.kernel.text import sort_key
from fair_pos.printing.drawing import SAMPLE, Boxed, Code, Gap, Pair, Part, Rule, Text, draw, length, wrapped

REFERENCE = Path(__file__).parent / "dac_san_pa_u.png"
"""SAMPLE in the four faces of the paper, 384 dots wide. Looked at by a person; a new one is made only for another font or Pillow."""
FACES: list[Part] = [Text(SAMPLE, 24, bold=True), Text(SAMPLE, 22), Text(SAMPLE, 20), Pair(SAMPLE, "21.850 ₫", 20)]


def ink(picture: Image.Image) -> int:
    return picture.convert("L").histogram()[0]


def test_the_sample_equals_its_reference_picture_dot_by_dot() -> None:
    with Image.open(REFERENCE) as kept:
        reference = kept.convert("1")
    drawn = draw(FACES, 384)
    assert drawn.size == reference.size
    assert ImageChops.logical_xor(drawn, reference).getbbox() is None


@pytest.mark.parametrize(
    "other", ["Đặc sản Pa U – Ưu đãi 5 %", "Đặc sàn Pa Ủ – Ưu đãi 5 %", "Dặc sản Pa Ủ – Ưu đãi 5 %"]
)
def test_a_missing_mark_is_noticed_by_that_comparison(other: str) -> None:
    with Image.open(REFERENCE) as kept:
        reference = kept.convert("1")
    drawn = draw([Text(other, 24, bold=True), *FACES[1:]], 384)
    assert drawn.size == reference.size
    assert ImageChops.logical_xor(drawn, reference).getbbox() is not None


def test_letters_and_marks_apart_come_out_as_one() -> None:
    apart, together = "Pa U\u0309 – U\u031bu đa\u0303i", "Pa Ủ – Ưu đãi"
    assert draw([Text(apart)], 384).tobytes() == draw([Text(together)], 384).tobytes()


@pytest.mark.parametrize("bold", [False, True])
def test_every_vietnamese_letter_has_a_shape_of_its_own(bold: bool) -> None:
    wanted = set("AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴ₫–−×·")
    shapes: dict[bytes, str] = {}
    for letter in sorted(wanted | {one.lower() for one in wanted}, key=sort_key):
        shape = draw([Text(letter, 24, bold=bold)], 48).tobytes()
        assert shapes.setdefault(shape, letter) == letter, f"{letter} looks like {shapes[shape]}"


def test_marks_of_one_line_reach_into_the_line_above_and_are_whole() -> None:
    tall = draw([Text("ẴỂỖ", 24)], 384)
    below = draw([Text("agy", 24), Text("ẴỂỖ", 24)], 384)
    assert ink(below) == ink(draw([Text("agy", 24)], 384)) + ink(tall)


TEXTS = st.text(st.sampled_from("Đặc sản Pa Ủ – Ưu đãi 5 % Xxỹ₫1.234\u00a0"), max_size=120)


@given(TEXTS, st.sampled_from([20, 24, 36]), st.booleans(), st.sampled_from([384, 576]))
def test_no_line_is_wider_than_the_paper_and_no_letter_is_lost(text: str, size: int, bold: bool, width: int) -> None:
    lines = wrapped(text, size, bold=bold, width=width)
    assert all(length(line, size, bold=bold) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("mark", ["\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028"])
def test_a_mark_that_would_begin_a_line_loses_no_word(mark: str) -> None:
    assert draw([Text(f"Mật{mark}ong")], 384).tobytes() == draw([Text("Mật ong")], 384).tobytes()


def test_a_number_is_not_torn_from_its_sign() -> None:
    lines = wrapped("tổng cộng là 1.234.567\u00a0₫", 24, bold=False, width=200)
    assert lines[-1].endswith("1.234.567\u00a0₫")


def test_an_amount_stands_beside_its_words_or_below_them_and_never_on_them() -> None:
    beside, below = (
        draw([Pair("Tiền mặt", "21.850 ₫")], 384),
        draw([Pair("Đặc sản Pa Ủ – Ưu đãi 5 %", "2.121.850 ₫")], 384),
    )
    assert below.height > 1.8 * beside.height
    words, amount = draw([Text("Đặc sản Pa Ủ – Ưu đãi 5 %")], 384), draw([Pair("", "2.121.850 ₫")], 384)
    assert ink(below) == ink(words) + ink(amount)


@pytest.mark.parametrize("width", [384, 576])
def test_a_code_is_read_from_the_paper(width: int) -> None:
    url = "https://ban.ocoplaichau.example/r/AAAAAAAAAAAAAAAAAAAAAA"
    paper = draw([Text("Phiếu"), Code(url), Gap(8)], width)
    assert [one.text for one in zxingcpp.read_barcodes(paper.convert("L"))] == [url]


def test_the_longest_address_still_fits_the_narrow_paper() -> None:
    url = "https://" + "a" * 89 + "/r/AAAAAAAAAAAAAAAAAAAAAA"
    assert len(url) > 115
    assert [one.text for one in zxingcpp.read_barcodes(draw([Code(url)], 384).convert("L"))] == [url]


def test_what_nobody_may_overlook_is_white_on_black() -> None:
    paper = draw([Boxed("BẢN SAO 2")], 384)
    assert ink(paper) > paper.width * paper.height / 2
    assert paper.getpixel((0, 0)) == 0


def test_lines_go_from_edge_to_edge() -> None:
    solid, dotted = draw([Rule(solid=True)], 384), draw([Rule()], 384)
    assert ink(solid) == 2 * 384
    assert 0 < ink(dotted) < ink(solid)


def test_paper_is_as_long_as_its_parts() -> None:
    assert draw([], 384).size == (384, 1)
    assert draw([Gap(10), Gap(6)], 384).size == (384, 16)
