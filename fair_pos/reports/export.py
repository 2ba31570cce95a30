"""Tables of figures as files. A page and its file are made from the same `Table`, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask import Response
from flask_babel import gettext as _

from fair_pos.daysheet.queries import badge_of
from fair_pos.daysheet.words import badge_rows
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.text import slug
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sheets import Cell, Page, write_csv, write_xlsx
from fair_pos.reports.receipts import LineRow, ReceiptRow
from fair_pos.reports.rules import SPARED, Figure, by_money, together

MIME_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cells = tuple[list[str], list[list[Cell]]]
"""(headings, rows)."""


@dataclass(frozen=True)
class Table:
    """Figures under one kind of heading. `asks` is the name by which a list of receipts is narrowed to one row.

    `rest` is what the total holds and no row: the rounding. With `has_split` the figures know how their net was paid.
    """

    name: str
    title: str
    heading: str
    asks: str
    counts: Literal["receipts", "pieces", "money"]
    figures: Sequence[Figure]
    rest: Figure | None = None
    has_split: bool = False

    def cut(self, most: int) -> tuple[Sequence[Figure], Figure | None]:
        """The first rows and all others as one, whose key is their number; the whole table when hardly more than `most`.

        Of booths, which stand by their codes, those with the most money; of days the latest; hours are one day and stay together.
        """
        if self.name == "hours" or len(self.figures) <= most + SPARED:
            return self.figures, None
        if self.name == "days":
            return self.figures[-most:], together(self.figures[:-most], str(len(self.figures) - most))
        figures = by_money(self.figures) if self.asks == "booth" else self.figures
        return figures[:most], together(figures[most:], str(len(figures) - most))


def table_cells(table: Table) -> Cells:
    """(headings, rows) of a table of figures; money in whole đồng, weights in whole grams."""
    headings = [table.heading]
    if table.counts == "receipts":
        headings += [_("Phiếu bán"), _("Phiếu trả")]
    if table.counts == "pieces":
        headings += [_("Số lượng bán"), _("Số lượng trả"), _("Cân bán (gam)"), _("Cân trả (gam)")]
    headings += [_("Bán ra (đồng)"), _("Trả lại (đồng)"), _("Thực thu (đồng)")]
    if table.has_split:
        headings += [_("Tiền mặt"), _("Chuyển khoản đã xác nhận"), _("Chuyển khoản chưa xác nhận"), _("Thẻ")]
    rows = [*table.figures, *([table.rest] if table.rest else [])]
    return headings, [_cells(table, figure) for figure in rows]


def _cells(table: Table, figure: Figure) -> list[Cell]:
    counts: dict[str, list[Cell]] = {
        "receipts": [figure.receipts, figure.refunds],
        "pieces": [figure.sold_quantity, figure.refunded_quantity, figure.sold_grams, figure.refunded_grams],
        "money": [],
    }
    split = [figure.cash_dong, figure.confirmed_dong, figure.claimed_dong, figure.card_dong] if table.has_split else []
    money = [figure.sold_dong, figure.refunded_dong, figure.net_dong]
    return [figure.name, *counts[table.counts], *money, *split]


def method_name(method: str) -> str:
    """A way of paying, in words."""
    words: dict[str, str] = {"cash": _("Tiền mặt"), "transfer": _("Chuyển khoản"), "card": _("Thẻ")}
    return words.get(method, method)


def bearer_name(borne_by: str) -> str:
    """Who bears a discount, in words."""
    words: dict[str, str] = {"producer": _("chủ thể"), "organiser": _("ban tổ chức"), "shared": _("cùng chịu")}
    return words.get(borne_by, borne_by)


def kind_name(kind: str, *, whole: bool = False) -> str:
    """What kind of receipt it is, in words."""
    words: dict[str, str] = {"sale": _("Bán"), "refund": _("Hủy cả phiếu") if whole else _("Trả hàng")}
    return words[kind]


def completeness_page(edition_id: str, day: date | None) -> Page:
    """How complete the figures of a file were when it was made, as a sheet of its own."""
    badge = badge_of(reading(), edition_id, day, now())
    return _("Độ đầy đủ"), [_("Mục"), _("Nội dung")], badge_rows(badge)


@dataclass(frozen=True)
class Beside:
    """What the rows of receipts and lines name by id, in words."""

    sellers: Mapping[str, str]
    letters: Mapping[str, str]
    methods: Mapping[str, Sequence[str]]
    """By sale."""
    producers: Mapping[str, str]


def receipt_cells(rows: Sequence[ReceiptRow], beside: Beside, *, of_goods: bool) -> Cells:
    """(headings, rows) of a list of receipts; refunds below zero."""
    headings = [
        _("Số phiếu"), _("Ngày giờ"), _("Gian hàng"), _("Loại"), _("Số tiền (đồng)"), _("Tổng phiếu (đồng)"),
        _("Giảm giá (đồng)"), _("Làm tròn (đồng)"), _("Cách trả tiền"), _("Người bán"), _("Máy"),
        *([_("Số lượng"), _("Cân (gam)")] if of_goods else []), _("Dữ liệu"),
    ]  # fmt: skip
    cells: list[list[Cell]] = [
        [
            row.number, row.sold_at.astimezone(VIETNAM), row.booth, kind_name(row.kind, whole=row.whole), row.amount_dong, row.total_dong,
            row.discount_dong, row.rounding_dong, ", ".join(map(method_name, beside.methods.get(row.id, ()))),
            beside.sellers.get(row.person_id, ""), beside.letters.get(row.device_id, ""),
            *([row.quantity, row.grams] if of_goods else []), _("dữ liệu mẫu") if row.sample else "",
        ]
        for row in rows
    ]  # fmt: skip
    return headings, cells


def line_cells(rows: Sequence[LineRow], beside: Beside) -> Cells:
    """(headings, rows) of the lines of receipts; refunds below zero. What sellers noted for the booth is in no file."""
    headings = [
        _("Số phiếu"), _("Ngày giờ"), _("Gian hàng"), _("Loại"), _("Sản phẩm"), _("Chủ thể"), _("Đơn vị tính"), _("Số lượng"),
        _("Mỗi gói (đơn vị)"), _("Cân (gam)"), _("Đơn giá (đồng)"), _("Giá bảng (đồng)"), _("Giảm giá (đồng)"), _("Lý do giảm"),
        _("Bên chịu"), _("Thành tiền (đồng)"), _("Dữ liệu"),
    ]  # fmt: skip
    cells: list[list[Cell]] = [
        [
            row.number, row.sold_at.astimezone(VIETNAM), row.booth, kind_name(row.kind), row.name,
            beside.producers.get(row.producer_id, ""), row.unit, row.quantity, row.pack_size if row.pack_id is not None else None, row.grams,
            row.unit_price_dong, row.list_price_dong, row.discount_dong, row.discount_reason, bearer_name(row.discount_borne_by),
            row.amount_dong, _("dữ liệu mẫu") if row.sample else "",
        ]
        for row in rows
    ]  # fmt: skip
    return headings, cells


About = tuple[str, date | None]
"""(edition, day) whose figures a file holds; without a day those of the whole edition so far."""


def as_file(kind: str, title: str, cells: Cells, *more: Page, about: About | None) -> Response:
    """The answer that a browser saves as «title.kind».

    A workbook also holds the sheets of `more` and, last, how complete its figures are. CSV stays one plain table: a program that
    reads it would take a remark for a row.
    """
    headings, rows = cells
    if kind == "csv":
        data = write_csv(headings, rows)
    else:
        data = write_xlsx(title, headings, rows, *more, *([] if about is None else [completeness_page(*about)]))
    answer = Response(data, content_type=MIME_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug(title)}.{kind}"'
    return answer
