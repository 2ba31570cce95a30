"""What a note of goods may say, how it is numbered, and what is open of goods that were carried elsewhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fair_pos.kernel.day import EARLIEST, LATEST
from fair_pos.kernel.money import group_thousands
from fair_pos.kernel.weight import weighed_amount_dong

Kind = Literal["intake", "return", "transfer", "write_off"]
Bearer = Literal["", "owner", "house", "shared"]
Reason = Literal["", "damaged", "sample", "lost", "other"]
Outcome = Literal["arrived", "back", "lost"]

PREFIXES: dict[Kind, str] = {"intake": "PN", "return": "PT", "transfer": "PX", "write_off": "PH"}
"""Phiếu nhận, phiếu trả, phiếu xuất kho, phiếu hao hụt."""
BEARERS: tuple[Bearer, ...] = ("owner", "house", "shared")
REASONS: tuple[Reason, ...] = ("damaged", "sample", "lost", "other")
OUTCOMES: tuple[Outcome, ...] = ("arrived", "back", "lost")

MOST_LINES = 200
MOST_QUANTITY = 10**9
MOST_PRICE_DONG = 10**9
MOST_WORDS = 500
MOST_CODE = 60
MOST_NAME = 200
SIGNATURE_BOX = (1000, 400)
"""Width and height of the pad in the path's own units, whatever the size of the screen."""
MOST_SIGNATURE = 60_000
_STROKE = re.compile(r"M\d{1,4} \d{1,4}(?:L\d{1,4} \d{1,4})*")
_SIGNATURE = re.compile(rf"(?:{_STROKE.pattern})+")
_POINT = re.compile(r"(\d{1,4}) (\d{1,4})")
LEAST_SIGNATURE = 30
"""A path that stays inside so small a square is a finger laid down, not a name."""


@dataclass(frozen=True)
class IntakeLine:
    """Goods an owner hands over: `quantity` in units or grams; «» as `lot_code` takes the note's number and the line's."""

    product_id: str
    quantity: int
    lot_code: str
    expires_day: date | None
    price_dong: int


@dataclass(frozen=True)
class OutLine:
    """Goods that leave a place: of exactly this owner and lot («» for goods in no lot)."""

    product_id: str
    owner_id: str
    lot_id: str
    quantity: int
    reason: Reason = ""
    borne_by: Bearer = ""


@dataclass(frozen=True)
class Signed:
    """Who signed with a finger, and the path they drew."""

    name: str
    path: str


def written_number(kind: str, number: int) -> str:
    """«PN-0001». Raises KeyError for a kind there is not."""
    return f"{PREFIXES[_kind(kind)]}-{number:04}"


def _kind(text: str) -> Kind:
    for kind in PREFIXES:
        if kind == text:
            return kind
    raise KeyError(text)


def is_signature(path: str) -> bool:
    """Whether `path` is strokes of whole numbers inside SIGNATURE_BOX, long enough for a name: nothing else may reach a page or a PDF."""
    if len(path) > MOST_SIGNATURE or _SIGNATURE.fullmatch(path) is None:
        return False
    points = [(int(x), int(y)) for x, y in _POINT.findall(path)]
    across, down = [x for x, _ in points], [y for _, y in points]
    inside = max(across) <= SIGNATURE_BOX[0] and max(down) <= SIGNATURE_BOX[1]
    return inside and max(max(across) - min(across), max(down) - min(down)) >= LEAST_SIGNATURE


def trouble_with_intake(line: IntakeLine, day: date) -> str | None:
    """The code of what is wrong with a line, or None."""
    if not 1 <= line.quantity <= MOST_QUANTITY:
        return "quantity_wrong"
    if not 0 <= line.price_dong <= MOST_PRICE_DONG:
        return "note_price_wrong"
    if len(line.lot_code) > MOST_CODE:
        return "lot_code_long"
    if line.expires_day is not None and not day <= line.expires_day <= LATEST:
        return "expires_before_intake"
    return None


def trouble_with_out(line: OutLine, kind: str) -> str | None:
    """The code of what is wrong with a line of goods that leave, or None; `kind` is the note's."""
    if not 1 <= line.quantity <= MOST_QUANTITY:
        return "quantity_wrong"
    if kind == "write_off" and line.reason not in REASONS:
        return "write_off_reason_missing"
    if kind == "write_off" and line.borne_by not in BEARERS:
        return "write_off_bearer_missing"
    return None


def is_note_day(day: date, today: date) -> bool:
    """Whether a note may carry that day: not one to come, and one that a calendar knows."""
    return EARLIEST <= day <= today


def worth_dong(quantity: int, price_dong: int, *, weighed: bool) -> int:
    """What goods are worth at their price: of a unit, or of a kilogram for grams."""
    return weighed_amount_dong(quantity, price_dong) if weighed else quantity * price_dong


def more_than_lies(asked: Sequence[OutLine], lying: dict[tuple[str, str, str], int]) -> list[int]:
    """Which lines (from 0) take more than lies there; `lying` is (product, owner, lot) → quantity. Lines of the same goods add up."""
    left = dict(lying)
    over: list[int] = []
    for index, line in enumerate(asked):
        key = (line.product_id, line.owner_id, line.lot_id)
        left[key] = left.get(key, 0) - line.quantity
        if left[key] < 0:
            over.append(index)
    return over


def open_quantity(sent: int, received: int, decided: int) -> int:
    """What nobody knows the whereabouts of: above zero it did not come, below zero more came than was sent."""
    return sent - received - decided


def trouble_with_decision(still_open: int, quantity: int, outcome: str) -> str | None:
    """Why this cannot be said of a discrepancy, or None. `quantity` has the sign of what is open."""
    if still_open == 0:
        return "discrepancy_settled"
    if quantity == 0 or (quantity > 0) != (still_open > 0) or abs(quantity) > abs(still_open):
        return "discrepancy_quantity_wrong"
    if outcome not in OUTCOMES or (outcome == "lost" and still_open < 0):
        return "discrepancy_outcome_wrong"
    return None


def share_words(kind: str, basis_points: int, tiers: Sequence[tuple[int, int]], unit_dong: int) -> str:
    """What the owner gets of a sale, as it stands on a note for good: in Vietnamese, as the paper is.

    >>> share_words("percent", 8000, (), 0)
    'chủ hàng 80%'
    """
    match kind:
        case "percent":
            return f"chủ hàng {_percent(basis_points)}"
        case "tiers":
            steps = "; ".join(f"từ {group_thousands(price)} đ: {_percent(points)}" for price, points in tiers)
            return f"chủ hàng theo giá — {steps}"
        case _:
            return f"bên bán giữ {group_thousands(unit_dong)} đ mỗi đơn vị"


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",") + "%"
