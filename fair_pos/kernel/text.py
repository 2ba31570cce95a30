"""Vietnamese text: one spelling for storing, one form for telling names apart, one for searching, one key for sorting."""

from __future__ import annotations

import re
import unicodedata

# U+00D0/U+00F0 (Icelandic eth) look like Đ/đ and stand in real sources («Ðiện Biên Ðông»); left alone they make a second province.
_LOOK_ALIKES = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ"})
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
# Where a syllable ends in oa, oe or uy, half the country writes the tone on the first vowel and half on the second.
_TONE_FIRST = re.compile(
    "(o)([\u0300\u0301\u0303\u0309\u0323])([ae])(?![\u0302\u0306])|(u)([\u0300\u0301\u0303\u0309\u0323])(y)"
)


def clean(text: str) -> str:
    """The one form in which names are stored: NFC, true Đ, no invisible letters, single spaces."""
    # Invisible letters go first: one that stood between a letter and its mark would keep the two apart for ever.
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).translate(_LOOK_ALIKES)
    return _SPACES.sub(" ", composed).strip()


def identity(text: str) -> str:
    """The form by which names are one or two: clean, case aside, the tone of oa, oe and uy on the second vowel.

    Marks stay: «Kẹo dừa» is made of coconut and «Kẹo dứa» of pineapple, a «bó» is no «bộ».

    >>> identity("Khánh HÒA") == identity("Khánh Hoà") != identity("Khánh Hoa")
    True
    """
    # Case is taken away from the parts, as Unicode's caseless matching has it; look-alikes are mapped before that.
    lower = unicodedata.normalize("NFD", unicodedata.normalize("NFD", clean(text)).casefold())
    return clean(
        _TONE_FIRST.sub(
            lambda found: "".join((found[1] or found[4], found[3] or found[6], found[2] or found[5])), lower
        )
    )


def fold(text: str) -> str:
    """The form in which names are searched: without tone marks, đ as d, lower case.

    >>> fold("Ðiện Biên Ðông") == fold("điện biên đông") == "dien bien dong"
    True
    """
    # Look-alikes are mapped before lower-casing: afterwards «Ð» would have become «ð», which is no Vietnamese letter.
    decomposed = unicodedata.normalize("NFD", clean(text).casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return clean(bare.replace("đ", "d"))


def N_(text: str) -> str:  # noqa: N802 (the name by which gettext's tools find it)
    """`text` itself, marked as a name that pages translate where they show it: «_(GROUPS[code])»."""
    return text


def slug(text: str) -> str:
    """A readable URL part without marks: «Mật ong Pa Ủ» → «mat-ong-pa-u»."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-") or "x"


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}


def sort_key(text: str) -> tuple[list[int], list[int]]:
    """Vietnamese alphabetical order: letters first (a ă â … d đ …), tones (level, huyền, hỏi, ngã, sắc, nặng) only between equals."""
    letters: list[int] = []
    tones: list[int] = []
    for letter in unicodedata.normalize("NFC", clean(text).lower()):
        parts = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
        base = unicodedata.normalize("NFC", parts[0] + "".join(mark for mark in parts if mark in _SHAPES))
        place = _LETTERS.find(base)
        letters.append(1000 + place if place >= 0 else ord(base[0]) % 1000)
        tones.append(tone)
    return letters, tones
