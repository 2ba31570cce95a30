"""The picture of a shared day: 1200 × 630, what a messenger shows beside a link. Drawn at twice the size with the project's own letters."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageColor, ImageDraw

from fair_pos.printing.drawing import Text, draw, wrapped

SIZE = (1200, 630)
SCALE = 2
PAPER, CARD, INK, SOFT, LEAF = "#fbfaf7", "#ffffff", "#1b1b18", "#4b4a43", "#0b5d3b"
EDGE = 64
STEPS = 6
"""Shades between the colour of a letter and what lies under it."""
MOST_NAME_LINES = 2


def picture_of(name: str, place: str, day: str, figures: Sequence[tuple[str, str]]) -> bytes:
    """PNG with the name, the day, and (word, number) of at most three figures; the same bytes for the same words."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 16), fill=LEAF)
    width = SIZE[0] - 2 * EDGE
    size = next((one for one in (64, 54, 46) if len(_lines(name, one, width)) <= MOST_NAME_LINES), 46)
    lines = _lines(name, size, width)
    if len(lines) > MOST_NAME_LINES:
        lines = [*lines[: MOST_NAME_LINES - 1], f"{lines[MOST_NAME_LINES - 1]}…"]
    top = 44
    for line in lines:
        top += _put(picture, line, (EDGE, top), width, size, bold=True, colour=INK)
    _put(picture, place, (EDGE, top + 4), width, 30, bold=False, colour=SOFT) if place else None
    _put(picture, day, (EDGE, 316), width, 36, bold=False, colour=LEAF)
    columns = max(1, len(figures))
    gap = 24
    each = (width - gap * (columns - 1)) // columns
    for number, (word, value) in enumerate(figures):
        left = EDGE + number * (each + gap)
        pen.rounded_rectangle((left, 386, left + each, 580), radius=24, fill=CARD, outline=LEAF, width=3)
        fits = next((one for one in (76, 64, 54, 44, 36) if len(_lines(value, one, each - 48)) == 1), 30)
        _put(picture, value, (left + 24, 404), each - 48, fits, bold=True, colour=LEAF)
        _put(picture, word, (left + 24, 514), each - 48, 32, bold=False, colour=SOFT)
    out = io.BytesIO()
    # Letters need shades of few colours: with these alone the picture weighs less than half.
    picture.quantize(palette=_shades(), dither=Image.Dither.NONE).save(out, format="PNG", optimize=True)
    return out.getvalue()


def _shades() -> Image.Image:
    pairs = [(PAPER, INK), (PAPER, SOFT), (PAPER, LEAF), (CARD, LEAF), (CARD, SOFT)]
    ends = [(ImageColor.getrgb(under), ImageColor.getrgb(letter)) for under, letter in pairs]
    palette = Image.new("P", (1, 1))
    palette.putpalette(
        [
            round(one + (other - one) * step / STEPS)
            for under, letter in ends
            for step in range(STEPS + 1)
            for one, other in zip(under[:3], letter[:3], strict=True)
        ]
    )
    return palette


def _lines(text: str, size: int, width: int) -> list[str]:
    return wrapped(text, size * SCALE, bold=True, width=width * SCALE)


def _put(
    picture: Image.Image, text: str, at: tuple[int, int], width: int, size: int, *, bold: bool, colour: str
) -> int:
    """Write one line; returns how high it is."""
    dots = draw([Text(text, size * SCALE, bold=bold)], width * SCALE).convert("L")
    small = dots.resize((dots.width // SCALE, dots.height // SCALE), Image.Resampling.LANCZOS)
    picture.paste(Image.new("RGB", small.size, colour), at, ImageChops.invert(small))
    return small.height
