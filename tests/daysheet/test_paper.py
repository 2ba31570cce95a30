"""The paper of a sheet: everything that was signed stands on it, and the same content is the same bytes."""

from __future__ import annotations

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
