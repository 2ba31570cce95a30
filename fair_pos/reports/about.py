"""What an oddity is about: a receipt by its number, any other command by what it does, each with its page where there is one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from fair_pos.cash.queries import get_session
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from fair_pos.reports.queries import OddityRow
from fair_pos.sales.queries import find_sale_place


@dataclass(frozen=True)
class About:
    """Words for it, and the address of its page; empty when it has none."""

    words: str
    address: str


def about(row: OddityRow, edition_id: str) -> About:
    """What an oddity is about. What confirms or copies a receipt leads to that receipt, what is of a drawer to its till session."""
    if row.kind:
        return About(row.number, url_for("reports.sale", sale_id=row.command_id))
    command = json.loads(row.text) if row.text else {}
    named, words = str(command.get("sale_id", "")), command_words(str(command.get("kind", "")))
    if not named:
        return About(words, drawer_address(edition_id, row.device_id, command.get("till_session_id")))
    place = find_sale_place(reading(), named)
    here = place is not None and place[0] == edition_id
    return About(words, url_for("reports.sale", sale_id=named) if here else "")


def drawer_address(edition_id: str, device_id: str, till_session_id: str | None) -> str:
    """The page of a till session of this edition; empty when there is none."""
    if not till_session_id:
        return ""
    try:
        found = get_session(reading(), device_id, till_session_id)
    except NotFound:
        return ""
    if found.edition_id != edition_id:
        return ""
    return url_for("cash.drawer", edition_id=edition_id, device_id=device_id, till_session=till_session_id)


def command_words(kind: str) -> str:
    """What a command that is no receipt does."""
    words: dict[str, str] = {
        "giveaway": _("Hàng tặng, dùng thử"),
        "till_opened": _("Mở ngăn kéo"),
        "till_closed": _("Kết ca, đóng ngăn kéo"),
        "cash_moved": _("Tiền bỏ vào, lấy ra"),
        "transfer_seen": _("Đã thấy tiền chuyển khoản"),
        "receipt_copied": _("In bản sao phiếu"),
        "stock_counted": _("Kiểm hàng"),
    }
    return words.get(kind) or str(_("Lệnh khác"))
