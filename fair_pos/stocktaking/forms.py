"""What the forms about counts may contain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from fair_pos.kernel.day import EARLIEST, LATEST, VIETNAM
from fair_pos.stocktaking.actions import Approval, Entered
from fair_pos.stocktaking.refusals import CountedQuantityWrong, CountedTimeWrong
from fair_pos.stocktaking.rules import MOST_QUANTITY

_KILOGRAMS = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?")


def counted_at_said(text: str) -> datetime:
    """The moment of a «datetime-local» field, on the clocks of Vietnam. Raises CountedTimeWrong."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CountedTimeWrong from None
    if moment.tzinfo is not None or not EARLIEST <= moment.date() <= LATEST:
        raise CountedTimeWrong
    return moment.replace(tzinfo=VIETNAM)


def quantity_said(text: str, name: str, *, weighed: bool) -> int:
    """Pieces, or grams from kilograms with a comma or a point, from 0. Raises CountedQuantityWrong."""
    bare = text.strip().removesuffix("kg").strip()
    if weighed and (found := _KILOGRAMS.fullmatch(bare)):
        return int(found[1]) * 1000 + int(((found[2] or "") + "000")[:3])
    if not weighed and bare.isascii() and bare.isdecimal() and len(bare) <= 9 and int(bare) <= MOST_QUANTITY:
        return int(bare)
    raise CountedQuantityWrong(name=name, value=text.strip()[:20])


def lines_said(form: Mapping[str, str], goods: Mapping[str, tuple[str, str, str, bool]]) -> list[Entered]:
    """The lines that have a number; `goods`: field → (product, lot, name, weighed). Raises CountedQuantityWrong."""
    lines = []
    for field, (product_id, lot_id, name, weighed) in goods.items():
        text = form.get(field, "").strip()
        if text:
            lines.append(Entered(product_id, quantity_said(text, name, weighed=weighed), lot_id))
    return lines


def approval_said(form: Mapping[str, str], ticked: list[str]) -> Approval:
    """The ticked lines with the differences that were shown beside them; what is no number is no line."""
    seen = {}
    for number in ticked:
        shown = form.get(f"left_{number}", "")
        if re.fullmatch(r"[0-9]{1,3}", number) and re.fullmatch(r"-?[0-9]{1,12}", shown):
            seen[int(number)] = int(shown)
    return Approval(seen, form.get("reason", ""), form.get("borne_by", ""))
