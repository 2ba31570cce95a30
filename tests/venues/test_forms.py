from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.venues.forms import doubts_about, edition_fields, edition_plan, next_fields, programme_item, till_rules
from fair_pos.venues.queries import get_edition
from fair_pos.venues.refusals import DayInvalid, FieldMissing, HoursWrong, ProgrammeTimeWrong, TillRulesWrong
from fair_pos.venues.rules import ItemSaid, TillRules
from tests.builders import make_fair

FIELDS = {
    "kind": "fair", "name": "Tuần lễ", "place": "Công viên", "starts_day": "2026-11-21", "ends_day": "25/11/2026",
    "opens": "08:00", "closes": "22:00", "boundary": "04:00",
}  # fmt: skip


def test_a_form_becomes_a_plan() -> None:
    plan = edition_plan(FIELDS)
    assert (plan.kind, plan.starts_day, plan.ends_day) == ("fair", date(2026, 11, 21), date(2026, 11, 25))
    assert (plan.opens_minute, plan.closes_minute, plan.day_boundary_minutes, plan.sample) == (480, 1320, 240, False)


def test_a_night_market_closes_on_the_next_day() -> None:
    assert edition_plan(FIELDS | {"closes": "01:30"}).closes_minute == 25 * 60 + 30


def test_a_showroom_needs_no_last_day() -> None:
    assert edition_plan(FIELDS | {"kind": "showroom", "ends_day": ""}).ends_day is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"starts_day": " "}, FieldMissing),
        ({"starts_day": "31/2/2026"}, DayInvalid),
        ({"ends_day": "tomorrow"}, DayInvalid),
        ({"opens": ""}, HoursWrong),
        ({"closes": "99:00"}, HoursWrong),
    ],
)
def test_what_cannot_be_read_is_refused(change: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        edition_plan(FIELDS | change)


RULES = {
    "cash_rounding": "500",
    "close_limit": "50.000",
    "refund_limit": "1 000 000",
    "seller_discount": "10",
    "drawer": "yes",
}


def test_rules_of_tills_are_read() -> None:
    assert till_rules(RULES) == TillRules(500, 50_000, 1_000_000, True, 10)
    assert till_rules({**RULES, "drawer": ""}).drawer is False


@pytest.mark.parametrize("field", ["cash_rounding", "close_limit", "refund_limit", "seller_discount"])
@pytest.mark.parametrize("text", ["", "-1", "1,5", "50.00", "nhiều", "1e3"])
def test_rules_that_are_no_numbers_are_refused(field: str, text: str) -> None:
    with pytest.raises(TillRulesWrong):
        till_rules({**RULES, field: text})


def test_a_form_becomes_an_item_of_the_programme() -> None:
    fields = {"day": "2026-11-21", "time": "19:30", "kind": "cooking", "title": "Nấu ăn"}
    assert programme_item(fields) == ItemSaid(date(2026, 11, 21), 1170, "cooking", "Nấu ăn")
    assert programme_item(fields | {"time": "24:00"}).minute == 0
    assert programme_item(fields | {"kind": "unheard"}).kind == "other"
    for wrong, refusal in (
        ({"day": ""}, FieldMissing),
        ({"day": "x"}, DayInvalid),
        ({"time": "x"}, ProgrammeTimeWrong),
    ):
        with pytest.raises(refusal):
            programme_item(fields | wrong)


def test_doubts_about_days_are_told_and_nothing_else(app: Flask) -> None:
    plan = edition_plan(FIELDS)
    with app.test_request_context():
        assert doubts_about(plan) == []
        (season,) = doubts_about(replace(plan, starts_day=date(2026, 9, 30), ends_day=date(2026, 10, 2)))
        assert "không nằm trọn trong quý 4" in season
        (long,) = doubts_about(replace(plan, starts_day=date(2026, 10, 1), ends_day=date(2026, 12, 31)))
        assert "dài 92 ngày" in long


def test_an_edition_becomes_the_form_of_its_next_one(app: Flask) -> None:
    fair = make_fair(app, name="Tuần lễ OCOP 2026", starts=date(2026, 11, 21))
    with app.app_context():
        edition = get_edition(reading(), fair.edition_id)
        assert edition_plan(edition_fields(edition)).starts_day == date(2026, 11, 21)
        fields = next_fields(edition)
    assert (fields["name"], fields["starts_day"], fields["ends_day"]) == (
        "Tuần lễ OCOP 2027",
        "2027-11-20",
        "2027-11-24",
    )
    assert (fields["series"], fields["new_series"]) == ("", "Tuần lễ OCOP")
