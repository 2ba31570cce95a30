"""What stands on thermal paper, in which order, at both widths; and that it fits."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

import pytest
import zxingcpp
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from fair_pos.printing.drawing import SAMPLE, Boxed, Code, Pair, Part, Text, draw
from fair_pos.printing.paper import SIZES, job_bytes, receipt_of_sale, receipt_parts, trial_page
from fair_pos.printing.rules import WIDTH_DOTS
from fair_pos.receipts.queries import GivenBack, Receipt, ReceiptLine, ReceiptPayment
from tests.builders import add_pack, add_weighed, make_fair, pair_tablet, sold
from tests.printing.roll import read_papers

URL = "https://ban.example/r/AAAAAAAAAAAAAAAAAAAAAA"
HONEY = ReceiptLine(
    "Đặc sản Pa Ủ – Ưu đãi 5 %", "chai 500 ml", 2, 65_000, 123_500, None, "HTX Mật ong Pa Ủ", "Xã Pa Ủ, Lai Châu", 4,
    discount_dong=6_500, discount_labels=("Khách quen",),
)  # fmt: skip
SQUID = ReceiptLine("Chả mực", "kg", 1, 38_000, 21_850, None, "Công ty Hạ Long", "Quảng Ninh", 0, grams=575)
TEA = ReceiptLine("Trà Shan tuyết", "Hộp quà 12 gói", 2, 1_260_000, 2_520_000, None, "", "", 5, pack_id="p")
RECEIPT = Receipt(
    token="AAAAAAAAAAAAAAAAAAAAAA",
    kind="sale",
    number="AB-261124-0017",
    hash="89abcdef",
    fair="Tuần lễ giới thiệu, quảng bá sản phẩm OCOP tỉnh Lai Châu năm 2026",
    fair_place="Quảng trường Nhân dân, Lai Châu",
    booth="A07 · Gian hàng Mường Tè",
    at=datetime(2026, 11, 24, 7, 15, tzinfo=timezone.utc),
    sample=False,
    lines=[HONEY, SQUID, TEA],
    total_dong=2_665_000,
    rounding_dong=-350,
    payments=[
        ReceiptPayment("transfer", 2_000_000, 2_000_000, 0, "OCP7K2M9QX4"),
        ReceiptPayment("card", 600_000, 600_000, 0),
        ReceiptPayment("cash", 65_000, 100_000, 35_000),
    ],
    refunds=[],
    original="",
)
BACK = GivenBack("AB-261124-0018", RECEIPT.at, 21_850, [SQUID])


@pytest.fixture(autouse=True)
def _in_vietnamese(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def said(parts: list[Part]) -> list[str]:
    """What can be read, from top to bottom, in plain spaces."""
    rows: list[str] = []
    for part in parts:
        match part:
            case Text() | Boxed() | Code():
                rows.append(part.text)
            case Pair():
                rows.append(f"{part.left} | {part.right}")
    return [row.replace("\u00a0", " ") for row in rows]


def paper(receipt: Receipt, width: int = 80, copy_no: int = 0) -> list[str]:
    return said(list(receipt_parts(receipt, URL, width, copy_no)))


@pytest.mark.parametrize("width", [58, 80])
def test_a_receipt_reads_from_fair_to_not_an_invoice(width: int) -> None:
    assert paper(RECEIPT, width) == [
        "Tuần lễ giới thiệu, quảng bá sản phẩm OCOP tỉnh Lai Châu năm 2026",
        "Quảng trường Nhân dân, Lai Châu",
        "A07 · Gian hàng Mường Tè",
        "Phiếu bán hàng",
        "AB-261124-0017 · 24/11/2026 14:15",
        "Đặc sản Pa Ủ – Ưu đãi 5 %",
        "2 × 65.000 ₫ / chai 500 ml | 130.000 ₫",
        "Giảm giá: Khách quen | −6.500 ₫",
        "OCOP 4 sao · HTX Mật ong Pa Ủ, Xã Pa Ủ, Lai Châu",
        "Chả mực",
        "0,575 kg × 38.000 ₫ / kg | 21.850 ₫",
        "Công ty Hạ Long, Quảng Ninh",
        "Trà Shan tuyết",
        "2 Hộp quà 12 gói × 1.260.000 ₫ | 2.520.000 ₫",
        "OCOP 5 sao",
        "Tiền hàng | 2.671.850 ₫",
        "Giảm giá | −6.500 ₫",
        "Làm tròn tiền mặt | −350 ₫",
        "Tổng cộng | 2.665.000 ₫",
        "Bằng chữ: Hai triệu sáu trăm sáu mươi lăm nghìn đồng.",
        "Chuyển khoản (OCP7K2M9QX4) | 2.000.000 ₫",
        "Thẻ | 600.000 ₫",
        "Khách đưa (tiền mặt) | 100.000 ₫",
        "Tiền thối | 35.000 ₫",
        URL,
        "Quét để xem lại phiếu và người làm ra sản phẩm",
        "Mã kiểm 89abcdef",
        "Phiếu này không phải hóa đơn.",
    ]


def test_a_copy_says_so_before_anything_else_and_is_the_same_below() -> None:
    assert paper(RECEIPT, copy_no=3) == ["BẢN SAO 3", *paper(RECEIPT)]


def test_sample_data_and_a_void_are_not_to_be_overlooked() -> None:
    assert paper(replace(RECEIPT, sample=True))[0] == "DỮ LIỆU MẪU"
    void = replace(RECEIPT, refunds=[replace(BACK, whole=True)])
    assert "Phiếu này đã hủy" in paper(void)
    assert "Phiếu này đã hủy" not in paper(RECEIPT)
    told = replace(BACK, whole=True, payments=[ReceiptPayment("cash", 20_000, 20_000, 0)])
    rows = paper(replace(RECEIPT, refunds=[told]))
    assert rows[rows.index("Phiếu này đã hủy") + 1] == "Phiếu hủy ghi: tiền mặt 20.000 ₫."
    assert "Hàng của phiếu này đã trả lại hết" in paper(replace(RECEIPT, all_back=True))


def test_what_was_given_back_is_taken_off_below() -> None:
    rows = paper(replace(RECEIPT, refunds=[replace(BACK, rounding_dong=150)]))
    at = rows.index("Đã trả lại · AB-261124-0018")
    assert rows[at : at + 4] == [
        "Đã trả lại · AB-261124-0018",
        "0,575 kg × Chả mực | −21.850 ₫",
        "Làm tròn tiền mặt | −150 ₫",
        "Còn lại | 2.643.150 ₫",
    ]


@pytest.mark.parametrize(
    ("whole", "title", "of"),
    [(False, "Phiếu trả hàng", "Trả hàng cho phiếu AB-1"), (True, "Phiếu hủy", "Hủy phiếu AB-1")],
)
def test_a_refund_has_papers_of_its_own(whole: bool, title: str, of: str) -> None:
    rows = paper(replace(RECEIPT, kind="refund", original="AB-1", whole=whole))
    assert {title, of, "Tiền trả lại | 2.665.000 ₫"} <= set(rows)
    assert "Tổng cộng | 2.665.000 ₫" not in rows


@pytest.mark.parametrize("width", [58, 80])
def test_the_drawn_paper_is_as_wide_as_the_head_and_its_code_is_read(width: int) -> None:
    picture = draw(list(receipt_parts(RECEIPT, URL, width, 1)), WIDTH_DOTS[width])
    assert picture.width == WIDTH_DOTS[width]
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [URL]


@pytest.mark.parametrize("width", [58, 80])
def test_letters_are_large_enough_for_old_eyes(width: int) -> None:
    """2.5 mm for what is looked up, 2.75 mm for what is read, at 8 dots to the millimetre."""
    size = SIZES[width]
    assert size.small >= 20
    assert size.plain >= 22
    assert size.total > size.head > size.plain or size.total > size.name


def test_the_longest_names_still_fit() -> None:
    long = replace(HONEY, name="Đ" * 300, unit="b" * 60, maker="Hợp tác xã " * 20)
    for width, dots in WIDTH_DOTS.items():
        picture = draw(list(receipt_parts(replace(RECEIPT, lines=[long] * 3), URL, width, 0)), dots)
        assert picture.width == dots


def test_a_test_page_shows_every_mark_and_both_edges() -> None:
    rows = said(list(trial_page("Máy in khu A", 58, RECEIPT.at)))
    assert {"Trang in thử", "Máy in khu A", "Giấy 58 mm", SAMPLE, "Mép trái | Mép phải"} <= set(rows)


def test_a_sale_becomes_one_paper(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    lines = [
        sold(add_weighed(app, fair), grams=575, discount_dong=1000, discount_reason="Khách quen"),
        sold(add_pack(app, fair.goods[0]), 2),
    ]
    parcel = tablet.sale(lines)
    tablet.send(parcel)
    for width, dots in WIDTH_DOTS.items():
        job = job_bytes(
            reading(),
            sale_id=str(parcel["id"]),
            copy_no=0,
            width_mm=width,
            printer_name="",
            public_url="https://fair.example",
            at=now(),
        )
        (picture,) = read_papers(job)
        assert picture.width == dots


def test_a_sale_whose_secret_another_one_has_does_not_come_out_as_that_one(app: Flask) -> None:
    fair = make_fair(app)
    tablet, token = pair_tablet(app, fair), secrets.token_urlsafe(16)
    first, second = (tablet.sale([(fair.goods[0], 1)], receipt_token=token) for _ in range(2))
    tablet.send(first)
    tablet.send(second)
    assert receipt_of_sale(reading(), str(first["id"]), now()).token == token
    with pytest.raises(NotFound):
        receipt_of_sale(reading(), str(second["id"]), now())
    with pytest.raises(NotFound):
        receipt_of_sale(reading(), "nothing", now())
