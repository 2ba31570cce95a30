"""Tables of figures as files. A page and its file are made from the same `Table`, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import Response
from flask_babel import gettext as _

from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.text import slug
from fair_pos.plumbing.sheets import Cell, write_csv, write_xlsx
from fair_pos.reports.queries import ReceiptRow
from fair_pos.reports.rules import Figure

MIME_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Table:
    """Figures under one kind of heading. `asks` is the name by which a list of receipts is narrowed to one row."""

    name: str
    title: str
    heading: str
    asks: str
    counts: Literal["receipts", "pieces", "money"]
    figures: Sequence[Figure]


def table_cells(table: Table) -> tuple[list[str], list[list[Cell]]]:
    """(headings, rows) of a table of figures; money in whole đồng."""
    headings = [table.heading]
    if table.counts == "receipts":
        headings += [_("Phiếu bán"), _("Phiếu trả")]
    if table.counts == "pieces":
        headings += [_("Số lượng bán"), _("Số lượng trả")]
    headings += [_("Bán ra (đồng)"), _("Trả lại (đồng)"), _("Thực thu (đồng)")]
    return headings, [_cells(table, figure) for figure in table.figures]


def _cells(table: Table, figure: Figure) -> list[Cell]:
    counts: dict[str, list[Cell]] = {
        "receipts": [figure.receipts, figure.refunds],
        "pieces": [figure.sold_quantity, figure.refunded_quantity],
        "money": [],
    }
    return [figure.name, *counts[table.counts], figure.sold_dong, figure.refunded_dong, figure.net_dong]


def receipt_cells(rows: Sequence[ReceiptRow], *, with_pieces: bool) -> tuple[list[str], list[list[Cell]]]:
    """(headings, rows) of a list of receipts; refunds below zero."""
    headings = [_("Số phiếu"), _("Ngày giờ"), _("Gian hàng"), _("Loại"), _("Số tiền (đồng)")]
    kinds = {"sale": _("Bán"), "refund": _("Trả hàng")}
    cells: list[list[Cell]] = []
    for row in rows:
        when = row.sold_at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
        cells.append([row.number, when, row.booth, kinds[row.kind], row.amount_dong])
        if with_pieces:
            cells[-1].append(row.quantity)
        cells[-1].append(_("dữ liệu mẫu") if row.sample else "")
    return [*headings, *([_("Số lượng")] if with_pieces else []), _("Ghi chú")], cells


def as_file(kind: str, title: str, cells: tuple[list[str], list[list[Cell]]]) -> Response:
    """The answer that a browser saves as «title.kind»."""
    headings, rows = cells
    data = write_csv(headings, rows) if kind == "csv" else write_xlsx(title, headings, rows)
    answer = Response(data, content_type=MIME_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug(title)}.{kind}"'
    return answer
