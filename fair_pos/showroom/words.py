"""Grounds and what is lacking, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from fair_pos.plumbing import words
from fair_pos.registry.titles import KINDS
from fair_pos.showroom.rules import Ground, Lack


def ground_words(ground: Ground) -> str:
    """«OCOP 4 sao, đến 28/11/2026»; «Sản phẩm chủ lực, không ghi ngày hết hạn»."""
    name = _("OCOP %(stars)s sao", stars=ground.stars) if ground.kind == "ocop" else _title(ground.kind)
    if ground.until is None:
        return str(_("%(name)s, không ghi ngày hết hạn", name=name))
    return str(_("%(name)s, đến %(day)s", name=name, day=words.day(ground.until)))


def lack_words(lack: Lack) -> str:
    """Why something is no ground."""
    day = words.day(lack.day) if lack.day else ""
    title = _title(lack.kind)
    return str(
        {
            "no_stars": _("chưa có sao OCOP"),
            "few_stars": _("OCOP mới được %(stars)s sao, cần từ 3 sao", stars=lack.stars),
            "stars_ended": _("%(stars)s sao OCOP đã hết hạn ngày %(day)s", stars=lack.stars, day=day),
            "stars_not_yet": _("%(stars)s sao OCOP chỉ có từ ngày %(day)s", stars=lack.stars, day=day),
            "no_title": _("chưa có danh hiệu nào khác"),
            "title_ended": _("danh hiệu «%(title)s» đã hết hạn ngày %(day)s", title=title, day=day),
            "title_not_yet": _("danh hiệu «%(title)s» chỉ có từ ngày %(day)s", title=title, day=day),
        }[lack.code]
    )


def _title(kind: str) -> str:
    return next((str(_(name)) for code, name in KINDS.items() if code == kind), kind)
