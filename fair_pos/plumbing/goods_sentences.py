"""Sentences of refusals about goods, their owners and what these are owed (plumbing/sentences.py says how they are used)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

GOODS: dict[str, LazyString] = {
    # Stock and notes of goods
    # Counts
    # Terms: split rules, fees, payout accounts
    # Statements and payouts
    # Cooperatives
    # Cards and codes of producers
    "card_unknown": _l("Thẻ này không còn dùng được. Xin ban tổ chức thẻ mới."),
    "code_wrong": _l("Mã không đúng hoặc đã hết hạn. Xin ban tổ chức mã mới."),
    "no_owners_chosen": _l("Chưa chọn chủ hàng nào. Hãy đánh dấu rồi in lại."),
    # Showrooms and titles
}
