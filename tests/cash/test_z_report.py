from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.cash.z_report import Entries, Heading, LateEntries, content_of, frozen, thawed, transfers_of
from tests.sales.facts import ARRIVED

HEADING = Heading("Hội chợ", "Công viên", "A01 · Gian 1", "A", sample=False)
NAMES = {"seller": "Vừ A Dính", "boss": "Chị Lan"}


@dataclass(frozen=True)
class Part:
    payment_no: int
    method: str
    amount_dong: int


@dataclass(frozen=True)
class Paper:
    id: str
    kind: str
    receipt_number: str
    total_dong: int
    gross_dong: int
    rounding_dong: int = 0
    payments: tuple[Part, ...] = ()
    till_session_id: str | None = "session"
    sold_at: Any = ARRIVED


@dataclass
class Opening:
    id: str = "opening"
    at: Any = ARRIVED
    person_id: str = "seller"
    float_dong: int = 100_000
    notes: list[list[int]] = field(default_factory=lambda: [[50_000, 2]])


@dataclass
class Moved:
    direction: str
    amount_dong: int
    id: str = "move"
    at: Any = ARRIVED
    person_id: str = "gone"
    reason: str = "Mua đá"
    till_session_id: str | None = "session"


@dataclass
class Closing:
    id: str = "closing"
    at: Any = ARRIVED + timedelta(hours=8)
    received_at: Any = ARRIVED + timedelta(hours=9)
    person_id: str = "seller"
    second_person_id: str | None = "boss"
    till_session_id: str | None = "session"
    z_number: int = 7
    counted_dong: int = 140_000
    expected_dong: int = 150_000
    counted_card_dong: int = 20_000
    notes: list[list[int]] = field(default_factory=lambda: [[20_000, 7]])
    explanation: str = "Thối nhầm"
    first_number: str = "A-261124-001"
    last_number: str = "A-261124-004"
    sale_count: int = 4
    hash: str = "ab" * 32


SALES = [
    Paper("one", "sale", "A-261124-001", 60_000, 66_000, 500, (Part(1, "cash", 40_000), Part(2, "card", 20_000))),
    Paper("two", "sale", "A-261124-002", 90_000, 90_000, 0, (Part(1, "transfer", 90_000),)),
    Paper("back", "refund", "A-261124-004", 10_000, 10_000, 0, (Part(1, "cash", 10_000),)),
]


def whole(**changes: Any) -> dict[str, Any]:
    covered = changes.pop("covered", Entries(Opening(), [Moved("in", 30_000), Moved("out", 10_000)], SALES))
    late = changes.pop("late", [])
    return content_of(HEADING, Closing(), covered, late, {("two", 1): 50_000}, NAMES, **changes)


def test_everything_that_stands_on_the_paper() -> None:
    content = whole()
    assert content["money"] == {
        "sales": 2, "refunds": 1, "gross_dong": 156_000, "discount_dong": 6_500, "rounding_dong": 500, "sold_dong": 150_000,
        "refunded_dong": 10_000,
    }  # fmt: skip
    assert content["methods"] == {
        "cash": {"sold_dong": 40_000, "given_back_dong": 10_000},
        "transfer": {"sold_dong": 90_000, "given_back_dong": 0},
        "card": {"sold_dong": 20_000, "given_back_dong": 0},
    }
    assert content["cash"] == {
        "in_dong": 30_000, "out_dong": 10_000, "expected_dong": 150_000, "computed_dong": 150_000, "counted_dong": 140_000,
        "notes": [[20_000, 7]],
    }  # fmt: skip
    assert content["card"] == {"expected_dong": 20_000, "counted_dong": 20_000}
    assert content["transfers"] == {
        "confirmed_dong": 50_000,
        "claimed_dong": 40_000,
        "waiting": [{"number": "A-261124-002", "amount_dong": 40_000}],
        "paid_back_dong": 0,
        "paid_back": [],
    }
    assert content["receipts"] == {
        "first": "A-261124-001", "last": "A-261124-004", "count": 3, "count_on_till": 4,
        "gaps": [{"first": "A-261124-003", "last": "A-261124-003", "count": 1}],
    }  # fmt: skip
    assert content["opened"]["by"] == "Vừ A Dính"
    assert content["closed"]["second"] == "Chị Lan"
    assert [one["by"] for one in content["moves"]] == ["", ""]


def test_a_closing_without_its_opening_and_a_second_person_nobody_knows() -> None:
    content = content_of(HEADING, Closing(), Entries(None, [], []), [], {}, {}, signed_before=3)
    assert content["opened"] is None
    assert content["signed_before"] == 3
    assert content["closed"]["second_unknown"] is True
    assert content["cash"]["computed_dong"] == 0


def test_late_entries_say_whose_they_are() -> None:
    late = [
        LateEntries(4, Entries(Opening(), [Moved("out", 5_000)], SALES[2:])),
        LateEntries(5, Entries(None, [], SALES[:1])),
    ]
    rows = [(one["z_number"], one["kind"], one["what"], one["amount_dong"]) for one in whole(late=late)["late"]]
    assert rows == [
        (4, "opening", "", 100_000),
        (4, "out", "Mua đá", 5_000),
        (4, "refund", "A-261124-004", 10_000),
        (5, "sale", "A-261124-001", 60_000),
    ]


def test_what_is_frozen_comes_back_and_the_same_content_is_the_same_text() -> None:
    text = frozen(whole(late=[LateEntries(4, Entries(Opening(), [Moved("in", 1)], SALES))]))
    assert text == frozen(json.loads(text))
    content = thawed(text)
    assert content["opened"]["at"] == ARRIVED
    assert content["closed"]["received_at"] == ARRIVED + timedelta(hours=9)
    assert {type(one["at"]) for one in (*content["moves"], *content["late"])} == {type(ARRIVED)}


@given(
    sales=st.lists(st.tuples(st.integers(0, 10**9), st.integers(-1000, 1000), st.integers(0, 10**9)), max_size=6),
    confirmed=st.lists(st.integers(0, 2 * 10**9), max_size=6),
    back=st.lists(st.integers(0, 2 * 10**9), max_size=6),
)
def test_the_column_adds_up_whatever_a_tablet_sent(
    sales: list[tuple[int, int, int]], confirmed: list[int], back: list[int]
) -> None:
    papers = [
        Paper(f"{n}", "sale", f"A-261124-{n:03}", total, gross, rounding, (Part(1, "transfer", total),))
        for n, (gross, rounding, total) in enumerate(sales, 1)
    ]
    money = whole(covered=Entries(None, [], papers))["money"]
    assert money["gross_dong"] - money["discount_dong"] + money["rounding_dong"] == money["sold_dong"]
    told = {(f"{n}", 1): dong for n, dong in enumerate(confirmed, 1)}
    sums = transfers_of(papers, told, {(f"{n}", 1): dong for n, dong in enumerate(back, 1)})
    asked = sum(total for _gross, _rounding, total in sales)
    assert sums["confirmed_dong"] + sums["claimed_dong"] + sums["paid_back_dong"] == asked
    assert all(one["amount_dong"] > 0 for one in (*sums["waiting"], *sums["paid_back"]))


def test_what_went_back_by_transfer_waits_for_no_money() -> None:
    content = whole(paid_back={("two", 1): 30_000})
    assert content["transfers"] == {
        "confirmed_dong": 50_000, "claimed_dong": 10_000, "waiting": [{"number": "A-261124-002", "amount_dong": 10_000}],
        "paid_back_dong": 30_000, "paid_back": [{"number": "A-261124-002", "amount_dong": 30_000}],
    }  # fmt: skip
    assert whole(paid_back={("two", 1): 40_000})["transfers"]["waiting"] == []


def test_a_report_of_the_first_version_is_made_again_as_it_was() -> None:
    content = whole(version=1)
    assert content["version"] == 1
    assert sorted(content["transfers"]) == ["claimed_dong", "confirmed_dong", "waiting"]
