"""Prints one report in a process of its own: JSON comes in, the PDF goes out. Started by paper.py.

The report of a large fair has ninety pages and takes WeasyPrint ten seconds and 300 MB. In the server it would take every second turn
from the tills that upload meanwhile, and the one printer of receipts and labels would stand still; here it takes what is left over.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import sys

from fair_pos.settings import TOP

STYLE = TOP / "templates" / "final_report" / "paper.css"
NICENESS = 10


def packed(html: str, pictures: dict[str, bytes]) -> bytes:
    """What is handed over: the page and its pictures (SVG) by address."""
    found = {address: base64.b64encode(picture).decode("ascii") for address, picture in pictures.items()}
    return json.dumps({"html": html, "pictures": found}).encode("ascii")


def pressed(order: bytes) -> bytes:
    """The PDF of what `packed` made; the same bytes for the same order."""
    from fair_pos.plumbing.pdf import SheetPrinter

    asked = json.loads(order)
    files = {address: ("image/svg+xml", base64.b64decode(one)) for address, one in asked["pictures"].items()}
    return SheetPrinter(STYLE.read_text(encoding="utf-8")).print_sheets(asked["html"], files, tagged=True)


def main() -> None:
    """Standard input to standard output."""
    os.nice(NICENESS)
    # Millions of boxes live until the end and none before: looking through them for rubbish again and again took a third of the time.
    gc.disable()
    sys.stdout.buffer.write(pressed(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
