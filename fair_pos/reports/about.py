"""What an oddity is about: a receipt by its number, any other command by what it does, each with its page where there is one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from fair_pos.plumbing.db import reading
from fair_pos.reports.queries import OddityRow
from fair_pos.sales.queries import find_sale_place


@dataclass(frozen=True)
class About:
    """Words for it, and the address of its page; empty when it has none."""

    words: str
    address: str


def about(row: OddityRow, edition_id: str) -> About:
    """What an oddity is about. What confirms or copies a receipt leads to that receipt, when it is here."""
    if row.kind:
        return About(row.number, url_for("reports.sale", sale_id=row.command_id))
    command = json.loads(row.text) if row.text else {}
    named = str(command.get("sale_id", ""))
    place = find_sale_place(reading(), named) if named else None
    here = place is not None and place[0] == edition_id
    return About(command_words(str(command.get("kind", ""))), url_for("reports.sale", sale_id=named) if here else "")


def command_words(kind: str) -> str:
    """What a command that is no receipt does."""
    words: dict[str, str] = {
        "giveaway": _("Hàng tặng, dùng thử"),
        "till_opened": _("Mở ngăn tiền"),
        "till_closed": _("Đóng ngăn tiền"),
        "cash_moved": _("Tiền vào, ra ngăn tiền"),
        "transfer_seen": _("Đã thấy tiền chuyển khoản"),
        "receipt_copied": _("In bản sao phiếu"),
    }
    return words.get(kind) or str(_("Lệnh khác"))
