"""Published figures in words: what each is called, what it counts, where a value is from, and what contradicts what."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import pgettext

from fair_pos.kernel.day import fair_day
from fair_pos.kernel.money import format_dong, group_thousands, with_true_minus
from fair_pos.plumbing.words import day as written_day
from fair_pos.plumbing.words import instant as written_instant
from fair_pos.published.rules import MONEY, OWN_SOURCE, Contradiction, Entry, Gap, OpenItem, Published, spans

MOST_NAMED = 20


def figure_name(name: str) -> str:
    """What a figure is called."""
    words: dict[str, str] = {
        "days": _("Số ngày"),
        "visits": _("Lượt khách"),
        "receipts": _("Phiếu bán"),
        "refunds": _("Phiếu trả"),
        "sold_dong": _("Bán ra"),
        "refunded_dong": _("Trả lại"),
        "net_dong": _("Thực thu"),
        "ocop_dong": _("Trong đó hàng OCOP"),
        "booths": pgettext("plural", "Gian hàng"),
        "selling_booths": _("Gian có bán"),
        "enterprises": _("Chủ thể có bán"),
        "products": _("Mặt hàng đã bán"),
    }
    return words[name]


def figure_meaning(name: str) -> str:
    """What a figure counts."""
    words: dict[str, str] = {
        "days": _("Số ngày hội chợ mở; kỳ đang diễn ra chỉ tính những ngày đã bắt đầu."),
        "visits": _("Số lần có người đi vào ở các cổng; ai vào hai lần tính hai."),
        "receipts": _("Số phiếu bán hàng; phiếu trả không trừ."),
        "refunds": _("Số phiếu trả hàng, kể cả hủy cả phiếu."),
        "sold_dong": _("Tổng tiền các phiếu bán."),
        "refunded_dong": _("Tổng tiền các phiếu trả."),
        "net_dong": _("Bán ra trừ trả lại."),
        "ocop_dong": _("Tiền hàng 3–5 sao còn hạn vào ngày bán, đã trừ trả lại."),
        "booths": _("Số gian trong danh sách gian hàng."),
        "selling_booths": _("Số gian có ít nhất một phiếu bán."),
        "enterprises": _("Số chủ thể có hàng bán được; bán nhiều ngày vẫn tính một."),
        "products": _("Số mặt hàng bán được; bán nhiều ngày vẫn tính một."),
    }
    return words[name]


def figure_text(value: int | None, name: str) -> str:
    """A value as people read it; «chưa có» where nothing is known."""
    if value is None:
        nothing: str = _("chưa có")
        return nothing
    return with_true_minus(format_dong(value) if name in MONEY else group_thousands(value))


def change_text(value: int, name: str) -> str:
    """A difference with its sign: «+1.000 ₫», «−3»."""
    text = format_dong(value) if name in MONEY else group_thousands(value)
    return f"+{text}" if value > 0 else with_true_minus(text)


def origin_word(kind: str) -> str:
    """Where a value is from: published in one of three ways, «live», the system's own until they are frozen, or «summed» from days."""
    words: dict[str, str] = {
        "frozen": pgettext("figures", "đã khóa"),
        "adjusted": _("đã điều chỉnh"),
        "stated": _("theo nguồn"),
        "live": _("số hiện có"),
        "summed": _("cộng các ngày"),
    }
    return words[kind]


def entry_words(entry: Entry) -> str:
    """What one word in the ledger says beside its value: from where, or why."""
    source = _("số của hệ thống") if entry.source == OWN_SOURCE else entry.source
    return "; ".join(part for part in (source, entry.reason) if part)


def source_words(entry: Entry) -> str:
    """Where a published figure is from, as a table of a report has it: frozen, adjusted or taken in late with the day, or its source."""
    day = written_day(fair_day(entry.at, 0))
    words: str = ""
    match entry.kind:
        case "frozen":
            words = _("số liệu đã khóa")
        case "adjusted" if entry.source == OWN_SOURCE:
            words = _("đã nhận số đến muộn %(day)s", day=day)
        case "adjusted":
            words = _("đã điều chỉnh %(day)s", day=day)
        case "stated":
            words = _("đã công bố: %(source)s", source=entry.source)
    return words


def typed_words(gap: Gap, published: Published) -> str:
    """Of a figure that a person adjusted and of which something came later: what was typed when, and what moved since."""
    found = published.latest(gap.name, gap.day)
    if found is None:
        return ""
    typed = _("bỏ số này") if found.value is None else figure_text(found.value, gap.name)
    then = figure_text(found.held_value, gap.name)
    words: str = _("Có người điều chỉnh thành %(typed)s lúc %(at)s, khi đó hệ thống có %(then)s; nay có thêm số đến muộn. Đánh dấu là bỏ điều chỉnh ấy.", typed=typed, at=written_instant(found.at), then=then)  # fmt: skip
    return words


def contradiction_words(found: Contradiction) -> str:
    """What contradicts what, and what to think of it."""
    values = [figure_text(value, found.name) for value in found.values]
    name = figure_name(found.name)
    words: str = ""
    match found.code:
        case "net":
            words = _("Thực thu %(net)s khác bán ra %(sold)s trừ trả lại %(back)s.", net=values[0], sold=values[1], back=values[2])  # fmt: skip
        case "gross":
            words = _("Thực thu %(net)s nhiều hơn bán ra %(sold)s.", net=values[0], sold=values[1])
        case "ocop":
            words = _("Tiền hàng OCOP %(ocop)s nhiều hơn tổng %(total)s.", ocop=values[0], total=values[1])
        case "days":
            words = _("Nguồn ghi %(said)s ngày, hội chợ mở %(length)s ngày.", said=values[0], length=values[1])
        case "sum":
            words = _("%(name)s: cộng các ngày được %(sum)s, cả hội chợ ghi %(whole)s.", name=name, sum=values[1], whole=values[0])  # fmt: skip
    return words


def known_words(items: Sequence[OpenItem]) -> str:
    """What was known to be open when the figures were frozen, in few words: who owes data first, then days in a row as «1/11–5/11»."""
    said = [open_words(one) for one in items if one.day is None]
    days = [
        f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"
        for first, last in spans(one.day for one in items if one.day is not None)
    ]
    if days:
        said.append(_("Chưa chốt ngày %(days)s.", days=", ".join(days)))
    return " ".join(said)


def open_words(item: OpenItem) -> str:
    """What is still open before the figures are frozen."""
    names = ", ".join(item.names[:MOST_NAMED]) + (" …" if len(item.names) > MOST_NAMED else "")
    words: str = ""
    match item.kind:
        case "running":
            words = _("Ngày cuối của hội chợ chưa hết; phiếu bán sau lúc này sẽ không có trong số công bố.")
        case "day":
            assert item.day is not None
            words = _("Ngày %(day)s chưa chốt.", day=item.day.strftime("%d/%m/%Y"))
        case "tablets":
            words = _("Máy bán hàng chưa gửi đủ: %(names)s.", names=names)
        case "phones":
            words = _("Điện thoại cổng chưa gửi đủ: %(names)s.", names=names)
    return words
