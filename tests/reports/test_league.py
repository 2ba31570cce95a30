"""Who sold most: the order, what is marked, and what is hidden from others."""

from __future__ import annotations

from fair_pos.reports.league import ranked, without_names, without_single_makers
from fair_pos.reports.rules import Figure

MILLION = 1_000_000
# FEATURES I4: Quảng Ninh 2019.
PUBLISHED = {"Cô Tô": 422, "Tiên Yên": 385, "Đông Triều": 760, "Thái Lan": 420, "Vân Đồn": 429}
FIGURES = [
    Figure(name, name, sold_dong=(millions + 5) * MILLION, refunded_dong=5 * MILLION)
    for name, millions in PUBLISHED.items()
]
TOTAL = sum(PUBLISHED.values()) * MILLION
MAKERS = dict.fromkeys(PUBLISHED, 3)


def test_quang_ninh_2019() -> None:
    found = ranked(FIGURES, TOTAL, MAKERS, {})
    assert [(one.rank, one.figure.name, one.figure.net_dong // MILLION) for one in found] == [
        (1, "Đông Triều", 760), (2, "Vân Đồn", 429), (3, "Cô Tô", 422), (4, "Thái Lan", 420), (5, "Tiên Yên", 385),
    ]  # fmt: skip
    assert [one.permille for one in found] == [315, 178, 175, 174, 159]
    assert all(one.is_sure for one in found)


def test_who_is_not_all_here_is_marked() -> None:
    found = {one.figure.key: one for one in ranked(FIGURES, TOTAL, MAKERS, {"Cô Tô": {"B", "AA", "A"}})}
    assert found["Cô Tô"].late == ("A", "B", "AA")
    assert not found["Cô Tô"].is_sure
    assert found["Vân Đồn"].is_sure


def test_equal_money_shares_a_rank_and_the_unknown_has_none() -> None:
    figures = [Figure(key, key, sold_dong=dong) for key, dong in (("a", 5), ("b", 9), ("c", 5), ("d", 1), ("", 100))]
    found = ranked(figures, 120, {}, {}, {""})
    assert [(one.rank, one.figure.key) for one in found] == [(1, "b"), (2, "a"), (2, "c"), (4, "d"), (None, "")]


def test_a_place_with_one_maker_is_not_shown_to_others() -> None:
    makers = {**MAKERS, "Thái Lan": 1, "Tiên Yên": 1}
    found = without_single_makers(ranked(FIGURES, TOTAL, makers, {"Thái Lan": {"C"}}), TOTAL, "Nơi khác")
    assert [(one.rank, one.figure.name) for one in found] == [
        (1, "Đông Triều"), (2, "Vân Đồn"), (3, "Cô Tô"), (None, "Nơi khác"),
    ]  # fmt: skip
    rest = found[-1]
    assert (rest.figure.net_dong, rest.makers, rest.late, rest.permille) == (805 * MILLION, 2, ("C",), 333)
    assert rest.figure.key == ""


def test_one_hidden_place_takes_the_smallest_with_it() -> None:
    """Else it would be known by being the only one that is missing."""
    found = without_single_makers(ranked(FIGURES, TOTAL, {**MAKERS, "Đông Triều": 1}, {}), TOTAL, "Nơi khác")
    assert [one.figure.name for one in found] == ["Vân Đồn", "Cô Tô", "Thái Lan", "Nơi khác"]
    assert found[-1].figure.net_dong == (760 + 385) * MILLION
    assert without_single_makers(ranked(FIGURES, TOTAL, MAKERS, {}), TOTAL, "Nơi khác") == ranked(
        FIGURES, TOTAL, MAKERS, {}
    )


def test_ranks_left_out_do_not_say_where_one_maker_stands() -> None:
    makers = {**MAKERS, "Vân Đồn": 1, "Thái Lan": 1}
    found = without_single_makers(ranked(FIGURES, TOTAL, makers, {}), TOTAL, "Nơi khác")
    assert [(one.rank, one.figure.name) for one in found] == [
        (1, "Đông Triều"), (2, "Cô Tô"), (3, "Tiên Yên"), (None, "Nơi khác"),
    ]  # fmt: skip
    same = [Figure(key, key, sold_dong=dong) for key, dong in (("a", 9), ("b", 7), ("c", 5), ("d", 5), ("e", 1))]
    some = ranked(same, 27, {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2}, {})
    assert [one.rank for one in without_single_makers(some, 27, "")] == [1, 1, 3, None]


def test_booths_without_names_cannot_be_asked_for() -> None:
    found = without_names(ranked(FIGURES, TOTAL, MAKERS, {}), {"Đông Triều": "Khu A"})
    assert [one.figure.name for one in found[:2]] == ["Khu A", ""]
    assert {one.figure.key for one in found} == {""}
    assert found[0].figure.net_dong == 760 * MILLION
