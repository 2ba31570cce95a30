"""The PDF of the report, read and measured."""

from __future__ import annotations

import re
import subprocess
import threading
import zlib

import pytest
from flask import Flask

from fair_pos.final_report import paper
from fair_pos.final_report.forms import Said
from fair_pos.final_report.paper import PressFailed, press, print_report
from fair_pos.final_report.pictures import pictures_of
from fair_pos.final_report.queries import facts_of
from fair_pos.final_report.refusals import PrintingTooSlow
from fair_pos.final_report.rules import Report
from fair_pos.final_report.word_file import word_file
from fair_pos.final_report.wording import report_of
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.pdf import PrinterBusy
from fair_pos.reports.day_tables import tables_of
from fair_pos.reports.plan_heat import drawn_heat
from tests.final_report.big import make_big
from tests.final_report.samples import NASTY, figure_tables, read_pdf, report


def printed(app: Flask, found: Report) -> bytes:
    with app.test_request_context():
        return print_report(found, pictures_of(found, "svg"))


def pages(pdf: bytes) -> list[str]:
    """The words of each page, as they lie."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().replace("\N{NO-BREAK SPACE}", " ").split("\f")[:-1]


@pytest.fixture
def pdf(app: Flask) -> bytes:
    return printed(app, report(app))


def test_what_the_paper_says(pdf: bytes) -> None:
    text = read_pdf(pdf)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: ……/BC-BTC", "BÁO CÁO", "Tổng kết Tuần lễ OCOP 2026",
        "I. TÌNH HÌNH CHUNG", "IV. KIẾN NGHỊ, ĐỀ XUẤT", "Nơi nhận:", "TM. BAN TỔ CHỨC", "Phụ lục I", "MỨC ĐỘ ĐẦY ĐỦ CỦA SỐ LIỆU",
        "Bán ra 2.000.000 ₫, trả lại 200.000 ₫, thực thu 1.800.000 ₫.",
    ):  # fmt: skip
        assert said in text, said


def test_it_is_a4_tagged_with_title_and_author(pdf: bytes) -> None:
    info = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    for pattern in (
        r"Tagged: +yes",
        r"Title: +Báo cáo tổng kết Tuần lễ OCOP 2026",
        r"Author: +Ban tổ chức",
        r"Page size: .*A4",
    ):
        assert re.search(pattern, info), pattern
    inside = b"".join(zlib.decompress(one) for one in re.findall(rb"stream\n(x.*?)\nendstream", pdf, re.DOTALL))
    assert b"/Lang (vi)" in inside
    assert b"/Outlines" in inside


def test_pages_are_numbered_from_the_second_and_each_annex_by_itself(pdf: bytes) -> None:
    found, number = pages(pdf), 0
    for text in found:
        first = text.strip().split("\n")[0].strip()
        if first.startswith("Phụ lục") or "CỘNG HÒA" in first:
            number = 1
        else:
            number += 1
            assert first == str(number)
    assert sum(text.strip().startswith("Phụ lục") for text in found) == 3


def test_every_letter_has_a_shape(pdf: bytes) -> None:
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "Noto-Serif" in fonts
    assert "Liberation" not in fonts


def test_names_that_try_to_be_something_else_are_text(app: Flask) -> None:
    raw = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=printed(app, report(app, tables=figure_tables(names=NASTY))), capture_output=True, check=True
    ).stdout.decode()  # fmt: skip
    text = "".join(raw.split())
    for name in (
        '=HYPERLINK("http://x.example";"bấm")',
        "<script>alert(1)</script>",
        "{{7*7}}",
        "Mật000.5ong",
        'Ông"A"&bà<B>',
        "Đ" * 300,
    ):
        assert name in text, name
    assert "49" not in read_pdf(printed(app, report(app, tables=figure_tables(names=("{{7*7}}",))))).split()


def test_the_same_report_is_the_same_bytes(app: Flask) -> None:
    assert printed(app, report(app)) == printed(app, report(app))


def test_a_broken_press_is_an_error_and_no_empty_file() -> None:
    with pytest.raises(PressFailed, match="JSONDecodeError"):
        press(b"no order")


def test_one_report_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "WAIT_SECONDS", 0)
    monkeypatch.setattr(paper, "_one_at_a_time", threading.Lock())
    with paper._one_at_a_time, pytest.raises(PrinterBusy):
        press(b"{}")


def test_a_press_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "MOST_SECONDS", 0.01)
    with pytest.raises(PrintingTooSlow):  # nobody else is printing: «try again in a few seconds» would never help
        press(b"{}")
    monkeypatch.setattr(paper, "MOST_SECONDS", 90)
    with pytest.raises(PressFailed):  # the next one is not held up by it
        press(b"no order")


@pytest.mark.slow
def test_a_large_fair_is_whole(app: Flask) -> None:
    """224 booths, 670 products, ten days. What it takes is measured by `python -m bench.closing_report`."""
    fair = make_big(app)
    with app.test_request_context():
        facts = facts_of(reading(), fair.edition_id, now(), lambda _edition_id: True)
        tables = {one.name: one for one in tables_of(fair.edition_id, None)}
        found = report_of(facts, tables, drawn_heat(fair.edition_id, None), Said(), "vi")
        document = word_file(found, pictures_of(found, "png"))
        pdf = print_report(found, pictures_of(found, "svg"))
    assert len(document) < 5_000_000
    text = read_pdf(pdf)
    assert all(f"Sản phẩm đặc trưng {at} " in text for at in range(1, 668))
    assert all(f"Gian {at} " in text for at in range(1, 224))
    assert len(pages(pdf)) > 50
