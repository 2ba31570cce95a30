"""What is typed into the forms of terms: read as meant, or refused with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.terms import forms, refusals
from fair_pos.terms.rules import MOST_TIERS, About, Share
from fair_pos.venues.refusals import DayInvalid, FieldMissing


def form(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_a_field_left_empty_means_all() -> None:
    assert forms.about_said({"booth": "", "owner": "o"}) == About(owner_id="o")
    said = {"booth": "b", "owner": "o", "product": "p"}
    assert forms.about_said(said) == About(booth_id="b", owner_id="o", product_id="p")


def test_only_the_chosen_kind_is_read() -> None:
    said = [("percent", "82,5 %"), ("unit_dong", "5.000"), ("tier_price", "0"), ("tier_percent", "70")]
    assert forms.share_said(form(("kind", "percent"), *said)) == Share(kind="percent", basis_points=8250)
    assert forms.share_said(form(("kind", "fixed"), *said)) == Share(kind="fixed", unit_dong=5_000)
    assert forms.share_said(form(("kind", "tiers"), *said)) == Share(kind="tiers", tiers=((0, 7000),))
    broken = [("percent", "tám mươi"), ("unit_dong", "nhiều")]
    assert forms.share_said(form(("kind", "tiers"), *broken, *said[2:])).tiers == ((0, 7000),)


def test_rows_of_tiers_left_empty_do_not_count() -> None:
    prices, percents = ["0", " ", "100.000", ""], ["70", "", "80", ""]
    rows = [("tier_price", one) for one in prices] + [("tier_percent", one) for one in percents]
    assert forms.share_said(form(("kind", "tiers"), *rows)).tiers == ((0, 7000), (100_000, 8000))


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ([("kind", "percent"), ("percent", "")], refusals.RateUnread),
        ([("kind", "percent"), ("percent", "nhiều" * 50)], refusals.RateUnread),
        ([("kind", "tiers"), ("tier_price", ""), ("tier_percent", "80")], refusals.TiersWrong),
        ([("kind", "tiers"), ("tier_price", "0"), ("tier_percent", "")], refusals.RateUnread),
        ([("kind", "fixed"), ("unit_dong", "-5")], refusals.UnitAmountWrong),
        ([("kind", "gift")], NotFound),
        ([], NotFound),
    ],
)
def test_a_share_that_cannot_be_read(said: list[tuple[str, str]], refused: type[Refusal]) -> None:
    with pytest.raises(refused) as raised:
        forms.share_said(form(*said))
    assert len(str(raised.value.facts.get("value", ""))) <= 40
    assert raised.value.facts.get("most", MOST_TIERS) == MOST_TIERS


def test_days_are_read_and_asked_for() -> None:
    assert forms.day_said({"starts_day": "2026-12-01"}, "starts_day") == date(2026, 12, 1)
    with pytest.raises(FieldMissing):
        forms.day_said({"starts_day": " "}, "starts_day")
    with pytest.raises(DayInvalid):
        forms.day_said({"starts_day": "hôm nay"}, "starts_day")
    assert forms.last_day_said({"ends_day": " "}) is None
    assert forms.last_day_said({"ends_day": "2026-12-09"}) == date(2026, 12, 9)
    with pytest.raises(DayInvalid):
        forms.last_day_said({"ends_day": "9"})


@pytest.mark.parametrize(
    ("text", "amount"), [("200.000", 200_000), ("-50000", -50_000), ("\N{MINUS SIGN}50.000", -50_000), ("0", 0)]
)
def test_amounts_of_fees(text: str, amount: int) -> None:
    assert forms.fee_amount_said({"amount": text}) == amount


@pytest.mark.parametrize("text", ["", "--5", "1,5 triệu", "-"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(refusals.FeeAmountWrong):
        forms.fee_amount_said({"amount": text})


def test_the_smallest_payout_may_be_left_empty() -> None:
    assert forms.minimum_said({"minimum": " "}) == 0
    assert forms.minimum_said({"minimum": "100.000"}) == 100_000
    with pytest.raises(refusals.MinimumWrong):
        forms.minimum_said({"minimum": "-1"})


def test_a_line_to_try() -> None:
    assert forms.amount_tried({"price": "120.000", "quantity": "2"}) == (120_000, 2)
    assert forms.amount_tried({"price": "120.000", "quantity": ""}) == (120_000, 1)
    for wrong in ({"price": "abc"}, {"price": "1", "quantity": "0"}, {"price": "1", "quantity": "1.000.001"}):
        assert forms.amount_tried(wrong) is None
