"""How the parts of a statement are said to people, on pages and papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from fair_pos.payments.rules import bank_name
from fair_pos.plumbing.words import kilos, number
from fair_pos.settlement.content import share_of
from fair_pos.settlement.queries import PayoutFact
from fair_pos.terms.words import fee_words, rule_words


def amount_of_goods(quantity: int, unit: str, weighed: bool) -> str:
    """«12 hộp», «7 × hộp 100g» (one would read «7 hộp 100 g» as a weight), «1,250 kg»."""
    if weighed:
        return str(kilos(quantity))
    times = " ×" if any(letter.isdigit() for letter in unit) else ""
    return f"{number(quantity)}{times} {unit}".strip()


def source_words(source: str) -> str:
    """What kind of part it is."""
    words = {
        "sale": _("Bán"),
        "refund": _("Khách trả lại"),
        "giveaway": _("Hàng tặng, dùng thử"),
        "write_off": _("Hàng hao hụt"),
        "count": _("Thiếu khi kiểm hàng"),
        "fee": _("Khoản thu"),
        "carried": _("Kỳ trước chuyển sang"),
    }
    return str(words[source])


def bearer_words(borne_by: str) -> str:
    """Who bears goods that brought nothing."""
    words = {"owner": _("chủ hàng chịu"), "house": _("bên bán chịu"), "shared": _("mỗi bên chịu một nửa")}
    return str(words.get(borne_by, borne_by))


def reason_words(reason: str) -> str:
    """Why goods brought nothing."""
    words = {
        "tasting": _("mời dùng thử"), "gift": _("tặng"), "sample": _("làm mẫu"), "damaged": _("hỏng"), "lost": _("mất"),
        "other": _("lý do khác"),
    }  # fmt: skip
    return str(words.get(reason, reason))


def vat_words(code: str) -> str:
    """A VAT rate."""
    words = {
        "": _("chưa ghi thuế suất"), "KCT": _("không chịu thuế GTGT"), "KKKNT": _("không kê khai, tính nộp thuế GTGT"),
    }  # fmt: skip
    return str(words.get(code) or _("thuế suất %(rate)s %%", rate=code))


def entry_words(entry: Mapping[str, Any]) -> str:
    """What an entry is about."""
    if entry["source"] == "fee":
        return fee_words(entry["kind"], entry["words"])
    if entry["source"] == "carried":
        return str(_("Chuyển từ bảng %(number)s", number=entry["receipt"]))
    return str(entry["name"])


def share_words(rule: Mapping[str, Any] | None) -> str:
    """What a frozen rule says."""
    return rule_words(None if rule is None else share_of(rule))


def state_words(state: str) -> str:
    """Whether a statement is paid."""
    words = {"paid": _("đã trả"), "waiting": _("chờ trả"), "carried": _("chuyển sang kỳ sau")}
    return str(words[state])


def payout_words(one: PayoutFact) -> str:
    """How it was paid; of an account no more than its last digits."""
    if one.method == "cash":
        return str(_("tiền mặt"))
    return str(_("chuyển khoản vào %(bank)s •••• %(digits)s", bank=bank_name(one.bank_bin), digits=one.last_digits))
