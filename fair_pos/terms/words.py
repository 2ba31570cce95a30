"""How split rules and fees are said to people."""

from __future__ import annotations

from flask_babel import gettext as _

from fair_pos.plumbing.words import day as written_day
from fair_pos.plumbing.words import dong, number
from fair_pos.terms.rules import WHOLE, Rule, Share


def percent(points: int) -> str:
    """8250 → «82,5 %»."""
    whole, rest = divmod(points, 100)
    decimals = f",{rest:02}".rstrip("0") if rest else ""
    return f"{number(whole)}{decimals}\N{NO-BREAK SPACE}%"


def rule_words(rule: Share | None) -> str:
    """What each side gets, in one line: «chủ hàng 80 %, bên bán 20 %»."""
    if rule is None:
        return str(_("chủ hàng nhận hết (chưa có tỷ lệ chia)"))
    if rule.kind == "fixed":
        return str(
            _("bên bán giữ %(amount)s mỗi đơn vị (hoặc mỗi kg), còn lại của chủ hàng", amount=dong(rule.unit_dong))
        )
    if rule.kind == "percent":
        return str(_("chủ hàng %(owner)s, bên bán %(house)s", **_both(rule.basis_points)))
    return "; ".join(tier_words(rule.tiers))


def tier_words(tiers: tuple[tuple[int, int], ...]) -> list[str]:
    """Each tier in one line, the cheapest first."""
    found = []
    for (start, points), after in zip(tiers, (*tiers[1:], None), strict=True):
        if after is None:
            words = _("giá từ %(low)s: chủ hàng %(owner)s, bên bán %(house)s", low=dong(start), **_both(points))
        else:
            words = _(
                "giá từ %(low)s đến dưới %(high)s: chủ hàng %(owner)s, bên bán %(house)s",
                low=dong(start), high=dong(after[0]), **_both(points),
            )  # fmt: skip
        found.append(str(words))
    return found


def _both(points: int) -> dict[str, str]:
    return {"owner": percent(points), "house": percent(WHOLE - points)}


def days_words(rule: Rule) -> str:
    """When it holds."""
    if rule.ends_day is None:
        return str(_("từ %(day)s", day=written_day(rule.starts_day)))
    return str(_("%(first)s–%(last)s", first=written_day(rule.starts_day), last=written_day(rule.ends_day)))


def fee_kinds() -> dict[str, str]:
    """What an owner may be charged for."""
    return {
        "booth_rent": _("Tiền thuê chỗ"),
        "fridge": _("Tiền tủ lạnh"),
        "other": _("Khoản thu khác"),
        "correction": _("Điều chỉnh"),
    }


def fee_words(kind: str, words: str) -> str:
    """A fee as it stands on a statement."""
    name = fee_kinds().get(kind, kind)
    return f"{name}: {words}" if words else name
