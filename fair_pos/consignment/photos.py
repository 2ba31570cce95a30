"""Photos drawn anew: only pixels go on; where a phone stood, whose it is and when it was, stay behind."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from fair_pos.consignment.refusals import PhotoUnreadable

LONGEST_SIDE = 1280
MOST_PIXELS = 50_000_000
"""More than any phone's camera; a small file may claim far more and unpack to gigabytes."""
FORMATS = ("JPEG", "PNG", "WEBP", "MPO")
QUALITY = 82


def redrawn(data: bytes) -> bytes:
    """A JPEG of the picture in `data`, upright, at most LONGEST_SIDE pixels long, without anything beside its pixels.

    Raises PhotoUnreadable.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PhotoUnreadable
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                pixels = Image.new("RGB", upright.size, "white")
                flat = upright.convert("RGBA")
                pixels.paste(flat, mask=flat.getchannel("A"))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        # What a damaged, forged or unknown picture makes its reader raise.
        raise PhotoUnreadable from None
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
