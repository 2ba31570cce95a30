"""The newest of what running figures stand for: kept beside them, so that no page looks for it among the sales. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from fair_pos.sales.facts import Judged

Hour = tuple[str, date, int]
"""(booth, fair day, hour)."""
Goods = tuple[str, date, int, str, str]
"""(booth, fair day, hour, product, producer)."""


@dataclass
class LastOfGoods:
    """`names` are those (name, unit) under which goods stand on the receipts of `last_at`; mostly one."""

    last_at: datetime
    last_sold_at: datetime | None
    names: set[tuple[str, str]]


@dataclass
class Latest:
    """When each hour heard of its newest receipt, and when and under which name goods were last sold or given back."""

    hours: dict[Hour, datetime] = field(default_factory=dict)
    goods: dict[Goods, LastOfGoods] = field(default_factory=dict)

    def add(self, batch: Iterable[Judged]) -> None:
        """Take more sales in; in which order they come does not matter."""
        for judged in batch:
            when = (judged.place.booth_id, judged.fair_day, judged.hour)
            received_at = judged.place.received_at
            self.hours[when] = max(self.hours.get(when, received_at), received_at)
            for line in judged.lines:
                self._add_goods((*when, line.product_id, line.producer_id), judged, (line.name, line.unit))

    def _add_goods(self, key: Goods, judged: Judged, name: tuple[str, str]) -> None:
        at = judged.sold_at
        held = self.goods.setdefault(key, LastOfGoods(at, None, set()))
        if judged.fact.kind == "sale":
            held.last_sold_at = max(held.last_sold_at or at, at)
        if at > held.last_at:
            held.last_at, held.names = at, set()
        if at == held.last_at:
            held.names.add(name)


def latest_of(batch: Iterable[Judged]) -> Latest:
    """The newest of one batch."""
    found = Latest()
    found.add(batch)
    return found
