from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from flask import Flask

from fair_pos.plumbing.qr import qr_svg
from fair_pos.receipts.paper import print_receipt, roll_printer
from fair_pos.receipts.queries import GivenBack, Receipt, ReceiptLine, ReceiptPayment

URL = "https://fair.example"
HONEY = ReceiptLine(
    "Đặc sản Pa Ủ – Ưu đãi 5 %",
    "chai 500 ml",
    2,
    65_000,
    130_000,
    "mat-ong-pa-u",
    "HTX Mật ong Pa Ủ",
    "Xã Pa Ủ, Lai Châu",
    4,
)
STRANGE = ReceiptLine("Rượu ngô Sùng Phài", "", 1, 1_007_000, 1_007_000, None, "", "", 0)
RECEIPT = Receipt(
    token="AAAAAAAAAAAAAAAAAAAAAA",
    kind="sale",
    number="A-261124-001",
    hash="89abcdef",
    fair="Tuần lễ giới thiệu sản phẩm OCOP",
    fair_place="Quảng trường Nhân dân, Lai Châu",
    booth="A07 · Gian hàng Mường Tè",
    at=datetime(2026, 11, 24, 7, 15, tzinfo=timezone.utc),
    sample=False,
    lines=[HONEY, STRANGE],
    total_dong=1_137_000,
    payments=[ReceiptPayment("cash", 1_137_000, 1_140_000, 3_000)],
    refunds=[],
    original="",
)


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def tool(name: str, content: bytes) -> str:
    return subprocess.run(
        [name, "-", *(["-"] if name == "pdftotext" else [])], input=content, capture_output=True, check=True
    ).stdout.decode()


def words(content: bytes) -> str:
    return re.sub(r"\s+", " ", tool("pdftotext", content))


def test_everything_stands_on_the_paper_in_vietnamese() -> None:
    text = words(print_receipt(RECEIPT, URL))
    for part in (
        HONEY.name, "2 × 65.000 ₫ / chai 500 ml", "130.000 ₫", "HTX Mật ong Pa Ủ, Xã Pa Ủ, Lai Châu", STRANGE.name,
        "Tổng cộng", "1.137.000 ₫", "Khách đưa (tiền mặt)", "1.140.000 ₫", "Tiền thối", "3.000 ₫", "A-261124-001", "24/11/2026 14:15",
        "Tuần lễ giới thiệu sản phẩm OCOP", "A07 · Gian hàng Mường Tè", "89abcdef", "Phiếu này không phải hóa đơn.",
        "https://fair.example/r/AAAAAAAAAAAAAAAAAAAAAA",
    ):  # fmt: skip
        assert part in text
    assert "dữ liệu mẫu" not in text.lower()


def test_paper_is_80_mm_wide_and_one_page_with_its_fonts() -> None:
    content = print_receipt(RECEIPT, URL)
    told = tool("pdfinfo", content)
    assert re.search(r"^Pages: +1$", told, re.MULTILINE)
    size = re.search(r"^Page size: +([\d.]+) x ([\d.]+) pts", told, re.MULTILINE)
    assert size
    assert float(size[1]) / 72 * 25.4 == pytest.approx(80, abs=0.1)
    assert 90 < float(size[2]) / 72 * 25.4 < 180
    fonts = tool("pdffonts", content).splitlines()[2:]
    assert fonts
    assert {line.split()[-5] for line in fonts} == {"yes"}
    assert "Liberation" not in "".join(fonts)  # lacks 92 Vietnamese letters in the version that answers for «Arial»


def test_paper_grows_with_its_lines_and_stays_one_page() -> None:
    def height(receipt: Receipt) -> float:
        told = tool("pdfinfo", print_receipt(receipt, URL))
        assert re.search(r"^Pages: +1$", told, re.MULTILINE)
        found = re.search(r"x ([\d.]+) pts", told)
        assert found
        return float(found[1])

    few = height(RECEIPT)
    many = height(replace(RECEIPT, lines=[replace(HONEY, name=f"{HONEY.name} số {number}") for number in range(200)]))
    assert many > 20 * few


def test_sample_is_marked() -> None:
    assert "dữ liệu mẫu" in words(print_receipt(replace(RECEIPT, sample=True), URL)).lower()


def test_refund_says_so_and_sale_says_what_came_back() -> None:
    refund = replace(RECEIPT, kind="refund", original="A-261124-001", number="A-261124-002")
    text = words(print_receipt(refund, URL))
    assert "Phiếu trả hàng" in text
    assert "Trả hàng cho phiếu A-261124-001" in text
    given_back = GivenBack("A-261124-002", RECEIPT.at, 65_000, [replace(HONEY, quantity=1, amount_dong=65_000)])
    text = words(print_receipt(replace(RECEIPT, refunds=[given_back]), URL))
    assert "Đã trả lại · A-261124-002" in text
    assert "−65.000 ₫" in text
    assert "1.072.000 ₫" in text


def test_the_paper_of_a_sale_taken_back_says_so() -> None:
    whole = GivenBack("A-261124-009", RECEIPT.at, RECEIPT.total_dong, RECEIPT.lines, rounding_dong=500, whole=True)
    text = words(print_receipt(replace(RECEIPT, refunds=[whole], rounding_dong=500), URL)).lower()
    assert "phiếu này đã hủy" in text
    assert "đã hủy cả phiếu · a-261124-009" in text
    assert "làm tròn tiền mặt" in text
    assert "bằng chữ: một triệu một trăm ba mươi bảy nghìn đồng." in text


@pytest.mark.parametrize(
    "name",
    [
        "<img src='http://192.0.2.1/x.png'>",
        "<link rel=attachment href=file:///etc/hostname>",
        "</td><script>x</script>",
        "<style>*{display:none}</style>",
    ],
)
def test_a_name_is_printed_and_never_read_as_markup(name: str) -> None:
    """Addresses outside this machine would fail the test by themselves (conftest)."""
    content = print_receipt(replace(RECEIPT, lines=[replace(HONEY, name=name)]), URL)
    assert name.replace(" ", "") in words(content).replace(" ", "")
    assert b"/EmbeddedFile" not in content


def test_paper_for_the_same_receipt_is_the_same() -> None:
    first = print_receipt(RECEIPT, URL)
    assert print_receipt(RECEIPT, URL) is first
    roll_printer.cache_clear()
    assert print_receipt(RECEIPT, URL) == first
    assert b"/CreationDate" not in first


def test_code_on_paper_is_the_receipts_address() -> None:
    """Drawn from the address alone: another secret gives another drawing, another basket the same."""
    other = replace(RECEIPT, token="BAAAAAAAAAAAAAAAAAAAAA")
    assert qr_svg(f"{URL}/r/{other.token}") != qr_svg(f"{URL}/r/{RECEIPT.token}")
    assert print_receipt(other, URL) != print_receipt(RECEIPT, URL)


def test_a_copy_says_which_it_is_and_the_receipt_itself_does_not() -> None:
    assert "BẢN SAO 2" in words(print_receipt(RECEIPT, URL, copy_no=2))
    assert "BẢN SAO" not in words(print_receipt(RECEIPT, URL))
