from __future__ import annotations

import io
import re
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
import qrcode
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from fair_pos.plumbing.qr import QUIET_MODULES, modules_png, qr_modules, qr_side, qr_svg

URL = "https://fair.example/r/AAAAAAAAAAAAAAAAAAAAAA"


def modules_of(svg: str) -> list[list[bool]]:
    """The code as drawn, read back from the bars of its path."""
    root = ET.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    drawn = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", root[1].attrib["d"]):
        for column in range(int(x), int(x) + int(width)):
            drawn[int(y)][column] = True
    return drawn


@pytest.mark.parametrize("text", [URL, "x", "https://hội-chợ.example/r/" + "Z" * 64])
def test_every_module_is_drawn_where_the_code_has_it(text: str) -> None:
    code = qrcode.QRCode(border=QUIET_MODULES, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    assert modules_of(qr_svg(text)) == code.get_matrix()


def test_quiet_zone_is_four_modules_on_every_side() -> None:
    drawn = modules_of(qr_svg(URL))
    for edge in (drawn[:4], drawn[-4:], [row[:4] for row in drawn], [row[-4:] for row in drawn]):
        assert not any(any(row) for row in edge)
    assert any(drawn[4])


def test_text_is_nowhere_in_the_markup() -> None:
    """It is drawn, not written, so nothing in it can become markup."""
    assert "<script" not in qr_svg("<script>alert(1)</script>")


def test_a_receipt_code_is_light() -> None:
    assert len(qr_svg(URL)) < 4000


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid version"):
        qr_svg("x" * 3000)


@pytest.mark.parametrize("text", [URL, "x", "https://hội-chợ.example/r/" + "Z" * 64])
@pytest.mark.parametrize("correction", ["L", "M"])
def test_the_picture_holds_one_pixel_a_module_and_reads(text: str, correction: Literal["L", "M"]) -> None:
    rows = qr_modules(text, correction)
    picture = Image.open(io.BytesIO(modules_png(rows)))
    side = len(rows)
    assert side == qr_side(text, correction)
    assert picture.size == (side, side)
    assert picture.mode == "1"
    assert [[picture.getpixel((x, y)) == 0 for x in range(side)] for y in range(side)] == rows
    (read,) = zxingcpp.read_barcodes(picture.resize((side * 4, side * 4)).convert("L"))
    assert read.text == text
    assert read.ec_level == correction


def test_less_correction_makes_fewer_modules() -> None:
    longer = f"{URL}/va-them-nua"
    assert len(qr_modules(longer, "L")) < len(qr_modules(longer, "M"))
    assert len(qr_modules(longer)) == len(qr_modules(longer, "M"))
