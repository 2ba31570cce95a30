"""Text → QR code as SVG."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

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
