"""What the address of the goods page and its forms say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fair_pos.showroom.rules import LINES, REASONS


@dataclass(frozen=True)
class Wanted:
    """Which goods are asked for: of one line, with every one of `kinds`, or without any ground."""

    line: str = ""
    kinds: tuple[str, ...] = ()
    without: bool = False
    maker: str = ""

    @property
    def args(self) -> dict[str, object]:
        """As an address names it."""
        return {
            "line": self.line or None,
            "kind": list(self.kinds) or None,
            "without": 1 if self.without else None,
            "maker": self.maker or None,
        }


def wanted(line: str, kinds: Sequence[str], without: str, maker: str) -> Wanted:
    """Read an address; what it does not know is left out."""
    return Wanted(
        line=line if line in LINES else "",
        kinds=tuple(one for one in REASONS if one in kinds),
        without=without == "1",
        maker=maker[:36],
    )


def day_said(fields: Mapping[str, str], name: str) -> date | None:
    """A day of a form; None when it is none."""
    try:
        return date.fromisoformat(fields.get(name, "").strip())
    except ValueError:
        return None
