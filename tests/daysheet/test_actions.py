"""Closing a day: what is signed, who may not, what comes after, opening again, and two at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.daysheet import refusals
from fair_pos.daysheet.actions import keep_paper, reopen_day
from fair_pos.daysheet.queries import badge_of, content_of_sheet, sheet_of_day, sheets_of, visitor_badge_of
from fair_pos.daysheet.rules import Agreed
from fair_pos.daysheet.tables import DaySheet, SignedSale
from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.day_sheets import prove_day_sheets
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.refusals import EditionFrozen
from fair_pos.venues.tables import Edition
from tests.builders import pair_tablet
from tests.daysheet.evenings import REFUNDED, SOLD, Evening, make_evening


@pytest.fixture
def evening(app: Flask) -> Evening:
    return make_evening(app)


def test_closing_signs_the_receipts_that_are_here(app: Flask, evening: Evening) -> None:
    assert evening.close() == 1
    with app.app_context():
        (sheet,) = reading().scalars(select(DaySheet)).all()
        assert (sheet.receipts, sheet.refunds, sheet.sold_dong, sheet.refunded_dong) == (5, 1, SOLD, REFUNDED)
        assert (sheet.number, sheet.round, sheet.closed_by) == (1, 1, evening.fair.people["bantochuc"])
        assert reading().scalar(select(func.count()).select_from(SignedSale)) == 6
        assert sheet.digest == digest(sheet.content)
        content = json.loads(sheet.content)
        assert content["closed"]["by"] == "Vừ A bantochuc"
        assert content["paid"] == {
            "cash_dong": 2 * 37_500 + 3 * 220_000, "confirmed_dong": 0, "claimed_dong": 220_000, "card_dong": 350_000,
        }  # fmt: skip
        assert [booth["code"] for booth in content["booths"]] == ["A01", "A02"]
        line = reading().scalars(select(Line).where(Line.verb == "day_closed")).one()
        assert line.subject_id == sheet.id
        assert line.facts["digest"] == sheet.digest


def test_what_comes_after_is_late_and_changes_no_sheet(app: Flask, evening: Evening) -> None:
    evening.close()
    first = evening.tablets[0]
    first.send(first.sale([(evening.fair.goods[0], 2)], at=now() - timedelta(days=1)))
    first.send(first.sale([(evening.fair.goods[0], 1)], at=now()))
    with app.app_context():
        sheet = sheet_of_day(reading(), evening.fair.edition_id, evening.day)
        assert sheet is not None
        assert sheet.sold_dong == SOLD
        badge = badge_of(reading(), evening.fair.edition_id, evening.day, now())
        assert (badge.state, badge.late_receipts, badge.late_dong) == ("signed_late", 1, 440_000)
        assert badge_of(reading(), evening.fair.edition_id, None, now()).late_dong == 440_000


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"waiting": 3}, refusals.TabletsLate),
        ({"at": now() - timedelta(days=3)}, refusals.TabletsLate),
    ],
)
def test_late_tablets_are_named_and_have_to_be_agreed_to(
    app: Flask, evening: Evening, change: dict[str, object], error: type[Exception]
) -> None:
    late = evening.tablets[1]
    evening.heard(late, **change)  # type: ignore[arg-type]
    with pytest.raises(error) as raised:
        evening.close()
    assert raised.value.facts == {"count": 1, "names": late.letter}  # type: ignore[attr-defined]
    with pytest.raises(error):
        evening.close(Agreed(early=True, late_ids=frozenset({evening.tablets[0].device_id})))
    assert evening.close(Agreed(early=True, late_ids=frozenset({late.device_id}))) == 1
    with app.app_context():
        content = json.loads(content_of_sheet(reading(), sheets_of(reading(), evening.fair.edition_id)[0].id))
        assert [one["name"] for one in content["tablets"]["late"]] == [late.letter]


def test_before_closing_time_it_has_to_be_agreed_to(app: Flask, evening: Evening) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Edition, evening.fair.edition_id).closes_minute = 239  # 03:59, the last minute of the fair day
    today = evening.day + timedelta(days=1)
    everyone = frozenset(one.device_id for one in evening.tablets)
    with pytest.raises(refusals.DayStillOpen):
        evening.close(Agreed(late_ids=everyone), day=today)
    assert evening.close(Agreed(early=True, late_ids=everyone), day=today) == 1
    assert evening.close(replace(Agreed(), late_ids=everyone)) == 2, "a day that is over needs no such tick"


@pytest.mark.parametrize("days", [2, 1_000])
def test_a_day_to_come_is_not_closed(evening: Evening, days: int) -> None:
    with pytest.raises((refusals.DayNotBegun, refusals.DayNotOfEdition)):
        evening.close(day=evening.day + timedelta(days=days))


def test_a_day_of_no_fair_is_not_closed(evening: Evening) -> None:
    with pytest.raises(refusals.DayNotOfEdition):
        evening.close(day=evening.day - timedelta(days=9))


def test_a_day_is_signed_once(evening: Evening) -> None:
    evening.close()
    with pytest.raises(refusals.DaySignedAlready) as raised:
        evening.close(by="quantri")
    assert raised.value.facts["name"] == "Vừ A bantochuc"


def test_opened_again_with_a_reason_and_closed_again(app: Flask, evening: Evening) -> None:
    evening.close()
    late = evening.tablets[1]
    late.send(late.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
    for reason in ("", "  sửa ", "abcd"):
        with pytest.raises(refusals.ReopenReasonMissing):
            evening.reopen(reason)
    evening.reopen("Máy B mới gửi")
    with pytest.raises(refusals.DayNotSigned):
        evening.reopen("Máy B mới gửi")
    with app.app_context():
        assert sheet_of_day(reading(), evening.fair.edition_id, evening.day) is None
    assert evening.close(by="quantri") == 2
    with app.app_context():
        first, second = sheets_of(reading(), evening.fair.edition_id)
        assert (first.in_force, first.reason, first.sold_dong) == (False, "Máy B mới gửi", SOLD)
        assert (second.in_force, second.round, second.sold_dong) == (True, 2, SOLD + 220_000)
        lines = reading().scalars(select(Line.verb).where(Line.subject_kind == "day_sheet").order_by(Line.seq)).all()
        assert lines == ["day_closed", "day_reopened", "day_closed"]


def test_a_clock_that_was_set_back_opens_no_day_before_it_was_closed(app: Flask, evening: Evening) -> None:
    at = now()
    evening.close(at=at)
    edition, by = evening.fair.edition_id, evening.fair.people["bantochuc"]
    with app.app_context():
        with transaction() as session:
            reopen_day(session, edition, evening.day, "Máy B mới gửi", at=at - timedelta(minutes=3), by=by)
        (sheet,) = sheets_of(reading(), edition)
        assert sheet.reopened_at == sheet.closed_at
        assert prove_day_sheets(reading()).sheets == 1


def test_a_day_without_a_receipt_can_be_signed(app: Flask, evening: Evening) -> None:
    assert evening.close(day=evening.day - timedelta(days=1), agreed=everyone(evening)) == 1
    with app.app_context():
        (sheet,) = sheets_of(reading(), evening.fair.edition_id)
        assert (sheet.receipts, sheet.sold_dong, sheet.entries) == (0, 0, None)
        assert badge_of(reading(), evening.fair.edition_id, sheet.fair_day, now()).state == "signed"
        assert visitor_badge_of(reading(), evening.fair.edition_id, sheet.fair_day, now()).state == "signed"


def everyone(evening: Evening) -> Agreed:
    return Agreed(early=True, late_ids=frozenset(one.device_id for one in evening.tablets))


def test_a_frozen_edition_is_neither_closed_nor_opened(app: Flask, evening: Evening) -> None:
    evening.close()
    with app.app_context(), transaction() as session:
        freeze_edition(session, evening.fair.edition_id, at=now(), by=evening.fair.people["quantri"])
    with pytest.raises(EditionFrozen):
        evening.reopen()
    with pytest.raises(EditionFrozen):
        evening.close(day=evening.day - timedelta(days=1))


def test_paper_is_kept_as_it_was_first_printed(app: Flask, evening: Evening) -> None:
    evening.close()
    with app.app_context():
        (sheet,) = sheets_of(reading(), evening.fair.edition_id)
        with transaction() as session:
            assert keep_paper(session, sheet.id, b"one", at=now()) == b"one"
        with transaction() as session:
            assert keep_paper(session, sheet.id, b"two", at=now()) == b"one"


def test_a_tablet_that_became_late_was_not_agreed_to(app: Flask, evening: Evening) -> None:
    first, second = evening.tablets
    evening.heard(first, waiting=1)
    seen = Agreed(early=True, late_ids=frozenset({first.device_id}))
    evening.heard(second, waiting=1)
    with pytest.raises(refusals.TabletsLate):
        evening.close(seen)
    third = pair_tablet(app, evening.fair, 0, paired_at=now())
    assert third.letter not in {first.letter, second.letter}
