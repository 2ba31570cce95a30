"""A receipt on 80 mm paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template
from markupsafe import Markup

from fair_pos.plumbing.qr import qr_svg
from fair_pos.receipts import wording
from fair_pos.receipts.queries import Receipt
from fair_pos.receipts.rules import receipt_url
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import RollPrinter

STYLE = TOP / "templates" / "receipts" / "paper.css"


@cache
def roll_printer() -> RollPrinter:
    """The printer of receipts, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import RollPrinter

    return RollPrinter(STYLE.read_text(encoding="utf-8"))


def print_receipt(receipt: Receipt, public_url: str, copy_no: int = 0) -> bytes:
    """The receipt as a PDF of one page, 80 mm wide and as long as it needs; a copy says which it is. Raises PrinterBusy."""
    url = receipt_url(public_url, receipt.token)
    # The code is drawn by us from the address alone; everything else goes through Jinja's escaping.
    code = Markup(qr_svg(url))  # noqa: S704
    return roll_printer().print_page(
        render_template("receipts/paper.html", receipt=receipt, url=url, code=code, words=wording, copy_no=copy_no)
    )
