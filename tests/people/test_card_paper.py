"""The paper of cards, read back: the name in whole, and a code that a phone reads as the card's address."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from fair_pos.people.card_paper import print_cards

NAMES = [
    "Hợp tác xã Nông nghiệp hữu cơ Ủ Thị Ẳng",
    "Hợp tác xã nông nghiệp, du lịch cộng đồng và dịch vụ tổng hợp Sín Chải, Tả Phìn Hồ, Xã Bum Tở",
    "Lò Thị Mẩy",
    "A",
    "<b>HTX & con</b>",
]


@pytest.fixture
def printed(app: Flask, tmp_path: Path) -> Path:
    with app.test_request_context():
        content = print_cards(
            [(name, f"{number:022}") for number, name in enumerate(NAMES)], "https://hoicho.laichau.vn/"
        )
    path = tmp_path / "cards.pdf"
    path.write_bytes(content)
    return path


def test_four_cards_a_sheet_with_their_names(printed: Path) -> None:
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    sheets = text.split("\f")[:-1]
    assert len(sheets) == 2
    flat = " ".join(
        subprocess.run(["pdftotext", printed, "-"], capture_output=True, text=True, check=True).stdout.split()
    )
    for name in NAMES:
        assert name in flat
    assert flat.count("gõ ở hoicho.laichau.vn/code") == len(NAMES)
    assert flat.count("Mất thẻ") == len(NAMES)


def test_the_codes_are_read_from_the_paper(printed: Path, tmp_path: Path) -> None:
    subprocess.run(["pdftoppm", "-r", "110", "-png", printed, tmp_path / "page"], check=True)
    read = []
    for page in sorted(tmp_path.glob("page-*.png")):
        with Image.open(page) as picture:
            read += [one.text for one in zxingcpp.read_barcodes(picture.convert("L"))]
    assert sorted(read) == [f"https://hoicho.laichau.vn/card/{number:022}" for number in range(len(NAMES))]
    assert all(len(address) <= 120 for address in read)
