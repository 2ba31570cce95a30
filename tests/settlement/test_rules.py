"""Property tests of settling: whatever is sold, given back, charged, lost and carried over, owners, house and fees have what buyers paid."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fair_pos.settlement.rules import (
    Borne,
    Carried,
    Charge,
    Content,
    Part,
    Terms,
    by_vat_rate,
    goods_of,
    payable_of,
    spread,
    statement_of,
    worth_of,
    written_number,
)
from fair_pos.terms.rules import Rule

EXAMPLES = 20 * settings().max_examples
"""2,000 in the suite, 20,000 behind `make chaos`."""
FIRST = date(2026, 11, 1)


def sold_part(number: int, amount: int, **fields: object) -> Part:
    given_fields: dict[str, object] = {
        "source": "sale", "id": str(number), "subject_id": f"s{number}", "receipt": f"A-{number}", "day": FIRST, "rule_day": FIRST,
        "rule_booth": "b", "product_id": "p", "name": "Mật ong", "unit": "chai", "quantity": 1, "weighed": False,
        "unit_price_dong": abs(amount), "pack_size": 1, "amount_dong": amount, "discount_dong": 0, "discount_borne_by": "",
        "vat_code": "8",
    }  # fmt: skip
    return Part(**given_fields | fields)  # type: ignore[arg-type]  # fields of a Part


RULES = st.lists(
    st.builds(
        Rule,
        id=st.uuids().map(str),
        kind=st.sampled_from(("percent", "tiers", "fixed")),
        basis_points=st.integers(0, 10_000),
        tiers=st.tuples(st.integers(0, 10_000), st.integers(1, 10**6), st.integers(0, 10_000)).map(
            lambda one: ((0, one[0]), (one[1], one[2]))
        ),
        unit_dong=st.integers(1, 10**6),
        booth_id=st.sampled_from((None, "b", "c")),
        owner_id=st.sampled_from((None, "o0", "o1")),
        product_id=st.sampled_from((None, "p0", "p1")),
        starts_day=st.integers(0, 9).map(lambda back: FIRST + timedelta(days=back)),
    ),
    max_size=4,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("sale"), st.integers(0, 2), st.integers(0, 1), st.integers(1, 9), st.integers(0, 3_000_000),
            st.integers(0, 99), st.sampled_from(("", "producer", "organiser", "shared")), st.booleans(),
        ),
        st.tuples(st.just("refund"), st.integers(0, 50), st.integers(1, 100)),
        st.tuples(st.just("late"), st.integers(0, 2), st.integers(0, 500_000)),
        st.tuples(st.just("fee"), st.integers(0, 2), st.integers(-50_000, 500_000)),
        st.tuples(
            st.just("loss"), st.integers(0, 2), st.integers(-5, 9), st.integers(0, 300_000),
            st.sampled_from(("owner", "house", "shared")),
        ),
        st.tuples(st.just("settle"), st.integers(0, 400_000)),
        st.tuples(st.just("payout"), st.integers(0, 20)),
    ),
    max_size=25,
)  # fmt: skip


@pytest.mark.chaos
@settings(max_examples=EXAMPLES)
@given(RULES, STEPS)
def test_owners_house_and_fees_have_what_buyers_paid(  # noqa: C901 (one case a step)
    rules: list[Rule], steps: list[tuple[object, ...]]
) -> None:
    """Sequences of sale, refund, late sale, fee, write-off, settling and payout: Σ owners + Σ house + Σ fees = Σ net sales."""
    parts: dict[str, list[Part]] = {}
    fees: dict[str, list[Charge]] = {}
    losses: dict[str, list[Borne]] = {}
    carried: dict[str, list[Carried]] = {}
    made: list[tuple[str, Content]] = []
    sales: list[tuple[str, Part]] = []
    paid: set[int] = set()
    net = charged = day = 0

    def settle(minimum: int) -> None:
        for owner in sorted({*parts, *fees, *losses, *carried}):
            own = (parts.pop(owner, []), fees.pop(owner, []), losses.pop(owner, []), carried.pop(owner, []))
            content = statement_of(*own, Terms(rules, minimum), owner_id=owner)
            if content.sums.carried_out_dong:
                carried[owner] = [Carried(f"t{len(made)}", len(made), content.sums.carried_out_dong)]
            made.append((owner, content))

    for number, step in enumerate(steps):
        match step:
            case ("sale", int(o), int(p), int(quantity), int(price), int(percent), str(borne_by), bool(weighed)):
                gross = worth_of(quantity, price, weighed=weighed)
                discount = gross * percent // 100
                part = sold_part(
                    number, gross - discount, quantity=quantity, weighed=weighed, unit_price_dong=price, discount_dong=discount,
                    discount_borne_by=borne_by, product_id=f"p{p}", rule_day=FIRST + timedelta(days=day),
                )  # fmt: skip
                parts.setdefault(f"o{o}", []).append(part)
                sales.append((f"o{o}", part))
                net += part.amount_dong
                day = (day + 1) % 10
            case ("refund", int(which), int(percent)) if sales:
                owner, of = sales[which % len(sales)]
                amount = -(of.amount_dong * percent // 100)
                back = sold_part(
                    number, amount, source="refund", quantity=-of.quantity, weighed=of.weighed, product_id=of.product_id,
                    unit_price_dong=of.unit_price_dong, discount_dong=-(of.discount_dong * percent // 100),
                    discount_borne_by=of.discount_borne_by, rule_day=of.rule_day,
                )  # fmt: skip
                parts.setdefault(owner, []).append(back)
                net += amount
            case ("late", int(o), int(amount)):
                parts.setdefault(f"o{o}", []).append(sold_part(number, amount, late=True))
                net += amount
            case ("fee", int(o), int(amount)):
                fees.setdefault(f"o{o}", []).append(Charge(f"f{number}", "other", FIRST, amount, ""))
                charged += amount
            case ("loss", int(o), int(quantity), int(price), str(borne_by)):
                losses.setdefault(f"o{o}", []).append(
                    Borne(
                        source="write_off", id=f"w{number}", subject_id="w", number="PH", day=FIRST, booth_id="", product_id="p0",
                        name="", unit="", quantity=quantity, weighed=False, unit_price_dong=price, pack_size=1,
                        worth_dong=worth_of(quantity, price, weighed=False), borne_by=borne_by, reason="lost",
                    )
                )  # fmt: skip
            case ("settle", int(minimum)):
                settle(minimum)
            case ("payout", int(which)) if made:
                paid.add(which % len(made))
    settle(0)
    owners = sum(one.sums.payable_dong for _, one in made)
    left = sum(one.amount_dong for of_owner in carried.values() for one in of_owner)  # what owners owe in the end
    house = sum(one.sums.house_dong - one.sums.credited_dong for _, one in made)
    fee_sum = sum(one.sums.fees_dong for _, one in made)
    assert owners + left + house + fee_sum == net
    assert fee_sum == charged
    assert sum(one.sums.net_dong for _, one in made) == net
    once = Counter((entry.source, entry.source_id) for _, one in made for entry in one.entries)
    assert all(times == 1 for times in once.values())
    for _, one in made:
        assert all(entry.net_dong == entry.owner_dong + entry.house_dong for entry in one.entries)
        assert one.sums.payable_dong >= 0
        rows = goods_of(one.entries)
        assert sum(row.net_dong for row in rows) == one.sums.net_dong
        assert sum(row.net_dong for _, of_rate in by_vat_rate(rows) for row in of_rate) == one.sums.net_dong
    waiting = sum(one.sums.payable_dong for at, (_, one) in enumerate(made) if at not in paid)
    assert waiting + sum(made[at][1].sums.payable_dong for at in paid) == owners


@pytest.mark.chaos
@settings(max_examples=EXAMPLES)
@given(st.integers(-(10**12), 10**12), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=12))
def test_largest_remainder_is_never_off_by_one(amount: int, quantities: list[int]) -> None:
    parts = spread(amount, quantities)
    assert sum(parts) == amount
    total = sum(abs(one) for one in quantities)
    if total:
        assert all(
            abs(part - Fraction(amount * abs(one), total)) < 1 for part, one in zip(parts, quantities, strict=True)
        )
        assert spread(-amount, quantities) == [-part for part in parts]


@pytest.mark.chaos
@settings(max_examples=EXAMPLES)
@given(st.integers(1, 10**10), st.integers(0, 10_000))
def test_share_is_the_nearest_whole_dong_to_the_exact_fraction(amount: int, points: int) -> None:
    rule = Rule(id="r", kind="percent", basis_points=points, starts_day=FIRST)
    sums = statement_of([sold_part(1, amount)], [], [], [], Terms([rule])).sums
    assert abs(sums.owner_dong - Fraction(amount * points, 10_000)) <= Fraction(1, 2)
    assert sums.owner_dong + sums.house_dong == amount


def test_pain_23_worked_example() -> None:
    """1000 sold, 100 of an earlier period given back: 80 % of 900."""
    rule = Rule(id="r", kind="percent", basis_points=8000, starts_day=FIRST)
    parts = [sold_part(1, 1000), sold_part(2, -100, source="refund", quantity=-1)]
    sums = statement_of(parts, [], [], [], Terms([rule])).sums
    assert (sums.net_dong, sums.owner_dong, sums.house_dong, sums.payable_dong) == (900, 720, 180, 720)


def test_less_than_the_minimum_and_below_zero_are_carried_over_whole() -> None:
    assert [payable_of(due, 100) for due in (-5, 0, 99, 100, 101)] == [0, 0, 0, 100, 101]
    assert [payable_of(due, 0) for due in (-5, 0, 1)] == [0, 0, 1]


def test_lists_of_goods_stand_apart_by_vat_rate() -> None:
    parts = [sold_part(1, 10, vat_code="5"), sold_part(2, 20, vat_code="10"), sold_part(3, 30, vat_code="")]
    lists = by_vat_rate(goods_of(statement_of(parts, [], [], [], Terms()).entries))
    assert [(code, sum(row.net_dong for row in rows)) for code, rows in lists] == [("10", 20), ("5", 10), ("", 30)]


def test_numbers_and_worth() -> None:
    assert written_number(7) == "TT-0007"
    assert (worth_of(-2, 50, weighed=False), worth_of(-500, 30_000, weighed=True)) == (-100, -15_000)
    assert spread(5, [0, 0]) == [5, 0]
