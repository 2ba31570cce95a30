"""A receipt, or a test page, as what stands on thermal paper: the same words as on the tablet's paper, sized for 58 and 80 mm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.amount_words import amount_words
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.words import dong, instant
from fair_pos.printing.drawing import SAMPLE, Boxed, Code, Gap, Pair, Part, Rule, Text, draw
from fair_pos.printing.escpos import to_bytes
from fair_pos.printing.rules import WIDTH_DOTS
from fair_pos.receipts import wording
from fair_pos.receipts.queries import Receipt, ReceiptLine, TransferStates, find_receipt, no_states
from fair_pos.receipts.rules import receipt_url, written_measure
from fair_pos.sales.queries import find_sale

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Sizes:
    """Dots of the letters; eight are a millimetre."""

    head: int
    name: int
    plain: int
    small: int
    total: int


SIZES = {58: Sizes(28, 24, 22, 20, 30), 80: Sizes(32, 26, 24, 20, 36)}


def job_bytes(
    session: AnySession,
    *,
    sale_id: str | None,
    copy_no: int,
    width_mm: int,
    printer_name: str,
    public_url: str,
    at: datetime,
    states_of: TransferStates = no_states,
) -> bytes:
    """What is sent to the printer: the receipt of a sale as it stands today, or without one a test page. Raises NotFound."""
    if sale_id is None:
        parts = list(trial_page(printer_name, width_mm, at))
    else:
        receipt = receipt_of_sale(session, sale_id, at, states_of)
        parts = list(receipt_parts(receipt, receipt_url(public_url, receipt.token), width_mm, copy_no))
    return to_bytes(draw(parts, WIDTH_DOTS[width_mm]))


def receipt_of_sale(session: AnySession, sale_id: str, at: datetime, states_of: TransferStates = no_states) -> Receipt:
    """The receipt of a sale as it stands at `at`. Raises NotFound."""
    sale = find_sale(session, sale_id)
    receipt = find_receipt(session, sale.receipt_token, fair_day(at, 0), states_of) if sale is not None else None
    # Two sales that claim one token share an address, which shows the first; the other must not come out as that one.
    if sale is None or receipt is None or receipt.number != sale.receipt_number:
        raise NotFound
    return receipt


def receipt_parts(receipt: Receipt, url: str, width_mm: int, copy_no: int) -> Iterator[Part]:
    """A receipt from top to bottom; `copy_no` 0 is the receipt itself."""
    size = SIZES[width_mm]
    if copy_no:
        yield Boxed(_("BẢN SAO %(number)s", number=copy_no), size.total)
    if receipt.sample:
        yield Boxed(_("dữ liệu mẫu").upper(), size.head)
    yield Text(receipt.fair, size.head, bold=True, align="center")
    if receipt.fair_place:
        yield Text(receipt.fair_place, size.small, align="center")
    yield Text(receipt.booth, size.plain, align="center", after=10)
    yield Text(wording.title_words(receipt), size.head, bold=True, align="center")
    if receipt.original:
        yield Text(f"{wording.original_words(receipt)} {receipt.original}", size.small, align="center")
    yield Text(f"{receipt.number} · {instant(receipt.at)}".replace(" ", "\u00a0", 1), size.plain, align="center")
    if notice := wording.notice_words(receipt):
        yield Boxed(notice, size.head)
        if returned := wording.returned_words(receipt):
            yield Text(f"{returned}.", size.small, align="center")
    for line in receipt.lines:
        yield Rule()
        yield from _line(line, size)
    yield Rule(solid=True)
    yield from _sums(receipt, size)
    yield from _given_back(receipt, size)
    yield Code(url)
    yield Text(_("Quét để xem lại phiếu và người làm ra sản phẩm"), size.small, align="center", after=4)
    yield Text(f"{_('Mã kiểm')} {receipt.hash}", size.small, align="center", after=8)
    yield Text(_("Phiếu này không phải hóa đơn."), size.plain, bold=True, align="center")
    yield Gap(16)


def _line(line: ReceiptLine, size: Sizes) -> Iterator[Part]:
    yield Text(line.name, size.name, bold=True)
    yield Pair(wording.price_words(line).replace("× ", "×\u00a0"), dong(line.before_dong), size.plain)
    if line.discount_dong:
        yield Pair(wording.discount_words(line), dong(-line.discount_dong), size.plain)
    maker = ", ".join(part for part in (line.maker, line.place) if part)
    stars = _("OCOP %(stars)s sao", stars=line.stars).replace(" ", "\u00a0") if line.stars else ""
    told = " · ".join(part for part in (stars, maker) if part)
    if told:
        yield Text(told, size.small)


def _sums(receipt: Receipt, size: Sizes) -> Iterator[Part]:
    for word, amount in wording.sum_rows(receipt):
        yield Pair(word, dong(amount), size.plain)
    total = _("Tiền trả lại") if receipt.kind == "refund" else _("Tổng cộng")
    yield Pair(total, dong(receipt.total_dong), size.total, bold=True)
    yield Text(f"{_('Bằng chữ:')} {amount_words(receipt.total_dong)}.", size.plain, after=8)
    for word, amount in wording.payment_rows(receipt):
        yield Pair(word, dong(amount), size.plain)


def _given_back(receipt: Receipt, size: Sizes) -> Iterator[Part]:
    for refund in receipt.refunds:
        yield Rule()
        word = _("Đã hủy cả phiếu") if refund.whole else _("Đã trả lại")
        yield Text(f"{word} · {refund.number}", size.plain, bold=True)
        for line in refund.lines:
            yield Pair(f"{written_measure(line)} × {line.name}", dong(-line.amount_dong), size.plain)
        if refund.rounding_dong:
            yield Pair(_("Làm tròn tiền mặt"), dong(-refund.rounding_dong), size.plain)
    if receipt.refunds:
        yield Rule(solid=True)
        yield Pair(_("Còn lại"), dong(receipt.total_dong - receipt.refunded_dong), size.total, bold=True)


def trial_page(printer_name: str, width_mm: int, at: datetime) -> Iterator[Part]:
    """What «In thử» prints: enough to see that letters, both edges and the cutter are right."""
    size = SIZES[width_mm]
    yield Text(_("Trang in thử"), size.total, bold=True, align="center")
    yield Text(printer_name, size.plain, align="center")
    yield Text(_("Giấy %(width)s mm", width=width_mm), size.plain, align="center", after=8)
    yield Rule(solid=True)
    yield Text(SAMPLE, size.name, bold=True)
    yield Text(SAMPLE, size.small)
    yield Pair(_("Mép trái"), _("Mép phải"), size.plain)
    yield Rule(solid=True)
    yield Text(_("Đọc rõ các dòng trên và thấy đủ hai mép là máy in đã sẵn sàng."), size.plain)
    yield Text(instant(at), size.small, align="center")
    yield Gap(16)
