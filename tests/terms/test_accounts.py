"""Changes of payout accounts: of those who propose or decide at once one is heard, and the others are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.payments.actions import AccountSaid
from fair_pos.payments.refusals import AccountUnchanged, BankUnknown, ChangeDecided, SamePerson
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.settings import Settings, new_data_key
from fair_pos.terms import accounts, queries, refusals
from fair_pos.terms.tables import PayoutAccount, PayoutAccountChange
from fair_pos.terms.vault import SealBroken, Vault
from tests.builders import Fair, make_fair

NUMBER, APPROVED = "0011012345678", "approved"
SAID = AccountSaid("970436", "0011 0123 45678", " LO THI  HANH ")


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def vault_of(app: Flask) -> Vault:
    settings: Settings = app.extensions["fair_pos_settings"]
    return Vault(settings.data_key)


def offer(app: Flask, fair: Fair, said: AccountSaid | None = SAID, owner: str = "") -> str:
    owner, by = owner or fair.producer_ids[0], fair.people["bantochuc"]
    with app.app_context():
        return in_transaction(
            lambda session: (
                accounts.propose_account(session, fair.edition_id, owner, said, vault=vault_of(app), at=now(), by=by).id
            )
        )


def agree(app: Flask, fair: Fair, change: str, number: str = NUMBER, who: str = "quantri") -> str | None:
    with app.app_context():
        return in_transaction(
            lambda session: (
                accounts.approve_change(
                    session, fair.edition_id, change, number, vault=vault_of(app), at=now(), by=fair.people[who]
                ).outcome
            )
        )


def at_once(*asked: Callable[[], Any]) -> list[Any]:
    """What each gets, or the refusal that it met."""
    ready = threading.Barrier(len(asked))

    def ask(one: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return one()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


def test_what_is_stored_opens_cleaned_and_in_its_own_row(app: Flask, fair: Fair) -> None:
    change = offer(app, fair)
    with app.app_context():
        found = queries.get_change(reading(), fair.edition_id, change)
        row = reading().get(PayoutAccount, found.account_id)
        assert row is not None
        assert accounts.open_account(row, vault_of(app)) == AccountSaid("970436", NUMBER, "LO THI HANH")
        assert NUMBER.encode() not in row.number_sealed
        row.number_sealed, row.holder_sealed = row.holder_sealed, row.number_sealed
        with pytest.raises(SealBroken):
            accounts.open_account(row, vault_of(app))
        reading().rollback()


def test_what_cannot_be_proposed(app: Flask, fair: Fair) -> None:
    with pytest.raises(BankUnknown):
        offer(app, fair, AccountSaid("000000", NUMBER, "LO THI HANH"))
    with pytest.raises(refusals.PayoutNumberShort):
        offer(app, fair, AccountSaid("970436", "12345", "LO THI HANH"))
    with pytest.raises(AccountUnchanged):
        offer(app, fair, None)
    with pytest.raises(NotFound):
        offer(app, fair, owner="nobody")


def test_two_people_and_the_number_from_paper(app: Flask, fair: Fair) -> None:
    change = offer(app, fair)
    with pytest.raises(SamePerson):
        agree(app, fair, change, who="bantochuc")
    with pytest.raises(refusals.NumberTypedDiffers):
        agree(app, fair, change, NUMBER[:-1])
    assert agree(app, fair, change) == APPROVED
    with pytest.raises(ChangeDecided):
        agree(app, fair, change)
    with pytest.raises(AccountUnchanged):
        offer(app, fair)
    with app.app_context():
        lines = [str(one.facts) for one in reading().scalars(select(Line))]
    assert any("account" in one for one in lines)
    assert not any(NUMBER in one or "HANH" in one for one in lines)


@pytest.mark.race
def test_of_four_who_propose_at_once_one_is_heard(app: Flask, fair: Fair) -> None:
    numbers = [f"00110123456{number}" for number in range(4)]
    found = at_once(*(lambda one=one: offer(app, fair, AccountSaid("970436", one, "LO THI HANH")) for one in numbers))
    assert sum(len(one) == 36 for one in found) == 1, found
    assert sum(one == "change_open" for one in found) == 3, found
    with app.app_context():
        assert len(queries.changes_of(reading(), fair.edition_id)) == 1
        assert len(list(reading().scalars(select(PayoutAccount)))) == 1


@pytest.mark.race
def test_of_those_who_decide_at_once_one_decides(app: Flask, fair: Fair) -> None:
    change = offer(app, fair)

    def turn_down() -> str:
        by = fair.people["bantochuc"]
        with app.app_context():
            in_transaction(lambda session: accounts.turn_down_change(session, fair.edition_id, change, at=now(), by=by))
        return "withdrawn"

    found = at_once(*(lambda: agree(app, fair, change) for _ in range(3)), turn_down)
    assert sum(one in {APPROVED, "withdrawn"} for one in found) == 1, found
    assert found.count("change_decided") == 3, found
    with app.app_context():
        row = queries.get_change(reading(), fair.edition_id, change)
        assert row.outcome in found
        in_use = queries.accounts_in_use(reading(), fair.edition_id)
        assert bool(in_use) == (row.outcome == APPROVED)


def test_only_the_account_in_use_is_opened_for_who_pays(app: Flask, fair: Fair) -> None:
    def opened(keys: str = "") -> accounts.Opened | None:
        vault = Vault(keys) if keys else vault_of(app)
        with app.app_context():
            return in_transaction(
                lambda session: accounts.open_in_use(session, fair.edition_id, fair.producer_ids[0], vault)
            )

    change = offer(app, fair)
    assert opened() is None, "one person alone agrees on nothing"
    agree(app, fair, change)
    found = opened()
    assert found is not None
    assert (found.number, found.holder, found.masked.last_digits) == (NUMBER, "LO THI HANH", "678")
    assert NUMBER not in repr(found)
    with pytest.raises(refusals.AccountLost):
        opened(new_data_key())
    agree(app, fair, offer(app, fair, None))
    assert opened() is None


@pytest.mark.race
def test_without_the_locks_two_decide(app: Flask, fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control, where writers do not stand in one line: on PostgreSQL."""
    change = offer(app, fair)
    both = threading.Barrier(2)

    def loosely(session: Any, edition_id: str, change_id: str, **_locked: bool) -> PayoutAccountChange:
        found = queries.get_change(session, edition_id, change_id)
        with suppress(threading.BrokenBarrierError):  # then the other waits for us
            both.wait(timeout=1)
        return found

    monkeypatch.setattr(accounts, "hold_terms", lambda *_args: None)
    monkeypatch.setattr(accounts, "get_change", loosely)
    found = at_once(*(lambda: agree(app, fair, change) for _ in range(2)))
    with app.app_context():
        one_writer = reading().get_bind().dialect.name == "sqlite"
    assert found.count(APPROVED) == (1 if one_writer else 2), found
