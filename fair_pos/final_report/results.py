"""Part II of the report: visitors and sales, each with its definition, its table and its plot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask_babel import gettext as _

from fair_pos.final_report import figure_tables as made
from fair_pos.final_report import plots
from fair_pos.final_report.facts import Facts
from fair_pos.final_report.rules import (
    Block,
    Heading,
    Paragraph,
    Table,
    permille_of,
    written_permille,
)
from fair_pos.plumbing.words import clock, dong, number
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports.comparison import growth_of
from fair_pos.reports.export import Table as FigureTable

MOST_IN_TEXT = 10
"""Rows of a league in the text; all of them stand in annex I."""


def results_of(facts: Facts, tables: Mapping[str, FigureTable]) -> list[Block]:
    """Everything of part II below the key figures."""
    chapters = [
        (_("Khách tham quan"), visitors(facts)),
        (_("Kết quả bán hàng"), sales(facts)),
        (_("Cơ cấu hàng bán"), makeup(facts, tables)),
        (_("Kết quả theo địa phương của chủ thể"), localities(facts, tables)),
        (_("So với kỳ trước"), comparison(facts)),
    ]
    found: list[Block] = []
    for at, (title, blocks) in enumerate(chapters, start=1):
        found += [Heading(f"{at}. {title}"), *blocks]
    return found


# --- visitors ---------------------------------------------------------------------------------------------------------


def visitors(facts: Facts) -> list[Block]:
    """Entries, the most inside at once, the estimate of different people: three figures, never added or exchanged."""
    total = facts.said("visits")
    if total is None:
        return [Paragraph(_("Hội chợ không đếm khách ở cổng, nên không nêu số khách."))]
    text = _("Lượt khách vào: %(entries)s lượt.", entries=number(total))
    average = facts.now.visits_per_day
    if average is not None:
        words = {"average": number(average), "days": facts.now.visit_days}
        text += " " + _("Bình quân %(average)s lượt một ngày, tính trên %(days)s ngày.", **words)
    text += " " + _("Lượt vào là số lần có người đi vào, cộng mọi cổng; người vào hai lần được tính hai.")
    blocks: list[Block] = [Paragraph(text, "item")]
    busiest = facts.peak_day
    if busiest is not None and busiest.peak is not None:
        at = {
            "people": number(busiest.peak),
            "day": written_day(busiest.day),
            "at": clock(busiest.peak_at) if busiest.peak_at else "–",
        }
        blocks.append(
            Paragraph(
                _("Đông nhất cùng lúc: %(people)s người, lúc %(at)s ngày %(day)s. Là số người ở trong nhiều nhất vào một lúc, bằng lượt vào trừ lượt ra.", **at),
                "item",
            )
        )  # fmt: skip
    else:
        blocks.append(
            Paragraph(_("Đông nhất cùng lúc: không nói được; chỉ nói được khi mọi cổng đếm cả vào và ra."), "item")
        )
    if facts.distinct is not None:
        blocks.append(
            Paragraph(
                _("Số người đến: ước tính %(people)s người. Bằng lượt vào bớt tỷ lệ người vào lại, cộng từng ngày; ai đến hai ngày được tính hai.", people=number(facts.distinct)),
                "item",
            )
        )  # fmt: skip
    else:
        blocks.append(
            Paragraph(_("Số người đến: chưa ước tính được, vì chưa có tỷ lệ người vào lại của mọi ngày."), "item")
        )
    blocks += _against_plan(facts)
    blocks += [made.visitors_table(facts), plots.visitors_plot(facts)]
    return blocks


def _against_plan(facts: Facts) -> list[Block]:
    some = facts.planned_days
    if not some:
        return [Paragraph(_("Ban tổ chức không ghi số khách dự kiến."), "item")]
    came, wanted = sum(one.entries or 0 for one in some), sum(one.planned or 0 for one in some)
    share = permille_of(came, wanted)
    words = {
        "came": number(came),
        "wanted": number(wanted),
        "days": len(some),
        "share": written_permille(share) if share is not None else "–",
    }
    text = _(
        "So với dự kiến: %(came)s lượt vào trên %(wanted)s lượt dự kiến của %(days)s ngày, bằng %(share)s.", **words
    )
    over = [written_day(one.day) for one in some if one.is_over_plan]
    if over:
        text += " " + _("Đông hơn dự kiến (vượt hơn một nửa): %(days)s.", days=", ".join(over))
    return [Paragraph(text, "item")]


# --- sales ------------------------------------------------------------------------------------------------------------


def sales(facts: Facts) -> list[Block]:
    """Sold, given back and kept; never one without the others."""
    said = {
        name: facts.said(name)
        for name in ("sold_dong", "refunded_dong", "net_dong", "receipts", "refunds", "average_dong")
    }
    sold, back, net = said["sold_dong"], said["refunded_dong"], said["net_dong"]
    if net is None:
        return [Paragraph(_("Chưa có phiếu bán nào được ghi nhận.")), made.days_table(facts), plots.sales_plot(facts)]
    blocks: list[Block] = []
    if sold is not None and back is not None:
        words = {"sold": dong(sold), "back": dong(back), "net": dong(net)}
        blocks.append(Paragraph(_("Bán ra %(sold)s, trả lại %(back)s, thực thu %(net)s.", **words), "item"))
    else:
        blocks.append(Paragraph(_("Thực thu %(net)s.", net=dong(net)), "item"))
    if said["receipts"] is not None:
        words = {"receipts": number(said["receipts"]), "refunds": number(said["refunds"] or 0)}
        text = _("%(receipts)s phiếu bán và %(refunds)s phiếu trả.", **words)
        if said["average_dong"] is not None:
            text += " " + _(
                "Mỗi phiếu bán bình quân %(average)s (thực thu chia số phiếu bán).", average=dong(said["average_dong"])
            )
        blocks.append(Paragraph(text, "item"))
    if not facts.makeup.is_plain:
        one = facts.makeup
        words = {
            "before": dong(one.before_dong),
            "off": dong(one.discount_dong),
            "rounding": dong(one.rounding_dong),
            "net": dong(one.net_dong),
        }
        blocks.append(Paragraph(_("Theo số đang ghi nhận: tiền hàng chưa giảm giá %(before)s, giảm giá %(off)s, làm tròn %(rounding)s, thực thu %(net)s; đã trừ phiếu trả.", **words), "item"))  # fmt: skip
    return [*blocks, made.days_table(facts), plots.sales_plot(facts), plots.growth_plot(facts)]


# --- what was sold, from where, against last time ---------------------------------------------------------------------


def makeup(facts: Facts, tables: Mapping[str, FigureTable]) -> list[Block]:
    """OCOP goods in the whole; by group, star and way of paying."""
    ocop = facts.ocop
    blocks: list[Block] = []
    if ocop is not None:
        share = "–" if ocop.permille is None else written_permille(ocop.permille)
        words = {"ocop": dong(ocop.ocop_dong), "net": dong(ocop.total_dong), "share": share}
        text = _(
            "Hàng OCOP (từ 3 sao, còn hiệu lực vào ngày bán): %(ocop)s trên %(net)s thực thu, bằng %(share)s.", **words
        )
        blocks.append(Paragraph(text))
    blocks += [
        made.figure_table(tables[name], facts.total) for name in ("groups", "stars", "methods") if _filled(tables, name)
    ]
    return blocks or [Paragraph(_("Chưa có số liệu."))]


def localities(facts: Facts, tables: Mapping[str, FigureTable]) -> list[Block]:
    """The league of places, its first rows; all of it stands in annex I."""
    if not _filled(tables, "localities"):
        return [Paragraph(_("Chưa có số liệu."))]
    found = tables["localities"]
    if stands_in_text("localities", tables):
        return [made.figure_table(found, facts.total), plots.localities_plot(found)]
    whole = made.figure_table(replace(found, figures=found.figures[:MOST_IN_TEXT], rest=None), facts.total)
    note = _("%(count)s nơi đứng đầu trong %(all)s; đầy đủ ở Phụ lục I.", count=MOST_IN_TEXT, all=len(found.figures))
    return [
        replace(whole, code="localities_first", sheet=_("Địa phương đứng đầu"), total=None, note=note),
        plots.localities_plot(found),
    ]


def stands_in_text(name: str, tables: Mapping[str, FigureTable]) -> bool:
    """Whether the text has this table whole, so that the annex need not repeat it."""
    return name == "localities" and _filled(tables, name) and len(tables[name].figures) <= MOST_IN_TEXT


def _filled(tables: Mapping[str, FigureTable], name: str) -> bool:
    return name in tables and bool(tables[name].figures)


def comparison(facts: Facts) -> list[Block]:
    """This edition against the one before, as averages of a day."""
    if facts.before is None:
        return [Paragraph(_("Chưa có kỳ trước trong cùng chuỗi để so sánh."))]
    now, before, table = facts.now, facts.before, made.comparison_table(facts)
    words = {"before": before.edition.name, "old": before.days, "new": now.days}
    text = _(
        "Kỳ trước: %(before)s, %(old)s ngày; kỳ này %(new)s ngày. So bình quân một ngày, vì hai kỳ có thể dài khác nhau.",
        **words,
    )
    if not any(row[1].value is not None for row in table.rows):
        return [Paragraph(text), Paragraph(_("Kỳ trước không có số liệu để so sánh.")), table]
    return [Paragraph(text), *(Paragraph(one, "item") for one in grown_words(facts)), table]


def grown_words(facts: Facts) -> list[str]:
    """By how much a day brought more or less than one of the edition before; nothing where that cannot be said."""
    found: list[str] = []
    now, before = facts.now, facts.before
    if before is None:
        return found
    for name, title, old, new in (
        ("visits_per_day", _("Lượt khách mỗi ngày"), before.visits_per_day, now.visits_per_day),
        ("net_per_day", _("Thực thu mỗi ngày"), before.net_per_day, now.net_per_day),
    ):
        grown = growth_of(now, before, made.GROWN[name])
        if grown is not None and old is not None and new is not None:
            written = dong if name == "net_per_day" else number
            words = {"name": title, "old": written(old), "new": written(new), "share": written_permille(abs(grown))}
            more = _("%(name)s: từ %(old)s lên %(new)s, tăng %(share)s.", **words)
            found.append(str(more if grown >= 0 else _("%(name)s: từ %(old)s còn %(new)s, giảm %(share)s.", **words)))
    return found


def table_of_all(facts: Facts, tables: Mapping[str, FigureTable], name: str) -> Table | None:
    """A table of the whole edition, complete; None where nothing stands in it."""
    return made.figure_table(tables[name], facts.total) if _filled(tables, name) else None
