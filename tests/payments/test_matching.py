"""Lines of the bank and the transfers they belong to, through the database: each counts once, in whatever order all comes."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.payments import actions, matching
from fair_pos.payments.actions import confirm_transfer, undo_confirmation
from fair_pos.payments.matching import Matched, NewLine, assign_line, match_waiting, record_lines, settle_line
from fair_pos.payments.queries import count_to_review, lines_to_review
from fair_pos.payments.refusals import LineSettled, ReceiptUnknown
from fair_pos.payments.rules import state_of
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.venues.refusals import FieldMissing, FieldTooLong
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import (
    NUMBER,
    OTHER_NUMBER,
    account_in_use,
    bank_lines,
    by_transfer,
    code_of,
    confirmations,
    given_back,
    look,
    money_told,
    seen,
)

PRICE = 220_000


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


@pytest.fixture
def account(app: Flask, fair: Fair) -> str:
    return account_in_use(app, fair)


def line(
    code: str, amount: int = PRICE, *, key: str = "1", source: str = "statement", account: str = NUMBER
) -> NewLine:
    return NewLine(source, key, account, now(), amount, f"CT {code} tu NGUYEN VAN A", f"FT{key}")


def record(app: Flask, *lines: NewLine) -> Matched:
    with app.app_context():
        return in_transaction(lambda session: record_lines(session, lines, now()))


def sold(tablet: Tablet, fair: Fair, number: int, account: str | None) -> str:
    sale = by_transfer(tablet, fair.goods[0], code_of(number), account)
    tablet.send(sale)
    return str(sale["id"])


def state(app: Flask, sale_id: str) -> str:
    found = look(app, sale_id)
    return state_of(found.amount_dong, found.received_dong, seen=found.seen)


def test_money_confirms_what_it_was_asked_for(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sale = sold(tablet, fair, 1, account)
    done = record(app, line(code_of(1)))
    assert (done.matched, done.listed, done.known) == (1, 0, 0)
    assert state(app, sale) == "confirmed"
    [one] = bank_lines(app)
    assert (one.state, one.sale_id, one.edition_id, one.memo) == ("confirmed", sale, fair.edition_id, "")
    [proof] = confirmations(app)
    assert (proof.how, proof.amount_dong, proof.bank_line_id, proof.reference) == ("statement", PRICE, one.id, "FT1")


def test_the_same_line_again_changes_nothing(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sold(tablet, fair, 1, account)
    record(app, line(code_of(1)))
    done = record(app, line(code_of(1)))
    assert (done.states, done.known, len(bank_lines(app)), len(confirmations(app))) == ({}, 1, 1, 1)


@pytest.mark.parametrize(
    ("amount", "said"), [(PRICE - 1, "underpaid"), (PRICE + 1, "overpaid"), (PRICE * 3, "overpaid")]
)
def test_another_amount_is_told_apart_and_listed(
    app: Flask, fair: Fair, tablet: Tablet, account: str, amount: int, said: str
) -> None:
    sale = sold(tablet, fair, 1, account)
    assert record(app, line(code_of(1), amount)).listed == 1
    assert state(app, sale) == said
    assert [one.state for one in bank_lines(app)] == [said]
    assert bank_lines(app)[0].memo != ""


def test_the_rest_of_the_money_completes_it_and_more_is_listed(
    app: Flask, fair: Fair, tablet: Tablet, account: str
) -> None:
    sale = sold(tablet, fair, 1, account)
    parts = [line(code_of(1), 200_000, key="1"), line(code_of(1), 20_000, key="2"), line(code_of(1), 20_000, key="3")]
    assert [record(app, one).matched for one in parts] == [0, 1, 0]
    assert (state(app, sale), look(app, sale).received_dong) == ("confirmed", PRICE)
    assert Counter(one.state for one in bank_lines(app)) == {"underpaid": 1, "confirmed": 1, "twice": 1}


def test_what_no_sale_asked_for_is_listed(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sold(tablet, fair, 1, account)
    cancelled = by_transfer(tablet, fair.goods[0], code_of(2), account)
    tablet.send(cancelled, given_back(tablet, fair.goods[0], cancelled["id"], "transfer", whole=True))
    done = record(
        app,
        line("tien hang", key="1"),
        line(code_of(9), key="2"),
        line(f"{code_of(1)} {code_of(2)}", key="3"),
        line(code_of(2), key="4"),
        line(code_of(1), key="5", account="5555"),
    )
    assert done.states == {"no_code": 1, "code_unknown": 1, "several": 1, "cancelled": 1, "account_unknown": 1}
    assert confirmations(app) == []


def test_money_on_another_account_of_ours_is_listed(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sale = sold(tablet, fair, 1, account)
    free = sold(tablet, fair, 2, None)
    account_in_use(app, fair, booth=1, number=OTHER_NUMBER)
    done = record(app, line(code_of(1), account=OTHER_NUMBER), line(code_of(2), key="2", account=OTHER_NUMBER))
    assert done.states == {"other_account": 1, "confirmed": 1}
    assert (state(app, sale), state(app, free)) == ("claimed", "confirmed")
    assert record(app, line(code_of(1), key="3", source="sepay")).matched == 1
    assert state(app, sale) == "confirmed"


def test_money_that_is_faster_than_the_sale_waits_for_it(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    early = by_transfer(tablet, fair.goods[0], code_of(1), account)
    assert record(app, line(code_of(1), source="sepay")).states == {"code_unknown": 1}
    tablet.send(early)
    assert state(app, early["id"]) == "confirmed"
    assert [one.state for one in bank_lines(app)] == ["confirmed"]
    with app.app_context(), transaction() as session:
        match_waiting(session, now())
    assert len(confirmations(app)) == 1


def test_every_source_tells_the_same_money_once(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sale = sold(tablet, fair, 1, account)
    for source in ("sepay", "statement", "casso"):
        assert record(app, line(code_of(1), source=source)).matched == 1
    assert (look(app, sale).received_dong, len(confirmations(app))) == (PRICE, 1)
    assert record(app, line(code_of(1), key="2", source="casso")).states == {"twice": 1}
    assert record(app, line(code_of(1), key="2")).states == {"same": 1}


def test_the_bank_agrees_with_a_person_without_counting_twice(
    app: Flask, fair: Fair, tablet: Tablet, account: str
) -> None:
    sale = sold(tablet, fair, 1, account)
    tablet.send(seen(tablet, sale))
    assert record(app, line(code_of(1))).matched == 1
    assert (state(app, sale), look(app, sale).received_dong) == ("confirmed", PRICE)
    less = sold(tablet, fair, 2, account)
    tablet.send(seen(tablet, less))
    record(app, line(code_of(2), 5, key="2"))
    assert state(app, less) == "underpaid"


def test_undoing_lets_the_banks_line_be_looked_at(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sale = sold(tablet, fair, 1, account)
    record(app, line(code_of(1)), line(code_of(1), source="sepay"))
    with app.app_context(), transaction() as session:
        undo_confirmation(session, fair.edition_id, sale, 1, "Nhầm", at=now(), by=fair.people["quantri"])
    assert (state(app, sale), {one.state for one in bank_lines(app)}) == ("claimed", {"undone"})
    with app.app_context():
        assert count_to_review(reading(), fair.edition_id, homeless=False) == 2


# --- a person's hand --------------------------------------------------------------------------------------------------


def assign(app: Flask, fair: Fair, line_id: str, number: str, *, homeless: bool = False) -> None:
    with app.app_context(), transaction() as session:
        by = fair.people["bantochuc"]
        assign_line(session, fair.edition_id, line_id, number, homeless=homeless, at=now(), by=by)


def test_a_person_says_for_which_receipt_money_is(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    sale = sold(tablet, fair, 1, account)
    record(app, line("quen ghi ma"))
    [one] = bank_lines(app)
    with pytest.raises(ReceiptUnknown):
        assign(app, fair, one.id, "Z-1")
    assign(app, fair, one.id, f" {look(app, sale).receipt_number.lower()} ")
    assert state(app, sale) == "confirmed"
    [proof] = confirmations(app)
    assert (proof.person_id, proof.bank_line_id) == (fair.people["bantochuc"], one.id)
    with pytest.raises(LineSettled):
        assign(app, fair, one.id, look(app, sale).receipt_number)


def test_a_line_is_settled_with_a_word_about_it(app: Flask, fair: Fair, tablet: Tablet, account: str) -> None:
    record(app, line("gui me"))
    [one] = bank_lines(app)

    def settle(note: str) -> None:
        with app.app_context(), transaction() as session:
            by = fair.people["bantochuc"]
            settle_line(session, fair.edition_id, one.id, note, homeless=False, at=now(), by=by)

    for note, refusal in ((" ", FieldMissing), ("x" * 301, FieldTooLong)):
        with pytest.raises(refusal):
            settle(note)
    settle("Tiền riêng, không phải của hội chợ")
    with app.app_context():
        assert lines_to_review(reading(), fair.edition_id, homeless=True, limit=9) == []
    with pytest.raises(LineSettled):
        settle("lần nữa")


def test_money_of_no_edition_is_for_those_who_see_everything(
    app: Flask, fair: Fair, tablet: Tablet, account: str
) -> None:
    sale = sold(tablet, fair, 1, account)
    record(app, line(code_of(1), account="5555"))
    [one] = bank_lines(app)
    with pytest.raises(NotFound):
        assign(app, fair, one.id, look(app, sale).receipt_number)
    with app.app_context():
        assert count_to_review(reading(), fair.edition_id, homeless=False) == 0
        assert count_to_review(reading(), fair.edition_id, homeless=True) == 1
    assign(app, fair, one.id, look(app, sale).receipt_number, homeless=True)
    assert state(app, sale) == "confirmed"


# --- whatever happens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_what_a_transfer_says_follows_from_what_confirmed_it(app: Flask, seed: int) -> None:
    """Random histories: the row of a transfer always equals its entries, and no line of the bank is ever lost."""
    chance = random.Random(seed)
    fair = make_fair(app)
    tablet, account = pair_tablet(app, fair), account_in_use(app, fair)
    sales: list[str] = []
    for step in range(40):
        what = chance.choice(["sell", "money", "money", "money", "seen", "confirm", "undo"])
        sale = chance.choice(sales) if sales else ""
        code = code_of(chance.randrange(len(sales) + 2))
        if what == "sell":
            sales.append(sold(tablet, fair, len(sales), account))
        elif what == "money":
            amount, source = chance.choice([PRICE, PRICE, 5_000, PRICE * 2]), chance.choice(["statement", "sepay"])
            money_told(app, fair, code, amount, key=chance.randrange(step + 1), source=source)
        elif sale:
            act(app, fair, tablet, what, sale)
    entries = confirmations(app)
    for sale in sales:
        found = look(app, sale)
        own = [one for one in entries if one.sale_id == sale]
        told = sum(one.amount_dong for one in own if one.how != "person")
        said = sum(one.amount_dong for one in own if one.how == "person")
        assert (found.received_dong, found.seen) == (told, said > 0)
    with app.app_context():
        assert prove(reading()).sales == len(sales)


def act(app: Flask, fair: Fair, tablet: Tablet, what: str, sale: str) -> None:
    if what == "seen":
        tablet.send(seen(tablet, sale))
        return
    with app.app_context(), transaction() as session:
        by = fair.people["bantochuc"]
        if what == "confirm":
            confirm_transfer(session, fair.edition_id, sale, 1, at=now(), by=by)
        elif look(app, sale).seen or look(app, sale).received_dong:
            undo_confirmation(session, fair.edition_id, sale, 1, "thử", at=now(), by=by)


@pytest.mark.race
def test_two_imports_and_a_hook_at_once_count_every_money_once(app: Flask) -> None:
    fair = make_fair(app)
    tablet, account = pair_tablet(app, fair), account_in_use(app, fair)
    sales = [sold(tablet, fair, number, account) for number in range(12)]
    everything = [
        line(code_of(number), key=str(number), source=source)
        for number in range(12)
        for source in ("statement", "sepay")
    ]

    def some(seed: int) -> None:
        record(app, *random.Random(seed).sample(everything, len(everything)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(some, range(12)))
    assert {look(app, sale).received_dong for sale in sales} == {PRICE}
    assert (len(confirmations(app)), len(bank_lines(app))) == (12, 24)
    assert Counter(one.state for one in bank_lines(app)) == {"confirmed": 12, "same": 12}


@pytest.mark.race
def test_that_race_is_real_without_the_guard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: when lines are not looked up after the lock, hook and statement both count."""
    fair = make_fair(app)
    tablet, account = pair_tablet(app, fair), account_in_use(app, fair)
    sale = sold(tablet, fair, 1, account)
    monkeypatch.setattr(matching, "_linked", lambda *_: {})
    record(app, line(code_of(1), 20_000, source="sepay"))
    record(app, line(code_of(1), 20_000))
    assert look(app, sale).received_dong == 40_000


def meeting_after(monkeypatch: pytest.MonkeyPatch, *places: tuple[ModuleType, str]) -> None:
    """Two threads each come to the end of one of these before either goes on; a guard keeps one away, and the other gives up."""
    meeting = threading.Barrier(2)

    def wrap(real: Any) -> Any:
        def meet(*given: Any, **said: Any) -> Any:
            found = real(*given, **said)
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(1)
            return found

        return meet

    for place, name in places:
        monkeypatch.setattr(place, name, wrap(getattr(place, name)))


def at_once(*work: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(work)) as pool:
        for one in [pool.submit(each) for each in work]:
            one.result()


@pytest.mark.race
def test_a_line_that_waits_is_looked_at_by_one_upload_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the other upload, which cannot see the sale yet, writes «unknown» over the match, and the next counts it again."""
    fair = make_fair(app)
    account, tablet, neighbour = account_in_use(app, fair), pair_tablet(app, fair), pair_tablet(app, fair, booth=1)
    record(app, line(code_of(1), 80_000, source="sepay"))
    early, other = (
        by_transfer(tablet, fair.goods[0], code_of(1), account),
        by_transfer(neighbour, fair.goods[1], code_of(2)),
    )
    meeting_after(monkeypatch, (matching, "codes_in"))
    real = matching._lock

    def lock(*given: Any) -> Any:
        found = real(*given)
        if not found[0]:  # the neighbour, who finds no sale: writes last
            time.sleep(0.5)
        return found

    monkeypatch.setattr(matching, "_lock", lock)
    at_once(lambda: tablet.send(early), lambda: neighbour.send(other))
    sold(neighbour, fair, 3, None)
    assert (look(app, early["id"]).received_dong, len(confirmations(app))) == (80_000, 1)
    assert [(one.state, one.sale_id) for one in bank_lines(app)] == [("underpaid", early["id"])]


@pytest.mark.race
def test_money_and_its_sale_at_once_find_each_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each looks before the other can be seen, and the money waits for a person though all is well."""
    fair = make_fair(app)
    account, tablet = account_in_use(app, fair), pair_tablet(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account)
    meeting_after(monkeypatch, (matching, "_lock"), (actions, "match_waiting"))
    at_once(lambda: record(app, line(code_of(1), source="sepay")), lambda: tablet.send(sale))
    assert look(app, sale["id"]).received_dong == PRICE


@pytest.mark.race
def test_two_lines_given_to_one_receipt_at_once_both_count(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else both add to what they read before they held the transfer, and one of two amounts is gone."""
    fair = make_fair(app)
    account, tablet = account_in_use(app, fair), pair_tablet(app, fair)
    sale = sold(tablet, fair, 1, account)
    record(app, line("quen", 100_000, key="1"), line("quen", 120_000, key="2"))
    number = look(app, sale).receipt_number
    meeting_after(monkeypatch, (matching, "find_transfer_by_number"))
    at_once(*(lambda one=one.id: assign(app, fair, one, number) for one in bank_lines(app)))
    assert (look(app, sale).received_dong, len(confirmations(app))) == (PRICE, 2)
