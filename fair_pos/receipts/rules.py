"""What a receipt's address looks like, which stars may be drawn, and how much of what was bought is written. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Protocol

from fair_pos.kernel.money import group_thousands
from fair_pos.kernel.text import N_
from fair_pos.kernel.weight import format_grams

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


class Measured(Protocol):
    """A line, whichever record it comes from. Of a pack `unit` is the pack's name."""

    @property
    def quantity(self) -> int: ...
    @property
    def grams(self) -> int | None: ...
    @property
    def pack_id(self) -> str | None: ...
    @property
    def unit(self) -> str: ...


def written_measure(line: Measured) -> str:
    """How much of it: «0,575 kg» as the scale showed it, «2 Hộp 12 cái» of packs, «3» of pieces."""
    if line.grams is not None:
        weight = format_grams(line.grams).replace(" ", "\N{NO-BREAK SPACE}")
        return weight if line.quantity == 1 else f"{group_thousands(line.quantity)} × {weight}"
    count = group_thousands(line.quantity)
    return f"{count} {line.unit}" if line.pack_id is not None else count


BUYER_REASONS: dict[str, str] = {
    "Mua nhiều": N_("Mua nhiều"),
    "Khách quen": N_("Khách quen"),
    "Cuối ngày": N_("Cuối ngày"),
    "Khuyến mại": N_("Khuyến mại"),
    "Hàng xước": N_("Hàng xước"),
    "Buys a lot": "Mua nhiều",
    "Regular": "Khách quen",
    "End of day": "Cuối ngày",
    "Promotion": "Khuyến mại",
    "Scratched": "Hàng xước",
}
"""The reasons a tablet offers for a discount, in either of its languages → the label on receipts.

Anything else was typed by the seller for the booth and may name people: no receipt shows it.
"""


def labels_for_buyer(reason: str) -> tuple[str, ...]:
    """The labels of a discount's reasons that are meant for the buyer; a line's own and the cart's stand with «; » between them.

    >>> labels_for_buyer("Buys a lot; cousin of Mr Tâm; Cuối ngày")
    ('Mua nhiều', 'Cuối ngày')
    """
    found = (BUYER_REASONS.get(part.strip()) for part in reason.split(";"))
    return tuple(dict.fromkeys(label for label in found if label))
