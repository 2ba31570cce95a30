"""Comparing what is stored with what the received commands say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Key = TypeVar("Key", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Difference:
    """One place where a stored value is not what the commands say."""

    what: str
    which: str
    field: str
    stored: str
    computed: str

    def __str__(self) -> str:
        return f"{self.what} {self.which}: {self.field} is {self.stored}, computed {self.computed}"


class Differs(Exception):
    """Raised at the first difference; everything after it could be its consequence."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


def same(what: str, which: object, field: str, stored: object, computed: object) -> None:
    """Raises Differs unless both are equal."""
    if stored != computed:
        raise Differs(Difference(what, str(which), field, repr(stored), repr(computed)))


def same_fields(what: str, which: object, stored: Mapping[str, Any], computed: Mapping[str, Any]) -> None:
    """Compare field by field. Raises Differs at the first that differs."""
    for field in computed:
        same(what, which, field, stored.get(field), computed[field])


def same_sums(what: str, stored: Mapping[Key, tuple[int, ...]], computed: Mapping[Key, tuple[int, ...]]) -> None:
    """Compare two tables of sums; a row of zeros and no row are the same. Raises Differs at the first key in order."""
    for key in sorted({*stored, *computed}, key=str):
        width = len(stored.get(key, ())) or len(computed.get(key, ()))
        zeros = (0,) * width
        same(what, "/".join(str(part) for part in key), "sums", stored.get(key, zeros), computed.get(key, zeros))


def add_to(sums: dict[Key, tuple[int, ...]], more: Mapping[Key, tuple[int, ...]]) -> None:
    """Add sums to sums, in place."""
    for key, amounts in more.items():
        held = sums.get(key, (0,) * len(amounts))
        sums[key] = tuple(one + other for one, other in zip(held, amounts, strict=True))
