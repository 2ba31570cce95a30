"""The annexes: every table whole, what was counted at the gates, and how complete all of it is."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from fair_pos.final_report import figure_tables as made
from fair_pos.final_report import plots
from fair_pos.final_report.facts import DayFacts, Device, Facts
from fair_pos.final_report.results import stands_in_text, table_of_all
from fair_pos.final_report.rules import Block, Cell, Column, Heading, Paragraph, Part, Table, row_of
from fair_pos.plumbing.words import clock, dong, instant, number
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports.export import Table as FigureTable
from fair_pos.reports.plan_heat import Drawn

COMPLETE = ("hours", "zones", "booths", "producers", "entities", "products", "localities", "districts", "communes")


def annexes_of(facts: Facts, tables: Mapping[str, FigureTable], heat: Drawn) -> list[Part]:
    """Annex I of sales, II of visitors, III of completeness: always all three, so that what is said of one is found."""
    return [
        Part("I", _("Số liệu bán hàng chi tiết"), tuple(_sales(facts, tables, heat))),
        Part("II", _("Số liệu khách tham quan chi tiết"), tuple(_visitors(facts))),
        Part("III", _("Mức độ đầy đủ của số liệu"), tuple(_completeness(facts))),
    ]


def _sales(facts: Facts, tables: Mapping[str, FigureTable], heat: Drawn) -> list[Block]:
    found: list[Block] = [
        Paragraph(
            _("Tiền bán ra, tiền trả lại và thực thu đứng cạnh nhau; thực thu bằng bán ra trừ trả lại. Đơn vị: đồng.")
        )
    ]
    wanted = [name for name in COMPLETE if not stands_in_text(name, tables)]
    some = [one for name in wanted if (one := table_of_all(facts, tables, name)) is not None]
    if not some:
        return [Paragraph(_("Chưa có phiếu bán nào được ghi nhận."))]
    plan = [plots.heat_plot(heat)] if heat.cells else []
    return [*found, *plan, *some, made.payments_table(tables["days"])]


def _visitors(facts: Facts) -> list[Block]:
    if facts.entries is None:
        return [Paragraph(_("Hội chợ không đếm khách ở cổng, nên không nêu số khách."))]
    return [
        Paragraph(_("Lượt vào: số lần có người đi vào, cộng mọi cổng. Ai vào hai lần tính hai."), "item"),
        Paragraph(_("Đông nhất cùng lúc: số người ở trong nhiều nhất vào một lúc trong ngày."), "item"),
        Paragraph(
            _("Số người (ước tính): lượt vào bớt người vào lại. Không ai đếm được, nên chỉ là ước tính."), "item"
        ),
        buying_table(facts),
    ]


def buying_table(facts: Facts) -> Table:
    """Sales beside entries, day by day, of the hours of which every gate spoke."""
    columns = (
        Column(_("Ngày"), "day"), Column(_("Lượt vào"), "count", 20), Column(_("Phiếu bán"), "count", 20),
        Column(_("Phiếu trên 100 lượt vào"), "of_hundred", 24), Column(_("Thực thu (đồng)"), "dong"), Column(_("Thực thu mỗi lượt vào (đồng)"), "dong"),
    )  # fmt: skip
    rows = []
    for one in facts.days:
        it = one.buying
        known = (None,) * 5 if it is None else (it.entries, it.receipts, it.permille, it.net_dong, it.dong_per_entry)
        rows.append(row_of(columns, (one.day, *known)))
    note = _(
        "Chỉ tính những giờ mà mọi cổng đều có số đếm; ngày không có giờ nào như vậy để trống. Phiếu không phải là người mua."
    )
    title = _("Phiếu bán và thực thu so với lượt vào")
    return Table("buying", title, _("Bán so với khách"), columns, tuple(rows), note=note)


# --- III --------------------------------------------------------------------------------------------------------------


def _completeness(facts: Facts) -> list[Block]:
    chapters: list[tuple[str, list[Block]]] = [
        (_("Từng ngày"), [sent_table(facts), sheets_table(facts)]),
        (_("Dữ liệu đến sau khi chốt"), _late(facts)),
        (_("Máy và điện thoại chưa gửi đủ"), _devices(facts)),
        (_("Cổng không có số đếm"), _gates(facts)),
        (_("Số khách điều chỉnh và ghi từ giấy"), _changed_counts(facts)),
        (_("Điều cần xem"), _oddities(facts)),
        (_("Số liệu đã công bố và điều chỉnh"), _published(facts)),
    ]
    found: list[Block] = [Paragraph(text) for text in _standing(facts)]
    for at, (title, blocks) in enumerate(chapters, start=1):
        found += [Heading(f"{at}. {title}"), *blocks]
    return found


def _standing(facts: Facts) -> list[str]:
    badge = facts.badge
    words = {"at": instant(facts.at), "signed": badge.days_signed, "days": badge.days_begun}
    found = [_("Số liệu lấy lúc %(at)s. Đã chốt %(signed)s trên %(days)s ngày.", **words)]
    if badge.total:
        found.append(
            _("Cả kỳ: %(complete)s/%(total)s máy bán hàng đã gửi đủ%(until)s.", complete=badge.complete, total=badge.total, until=_until(facts))
        )  # fmt: skip
    if facts.is_provisional:
        found.append(_("Những ngày ghi «tạm tính» còn có thể thay đổi khi máy gửi thêm hoặc khi ngày được chốt."))
    return [str(one) for one in found]


def _until(facts: Facts) -> str:
    until = facts.badge.until
    return "" if until is None else str(_(", đến %(at)s", at=instant(until)))


def state_words(one: DayFacts) -> str:
    """What may be made of a day's money, in words."""
    words: dict[str, str] = {
        "ahead": _("chưa đến ngày"), "provisional": _("tạm tính"), "whole": _("đã nhận đủ, chưa chốt"), "signed": _("đã chốt"),
        "signed_late": _("đã chốt, sau đó có thêm"),
    }  # fmt: skip
    return words[one.badge.state]


def sent_table(facts: Facts) -> Table:
    """Day by day: how many tablets and phones sent everything, until when, and how much is known to be missing."""
    columns = (
        Column(_("Ngày"), "day"), Column(_("Tình trạng"), "text", 26), Column(_("Máy đã gửi đủ"), "text", 18), Column(_("Đến lúc"), "text", 18),
        Column(_("Đơn còn ở máy"), "count", 16), Column(_("Máy còn thiếu"), "text", 32), Column(_("Điện thoại cổng"), "text", 18),
        Column(_("Điều cần xem"), "count", 14),
    )  # fmt: skip
    rows = []
    for one in facts.days:
        money, gate = one.badge, one.visitor_badge
        sent = f"{money.complete}/{money.total}" if money.total else "–"
        phones = f"{gate.complete}/{gate.total}" if gate.total else "–"
        until = clock(money.until) if money.until is not None else "–"
        late = ", ".join(money.late)
        rows.append(
            row_of(columns, (one.day, state_words(one), sent, until, money.waiting, late, phones, one.oddities))
        )
    return Table("completeness", _("Máy đã gửi, từng ngày"), _("Đầy đủ theo ngày"), columns, tuple(rows))


def sheets_table(facts: Facts) -> Table:
    """Every sheet that was signed, and why one was opened again."""
    columns = (
        Column(_("Ngày"), "day"), Column(_("Bảng chốt số"), "count", 14), Column(_("Người chốt"), "text", 36), Column(_("Lúc chốt"), "instant", 30),
        Column(_("Mở lại"), "text", 50),
    )  # fmt: skip
    rows = []
    for one in facts.days:
        for sheet in one.sheets:
            again = (
                f"{sheet.reopened_by}, {instant(sheet.reopened_at)}: {sheet.reason}"
                if sheet.reopened_at is not None
                else ""
            )
            rows.append(row_of(columns, (one.day, sheet.number, sheet.closed_by, sheet.closed_at, again)))
        if not one.sheets:
            rows.append(
                (Cell(one.day, "day"), Cell(None, "count"), Cell(_("chưa chốt")), Cell(None, "instant"), Cell(""))
            )
    return Table("sheets", _("Bảng chốt ngày và người ký"), _("Bảng chốt"), columns, tuple(rows))


def _late(facts: Facts) -> list[Block]:
    found: list[Block] = []
    for one in facts.days:
        if one.badge.sheet is not None and one.badge.has_late:
            words = {
                "day": written_day(one.day),
                "receipts": number(one.badge.late_receipts),
                "amount": dong(one.badge.late_dong),
            }
            found.append(
                Paragraph(_("Ngày %(day)s: thêm %(receipts)s phiếu, %(amount)s sau khi chốt.", **words), "item")
            )
        if one.visitor_badge.sheet is not None and one.visitor_badge.has_late:
            words = {"day": written_day(one.day), "people": number(one.visitor_badge.late_people)}
            found.append(Paragraph(_("Ngày %(day)s: lượt vào thay đổi %(people)s sau khi chốt.", **words), "item"))
    return found or [Paragraph(_("Không có."))]


def _devices(facts: Facts) -> list[Block]:
    return [Paragraph(_device_words(one), "item") for one in facts.devices] or [Paragraph(_("Không có."))]


def _device_words(one: Device) -> str:
    name = _("Điện thoại cổng %(name)s", name=one.name) if one.is_phone else _("Máy %(name)s", name=one.name)
    where = f" ({one.place})" if one.place else ""
    parts = []
    if one.last_heard_at is None:
        parts.append(_("chưa lần nào liên lạc"))
    else:
        parts.append(_("liên lạc lần cuối %(at)s", at=instant(one.last_heard_at)))
    if one.waiting:
        parts.append(_("còn giữ %(count)s bản ghi chưa gửi", count=number(one.waiting)))
    if one.missing:
        parts.append(_("hụt %(count)s số giữa chừng", count=number(one.missing)))
    return f"{name}{where}: {', '.join(map(str, parts))}."


def _gates(facts: Facts) -> list[Block]:
    found: list[Block] = []
    for one in facts.days:
        if one.silent_gates:
            words = {"day": written_day(one.day), "gates": ", ".join(one.silent_gates)}
            found.append(Paragraph(_("Ngày %(day)s: không có số đếm của %(gates)s cả ngày.", **words), "item"))
        if one.visitor_badge.empty_hours and one.entries is not None:
            words = {"day": written_day(one.day), "hours": number(one.visitor_badge.empty_hours)}
            found.append(Paragraph(_("Ngày %(day)s: %(hours)s giờ mở cửa ở cổng không có số đếm.", **words), "item"))
    return found or [Paragraph(_("Không có."))]


def _changed_counts(facts: Facts) -> list[Block]:
    found: list[Block] = []
    for one in facts.days:
        changed = []
        if one.corrections:
            changed.append(_("%(count)s lần điều chỉnh số khách", count=number(one.corrections)))
        if one.paper_tallies:
            changed.append(_("%(count)s lần ghi từ giấy", count=number(one.paper_tallies)))
        if changed:
            words = {"day": written_day(one.day), "changed": ", ".join(changed)}
            found.append(Paragraph(_("Ngày %(day)s: %(changed)s.", **words), "item"))
    return found or [Paragraph(_("Không có."))]


def _oddities(facts: Facts) -> list[Block]:
    count = sum(one.oddities for one in facts.days)
    found: list[Block] = [
        Paragraph(
            _(
                "%(count)s điều cần xem được ghi ở các phiếu (trang «Điều cần xem»). Chúng được giữ nguyên, không sửa số liệu.",
                count=number(count),
            )
        )
    ]
    if facts.quarantined:
        found.append(
            Paragraph(
                _(
                    "%(count)s gói dữ liệu không đọc được còn giữ riêng, chưa tính vào số liệu.",
                    count=number(facts.quarantined),
                )
            )
        )
    return found


def _published(facts: Facts) -> list[Block]:
    if facts.published.is_empty:
        return [Paragraph(_("Chưa có số liệu công bố; báo cáo dùng số đang ghi nhận."))]
    found: list[Block] = []
    frozen = facts.published.frozen_at
    if frozen is not None:
        found.append(
            Paragraph(
                _(
                    "Số liệu được khóa lúc %(at)s. Sau đó số đã khóa chỉ đổi bằng điều chỉnh có ngày và lý do.",
                    at=instant(frozen),
                )
            )
        )
    differences, changes = made.differences_table(facts), made.changes_table(facts)
    if differences.rows:
        found += [
            Paragraph(
                _("Chênh lệch là số đang ghi nhận trừ số đã công bố: dữ liệu đến sau khi khóa, hoặc nguồn khác.")
            ),
            differences,
        ]
    else:
        found.append(Paragraph(_("Số đang ghi nhận đúng bằng số đã công bố.")))
    return [*found, changes] if changes.rows else [*found, Paragraph(_("Không có điều chỉnh nào sau khi khóa."))]
