"""The figures that sales add to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.sales.facts import Goods, Judged, LineFact, PaymentFact, Place, SaleFact
from fair_pos.sales.figures import Figures, figures_of
from fair_pos.sales.returns import Amount, left_to_return, refund_oddities
from fair_pos.sales.rows import movements
from fair_pos.sales.rules import judge
from tests.kernel.vectors import vectors
from tests.sales.days import Day, days
from tests.sales.facts import KNOWN, PLACE, PLACES, a_sale, any_sales, refund_of

SUMS_ODD = {"line_differs", "total_differs", "payments_differ", "rounding_differs", "discount_exceeds_line"}


def batches() -> st.SearchStrategy[list[tuple[SaleFact, Place]]]:
    return st.lists(st.tuples(any_sales(), PLACES), max_size=8)


def figures(batch: list[tuple[SaleFact, Place]]) -> Figures:
    return figures_of(judge(fact, place, KNOWN) for fact, place in batch)


def stock(batch: Iterable[Judged]) -> dict[str, int]:
    """What a batch moves, by product."""
    sums: dict[str, int] = {}
    for judged in batch:
        for one in movements(judged):
            sums[one.product_id] = sums.get(one.product_id, 0) + one.quantity
    return sums


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


@given(batches(), batches())
def test_figures_of_two_uploads_add_up_to_those_of_one(
    one: list[tuple[SaleFact, Place]], other: list[tuple[SaleFact, Place]]
) -> None:
    whole, parts = figures([*one, *other]), (figures(one), figures(other))
    for table in ("hours", "products", "tenders", "discounts"):
        for key, sums in getattr(whole, table).items():
            held = [getattr(part, table).get(key, (0,) * len(sums)) for part in parts]
            assert tuple(map(sum, zip(*held, strict=True))) == sums


@given(any_sales(), PLACES)
def test_a_sale_and_its_full_refund_leave_nothing(fact: SaleFact, place: Place) -> None:
    sale = replace(fact, kind="sale")
    pair = [judge(one, place, KNOWN) for one in (sale, refund_of(sale))]
    found = figures_of(pair)
    assert all(hour[0] == hour[1] == 1 and hour[3] == hour[4] for hour in found.hours.values())
    assert all(row[0] == row[1] and row[2] == row[3] for row in found.products.values())
    assert all(received == paid_out for received, paid_out in found.tenders.values())
    assert set(stock(pair).values()) == {0}
    assert all(given == taken_back for given, taken_back in found.discounts.values())
    assert all(hour[5] == 0 for hour in found.hours.values())


@given(batches())
def test_products_and_rounding_make_the_hours_to_the_dong(batch: list[tuple[SaleFact, Place]]) -> None:
    found = figures(batch)
    for when, hour in found.hours.items():
        net = sum(row[2] - row[3] for key, row in found.products.items() if key[:3] == when)
        assert net + hour[5] == hour[3] - hour[4]


@given(any_sales())
def test_each_line_stands_under_its_own_hour_booth_product_and_producer(fact: SaleFact) -> None:
    judged = judge(fact, PLACE, KNOWN)
    found = figures([(fact, PLACE)])
    when = ("booth", judged.fair_day, judged.hour)
    assert set(found.hours) == {when}
    assert set(found.products) == {(*when, line.product_id, line.producer_id) for line in judged.lines}
    assert set(found.tenders) == {(*when, paid.method) for paid in fact.payments}


# --- any day of a till whose program makes no mistake -----------------------------------------------------------------


@given(days())
def test_sums_hold_to_the_dong_over_any_sequence_of_selling_and_giving_back(day: Day) -> None:
    """Sales with discounts, weights and split tenders, refunds in parts and voids: no sum is odd, and all figures agree."""
    judged = [judge(fact, PLACE, KNOWN) for fact in day.documents]
    assert {one.code for each in judged for one in each.oddities} & SUMS_ODD == set()
    found = figures_of(judged)
    for when, hour in found.hours.items():
        goods = sum(row[2] - row[3] for key, row in found.products.items() if key[:3] == when)
        money = sum(into - out for key, (into, out) in found.tenders.items() if key[:3] == when)
        assert goods + hour[5] == hour[3] - hour[4] == money
    gross = sum(line.gross_dong * (-1 if one.kind == "refund" else 1) for one in day.documents for line in one.lines)
    off = sum(given_dong - back_dong for given_dong, back_dong in found.discounts.values())
    assert added(found.products, 2) - added(found.products, 3) == gross - off
    assert sum(stock(judged).values()) == added(found.products, 1) - added(found.products, 0)


@given(days())
def test_many_small_refunds_end_exactly_at_their_sale_s_total(day: Day) -> None:
    for sale in day.sales:
        refunds = day.refunds_of(sale)
        left = left_to_return(sale.lines, [line for one in refunds for line in one.lines])
        back_dong = sum(one.total_dong for one in refunds)
        assert back_dong <= sale.total_dong
        if any(left):
            continue
        assert back_dong == sale.total_dong
        judged = [judge(one, PLACE, KNOWN) for one in (sale, *refunds)]
        found = figures_of(judged)
        assert set(stock(judged).values()) == {0}
        for rows, places in ((found.products, (0, 2)), (found.discounts, (0,)), (found.hours, (3,))):
            for row in rows.values():
                assert all(row[place] == row[place + 1] for place in places)


@given(days())
def test_what_comes_back_stays_within_what_was_sold_and_one_piece_more_does_not(day: Day) -> None:
    for sale in day.sales:
        lines = [line for one in day.refunds_of(sale) for line in one.lines]
        sold, back = amounts(sale.lines), amounts(lines)
        assert refund_oddities(lines, sold, back) == []
        too_much = [*lines, *sale.lines, replace(sale.lines[0], quantity=1)]
        assert [one.code for one in refund_oddities(too_much, sold, amounts(too_much))] == ["refund_exceeds_sale"]


def amounts(lines: Iterable[LineFact]) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for line in lines:
        held = found.get(line.product_id, Amount())
        found[line.product_id] = Amount(held.quantity + line.base_quantity, held.dong + line.amount_dong)
    return found


# --- a day of one till, as both programs compute it -------------------------------------------------------------------

BATCH = vectors("batch")
PRODUCTS = {"case": ("honey", "case"), "bag": ("fish", "bag")}


def batch_fact(number: int, document: dict[str, Any]) -> SaleFact:
    """A document of the batch as a tablet sends it."""
    lines = []
    for one in document["lines"]:
        product, pack = PRODUCTS.get(one["goods"], (one["goods"], None))
        names = ("quantity", "unit_price_dong", "amount_dong", "grams", "pack_size", "discount_dong")
        bearer = one["borne_by"] or ""
        fields = {name: one[name] for name in names}
        lines.append(
            LineFact(
                product, "maker", product, "x", pack_id=pack, discount_borne_by=bearer, discount_reason="x", **fields
            )
        )
    paid = [PaymentFact(p["method"], p["amount_dong"], p["amount_dong"], 0) for p in document["payments"]]
    refund_of = None if document["refund_of"] is None else str(document["refund_of"])
    return a_sale(
        *lines, id=str(number), kind=document["kind"], rounding_dong=document["rounding_dong"], refund_of=refund_of,
        total_dong=document["total_dong"], payments=tuple(paid), person_id="boss",
    )  # fmt: skip


def test_a_day_s_documents_and_sums_are_those_of_the_vectors() -> None:
    facts = [batch_fact(number, document) for number, document in enumerate(BATCH["documents"])]
    known = replace(KNOWN, goods={**KNOWN.goods, "squid": Goods("maker", by_weight=True)})
    judged = [judge(fact, PLACE, known) for fact in facts]
    assert [one.code for each in judged for one in each.oddities if one.code in SUMS_ODD] == []
    found, sums = figures_of(judged), BATCH["sums"]
    assert (added(found.hours, 3), added(found.hours, 4)) == (sums["sold_dong"], sums["refunded_dong"])
    assert added(found.hours, 5) == sums["rounding_dong"]
    methods = {key[3]: into - out for key, (into, out) in found.tenders.items()}
    assert methods == sums["methods"]
    assert added(found.products, 2) - added(found.products, 3) + sums["rounding_dong"] == sum(methods.values())
    by_bearer = dict.fromkeys(sums["discounts"], 0)
    for key, (given_dong, back_dong) in found.discounts.items():
        by_bearer[key[4]] += given_dong - back_dong
    assert by_bearer == sums["discounts"]
    left = dict.fromkeys(known.goods, 0) | stock(judged)
    for name, quantity in sums["stock"].items():
        left[PRODUCTS.get(name, (name, None))[0]] -= quantity
    assert set(left.values()) == {0}


def test_what_is_left_after_the_day_is_that_of_the_vectors() -> None:
    facts = [batch_fact(number, document) for number, document in enumerate(BATCH["documents"])]
    for number, fact in enumerate(facts):
        if fact.kind == "sale":
            back = [line for one in facts if one.refund_of == str(number) for line in one.lines]
            assert left_to_return(fact.lines, back) == BATCH["left"][number]
            back_dong = sum(one.total_dong for one in facts if one.refund_of == str(number))
            assert back_dong <= fact.total_dong
            if BATCH["left"][number] == [0] * len(fact.lines):
                assert back_dong == fact.total_dong  # many small refunds end exactly at the sale's total
