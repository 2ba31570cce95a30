"""What is odd about a sale, when it happened, and the figures it adds to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.sentences import ODDITIES
from fair_pos.sales.rules import (
    Figures,
    LineFact,
    Odd,
    PaymentFact,
    Place,
    SaleFact,
    figures_of,
    first_of_each,
    judge,
    refund_oddities,
)
from tests.sales.facts import ARRIVED, HONEY, KNOWN, PLACE, PLACES, RICE, TEA, a_sale, any_sales, refund_of

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
    ],
    ids=["plain", "twice", "gift", "change", "two ways of paying", "older list", "refund", "offset"],
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
    ("product_unknown", {"name": "Rượu"}, a_sale(replace(HONEY, product_id="gone", name="Rượu")), {}),
    ("producer_differs", {"name": "Gạo Séng cù", "sent": "maker"}, a_sale(HONEY, replace(RICE, producer_id="maker")), {}),
    ("booth_differs", {"sent": "other"}, a_sale(booth_id="other"), {}),
    ("person_unknown", {"person": "nobody"}, a_sale(person_id="nobody"), {}),
    ("person_may_not_sell", {"person": "ended"}, a_sale(person_id="ended"), {}),
    ("person_may_not_sell", {"person": "visitor"}, a_sale(person_id="visitor"), {}),
    ("outside_edition", {"day": "2026-11-24"}, a_sale(), {"last_day": date(2026, 11, 23)}),
    ("outside_edition", {"day": "2026-11-24"}, a_sale(), {"first_day": date(2026, 11, 25)}),
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
    found_elsewhere = {"number_reused", "sequence_reused", "refund_original_unknown", "refund_exceeds_sale"}
    found_elsewhere |= {code for code in ODDITIES if code.startswith("chain_")}
    assert {code for code, *_ in CASES} == set(ODDITIES) - found_elsewhere


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
def test_no_sale_is_refused_and_its_total_is_the_sum_of_its_lines(fact: SaleFact, place: Place) -> None:
    judged = judge(fact, place, KNOWN)
    assert judged.total_dong == sum(line.amount_dong for line in judged.lines)
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


# --- giving back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sold", "refunded", "codes"),
    [
        ({"honey": 2}, {"honey": 1}, []),
        ({"honey": 2}, {"honey": 2}, []),
        ({"honey": 2}, {"honey": 3}, ["refund_exceeds_sale"]),
        ({"tea": 2}, {"honey": 1}, ["refund_exceeds_sale"]),
        ({"honey": 2, "rice": 1}, {"honey": 3, "rice": 3}, ["refund_exceeds_sale"]),
        ({"honey": 2, "tea": 1}, {"honey": 2, "tea": 9}, []),  # too much tea came back, but not with this refund
        ({}, {"honey": 2}, ["refund_exceeds_sale"]),
        (None, {"honey": 2}, ["refund_original_unknown"]),
    ],
)
def test_giving_back_more_than_was_sold_is_odd(
    sold: dict[str, int] | None, refunded: dict[str, int], codes: list[str]
) -> None:
    assert [one.code for one in refund_oddities([HONEY, RICE], sold, refunded)] == codes


# --- figures ----------------------------------------------------------------------------------------------------------


def batches() -> st.SearchStrategy[list[tuple[SaleFact, Place]]]:
    return st.lists(st.tuples(any_sales(), PLACES), max_size=8)


def figures(batch: list[tuple[SaleFact, Place]]) -> Figures:
    return figures_of(judge(fact, place, KNOWN) for fact, place in batch)


def added(rows: Any, place: int) -> int:
    return sum(row[place] for row in rows.values())


@given(batches())
def test_figures_are_the_sums_of_the_lines_and_payments(batch: list[tuple[SaleFact, Place]]) -> None:
    found = figures(batch)

    def lines(kind: str, amount: Callable[[LineFact], int]) -> int:
        return sum(amount(line) for fact, _ in batch if fact.kind == kind for line in fact.lines)

    for place, kind in enumerate(("sale", "refund")):
        facts = [fact for fact, _ in batch if fact.kind == kind]
        dong = lines(kind, lambda line: line.amount_dong)
        assert added(found.hours, place) == len(facts)
        assert added(found.hours, 3 + place) == added(found.products, 2 + place) == dong
        assert added(found.products, place) == lines(kind, lambda line: line.quantity)
        assert added(found.tenders, place) == sum(paid.amount_dong for fact in facts for paid in fact.payments)
    assert added(found.hours, 2) == sum(place.sample for _, place in batch)
    assert sum(found.stock.values()) == lines("refund", lambda line: line.quantity) - lines(
        "sale", lambda line: line.quantity
    )


@given(batches(), batches())
def test_figures_of_two_uploads_add_up_to_those_of_one(
    one: list[tuple[SaleFact, Place]], other: list[tuple[SaleFact, Place]]
) -> None:
    whole, parts = figures([*one, *other]), (figures(one), figures(other))
    for table in ("hours", "products", "tenders"):
        for key, sums in getattr(whole, table).items():
            held = [getattr(part, table).get(key, (0,) * len(sums)) for part in parts]
            assert tuple(map(sum, zip(*held, strict=True))) == sums
    assert {key: parts[0].stock.get(key, 0) + parts[1].stock.get(key, 0) for key in whole.stock} == whole.stock


@given(any_sales(), PLACES)
def test_a_sale_and_its_full_refund_leave_nothing(fact: SaleFact, place: Place) -> None:
    sale = replace(fact, kind="sale")
    found = figures([(sale, place), (refund_of(sale), place)])
    assert all(hour[0] == hour[1] == 1 and hour[3] == hour[4] for hour in found.hours.values())
    assert all(row[0] == row[1] and row[2] == row[3] for row in found.products.values())
    assert all(received == paid_out for received, paid_out in found.tenders.values())
    assert set(found.stock.values()) == {0}


@given(any_sales())
def test_each_line_stands_under_its_own_hour_booth_product_and_producer(fact: SaleFact) -> None:
    judged = judge(fact, PLACE, KNOWN)
    found = figures([(fact, PLACE)])
    when = ("booth", judged.fair_day, judged.hour)
    assert set(found.hours) == {when}
    assert set(found.products) == {(*when, line.product_id, line.producer_id) for line in judged.lines}
    assert set(found.tenders) == {(*when, paid.method) for paid in fact.payments}
    assert set(found.stock) == {("booth", line.product_id, line.producer_id) for line in judged.lines}
