"""What lists are asked by and what forms say."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.actions import Owner
from fair_pos.payments.forms import account_said, columns_chosen, owner_of, transfers_asked
from fair_pos.payments.listing import Wanted


def test_without_a_question_the_claimed_ones_are_shown() -> None:
    asked = transfers_asked({})
    assert (asked.shown, asked.wanted({})) == ("claimed", Wanted(state="claimed"))


def test_a_question_is_read_and_written_again() -> None:
    given = {"day": "2026-11-24", "booth": "b1", "account": "", "part": "claimed", "page": "3", "else": "x"}
    asked = transfers_asked(given)
    assert asked.wanted({}) == Wanted(date(2026, 11, 24), "b1", "", None, "claimed")
    assert asked.arguments() == {"day": "2026-11-24", "booth": "b1", "account": "", "part": "claimed"}
    zones = {"b1": "Khu A", "b2": "", "b3": "Khu A"}
    assert transfers_asked({"zone": "Khu A", "part": "claimed"}).wanted(zones).booths == frozenset({"b1", "b3"})
    assert transfers_asked({"zone": "", "part": "claimed"}).wanted(zones).booths == frozenset({"b2"})
    assert transfers_asked({"zone": "Khu A"}).arguments() == {"zone": "Khu A"}
    assert transfers_asked({"state": "all"}).wanted({}) == Wanted()
    assert transfers_asked({"state": "underpaid"}).shown == "underpaid"


@pytest.mark.parametrize("given", [{"day": "hôm qua"}, {"day": "9999-12-31"}, {"state": "lost"}, {"part": "all"}, {"page": "0"}, {"booth": "b" * 40}])  # fmt: skip
def test_a_question_that_is_none_leads_nowhere(given: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        transfers_asked(given)


def test_whose_account_it_is() -> None:
    assert owner_of("e", "booth:b1") == Owner("e", booth_id="b1")
    assert owner_of("e", "producer:p1") == Owner("e", producer_id="p1")
    for text in ("", "booth:", "person:x", "b1"):
        with pytest.raises(NotFound):
            owner_of("e", text)


def test_what_was_typed_is_read_as_it_stands() -> None:
    assert account_said({"bank_bin": "970436", "holder": "A"}).account_number == ""


def test_chosen_columns() -> None:
    assert columns_chosen({"page": "1"}) is None
    assert columns_chosen({"day": "0", "amount": "x", "memo": "", "reference": "12345", "account": "7"}) == {
        "day": 0,
        "account": 7,
    }
