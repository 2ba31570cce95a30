"""Labels on paper: every measure is ours, so that what is printed at 100 % is as large as it should be."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template, url_for

from fair_pos.labels.forms import Order
from fair_pos.labels.rules import KINDS, LabelGoods, corners, label_address, label_of, wanted_correction
from fair_pos.plumbing.qr import modules_png, qr_modules
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "labels" / "sheet.css"


@cache
def sheet_printer(code: str) -> SheetPrinter:
    """The printer of one kind, made when the first label is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    width, height = (millimetres(one) for one in KINDS[code].paper)
    return SheetPrinter(f"@page {{ size: {width} {height}; margin: 0 }}\n{STYLE.read_text(encoding='utf-8')}")


def print_labels(order: Order, public_url: str) -> bytes:
    """The labels as a PDF, one label a page or as many as the sheet has. Raises PrinterBusy."""
    kind = order.kind
    places = corners(kind, order.count, order.start)
    pages: list[list[dict[str, object]]] = [[] for _ in range(places[-1][0] + 1)]
    pictures: dict[str, tuple[str, bytes]] = {}
    at = iter(places)
    for goods, copies in order.labels:
        label = label_of(kind, goods)
        picture = f"own:{goods.slug}.png"
        if picture not in pictures:
            pictures[picture] = ("image/png", code_picture(goods, kind.qr[2], public_url))
        for _ in range(copies):
            page, left, top = next(at)
            pages[page].append({"label": label, "picture": picture, "left": left, "top": top})
    html = render_template(
        "labels/sheet.html", kind=kind, pages=pages, outlines=order.outlines, mm=millimetres, points=points
    )
    return sheet_printer(kind.code).print_sheets(html, pictures)


def code_picture(goods: LabelGoods, side_um: int, public_url: str) -> bytes:
    """The QR of a product's public page, for a square of this side."""
    address = label_address(public_url, url_for("receipts.product", slug=goods.slug))
    rows = qr_modules(address, "M")
    if wanted_correction(side_um, len(rows)) == "L":
        rows = qr_modules(address, "L")
    return modules_png(rows)


def millimetres(um: int) -> str:
    """38100 → «38.1mm»: what CSS reads."""
    whole, rest = divmod(um, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") + "mm"


def points(tenths: int) -> str:
    """95 → «9.5pt»."""
    return f"{tenths // 10}.{tenths % 10}pt"
