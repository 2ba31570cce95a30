"""What a line comes to and what it takes from the stock, by the vectors both languages are held to; what a gift is worth."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.sales.facts import GiveawayFact, LineFact, PaymentFact, SaleFact
from fair_pos.sales.rules import judge_giveaway, odd_sums
from fair_pos.sales.tables import Payment, SaleLine
from fair_pos.till.commands import LineSold, Tender
from tests.kernel.vectors import vectors
from tests.sales.facts import CASE, FISH, HONEY, KNOWN, LINES, OFFER, PLACE, a_giveaway, a_sale


@pytest.mark.parametrize("case", vectors("lines")["lines"], ids=str)
def test_lines_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    named = ("quantity", "unit_price_dong", "grams", "pack_size", "discount_dong", "amount_dong")
    line = replace(HONEY, **{name: case[name] for name in named})
    assert (line.gross_dong, line.base_quantity) == (case["gross_dong"], case["base_quantity"])
    assert {one.code for one in odd_sums(a_sale(line))} & {"line_differs", "discount_exceeds_line"} == set()


def test_a_line_is_worth_its_price_and_moves_pieces_packs_or_grams() -> None:
    assert [(one.gross_dong, one.base_quantity) for one in (HONEY, CASE, FISH, OFFER)] == [
        (440_000, 2), (4_800_000, 24), (21_850, 575), (440_000, 2),
    ]  # fmt: skip


@given(LINES, st.integers(0, 10**13))
def test_neither_discount_nor_what_was_charged_changes_the_gross(line: LineFact, dong: int) -> None:
    other = replace(line, discount_dong=dong, amount_dong=dong)
    assert (other.gross_dong, other.base_quantity) == (line.gross_dong, line.base_quantity)
    assert isinstance(line.gross_dong, int)
    assert line.gross_dong >= 0 < line.base_quantity


@pytest.mark.parametrize(
    ("fact", "wire", "table"), [(LineFact, LineSold, SaleLine), (PaymentFact, Tender, Payment)], ids=["line", "payment"]
)
def test_fields_are_those_of_the_wire_and_of_the_table(fact: Any, wire: Any, table: Any) -> None:
    """They are handed on by name: one that is missing on either side would be lost without a word."""
    named = {one.name for one in fields(fact)}
    assert named == set(wire.model_fields)
    assert named <= {column.name for column in table.__table__.columns}


def test_what_a_tablet_said_is_never_changed() -> None:
    sale: SaleFact = a_sale()
    with pytest.raises(FrozenInstanceError):
        sale.total_dong = 1  # type: ignore[misc]


def test_what_is_given_away_is_worth_what_it_would_have_cost() -> None:
    fact: GiveawayFact = a_giveaway(HONEY, FISH, CASE)
    assert judge_giveaway(fact, PLACE, KNOWN).worth_dong == 440_000 + 21_850 + 4_800_000
