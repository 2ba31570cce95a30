"""How wide a text is in Noto Sans, how it breaks into lines, and the largest size at which it fits a box.

PDF has no «as large as fits»; laying out again and again until it does costs a tenth of a second a label, and cutting off what does not
fit would print a lie. So the lines are broken here, by the letters' own widths.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Thousandths of the font's size → the letters that are so wide (fonts-noto-core, Noto Sans; tests/labels/test_letters.py reads the font).
_BOLD = {
    217: "‘’", 260: " ", 266: "'", 285: ",.:;·", 286: "!", 305: "ijl", 322: "-", 331: "J[]", 339: "()", 362: "`", 376: "•", 387: "f",
    389: "I", 394: "{}", 411: "_", 413: "/\\", 428: "°", 434: "t", 445: "“”", 454: "r", 472: '"', 477: "?", 488: "z", 497: "s", 500: "–",
    514: "c", 545: "*", 549: "F", 551: "S|", 560: "E", 565: "L", 569: "vy", 572: "$+0123456789<=>^~×±", 578: "x", 579: "TZ", 591: "e",
    604: "a", 615: "«»", 619: "o", 620: "k", 624: "Y", 628: "P", 633: "bdgpq", 637: "C", 646: "#", 649: "đ₫", 650: "V", 657: "hnu",
    660: "R", 664: "K", 667: "X", 672: "B", 679: "ơ", 690: "A", 724: "G", 740: "DĐ", 750: "&", 756: "U", 760: "ư", 765: "H", 796: "OQ",
    813: "N", 825: "Ơ", 855: "…", 856: "w", 874: "½", 885: "Ư", 897: "@", 901: "%", 943: "M", 967: "W", 982: "m",
}  # fmt: skip
_REGULAR = {
    175: "‘’", 225: "'", 258: "ijl", 260: " ", 268: ",.:;·", 269: "!", 273: "J", 281: "`", 300: "()", 322: "-", 329: "[]", 339: "I",
    344: "f", 359: "“”", 361: "t", 372: "/\\", 376: "•", 380: "{}", 408: '"', 413: "r", 428: "°", 434: "?", 444: "_", 470: "z", 479: "s",
    480: "c", 500: "–", 508: "v", 509: "«»", 510: "y", 519: "F", 524: "L", 529: "x", 534: "k", 549: "S", 551: "*|", 556: "ET", 561: "a",
    564: "e", 566: "Y", 572: "$+0123456789<=>Z^~×±", 586: "X", 600: "V", 605: "Po", 615: "bdgpq", 616: "ơ", 617: "đ₫", 618: "hnu",
    619: "K", 622: "R", 632: "C", 639: "A", 646: "#", 650: "B", 674: "ư", 728: "G", 730: "DĐ", 731: "U", 732: "&", 741: "H", 760: "N",
    771: "½", 780: "Ư", 781: "OQ", 784: "Ơ", 786: "w", 791: "…", 831: "%", 899: "@", 907: "M", 930: "W", 935: "m",
}  # fmt: skip
WIDTHS = {
    True: {letter: width for width, letters in _BOLD.items() for letter in letters},
    False: {letter: width for width, letters in _REGULAR.items() for letter in letters},
}
"""Bold or not → letter → thousandths of the font's size."""
UNKNOWN = 1000
"""A letter of another script: taken for as wide as it is high."""
_HORN = {"o": "ơ", "O": "Ơ", "u": "ư", "U": "Ư"}
_TENTH_OF_POINT = 352_778
"""In ten-thousandths of a micrometre."""
SLACK = 985
"""Of a thousand: the part of a box that is used, since pairs of letters move a little («kerning») when they are set."""


@lru_cache(maxsize=20_000)
def width_of(text: str, *, bold: bool) -> int:
    """The width of `text` in thousandths of the font's size; tone marks take no room of their own."""
    widths, total, base = WIDTHS[bold], 0, ""
    for letter in unicodedata.normalize("NFD", text):
        if letter == "\u031b" and base in _HORN:  # the horn, alone among the marks, widens its letter
            total += widths[_HORN[base]] - widths[base]
        elif not unicodedata.combining(letter):
            base = letter
            total += widths.get(" " if letter == "\u00a0" else letter, UNKNOWN)
    return total


@dataclass(frozen=True)
class Box:
    """A place on a label, in micrometres from its upper left corner. `sizes` in tenths of a point, the largest first."""

    left: int
    top: int
    width: int
    height: int
    sizes: tuple[int, ...]
    lines: int = 1
    bold: bool = False
    leading: int = 120
    """From line to line in hundredths of the size; with less, the marks of «Ế» touch what stands above."""


@dataclass(frozen=True)
class Fitted:
    """A text as it is set: its lines, their size in tenths of a point, and whether something had to be left out («…»)."""

    lines: tuple[str, ...]
    size: int
    cut: bool = False


def fit(texts: Sequence[str], box: Box) -> Fitted:
    """The first of `texts` that fits the box, at the largest of its sizes; the others are shorter ways to say the same.

    When none fits even at the smallest size, the last one is cut and ends in «…»: the reader sees that something is missing.
    """
    for text in texts:
        for size in box.sizes:
            lines = break_lines(text, _room(box, size), bold=box.bold)
            if lines is not None and len(lines) <= _most_lines(box, size):
                return Fitted(tuple(balanced(text, lines, bold=box.bold)), size)
    size = box.sizes[-1]
    return Fitted(tuple(_cut(texts[-1], _room(box, size), _most_lines(box, size), bold=box.bold)), size, cut=True)


def _room(box: Box, size: int) -> int:
    """The width of a box in thousandths of the font's size."""
    return box.width * SLACK * 10_000 // (size * _TENTH_OF_POINT)


def _most_lines(box: Box, size: int) -> int:
    return max(1, min(box.lines, box.height * 1_000_000 // (size * box.leading * _TENTH_OF_POINT)))


def break_lines(text: str, room: int, *, bold: bool) -> list[str] | None:
    """`text` in as few lines as hold it, broken between words; None when a word alone is wider than the room."""
    space = width_of(" ", bold=bold)
    lines: list[str] = []
    used = room + 1
    for word in text.split(" "):
        wide = width_of(word, bold=bold)
        if wide > room:
            return None
        if used + space + wide <= room:
            lines[-1] += f" {word}"
            used += space + wide
        else:
            lines.append(word)
            used = wide
    return lines


def balanced(text: str, lines: list[str], *, bold: bool) -> list[str]:
    """`text` in as many lines as `lines`, but of like width: no «1» stands alone on the second."""
    widest, count = max(width_of(line, bold=bold) for line in lines), len(lines)
    for room in range(widest // 2, widest, max(1, widest // 40)):
        tried = break_lines(text, room, bold=bold) if count > 1 else None
        if tried is not None and len(tried) == count:
            return tried
    return lines


def _cut(text: str, room: int, most_lines: int, *, bold: bool) -> list[str]:
    """As much of `text` as `most_lines` lines hold, the last of them ending in «…». Words wider than a line are broken."""
    lines, rest = [], text
    for _ in range(most_lines - 1):
        line = _as_much_as_fits(rest, room, bold=bold)
        lines.append(line)
        rest = rest[len(line) :].lstrip(" ")
    last = _as_much_as_fits(rest, room - width_of("…", bold=bold), bold=bold)
    return [*lines, f"{last.rstrip(' ,.–-')}…"]


def _as_much_as_fits(text: str, room: int, *, bold: bool) -> str:
    """The longest beginning of `text` that fits, up to the end of a word when a word fits at all."""
    end = len(text)
    while end > 1 and width_of(text[:end], bold=bold) > room:
        end -= 1
    if end < len(text) and text[end] != " " and " " in text[:end]:
        end = text.rindex(" ", 0, end)
    return text[:end].rstrip(" ")
