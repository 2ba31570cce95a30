"""What the addresses of the pages about drawers ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fair_pos.cash.rules import METHODS

KINDS = ("sale", "refund")


@dataclass(frozen=True)
class DocumentsAsked:
    """Which receipts of a till session: of one way of paying, sales or refunds, late ones alone."""

    method: str | None
    kind: str | None
    late: bool
    page: int

    def arguments(self) -> dict[str, str]:
        """The address again, without the page."""
        given = {"method": self.method, "kind": self.kind, "late": "1" if self.late else None}
        return {name: value for name, value in given.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether not all of them are wanted."""
        return bool(self.arguments())


def documents_asked(args: Mapping[str, str]) -> DocumentsAsked:
    """Read an address; what is not understood asks for everything."""
    method, kind = args.get("method"), args.get("kind")
    return DocumentsAsked(
        method=method if method in METHODS else None,
        kind=kind if kind in KINDS else None,
        late=args.get("late") == "1",
        page=page_asked(args),
    )


def page_asked(args: Mapping[str, str]) -> int:
    """The number of the page; 1 for anything else."""
    page = args.get("page", "")
    return max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) <= 6 else 1
