"""Payout accounts: two people, a number typed twice, and nothing of it but three digits on any page, in the journal or in the database."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from fair_pos.every_table import metadata
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.settings import Settings, new_data_key
from fair_pos.terms.accounts import open_account, seal_again
from fair_pos.terms.queries import account_in_use, payout_account_of
from fair_pos.terms.tables import PayoutAccountChange
from fair_pos.terms.vault import Vault
from tests.builders import Fair, make_fair
from tests.payments.desk import browser, get, post

NUMBER, HOLDER = "0011012345678", "LO THI HANH QUYEN"


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def propose(app: Flask, fair: Fair, **changes: str) -> str:
    fields = {"owner": fair.producer_ids[0], "bank_bin": "970436", "account_number": NUMBER, "holder": HOLDER}
    client = browser(app, "bantochuc")
    answer = post(client, fair, "payout-accounts", **fields | changes)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    found = re.search(r"payout-accounts/([0-9a-f-]{36})/turn-down", get(client, fair, "payout-accounts"))
    assert found
    return found[1]


def test_two_people_and_a_number_typed_twice(app: Flask, fair: Fair) -> None:
    change = propose(app, fair)
    path = f"payout-accounts/{change}/approve"
    for _session in range(2):  # the same person under another session is the same person
        answer = post(browser(app, "bantochuc"), fair, path, number_again=NUMBER)
        assert answer.status_code == 403
        assert "Người đề nghị không tự duyệt được" in answer.get_data(as_text=True)
    second = browser(app, "quantri")
    answer = post(second, fair, path, number_again="0011012345679")
    assert answer.status_code == 400
    assert "khác với đề nghị" in answer.get_data(as_text=True)
    with app.app_context():
        assert payout_account_of(reading(), fair.edition_id, fair.producer_ids[0]) is None
    assert post(second, fair, path, number_again="0011 0123 45678").status_code == 302
    html = get(second, fair, "payout-accounts")
    assert "Vietcombank •••• 678" in html
    with app.app_context():
        found = payout_account_of(reading(), fair.edition_id, fair.producer_ids[0])
        assert found is not None
        assert found.last_digits == "678"


def test_the_database_refuses_one_person_for_two(app: Flask, fair: Fair) -> None:
    change = propose(app, fair)
    alone = update(PayoutAccountChange).where(PayoutAccountChange.id == change)
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.execute(alone.values(outcome="approved", decided_by=fair.people["bantochuc"], decided_at=now()))


def test_number_and_holder_can_be_read_nowhere(
    app: Flask, settings: Settings, fair: Fair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    change = propose(app, fair)
    second = browser(app, "quantri")
    pages = [get(second, fair, "payout-accounts")]
    post(second, fair, f"payout-accounts/{change}/approve", number_again=NUMBER)
    pages.append(get(second, fair, "payout-accounts"))
    again = {"owner": fair.producer_ids[0], "bank_bin": "970436", "account_number": NUMBER, "holder": HOLDER}
    answer = post(second, fair, "payout-accounts", **again)
    assert answer.status_code == 400  # says what holds already, and is not said back
    pages.append(answer.get_data(as_text=True))
    with app.app_context(), transaction() as session:
        rows = [str(row) for table in metadata.sorted_tables for row in session.execute(select(table))]
    raw = b"".join(path.read_bytes() for path in files_of(settings))
    seen = "\n".join([*pages, *rows, caplog.text])
    assert "•••• 678" in seen
    for secret in (NUMBER, NUMBER[-8:], HOLDER):
        assert secret not in seen
    for secret in (NUMBER, HOLDER):
        assert secret.encode() not in raw
    with app.app_context():  # the control: with the key it is all there
        row = account_in_use(reading(), fair.edition_id, fair.producer_ids[0])
        assert row is not None
        said = open_account(row, Vault(settings.data_key))
        assert (said.account_number, said.holder) == (NUMBER, HOLDER)


def files_of(settings: Settings) -> list[Path]:
    if not settings.database.startswith("sqlite:///"):
        return []
    path = Path(settings.database.removeprefix("sqlite:///"))
    found = [one for one in path.parent.glob(f"{path.name}*") if one.is_file()]
    assert found
    assert b"payout_account" in b"".join(one.read_bytes() for one in found)
    return found


def test_what_is_typed_wrong_is_said_and_not_shown_again(app: Flask, fair: Fair) -> None:
    client = browser(app, "bantochuc")
    fields = {"owner": fair.producer_ids[0], "bank_bin": "970436", "account_number": "12/345678", "holder": HOLDER}
    for changes, sentence in (
        ({}, "Số tài khoản chỉ gồm chữ và số"), ({"account_number": "12345"}, "ít nhất 6 ký tự"),
        ({"account_number": NUMBER, "holder": " "}, "tên chủ tài khoản"),
    ):  # fmt: skip
        answer = post(client, fair, "payout-accounts", **fields | changes)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 400
        assert sentence in html
        assert (fields | changes)["account_number"] not in html
        assert HOLDER not in html
    assert post(client, fair, "payout-accounts", **fields | {"owner": "nobody"}).status_code == 404


def test_another_key_in_front_then_the_old_one_away(app: Flask, settings: Settings, fair: Fair) -> None:
    change = propose(app, fair)
    fresh = new_data_key()
    both, alone = Vault(f"{fresh},{settings.data_key}"), Vault(fresh)
    with app.app_context():
        assert (
            in_transaction(lambda session: seal_again(session, alone))[0] == 0
        )  # a key that opens nothing changes nothing
        assert in_transaction(lambda session: seal_again(session, both)) == (1, [])
        assert in_transaction(lambda session: seal_again(session, alone)) == (1, [])
    # The server still holds only the old key: the way out is said.
    answer = post(browser(app, "quantri"), fair, f"payout-accounts/{change}/approve", number_again=NUMBER)
    assert "khóa dữ liệu đã đổi" in answer.get_data(as_text=True)


def test_turned_down_and_stopped(app: Flask, fair: Fair) -> None:
    second = browser(app, "quantri")
    assert post(second, fair, f"payout-accounts/{propose(app, fair)}/turn-down").status_code == 302
    assert "không duyệt" in get(second, fair, "payout-accounts")
    post(second, fair, f"payout-accounts/{propose(app, fair)}/approve", number_again=NUMBER)
    stop = propose(app, fair, stop="1")
    assert post(second, fair, f"payout-accounts/{stop}/approve").status_code == 302
    with app.app_context():
        assert payout_account_of(reading(), fair.edition_id, fair.producer_ids[0]) is None
        assert reading().scalar(text("SELECT COUNT(*) FROM payout_account")) == 2
