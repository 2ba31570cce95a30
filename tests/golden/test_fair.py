"""The golden fair comes to what its description says, in the independent figures."""

from __future__ import annotations

from flask import Flask

from tests.golden.fair import DAYS, make_golden
from tests.golden.independent import Independent, day_number


def test_the_independent_figures_are_those_that_were_worked_out_by_hand(app: Flask) -> None:
    golden = make_golden(app)
    figures = Independent(app, golden.fair.edition_id)
    by_day = figures.receipts_by("receipt.day")
    sums = [sum(column) for column in zip(*by_day.values(), strict=True)]
    assert sums == [500, 4, 39_974_000, 475_000, -350, 0]
    assert len(by_day) == 6
    arrival = max(by_day)
    assert by_day[arrival] == (1, 0, 50_000, 0, 0, 0)
    # 7.200.000 each, and the special sales of the day.
    own = [by_day[day_number(day)][2] - 7_200_000 for day in DAYS]
    assert own == [2_202_000, 337_000, 570_000, 600_000, 215_000]
    # Ways of paying, discounts, what was given away.
    assert figures.methods() == {
        "cash": (13_434_000, 375_000),  # 12.000.000 of four booths, 50.000 with no date, and 1.384.000 special
        "transfer": (12_540_000, 100_000),
        "card": (14_000_000, 0),
    }
    assert figures.discounts_by("bearer") == {
        "organiser": (80_000, 25_000), "producer": (20_000, 0), "shared": (10_000, 0),
    }  # fmt: skip
    assert sorted(figures.given_by("line.name").values()) == [
        (1, 0, 200, 7_600),
        (1, 1, 0, 20_000),
        (1, 2, 0, 100_000),
    ]
    assert [figures.visitors_by("day")[day_number(day)][:2] for day in DAYS] == [
        (178, 72), (218, 79), (168, 69), (174, 72), (174, 72),
    ]  # fmt: skip
    assert [figures.peak(day) for day in DAYS] == [112, 145, 105, 108, 108]
