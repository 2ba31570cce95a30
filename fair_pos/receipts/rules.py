"""What a receipt's address looks like, and which stars may be drawn."""

from __future__ import annotations

import re
from datetime import date

TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")
"""128 random bits or more as base64url, as on the wire."""
LONGEST_URL = 120
"""Characters in the QR: beyond that its modules are too small for thermal paper and cheap cameras (SECURITY C18)."""


def is_token(text: str) -> bool:
    """Whether `text` could be the secret of a receipt at all."""
    return TOKEN.fullmatch(text) is not None


def receipt_url(public_url: str, token: str) -> str:
    """What the QR on a receipt says: the address and the secret, nothing about the sale or the people.

    Raises ValueError when `token` is no token or the address is longer than LONGEST_URL.

    >>> receipt_url("https://fair.example", "AAAAAAAAAAAAAAAAAAAAAA")
    'https://fair.example/r/AAAAAAAAAAAAAAAAAAAAAA'
    """
    if not is_token(token):
        raise ValueError("not a receipt token")
    url = f"{public_url.rstrip('/')}/r/{token}"
    if len(url) > LONGEST_URL:
        raise ValueError(f"PUBLIC_URL is too long for a receipt's QR: {len(url)} characters, {LONGEST_URL} fit")
    return url


def short_hash(sale_hash: str) -> str:
    """The first eight digits of a sale's hash: enough to compare by eye with the device's chain.

    >>> short_hash("0123456789abcdef")
    '01234567'
    """
    return sale_hash[:8]


def days_left(expires_day: date, today: date) -> int:
    """Days on which a star may still be shown, today included; 0 once it has lapsed."""
    return max(0, (expires_day - today).days + 1)
