"""The facts of the drawer: what a tablet says of opening, moving cash and closing, and what it becomes once it is judged. Pure.

How they are judged: cash/rules.py. How they are written down: cash/rows.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fair_pos.sales.facts import CommandFact, Odd, Place, Settled

Notes = Sequence[tuple[int, int]]
"""(worth of a note in đồng, how many)."""
Direction = Literal["in", "out"]


@dataclass(frozen=True, kw_only=True)
class OpenedFact(CommandFact):
    """A drawer opened with a counted float; đồng."""

    notes: Notes
    float_dong: int


@dataclass(frozen=True, kw_only=True)
class MovedFact(CommandFact):
    """Cash put into the drawer or taken out, other than by selling; đồng, never below zero."""

    direction: Direction
    amount_dong: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClosedFact(CommandFact):
    """A drawer counted and closed: what the tablet expected, what was counted, which receipts it covers; đồng."""

    z_number: int
    notes: Notes
    counted_dong: int
    expected_dong: int
    counted_card_dong: int = 0
    explanation: str = ""
    second_person_id: str | None = None
    first_number: str = ""
    last_number: str = ""
    sale_count: int = 0


DrawerFact = OpenedFact | MovedFact | ClosedFact


@dataclass(frozen=True)
class JudgedDrawer:
    """A fact as it will be stored: its instant settled, oddities beside it."""

    fact: DrawerFact
    place: Place
    settled: Settled
    oddities: tuple[Odd, ...]
