"""Accounts change by two people; transfers are written down with their sales; a person's word confirms and is taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from fair_pos.catalogue.queries import current_version
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.payments import refusals
from fair_pos.payments.actions import (
    AccountSaid,
    Owner,
    approve_change,
    confirm_transfer,
    propose_change,
    turn_down_change,
    undo_confirmation,
)
from fair_pos.payments.queries import account_in_use as find_in_use
from fair_pos.payments.tables import AccountChange, UnplacedSeen
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.venues.refusals import FieldMissing, FieldTooLong
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import (
    NUMBER,
    OTHER_NUMBER,
    account_in_use,
    accounts,
    by_transfer,
    code_of,
    confirmations,
    given_back,
    look,
    seen,
)

SAID = AccountSaid("970436", "0011 0123 45678", " HTX  Mường Tè ")


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


# --- accounts -------------------------------------------------------------------------------------------------------


def propose(
    app: Flask, fair: Fair, said: AccountSaid | None, *, by: str = "quantri", owner: Owner | None = None
) -> str:
    with app.app_context(), transaction() as session:
        owner = owner or Owner(fair.edition_id, booth_id=fair.booth_ids[0])
        return propose_change(session, owner, said, at=now(), by=fair.people[by]).id


def approve(app: Flask, fair: Fair, change: str, by: str) -> None:
    with app.app_context(), transaction() as session:
        approve_change(session, fair.edition_id, change, at=now(), by=fair.people[by])


def turn_down(app: Flask, fair: Fair, change: str, by: str) -> str | None:
    with app.app_context(), transaction() as session:
        return turn_down_change(session, fair.edition_id, change, at=now(), by=fair.people[by]).outcome


def in_use(app: Flask, fair: Fair) -> str | None:
    with app.app_context():
        found = find_in_use(reading(), fair.edition_id, fair.booth_ids[0], None)
        return found.account_number if found else None


def version(app: Flask) -> int:
    with app.app_context():
        return current_version(reading())


def test_a_change_takes_effect_when_another_person_approves(app: Flask, fair: Fair) -> None:
    before = version(app)
    change = propose(app, fair, SAID)
    assert (in_use(app, fair), version(app)) == (None, before)
    with pytest.raises(refusals.SamePerson):
        approve(app, fair, change, "quantri")
    assert (in_use(app, fair), version(app)) == (None, before)
    approve(app, fair, change, "bantochuc")
    assert (in_use(app, fair), version(app)) == (NUMBER, before + 1)
    assert [one.holder for one in accounts(app)] == ["HTX Mường Tè"]


def test_the_database_itself_refuses_one_person_as_two(app: Flask, fair: Fair) -> None:
    change = propose(app, fair, SAID)
    alone = {"outcome": "approved", "decided_by": fair.people["quantri"], "decided_at": now()}
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(AccountChange).where(AccountChange.id == change).values(**alone))


def test_the_old_account_stays_with_what_was_paid_to_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    old = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), old)
    tablet.send(sale)
    new = account_in_use(app, fair, number=OTHER_NUMBER)
    assert (in_use(app, fair), look(app, sale["id"]).account_id) == (OTHER_NUMBER, old)
    assert {one.id: one.active_until_at is None for one in accounts(app)} == {old: False, new: True}


def test_stopping_takes_two_people_too(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    change = propose(app, fair, None)
    assert in_use(app, fair) == NUMBER
    approve(app, fair, change, "bantochuc")
    assert in_use(app, fair) is None


def test_a_proposal_can_be_rejected_or_withdrawn_and_then_nothing_more(app: Flask, fair: Fair) -> None:
    change = propose(app, fair, SAID)
    with pytest.raises(refusals.ChangeOpen):
        propose(app, fair, AccountSaid("970436", OTHER_NUMBER, "A"))
    assert turn_down(app, fair, change, "bantochuc") == "rejected"
    with pytest.raises(refusals.ChangeDecided):
        approve(app, fair, change, "bantochuc")
    again = propose(app, fair, SAID)
    assert turn_down(app, fair, again, "quantri") == "withdrawn"
    assert in_use(app, fair) is None


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (AccountSaid("000000", NUMBER, "A"), refusals.BankUnknown),
        (AccountSaid("970436", "12/34", "A"), refusals.AccountNumberInvalid),
        (AccountSaid("970436", NUMBER, "  "), FieldMissing),
        (AccountSaid("970436", NUMBER, "A" * 101), FieldTooLong),
        (None, refusals.AccountUnchanged),
    ],
)
def test_what_cannot_be_proposed(app: Flask, fair: Fair, said: AccountSaid | None, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        propose(app, fair, said)
    assert accounts(app) == []


def test_the_same_account_again_is_no_change(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    with pytest.raises(refusals.AccountUnchanged):
        propose(app, fair, AccountSaid("970436", NUMBER, "HTX MUONG TE"))


def test_another_editions_booth_and_change_are_out_of_reach(app: Flask, fair: Fair) -> None:
    other = make_fair(app, name="Hội chợ khác")
    with pytest.raises(NotFound):
        propose(app, fair, SAID, owner=Owner(fair.edition_id, booth_id=other.booth_ids[0]))
    with pytest.raises(NotFound):  # and nobody's
        propose(app, fair, SAID, owner=Owner(fair.edition_id, producer_id="nobody"))
    change = propose(app, fair, SAID)
    with pytest.raises(NotFound):
        approve(app, other, change, "bantochuc")


# --- transfers --------------------------------------------------------------------------------------------------------


def test_transfers_are_written_down_with_their_sales(app: Flask, fair: Fair, tablet: Tablet) -> None:
    account = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(7), account, cash_dong=20_000)
    tablet.send(sale, tablet.sale([(fair.goods[0], 1)]))
    found = look(app, sale["id"], 2)
    assert (found.amount_dong, found.code, found.account_id) == (200_000, code_of(7), account)
    assert (found.kind, found.received_dong, found.seen, found.cancelled) == ("sale", 0, False, False)
    with app.app_context():
        assert prove(reading()).sales == 2


def test_a_sale_taken_back_whole_is_cancelled_in_whatever_order_it_arrives(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    first, late = by_transfer(tablet, fair.goods[0], code_of(1)), by_transfer(tablet, fair.goods[0], code_of(2))
    kept = by_transfer(tablet, fair.goods[0], code_of(3))
    gone = [given_back(tablet, fair.goods[0], one["id"], "transfer", whole=True) for one in (first, late)]
    part = given_back(tablet, fair.goods[0], kept["id"], "cash")
    tablet.send(first, kept, part)
    tablet.send(*gone)
    tablet.send(late)
    assert [look(app, one["id"]).cancelled for one in (first, late, kept)] == [True, True, False]


# --- a person's word --------------------------------------------------------------------------------------------------


def test_a_tablets_word_confirms_once(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    tablet.send(sale, seen(tablet, sale["id"]), seen(tablet, sale["id"]))
    assert look(app, sale["id"]).seen
    [one] = confirmations(app)
    assert (one.how, one.amount_dong, one.person_id, one.device_id, one.reference) == (
        "person",
        220_000,
        fair.people["nguoiban"],
        tablet.device_id,
        "1234",
    )


def test_a_word_that_comes_before_its_sale_waits_for_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    answers = tablet.send(seen(tablet, sale["id"]))
    assert [one.answer for one in answers] == ["stored"]
    assert unplaced(app) == [("sale_unknown", False)]
    tablet.send(sale)
    assert look(app, sale["id"]).seen
    assert unplaced(app) == [("sale_unknown", True)]


def test_words_that_confirm_nothing_are_kept(app: Flask, fair: Fair, tablet: Tablet) -> None:
    neighbour = pair_tablet(app, fair, 1)
    sale, cash = by_transfer(tablet, fair.goods[0], code_of(1)), tablet.sale([(fair.goods[0], 1)])
    tablet.send(sale, cash, seen(tablet, cash["id"]), seen(tablet, sale["id"], 3))
    neighbour.send(seen(neighbour, sale["id"]))
    early = by_transfer(tablet, fair.goods[1], code_of(2))
    neighbour.send(seen(neighbour, early["id"]))
    tablet.send(early)
    assert not look(app, sale["id"]).seen
    assert not look(app, early["id"]).seen
    found = sorted(why for why, _placed in unplaced(app))
    assert found == ["no_transfer", "no_transfer", "other_booth", "other_booth"]
    assert confirmations(app) == []


def unplaced(app: Flask) -> list[tuple[str, bool]]:
    with app.app_context():
        rows = reading().scalars(select(UnplacedSeen).order_by(UnplacedSeen.seen_at, UnplacedSeen.id))
        return [(one.why, one.placed_at is not None) for one in rows]


def confirm(app: Flask, fair: Fair, sale_id: str, payment_no: int = 1) -> bool:
    with app.app_context(), transaction() as session:
        by = fair.people["bantochuc"]
        return confirm_transfer(session, fair.edition_id, sale_id, payment_no, at=now(), by=by)


def undo(app: Flask, fair: Fair, sale_id: str, reason: str = "Nhầm phiếu") -> None:
    with app.app_context(), transaction() as session:
        undo_confirmation(session, fair.edition_id, sale_id, 1, reason, at=now(), by=fair.people["quantri"])


def test_an_organisers_word_is_taken_back_by_an_entry_that_says_why(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    tablet.send(sale)
    assert confirm(app, fair, sale["id"])
    assert not confirm(app, fair, sale["id"])
    undo(app, fair, sale["id"])
    assert not look(app, sale["id"]).seen
    first, second = confirmations(app)
    assert (second.reverses_id, second.amount_dong, second.reason, second.person_id) == (
        first.id,
        -220_000,
        "Nhầm phiếu",
        fair.people["quantri"],
    )
    with pytest.raises(refusals.NothingToUndo):
        undo(app, fair, sale["id"])
    assert confirm(app, fair, sale["id"])
    undo(app, fair, sale["id"])
    assert sum(one.amount_dong for one in confirmations(app)) == 0


def test_undoing_needs_a_reason(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    tablet.send(sale)
    confirm(app, fair, sale["id"])
    with pytest.raises(FieldMissing):
        undo(app, fair, sale["id"], " ")
    with pytest.raises(FieldTooLong):
        undo(app, fair, sale["id"], "x" * 301)
    assert look(app, sale["id"]).seen


def test_only_money_asked_for_at_this_edition_is_confirmed(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    back = given_back(tablet, fair.goods[0], sale["id"], "transfer")
    tablet.send(sale, back)
    for sale_id, number in ((back["id"], 1), (sale["id"], 2), ("0" * 36, 1)):
        with pytest.raises(NotFound):
            confirm(app, fair, sale_id, number)
    other = make_fair(app, name="Hội chợ khác")
    with pytest.raises(NotFound):
        confirm(app, other, sale["id"])
