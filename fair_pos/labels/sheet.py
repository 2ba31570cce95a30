"""Labels on paper: every measure is ours, so that what is printed at 100 % is as large as it should be."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template, url_for

from fair_pos.labels import refusals
from fair_pos.labels.forms import Order
from fair_pos.labels.rules import (
    KINDS,
    Kind,
    LabelGoods,
    corners,
    label_address,
    label_of,
    wanted_correction,
    without_stars,
)
from fair_pos.plumbing.qr import modules_png, qr_modules, qr_side
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "labels" / "sheet.css"


@cache
def sheet_printer(code: str) -> SheetPrinter:
    """The printer of one kind, made when the first label is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(f"{STYLE.read_text(encoding='utf-8')}\n{measures(KINDS[code])}")


def measures(kind: Kind) -> str:
    """Where everything lies, as CSS read once: a style of its own on every part of every label is as much work as setting the text."""
    (width, height), (label_width, label_height), (left, top, side) = kind.paper, kind.size, kind.qr
    parts = {"title": kind.title, "price": kind.price, "unit": kind.unit, "maker": kind.maker, "code": kind.code_text}
    sizes = sorted({size for box in (*parts.values(), kind.stars) for size in box.sizes})
    rules = [
        f"@page {{ size: {_mm(width)} {_mm(height)}; margin: 0 }}",
        f".page {{ width: {_mm(width)}; height: {_mm(height)} }}",
        f".page div, i {{ width: {_mm(label_width)}; height: {_mm(label_height)} }}",
        f"img {{ left: {_mm(left)}; top: {_mm(top)}; width: {_mm(side)}; height: {_mm(side)} }}",
        *(
            f".{name} {{ left: {_mm(box.left)}; top: {_mm(box.top)}; width: {_mm(box.width)}; line-height: {box.leading}% }}"
            for name, box in parts.items()
        ),
        f".high {{ top: {_mm(without_stars(kind).top)} }}",
        *(f".s{size} {{ font-size: {_pt(size)} }}" for size in sizes),
    ]
    stars = kind.stars
    rules.append(
        f".ocop {{ top: {_mm(stars.top)}; font-size: {_pt(stars.sizes[0])}; line-height: {_mm(stars.height)} }}"
    )
    for count in (3, 4, 5):
        row = count * stars.height
        rules += [
            f".stars-{count} {{ left: {_mm(stars.left)}; top: {_mm(stars.top)}; width: {_mm(row)}; height: {_mm(stars.height)} }}",
            f".ocop-{count} {{ left: {_mm(stars.left + row + stars.height // 2)} }}",
        ]
    return "\n".join(rules)


def print_labels(order: Order, public_url: str) -> bytes:
    """The labels as a PDF, one label a page or as many as the sheet has. Raises PrinterBusy, AddressTooLong."""
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
    html = render_template("labels/sheet.html", kind=kind, pages=pages, outlines=order.outlines, mm=_mm)
    return sheet_printer(kind.code).print_sheets(html, pictures)


def code_picture(goods: LabelGoods, side_um: int, public_url: str) -> bytes:
    """The QR of a product's public page, for a square of this side. Raises AddressTooLong."""
    try:
        address = label_address(public_url, url_for("receipts.product", slug=goods.slug))
    except ValueError:
        raise refusals.AddressTooLong(name=goods.name) from None
    return modules_png(qr_modules(address, wanted_correction(side_um, qr_side(address, "M"))))


def _mm(um: int) -> str:
    """38100 → «38.1mm»: what CSS reads."""
    whole, rest = divmod(um, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") + "mm"


def _pt(tenths: int) -> str:
    """95 → «9.5pt»."""
    return f"{tenths // 10}.{tenths % 10}pt"
