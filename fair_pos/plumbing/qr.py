"""Text → QR code as SVG, and as the smallest picture for sheets that hold it many times."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

import qrcode
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

QUIET_MODULES = 4
"""White modules on every side, as ISO/IEC 18004 asks; with fewer, older phones do not find the code."""


@lru_cache(maxsize=256)
def qr_svg(text: str) -> str:
    """`text` as a black and white SVG of 1 unit a module, quiet zone included, to be scaled by CSS.

    Neighbouring modules of a row are drawn as one bar and all bars as one path: a third of the bytes of one square a module, and no
    hairlines between them. Error correction M: thermal paper gets creased. Raises ValueError when `text` does not fit in any code.
    """
    code = qrcode.QRCode(border=QUIET_MODULES, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    side = len(rows)
    bars = []
    for y, row in enumerate(rows):
        x = 0
        for dark, modules in groupby(row):
            width = len(list(modules))
            if dark:
                bars.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{"".join(bars)}"/></svg>'
    )


def qr_modules(text: str, correction: Literal["L", "M"] = "M") -> list[list[bool]]:
    """The modules of `text` as rows, true where they are black, quiet zone included. L has fewer than M: larger ones on a small label.

    Raises ValueError when `text` does not fit in any code.
    """
    code = _code(text, correction)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    return rows


def qr_side(text: str, correction: Literal["L", "M"] = "M") -> int:
    """How many modules qr_modules has in a row, without working them out."""
    version: int = _code(text, correction).best_fit()
    return 17 + 4 * version + 2 * QUIET_MODULES


def _code(text: str, correction: Literal["L", "M"]) -> Any:
    level = ERROR_CORRECT_L if correction == "L" else ERROR_CORRECT_M
    code = qrcode.QRCode(border=QUIET_MODULES, error_correction=level)
    code.add_data(text)
    return code


def modules_png(rows: list[list[bool]]) -> bytes:
    """Modules as a PNG of one pixel each, black and white; who shows it enlarges it without smoothing."""
    side = len(rows)
    lines = bytearray()
    for row in rows:
        bits = sum(1 << (7 - at % 8 + 8 * ((side - 1) // 8 - at // 8)) for at, dark in enumerate(row) if not dark)
        lines += b"\0" + bits.to_bytes((side + 7) // 8, "big")
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
