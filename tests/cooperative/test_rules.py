"""Shares add up to the payable for any deliveries; bands have the edges they are written with and give nobody away."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fair_pos.cooperative.rules import (
    BANDS,
    FEWEST,
    MILLION,
    Delivered,
    band_of,
    households_by_band,
    is_over,
    shares_of,
    shown_bands,
)

HONG_YEN_DU = [45, 62, 88, 95, 100, 110, 132, 150, 168, 200, 201, 240]
"""Year incomes of twelve households in million đồng, with an amount on each edge."""


@settings(max_examples=500)
@given(
    st.integers(0, 10**13),
    st.dictionaries(
        st.text("abcdef0123456789", min_size=4, max_size=8), st.integers(1, 10**9), min_size=1, max_size=40
    ),
)
def test_shares_add_up_and_none_is_a_dong_off(payable: int, brought: dict[str, int]) -> None:
    shares = shares_of(payable, Delivered("grams", brought))
    assert sum(shares.values()) == payable
    total = sum(brought.values())
    for member, share in shares.items():
        assert payable * brought[member] // total <= share <= -(-payable * brought[member] // total)


@given(
    st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 1000), min_size=2, max_size=9),
    st.integers(0, 10**9),
)
def test_who_brought_more_never_gets_less(brought: dict[str, int], payable: int) -> None:
    shares = shares_of(payable, Delivered("grams", brought))
    by_weight = sorted(brought, key=lambda one: brought[one])
    for less, more in pairwise(by_weight):
        assert brought[less] == brought[more] or shares[less] <= shares[more]


def test_the_order_in_which_deliveries_were_written_does_not_matter() -> None:
    one = shares_of(100, Delivered("grams", {"b": 1, "a": 1, "c": 1}))
    assert one == shares_of(100, Delivered("grams", {"c": 1, "b": 1, "a": 1})) == {"a": 34, "b": 33, "c": 33}


def test_nothing_brought_cannot_be_shared() -> None:
    with pytest.raises(ValueError, match="weights"):
        shares_of(100, Delivered("grams", {}))


@pytest.mark.parametrize(
    ("million", "band"),
    [
        (0, "under_50"), (49, "under_50"), (50, "50_to_100"), (95, "50_to_100"), (99, "50_to_100"), (100, "100_to_200"),
        (150, "100_to_200"), (200, "100_to_200"), (201, "over_200"),
    ],
)  # fmt: skip
def test_edges(million: int, band: str) -> None:
    assert band_of(million * MILLION) == band


def test_one_dong_beside_an_edge() -> None:
    assert band_of(100 * MILLION - 1) == "50_to_100"
    assert band_of(200 * MILLION + 1) == "over_200"


def test_hong_yen_du() -> None:
    counts = households_by_band([one * MILLION for one in HONG_YEN_DU])
    assert counts == {"under_50": 1, "50_to_100": 3, "100_to_200": 6, "over_200": 2}
    assert shown_bands(counts) == {"100_to_200": 6}


def test_no_band_of_few_is_ever_shown() -> None:
    for sizes in product(range(8), repeat=4):
        shown = shown_bands(dict(zip(BANDS, sizes, strict=True)))
        assert all(households >= FEWEST for households in shown.values())


def test_what_is_kept_back_cannot_be_worked_out_even_by_who_knows_how_many_there_are() -> None:
    """An outsider who knows the number of households and this very rule tries every distribution that would look the same."""
    most = 20
    looks_alike: dict[tuple[int, tuple[tuple[str, int], ...]], list[dict[str, int]]] = defaultdict(list)
    for sizes in product(range(most + 1), repeat=4):
        if 0 < sum(sizes) <= most:
            counts = dict(zip(BANDS, sizes, strict=True))
            looks_alike[sum(sizes), tuple(shown_bands(counts).items())].append(counts)
    assert len(looks_alike) > 100
    for (total, shown), possible in looks_alike.items():
        for band in set(BANDS) - dict(shown).keys():
            assert len({counts[band] for counts in possible}) > 1, (total, shown, band)


def test_the_trial_finds_a_rule_that_only_hides_the_small() -> None:
    """Negative control: without the second step one hidden band is the rest of the total."""
    counts = dict(zip(BANDS, (6, 7, 2, 8), strict=True))
    alone = {band: households for band, households in counts.items() if households >= FEWEST}
    assert sum(counts.values()) - sum(alone.values()) == 2  # worked out
    assert len(shown_bands(counts)) == 2


def test_nothing_is_kept_back_where_all_bands_are_large() -> None:
    counts = dict.fromkeys(BANDS, FEWEST)
    assert shown_bands(counts) == counts


def test_a_year_is_over_on_new_year_s_day() -> None:
    assert not is_over(2026, date(2026, 12, 31))
    assert is_over(2026, date(2027, 1, 1))
