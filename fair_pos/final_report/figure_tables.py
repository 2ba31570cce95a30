"""The tables of the reports in the shape of the closing report: the same figures, typed, with their sums."""

from __future__ import annotations

from datetime import date
from typing import Literal

from flask_babel import gettext as _

from fair_pos.final_report.facts import DayFacts, Facts
from fair_pos.final_report.rules import (
    Cell,
    Column,
    KeyFigure,
    Kind,
    Table,
    permille_of,
    row_of,
)
from fair_pos.published.words import source_words
from fair_pos.reports.comparison import growth_of
from fair_pos.reports.export import Table as FigureTable
from fair_pos.reports.rules import Figure, together

NO_CELL = Cell("")


def money_columns() -> tuple[Column, ...]:
    """What was sold, given back and kept, side by side."""
    return (
        Column(_("Bán ra (đồng)"), "dong"),
        Column(_("Trả lại (đồng)"), "dong"),
        Column(_("Thực thu (đồng)"), "dong"),
    )


def money_cells(figure: Figure) -> tuple[Cell, ...]:
    """A figure's money under `money_columns`."""
    return tuple(Cell(dong, "dong") for dong in (figure.sold_dong, figure.refunded_dong, figure.net_dong))


def figure_table(found: FigureTable, total: Figure) -> Table:
    """A table of the organiser's pages, complete: every row, what is only in the total (rounding), and the total."""
    counts: dict[str, tuple[tuple[str, Kind, str], ...]] = {
        "receipts": ((_("Phiếu bán"), "count", "receipts"), (_("Phiếu trả"), "count", "refunds")),
        "pieces": (
            (_("Số lượng bán"), "count", "sold_quantity"), (_("Số lượng trả"), "count", "refunded_quantity"),
            (_("Cân bán (kg)"), "grams", "sold_grams"), (_("Cân trả (kg)"), "grams", "refunded_grams"),
        ),
        "money": (),
    }  # fmt: skip
    counted = counts[found.counts]
    if found.counts == "pieces" and not any(one.sold_grams or one.refunded_grams for one in found.figures):
        counted = counted[:2]
    share = 17 if found.counts == "pieces" else 0  # six figures
    columns = (Column(found.heading), *(Column(name, kind, share) for name, kind, _field in counted), *money_columns())

    def row(figure: Figure, name: str, *, with_counts: bool = True) -> tuple[Cell, ...]:
        cells = [Cell(getattr(figure, field), kind) if with_counts else NO_CELL for _name, kind, field in counted]
        return (Cell(name), *cells, *money_cells(figure))

    rows = [row(one, one.name) for one in found.figures]
    if found.rest is not None:
        rows.append(row(found.rest, found.rest.name, with_counts=False))
    # Pieces of honey and of tea add up to nothing.
    whole = row(total, _("Cộng"), with_counts=found.counts == "receipts")
    title = _("Bán hàng %(by)s", by=found.title[:1].lower() + found.title[1:])
    return Table(found.name, title, found.title, columns, tuple(rows), whole if rows else None)


def days_table(facts: Facts) -> Table:
    """Sales day by day, with what a receipt came to."""
    columns = (
        Column(_("Ngày"), "day"), Column(_("Phiếu bán"), "count"), Column(_("Phiếu trả"), "count"), *money_columns(),
        Column(_("Mỗi phiếu (đồng)"), "dong", 20),
    )  # fmt: skip

    def row(first: Cell, figure: Figure) -> tuple[Cell, ...]:
        average = Cell(figure.average_dong if figure.receipts else None, "dong")
        return (first, Cell(figure.receipts, "count"), Cell(figure.refunds, "count"), *money_cells(figure), average)

    rows = tuple(row(Cell(one.day, "day"), one.money) for one in facts.days)
    total = row(Cell(_("Cộng")), together(one.money for one in facts.days))
    return Table("sales_days", _("Kết quả bán hàng từng ngày"), _("Bán hàng theo ngày"), columns, rows, total)


def visitors_table(facts: Facts) -> Table:
    """Visitors day by day: entries, the plan, the most inside at once, the estimate; never mixed."""
    columns = (
        Column(_("Ngày"), "day"), Column(_("Lượt vào"), "count", 18), Column(_("Dự kiến"), "count", 18),
        Column(_("So với dự kiến"), "permille", 18), Column(_("Lúc đông nhất (người)"), "count", 20),
        Column(_("Số người (ước tính)"), "count", 20), Column(_("Ghi chú"), "text", 40),
    )  # fmt: skip
    rows = tuple(row_of(columns, _visitors_row(one)) for one in facts.days)
    both = facts.planned_days
    planned = sum(one.planned or 0 for one in both) if both else None
    share = permille_of(sum(one.entries or 0 for one in both), planned) if planned else None
    # The most inside at once is of one moment: of several days it is no sum.
    total = (
        Cell(_("Cộng")), Cell(facts.entries, "count"), Cell(planned, "count"), Cell(share, "permille"), NO_CELL,
        Cell(facts.distinct, "count"), Cell(_("dự kiến: chỉ những ngày có cả hai số") if both and len(both) < len(facts.days) else ""),
    )  # fmt: skip
    return Table("visitors_days", _("Khách tham quan từng ngày"), _("Khách theo ngày"), columns, rows, total)


def _visitors_row(one: DayFacts) -> tuple[str | int | date | None, ...]:
    share = permille_of(one.entries, one.planned) if one.entries is not None and one.planned else None
    words = [_("đông hơn dự kiến")] if one.is_over_plan else []
    if one.entries is None:
        words.append(_("không đếm khách"))
    elif one.silent_gates:
        words.append(_("thiếu số của cổng: %(gates)s", gates=", ".join(one.silent_gates)))
    return one.day, one.entries, one.planned, share, one.peak, one.distinct, "; ".join(words)


def payments_table(days: FigureTable) -> Table:
    """What came in on each day by each way of paying, less what was paid out again."""
    columns = (
        Column(_("Ngày"), "day", 30), Column(_("Tiền mặt (đồng)"), "dong"), Column(_("Chuyển khoản đã xác nhận (đồng)"), "dong"),
        Column(_("Chuyển khoản chưa xác nhận (đồng)"), "dong"), Column(_("Thẻ (đồng)"), "dong"), Column(_("Cộng (đồng)"), "dong"),
    )  # fmt: skip

    def row(first: Cell, one: Figure) -> tuple[Cell, ...]:
        ways = (one.cash_dong, one.confirmed_dong, one.claimed_dong, one.card_dong, one.net_dong)
        return (first, *(Cell(dong, "dong") for dong in ways))

    rows = tuple(row(Cell(date.fromisoformat(one.key), "day"), one) for one in days.figures)
    total = row(Cell(_("Cộng")), together(days.figures)) if rows else None
    return Table("payments", _("Thực thu theo cách trả tiền, từng ngày"), _("Cách trả tiền"), columns, rows, total)


def changes_table(facts: Facts) -> Table:
    """Words about published figures after the first: who changed which, when and why."""
    columns = (
        Column(_("Lúc"), "instant", 24), Column(_("Chỉ tiêu"), "text", 26), Column(_("Ngày"), "day", 20), Column(_("Số cũ"), "count", 26),
        Column(_("Số mới"), "count", 26), Column(_("Người sửa và lý do"), "text", 50),
    )  # fmt: skip
    rows = tuple(
        row_of(
            columns,
            (one.at, figure_name(one.name), one.day or _("cả kỳ"), one.old, one.value, f"{one.by}: {one.reason}"),
        )
        for one in facts.changes
    )
    return Table("adjustments", _("Điều chỉnh sau khi khóa số liệu"), _("Điều chỉnh"), columns, rows)


def differences_table(facts: Facts) -> Table:
    """Where what is recorded now differs from what was published."""
    columns = (
        Column(_("Chỉ tiêu"), "text", 50), Column(_("Đã công bố"), "count", 28), Column(_("Đang ghi nhận"), "count", 28),
        Column(_("Chênh lệch"), "count", 28),
    )  # fmt: skip
    some = [one for one in facts.keys.values() if one.difference is not None]
    rows = tuple(row_of(columns, (figure_name(one.code), one.published, one.live, one.difference)) for one in some)
    return Table("differences", _("Số đã công bố và số đang ghi nhận"), _("Chênh lệch"), columns, rows)


def comparison_table(facts: Facts) -> Table:
    """This edition beside the one before, by the day: the two need not be equally long. Figures and growth of reports.comparison."""
    columns = (
        Column(_("Chỉ tiêu"), "text", 44), Column(_("Kỳ trước"), "count", 28), Column(_("Kỳ này"), "count", 28),
        Column(_("Tăng, giảm"), "permille", 18),
    )  # fmt: skip
    now, before = facts.now, facts.before
    rows = []
    wanted: tuple[tuple[str, str, Kind], ...] = (
        ("visits_per_day", _("Lượt khách mỗi ngày"), "count"),
        ("net_per_day", _("Thực thu mỗi ngày"), "dong"),
        ("net_per_visit", _("Thực thu mỗi lượt khách"), "dong"),
        ("net_per_booth_day", _("Thực thu mỗi gian mỗi ngày"), "dong"),
        ("ocop_permille", _("Tỷ lệ hàng OCOP"), "permille"),
    )
    for name, title, kind in wanted:
        old, new = getattr(before, name, None), getattr(now, name)
        grown = growth_of(now, before, GROWN[name]) if name in GROWN else None
        if old is not None or new is not None:
            rows.append((Cell(title), Cell(old, kind), Cell(new, kind), Cell(grown, "permille")))
    return Table("comparison", _("So với kỳ trước"), _("So với kỳ trước"), columns, tuple(rows))


GROWN: dict[str, Literal["visits", "net_dong"]] = {"visits_per_day": "visits", "net_per_day": "net_dong"}
"""What is told with its growth, and the figure that grew."""


# --- key figures ------------------------------------------------------------------------------------------------------


def figure_name(code: str) -> str:
    """A key figure in words."""
    words: dict[str, str] = {
        "days": _("Số ngày"), "visits": _("Lượt khách vào"), "peak": _("Đông nhất cùng lúc"), "distinct": _("Số người đến (ước tính)"),
        "receipts": _("Phiếu bán"), "refunds": _("Phiếu trả"), "sold_dong": _("Tiền bán ra"), "refunded_dong": _("Tiền trả lại"),
        "net_dong": _("Thực thu"), "average_dong": _("Thực thu mỗi phiếu bán"), "ocop_dong": _("Thực thu hàng OCOP"),
        "booths": _("Gian hàng"), "selling_booths": _("Gian hàng có bán"), "enterprises": _("Chủ thể có hàng bán ra"),
        "products": _("Sản phẩm đã bán"),
    }  # fmt: skip
    return words.get(code, code)


def unit_name(code: str) -> str:
    """In what a key figure is counted."""
    words: dict[str, str] = {
        "days": _("ngày"), "visits": _("lượt"), "peak": _("người"), "distinct": _("người"), "receipts": _("phiếu"), "refunds": _("phiếu"),
        "booths": _("gian"), "selling_booths": _("gian"), "enterprises": _("chủ thể"), "products": _("sản phẩm"),
    }  # fmt: skip
    return words.get(code, str(_("đồng")))


def key_table(facts: Facts) -> Table:
    """The figures that the text is made of, each with its unit and where it comes from."""
    columns = (
        Column(_("Chỉ tiêu"), "text", 44), Column(_("Số liệu"), "count", 32), Column(_("Đơn vị"), "text", 20), Column(_("Nguồn"), "text", 60),
    )  # fmt: skip
    rows = [
        (Cell(figure_name(one.code)), Cell(one.said, kind_of(one.code)), Cell(unit_name(one.code)), Cell(source_of(one, facts)))
        for one in facts.keys.values()
    ]  # fmt: skip
    ocop = facts.ocop
    share = Cell(None if ocop is None else ocop.permille, "permille")
    rows.append(
        (Cell(_("Tỷ trọng hàng OCOP")), share, NO_CELL, Cell(_("tiền hàng OCOP trên tiền hàng, đã trừ trả lại")))
    )
    return Table("key_figures", _("Các chỉ tiêu chính"), _("Số liệu chính"), columns, tuple(rows))


def kind_of(code: str) -> Kind:
    """How a key figure is written."""
    return "dong" if code.endswith("_dong") else "count"


def source_of(one: KeyFigure, facts: Facts) -> str:
    """Where a key figure comes from, and whether it may still change."""
    entry = facts.published.latest(one.code)
    if one.published is not None and entry is not None:
        return source_words(entry)
    if one.live is None:
        return str(_("không có số liệu"))
    sources: dict[str, str] = {
        "days": _("lịch hội chợ"), "visits": _("đếm ở cổng"), "peak": _("đếm ở cổng"), "distinct": _("ước tính từ số đếm ở cổng"),
        "booths": _("danh sách gian hàng"), "average_dong": _("thực thu chia số phiếu bán"),
    }  # fmt: skip
    words = sources.get(one.code, _("phiếu của máy bán hàng"))
    if one.code == "days" and facts.now.is_running:
        words = _("lịch hội chợ; dài %(length)s ngày, mới mở %(days)s", length=facts.now.length, days=facts.now.days)
    changing = facts.is_provisional and one.code not in {"days", "booths"}
    return str(_("%(source)s, tạm tính", source=words)) if changing else words
