"""What the forms about gates and visitors may contain."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.visitors.forms import (
    columns_chosen,
    correction_said,
    crowd_said,
    day_asked,
    entry_id,
    hour_of,
    other_said,
    tally_said,
    way_said,
)
from fair_pos.visitors.refusals import CrowdRuleWrong, DayNotOfFair, PeopleWrong, SourceWrong

DAY = date(2026, 11, 24)


def test_a_day() -> None:
    assert day_asked(None, DAY) == day_asked("", DAY) == day_asked("24/11/2026", date(2020, 1, 1)) == DAY
    with pytest.raises(NotFound):
        day_asked("morgen", DAY)


def test_a_way() -> None:
    assert way_said("in_only") == "in_only"
    with pytest.raises(NotFound):
        way_said("up")


def test_a_limit_and_a_share() -> None:
    assert crowd_said({"limit": "5.000", "reentry": "15 %"}) == (5000, 15)
    assert crowd_said({}) == (None, None)
    with pytest.raises(CrowdRuleWrong):
        crowd_said({"limit": "viele"})


def test_an_hour_of_a_gate() -> None:
    form = {"entry": new_id(), "gate": "g", "day": "2026-11-24", "hour": "9"}
    assert (hour_of(form).day, hour_of(form).hour) == (DAY, 9)
    for wrong in ({"day": ""}, {"hour": "x"}, {"hour": "٩"}, {"hour": "100"}):
        with pytest.raises(DayNotOfFair):
            hour_of(form | wrong)
    for bad in ("", "x" * 36, "ABCDEF00-0000-7000-8000-000000000000"):
        with pytest.raises(NotFound):
            entry_id({"entry": bad})


def test_a_correction() -> None:
    form = {"people": "1.200", "change": "fewer", "direction": "out"}
    assert correction_said(form) == ("out", -1200)
    assert correction_said(form | {"change": "more", "direction": "in"}) == ("in", 1200)
    with pytest.raises(PeopleWrong):
        correction_said(form | {"people": "-5"})
    for wrong in ({"change": ""}, {"direction": ""}):
        with pytest.raises(NotFound):
            correction_said(form | wrong)


def test_a_tally() -> None:
    assert tally_said({"people_in": "120"}) == (120, 0)
    with pytest.raises(PeopleWrong):
        tally_said({"people_in": "a"})


def test_another_source() -> None:
    said = other_said({"name": "Bãi xe", "quantity": "3.050", "factor": "1,7", "bound": "most"})
    assert (said.quantity, said.factor_hundredths, said.bound) == (3050, 170, "most")
    assert other_said({"name": "x", "quantity": "1"}).factor_hundredths == 100
    for wrong in ({"quantity": ""}, {"factor": "0"}):
        with pytest.raises(SourceWrong):
            other_said({"name": "x", "quantity": "1", "factor": "1"} | wrong)


def test_columns() -> None:
    assert columns_chosen({}, 4) is None
    assert columns_chosen({"time": "0", "people_in": "9", "gate": "", "hour": "1"}, 4) == {"time": 0, "hour": 1}
