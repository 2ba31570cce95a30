"""The paper of a sheet: everything that was signed stands on it, and the same content is the same bytes."""

from __future__ import annotations

import re
import subprocess

from flask import Flask

from fair_pos.daysheet.paper import print_sheet
from fair_pos.daysheet.sheet import content_of, frozen
from tests.daysheet.test_sheet import FOUND, HEADING


def test_what_stands_on_the_paper(app: Flask) -> None:
    text = frozen(content_of(HEADING, FOUND))
    with app.test_request_context():
        pdf = print_sheet(text)
        assert print_sheet(text) == pdf
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    words = read.stdout.decode()
    for one in (
        "24/11/2026",
        "Lò Thị B",
        "1.500.000",
        "Chốt khi còn chờ: B",
        "còn 2 chưa gửi",
        "chưa kết ca",
        "Không thuộc khu nào",
    ):
        assert one in words, words


def test_the_paper_counts_sales_alone_and_its_booths_make_the_whole(app: Flask) -> None:
    """A receipt of goods given back is no sale: a column that counts both adds up to more than the head says."""
    content = content_of(HEADING, FOUND)
    assert content["money"]["refunds"] > 0
    with app.test_request_context():
        pdf = print_sheet(frozen(content))
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    counts = [
        int(one) for one in re.findall(r"^[AB]0\d · .*? {2,}(\d+) +500\.000 ", read.stdout.decode(), re.MULTILINE)
    ]
    assert counts == [one.receipts for one in FOUND.booths]
    assert sum(counts) == content["money"]["receipts"]
