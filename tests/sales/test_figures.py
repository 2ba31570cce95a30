"""The figures that sales add to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.sales.figures import Figures, figures_of, stock_given
from fair_pos.sales.rules import GiveawayFact, LineFact, Place, SaleFact, judge, judge_giveaway
from tests.sales.facts import CASE, FISH, HONEY, KNOWN, PLACE, PLACES, a_sale, any_sales, refund_of


def batches() -> st.SearchStrategy[list[tuple[SaleFact, Place]]]:
    return st.lists(st.tuples(any_sales(), PLACES), max_size=8)


def figures(batch: list[tuple[SaleFact, Place]]) -> Figures:
    return figures_of(judge(fact, place, KNOWN) for fact, place in batch)


def added(rows: Any, place: int) -> int:
    return sum(row[place] for row in rows.values())


@given(batches())
def test_figures_are_the_sums_of_the_lines_and_payments(batch: list[tuple[SaleFact, Place]]) -> None:
    found = figures(batch)

    def lines(kind: str, amount: Callable[[LineFact], int]) -> int:
        return sum(amount(line) for fact, _ in batch if fact.kind == kind for line in fact.lines)

    for place, kind in enumerate(("sale", "refund")):
        facts = [fact for fact, _ in batch if fact.kind == kind]
        dong = lines(kind, lambda line: line.amount_dong)
        assert added(found.hours, place) == len(facts)
        rounding = sum(fact.rounding_dong for fact in facts)
        assert added(found.products, 2 + place) == dong
        assert added(found.hours, 3 + place) == dong + rounding
        assert added(found.products, place) == lines(kind, lambda line: line.base_quantity)
        assert added(found.discounts, place) == lines(kind, lambda line: line.discount_dong)
        assert added(found.tenders, place) == sum(paid.amount_dong for fact in facts for paid in fact.payments)
    assert added(found.hours, 2) == sum(place.sample for _, place in batch)
    assert sum(found.stock.values()) == lines("refund", lambda line: line.base_quantity) - lines(
        "sale", lambda line: line.base_quantity
    )


@given(batches(), batches())
def test_figures_of_two_uploads_add_up_to_those_of_one(
    one: list[tuple[SaleFact, Place]], other: list[tuple[SaleFact, Place]]
) -> None:
    whole, parts = figures([*one, *other]), (figures(one), figures(other))
    for table in ("hours", "products", "tenders", "discounts"):
        for key, sums in getattr(whole, table).items():
            held = [getattr(part, table).get(key, (0,) * len(sums)) for part in parts]
            assert tuple(map(sum, zip(*held, strict=True))) == sums
    assert {key: parts[0].stock.get(key, 0) + parts[1].stock.get(key, 0) for key in whole.stock} == whole.stock


@given(any_sales(), PLACES)
def test_a_sale_and_its_full_refund_leave_nothing(fact: SaleFact, place: Place) -> None:
    sale = replace(fact, kind="sale")
    found = figures([(sale, place), (refund_of(sale), place)])
    assert all(hour[0] == hour[1] == 1 and hour[3] == hour[4] for hour in found.hours.values())
    assert all(row[0] == row[1] and row[2] == row[3] for row in found.products.values())
    assert all(received == paid_out for received, paid_out in found.tenders.values())
    assert set(found.stock.values()) == {0}
    assert all(given == taken_back for given, taken_back in found.discounts.values())
    assert all(hour[5] == 0 for hour in found.hours.values())


@given(batches())
def test_products_and_rounding_make_the_hours_to_the_dong(batch: list[tuple[SaleFact, Place]]) -> None:
    found = figures(batch)
    for when, hour in found.hours.items():
        net = sum(row[2] - row[3] for key, row in found.products.items() if key[:3] == when)
        assert net + hour[5] == hour[3] - hour[4]


def test_a_giveaway_touches_stock_alone() -> None:
    lines = (replace(HONEY, amount_dong=0), replace(CASE, amount_dong=0), replace(FISH, amount_dong=0))
    sale = a_sale(*lines)
    fact = GiveawayFact(
        id="given", device_seq=2, booth_id="booth", person_id="seller", device_at=sale.device_at, clock_offset_ms=0,
        fair_day=sale.fair_day, hash="0" * 64, purpose="gift", borne_by="organiser", price_list_version=7, lines=lines,
    )  # fmt: skip
    assert stock_given([judge_giveaway(fact, PLACE, KNOWN)]) == {
        ("booth", "honey", "maker"): -26, ("booth", "fish", "grower"): -575,
    }  # fmt: skip


@given(any_sales())
def test_each_line_stands_under_its_own_hour_booth_product_and_producer(fact: SaleFact) -> None:
    judged = judge(fact, PLACE, KNOWN)
    found = figures([(fact, PLACE)])
    when = ("booth", judged.fair_day, judged.hour)
    assert set(found.hours) == {when}
    assert set(found.products) == {(*when, line.product_id, line.producer_id) for line in judged.lines}
    assert set(found.tenders) == {(*when, paid.method) for paid in fact.payments}
    assert set(found.stock) == {("booth", line.product_id, line.producer_id) for line in judged.lines}
