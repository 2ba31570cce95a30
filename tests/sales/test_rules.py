"""What is odd about a sale, when it happened, and the figures it adds to."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.sentences import ODDITIES
from fair_pos.sales import rules
from fair_pos.sales.facts import GiveawayFact, Odd, PaymentFact, Place, SaleFact
from fair_pos.sales.rules import above_limit, first_of_each, judge, judge_giveaway
from tests.kernel.vectors import vectors
from tests.sales.facts import (
    ARRIVED,
    CASE,
    FISH,
    HONEY,
    KNOWN,
    OFFER,
    PLACE,
    PLACES,
    RICE,
    TEA,
    a_giveaway,
    a_sale,
    any_sales,
    refund_of,
)

Facts = dict[str, str | int]


def odd(fact: SaleFact, place: Place = PLACE, also: tuple[Odd, ...] = ()) -> dict[str, Facts]:
    return {one.code: dict(one.facts) for one in judge(fact, place, KNOWN, also).oddities}


# --- nothing is odd ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fact",
    [
        a_sale(),
        a_sale(HONEY, HONEY, TEA),  # the same goods on two lines
        a_sale(replace(HONEY, quantity=1, unit_price_dong=0, amount_dong=0), price_list_version=7, kind="refund"),
        a_sale(HONEY, payments=(PaymentFact("cash", 440_000, 500_000, 60_000),)),
        a_sale(HONEY, payments=(PaymentFact("cash", 40_000, 50_000, 10_000), PaymentFact("transfer", 400_000, 400_000, 0))),
        a_sale(replace(HONEY, unit_price_dong=200_000, amount_dong=400_000), price_list_version=6),  # the list of that day
        refund_of(a_sale(replace(HONEY, unit_price_dong=1, amount_dong=2))),  # a refund follows its receipt, not the list
        a_sale(clock_offset_ms=-1),
        a_sale(FISH),
        a_sale(CASE),
        a_sale(replace(FISH, grams=None, quantity=3, unit="Gói 500 g", unit_price_dong=20_000, amount_dong=60_000, pack_id="bag", pack_size=500)),
        a_sale(OFFER),
        a_sale(replace(HONEY, quantity=1, discount_dong=22_000, amount_dong=198_000, discount_reason="x", discount_borne_by="shared")),
        refund_of(a_sale(CASE, CASE), second_person_id="boss"),
        a_sale(replace(OFFER, discount_dong=440_000, amount_dong=0), person_id="boss"),
        a_sale(FISH, rounding_dong=150),
        a_sale(FISH, rounding_dong=-350),
        refund_of(a_sale(replace(OFFER, discount_dong=440_000, amount_dong=0, discount_reason="", discount_borne_by=""))),
        refund_of(a_sale(replace(HONEY, unit_price_dong=1, list_price_dong=220_000, amount_dong=2))),
        a_sale(replace(HONEY, list_price_dong=220_000)),  # the list's own price, said twice
    ],
    ids=["weighed", "packs", "packs of weighed goods", "discount", "discount shared", "much given back, signed by two", "all taken off by who may", "rounded up",
         "rounded down", "refund of a discount", "refund of another price", "list price", "plain", "twice", "gift", "change", "two ways of paying", "older list", "refund", "offset"],
)  # fmt: skip
def test_an_ordinary_sale_has_nothing_odd(fact: SaleFact) -> None:
    assert odd(fact) == {}


def test_what_was_sold_while_one_might_is_not_odd_however_late_it_comes() -> None:
    ended_at = KNOWN.may_sell_until["ended"] if KNOWN.may_sell_until else None
    assert ended_at is not None
    assert odd(a_sale(at=ended_at - timedelta(seconds=1), person_id="ended")) == {}
    assert odd(a_sale(at=ended_at, person_id="ended")) == {"person_may_not_sell": {"person": "ended"}}


def test_the_first_and_the_last_day_of_a_fair_are_inside() -> None:
    day = date(2026, 11, 24)
    assert odd(a_sale(), replace(PLACE, first_day=day, last_day=day)) == {}


# --- each oddity alone ------------------------------------------------------------------------------------------------

CASES: list[tuple[str, Facts, SaleFact, dict[str, Any]]] = [
    ("total_differs", {"sent": 552_501, "computed": 552_500}, a_sale(total_dong=552_501), {}),
    ("total_differs", {"sent": 0, "computed": 552_500}, a_sale(total_dong=0), {}),
    ("line_differs", {"line": 2, "sent": 112_499, "computed": 112_500}, a_sale(HONEY, replace(RICE, amount_dong=112_499)), {}),
    ("line_differs", {"line": 1, "sent": 0, "computed": 440_000}, refund_of(a_sale(replace(HONEY, amount_dong=0))), {}),
    ("payments_differ", {"sent": 552_499, "computed": 552_500}, a_sale(payments=(PaymentFact("cash", 552_499, 552_499, 0),)), {}),
    ("payments_differ", {"sent": 552_500, "computed": 552_500}, a_sale(payments=(PaymentFact("cash", 552_500, 600_000, 47_499),)), {}),
    ("payments_differ", {"sent": 1_105_000, "computed": 552_500}, a_sale(payments=(PaymentFact("cash", 552_500, 552_500, 0),) * 2), {}),
    ("price_differs", {"name": "Mật ong", "sent": 220_001, "listed": 220_000, "version": 7},
     a_sale(replace(HONEY, unit_price_dong=220_001, amount_dong=440_002)), {}),
    ("price_differs", {"name": "Mật ong", "sent": 220_000, "listed": 200_000, "version": 6}, a_sale(price_list_version=6), {}),
    ("price_differs", {"name": "Chè Shan tuyết", "sent": 350_000, "listed": "—", "version": 6}, a_sale(TEA, price_list_version=6), {}),
    ("price_list_unknown", {"version": 8}, a_sale(price_list_version=8), {}),
    ("price_list_unknown", {"version": 0}, a_sale(price_list_version=0), {}),
    ("price_list_unknown", {"version": 8}, refund_of(a_sale(price_list_version=8)), {}),
    ("line_differs", {"line": 1, "sent": 21_849, "computed": 21_850}, a_sale(replace(FISH, amount_dong=21_849)), {}),
    ("line_differs", {"line": 1, "sent": 440_000, "computed": 396_000}, a_sale(replace(OFFER, amount_dong=440_000)), {}),
    ("refund_above_limit", {"sent": 5_000_001, "limit": 5_000_000},
     refund_of(a_sale(replace(HONEY, quantity=1, unit_price_dong=5_000_001, amount_dong=5_000_001))), {}),
    ("discount_exceeds_line", {"line": 1, "sent": 440_001, "computed": 440_000},
     refund_of(a_sale(replace(OFFER, discount_dong=440_001, amount_dong=0))), {}),
    ("rounding_differs", {"sent": 151, "total": 22_001}, a_sale(FISH, rounding_dong=151), {}),
    ("rounding_differs", {"sent": -850, "total": 21_000}, a_sale(FISH, rounding_dong=-850), {}),
    ("rounding_differs", {"sent": 150, "total": 22_000}, a_sale(FISH, rounding_dong=150, payments=(PaymentFact("transfer", 22_000, 22_000, 0),)), {}),
    ("price_changed", {"name": "Mật ong", "old": 220_000, "new": 200_000, "reason": "bao bì móp"},
     a_sale(replace(HONEY, unit_price_dong=200_000, amount_dong=400_000, list_price_dong=220_000, price_reason="bao bì móp"), person_id="boss"), {}),
    ("discount_above_limit", {"name": "Mật ong", "sent": 44_002, "gross": 440_000, "limit": 10},
     a_sale(replace(OFFER, discount_dong=44_002, amount_dong=395_998)), {}),
    ("discount_reason_missing", {"name": "Mật ong"}, a_sale(replace(OFFER, discount_reason="")), {}),
    ("borne_by_missing", {"name": "Mật ong"}, a_sale(replace(OFFER, discount_borne_by="")), {}),
    ("pack_unknown", {"name": "Mật ong"}, a_sale(replace(CASE, pack_id="gone")), {}),
    ("pack_unknown", {"name": "Chè Shan tuyết"}, a_sale(replace(TEA, unit_price_dong=2_400_000, amount_dong=2_400_000, pack_id="case", pack_size=12)), {}),
    ("pack_size_differs", {"name": "Mật ong", "sent": 6, "listed": 12}, a_sale(replace(CASE, pack_size=6)), {}),
    ("pack_size_differs", {"name": "Mật ong", "sent": 12, "listed": 1}, a_sale(replace(HONEY, pack_size=12)), {}),
    ("price_differs", {"name": "Mật ong", "sent": 2_300_000, "listed": 2_400_000, "version": 7},
     a_sale(replace(CASE, unit_price_dong=2_300_000, amount_dong=4_600_000)), {}),
    ("measure_differs", {"name": "Chả mực"}, a_sale(replace(FISH, grams=None, amount_dong=38_000)), {}),
    ("measure_differs", {"name": "Mật ong"}, a_sale(replace(HONEY, quantity=1, grams=1000, amount_dong=220_000)), {}),
    ("measure_differs", {"name": "Chả mực"}, a_sale(replace(FISH, quantity=2, amount_dong=43_700)), {}),
    ("product_unknown", {"name": "Rượu"}, a_sale(replace(HONEY, product_id="gone", name="Rượu")), {}),
    ("producer_differs", {"name": "Gạo Séng cù", "sent": "maker"}, a_sale(HONEY, replace(RICE, producer_id="maker")), {}),
    ("booth_differs", {"sent": "other"}, a_sale(booth_id="other"), {}),
    ("person_unknown", {"person": "nobody"}, a_sale(person_id="nobody"), {}),
    ("person_may_not_sell", {"person": "ended"}, a_sale(person_id="ended"), {}),
    ("person_may_not_sell", {"person": "visitor"}, a_sale(person_id="visitor"), {}),
    ("outside_edition", {"day": "2026-11-24"}, a_sale(), {"last_day": date(2026, 11, 23)}),
    ("outside_edition", {"day": "2026-11-24"}, a_sale(), {"first_day": date(2026, 11, 25)}),
    ("before_opening", {"day": "2026-11-24", "opening": "2026-11-25"}, a_sale(), {"opening_day": date(2026, 11, 25)}),
    ("device_was_revoked", {}, a_sale(), {"revoked_at": ARRIVED - timedelta(hours=2)}),
    ("fair_day_differs", {"sent": "2026-11-23", "computed": "2026-11-24"}, a_sale(fair_day="2026-11-23"), {}),
    ("fair_day_differs", {"sent": "2026-02-31", "computed": "2026-11-24"}, a_sale(fair_day="2026-02-31"), {}),
    ("clock_off", {"claimed": "2026-11-24T20:05:01+07:00"}, a_sale(at=ARRIVED + timedelta(minutes=5, seconds=1)), {}),
    ("clock_off", {"claimed": "2026-11-21T19:54:59+07:00"}, a_sale(at=ARRIVED - timedelta(days=3, minutes=5, seconds=1)), {}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "facts", "fact", "place"), CASES)
def test_each_oddity_is_found_alone_with_its_facts(
    code: str, facts: Facts, fact: SaleFact, place: dict[str, Any]
) -> None:
    assert odd(fact, replace(PLACE, **place)) == {code: facts}


def test_every_oddity_that_judging_can_find_has_a_case() -> None:
    found_here = set(re.findall(r'\bOdd\("(\w+)"', inspect.getsource(rules)))
    assert found_here <= set(ODDITIES)
    assert {code for code, *_ in CASES} == found_here - {"price_changed_without_right", "giveaway_not_free"}  # below


def test_a_price_changed_without_the_right_is_odd_twice_and_the_sale_stands() -> None:
    line = replace(HONEY, unit_price_dong=1_000, amount_dong=2_000, list_price_dong=220_000)
    changed = {"name": "Mật ong", "old": 220_000, "new": 1_000}
    assert odd(a_sale(line)) == {
        "price_changed": {**changed, "reason": "—"},
        "price_changed_without_right": {**changed, "person": "seller"},
    }
    assert judge(a_sale(line), PLACE, KNOWN).total_dong == 2_000


def test_a_second_person_stands_in_for_the_seller_s_limits() -> None:
    """A tablet asks for the PIN of someone who may; the sale names her, and only her own rights count."""
    much_off = replace(OFFER, discount_dong=220_000, amount_dong=220_000)
    cheaper = replace(HONEY, unit_price_dong=1_000, amount_dong=2_000, list_price_dong=220_000)
    assert set(odd(a_sale(much_off, second_person_id="nobody"))) == {"discount_above_limit"}
    assert odd(a_sale(much_off, second_person_id="boss")) == {}
    assert set(odd(a_sale(cheaper, second_person_id="boss"))) == {"price_changed"}


def test_a_list_price_that_is_not_the_list_s_is_odd_as_well() -> None:
    line = replace(HONEY, unit_price_dong=1_000, amount_dong=2_000, list_price_dong=1_500)
    assert odd(a_sale(line, person_id="boss"))["price_differs"] == {
        "name": "Mật ong", "sent": 1_500, "listed": 220_000, "version": 7,
    }  # fmt: skip


def test_a_discount_of_somebody_nobody_knows_is_above_their_limit() -> None:
    assert set(odd(a_sale(OFFER, person_id="nobody"))) == {"person_unknown", "discount_above_limit"}


@pytest.mark.parametrize("case", vectors("lines")["limits"], ids=str)
def test_limits_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    assert above_limit(case["gross_dong"], case["discount_dong"], case["limit_percent"]) is case["above"]


# --- given away -------------------------------------------------------------------------------------------------------


def test_what_is_given_away_is_worth_its_price_and_nothing_is_odd() -> None:
    judged = judge_giveaway(a_giveaway(HONEY, FISH, CASE), PLACE, KNOWN)
    assert judged.worth_dong == 440_000 + 21_850 + 4_800_000
    assert judged.oddities == ()


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (a_giveaway(HONEY, lines=(HONEY,)), "giveaway_not_free"),
        (a_giveaway(lines=(replace(OFFER, amount_dong=0),)), "giveaway_not_free"),
        (a_giveaway(replace(HONEY, unit_price_dong=1)), "price_differs"),
        (a_giveaway(replace(HONEY, product_id="gone")), "product_unknown"),
        (a_giveaway(HONEY, booth_id="other"), "booth_differs"),
    ],
)
def test_what_is_odd_about_a_giveaway(fact: GiveawayFact, code: str) -> None:
    assert [one.code for one in judge_giveaway(fact, PLACE, KNOWN).oddities] == [code]


def test_many_things_can_be_odd_at_once() -> None:
    fact = a_sale(replace(HONEY, amount_dong=1), booth_id="other", person_id="nobody", price_list_version=9)
    assert set(odd(fact)) == {"line_differs", "booth_differs", "person_unknown", "price_list_unknown"}


def test_what_the_till_found_stands_beside_it_and_each_code_once() -> None:
    found = odd(a_sale(total_dong=1), also=(Odd("chain_hash_wrong", {}), Odd("total_differs", {"sent": 9})))
    assert found == {"chain_hash_wrong": {}, "total_differs": {"sent": 9}}
    forty = a_sale(*[replace(HONEY, unit_price_dong=n, amount_dong=2 * n) for n in range(1, 41)])
    assert list(odd(forty)) == ["price_differs"]
    assert first_of_each([Odd("a", {"n": 1}), Odd("b", {}), Odd("a", {"n": 2})]) == (Odd("a", {"n": 1}), Odd("b", {}))


@given(any_sales(), PLACES)
def test_no_sale_is_refused_and_its_total_is_the_sum_of_its_lines_and_rounding(fact: SaleFact, place: Place) -> None:
    judged = judge(fact, place, KNOWN)
    assert judged.total_dong == sum(line.amount_dong for line in judged.lines) + fact.rounding_dong
    assert [(line.product_id, line.amount_dong) for line in judged.lines] == [
        (line.product_id, line.amount_dong) for line in fact.lines
    ]


def test_whose_goods_they_are_is_the_catalogue_s_word() -> None:
    stranger = replace(HONEY, product_id="gone", producer_id="stranger")
    lines = judge(a_sale(replace(RICE, producer_id="maker"), stranger), PLACE, KNOWN).lines
    assert [line.producer_id for line in lines] == ["grower", "stranger"]
    assert lines[0] == RICE


# --- when it happened -------------------------------------------------------------------------------------------------


def clock(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("device_at", "offset_ms", "sold_at"),
    [
        # Believed: as the tablet says, put right by the offset it measured.
        (clock("2026-11-24T19:00"), 0, clock("2026-11-24T19:00")),
        (clock("2026-11-24T19:00"), -3_600_000, clock("2026-11-24T18:00")),
        (clock("2016-11-24T19:00"), 3_652 * 86_400_000, clock("2026-11-24T19:00")),  # ten years slow, and known to be
        (clock("2026-11-24T20:05"), 0, clock("2026-11-24T20:05")),
        (clock("2026-11-21T19:55"), 0, clock("2026-11-21T19:55")),
        (datetime(2026, 11, 24, 12, tzinfo=timezone.utc), 0, clock("2026-11-24T19:00")),
        # Not believed: before the tablet was paired, after the sale arrived, or no date at all.
        (clock("2026-11-24T20:05:00.001"), 0, None),
        (clock("2026-11-21T19:54:59.999"), 0, None),
        (clock("2016-11-24T19:00"), 0, None),
        (clock("2036-11-24T19:00"), 0, None),
        (clock("2026-11-24T19:00"), 10**14, None),
        (clock("2026-11-24T19:00"), -(10**14), None),
        (datetime(1970, 1, 1, tzinfo=timezone.utc), 0, None),
        (datetime(1, 1, 1, tzinfo=timezone.utc), 0, None),
        (datetime(1, 1, 1, tzinfo=VIETNAM), 0, None),
        (datetime(1, 1, 1, tzinfo=timezone.utc), -1, None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone.utc), 0, None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))), 0, None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone.utc), 10**14, None),
    ],
)  # fmt: skip
def test_an_unbelievable_clock_yields_to_the_time_of_arrival(
    device_at: datetime, offset_ms: int, sold_at: datetime | None
) -> None:
    judged = judge(a_sale(device_at=device_at, clock_offset_ms=offset_ms), PLACE, KNOWN)
    assert judged.sold_at == (sold_at or ARRIVED)
    assert ("clock_off" in {one.code for one in judged.oddities}) == (sold_at is None)
    assert (judged.fair_day, judged.hour) == (
        (judged.sold_at - timedelta(hours=4)).astimezone(VIETNAM).date(),
        judged.sold_at.astimezone(VIETNAM).hour,
    )


@pytest.mark.parametrize("year", [1, 9999])
def test_a_claimed_instant_can_be_read_again_in_every_zone(year: int) -> None:
    """PostgreSQL hands instants back in its own zone, where the first and last hours of the calendar do not exist."""
    for day in (datetime(year, 1, 1, tzinfo=timezone.utc), datetime(year, 12, 31, 23, 59, tzinfo=timezone.utc)):
        claimed = judge(a_sale(device_at=day), PLACE, KNOWN).claimed_at
        assert claimed.astimezone(timezone(timedelta(hours=14))) == claimed.astimezone(timezone(timedelta(hours=-12)))


@pytest.mark.parametrize(
    ("at", "boundary", "day", "hour"),
    [
        ("2026-11-23T23:50", 240, "2026-11-23", 23),
        ("2026-11-24T00:10", 240, "2026-11-23", 0),
        ("2026-11-24T03:59", 240, "2026-11-23", 3),
        ("2026-11-24T04:00", 240, "2026-11-24", 4),
        ("2026-11-23T23:50", 0, "2026-11-23", 23),
        ("2026-11-24T00:10", 0, "2026-11-24", 0),
        ("2026-11-24T03:59", 300, "2026-11-23", 3),
        ("2026-11-24T04:59", 300, "2026-11-23", 4),
    ],
)
def test_a_night_s_sale_counts_to_the_evening_before(at: str, boundary: int, day: str, hour: int) -> None:
    judged = judge(a_sale(at=clock(at), fair_day=day), replace(PLACE, day_boundary_minutes=boundary), KNOWN)
    assert (judged.fair_day, judged.hour, judged.oddities) == (date.fromisoformat(day), hour, ())
