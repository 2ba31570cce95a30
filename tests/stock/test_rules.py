"""Out of which lots goods come, and into which they go back."""

from __future__ import annotations

from datetime import date, datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.stock.facts import LOTLESS, Lot, Moved
from fair_pos.stock.rules import Bucket, Shelf, Trail

AT = datetime(2026, 11, 24, 3, tzinfo=timezone.utc)
MAY, JUNE, JULY = date(2027, 5, 1), date(2027, 6, 1), date(2027, 7, 1)
LOTS = {
    lot.id: lot
    for lot in (
        Lot("june", "honey", "anna", "L2", JUNE, date(2026, 11, 2)),
        Lot("may", "honey", "binh", "L1", MAY, date(2026, 11, 3)),
        Lot("july", "honey", "anna", "L3", JULY, date(2026, 11, 1)),
        Lot("undated", "honey", "binh", "", None, date(2026, 10, 1)),
        Lot("tea", "tea", "anna", "T", MAY, date(2026, 10, 1)),
    )
}


def moved(quantity: int, kind: str = "sale", *, subject: str = "s", lot: str | None = None, returns: str = "") -> Moved:
    return Moved("booth", "booth", "honey", "maker", kind, quantity, subject, 1, AT, lot, returns)


def three_lots() -> Shelf:
    return Shelf({("anna", "june"): 4, ("binh", "may"): 2, ("anna", "july"): 9})


def test_seven_sold_of_three_lots_of_two_owners_debit_the_first_to_expire() -> None:
    assert three_lots().move(moved(-7), LOTS) == [(("binh", "may"), -2), (("anna", "june"), -4), (("anna", "july"), -1)]


def test_lots_without_a_day_come_after_those_with_one_and_goods_in_no_lot_last() -> None:
    shelf = Shelf({("other", LOTLESS): 1, ("maker", LOTLESS): 1, ("binh", "undated"): 1, ("anna", "july"): 1})
    found = [shelf.move(moved(-1), LOTS)[0][0] for _ in range(5)]
    assert found == [
        ("anna", "july"), ("binh", "undated"), ("maker", LOTLESS), ("other", LOTLESS), ("maker", LOTLESS),
    ]  # fmt: skip
    assert shelf.held["maker", LOTLESS] == -1


def test_what_no_lot_has_is_the_maker_s_and_falls_below_zero() -> None:
    shelf = Shelf({("anna", "june"): 1, ("maker", LOTLESS): 2})
    assert shelf.move(moved(-5), LOTS) == [(("anna", "june"), -1), (("maker", LOTLESS), -4)]
    assert shelf.held["maker", LOTLESS] == -2


def test_a_named_lot_is_debited_with_its_own_owner_even_below_zero() -> None:
    shelf = three_lots()
    assert shelf.move(moved(-3, lot="undated"), LOTS) == [(("binh", "undated"), -3)]
    assert shelf.held["binh", "undated"] == -3


def test_a_lot_nobody_knows_or_of_other_goods_leaves_the_choice_to_the_ledger() -> None:
    for lot in ("nobody's", "tea"):
        assert three_lots().move(moved(-1, lot=lot), LOTS) == [(("binh", "may"), -1)]


def test_goods_in_no_lot_can_be_named_too() -> None:
    assert three_lots().move(moved(-1, "write_off", lot=LOTLESS), LOTS) == [(("maker", LOTLESS), -1)]


def test_a_note_takes_only_its_owner_s_goods() -> None:
    shelf = Shelf({("binh", "may"): 5, ("maker", LOTLESS): 1})
    assert shelf.move(moved(-3, "return"), LOTS) == [(("maker", LOTLESS), -3)]


def test_what_comes_back_goes_into_the_lots_it_came_from_last_one_first_and_never_more() -> None:
    shelf = three_lots()
    shelf.move(moved(-7), LOTS)
    assert shelf.move(moved(2, "refund", subject="r1", returns="s"), LOTS) == [
        (("anna", "july"), 1), (("anna", "june"), 1),
    ]  # fmt: skip
    assert shelf.move(moved(9, "refund", subject="r2", returns="s"), LOTS) == [
        (("anna", "june"), 3), (("binh", "may"), 2), (("maker", LOTLESS), 4),
    ]  # fmt: skip
    assert shelf.move(moved(1, "refund", subject="r3", returns="s"), LOTS) == [(("maker", LOTLESS), 1)]


def test_what_comes_back_of_an_unknown_sale_lies_in_no_lot() -> None:
    assert three_lots().move(moved(2, "refund", returns="nobody's"), LOTS) == [(("maker", LOTLESS), 2)]


HELD = st.dictionaries(
    st.sampled_from([
        ("anna", "june"), ("binh", "may"), ("anna", "july"), ("binh", "undated"), ("maker", LOTLESS), ("other", LOTLESS),
    ]),
    st.integers(-5, 9),
)  # fmt: skip


@given(HELD, st.integers(1, 60))
def test_all_of_it_leaves_no_lot_falls_below_zero_and_no_bucket_is_named_twice(
    held: dict[Bucket, int], wanted: int
) -> None:
    shelf = Shelf(held)
    parts = shelf.move(moved(-wanted), LOTS)
    assert sum(quantity for _, quantity in parts) == -wanted
    assert len({bucket for bucket, _ in parts}) == len(parts)
    for bucket, quantity in parts:
        assert quantity < 0
        if bucket != ("maker", LOTLESS):
            assert shelf.held[bucket] >= 0
    # Nothing later in the order was touched while something earlier still lay there.
    days = {lot: LOTS[lot].expires_day or date.max for _, lot in shelf.held if lot}
    for (_, lot), _ in parts:
        earlier = [bucket for bucket in held if bucket[1] and days[bucket[1]] < days.get(lot, date.max)]
        assert all(shelf.held[bucket] <= 0 for bucket in earlier)


@given(HELD, st.lists(st.tuples(st.sampled_from(["a", "b"]), st.booleans(), st.integers(1, 9)), max_size=12))
def test_never_more_comes_back_into_a_lot_than_its_sale_took(
    held: dict[Bucket, int], steps: list[tuple[str, bool, int]]
) -> None:
    shelf, net = Shelf(held), dict[tuple[str, Bucket], int]()
    for number, (sale, back, quantity) in enumerate(steps):
        step = moved(quantity, "refund", subject=str(number), returns=sale) if back else moved(-quantity, subject=sale)
        for bucket, part in shelf.move(step, LOTS):
            net[sale, bucket] = net.get((sale, bucket), 0) + part
    assert all(quantity <= 0 for (_, (_, lot)), quantity in net.items() if lot)


def test_a_refund_that_names_a_lot_of_its_sale_gives_that_one_back_first() -> None:
    shelf = three_lots()
    shelf.move(moved(-7), LOTS)
    back = shelf.move(moved(3, "refund", subject="r", lot="may", returns="s"), LOTS)
    assert back == [(("binh", "may"), 2), (("anna", "july"), 1)]


def test_a_refund_before_its_sale_goes_into_the_lot_it_names_and_the_sale_takes_it_from_there() -> None:
    shelf = three_lots()
    assert shelf.move(moved(1, "refund", subject="r", lot="july", returns="s"), LOTS) == [(("anna", "july"), 1)]
    assert shelf.move(moved(-2), LOTS) == [(("anna", "july"), -1), (("binh", "may"), -1)]


def test_a_sale_takes_what_came_back_of_it_before_it_arrived() -> None:
    shelf = three_lots()
    shelf.move(moved(2, "refund", subject="r", returns="s"), LOTS)
    assert shelf.move(moved(-1), LOTS) == [(("maker", LOTLESS), -1)]  # one line of it
    assert shelf.move(moved(-3), LOTS) == [(("maker", LOTLESS), -1), (("binh", "may"), -2)]  # and another
    assert shelf.move(moved(9, "refund", subject="r2", returns="s"), LOTS) == [
        (("binh", "may"), 2), (("maker", LOTLESS), 7),
    ]  # fmt: skip


def test_one_trail_leads_over_all_places() -> None:
    trail = Trail()
    here, there = Shelf({("anna", "june"): 4}, trail), Shelf({}, trail)
    here.move(moved(-3), LOTS)
    assert there.move(moved(2, "refund", subject="r", returns="s"), LOTS) == [(("anna", "june"), 2)]
    assert here.move(moved(2, "refund", subject="r2", returns="s"), LOTS) == [
        (("anna", "june"), 1), (("maker", LOTLESS), 1),
    ]  # fmt: skip
