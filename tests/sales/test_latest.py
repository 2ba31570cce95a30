"""The newest of what figures stand for, whatever came first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from fair_pos.sales.facts import Judged
from fair_pos.sales.latest import Latest, latest_of
from fair_pos.sales.rules import judge
from tests.sales.facts import ARRIVED, HONEY, KNOWN, PLACE, a_sale, refund_of


def judged(minutes_ago: int, name: str = "Mật ong", received_ago: int = 0, *, back: bool = False) -> Judged:
    fact = a_sale(replace(HONEY, name=name), at=ARRIVED.replace(minute=59, hour=19) - timedelta(minutes=minutes_ago))
    place = replace(PLACE, received_at=ARRIVED - timedelta(seconds=received_ago))
    return judge(refund_of(fact) if back else fact, place, KNOWN)


def test_goods_are_called_as_on_their_last_receipt_and_sold_when_they_last_were() -> None:
    batch = [judged(5, "cũ"), judged(1, "mới", 3, back=True), judged(9, "rất cũ", 9)]
    for seed in range(5):
        whole = Latest()
        for one in Random(seed).sample(batch, 3):
            whole.add([one])
        (goods,) = whole.goods.values()
        assert (goods.last_at, goods.last_sold_at, goods.names) == (
            batch[1].sold_at,
            batch[0].sold_at,
            {("mới", "chai")},
        )
        assert list(whole.hours.values()) == [ARRIVED]


def test_what_was_only_given_back_was_not_sold() -> None:
    (goods,) = latest_of([judged(1, back=True)]).goods.values()
    assert goods.last_sold_at is None


def test_two_names_of_one_moment_are_both_last() -> None:
    (goods,) = latest_of([judged(1, "a"), judged(1, "b")]).goods.values()
    assert goods.names == {("a", "chai"), ("b", "chai")}
