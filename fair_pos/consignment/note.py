"""What stands on the paper of a note or of a receipt: made once, frozen as text, and read again. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from fair_pos.consignment.rules import worth_dong

VERSION = 1


@dataclass(frozen=True)
class Side:
    """A place as the paper names it; «» for whatever is not known of it."""

    code: str
    name: str
    edition: str = ""
    """Only where it is of another edition than the note."""


@dataclass(frozen=True)
class Head:
    """Names as they were then: nobody's new name changes a paper that was signed."""

    kind: str
    number: str
    edition: str
    place: str
    sample: bool
    day: date
    at: datetime
    by: str
    owner: str
    owner_place: str
    source: Side | None
    target: Side | None
    words: str
    cancels: str
    """The number of the note that this one takes back."""
    signed_name: str
    signature: str
    signed_on_paper: bool


@dataclass(frozen=True)
class Line:
    """Goods of one owner and one lot: quantity in units or grams, price of a unit or a kilogram."""

    line_no: int
    product_id: str
    owner_id: str
    owner: str
    lot_id: str
    name: str
    unit: str
    weighed: bool
    quantity: int
    price_dong: int
    lot_code: str
    expires_day: date | None
    rule_words: str = ""
    reason: str = ""
    borne_by: str = ""

    @property
    def amount_dong(self) -> int:
        """What the line is worth."""
        return worth_dong(self.quantity, self.price_dong, weighed=self.weighed)


@dataclass(frozen=True)
class ReceiptHead:
    """Receiving what note `number` sent."""

    number: str
    edition: str
    sample: bool
    day: date
    at: datetime
    by: str
    source: Side | None
    target: Side | None
    words: str
    signed_name: str
    signature: str
    signed_on_paper: bool


@dataclass(frozen=True)
class ReceivedLine:
    """How much of a line came."""

    line_no: int
    name: str
    unit: str
    weighed: bool
    owner: str
    lot_code: str
    expires_day: date | None
    sent: int
    received: int


def note_content(head: Head, lines: Sequence[Line]) -> dict[str, Any]:
    """Everything on a note; amounts are worked out here and nowhere else."""
    written = [asdict(line) | {"amount_dong": line.amount_dong} for line in lines]
    return {
        "version": VERSION,
        **asdict(head),
        "lines": written,
        "sum_dong": sum(line.amount_dong for line in lines),
    }


def receipt_content(head: ReceiptHead, lines: Sequence[ReceivedLine]) -> dict[str, Any]:
    """Everything on the paper of a receipt."""
    return {"version": VERSION, "kind": "receipt", **asdict(head), "lines": [asdict(line) for line in lines]}


def frozen(content: Mapping[str, Any]) -> str:
    """The content as text: the same content is the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written)


def thawed(text: str) -> dict[str, Any]:
    """The content again, with its instant and its days."""
    content: dict[str, Any] = json.loads(text)
    content["at"] = datetime.fromisoformat(content["at"])
    content["day"] = date.fromisoformat(content["day"])
    for line in content["lines"]:
        if line["expires_day"] is not None:
            line["expires_day"] = date.fromisoformat(line["expires_day"])
    return content


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no written form")
