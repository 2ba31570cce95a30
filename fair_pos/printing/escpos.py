"""The few commands of ESC/POS that a picture needs. Source: Epson's ESC/POS reference, «GS v 0», «ESC @», «ESC d», «GS V».

python-escpos makes the same bytes; why it is not used: docs/decisions/0017.
"""

from __future__ import annotations

from PIL import Image

WAKE = b"\x1b@"
"""Forget what the job before may have left behind, half a picture included."""
FEED = b"\x1bd\x04"
"""Four lines, so that the cutter, which sits above the print head, cuts below the last line."""
CUT = b"\x1dV\x42\x00"
"""Feed to the cutter and cut, leaving one point; a printer without a cutter takes no notice."""
_TURNED = bytes(byte ^ 0xFF for byte in range(256))
"""In Pillow a set bit is white; on the wire it is black."""
BAND_ROWS = 128
"""Rows of a picture in one command: cheap printers hold some 4 kB before they print."""


def to_bytes(paper: Image.Image) -> bytes:
    """A whole job: the picture in bands from top to bottom, then the cut. Raises ValueError unless it is one bit a dot."""
    if paper.mode != "1" or paper.width % 8:
        raise ValueError("a picture for a thermal printer has one bit a dot and whole bytes in a row")
    dots = paper.tobytes().translate(_TURNED)
    row = paper.width // 8
    bands = [_band(dots[at : at + row * BAND_ROWS], row) for at in range(0, len(dots), row * BAND_ROWS)]
    return b"".join([WAKE, *bands, FEED, CUT])


def _band(dots: bytes, row: int) -> bytes:
    """GS v 0, normal size: bytes in a row and rows, low byte first, then the dots."""
    rows = len(dots) // row
    return b"\x1dv0\x00" + row.to_bytes(2, "little") + rows.to_bytes(2, "little") + dots
