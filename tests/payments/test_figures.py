"""Money that is not cash, shared over makers: nothing is lost and nobody is given more than their goods cost."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

import pytest

from fair_pos.payments.figures import (
    Key,
    Shares,
    card_figures,
    confirmed_of,
    family_figures,
    family_of,
    paid_back_of,
    shares_of,
    split_shares,
    transfer_figures,
)
from fair_pos.sales.facts import Judged, Kind, LineFact, PaymentFact, Place, SaleFact

DAY, AT = date(2026, 11, 24), datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)


def judged(goods: list[tuple[str, int]], tenders: list[tuple[str, int]], *, kind: Kind = "sale") -> Judged:
    lines = tuple(LineFact("p", producer, "", "", 1, amount, amount) for producer, amount in goods)
    payments = tuple(PaymentFact(method, amount, amount, 0) for method, amount in tenders)
    fact = SaleFact(
        id="s", device_seq=1, booth_id="b", person_id="x", device_at=AT, clock_offset_ms=0, fair_day=DAY.isoformat(),
        hash="", kind=kind, receipt_number="", receipt_token="", price_list_version=1, lines=lines, total_dong=sum(amount for _, amount in tenders), payments=payments,
    )  # fmt: skip
    place = Place(
        edition_id="e", booth_id="b", device_id="d", day_boundary_minutes=240, paired_at=AT, revoked_at=None,
        sample=False, received_at=AT,
    )  # fmt: skip
    return Judged(fact, place, AT, AT, DAY, 9, fact.total_dong, lines, ())


@pytest.mark.parametrize(
    ("goods", "tenders", "shares"),
    [
        ([("A", 100), ("B", 200)], [("transfer", 300)], [[("A", 100), ("B", 200)]]),
        ([("A", 100), ("B", 200)], [("cash", 200), ("transfer", 100)], [[], [("A", 33), ("B", 67)]]),
        ([("B", 50), ("A", 100), ("B", 150)], [("transfer", 100), ("card", 200)],
         [[("A", 33), ("B", 67)], [("A", 67), ("B", 133)]]),
        ([("A", 100)], [("transfer", 150)], [[("", 50), ("A", 100)]]),
        ([("A", 0)], [("transfer", 5)], [[("", 5)]]),
        ([("A", 0)], [("transfer", 0)], [[]]),
        ([("", 40), ("A", 60)], [("card", 120)], [[("", 60), ("A", 60)]]),
    ],
)  # fmt: skip
def test_payments_are_shared_over_what_each_makers_goods_still_cost(
    goods: list[tuple[str, int]], tenders: list[tuple[str, int]], shares: list[Shares]
) -> None:
    assert shares_of(judged(goods, tenders)) == shares


@pytest.mark.parametrize("seed", range(20))
def test_no_dong_is_lost_and_nobody_gets_more_than_their_goods(seed: int) -> None:
    chance = random.Random(seed)
    goods = [(chance.choice("ABC"), chance.randrange(0, 90_000)) for _ in range(chance.randint(1, 6))]
    left = sum(amount for _, amount in goods)
    tenders = []
    for _ in range(chance.randint(1, 4)):
        amount = chance.randint(0, left)
        tenders.append((chance.choice(["cash", "transfer", "card"]), amount))
        left -= amount
    tenders.append(("cash", left))
    shares = shares_of(judged(goods, tenders))
    for (method, amount), share in zip(tenders, shares, strict=True):
        assert sum(part for _, part in share) == (0 if method == "cash" else amount)
        confirmed = chance.randint(0, sum(part for _, part in share))
        split = split_shares(share, confirmed)
        assert sum(sure for _, sure, _ in split) == confirmed
        assert all(sure >= 0 and claimed >= 0 for _, sure, claimed in split)
    for maker in "ABC":
        given = sum(part for share in shares for producer, part in share if producer == maker)
        assert 0 <= given <= sum(amount for producer, amount in goods if producer == maker)


@dataclass
class Row:
    sale_id: str
    amount_dong: int
    kind: str = "sale"
    refund_of: str | None = None
    received_dong: int = 0
    seen: bool = False
    account_id: str | None = "acc"
    hour: int = 9
    booth_id: str = "b"
    payment_no: int = 1
    fair_day: date = DAY
    sold_at: datetime = AT
    shares: Shares = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shares = self.shares or [("A", self.amount_dong)]


def key(part: str, *, hour: int = 9, account: str = "acc", producer: str = "A") -> Key:
    return ("b", DAY, hour, part, account, producer)


def test_what_is_paid_back_counts_below_zero_in_its_own_hour_and_to_the_account_of_its_sale() -> None:
    sale = Row("s", 100, seen=True)
    back = Row("r", 30, "refund", "s", account_id=None, hour=10)
    assert family_of(sale) == family_of(back) == "s"
    assert confirmed_of([back, sale]) == {("s", 1): 100, ("r", 1): 30}
    assert transfer_figures([back, sale]) == {key("confirmed"): 100, key("confirmed", hour=10): -30}


def test_what_was_only_claimed_is_taken_back_as_claimed() -> None:
    sale, back = Row("s", 100), Row("r", 100, "refund", "s")
    assert transfer_figures([sale, back]) == {key("claimed"): 0}
    assert transfer_figures([back]) == {key("confirmed"): -100}  # of a sale that is not here it really left the account


def test_two_givings_back_take_from_confirmed_money_in_their_order() -> None:
    sale = Row("s", 100, received_dong=60)
    late = Row("q", 50, "refund", "s", sold_at=AT + timedelta(hours=2))
    soon = Row("r", 40, "refund", "s", sold_at=AT + timedelta(hours=1))
    assert confirmed_of([late, sale, soon]) == {("s", 1): 60, ("r", 1): 40, ("q", 1): 20}


def test_a_transfer_counts_for_each_maker() -> None:
    sale = Row("s", 100, received_dong=50, shares=[("A", 33), ("B", 67)])
    assert family_figures([sale], {("s", 1): 50}) == {
        key("confirmed"): 17, key("claimed"): 16, key("confirmed", producer="B"): 33, key("claimed", producer="B"): 34,
    }  # fmt: skip


def test_money_by_card_is_neither_claimed_nor_confirmed() -> None:
    sale = judged([("A", 100)], [("card", 70), ("cash", 30)])
    back = judged([("A", 20)], [("card", 20)], kind="refund")
    assert card_figures([sale, back]) == {("b", DAY, 9, "card", "", "A"): 50}


def test_what_went_back_before_it_was_confirmed_waits_no_more() -> None:
    first, second = Row("s", 100), Row("s", 50, payment_no=2, received_dong=20)
    back = Row("r", 140, "refund", "s")
    assert paid_back_of([second, back, first]) == {("s", 1): 100, ("s", 2): 20}  # of 140, 20 was confirmed money
    assert paid_back_of([first, Row("r", 30, "refund", "s")]) == {("s", 1): 30}
    assert paid_back_of([Row("s", 100, seen=True), Row("r", 100, "refund", "s")]) == {}
    assert paid_back_of([back]) == {}
