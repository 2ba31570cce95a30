"""Every cost equals what plain SQL finds in the giveaways and sales themselves, and the rows behind it add up to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.reports import costs, queries
from fair_pos.reports.costs import CostsWanted
from tests.builders import make_fair, sold
from tests.reports.giving import give_away, given_by_sql, off_by_sql, take_off
from tests.reports.golden import DAY, FIRST_DAY, Golden, local, make_golden

ALL = CostsWanted()


@pytest.fixture
def golden(app: Flask) -> Iterator[Golden]:
    made = make_golden(app)
    take_off(app, made)
    give_away(app, made)
    make_fair(app, name="Hội chợ khác", starts=FIRST_DAY)
    with app.app_context():
        yield made


def narrowed_to(by: str, key: str) -> CostsWanted:
    """The question that one row of a table stands for."""
    value: Any = date.fromisoformat(key) if by == "day" else key
    return CostsWanted(**{by: value})


@pytest.mark.parametrize("by", costs.GIVEN_BY)
def test_giveaways_by_each_heading(golden: Golden, by: str) -> None:
    edition = golden.fair.edition_id
    found = costs.given(reading(), edition, ALL, by)
    assert {one.key: (one.times, one.pieces, one.grams, one.worth_dong) for one in found} == given_by_sql(by, edition)
    assert len(found) > 1
    day = costs.given(reading(), edition, CostsWanted(day=DAY), by)
    assert {one.key: one.worth_dong for one in day} == {
        key: worth for key, (*_, worth) in given_by_sql(by, edition, day=DAY).items()
    }


def test_the_total_of_giveaways_by_hand(golden: Golden) -> None:
    """150 + 75 g at 400,000; 2 + 1 + 5 honey at 220,000; two packs of six at 1,200,000; one tea and three of goods[4] at 350,000."""
    total = costs.given_total(reading(), golden.fair.edition_id, ALL)
    worth = 60_000 + 30_000 + 8 * 220_000 + 2 * 1_200_000 + 4 * 350_000
    assert (total.times, total.pieces, total.grams, total.worth_dong) == (6, 8 + 12 + 4, 225, worth)
    days = {one.key: one.times for one in costs.given(reading(), golden.fair.edition_id, ALL, "day")}
    assert days == {"2026-11-20": 1, "2026-11-21": 4, "2026-11-22": 1}  # 01:00 belongs to the evening before


@pytest.mark.parametrize("by", costs.GIVEN_BY)
def test_the_giveaways_behind_a_figure_add_up_to_it(golden: Golden, by: str) -> None:
    edition = golden.fair.edition_id
    for figure in costs.given(reading(), edition, ALL, by):
        wanted = narrowed_to(by, figure.key)
        behind = costs.giveaways(reading(), edition, wanted)
        lines = [line for one in behind for line in one.lines]
        assert figure == costs.Given(
            figure.key,
            len(behind),
            sum(line.pieces for line in lines),
            sum(line.all_grams for line in lines),
            sum(line.worth_dong for line in lines),
        )
        total = costs.given_total(reading(), edition, wanted)
        assert (total.times, total.worth_dong) == (figure.times, figure.worth_dong)


def test_several_questions_narrow_together(golden: Golden) -> None:
    edition, fair = golden.fair.edition_id, golden.fair
    asked: dict[str, Any] = {"day": DAY, "booth": fair.booth_ids[1], "purpose": "damaged", "borne_by": "producer"}
    wanted = CostsWanted(day=DAY, booth=fair.booth_ids[1], purpose="damaged", borne_by="producer")
    found = costs.given(reading(), edition, wanted, "producer")
    assert {one.key: one.worth_dong for one in found} == {
        key: worth for key, (*_, worth) in given_by_sql("producer", edition, **asked).items()
    }
    (only,) = costs.giveaways(reading(), edition, wanted)
    assert (only.purpose, only.lines[0].note, only.lines[0].quantity) == ("damaged", "Vỡ khi chở", 5)


def test_a_giveaway_of_two_makers_shows_each_only_their_own(golden: Golden) -> None:
    edition, fair = golden.fair.edition_id, golden.fair
    wanted = CostsWanted(producer=fair.goods[4].producer_id, purpose="sample")
    (only,) = costs.giveaways(reading(), edition, wanted)
    assert [line.product_id for line in only.lines] == [fair.goods[4].product_id]
    assert costs.given_total(reading(), edition, wanted).worth_dong == 3 * 350_000


def test_giveaways_are_listed_in_order_and_in_pages(golden: Golden) -> None:
    edition = golden.fair.edition_id
    everything = costs.giveaways(reading(), edition, ALL)
    assert [one.given_at for one in everything] == sorted(one.given_at for one in everything)
    assert [len(one.lines) for one in everything] == [2, 1, 1, 2, 1, 1]
    pages = [costs.giveaways(reading(), edition, ALL, limit=4, offset=start) for start in (0, 4)]
    assert pages[0] + pages[1] == everything


def test_what_is_given_away_stands_in_no_revenue(golden: Golden) -> None:
    before = queries.day_figures(reading(), golden.fair.edition_id)
    golden.tablets[0].send(golden.tablets[0].giveaway([sold(golden.fair.goods[0], 9)], at=local(21, 18)))
    reading().remove()
    assert queries.day_figures(reading(), golden.fair.edition_id) == before


def test_goods_that_no_catalogue_knows_keep_the_name_they_were_given_under(golden: Golden) -> None:
    stranger = {"product_id": "11111111-1111-7111-8111-111111111111", "name": "Bánh lạ"}
    line = sold(golden.fair.goods[0]) | stranger
    golden.tablets[0].send(golden.tablets[0].giveaway([line], at=local(21, 18)))
    reading().remove()
    assert costs.names_as_given(reading(), {stranger["product_id"], "x"}) == {stranger["product_id"]: "Bánh lạ"}


@pytest.mark.parametrize("by", costs.OFF_BY)
def test_discounts_by_each_heading(golden: Golden, by: str) -> None:
    edition = golden.fair.edition_id
    found = costs.taken_off(reading(), edition, ALL, by)
    assert {one.key: (one.given_dong, one.taken_back_dong) for one in found} == off_by_sql(by, edition)
    assert len(found) > 1
    one_day = costs.taken_off(reading(), edition, CostsWanted(day=DAY), by)
    assert {one.key: (one.given_dong, one.taken_back_dong) for one in one_day} == off_by_sql(by, edition, day=DAY)


def test_discounts_by_who_bears_them_by_hand(golden: Golden) -> None:
    """Of the whole till 50,000 less 25,000 back, borne by the organiser."""
    found = {
        one.key: (one.given_dong, one.taken_back_dong, one.net_dong)
        for one in costs.taken_off(reading(), golden.fair.edition_id, ALL, "borne_by")
    }
    assert found == {
        "": (1_000, 0, 1_000),
        "organiser": (80_000, 25_000, 55_000),
        "producer": (10_000, 0, 10_000),
        "shared": (20_000, 20_000, 0),
    }
    total = costs.taken_off_total(reading(), golden.fair.edition_id, ALL)
    assert total.net_dong == queries.discount_net(reading(), golden.fair.edition_id, None) == 66_000


@pytest.mark.parametrize("by", costs.OFF_BY)
def test_the_lines_behind_a_figure_add_up_to_it(golden: Golden, by: str) -> None:
    edition = golden.fair.edition_id
    for figure in costs.taken_off(reading(), edition, ALL, by):
        wanted = narrowed_to(by, figure.key)
        behind = costs.discounted_lines(reading(), edition, wanted)
        assert sum(one.discount_dong for one in behind) == figure.net_dong
        assert sum(one.discount_dong for one in behind if one.kind == "refund") == -figure.taken_back_dong
        assert costs.count_discounted(reading(), edition, wanted) == len(behind)
        assert costs.taken_off_total(reading(), edition, wanted).net_dong == figure.net_dong


def test_another_edition_has_costs_of_its_own(golden: Golden, app: Flask) -> None:
    other = make_fair(app, name="Hội chợ thứ ba", starts=FIRST_DAY)
    reading().remove()
    assert costs.given_total(reading(), other.edition_id, ALL) == costs.Given("", 0, 0, 0, 0)
    assert costs.giveaways(reading(), other.edition_id, CostsWanted(booth=golden.fair.booth_ids[0])) == []
    assert costs.discounted_lines(reading(), other.edition_id, CostsWanted(booth=golden.fair.booth_ids[0])) == []
    assert costs.taken_off(reading(), other.edition_id, CostsWanted(booth=golden.fair.booth_ids[0]), "day") == []
