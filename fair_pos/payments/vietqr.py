"""VietQR (NAPAS 247, EMV co-branded): what a buyer's bank reads from the QR code.

Every field is two digits of name, two digits of length and the value; 63, the last, is a checksum over all before it. Fields
may come in any order but the first and the last; we write them ascending. `tests/vectors/vietqr.json` holds published codes,
misprints included, for this module and for the tablet's.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

GUID = "A000000727"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
MAX_NOTE, MAX_ACCOUNT, MAX_AMOUNT = 25, 19, 10**13 - 1

_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(rf"[0-9A-Za-z]{{1,{MAX_ACCOUNT}}}")
_AMOUNT = re.compile(r"([0-9]{1,13})(?:\.0{0,2})?")
_NOT_NOTE = re.compile(r"[^0-9A-Za-z]+")


class NotVietQr(ValueError):
    """Not a VietQR code, or one that a bank might read as something else."""


@dataclass(frozen=True)
class VietQr:
    """Where a transfer goes. With an amount it is for one payment, without for many."""

    bank_bin: str
    account: str
    amount_dong: int | None = None
    note: str = ""
    to_card: bool = False
    bill: str = ""

    @property
    def is_dynamic(self) -> bool:
        """Whether it is meant for one payment only. The bank does not hold anyone to it: money may come twice."""
        return self.amount_dong is not None


def ascii_note(text: str) -> str:
    """The note as every bank takes it: without marks, letters and digits and single spaces, at most 25 characters.

    >>> ascii_note("Mật ong Đồi Thông – gian A12")
    'Mat ong Doi Thong gian A1'
    """
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    plain = bare.translate(str.maketrans("đĐðÐ", "dDdD")).encode("ascii", "replace").decode()
    return _NOT_NOTE.sub(" ", plain).strip()[:MAX_NOTE].strip()


def build(code: VietQr) -> str:
    """The text of the QR code. Raises NotVietQr when a field does not fit; the note is folded and cut."""
    if not _BIN.fullmatch(code.bank_bin):
        raise NotVietQr(f"a BIN has six digits, not {code.bank_bin!r}")
    if not _ACCOUNT.fullmatch(code.account):
        raise NotVietQr(f"an account number has 1 to {MAX_ACCOUNT} letters or digits")
    if code.amount_dong is not None and not 1 <= code.amount_dong <= MAX_AMOUNT:
        raise NotVietQr(f"an amount has 1 to 13 digits and is not zero, unlike {code.amount_dong}")
    if not re.fullmatch(rf"[ -~]{{0,{MAX_NOTE}}}", code.bill):
        raise NotVietQr(f"a bill number has at most {MAX_NOTE} ASCII characters")
    payee = _field("00", code.bank_bin) + _field("01", code.account)
    service = TO_CARD if code.to_card else TO_ACCOUNT
    note = ascii_note(code.note)
    more = (_field("01", code.bill) if code.bill else "") + (_field("08", note) if note else "")
    parts = [
        _field("00", "01"),
        _field("01", "12" if code.is_dynamic else "11"),
        _field("38", _field("00", GUID) + _field("01", payee) + _field("02", service)),
        _field("53", "704"),
        _field("54", str(code.amount_dong)) if code.amount_dong is not None else "",
        _field("58", "VN"),
        _field("62", more) if more else "",
        "6304",
    ]
    text = "".join(parts)
    return text + checksum(text)


def parse(text: str) -> VietQr:
    """What a code says. Raises NotVietQr for a wrong length, checksum, country or currency, and for what has no account."""
    if not text.isascii():
        raise NotVietQr("not ASCII")
    if len(text) < 8 or text[-8:-4] != "6304":
        raise NotVietQr("no checksum at the end")
    if text[-4:].upper() != checksum(text[:-4]):
        raise NotVietQr("the checksum does not fit")
    if not text.startswith("000201"):
        raise NotVietQr("does not begin with 000201")
    fields = _fields(text[:-8])
    if fields.get("53") != "704" or fields.get("58") != "VN":
        raise NotVietQr("not đồng, or not in Vietnam")
    if fields.get("01", "11") not in {"11", "12"}:
        raise NotVietQr("neither for one payment nor for many")
    payee = _fields(_needed(fields, "38"))
    service = _needed(payee, "02")
    if payee.get("00") != GUID or service not in {TO_ACCOUNT, TO_CARD}:
        raise NotVietQr("not a NAPAS transfer")
    inner = _fields(_needed(payee, "01"))
    bank_bin, account = _needed(inner, "00"), _needed(inner, "01")
    if not _BIN.fullmatch(bank_bin) or not _ACCOUNT.fullmatch(account) or inner.keys() != {"00", "01"}:
        raise NotVietQr("no bank and account")
    more = _fields(fields.get("62", ""))
    note, bill = more.get("08", ""), more.get("01", "")
    if max(len(note), len(bill)) > MAX_NOTE:
        raise NotVietQr("a note that is too long")
    return VietQr(bank_bin, account, _amount_dong(fields.get("54")), note, service == TO_CARD, bill)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE over all before it, its own name and length included; four upper-case hex digits."""
    return f"{binascii.crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"


def _fields(text: str) -> dict[str, str]:
    """The fields side by side in `text`; each name once."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        name, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (name.isdecimal() and length.isdecimal() and len(length) == 2):
            raise NotVietQr(f"no field at character {at}")
        value = text[at + 4 : at + 4 + int(length)]
        if len(value) != int(length) or not value or name in found:
            raise NotVietQr(f"field {name} has another length than it says, or stands there twice")
        found[name] = value
        at += 4 + len(value)
    return found


def _needed(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise NotVietQr(f"field {name} is missing")
    return fields[name]


def _amount_dong(text: str | None) -> int | None:
    if text is None:
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None or int(found.group(1)) == 0:
        raise NotVietQr("no whole amount")
    return int(found.group(1))
