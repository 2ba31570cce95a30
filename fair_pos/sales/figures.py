"""The running figures that sales add to, summed per key so that each row is touched once however many an upload holds. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fair_pos.sales.facts import Judged

When = tuple[str, date, int]
"""(booth, fair day, hour)."""


@dataclass(frozen=True)
class Figures:
    """What a batch adds to the running figures: key → amounts, in the order of the tables' columns."""

    hours: Mapping[When, tuple[int, ...]]
    """→ receipts, refunds, sample receipts, sold đồng, refunded đồng, rounding đồng (of sales less of refunds)."""
    products: Mapping[tuple[str, date, int, str, str], tuple[int, ...]]
    """(…, product, producer) → sold and refunded base units or grams, sold and refunded đồng net of discounts."""
    tenders: Mapping[tuple[str, date, int, str], tuple[int, ...]]
    """(…, method) → received đồng, paid out đồng."""
    discounts: Mapping[tuple[str, date, int, str, str], tuple[int, ...]]
    """(…, producer, who bears it) → given đồng, taken back đồng."""


def figures_of(batch: Iterable[Judged]) -> Figures:
    """Sum a batch. In every hour, products and rounding make the total: to the đồng, and on both sides."""
    hours: dict[When, list[int]] = defaultdict(lambda: [0] * 6)
    products: dict[tuple[str, date, int, str, str], list[int]] = defaultdict(lambda: [0] * 4)
    tenders: dict[tuple[str, date, int, str], list[int]] = defaultdict(lambda: [0] * 2)
    discounts: dict[tuple[str, date, int, str, str], list[int]] = defaultdict(lambda: [0] * 2)
    for judged in batch:
        back = int(judged.fact.kind == "refund")
        when = (judged.place.booth_id, judged.fair_day, judged.hour)
        hour = hours[when]
        hour[back] += 1
        hour[2] += int(judged.place.sample)
        hour[3 + back] += judged.total_dong
        hour[5] += -judged.fact.rounding_dong if back else judged.fact.rounding_dong
        for line in judged.lines:
            product = products[(*when, line.product_id, line.producer_id)]
            product[back] += line.base_quantity
            product[2 + back] += line.amount_dong
            if line.discount_dong:
                discounts[(*when, line.producer_id, line.discount_borne_by)][back] += line.discount_dong
        for payment in judged.fact.payments:
            tenders[(*when, payment.method)][back] += payment.amount_dong
    return Figures(
        hours={key: tuple(sums) for key, sums in hours.items()},
        products={key: tuple(sums) for key, sums in products.items()},
        tenders={key: tuple(sums) for key, sums in tenders.items()},
        discounts={key: tuple(sums) for key, sums in discounts.items()},
    )
