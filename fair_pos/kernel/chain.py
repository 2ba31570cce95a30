"""The chain of a device's commands: each hash covers the text as sent and the hash before it.

`hash = SHA-256(0x01 ‖ previous hash ‖ UTF-8 of the text)`; the first previous hash is all zeros. The text is hashed as
received, so no JSON writer has to agree with another (docs/till-protocol.md).
"""

from __future__ import annotations

import hashlib
import re

VERSION = b"\x01"
GENESIS = "0" * 64
_HASH = re.compile(r"[0-9a-f]{64}")


def link(prev_hash: str, text: str) -> str | None:
    """The hash of a command after `prev_hash`, as 64 hex digits; None when `prev_hash` is not a hash at all."""
    if not _HASH.fullmatch(prev_hash):
        return None
    # A lone surrogate cannot be UTF-8; it is hashed as the replacement bytes a tablet's TextEncoder would send.
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(VERSION + bytes.fromhex(prev_hash) + data).hexdigest()


def digest(text: str) -> str:
    """What makes a repeated command the same command: SHA-256 of its text as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
