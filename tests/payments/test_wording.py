from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.payments.actions import AccountSaid, Owner, approve_change, propose_change
from fair_pos.payments.queries import accounts_of
from fair_pos.payments.wording import account_choices, account_words, names, owner_key, owners_of
from fair_pos.plumbing.db import reading, transaction
from tests.builders import Fair, make_fair
from tests.payments.money import NUMBER, OTHER_NUMBER, account_in_use


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_booths_come_by_code_and_then_producers_by_name(app: Flask, fair: Fair) -> None:
    with app.app_context():
        owners = owners_of(fair.edition_id)
    keys = list(owners)
    assert keys[: len(fair.booth_ids)] == [f"booth:{one}" for one in fair.booth_ids]
    assert {key.partition(":")[0] for key in keys[len(fair.booth_ids) :]} == {"producer"}
    assert owners[keys[0]].startswith("A01 · ")


def test_an_account_is_chosen_by_whose_it_is(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair, booth=1, number=OTHER_NUMBER)
    account_in_use(app, fair, booth=0)
    account_in_use(app, fair, booth=1)  # now both use the one
    with app.app_context(), transaction() as session:
        owner = Owner(fair.edition_id, producer_id=fair.producer_ids[0])
        said = AccountSaid("970415", "55501", "HTX KHÁC")
        change = propose_change(session, owner, said, at=now(), by=fair.people["quantri"])
        approve_change(session, fair.edition_id, change.id, at=now(), by=fair.people["bantochuc"])
    with app.app_context():
        choices = account_choices(fair.edition_id)
        maker = owners_of(fair.edition_id)[f"producer:{fair.producer_ids[0]}"]
    assert list(choices) == [NUMBER, OTHER_NUMBER, "55501"]
    assert choices[NUMBER] == "A01, A02: Vietcombank •••• 678, HTX MUONG TE"
    assert choices[OTHER_NUMBER] == "A02: Vietcombank •••• 665, HTX MUONG TE"  # its old statements may still come
    assert choices["55501"] == f"{maker}: VietinBank •••• 501, HTX KHÁC"


def test_people_and_accounts_in_words(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    with app.app_context():
        (one,) = accounts_of(reading(), fair.edition_id)
        assert owner_key(one) == f"booth:{fair.booth_ids[0]}"
        assert account_words(one) == "Vietcombank •••• 678, HTX MUONG TE"
        organiser = fair.people["bantochuc"]
        assert names([organiser, None, organiser, "nobody"]) == {organiser: "Vừ A bantochuc"}
