"""The paper itself; that it stays the same to the byte is tested where it is asked for (test_pages.py)."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

from flask import Flask

from fair_pos.cash.paper import print_report
from fair_pos.cash.z_report import Entries, LateEntries, frozen
from tests.cash.test_z_report import SALES, Moved, Opening, Paper, Part, whole


def printed(app: Flask, content: dict[str, Any]) -> tuple[str, str]:
    """(what pdfinfo says, the words) of the paper."""
    with app.test_request_context():
        pdf = print_report(frozen(content))
    info = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return info, " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_one_sheet_of_a4_on_an_ordinary_day(app: Flask) -> None:
    info, text = printed(app, whole())
    assert re.search(r"^Pages: +1$", info, re.MULTILINE)
    assert "(A4)" in info
    for said in (
        "Phiếu kết ca Z số 7",
        "Chị Lan",
        "Thối nhầm",
        "Lệch thiếu 10.000 ₫",
        "Số phiếu bị thiếu 1",
        "A-261124-003",
    ):
        assert said in text, said
    assert "dữ liệu mẫu" not in text


def test_what_went_back_by_transfer_stands_apart(app: Flask) -> None:
    back = Paper("out", "refund", "A-261124-005", 30_000, 30_000, 0, (Part(1, "transfer", 30_000),))
    covered = Entries(Opening(), [], [*SALES, back])
    _info, text = printed(app, whole(covered=covered, paid_back={("two", 1): 30_000}))
    # What became of the transfers stands under what was sold by transfer, before what went back.
    order = [
        "Chuyển khoản, bán ra",
        "· đã xác nhận",
        "· chưa xác nhận",
        "· đã chuyển trả, tiền",
        "Chuyển khoản, trả khách",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    for said in ("· chưa xác nhận 10.000 ₫", "Chuyển khoản, trả khách −30.000 ₫"):
        assert said in text, said


def test_too_much_is_told_from_too_little(app: Flask) -> None:
    _info, text = printed(app, whole() | {"card": {"expected_dong": 10_000, "counted_dong": 12_500}})
    assert "Lệch thừa 2.500 ₫" in text


def test_a_report_from_before_it_said_what_went_back_is_printed(app: Flask) -> None:
    _info, text = printed(app, whole(version=1))
    assert "đã chuyển trả" not in text


def test_a_long_day_goes_on_overleaf_with_its_name_on_every_sheet(app: Flask) -> None:
    many = [LateEntries(6, Entries(Opening(), [Moved("out", 5_000)], SALES * 30))]
    info, text = printed(app, whole(late=many) | {"sample": True, "signed_before": 2})
    pages = int(re.search(r"^Pages: +(\d+)$", info, re.MULTILINE)[1])  # type: ignore[index]
    assert pages > 1
    assert text.count("Phiếu kết ca Z số 7 · máy A · A01 · Gian 1") == pages
    assert "dữ liệu mẫu" in text
    assert "Ca này đã kết ở phiếu Z số 2." in text


def test_text_of_people_is_only_text(app: Flask) -> None:
    content = json.loads(frozen(whole()))
    content["explanation"] = "<img src='http://127.0.0.1/x'><b>đậm</b>"
    _info, text = printed(app, content)
    assert "<b>đậm</b>" in text
