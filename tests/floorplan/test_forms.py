"""Metres as people write them, and plans as forms send them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.floorplan.forms import Sent, decimetres, metres, read_plan, readable_spots, texts_of
from fair_pos.floorplan.refusals import PlanLengthWrong, PlanSizeWrong
from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.kernel.refusal import NotFound

CODES = {"one": "A01", "two": "A02"}
SPOTS = {"one": Spot(0, 125, 30, 45)}
TEXTS = {
    "width": "80", "height": "60,5", "version": "3",
    "x-one": "0", "y-one": "12,5", "w-one": "3", "h-one": "4,5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "length_dm"),
    [("12,5", 125), ("12.5", 125), (" 12 ", 120), ("0", 0), ("-2,5", -25), ("−2", -20)]
    + [(text, None) for text in ("", "x", "1,25", "1e3", "12345", "1,", "٣", "--1")],
)
def test_metres_are_read(text: str, length_dm: int | None) -> None:
    assert decimetres(text) == length_dm


@given(st.integers(-99_999, 99_999))
def test_metres_are_read_as_they_are_written(length_dm: int) -> None:
    assert decimetres(metres(length_dm)) == length_dm


def test_a_plan_is_read_as_it_is_written() -> None:
    assert texts_of(SPOTS, PlanSize(800, 605), 3) == TEXTS
    assert read_plan(TEXTS, CODES) == Sent(SPOTS, PlanSize(800, 605), 3)


def test_without_width_and_depth_a_booth_has_the_usual_ones() -> None:
    sent = read_plan({**TEXTS, "w-one": "", "h-one": " ", "x-two": "", "y-two": ""}, CODES)
    assert sent.spots == {"one": Spot(0, 125, 30, 30)}


@pytest.mark.parametrize(
    "wrong", [{"x-one": "a"}, {"y-one": ""}, {"w-one": "0"}, {"h-one": "-3"}, {"w-one": "ba mét"}, {"x-one": ""}]
)
def test_what_is_no_length_is_named_with_its_booth(wrong: dict[str, str]) -> None:
    with pytest.raises(PlanLengthWrong) as refused:
        read_plan({**TEXTS, **wrong}, CODES)
    assert refused.value.facts == {"booth": "A01"}
    assert readable_spots({**TEXTS, **wrong, "x-two": "1", "y-two": "2"}, CODES) == {"two": Spot(10, 20, 30, 30)}


@pytest.mark.parametrize("wrong", [{"width": ""}, {"height": "lớn"}])
def test_a_plan_needs_a_size(wrong: dict[str, str]) -> None:
    with pytest.raises(PlanSizeWrong):
        read_plan({**TEXTS, **wrong}, CODES)


@pytest.mark.parametrize("wrong", [{"x-three": "1"}, {"h-three": ""}, {"version": ""}, {"version": "-1"}])
def test_a_foreign_booth_and_no_version_are_not_found(wrong: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        read_plan({**TEXTS, **wrong}, CODES)
