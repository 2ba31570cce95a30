from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from fair_pos.kernel.refusal import Refusal
from fair_pos.labels import refusals
from fair_pos.labels.forms import Order, read_order
from fair_pos.labels.rules import KINDS, MOST_COPIES, MOST_LABELS
from tests.labels.goods import HONEY

GOODS = [replace(HONEY, key=key, name=f"Mật ong {key}") for key in ("a", "a.pack", "b", "c")]
FIELDS = {"kind": "a4-24", "copies": "2", "start": "5", "which": "ticked"}


def order(ticked: Sequence[str] = ("a",), /, **fields: str) -> Order:
    return read_order({**FIELDS, **{name.replace("_", "-"): value for name, value in fields.items()}}, ticked, GOODS)


def counts(found: Order) -> dict[str, int]:
    return {goods.key: copies for goods, copies in found.labels}


def test_ticked_goods_in_the_order_of_the_list() -> None:
    found = order(("c", "a.pack"))
    assert list(counts(found).items()) == [("a.pack", 2), ("c", 2)]
    assert (found.kind, found.start, found.outlines, found.count) == (KINDS["a4-24"], 5, False, 4)


def test_all_goods_whatever_is_ticked() -> None:
    assert counts(order((), which="all")) == {"a": 2, "a.pack": 2, "b": 2, "c": 2}


def test_a_number_of_its_own_counts_as_a_tick() -> None:
    assert counts(order(("a",), copies_b="7")) == {"a": 2, "b": 7}
    assert counts(order(("a", "b"), copies_b="1", copies_c=" ")) == {"a": 2, "b": 1}


def test_one_label_each_when_no_number_is_given() -> None:
    assert counts(order(copies="")) == {"a": 1}


def test_lines_to_cut_along_are_for_sheets_only() -> None:
    assert order(outlines="yes").outlines
    assert not order(outlines="yes", kind="roll-50x30").outlines


def test_a_roll_has_no_places() -> None:
    assert order(kind="roll-50x30", start="nhãn đầu").start == 1


@pytest.mark.parametrize("value", ["0", "-1", "1000", "1.000", "501", "ba", "1,5", "2.5"])
def test_numbers_of_labels_have_bounds(value: str) -> None:
    for fields in ({"copies": value}, {"copies_a": value}, {"copies_b": value}):
        with pytest.raises(refusals.CopiesWrong) as refused:
            order(**fields)
        assert refused.value.facts == {"value": value, "most": MOST_COPIES}


@pytest.mark.parametrize("value", ["0", "25", "-3", "x"])
def test_places_are_those_of_the_sheet(value: str) -> None:
    with pytest.raises(refusals.StartWrong) as refused:
        order(start=value)
    assert refused.value.facts == {"value": value, "most": 24}
    assert order(start="").start == 1
    assert order(start="25", kind="a4-65").start == 25


def test_the_most_of_one_and_of_all() -> None:
    assert order(copies=str(MOST_COPIES)).count == MOST_COPIES
    assert order(("a", "b"), copies="250").count == MOST_LABELS
    with pytest.raises(refusals.TooManyLabels) as refused:
        order(("a", "b"), copies="250", copies_b="251")
    assert refused.value.facts == {"count": MOST_LABELS + 1, "most": MOST_LABELS}


@pytest.mark.parametrize(
    ("fields", "ticked", "kind"),
    [
        ({}, (), refusals.NothingToLabel),
        ({"kind": ""}, ("a",), refusals.KindMissing),
        ({"kind": "a3"}, ("a",), refusals.KindMissing),
        ({}, ("a", "sold-out"), refusals.GoodsGone),
        ({"copies_gone": "3"}, ("a",), refusals.GoodsGone),
    ],
)
def test_an_order_that_cannot_be_printed(fields: dict[str, str], ticked: tuple[str, ...], kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        order(ticked, **fields)


def test_an_empty_list_has_nothing_to_print() -> None:
    with pytest.raises(refusals.NothingToLabel):
        read_order({**FIELDS, "which": "all"}, [], [])
