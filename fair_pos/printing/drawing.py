"""Text as black dots: what a thermal printer of 203 dots to the inch gets, the same dots on every machine.

No code page is involved (FEATURES 26): whatever letter the font has comes out, on any printer that prints pictures. The font is
the one that the pages use, pinned in till/package-lock.json, drawn by the FreeType inside the pinned Pillow; the system's fonts
play no part. How this was chosen: docs/decisions/0017.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Literal

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M

from fair_pos.settings import TOP

FONTS = TOP / "static" / "vendor"
SUBSETS = ("latin", "vietnamese", "latin-ext")
"""The files a weight of the font is divided into; each letter is drawn by the first that has it."""
Align = Literal["left", "center"]

SAMPLE = "Đặc sản Pa Ủ – Ưu đãi 5 %"
"""Every mark that goes wrong on cheap printers, in one line (FEATURES C5)."""
WHITE, BLACK = 1, 0
LEADING, BASELINE, RISE = 1.36, 1.06, 0.22
"""Of the size: height of a line, where letters stand in it, and how far Ẵ and Ể reach into the line above."""
LINE_THICK = 2
DOTS_PER_MODULE = {384: 7, 576: 8}
"""Of a QR code, by paper: about a millimetre, which a cheap camera reads from creased paper."""
_BREAKS = str.maketrans(dict.fromkeys("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029", " "))
"""What would begin a line of its own inside a line of ours, where it is cut off, so that half a name is lost."""
# A face of FreeType holds one letter at a time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Text:
    """A paragraph; `size` in dots, wrapped at words."""

    text: str
    size: int = 24
    bold: bool = False
    align: Align = "left"
    after: int = 0
    """Dots of white below."""


@dataclass(frozen=True)
class Pair:
    """Words at the left, an amount at the right; the amount is never broken, the words wrap before it."""

    left: str
    right: str
    size: int = 24
    bold: bool = False
    after: int = 0


@dataclass(frozen=True)
class Rule:
    """A line across; `solid` before what matters, dots between goods."""

    solid: bool = False


@dataclass(frozen=True)
class Boxed:
    """White on black across the paper, so that nobody overlooks it."""

    text: str
    size: int = 30


@dataclass(frozen=True)
class Code:
    """A QR code of an address."""

    text: str


@dataclass(frozen=True)
class Gap:
    """White paper."""

    dots: int


Part = Text | Pair | Rule | Boxed | Code | Gap


def draw(parts: Sequence[Part], width: int) -> Image.Image:
    """The parts below each other on paper `width` dots wide: a picture of one bit a dot, as long as it needs to be."""
    with _one_at_a_time:
        strips = [(_strip(part, width), _rise(part)) for part in parts]
    top = strips[0][1] if strips else 0
    paper = Image.new("1", (width, max(1, top + sum(strip.height - rise for strip, rise in strips))), WHITE)
    for strip, rise in strips:
        paper.paste(BLACK, (0, top - rise), _turned(strip))  # black over what is there, so that nothing is cut off
        top += strip.height - rise
    return paper


def _rise(part: Part) -> int:
    return round(part.size * RISE) if isinstance(part, Text | Pair) else 0


def _turned(strip: Image.Image) -> Image.Image:
    # `invert` turns the 255 of a white dot into 0 and the 0 of a black one into 254, which is not a dot any more.
    return ImageChops.logical_xor(strip, Image.new("1", strip.size, WHITE))


def _strip(part: Part, width: int) -> Image.Image:
    match part:
        case Text():
            return _text(part, width)
        case Pair():
            return _pair(part, width)
        case Rule():
            return _rule(part, width)
        case Boxed():
            return _boxed(part, width)
        case Code():
            return _code(part, width)
        case Gap():
            return Image.new("1", (width, part.dots), WHITE)


def _text(part: Text, width: int) -> Image.Image:
    lines = wrapped(part.text, part.size, bold=part.bold, width=width)
    strip = _blank(len(lines), part.size, width, part.after)
    for number, line in enumerate(lines):
        left = (width - length(line, part.size, bold=part.bold)) // 2 if part.align == "center" else 0
        _write(strip, left, number, line, part.size, bold=part.bold)
    return strip


def _pair(part: Pair, width: int) -> Image.Image:
    amount = length(part.right, part.size, bold=part.bold)
    room = width - amount - part.size // 2
    # Words that do not fit beside the amount take the whole width, and the amount stands below them when it must.
    lines = wrapped(part.left, part.size, bold=part.bold, width=width)
    if length(lines[-1], part.size, bold=part.bold) > room:
        lines.append("")
    strip = _blank(len(lines), part.size, width, part.after)
    for number, line in enumerate(lines):
        _write(strip, 0, number, line, part.size, bold=part.bold)
    _write(strip, width - amount, len(lines) - 1, part.right, part.size, bold=part.bold)
    return strip


def _rule(part: Rule, width: int) -> Image.Image:
    strip = Image.new("1", (width, 8 + LINE_THICK + 8), WHITE)
    pen = ImageDraw.Draw(strip)
    for x in (0,) if part.solid else range(0, width, 10):
        right = width if part.solid else x + 4
        pen.rectangle((x, 8, right - 1, 8 + LINE_THICK - 1), fill=BLACK)
    return strip


def _boxed(part: Boxed, width: int) -> Image.Image:
    inside = _text(Text(part.text, part.size, bold=True, align="center"), width)
    strip = Image.new("1", (width, inside.height + 12), WHITE)
    strip.paste(inside, (0, 6))
    turned = _turned(strip)
    framed = Image.new("1", (width, turned.height + 10), WHITE)
    framed.paste(turned, (0, 0))
    return framed


def _code(part: Code, width: int) -> Image.Image:
    code = qrcode.QRCode(border=0, error_correction=ERROR_CORRECT_M)
    code.add_data(part.text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    # Whole dots to a module: a scaled code has modules of different widths, which is what cameras stumble over.
    dots = min(DOTS_PER_MODULE.get(width, 7), width // (len(rows) + 8))
    quiet = 4 * dots
    side = dots * len(rows)
    strip = Image.new("1", (width, side + 2 * quiet), WHITE)
    pen = ImageDraw.Draw(strip)
    left = (width - side) // 2
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                box = (left + x * dots, quiet + y * dots, left + (x + 1) * dots - 1, quiet + (y + 1) * dots - 1)
                pen.rectangle(box, fill=BLACK)
    return strip


# --- letters --------------------------------------------------------------------------------------------------------


def length(text: str, size: int, *, bold: bool) -> int:
    """How many dots wide `text` is in one line. Letters are whole dots wide and do not know their neighbours."""
    return sum(_advance(letter, 600 if bold else 400, size) for letter in _as_drawn(text))


def wrapped(text: str, size: int, *, bold: bool, width: int) -> list[str]:
    """`text` in lines of at most `width` dots, broken between words; a word that is too long alone is broken inside.

    A no-break space keeps a number and its sign together.
    """
    lines: list[str] = []
    line = ""
    for word in unicodedata.normalize("NFC", text).translate(_BREAKS).split(" "):
        longer = f"{line} {word}" if line else word
        if length(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while length(line, size, bold=bold) > width and len(line) > 1:
            fits = next(
                (n for n in range(len(line) - 1, 0, -1) if length(line[:n], size, bold=bold) <= width),
                1,
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line or not lines else lines


def _blank(lines: int, size: int, width: int, after: int) -> Image.Image:
    return Image.new("1", (width, round(size * RISE) + lines * round(size * LEADING) + after), WHITE)


def _write(strip: Image.Image, left: int, line: int, text: str, size: int, *, bold: bool) -> None:
    pen = ImageDraw.Draw(strip)
    pen.fontmode = "1"  # no greys: the hinting of the font decides every dot
    baseline = round(size * RISE) + line * round(size * LEADING) + round(size * BASELINE)
    x = left
    for run, font in _runs(text, size, bold):
        pen.text((x, baseline), run, font=font, fill=BLACK, anchor="ls")
        x += length(run, size, bold=bold)


def _runs(text: str, size: int, bold: bool) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
    """`text` in pieces that one file of the font can draw."""
    weight = 600 if bold else 400
    for subset, letters in groupby(_as_drawn(text), key=lambda letter: _subset_of(letter, weight)):
        yield "".join(letters), _font(subset, weight, size)


def _as_drawn(text: str) -> str:
    """Letter and marks as one sign, which is how the font has them."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ")


@cache
def _advance(letter: str, weight: int, size: int) -> int:
    return round(_font(_subset_of(letter, weight), weight, size).getlength(letter))


@cache
def _subset_of(letter: str, weight: int) -> str:
    """The file that has the letter. What none has is drawn by the first, as its box for missing letters."""
    return next((subset for subset in SUBSETS if letter in _letters(subset, weight)), SUBSETS[0])


@cache
def _letters(subset: str, weight: int) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(_file(subset, weight), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def _font(subset: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout is Pillow's own; the other depends on libraries that a machine may have or not.
    return ImageFont.truetype(_file(subset, weight), size, layout_engine=ImageFont.Layout.BASIC)


def _file(subset: str, weight: int) -> str:
    return str(FONTS / f"be-vietnam-pro-{subset}-{weight}-normal.woff2")
