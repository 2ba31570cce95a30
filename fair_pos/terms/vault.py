"""Sealing what must not be readable in a copy of the database: account numbers and whose they are (decision 0027).

The keys lie outside the database (setting DATA_KEY). The first seals; all open, so that a key can be changed: put the new one in
front, run `flask --app fair_pos reseal`, and take the old one away.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class KeysWrong(ValueError):
    """No key, or one that is none."""


class SealBroken(Exception):
    """Sealed by another key, for another place, or changed since."""


class Vault:
    """Seals and opens short texts."""

    def __init__(self, keys: str) -> None:
        """`keys` are separated by commas, the newest first. Raises KeysWrong."""
        parts = [one.strip() for one in keys.split(",") if one.strip()]
        try:
            self._box = MultiFernet([Fernet(one) for one in parts])
        except ValueError:
            raise KeysWrong("DATA_KEY must be keys of 32 bytes in url-safe base64, with commas between them") from None

    def seal(self, text: str, place: str) -> bytes:
        """`text` so that nobody without a key reads it; `place` says where it stands, and it opens nowhere else."""
        return self._box.encrypt(f"{place}\n{text}".encode())

    def open(self, sealed: bytes, place: str) -> str:
        """What was sealed for this place. Raises SealBroken."""
        try:
            found = self._box.decrypt(sealed).decode()
        except InvalidToken:
            raise SealBroken from None
        stands, _, text = found.partition("\n")
        if stands != place:
            raise SealBroken
        return text
