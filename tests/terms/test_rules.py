"""Shares in whole đồng, for any rule and price; which rule holds; what may not be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fair_pos.terms.rules import (
    MOST_TIERS,
    WHOLE,
    About,
    Divided,
    Rule,
    Share,
    borne_by_house,
    changes_past,
    last_divided_otherwise,
    overlaps,
    price_of_unit,
    read_points,
    rule_for,
    share_line,
    split,
    tier_points,
    trouble_with_share,
)

MANY = settings(max_examples=settings().max_examples * 20)
"""2,000 in the suite, 20,000 behind `make chaos`."""
DAY = date(2026, 12, 1)

dong = st.integers(0, 10**12)
points = st.integers(0, WHOLE)
percents = st.builds(Share, kind=st.just("percent"), basis_points=points)
starts = st.lists(st.integers(1, 10**9), max_size=MOST_TIERS - 1, unique=True)
tiers = starts.flatmap(
    lambda rest: st.lists(points, min_size=len(rest) + 1, max_size=len(rest) + 1).map(
        lambda some: Share(kind="tiers", tiers=tuple(zip([0, *sorted(rest)], some, strict=True)))
    )
)
fixed = st.builds(Share, kind=st.just("fixed"), unit_dong=st.integers(1, 10**9))
shares = st.one_of(percents, tiers, fixed)
grams = st.one_of(st.none(), st.integers(1, 10**7))
units = st.integers(1, 10**5)


@pytest.mark.chaos
@MANY
@given(dong, dong, units, grams, st.one_of(st.none(), shares))
@example(1, 1, 1, None, Share(kind="percent", basis_points=5000))
@example(0, 0, 1, None, Share(kind="fixed", unit_dong=5))
def test_shares_are_the_whole_and_never_a_dong_off(
    base: int, price: int, count: int, weight: int | None, share: Share | None
) -> None:
    found = split(base, unit_price_dong=price, units=count, grams=weight, rule=share)
    assert found.owner_dong + found.house_dong == base
    assert found.owner_dong >= 0
    assert found.house_dong >= 0
    back = split(-base, unit_price_dong=price, units=-count, grams=weight, rule=share)
    assert (back.owner_dong, back.house_dong) == (-found.owner_dong, -found.house_dong)
    if share is None:
        exact = Fraction(base)
    elif share.kind == "fixed":
        kept = Fraction(count * share.unit_dong) if weight is None else Fraction(weight * share.unit_dong, 1000)
        exact = max(base - kept, Fraction(0))
    else:
        rate = share.basis_points if share.kind == "percent" else tier_points(share.tiers, price)
        exact = Fraction(base * rate, WHOLE)
    assert abs(found.owner_dong - exact) <= Fraction(1, 2)
    assert abs(found.house_dong - (base - exact)) <= Fraction(1, 2)


@pytest.mark.chaos
@MANY
@given(
    dong, dong, st.sampled_from(["", "producer", "organiser", "shared"]), dong, units, grams, st.one_of(st.none(), shares)
)  # fmt: skip
def test_a_line_is_shared_whole_whoever_bears_its_discount(
    amount: int, discount: int, bearer: str, price: int, count: int, weight: int | None, share: Share | None
) -> None:
    found = share_line(amount, discount, bearer, price, count, weight, share)
    assert found.owner_dong + found.house_dong == amount
    assert found.owner_dong >= 0
    borne = {"organiser": Fraction(discount), "shared": Fraction(discount, 2)}.get(bearer, Fraction(0))
    assert abs(borne_by_house(discount, bearer) - borne) <= Fraction(1, 2)
    without = split(amount, unit_price_dong=price, units=count, grams=weight, rule=share)
    assert found.owner_dong >= without.owner_dong
    back = share_line(-amount, -discount, bearer, price, -count, weight, share)
    assert (back.owner_dong, back.house_dong) == (-found.owner_dong, -found.house_dong)


@given(st.integers(0, 10**9), st.integers(1, 500), st.integers(0, 10**7))
def test_a_case_falls_into_the_tier_of_its_units(pack_price: int, size: int, start: int) -> None:
    assert (price_of_unit(pack_price, size) >= start) == (pack_price >= start * size)


def test_worked_lines() -> None:
    eighty = Share(kind="percent", basis_points=8000)
    assert (share_line(900, 0, "", 900, 1, None, eighty).owner_dong) == 720
    # 100.000 less 10.000: the owner of goods sold 80 : 20 gets 80.000 when the organiser bears it, 76.000 when both do, 72.000 else.
    found = {
        bearer: share_line(90_000, 10_000, bearer, 100_000, 1, None, eighty).owner_dong
        for bearer in ("organiser", "shared", "producer", "")
    }
    assert found == {"organiser": 80_000, "shared": 76_000, "producer": 72_000, "": 72_000}
    given_free = share_line(0, 100_000, "organiser", 100_000, 1, None, eighty)
    assert (given_free.owner_dong, given_free.house_dong) == (80_000, -80_000)
    kept = Share(kind="fixed", unit_dong=5_000)
    assert split(30_000, unit_price_dong=10_000, units=3, grams=None, rule=kept).house_dong == 15_000
    assert split(21_850, unit_price_dong=38_000, units=1, grams=575, rule=kept).house_dong == 2_875
    assert split(9_000, unit_price_dong=3_000, units=3, grams=None, rule=kept).owner_dong == 0
    stairs = Share(kind="tiers", tiers=((0, 7000), (100_000, 8000)))
    assert [split(p, unit_price_dong=p, units=1, grams=None, rule=stairs).owner_dong for p in (99_999, 100_000)] == [
        69_999,
        80_000,
    ]


def rule(name: str, points: int = 8000, starts: date = DAY, ends: date | None = None, **about: str) -> Rule:
    return Rule(id=name, kind="percent", basis_points=points, starts_day=starts, ends_day=ends, **about)  # type: ignore[arg-type]  # only the three ids are given


def test_the_narrowest_rule_decides_in_the_stated_order() -> None:
    narrow_to_wide = [
        rule("1", booth_id="b", owner_id="o", product_id="p"), rule("2", owner_id="o", product_id="p"),
        rule("3", booth_id="b", product_id="p"), rule("4", product_id="p"), rule("5", booth_id="b", owner_id="o"),
        rule("6", owner_id="o"), rule("7", booth_id="b"), rule("8"),
    ]  # fmt: skip
    asked = {"booth_id": "b", "owner_id": "o", "product_id": "p", "day": DAY}
    for number, wanted in enumerate(narrow_to_wide):
        for order in (1, -1):
            found = rule_for(narrow_to_wide[number:][::order], **asked)  # type: ignore[arg-type]
            assert found == wanted
    other = rule_for(narrow_to_wide, booth_id="c", owner_id="x", product_id="y", day=DAY)
    assert other == narrow_to_wide[-1]
    assert rule_for(narrow_to_wide, **asked | {"day": DAY - timedelta(days=1)}) is None  # type: ignore[arg-type]


def test_old_sales_keep_the_old_rule() -> None:
    old, new = rule("old", 8000, ends=DAY), rule("new", 7000, starts=DAY + timedelta(days=1))
    asked = {"booth_id": "b", "owner_id": "o", "product_id": "p"}
    found = [rule_for([new, old], day=DAY + timedelta(days=late), **asked) for late in (0, 1)]
    assert found == [old, new]


def test_overlaps_are_of_the_same_goods_and_days() -> None:
    first = rule("a", ends=DAY + timedelta(days=9), owner_id="o")
    assert overlaps(first, rule("b", starts=DAY + timedelta(days=9), owner_id="o"))
    assert not overlaps(first, rule("b", starts=DAY + timedelta(days=10), owner_id="o"))
    assert not overlaps(first, rule("b", owner_id="o", product_id="p"))
    assert overlaps(rule("b", starts=DAY - timedelta(days=9), owner_id="o"), first)


def test_a_narrower_rule_may_not_reach_back_over_what_was_sold() -> None:
    wide, narrow = rule("w", ends=DAY + timedelta(days=5)), rule("n", starts=DAY + timedelta(days=2), owner_id="o")
    assert changes_past(narrow, [wide], DAY + timedelta(days=2)) == wide
    assert changes_past(narrow, [wide], DAY + timedelta(days=1)) is None
    assert changes_past(replace(narrow, starts_day=DAY + timedelta(days=6)), [wide], DAY + timedelta(days=8)) is None
    assert changes_past(wide, [narrow], DAY + timedelta(days=9)) is None
    assert changes_past(rule("x", booth_id="b", owner_id="o"), [rule("y", booth_id="c")], DAY) is None


def test_the_last_day_that_another_rule_would_decide() -> None:
    wide, narrow = rule("w"), rule("n", starts=DAY + timedelta(days=2), owner_id="o", ends=DAY + timedelta(days=4))
    goods = [
        Divided(booth_id="b", owner_id=owner, product_id="p", day=DAY + timedelta(days=days))
        for owner in ("o", "other")
        for days in range(7)
    ]
    assert last_divided_otherwise([wide], [wide, narrow], goods) == DAY + timedelta(days=4)
    assert last_divided_otherwise([wide, narrow], [wide], goods) == DAY + timedelta(days=4)
    assert last_divided_otherwise([wide], [wide, narrow], [one for one in goods if one.owner_id == "other"]) is None
    assert last_divided_otherwise([], [wide], goods) == DAY + timedelta(days=6)
    assert last_divided_otherwise([wide], [wide, narrow], []) is None


@pytest.mark.parametrize(
    ("share", "trouble"),
    [
        (Share(kind="percent", basis_points=10_000), None),
        (Share(kind="percent", basis_points=10_001), "rate_over"),
        (Share(kind="percent", basis_points=-1), "rate_over"),
        (Share(kind="tiers", tiers=((0, 8000), (50_000, 12_000))), "rate_over"),
        (Share(kind="tiers", tiers=((0, 8000), (50_000, 9000))), None),
        (Share(kind="tiers", tiers=((1, 8000),)), "tiers_wrong"),
        (Share(kind="tiers", tiers=()), "tiers_wrong"),
        (Share(kind="tiers", tiers=((0, 1), (5, 1), (5, 2))), "tiers_wrong"),
        (Share(kind="tiers", tiers=tuple((n, 1) for n in range(MOST_TIERS + 1))), "tiers_wrong"),
        (Share(kind="fixed", unit_dong=0), "amount_wrong"),
        (Share(kind="fixed", unit_dong=10**12 + 1), "amount_wrong"),
        (Share(kind="fixed", unit_dong=1), None),
    ],
)
def test_what_may_not_be_said(share: Share, trouble: str | None) -> None:
    assert trouble_with_share(share) == trouble


def test_rules_about_the_same_have_one_key() -> None:
    assert About(owner_id="o").key == rule("a", owner_id="o").key != About(booth_id="o").key


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("80", 8000),
        ("82,5 %", 8250),
        ("0.05", 5),
        ("120", 12_000),
        ("", None),
        ("-5", None),
        ("1,234", None),
        ("80,", None),
    ],
)
def test_percentages_as_typed(text: str, points: int | None) -> None:
    assert read_points(text) == points
