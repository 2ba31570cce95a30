"""Who transfers sees the whole number: only of an agreed account, only for what waits, and never without a line in the journal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.payments.actions import AccountSaid
from fair_pos.payments.vietqr import VietQr, parse
from fair_pos.plumbing.db import reading
from fair_pos.settings import new_data_key
from fair_pos.settlement import refusals
from fair_pos.settlement.actions import pay_out
from fair_pos.settlement.transfers import Transfer, list_transfers, looks_at, show_account, transfer_words
from fair_pos.terms.refusals import AccountLost
from fair_pos.terms.vault import Vault
from tests.settlement.stage import Stage, make_stage
from tests.terms.test_accounts import NUMBER, agree, offer, vault_of

SECOND = AccountSaid("970418", "0200 9988 77", "=HTX SO 2")


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Two owners with a statement that waits, the first with an agreed account; and a third whose statement pays nothing."""
    made = make_stage(app)
    goods = made.fair.goods
    made.sell(6, made.line(goods[0], 200_000), made.line(goods[3], 100_000), made.line(goods[6], 10_000))
    made.fee(made.fair.producer_ids[2], 30_000, 6)
    made.settle(2)
    agree(app, made.fair, offer(app, made.fair))
    return made


def number_of(stage: Stage, owner: int) -> int:
    return next(one.number for one in stage.statements() if one.producer_id == stage.fair.producer_ids[owner])


def shown(stage: Stage, owner: int, keys: str = "") -> Transfer:
    vault = Vault(keys) if keys else vault_of(stage.app)
    by = stage.fair.people["bantochuc"]
    number = number_of(stage, owner)
    made: Transfer = stage.do(
        lambda session: show_account(session, stage.fair.edition_id, number, vault=vault, at=now(), by=by)
    )
    return made


def listed(stage: Stage, *numbers: int, keys: str = "") -> list[Transfer]:
    vault = Vault(keys) if keys else vault_of(stage.app)
    by = stage.fair.people["bantochuc"]
    made: list[Transfer] = stage.do(
        lambda session: list_transfers(session, stage.fair.edition_id, numbers, vault=vault, at=now(), by=by)
    )
    return made


def journal(stage: Stage) -> list[Line]:
    """Looks and lists."""
    with stage.app.app_context():
        return list(
            reading().scalars(
                select(Line).where(Line.verb.in_(["payout_account_shown", "payment_list_made"])).order_by(Line.seq)
            )
        )


def paid(stage: Stage, owner: int, **fields: Any) -> None:
    given: dict[str, Any] = {"day": stage.day(0), "method": "transfer", "reference": "FT1"} | fields

    def work(session: Session) -> str:
        by = stage.fair.people["bantochuc"]
        return pay_out(session, stage.fair.edition_id, number_of(stage, owner), at=now(), by=by, **given)

    stage.do(work)


def test_a_look_opens_the_agreed_account_and_stands_in_the_journal(stage: Stage) -> None:
    found = shown(stage, 0)
    assert (found.number, found.holder, found.account.bank_bin) == (NUMBER, "LO THI HANH", "970436")
    assert found.amount_dong == 160_000
    assert found.words == f"TT{number_of(stage, 0):04} Hoi cho thu"
    assert parse(found.code) == VietQr("970436", NUMBER, 160_000, found.words)
    (line,) = journal(stage)
    assert (line.verb, line.person_id) == ("payout_account_shown", stage.fair.people["bantochuc"])
    assert (line.subject_kind, line.subject_id) == ("settlement", found.statement.id)
    assert line.facts == {
        "number": found.statement.number,
        "producer": stage.fair.producer_ids[0],
        "account": found.account.id,
    }
    assert NUMBER not in repr(found)
    assert "LO THI HANH" not in repr(found)


def test_a_list_is_all_or_none_and_one_line(stage: Stage) -> None:
    first, second = number_of(stage, 0), number_of(stage, 1)
    with pytest.raises(refusals.NoneListed) as refused:
        listed(stage, first, second)
    assert isinstance(refused.value.why, refusals.AccountMissing)
    assert refused.value.facts == {"number": f"TT-{second:04}"}
    assert journal(stage) == [], "nothing was opened"
    change = offer(stage.app, stage.fair, SECOND, stage.fair.producer_ids[1])
    with pytest.raises(refusals.NoneListed):
        listed(stage, first, second)  # proposed by one is agreed by nobody
    agree(stage.app, stage.fair, change, "0200998877")
    found = listed(stage, second, first, second)
    assert [(one.statement.number, one.number) for one in found] == sorted([(first, NUMBER), (second, "0200998877")])
    (line,) = journal(stage)
    accounts = {one.statement.id: one.account.id for one in found}
    assert (line.verb, line.subject_id) == ("payment_list_made", stage.fair.edition_id)
    assert line.facts == {"count": 2, "total_dong": 240_000, "accounts": accounts}
    with pytest.raises(refusals.NoneTicked):
        listed(stage)
    with pytest.raises(NotFound):
        listed(stage, 99)


@pytest.mark.parametrize(
    ("owner", "why"), [(1, refusals.AccountMissing), (2, refusals.NothingPayable), (0, refusals.PaidAlready)]
)
def test_what_cannot_be_transferred_opens_nothing(stage: Stage, owner: int, why: type[Refusal]) -> None:
    if owner == 2:
        agree(stage.app, stage.fair, offer(stage.app, stage.fair, SECOND, stage.fair.producer_ids[2]), "0200998877")
    if owner == 0:
        paid(stage, 0)
    with pytest.raises(why):
        shown(stage, owner)
    with pytest.raises(refusals.NoneListed) as refused:
        listed(stage, number_of(stage, owner))
    assert isinstance(refused.value.why, why)
    assert journal(stage) == []


def test_a_lost_key_is_said_and_nothing_is_written(stage: Stage) -> None:
    with pytest.raises(AccountLost):
        shown(stage, 0, new_data_key())
    with pytest.raises(refusals.NoneListed) as refused:
        listed(stage, number_of(stage, 0), keys=new_data_key())
    assert isinstance(refused.value.why, AccountLost)
    assert journal(stage) == []


def test_another_account_in_use_is_said_when_paying_and_the_old_one_can_be_named(stage: Stage) -> None:
    before = shown(stage, 0).account.id
    agree(stage.app, stage.fair, offer(stage.app, stage.fair, SECOND), "0200998877")
    with pytest.raises(refusals.AccountChanged) as refused:
        paid(stage, 0, seen=before)
    assert refused.value.facts == {"bank": "BIDV", "digits": "877"}
    assert [one.state for one in stage.statements() if one.number == number_of(stage, 0)] == ["waiting"]
    after = shown(stage, 0).account.id
    assert after != before
    with pytest.raises(refusals.AccountMissing):
        paid(stage, 0, seen=after, account_id="of nobody")
    paid(stage, 0, seen=after, account_id=before)  # the money had left before the change
    (one,) = [one.paid for one in stage.statements() if one.paid]
    assert (one.bank_bin, one.last_digits) == ("970436", "678")


def test_an_account_that_ended_before_the_statement_is_no_answer(app: Flask) -> None:
    stage = make_stage(app)
    agree(app, stage.fair, offer(app, stage.fair))
    stage.sell(6, stage.line(stage.fair.goods[0], 200_000))
    agree(app, stage.fair, offer(app, stage.fair, SECOND), "0200998877")
    stage.settle(2)
    with app.app_context():
        old = reading().scalar(select(Line.facts).where(Line.verb == "payout_account_approved").order_by(Line.seq))
    assert old
    with pytest.raises(refusals.AccountMissing):
        paid(stage, 0, account_id=old["account"])


def test_money_that_left_before_an_account_was_stopped_can_be_written_down(stage: Stage) -> None:
    before = shown(stage, 0).account.id
    agree(stage.app, stage.fair, offer(stage.app, stage.fair, None))
    with pytest.raises(refusals.AccountMissing):
        paid(stage, 0, seen=before)
    paid(stage, 0, seen="", account_id=before)
    assert [one.paid.last_digits for one in stage.statements() if one.paid] == ["678"]


def test_who_looked_is_read_back(stage: Stage) -> None:
    shown(stage, 0)
    listed(stage, number_of(stage, 0))
    statement = next(one for one in stage.statements() if one.number == number_of(stage, 0))
    other = next(one for one in stage.statements() if one.number == number_of(stage, 1))
    with stage.app.app_context():
        looks = looks_at(reading(), statement)
        assert looks_at(reading(), other) == []
    assert [(one.person_id, one.listed) for one in looks] == [
        (stage.fair.people["bantochuc"], False),
        (stage.fair.people["bantochuc"], True),
    ]
    assert len({one.account_id for one in looks}) == 1


@pytest.mark.parametrize("edition", ["Hội chợ – «Đặc sản» Điện Biên, Mường Tè & bạn 2026", "市", "đ" * 60])
def test_words_are_what_every_bank_takes(edition: str) -> None:
    words = transfer_words(1234, edition)
    assert words.startswith("TT1234")
    assert len(words) <= 25
    assert words.isascii()
    assert words.replace(" ", "").isalnum()
