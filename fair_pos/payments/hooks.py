"""What SePay, Casso and payOS send when money comes in: is it theirs, and what does it say.

Plain functions over bytes and headers; `api.py` is the door. Nothing here trusts a field before the signature was compared.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fair_pos.kernel.day import VIETNAM
from fair_pos.payments.rules import read_account_number

PROVIDERS = ("sepay", "casso", "payos")
MAX_BODY_BYTES = 64 * 1024
CLOCK_TOLERANCE = timedelta(minutes=5)
MAX_AMOUNT_DONG = 10**13


@dataclass(frozen=True)
class Incoming:
    """One transaction as a provider tells it."""

    txn_id: str
    incoming: bool
    accounts: tuple[str, ...]
    """Every account number it names as ours: the account itself and virtual ones in front of it."""
    amount_dong: int
    memo: str
    reference: str
    booked_at: datetime | None


class Unreadable(ValueError):
    """Signed, but not of the shape we know."""


@dataclass(frozen=True)
class Key:
    """Who signs: the proof a provider gives, and the accounts it may speak of; all of them when it is the only key there is."""

    proof: Mapping[str, str]
    accounts: frozenset[str]

    def may_tell_of(self, incoming: Incoming) -> bool:
        """Whether every account it names is of this key: one owner's secret must not confirm another's sales."""
        named = {read_account_number(one) for one in incoming.accounts}
        return not self.accounts or (bool(named) and named <= self.accounts)


def read_secrets(path: Path) -> dict[str, dict[str, Key]]:
    """Provider → key in the address → its proof {"secret": …} or, for SePay, {"apikey": …}; nothing when there is no file.

    Beside it stand the "accounts" it may speak of; where there are several keys each must name them.
    Raises ValueError or TypeError when the file is no such thing: a provider turned away in silence would be noticed by nobody.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError(f"{path.name} should hold {{provider: {{key: {{'secret': …}}}}}}")
    for provider, keys in found.items():
        if provider not in PROVIDERS or not isinstance(keys, dict) or not all(map(_is_secret, keys.values())):
            raise ValueError(f"{path.name}: «{provider}» should hold {{key: {{'secret': …, 'accounts': […]}}}}")
    if sum(map(len, found.values())) > 1 and not all(
        one.get("accounts") for keys in found.values() for one in keys.values()
    ):
        raise ValueError(f"{path.name}: where there are several keys, each should name its 'accounts'")
    return {provider: {name: _key(one) for name, one in keys.items()} for provider, keys in found.items()}


def others_may_read(path: Path) -> bool:
    """Whether users of this machine other than the server's own may read the file."""
    try:
        return bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False


def _is_secret(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    # Each that is there: an empty secret beside an API key would be one that everybody knows.
    given = [found[name] for name in ("secret", "apikey") if name in found]
    accounts = found.get("accounts", [])
    named = isinstance(accounts, list) and all(isinstance(one, str) and read_account_number(one) for one in accounts)
    return named and bool(given) and all(isinstance(one, str) and len(one) >= 8 for one in given)


def _key(found: Mapping[str, Any]) -> Key:
    proof = {name: found[name] for name in ("secret", "apikey") if name in found}
    return Key(proof, frozenset(number for one in found.get("accounts", []) if (number := read_account_number(one))))


def tells_of_its_own(held: Key, provider: str, body: bytes) -> bool:
    """Whether a genuine body speaks of the key's own accounts alone. One that nobody can read is kept, and nothing follows from it."""
    try:
        return held.may_tell_of(read_event(provider, body))
    except Unreadable:
        return True


# --- is it theirs ---------------------------------------------------------------------------------------------------


def is_genuine(
    provider: str, secret: Mapping[str, str], headers: Mapping[str, str], body: bytes, received_at: datetime
) -> bool:
    """Whether the holder of the secret sent these bytes. Headers have no capitals that one could rely on."""
    headers = {name.lower(): value for name, value in headers.items()}
    if provider == "sepay":
        return _sepay_is_genuine(secret, headers, body, received_at)
    key = secret.get("secret", "").encode()
    if not key:
        return False
    return _casso_is_genuine(key, headers, body) if provider == "casso" else _payos_is_genuine(key, body)


def _sepay_is_genuine(
    secret: Mapping[str, str], headers: Mapping[str, str], body: bytes, received_at: datetime
) -> bool:
    if "secret" not in secret:
        sent = headers.get("authorization", "")
        return hmac.compare_digest(sent.encode(), f"Apikey {secret['apikey']}".encode())
    stamp = headers.get("x-sepay-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,12}", stamp):
        return False
    if abs(received_at.timestamp() - int(stamp)) > CLOCK_TOLERANCE.total_seconds():
        return False
    made = hmac.new(secret["secret"].encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return _same(headers.get("x-sepay-signature", ""), f"sha256={made}")


def _casso_is_genuine(key: bytes, headers: Mapping[str, str], body: bytes) -> bool:
    parts = dict(part.strip().partition("=")[::2] for part in headers.get("x-casso-signature", "").split(","))
    stamp, sent = parts.get("t", ""), parts.get("v1", "")
    found = _json(body)
    if not re.fullmatch(r"[0-9]{1,16}", stamp) or found is None:
        return False
    # Their PHP escapes slashes and everything beyond ASCII, their Node does neither; both sort the names.
    plain = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    escaped = json.dumps(found, sort_keys=True, separators=(",", ":")).replace("/", "\\/")
    made = [
        hmac.new(key, f"{stamp}.{text}".encode("utf-8", "surrogatepass"), hashlib.sha512).hexdigest()
        for text in (plain, escaped)
    ]
    return any([_same(sent, one) for one in made])  # noqa: C419  # a list: both are compared, however the first comes out


def _payos_is_genuine(key: bytes, body: bytes) -> bool:
    found = _json(body)
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, dict) or not isinstance(found, dict):
        return False
    text = "&".join(f"{name}={_payos_value(data[name])}" for name in sorted(data))
    made = hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return _same(str(found.get("signature", "")), made)


def _payos_value(value: object) -> str:
    if value is None or isinstance(value, str):
        return "" if value in (None, "null", "undefined") else value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _same(sent: str, made: str) -> bool:
    return hmac.compare_digest(sent.encode("utf-8", "replace"), made.encode())


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


# --- what does it say -----------------------------------------------------------------------------------------------


def transaction_id(provider: str, body: bytes) -> str:
    """By what the provider tells this transaction from others; the digest of the bytes when they say nothing."""
    found = _json(body)
    data = found.get("data") if provider != "sepay" and isinstance(found, dict) else found
    if isinstance(data, dict):
        names = ("paymentLinkId", "orderCode", "reference") if provider == "payos" else ("id",)
        told = ":".join(text for name in names if (text := _text(data.get(name), 100)))
        if told and len(told) <= 100:
            return told
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def read_event(provider: str, body: bytes) -> Incoming:
    """The transaction in a genuine body. Raises Unreadable."""
    found = _json(body)
    data = found.get("data") if provider != "sepay" and isinstance(found, dict) else found
    if not isinstance(data, dict):
        raise Unreadable("no transaction")
    memo: tuple[str, ...]
    if provider == "sepay":
        amount, accounts = data.get("transferAmount"), ("accountNumber", "subAccount")
        incoming, memo = data.get("transferType") == "in", ("code", "content")
        reference, booked = "referenceCode", "transactionDate"
    else:
        amount, accounts = data.get("amount"), ("accountNumber", "virtualAccountNumber")
        incoming, memo = True, ("description",)
        reference, booked = "reference", "transactionDateTime"
        if provider == "payos" and isinstance(found, dict):
            incoming = found.get("code") == "00" and data.get("code", "00") == "00"
    if not isinstance(amount, int) or isinstance(amount, bool) or abs(amount) > MAX_AMOUNT_DONG:
        raise Unreadable("no whole amount")
    return Incoming(
        txn_id=transaction_id(provider, body),
        incoming=incoming and amount > 0,
        accounts=tuple(number for name in accounts if (number := _text(data.get(name), 30))),
        amount_dong=amount,
        memo=" ".join(filter(None, (_text(data.get(name), 400) for name in memo)))[:500],
        reference=_text(data.get(reference), 100),
        booked_at=read_time(_text(data.get(booked), 40)),
    )


def _text(value: object, most: int) -> str:
    if value is None or not _is_plain(value):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode().strip()[:most]


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_LOCAL = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


def read_time(text: str) -> datetime | None:
    """When the bank booked it: «2026-11-24 08:15:30» or «24/11/2026 08:15», both on Vietnam's clock; None when it says neither,
    and for years in which nobody transfers money: «01/01/0001» in some statements stands for no day.
    """
    if found := _ISO.match(text):
        year, month, day, *clock = found.groups()
    elif found := _LOCAL.match(text):
        day, month, year, *clock = found.groups()
    else:
        return None
    hour, minute, second = (int(part or 0) for part in clock)
    if not 2000 <= int(year) <= 2200:
        return None
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=VIETNAM)
    except ValueError:
        return None
