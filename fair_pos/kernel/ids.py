"""The only place that makes an id or a secret.

Ids are UUIDs of version 7 (RFC 9562): made by us or by the tablet, never by the database, so a record has one name
from birth; ordered by time, so an index grows at its end.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("5b1f8a52-6d0e-5f0e-9a1c-0c0b0f0a1e24")
TOKEN_BYTES = 16
# Without 0/O and 1/I, since these codes are read aloud and typed.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_id() -> str:
    """A new UUIDv7 in its 36-character form."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76
    value |= secrets.randbits(12) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return str(UUID(int=value))


def named_id(*names: str) -> str:
    """The same id for the same names, always: demo data stays itself when it is loaded again."""
    return str(uuid5(NAMESPACE, "\x1f".join(names)))


def new_token(bytes_count: int = TOKEN_BYTES) -> str:
    """A secret for URLs and devices: 128 random bits or more as base64url without padding."""
    return secrets.token_urlsafe(bytes_count)


def new_salt() -> str:
    """Sixteen random bytes as hex."""
    return secrets.token_hex(16)


def new_pairing_code() -> str:
    """Eight characters a person can read aloud, 40 random bits, «ABCD-EFGH»."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
