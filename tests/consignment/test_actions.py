"""Taking goods in, giving them back, writing them off, and taking a note back: what moves, what is refused, what is never half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import current_version
from fair_pos.consignment import actions, queries, refusals
from fair_pos.consignment.note import thawed
from fair_pos.consignment.rules import IntakeLine, OutLine, Signed
from fair_pos.consignment.tables import GoodsNote
from fair_pos.kernel.chain import digest
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.stock.queries import lots_by_id
from tests.builders import Fair, make_fair
from tests.consignment.notes import PATH, SIGNED, TODAY, carry, held, line, out, soon, take_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def do(app: Flask, work: Callable[[Session], str]) -> str:
    with app.app_context():
        return in_transaction(work)


def said(fair: Fair, **fields: Any) -> dict[str, Any]:
    return {"day": TODAY, "at": now(), "by": fair.people["bantochuc"], "signed": None} | fields


def notes(app: Flask) -> list[str]:
    with app.app_context():
        rows = reading().scalars(select(GoodsNote).order_by(GoodsNote.kind, GoodsNote.number))
        return [queries.number_of(one) for one in rows]


def test_goods_taken_in_are_the_owners_from_that_minute(app: Flask, fair: Fair) -> None:
    with app.app_context():
        before = current_version(reading())
    note_id = take_in(app, fair, line(fair.goods[0], 12, code="L1", expires=soon(90)), line(fair.goods[1], 5), owner=1)
    lying = {one.product_id: one for one in held(app, fair.booth_ids[0])}
    assert {(one.owner_id, one.quantity) for one in lying.values()} == {
        (fair.producer_ids[1], 12),
        (fair.producer_ids[1], 5),
    }
    with app.app_context():
        lots = lots_by_id(reading(), {one.lot_id for one in lying.values()})
        assert {(one.code, one.expires_day) for one in lots.values()} == {("L1", soon(90)), ("PN-0001/2", None)}
        note = queries.get_note(reading(), fair.edition_id, note_id)
        content = thawed(note.content)
        assert note.digest == digest(note.content)
        assert current_version(reading()) == before + 1, "tablets fetch lots when they hear a new number"
    assert content["number"] == "PN-0001"
    assert content["signature"] == PATH
    assert content["sum_dong"] == 12 * 220_000 + 5 * 350_000
    assert [one["lot_code"] for one in content["lines"]] == ["L1", "PN-0001/2"]


def test_goods_go_back_and_leave_stock(app: Flask, fair: Fair) -> None:
    take_in(app, fair, line(fair.goods[0], 12))
    [there] = held(app, fair.booth_ids[0])

    def back(quantity: int, **fields: Any) -> str:
        return do(
            app,
            lambda session: actions.give_back(
                session, fair.edition_id, fair.booth_ids[0], fair.producer_ids[0], [out(there, quantity)],
                **said(fair, signed=SIGNED, **fields),
            ),
        )  # fmt: skip

    back(4)
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [8]
    with pytest.raises(refusals.MoreThanLies) as refused:
        back(9)
    assert refused.value.facts["names"] == fair.goods[0].name
    assert notes(app) == ["PN-0001", "PT-0001"], "nothing of it was written, and no number is lost"
    back(9, beyond=True)
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [-1]
    assert notes(app) == ["PN-0001", "PT-0001", "PT-0002"]


def test_goods_of_somebody_else_do_not_go_back_to_an_owner(app: Flask, fair: Fair) -> None:
    take_in(app, fair, line(fair.goods[0], 12), owner=1)
    [there] = held(app, fair.booth_ids[0])
    with pytest.raises(refusals.LinesWrong) as refused:
        do(
            app,
            lambda session: actions.give_back(
                session, fair.edition_id, fair.booth_ids[0], fair.producer_ids[0], [out(there, 1)], **said(fair)
            ),
        )
    assert refused.value.facts["trouble"] == "not_of_owner"


def test_what_is_written_off_says_who_bears_it(app: Flask, fair: Fair) -> None:
    take_in(app, fair, line(fair.goods[0], 12))
    [there] = held(app, fair.booth_ids[0])

    def gone(**fields: Any) -> str:
        return do(
            app,
            lambda session: actions.write_off(
                session, fair.edition_id, fair.booth_ids[0], [out(there, 2, **fields)], **said(fair)
            ),
        )

    for fields, trouble in (
        ({"borne_by": "house"}, "write_off_reason_missing"),
        ({"reason": "sample"}, "write_off_bearer_missing"),
    ):
        with pytest.raises(refusals.LinesWrong) as refused:
            gone(**fields)
        assert refused.value.facts["trouble"] == trouble
    note_id = gone(reason="damaged", borne_by="house")
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [10]
    do(
        app,
        lambda session: actions.cancel(
            session, fair.edition_id, note_id, "Tìm thấy lại", at=now(), by=fair.people["bantochuc"]
        ),
    )
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [12]
    with app.app_context():
        listed = queries.write_offs_of(reading(), fair.edition_id)
    assert [(one.number, one.quantity, one.borne_by, one.price_dong) for one in listed] == [
        ("PH-0001", 2, "house", 220_000),
        ("PH-0002", -2, "house", 220_000),
    ]


def test_a_note_is_taken_back_once_with_a_reason(app: Flask, fair: Fair) -> None:
    note_id = take_in(app, fair, line(fair.goods[0], 12))

    def cancel(which: str, reason: str) -> str:
        return do(app, lambda session: actions.cancel(session, fair.edition_id, which, reason, at=now(), by=None))

    with pytest.raises(refusals.CancelReasonMissing):
        cancel(note_id, "sai")
    made = cancel(note_id, "Nhập nhầm số lượng")
    assert held(app, fair.booth_ids[0]) == []
    for which, refusal in ((note_id, refusals.NoteCancelled), (made, refusals.CancelsNothing)):
        with pytest.raises(refusal):
            cancel(which, "Nhập nhầm số lượng")
    with app.app_context():
        assert thawed(queries.get_note(reading(), fair.edition_id, made).content)["cancels"] == "PN-0001"


def wrong_intakes(fair: Fair) -> list[tuple[dict[str, Any], str]]:
    goods = fair.goods[0]
    return [
        ({"owner_id": ""}, "owner_missing"),
        ({"owner_id": new_id()}, "owner_unknown"),
        ({"place_id": new_id()}, "place_missing"),
        ({"lines": []}, "note_empty"),
        ({"lines": [line(goods, 0)]}, "note_lines_wrong"),
        ({"lines": [line(goods, 1, expires=TODAY - timedelta(days=1))]}, "note_lines_wrong"),
        ({"lines": [line(goods), IntakeLine(new_id(), 1, "", None, 1)]}, "note_lines_wrong"),
        ({"lines": [line(goods)] * 201}, "note_too_long"),
        ({"day": TODAY + timedelta(days=1)}, "note_day_wrong"),
        ({"signed": Signed("", PATH)}, "signature_missing"),
        ({"signed": Signed("Mỷ", "M1 1L2 2")}, "signature_missing"),
        ({"signed": Signed("Mỷ", 'M0 0L999 0"/><script>')}, "signature_missing"),
    ]


def test_wrong_intakes_are_turned_down_whole(app: Flask, fair: Fair) -> None:
    for changes, code in wrong_intakes(fair):
        fields = said(fair) | {
            "place_id": fair.booth_ids[0], "owner_id": fair.producer_ids[0], "lines": [line(fair.goods[0])],
        } | changes  # fmt: skip
        with pytest.raises(Refusal) as refused:
            do(app, lambda session, fields=fields: actions.take_in(session, fair.edition_id, **fields))  # type: ignore[misc]
        assert refused.value.code == code
    assert notes(app) == []
    assert held(app, fair.booth_ids[0]) == []
    take_in(app, fair, line(fair.goods[0]))
    assert notes(app) == ["PN-0001"], "what was turned down took no number"


def test_the_same_note_sent_twice_is_one_note(app: Flask, fair: Fair) -> None:
    note_id = new_id()
    assert take_in(app, fair, line(fair.goods[0], 3), note_id=note_id) == note_id
    assert take_in(app, fair, line(fair.goods[0], 3), note_id=note_id) == note_id
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [3]


@pytest.mark.race
def test_numbers_have_no_gap_when_many_write_at_once(app: Flask, fair: Fair) -> None:
    writers, each = 6, 4
    ready = threading.Barrier(writers)

    def write(number: int) -> None:
        ready.wait()
        for count in range(each):
            if (number + count) % 3 == 0:
                with pytest.raises(refusals.LinesWrong):
                    take_in(app, fair, line(fair.goods[0], 0))
            take_in(app, fair, line(fair.goods[number], 1), booth=number % 2)

    with ThreadPoolExecutor(writers) as pool:
        for one in [pool.submit(write, number) for number in range(writers)]:
            one.result()
    assert notes(app) == [f"PN-{number:04}" for number in range(1, writers * each + 1)]


@pytest.mark.race
def test_of_two_who_press_at_once_one_note_stands(app: Flask, fair: Fair) -> None:
    take_in(app, fair, line(fair.goods[0], 5))
    [there] = held(app, fair.booth_ids[0])
    ready, note_id = threading.Barrier(4), new_id()

    def press(number: int) -> str:
        ready.wait()
        own = note_id if number < 2 else new_id()
        try:
            return do(
                app,
                lambda session: actions.give_back(
                    session, fair.edition_id, fair.booth_ids[0], fair.producer_ids[0], [OutLine(*key(there), 5)],
                    **said(fair, note_id=own),
                ),
            )  # fmt: skip
        except refusals.MoreThanLies:
            return "told"

    with ThreadPoolExecutor(4) as pool:
        answers = [one.result() for one in [pool.submit(press, number) for number in range(4)]]
    assert held(app, fair.booth_ids[0]) == []
    assert "told" in answers
    with app.app_context():
        assert reading().scalar(select(func.count()).where(GoodsNote.kind == "return")) == 1


def key(one: Any) -> tuple[str, str, str]:
    return one.product_id, one.owner_id, one.lot_id


def test_goods_on_their_way_never_lie_under_a_place(app: Flask, fair: Fair) -> None:
    take_in(app, fair, line(fair.goods[0], 5))
    before = held(app, fair.booth_ids[0])
    with pytest.raises(NotFound):
        carry(app, fair, out(before[0], 2), note_id=fair.booth_ids[1])
    assert held(app, fair.booth_ids[0]) == before
