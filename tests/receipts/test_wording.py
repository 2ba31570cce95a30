"""What a receipt says, in both languages: prices of lines, what stands between goods and total, every tender."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from fair_pos.plumbing.words import dong
from fair_pos.receipts import wording
from fair_pos.receipts.paper import print_receipt
from fair_pos.receipts.queries import Receipt, ReceiptLine, ReceiptPayment
from fair_pos.receipts.rules import labels_for_buyer
from tests.kernel.vectors import vectors
from tests.receipts.test_paper import HONEY, RECEIPT, URL
from tests.receipts.test_paper import words as words_on

GAP = "\N{NO-BREAK SPACE}"
WEIGHED = replace(HONEY, unit="kg", quantity=1, grams=575, unit_price_dong=38_000, amount_dong=21_850)


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (HONEY, f"2 × 65.000{GAP}₫ / chai 500 ml"),
        (replace(HONEY, unit=""), f"2 × 65.000{GAP}₫"),
        (WEIGHED, f"0,575{GAP}kg × 38.000{GAP}₫ / kg"),
        (replace(WEIGHED, quantity=3), f"3 × 0,575{GAP}kg × 38.000{GAP}₫ / kg"),
        (
            replace(HONEY, unit="Hộp 12 cái", pack_id="p", unit_price_dong=240_000),
            f"2 Hộp 12 cái × 240.000{GAP}₫",
        ),
    ],
)
def test_how_a_line_is_priced(line: ReceiptLine, words: str) -> None:
    assert wording.price_words(line) == words


def test_a_discount_says_only_what_is_meant_for_the_buyer() -> None:
    off = replace(HONEY, discount_dong=1_000, discount_labels=("Mua nhiều", "Cuối ngày"))
    assert wording.discount_words(off) == "Giảm giá: Mua nhiều, Cuối ngày"
    assert wording.discount_words(replace(off, discount_labels=())) == "Giảm giá"
    with force_locale("en"):
        assert wording.discount_words(off) == "Discount: Bought a lot, End of the day"


def test_between_goods_and_total_stand_discount_and_rounding() -> None:
    assert wording.sum_rows(RECEIPT) == []
    line = replace(WEIGHED, amount_dong=21_000, discount_dong=850)
    rounded = replace(RECEIPT, lines=[line], total_dong=21_500, rounding_dong=500)
    assert wording.sum_rows(rounded) == [("Tiền hàng", 21_850), ("Giảm giá", -850), ("Làm tròn tiền mặt", 500)]
    down = replace(RECEIPT, lines=[WEIGHED], total_dong=21_500, rounding_dong=-350)
    assert wording.sum_rows(down) == [("Tiền hàng", 21_850), ("Làm tròn tiền mặt", -350)]


def test_every_tender_is_told_and_a_transfer_says_what_became_of_it() -> None:
    paid = [
        ReceiptPayment("cash", 21_000, 50_000, 29_000),
        ReceiptPayment("cash", 5_000, 5_000, 0),
        ReceiptPayment("transfer", 300_000, 300_000, 0, "OCP7", "confirmed"),
        ReceiptPayment("transfer", 1_000, 1_000, 0, "", "claimed"),
        ReceiptPayment("transfer", 2_000, 2_000, 0),
        ReceiptPayment("card", 4_000, 4_000, 0, "004512"),
        ReceiptPayment("gold", 1, 1, 0),
    ]
    assert wording.payment_rows(replace(RECEIPT, payments=paid)) == [
        ("Khách đưa (tiền mặt)", 50_000),
        ("Tiền thối", 29_000),
        ("Tiền mặt", 5_000),
        ("Chuyển khoản (OCP7, đã xác nhận)", 300_000),
        ("Chuyển khoản (chưa xác nhận)", 1_000),
        ("Chuyển khoản", 2_000),
        ("Thẻ (004512)", 4_000),
        ("gold", 1),
    ]


def test_a_void_is_called_one() -> None:
    assert wording.title_words(RECEIPT) == "Phiếu bán hàng"
    refund = replace(RECEIPT, kind="refund", original="A-1")
    assert (wording.title_words(refund), wording.original_words(refund)) == ("Phiếu trả hàng", "Trả hàng cho phiếu")
    void = replace(refund, whole=True)
    assert (wording.title_words(void), wording.original_words(void)) == ("Phiếu hủy", "Hủy phiếu")


# --- the server's paper and the tablet's say the same; till/tests/receipt_lines.test.ts holds the tablet to the same file ---

TOLD = vectors("receipt_lines")


def as_stored(document: dict[str, Any]) -> Receipt:
    """What the buyer may see of a document as it came over the wire."""
    lines = [
        ReceiptLine(
            name=line["name"], unit=line["unit"], quantity=line["quantity"], unit_price_dong=line["unit_price_dong"],
            amount_dong=line["amount_dong"], slug=None, maker="", place="", stars=0, grams=line.get("grams"), pack_id=line.get("pack_id"),
            discount_dong=line.get("discount_dong", 0), discount_labels=labels_for_buyer(line.get("discount_reason", "")),
        )
        for line in document["lines"]
    ]  # fmt: skip
    payments = [
        ReceiptPayment(**(one | {"state": document["states"].get(str(number), "")}))
        for number, one in enumerate(document["payments"], start=1)
    ]
    return replace(
        RECEIPT,
        **{key: document[key] for key in ("kind", "whole", "rounding_dong", "total_dong")},
        lines=lines,
        payments=payments,
        original="A-0" if document["kind"] == "refund" else "",
    )


@pytest.mark.parametrize(
    ("number", "language"),
    [(number, language) for number, one in enumerate(TOLD["receipts"]) for language in one["says"]],
)
def test_a_receipt_says_what_the_tablet_says(number: int, language: str) -> None:
    document = TOLD["receipts"][number]
    receipt, says = as_stored(document), document["says"][language]
    with force_locale(language):
        assert [
            [
                line.name,
                wording.price_words(line),
                dong(line.before_dong),
                *((wording.discount_words(line), dong(-line.discount_dong)) if line.discount_dong else (None, None)),
            ]
            for line in receipt.lines
        ] == says["lines"]
        assert [[word, dong(amount)] for word, amount in wording.sum_rows(receipt)] == says["sums"]
        assert [[word, dong(amount)] for word, amount in wording.payment_rows(receipt)] == says["paid"]
        assert wording.title_words(receipt) == says["title"]
        if says["original"] is not None:
            assert wording.original_words(receipt) == says["original"]
        paper = words_on(print_receipt(replace(receipt, sample=True), URL, copy_no=2))
    around = [
        says["total"],
        *(says[one] for one in ("copy", "sample", "in_words", "scan", "check", "no_invoice") if one in says),
    ]
    for part in around:
        assert part.lower() in paper.lower()
    for word in TOLD["never"]:
        assert word not in paper
