"""The drawer of a simulated tablet: opened with a float, counted and closed every day, as till/src/state/drawer.ts does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

NOTES_DONG = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500)
FLOAT_NOTES = ((50_000, 4), (20_000, 10), (10_000, 10), (5_000, 10), (2_000, 15), (1_000, 20))
"""600,000 đồng in small notes."""
MOST_IN_DRAWER_DONG = 3_000_000
"""With more in it, half is handed over in the afternoon."""
WRONG_SHARE = 0.1
WRONG = ((-20_000, "Thối nhầm"), (-10_000, "Chưa rõ"), (5_000, "Khách không lấy tiền thối"))
NO_SMALL_NOTES = "Tiền lẻ dưới 500 ₫"


@dataclass
class SampleDrawer:
    """What a tablet remembers of its drawer; đồng."""

    random: Random
    session_id: str | None = None
    z_number: int = 0
    cash_dong: int = 0
    card_dong: int = 0
    numbers: list[str] = field(default_factory=list)

    def opening(self) -> dict[str, Any]:
        """A new session with its float."""
        self.session_id = str(UUID(int=self.random.getrandbits(128), version=4))
        notes = [{"note_dong": note_dong, "count": count} for note_dong, count in FLOAT_NOTES]
        self.cash_dong, self.card_dong, self.numbers = sum(note * count for note, count in FLOAT_NOTES), 0, []
        return {"kind": "till_opened", "notes": notes, "float_dong": self.cash_dong}

    def handing_over(self) -> dict[str, Any] | None:
        """Half of a full drawer taken to the organiser's desk; None while there is little in it."""
        if self.cash_dong <= MOST_IN_DRAWER_DONG:
            return None
        amount_dong = self.cash_dong // 2 // 100_000 * 100_000
        self.cash_dong -= amount_dong
        return {"kind": "cash_moved", "direction": "out", "amount_dong": amount_dong, "reason": "Nộp tiền về"}

    def closing(self) -> dict[str, Any]:
        """Counted, mostly right; the next command begins another session."""
        counted_dong, why = self.cash_dong // 500 * 500, NO_SMALL_NOTES
        if self.random.random() < WRONG_SHARE:
            off_dong, why = self.random.choice(WRONG)
            counted_dong = max(0, counted_dong + off_dong)
        self.z_number += 1
        return {
            "kind": "till_closed",
            "z_number": self.z_number,
            "notes": _in_notes(counted_dong),
            "counted_dong": counted_dong,
            "expected_dong": self.cash_dong,
            "counted_card_dong": self.card_dong,
            "explanation": why if counted_dong != self.cash_dong else "",
            "first_number": self.numbers[0] if self.numbers else "",
            "last_number": self.numbers[-1] if self.numbers else "",
            "sale_count": len(self.numbers),
        }

    def note(self, command: Mapping[str, Any]) -> None:
        """A sale or refund that the tablet has just written down."""
        if command["kind"] == "till_closed":
            self.session_id = None
        if "receipt_number" not in command or self.session_id is None:
            return
        self.numbers.append(command["receipt_number"])
        sign = -1 if command["kind"] == "refund" else 1
        for payment in command["payments"]:
            if payment["method"] == "cash":
                self.cash_dong += sign * payment["amount_dong"]
            elif payment["method"] == "card":
                self.card_dong += sign * payment["amount_dong"]


def _in_notes(dong: int) -> list[dict[str, int]]:
    notes = []
    for note_dong in NOTES_DONG:
        count, dong = divmod(dong, note_dong)
        if count:
            notes.append({"note_dong": note_dong, "count": count})
    return notes
