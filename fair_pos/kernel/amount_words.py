"""Amounts in Vietnamese words, as they stand on receipts («Bằng chữ: …»). The tablet says the same: till/src/rules/amount_words.ts."""

from __future__ import annotations

from typing import Literal

Zero = Literal["linh", "lẻ"]
"""How an empty place of tens is read: «linh» in the North, «lẻ» in the South."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 10**9
GROUPS = ((10**6, " triệu"), (10**3, " nghìn"), (1, ""))


def amount_words(amount_dong: int, zero: Zero = "linh") -> str:
    """Whole đồng in words, with a capital first and «đồng» last.

    >>> amount_words(1_015_000)
    'Một triệu không trăm mười lăm nghìn đồng'
    """
    words = number_words(amount_dong, zero)
    return f"{words[0].upper()}{words[1:]} đồng"


def number_words(number: int, zero: Zero = "linh") -> str:
    """A whole number in words. Every group of three digits but the first is read in full; empty groups are skipped.

    >>> number_words(105_000), number_words(24)
    ('một trăm linh năm nghìn', 'hai mươi tư')
    """
    if number < 0:
        return f"âm {number_words(-number, zero)}"
    if number == 0:
        return DIGITS[0]
    billions, rest = divmod(number, BILLION)
    if billions == 0:
        return _below_billion(rest, zero, full=False)
    head = f"{number_words(billions, zero)} tỷ"
    return head if rest == 0 else f"{head} {_below_billion(rest, zero, full=True)}"


def _below_billion(number: int, zero: Zero, *, full: bool) -> str:
    said: list[str] = []
    for worth, name in GROUPS:
        part = number // worth % 1000
        if part:
            said.append(_group(part, zero, full=full or bool(said)) + name)
    return " ".join(said)


def _group(number: int, zero: Zero, *, full: bool) -> str:
    """1 to 999. `full` names the hundreds even where there are none."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    said = [f"{DIGITS[hundreds]} trăm"] if full or hundreds else []
    if tens:
        said.append("mười" if tens == 1 else f"{DIGITS[tens]} mươi")
        if ones:
            said.append(_after_tens(tens, ones))
    elif ones:
        said += [zero, DIGITS[ones]] if said else [DIGITS[ones]]
    return " ".join(said)


def _after_tens(tens: int, ones: int) -> str:
    """The last digit behind «mười» or «mươi»: it changes its sound there."""
    if ones == 5:
        return "lăm"
    if tens > 1 and ones == 1:
        return "mốt"
    if tens > 1 and ones == 4:
        return "tư"
    return DIGITS[ones]
