"""The bytes of a job, compared with what a printer makes of them."""

from __future__ import annotations

import pytest
from PIL import Image

from fair_pos.printing.drawing import Text, draw
from fair_pos.printing.escpos import BAND_ROWS, CUT, WAKE, to_bytes
from tests.printing.roll import Garbage, read_papers


def test_a_picture_of_one_dot_is_these_bytes() -> None:
    paper = Image.new("1", (8, 1), 1)
    paper.putpixel((0, 0), 0)
    assert to_bytes(paper) == b"\x1b@" + b"\x1dv0\x00\x01\x00\x01\x00\x80" + b"\x1bd\x04" + b"\x1dV\x42\x00"


@pytest.mark.parametrize("rows", [1, BAND_ROWS - 1, BAND_ROWS, BAND_ROWS + 1, 3 * BAND_ROWS + 5])
def test_the_printer_burns_the_very_picture_however_long(rows: int) -> None:
    paper = Image.effect_noise((384, rows), 90).convert("1")
    (burnt,) = read_papers(to_bytes(paper))
    assert burnt.size == paper.size
    assert burnt.tobytes() == paper.tobytes()


def test_bands_are_small_enough_for_cheap_printers() -> None:
    job = to_bytes(draw([Text("Đặc sản " * 200)], 576))
    bands = job.split(b"\x1dv0\x00")[1:]
    assert len(bands) > 3
    assert max(map(len, bands)) < 10_000


def test_nothing_of_a_job_that_broke_off_reaches_the_next() -> None:
    job = to_bytes(draw([Text("Phiếu")], 384))
    assert job.startswith(WAKE)
    assert job.endswith(CUT)
    assert read_papers(job[:100]) == []


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_greys_are_no_dots(mode: str) -> None:
    with pytest.raises(ValueError, match="one bit"):
        to_bytes(Image.new(mode, (8, 1)))


def test_half_bytes_are_no_row() -> None:
    with pytest.raises(ValueError, match="whole bytes"):
        to_bytes(Image.new("1", (12, 1)))


def test_the_listening_printer_would_notice_anything_else() -> None:
    with pytest.raises(Garbage):
        read_papers(b"\x1b@Phieu ban hang")
