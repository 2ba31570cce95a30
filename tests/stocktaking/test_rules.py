"""Variances, which lots they are booked to, and what is odd about a count."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.sales.facts import Place
from fair_pos.stocktaking.rules import (
    CountedLine,
    CountFact,
    KnownGoods,
    Lying,
    Part,
    judge_count,
    lines_that_count,
    lots_apart,
    missing_step,
    parts_found,
    parts_missing,
)

NOON = datetime(2026, 11, 24, 5, tzinfo=timezone.utc)
PLACE = Place("e", "b", "d", 240, NOON - timedelta(days=9), None, False, NOON + timedelta(minutes=5))


def line(product: str = "honey", quantity: int = 3, lot: str = "", minute: int = 0) -> CountedLine:
    return CountedLine(product, product, "chai", quantity, NOON + timedelta(minutes=minute), lot)


def fact(*lines: CountedLine, offset: int = 0) -> CountFact:
    return CountFact(
        id="c", device_seq=1, booth_id="b", person_id="p", device_at=NOON, clock_offset_ms=offset, fair_day="2026-11-24",
        hash="", lines=lines,
    )  # fmt: skip


def codes(fact_: CountFact, known: KnownGoods) -> list[str]:
    return [odd.code for odd in judge_count(fact_, PLACE, {"p"}, known).oddities]


KNOWN = KnownGoods({"honey"}, {"lot": "honey", "other": "tea"}, frozenset({("honey", ""), ("honey", "lot")}))


def test_nothing_is_odd_about_goods_that_were_here() -> None:
    assert codes(fact(line(), line(lot="lot")), KNOWN) == []


def test_goods_never_stocked_unknown_goods_and_lots_of_others_are_odd_and_none_twice() -> None:
    assert codes(fact(line("tea")), KNOWN) == ["product_unknown", "count_never_stocked"]
    assert codes(fact(line(lot="nowhere")), KNOWN) == ["count_lot_unknown"]
    assert codes(fact(line(lot="other"), line(lot="other")), KNOWN) == ["count_lot_unknown"]
    elsewhere = KnownGoods({"honey"}, {"lot": "honey"}, frozenset({("honey", "")}))
    assert codes(fact(line(lot="lot")), elsewhere) == ["count_never_stocked"]


def test_what_was_never_here_is_told_in_the_unit_it_was_counted_in() -> None:
    known = KnownGoods({"honey", "tea"}, {}, frozenset(), weighed={"tea"})
    told = [judge_count(fact(one), PLACE, {"p"}, known).oddities[0] for one in (line(quantity=1250), line("tea", 1250))]
    assert [odd.facts["quantity"] for odd in told] == ["1.250", "1,250 kg"]


def test_none_of_what_was_never_here_is_as_it_should_be() -> None:
    assert codes(fact(line(quantity=0)), KnownGoods({"honey"}, {}, frozenset())) == []


def test_a_line_s_moment_is_corrected_as_the_command_s_and_never_unbelievable() -> None:
    judged = judge_count(fact(line(minute=-7), line(minute=10**6), offset=60_000), PLACE, {"p"}, KNOWN)
    assert [one.counted_at for one in judged.lines] == [NOON - timedelta(minutes=6), NOON + timedelta(minutes=1)]


def test_of_the_same_goods_the_line_counted_last_counts() -> None:
    lines = {1: line(minute=5), 2: line(minute=1), 3: line(lot="lot"), 4: line("tea"), 5: line("tea")}
    assert lines_that_count(lines) == {1, 3, 5}
    assert lots_apart(lines.values()) == {"honey": frozenset({"lot"})}


LYING = [
    Lying("x", "", 4),
    Lying("y", "late", 3, date(2026, 12, 9), date(2026, 1, 1)),
    Lying("z", "soon", 2, date(2026, 12, 1), date(2026, 2, 1)),
    Lying("y", "never", 2, None, date(2026, 1, 5)),
    Lying("z", "below", -2, date(2026, 11, 1), date(2026, 1, 1)),
]


def test_missing_goods_come_off_what_expires_first_and_the_last_of_them_off_the_maker() -> None:
    parts = parts_missing(20, LYING, (), "", "maker")
    assert [(one.lot_id, one.owner_id, one.quantity) for one in parts] == [
        ("soon", "z", 2), ("late", "y", 3), ("never", "y", 2), ("", "x", 4), ("", "maker", 9),
    ]  # fmt: skip


def test_a_line_with_a_lot_touches_that_lot_alone_and_one_without_none_that_was_counted() -> None:
    assert parts_missing(9, LYING, (), "late", "y") == [Part("y", "late", 9)]
    assert parts_missing(3, LYING, {"soon", "late"}, "", "x") == [Part("y", "never", 2), Part("x", "", 1)]


@given(st.integers(1, 50), st.sets(st.sampled_from(["soon", "late", "never"])))
def test_parts_missing_add_up_and_are_all_above_zero(quantity: int, apart: set[str]) -> None:
    parts = parts_missing(quantity, LYING, apart, "", "maker")
    assert sum(one.quantity for one in parts) == quantity
    assert all(one.quantity > 0 and one.lot_id not in apart for one in parts)


@given(st.integers(1, 30), st.lists(st.integers(1, 9), max_size=4))
def test_found_goods_go_back_where_they_were_missed(quantity: int, missed: list[int]) -> None:
    booked = [Part("o", f"lot {number}", one) for number, one in enumerate(missed)]
    parts = parts_found(quantity, booked, "", "maker")
    assert sum(one.quantity for one in parts) == quantity
    back = {one.lot_id: one.quantity for one in parts}
    assert all(back.get(one.lot_id, 0) <= one.quantity for one in booked)
    assert back.get("", 0) == max(0, quantity - sum(missed))


@given(st.lists(st.integers(-9, 9), max_size=8))
def test_steps_of_missing_goods_add_up_to_what_is_missing_in_the_end(bookings: list[int]) -> None:
    total = steps = 0
    for booked in bookings:
        steps += missing_step(total, total + booked)
        total += booked
    assert steps == max(0, -total)
