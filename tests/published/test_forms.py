"""What people type into the forms of published figures."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.refusal import NotFound
from fair_pos.published.forms import day_asked, figure_typed, figures_typed, name_asked, value_seen
from fair_pos.published.refusals import FigureWrong


def test_a_day_or_the_whole_edition() -> None:
    assert (day_asked(None), day_asked(""), day_asked("2023-10-27")) == (None, None, date(2023, 10, 27))
    with pytest.raises(NotFound):
        day_asked("hôm qua")


def test_only_figures_that_there_are() -> None:
    assert name_asked("days", None) == "days"
    assert name_asked("visits", date(2023, 10, 27)) == "visits"
    for name, day in (("days", date(2023, 10, 27)), ("no_such", None)):
        with pytest.raises(NotFound):
            name_asked(name, day)


def test_empty_fields_are_unknown_and_not_zero() -> None:
    form = {"visits": "54.000", "net_dong": "6,8 tỷ", "receipts": " ", "booths": "0", "source": "Báo"}
    assert figures_typed(form, None) == {"visits": 54_000, "net_dong": 6_800_000_000, "booths": 0}
    assert figures_typed(form, date(2023, 10, 27)) == {"visits": 54_000, "net_dong": 6_800_000_000}


@pytest.mark.parametrize(("text", "name"), [("nhiều", "visits"), ("-5", "net_dong"), ("6,8 tỷ", "visits"), ("1.5", "visits")])  # fmt: skip
def test_what_is_no_figure_is_refused(text: str, name: str) -> None:
    with pytest.raises(FigureWrong) as refused:
        figure_typed(text, name)
    assert refused.value.facts == {"value": text}


def test_the_value_that_was_seen() -> None:
    assert (value_seen({}), value_seen({"was": ""}), value_seen({"was": "0"}), value_seen({"was": "-12"})) == (None, None, 0, -12)  # fmt: skip
    for text in ("x", "1e5", "٥", "-", "9" * 19):
        with pytest.raises(NotFound):
            value_seen({"was": text})
