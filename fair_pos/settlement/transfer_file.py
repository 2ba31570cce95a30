"""The list of transfers as a workbook: what somebody types or pastes into the bank's form for many payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from fair_pos.payments.rules import bank_name
from fair_pos.plumbing.sheets import Cell, write_xlsx
from fair_pos.settlement.transfers import Transfer


def transfer_workbook(transfers: Sequence[Transfer], owners: Mapping[str, str], *, created: datetime) -> bytes:
    """A row for each transfer and their sum. Numbers of accounts are text: as a number a leading zero would be lost, and a long one rounded."""
    heads = [
        _("Bảng"), _("Chủ hàng"), _("Chủ tài khoản"), _("Ngân hàng"), _("Số tài khoản"), _("Số tiền (đồng)"),
        _("Nội dung chuyển khoản"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.statement.written, owners.get(one.statement.producer_id, "?"), one.holder, bank_name(one.account.bank_bin),
            one.number, one.amount_dong, one.words,
        ]
        for one in transfers
    ]  # fmt: skip
    total: list[Cell] = [
        _("Cộng"), _("%(count)s bảng", count=len(transfers)), None, None, None, sum(one.amount_dong for one in transfers), None,
    ]  # fmt: skip
    return write_xlsx(_("Danh sách chuyển khoản"), heads, [*rows, total], created=created)
