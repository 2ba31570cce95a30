"""A receipt in words, the same on the page and on paper: prices of lines, what stands between goods and total, what was paid."""

from __future__ import annotations

from flask_babel import gettext as _

from fair_pos.plumbing.words import dong
from fair_pos.receipts.queries import Receipt, ReceiptLine, ReceiptPayment
from fair_pos.receipts.rules import written_measure

Row = tuple[str, int]
"""(word, đồng)."""


def price_words(line: ReceiptLine) -> str:
    """«0,575 kg × 38.000 ₫ / kg», «2 Hộp 12 cái × 240.000 ₫», «3 × 65.000 ₫ / chai»."""
    words = f"{written_measure(line)} × {dong(line.unit_price_dong)}"
    return f"{words} / {line.unit}" if line.unit and line.pack_id is None else words


def discount_words(line: ReceiptLine) -> str:
    """«Giảm giá: Mua nhiều»; without a label when no reason is meant for the buyer."""
    labels = ", ".join(_(label) for label in line.discount_labels)
    return str(_("Giảm giá: %(labels)s", labels=labels) if labels else _("Giảm giá"))


def sum_rows(receipt: Receipt) -> list[Row]:
    """What lies between the goods and the total; nothing when the total is the goods."""
    if not receipt.discount_dong and not receipt.rounding_dong:
        return []
    rows = [(_("Tiền hàng"), receipt.before_dong)]
    if receipt.discount_dong:
        rows.append((_("Giảm giá"), -receipt.discount_dong))
    if receipt.rounding_dong:
        rows.append((_("Làm tròn tiền mặt"), receipt.rounding_dong))
    return rows


def payment_rows(receipt: Receipt) -> list[Row]:
    """Every tender in the order in which it was taken, cash with what was handed over and what was given back."""
    rows: list[Row] = []
    for payment in receipt.payments:
        if payment.method == "cash" and payment.change_dong:
            rows.append((_("Khách đưa (tiền mặt)"), payment.tendered_dong))
            rows.append((_("Tiền thối"), payment.change_dong))
        else:
            rows.append((_tender(payment), payment.amount_dong))
    return rows


def _tender(payment: ReceiptPayment) -> str:
    names: dict[str, str] = {"cash": _("Tiền mặt"), "transfer": _("Chuyển khoản"), "card": _("Thẻ")}
    states: dict[str, str] = {
        "claimed": _("chưa xác nhận"),
        "confirmed": _("đã xác nhận"),
        "underpaid": _("thiếu tiền"),
        "overpaid": _("thừa tiền"),
    }
    name = names.get(payment.method, payment.method)
    remarks = [part for part in (payment.reference, states.get(payment.state, "")) if part]
    return f"{name} ({', '.join(remarks)})" if remarks else name


def notice_words(receipt: Receipt) -> str:
    """What is to be known of a sale before anything else: that it was taken back whole, or that all of it came back; or nothing."""
    if receipt.is_void:
        return str(_("Phiếu này đã hủy"))
    return str(_("Hàng của phiếu này đã trả lại hết")) if receipt.all_back else ""


def returned_words(receipt: Receipt) -> str:
    """How the refunds of a sale were paid, by their own word; nothing when they say nothing.

    A transfer that goes back for one that nobody saw come is money that nobody may ever have had: the words say so.
    """
    sums: dict[str, int] = {}
    for refund in receipt.refunds:
        for payment in refund.payments:
            sums[payment.method] = sums.get(payment.method, 0) + payment.amount_dong
    names: dict[str, str] = {"cash": _("tiền mặt"), "transfer": _("chuyển khoản"), "card": _("thẻ")}
    if receipt.came_unconfirmed:
        names["transfer"] = _("chuyển khoản, cho tiền khách chuyển mà chưa được xác nhận")
    ways = "; ".join(f"{names.get(method, method)} {dong(amount)}" for method, amount in sums.items() if amount)
    if not ways:
        return ""
    return str(
        _("Phiếu hủy ghi: %(ways)s", ways=ways) if receipt.is_void else _("Phiếu trả hàng ghi: %(ways)s", ways=ways)
    )


def back_words(receipt: Receipt) -> str:
    """Before what the refunds take off a sale."""
    return str(_("Trừ phần trả lại") if receipt.came_unconfirmed else _("Tiền đã trả lại"))


def title_words(receipt: Receipt) -> str:
    """What kind of paper it is."""
    if receipt.whole:
        return str(_("Phiếu hủy"))
    return str(_("Phiếu trả hàng") if receipt.kind == "refund" else _("Phiếu bán hàng"))


def original_words(receipt: Receipt) -> str:
    """Before the number of the sale that a refund belongs to."""
    return str(_("Hủy phiếu") if receipt.whole else _("Trả hàng cho phiếu"))
