"""How kinds, reasons, bearers, outcomes and troubles are called."""

from __future__ import annotations

from flask_babel import gettext as _


def kind_names() -> dict[str, str]:
    """Kind of note → its name."""
    return {
        "intake": _("Phiếu nhận ký gửi"),
        "return": _("Phiếu trả hàng"),
        "transfer": _("Phiếu xuất kho"),
        "write_off": _("Phiếu hao hụt"),
    }


def reason_names() -> dict[str, str]:
    """Why goods are written off."""
    return {"damaged": _("hỏng"), "sample": _("hàng mẫu"), "lost": _("mất"), "other": _("lý do khác")}


def bearer_names() -> dict[str, str]:
    """Who bears it."""
    return {"owner": _("chủ hàng"), "house": _("bên bán"), "shared": _("chia đôi")}


def outcome_names() -> dict[str, str]:
    """What may have become of a difference."""
    return {
        "arrived": _("Nơi nhận đếm lại: số đã gửi là đúng"),
        "back": _("Nơi gửi đếm lại: số đã nhận là đúng"),
        "lost": _("Mất trên đường: ghi phiếu hao hụt"),
    }


def trouble_words(code: str) -> str:
    """What is wrong with a line."""
    words: dict[str, str] = {
        "quantity_wrong": _("Số lượng phải là số nguyên từ 1 trở lên; hàng cân ghi số kg, ví dụ 0,575."),
        "received_quantity_wrong": _("Hãy ghi số đã nhận; không nhận được gì thì ghi 0."),
        "note_price_wrong": _("Giá phải là số đồng, từ 0 đến 1 tỷ."),
        "note_expiry_wrong": _("Hạn dùng phải là một ngày, ví dụ 24/11/2026."),
        "lot_code_long": _("Mã lô quá dài."),
        "expires_before_intake": _("Hạn dùng trước ngày nhận hàng."),
        "product_unknown": _("Không có sản phẩm tên này, hoặc có nhiều sản phẩm cùng tên. Hãy chọn trong danh sách."),
        "owner_unknown": _("Không có chủ hàng này."),
        "not_of_owner": _("Hàng này của chủ hàng khác."),
        "lot_not_there": _("Lô này không phải của hàng này."),
        "write_off_reason_missing": _("Hãy chọn lý do."),
        "write_off_bearer_missing": _("Hãy chọn ai chịu."),
    }
    return words.get(code, "")


HEADINGS = {
    "name": "Sản phẩm",
    "lot_code": "Mã lô",
    "quantity": "Số lượng",
    "price": "Giá bán",
    "expires": "Hạn dùng",
    "reason": "Lý do",
    "borne_by": "Ai chịu",
}
"""Of a sheet with the rows of a note: the same in both languages, since a file is read back by them."""
