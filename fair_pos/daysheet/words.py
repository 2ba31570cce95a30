"""What a badge says, in words: the same on every page, board and file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from fair_pos.daysheet.rules import Badge
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.sheets import Cell
from fair_pos.plumbing.words import clock, dong, instant, number

MOST_NAMED = 6


def state_words(badge: Badge) -> str:
    """What may be made of the figure: «tạm tính», «đã đủ», «đã chốt, Lò Thị B, 24/11/2026 22:10»."""
    state, sheet = badge.state, badge.sheet
    if state == "signed" and sheet is not None:
        return str(_("đã chốt, %(name)s, %(at)s", name=sheet.closed_by, at=instant(sheet.closed_at)))
    if state == "signed_late":
        return _late_since(badge)
    if state == "provisional" and badge.days_signed and not badge.of_day:
        counts = {"signed": number(badge.days_signed), "days": number(badge.days_begun)}
        return str(_("tạm tính; đã chốt %(signed)s/%(days)s ngày", **counts))
    words: dict[str, str] = {
        "ahead": _("chưa đến ngày"),
        "provisional": _("tạm tính"),
        "whole": _("đã đủ"),
        "signed": _("đã chốt mọi ngày"),
    }
    return words[state]


def _late_since(badge: Badge) -> str:
    if badge.what == "visitors":
        return str(_("đã chốt; sau đó thay đổi %(people)s lượt vào", people=signed_number(badge.late_people)))
    facts = {"receipts": number(badge.late_receipts), "amount": dong(badge.late_dong)}
    return str(_("đã chốt; sau đó thêm %(receipts)s phiếu, %(amount)s", **facts))


def sent_words(badge: Badge) -> str:
    """Who has sent everything, and until when: «142/150 máy đã gửi, đến 14:05.»; of a day that is over, «đến hết ngày»."""
    sales = badge.what == "sales"
    if badge.total == 0:
        return str(_("Chưa ghép máy bán hàng nào.") if sales else _("Chưa ghép điện thoại cổng nào."))
    facts = {"complete": number(badge.complete), "total": number(badge.total)}
    if badge.until is None:
        return str(
            _("%(complete)s/%(total)s máy đã gửi.", **facts)
            if sales
            else _("%(complete)s/%(total)s điện thoại cổng đã gửi.", **facts)
        )
    if badge.to_the_end and sales:
        return str(_("%(complete)s/%(total)s máy đã gửi, đến hết ngày.", **facts))
    if badge.to_the_end:
        return str(_("%(complete)s/%(total)s điện thoại cổng đã gửi, đến hết ngày.", **facts))
    facts["until"] = near_clock(badge.until)
    if sales:
        return str(_("%(complete)s/%(total)s máy đã gửi, đến %(until)s.", **facts))
    if badge.complete == 1:
        return str(_("%(complete)s/%(total)s điện thoại cổng đã gửi, đến %(until)s.", **facts))
    # Others may have sent since: «đến» alone would read as if nobody had counted after that moment.
    return str(_("%(complete)s/%(total)s điện thoại cổng đã gửi; máy gửi lâu nhất lúc %(until)s.", **facts))


def late_words(badge: Badge) -> list[str]:
    """What is still to come, a sentence each; nothing when all is in."""
    words = []
    if badge.late:
        words.append(_("Còn chờ: %(names)s.", names=named(badge.late)))
    if badge.waiting and badge.what == "sales":
        words.append(_("%(waiting)s đơn còn nằm ở máy.", waiting=number(badge.waiting)))
    elif badge.waiting:
        words.append(_("%(waiting)s lượt bấm còn nằm ở máy.", waiting=number(badge.waiting)))
    if badge.empty_hours:
        words.append(_("%(hours)s giờ mở cửa ở cổng không có số đếm.", hours=number(badge.empty_hours)))
    return words


def badge_words(badge: Badge) -> str:
    """All of it in one line, for files and boards."""
    return " ".join([f"{state_words(badge)} · {sent_words(badge)}", *late_words(badge)])


def named(names: tuple[str, ...]) -> str:
    """«B, C, D và 6 máy nữa»: of many only the first few."""
    shown = ", ".join(names[:MOST_NAMED])
    rest = len(names) - MOST_NAMED
    return shown if rest <= 0 else str(_("%(some)s và %(rest)s máy nữa", some=shown, rest=number(rest)))


def signed_number(people: int) -> str:
    """A difference with its sign: «+50», «−18»."""
    return f"+{number(people)}" if people > 0 else number(people)


def near_clock(at: datetime) -> str:
    """«14:05» today, «23/11/2026 14:05» on any other day, Vietnamese time."""
    same = at.astimezone(VIETNAM).date() == now().astimezone(VIETNAM).date()
    return clock(at) if same else instant(at)


def late_reason(one: Mapping[str, Any]) -> str:
    """Why a tablet or a phone of a sheet counted as late: what it holds, what never came, or that it was silent."""
    words = []
    if one["waiting"]:
        words.append(_("còn %(count)s chưa gửi", count=number(one["waiting"])))
    if one["missing"]:
        words.append(_("hụt %(count)s giữa chừng", count=number(one["missing"])))
    if one["heard_at"] is None:
        words.append(_("chưa từng liên lạc"))
    elif not words:
        words.append(_("liên lạc lần cuối %(at)s", at=instant(one["heard_at"])))
    return ", ".join(words)


def badge_rows(badge: Badge) -> list[list[Cell]]:
    """(what, how much) for a sheet of a workbook, numbers as numbers."""
    rows: list[list[Cell]] = [
        [_("Tình trạng"), state_words(badge)],
        [_("Máy đã gửi hết"), badge.complete],
        [_("Số máy"), badge.total],
        [_("Đến lúc"), None if badge.until is None else badge.until.astimezone(VIETNAM)],
        [_("Đơn còn nằm ở máy"), badge.waiting],
        [_("Còn chờ máy"), ", ".join(badge.late)],
        [_("Phiếu đến sau khi chốt"), badge.late_receipts],
        [_("Tiền đến sau khi chốt (đồng)"), badge.late_dong],
        [_("Tệp làm lúc"), now().astimezone(VIETNAM)],
    ]
    return rows
