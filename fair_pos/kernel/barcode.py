"""Barcodes: what may be one, and the check digit that tells a misread from a code."""

from __future__ import annotations

import re

_CODE = re.compile(r"[0-9A-Za-z.\-/+ ]{3,60}")
"""What a scanner may deliver: digits of EAN and UPC, letters of Code 128."""


def ean13_check_digit(first_twelve: str) -> str:
    """The thirteenth digit. Raises ValueError unless given twelve digits.

    >>> ean13_check_digit("893456700001")
    '7'
    """
    if not re.fullmatch(r"[0-9]{12}", first_twelve):
        raise ValueError("twelve digits make an EAN-13")
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return str(-total % 10)


def is_ean13(code: str) -> bool:
    """Whether `code` is thirteen digits of which the last fits the others."""
    return bool(re.fullmatch(r"[0-9]{13}", code)) and ean13_check_digit(code[:12]) == code[12]


def read_barcode(text: str) -> str | None:
    """A barcode as it is kept; None when it can be none: of thirteen digits the last must fit, of twelve and eight too.

    A GTIN-12 (UPC-A) is kept as the EAN-13 it is read as by most scanners, with a zero before it.
    """
    code = text.strip()
    if not _CODE.fullmatch(code):
        return None
    if re.fullmatch(r"[0-9]{12}", code):
        return f"0{code}" if is_ean13(f"0{code}") else None
    if re.fullmatch(r"[0-9]{8}", code):
        return code if is_ean13(f"00000{code}") else None
    if re.fullmatch(r"[0-9]{13}", code):
        return code if is_ean13(code) else None
    return code


def in_store_ean13(number: int) -> str:
    """An EAN-13 for our own labels, from the range 20 to 29 that no maker has (GS1): «20» and ten digits of `number`."""
    first = f"20{number % 10**10:010}"
    return first + ean13_check_digit(first)
