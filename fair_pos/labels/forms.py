"""What the form for printing labels may contain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fair_pos.labels import refusals
from fair_pos.labels.rules import KINDS, MOST_COPIES, MOST_LABELS, Kind, LabelGoods, read_count


@dataclass(frozen=True)
class Order:
    """What is to be printed: goods with the number of their labels, in the order of the list."""

    kind: Kind
    start: int
    """The first free place on the first sheet, from 1."""
    outlines: bool
    """Lines to cut along, for plain paper."""
    labels: Sequence[tuple[LabelGoods, int]]

    @property
    def count(self) -> int:
        """Labels in all."""
        return sum(copies for _, copies in self.labels)


def read_order(fields: Mapping[str, str], ticked: Sequence[str], goods: Sequence[LabelGoods]) -> Order:
    """The order that a form describes.

    Of `goods`, those that are `ticked` (by key) or have a number of their own («copies-<key>»); all of them when `fields["which"]` is «all».
    Raises KindMissing, StartWrong, CopiesWrong, NothingToLabel, GoodsGone or TooManyLabels.
    """
    kind = KINDS.get(fields.get("kind", ""))
    if kind is None:
        raise refusals.KindMissing
    start = _count(fields.get("start", ""), kind.a_page) if kind.a_page > 1 else 1
    if start is None:
        raise refusals.StartWrong(value=fields.get("start", "")[:30], most=kind.a_page)
    own = {
        key.removeprefix("copies-"): text for key, text in fields.items() if key.startswith("copies-") and text.strip()
    }
    keys = {one.key for one in goods}
    wanted = keys if fields.get("which") == "all" else set(ticked) | set(own)
    if gone := len((set(ticked) | set(own)) - keys):
        raise refusals.GoodsGone(count=gone)
    if not wanted:
        raise refusals.NothingToLabel
    labels = [(one, _copies(own.get(one.key, fields.get("copies", "")))) for one in goods if one.key in wanted]
    order = Order(kind, start, kind.a_page > 1 and fields.get("outlines") == "yes", labels)
    if order.count > MOST_LABELS:
        raise refusals.TooManyLabels(count=order.count, most=MOST_LABELS)
    return order


def _count(text: str, most: int) -> int | None:
    return read_count(text.strip() or "1", most)


def _copies(text: str) -> int:
    copies = _count(text, MOST_COPIES)
    if copies is None:
        raise refusals.CopiesWrong(value=text.strip()[:30], most=MOST_COPIES)
    return copies
