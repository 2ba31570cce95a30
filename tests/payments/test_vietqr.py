"""VietQR against published codes, misprints included, and against itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.payments.vietqr import NotVietQr, VietQr, ascii_note, build, checksum, parse
from tests.house.repository import read

VECTORS: list[dict[str, Any]] = json.loads(read("tests/vectors/vietqr.json"))
GOOD = [one for one in VECTORS if one["use"] == "OK"]
MISPRINTED = [one for one in VECTORS if one["use"] != "OK"]
# Other writers put fields in another order, or the checksum in small letters: read, and written our way.
WRITTEN_OTHERWISE = ("79db", "6893")


def test_there_are_good_and_misprinted_vectors() -> None:
    assert (len(GOOD), len(MISPRINTED)) == (11, 2)


@pytest.mark.parametrize("vector", GOOD, ids=lambda one: one["payload"][-4:])
def test_good_vectors_are_read_and_written(vector: dict[str, Any]) -> None:
    code = parse(vector["payload"])
    made = build(code)
    assert parse(made) == code
    assert (made == vector["payload"]) is not vector["payload"].endswith(WRITTEN_OTHERWISE)


@pytest.mark.parametrize("vector", MISPRINTED, ids=lambda one: one["payload"][-4:])
def test_misprinted_vectors_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(NotVietQr):
        parse(vector["payload"])


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert checksum("123456789") == "29B1"


def test_what_a_code_says() -> None:
    payload = next(one["payload"] for one in GOOD if one["payload"].endswith("2E2E"))
    assert parse(payload) == VietQr("970403", "0011012345678", 180_000, "thanh toan don hang", bill="NPS6869")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("OCP7K3Q9X2", "OCP7K3Q9X2"),
        ("Đặc sản Pa Ủ – Ưu đãi 5 %", "Dac san Pa U Uu dai 5"),
        ("a_b-c.d#e", "a b c d e"),
        ("x" * 40, "x" * 25),
        ("  …  ", ""),
        ("Мёд 東", ""),
    ],
)
def test_notes_are_folded_and_cut(text: str, note: str) -> None:
    assert ascii_note(text) == note


@pytest.mark.parametrize(
    "code",
    [
        VietQr("97043", "1"),
        VietQr("97043a", "1"),
        VietQr("970436", ""),
        VietQr("970436", "1" * 20),
        VietQr("970436", "12 34"),
        VietQr("970436", "Số"),
        VietQr("970436", "1", 0),
        VietQr("970436", "1", -5),
        VietQr("970436", "1", 10**13),
        VietQr("970436", "1", 5, bill="x" * 26),
    ],
)
def test_what_does_not_fit_is_refused(code: VietQr) -> None:
    with pytest.raises(NotVietQr):
        build(code)


SMALL = build(VietQr("970436", "0011012345678", 5_000, "OCP7K3Q9X2"))


def altered(old: str, new: str) -> str:
    text = SMALL[:-4].replace(old, new, 1)
    return text + checksum(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6304",
        SMALL[:-1],
        SMALL[:-4] + "0000",
        SMALL + " ",
        SMALL.replace("OCP", "ÔCP"),
        altered("000201", "000301"),
        altered("010212", "010213"),
        altered("5303704", "5303840"),
        altered("5802VN", "5802US"),
        altered("A000000727", "A000000728"),
        altered("QRIBFTTA", "QRIBFTTX"),
        altered("0006970436", "0006970 36"),
        altered("54045000", "54040000"),
        altered("54045000", "540412.5"),
        altered("54045000", "54045000" * 2),
        altered("5802VN", "58x2VN"),
        altered("5802VN", "5802VN5900"),
        altered("62140810", "62990810"),
        altered("3857", "3857")[:30],
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotVietQr):
        parse(text)


def test_every_single_altered_digit_is_noticed() -> None:
    """A QR read wrongly, or pasted over: no other digit anywhere leaves the checksum as it was."""
    for at, letter in enumerate(SMALL):
        other = "1" if letter != "1" else "2"
        with pytest.raises(NotVietQr):
            parse(SMALL[:at] + other + SMALL[at + 1 :])


def test_amounts_may_say_that_there_are_no_fractions() -> None:
    text = SMALL[:-4].replace("54045000", "54075000.00", 1)
    assert parse(text + checksum(text)).amount_dong == 5_000


ASCII_DIGITS = st.text("0123456789", min_size=6, max_size=6)
ACCOUNTS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=19)


@given(ASCII_DIGITS, ACCOUNTS, st.none() | st.integers(1, 10**13 - 1), st.text(max_size=60), st.booleans())
def test_whatever_is_written_is_read_again(
    bank_bin: str, account: str, amount: int | None, note: str, to_card: bool
) -> None:
    made = build(VietQr(bank_bin, account, amount, note, to_card))
    assert parse(made) == VietQr(bank_bin, account, amount, ascii_note(note), to_card)
    assert made.isascii()
    assert len(ascii_note(note)) <= 25


@given(st.text(max_size=120))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    with pytest.raises(NotVietQr):
        parse(text)
