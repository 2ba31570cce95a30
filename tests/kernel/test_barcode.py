"""Barcodes and their check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.barcode import ean13_check_digit, in_store_ean13, is_ean13, read_barcode


@pytest.mark.parametrize("code", ["4006381333931", "8934567000017", "9780201379624", "5901234123457", "2000000000015"])
def test_good_codes(code: str) -> None:
    assert is_ean13(code)
    assert read_barcode(f" {code} ") == code


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first: str, place: int, more: int) -> None:
    code = first + ean13_check_digit(first)
    wrong = code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]
    assert is_ean13(code)
    assert not is_ean13(wrong)
    assert read_barcode(wrong) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("036000291452", "0036000291452"),  # UPC-A is an EAN-13 with a zero before it
        ("036000291453", None),
        ("96385074", "96385074"),  # EAN-8
        ("96385075", None),
        ("OCOP-0042", "OCOP-0042"),
        ("12345", "12345"),
        ("12", None),
        ("", None),
        ("mật ong", None),
        ("x" * 61, None),
        ("4006381333931\n2", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_codes_as_scanners_give_them(text: str, code: str | None) -> None:
    assert read_barcode(text) == code


def test_twelve_digits_are_wanted() -> None:
    with pytest.raises(ValueError, match="twelve"):
        ean13_check_digit("123")


def test_our_own_codes_stand_in_the_range_for_shops() -> None:
    codes = [in_store_ean13(number) for number in (0, 1, 42, 10**10 - 1)]
    assert all(is_ean13(code) and code.startswith("20") for code in codes)
    assert len(set(codes)) == 4
