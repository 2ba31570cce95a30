"""Goods given back damaged are not for sale: they lie apart, with their owner and lot, until a note clears them once."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.consignment.actions import cancel, carry, give_back, take_in
from fair_pos.consignment.receiving import decide, receive
from fair_pos.consignment.refusals import MoreThanSetAside, PlaceMissing
from fair_pos.consignment.rules import IntakeLine, OutLine
from fair_pos.inventory import queries
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.settlement.gather import open_parts
from fair_pos.stock.facts import LOTLESS
from fair_pos.stock.queries import balances_at, lots_lying, moves_of_shelf, places_of
from fair_pos.stock.tables import Balance
from fair_pos.terms.rules import About, Share
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet, sign_in
from tests.inventory.damage import clear, damaged_back, place_beside, waiting
from tests.proof.saying import said_now
from tests.settlement.stage import make_stage
from tests.stock.brought import bring_lot, lying
from tests.stocktaking.counting import count_of, counted, variances


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def bring(app: Flask, fair: Fair, pieces: int, *, owner: int = 0, ends: int = 30, booth: int = 0) -> str:
    """A lot of honey; its id."""
    at = now() - timedelta(days=1)
    expires = fair_day(at, BOUNDARY) + timedelta(days=ends)
    honey = fair.goods[0]
    owner_id = fair.producer_ids[owner]
    return bring_lot(app, fair.booth_ids[booth], honey.product_id, owner_id, pieces, expires=expires, at=at)


def sell(tablet: Tablet, fair: Fair, pieces: int, **changes: Any) -> str:
    parcel = tablet.sale([(fair.goods[0], pieces)], **changes)
    assert [one.answer for one in tablet.send(parcel)] == ["stored"]
    return str(parcel["id"])


def send_back(tablet: Tablet, fair: Fair, pieces: int, sale_id: str, **changes: Any) -> str:
    parcel = damaged_back(tablet, fair.goods[0], pieces, sale_id, **changes)
    assert [one.answer for one in tablet.send(parcel)] == ["stored"]
    return str(parcel["id"])


def everywhere(app: Flask) -> dict[tuple[str, str], int]:
    """(owner, lot) → what lies of it in all places together."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with app.app_context():
        for one in reading().scalars(select(Balance)):
            sums[one.owner_id, one.lot_id] += one.quantity
    return {key: quantity for key, quantity in sums.items() if quantity}


def test_damaged_goods_lie_apart_under_their_owner_and_lot_and_are_not_sold_again(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    owner, honey = fair.producer_ids[1], fair.goods[0].product_id
    lot = bring(app, fair, 3, owner=1)
    sale = sell(tablet, fair, 3)
    back = send_back(tablet, fair, 2, sale, reason="Hàng hỏng: vỡ nắp")
    assert lying(app, fair.booth_ids[0], honey) == {(owner, lot): 0}
    (row,) = waiting(app, fair)
    assert (row.owner_id, row.lot and row.lot.id, row.quantity, row.overnight) == (owner, lot, 2, False)
    assert [(one.refund_id, one.quantity) for one in row.brought] == [(back, 2)]
    assert row.brought[0].number
    assert everywhere(app) == {(owner, lot): 2}
    sell(tablet, fair, 1)  # what is sold now is none of them: somebody did not write an intake down
    assert lying(app, fair.booth_ids[0], honey)[fair.goods[0].producer_id, LOTLESS] == -1
    assert [one.quantity for one in waiting(app, fair)] == [2]
    assert said_now(app) == ""


def test_nothing_that_asks_what_can_be_sold_counts_them(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """The place, its sum, days of stock, lots on the till, a count of the shelf, what is below zero, the owner's page."""
    lot, booth = bring(app, fair, 10), fair.booth_ids[0]
    sale = sell(tablet, fair, 4)
    send_back(tablet, fair, 2, sale)
    with app.app_context():
        places = places_of(reading(), fair.edition_id)
        (row,) = queries.lying_at(reading(), fair.edition_id, places, now())
        assert (row.quantity, [part.quantity for part in row.lots]) == (6, [6])
        assert row.days_left == 3, "two a day"
        assert [one.place.kind for one in queries.sums_of_places(reading(), fair.edition_id, now())] == ["booth"] * 2
        assert [(held.quantity, one.id) for held, one in lots_lying(reading(), [booth])] == [(6, lot)]
        assert queries.below_zero_at(reading(), fair.edition_id, now()) == []
        (left,) = queries.left_of_owner(reading(), fair.producer_ids[0], now())
        assert (left.place_id, left.quantity) == (booth, 6)
    count = count_of(tablet, counted(fair.goods[0], 6))
    tablet.send(count)
    assert variances(app, fair, count["id"]) == [0]


def test_any_past_moment_is_reckoned_the_same(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lot, booth = bring(app, fair, 5), fair.booth_ids[0]
    moment = now() - timedelta(hours=5)
    sale = sell(tablet, fair, 3, at=moment)
    back = send_back(tablet, fair, 2, sale, at=moment + timedelta(hours=1))
    clear(app, fair, waiting(app, fair)[0], 2)
    apart = place_beside(app, fair)
    with app.app_context():

        def lay(hours: float) -> list[tuple[str, int]]:
            held = balances_at(reading(), [booth, apart], as_of=moment + timedelta(hours=hours))
            return sorted((one.place_id, one.quantity) for one in held)

        assert lay(-0.5) == [(booth, 5)]
        assert lay(0.5) == [(booth, 2)]
        assert lay(1.5) == sorted([(booth, 2), (apart, 2)])
        assert lay(9) == [(booth, 2)]
        moves = [
            (one.kind, one.quantity, one.lot_id)
            for one in moves_of_shelf(reading(), booth, fair.goods[0].product_id)
            if one.subject_id == back
        ]
    assert moves == [("refund", 2, lot), ("set_aside", -2, lot)]


def test_a_sale_in_the_same_upload_does_not_take_them(app: Flask, fair: Fair, tablet: Tablet) -> None:
    first, second = bring(app, fair, 1, ends=10), bring(app, fair, 1, ends=20)
    sale = tablet.sale([(fair.goods[0], 1)])
    back = damaged_back(tablet, fair.goods[0], 1, sale["id"])
    tablet.send(sale, back, tablet.sale([(fair.goods[0], 1)]))
    owner = fair.producer_ids[0]
    assert lying(app, fair.booth_ids[0], fair.goods[0].product_id) == {(owner, first): 0, (owner, second): 0}
    assert [one.lot and one.lot.id for one in waiting(app, fair)] == [first]
    assert said_now(app) == ""


def test_several_lots_of_several_owners_come_back_damaged_with_one_line(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lots = [bring(app, fair, 2, owner=owner, ends=10 + owner) for owner in range(3)]
    sale = sell(tablet, fair, 6)
    send_back(tablet, fair, 5, sale)
    found = {(one.owner_id, one.lot and one.lot.id): one.quantity for one in waiting(app, fair)}
    one, two, three = ((fair.producer_ids[owner], lots[owner]) for owner in range(3))
    assert found == {one: 1, two: 2, three: 2}
    assert said_now(app) == ""


def test_brought_back_at_another_booth_they_lie_beside_that_one(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lot, there = bring(app, fair, 2, owner=1), pair_tablet(app, fair, booth=1)
    sale = sell(tablet, fair, 2)
    send_back(there, fair, 1, sale)
    (row,) = waiting(app, fair)
    assert (row.booth_id, row.owner_id, row.lot and row.lot.id) == (fair.booth_ids[1], fair.producer_ids[1], lot)
    assert lying(app, fair.booth_ids[1], fair.goods[0].product_id) == {(fair.producer_ids[1], lot): 0}
    assert said_now(app) == ""


def test_of_goods_that_nobody_wrote_down_as_come_what_is_missing_stays_missing(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    """One piece was brought without a note, sold, and came back: it is there, damaged, and its intake is still to be written."""
    sale = sell(tablet, fair, 1)
    send_back(tablet, fair, 1, sale)
    maker = fair.goods[0].producer_id
    assert lying(app, fair.booth_ids[0], fair.goods[0].product_id) == {(maker, LOTLESS): -1}
    assert [(one.owner_id, one.lot, one.quantity) for one in waiting(app, fair)] == [(maker, None, 1)]
    with app.app_context():
        (below,) = queries.below_zero_at(reading(), fair.edition_id, now())
    assert [one.kind for one in below.shortage.moves] == ["sale"], "giving back did not make it"
    assert below.shortage.missing == 1
    assert said_now(app) == ""


def test_goods_of_no_catalogue_are_listed_by_the_name_on_the_receipt(app: Flask, fair: Fair, tablet: Tablet) -> None:
    line = {
        "product_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12, "producer_id": fair.producer_ids[0], "name": "Mật lạ", "unit": "lọ",
        "quantity": 1, "unit_price_dong": 5_000, "amount_dong": 5_000,
    }  # fmt: skip
    sale = tablet.sale([line])
    tablet.send(sale, tablet.sale([line], refund_of=sale["id"], reason="Hàng hỏng"))
    assert [(one.goods.name, one.quantity) for one in waiting(app, fair)] == [("Mật lạ", 1)]
    assert said_now(app) == ""


def test_arriving_late_or_twice_it_waits_once_since_it_came_back(app: Flask, fair: Fair, tablet: Tablet) -> None:
    bring(app, fair, 3)
    morning = day_starts_at(fair_day(now(), BOUNDARY), BOUNDARY)
    yesterday = morning - timedelta(hours=3)
    sale = sell(tablet, fair, 1, at=yesterday - timedelta(hours=1))
    back = damaged_back(tablet, fair.goods[0], 1, sale, at=yesterday)
    assert [one.answer for one in (*tablet.send(back), *tablet.send(back))] == ["stored", "already_have"]
    (row,) = waiting(app, fair)
    assert (row.quantity, row.overnight) == (1, True)
    assert row.since is not None
    assert abs(row.since - yesterday) < timedelta(seconds=1)


def test_a_whole_sale_taken_back_and_other_reasons(app: Flask, fair: Fair, tablet: Tablet) -> None:
    bring(app, fair, 9)
    for reason, pieces in (("Damaged goods: wet", 1), ("Khách đổi ý", 0), ("Hàng hỏng hóc", 0)):
        sale = sell(tablet, fair, 1)
        before = sum(one.quantity for one in waiting(app, fair))
        send_back(tablet, fair, 1, sale, reason=reason, whole=True)
        assert sum(one.quantity for one in waiting(app, fair)) - before == pieces, reason


def test_a_note_clears_them_once_and_says_who_bears_it(app: Flask) -> None:
    """The owner pays the sale back with the refund; the write-off then pays the goods, by the rule of the booth they lay beside."""
    stage = make_stage(app, percent=None)
    fair, goods = stage.fair, stage.fair.goods[0]
    stage.rule(Share(kind="percent", basis_points=6000), About(booth_id=fair.booth_ids[0]))
    bring_lot(app, fair.booth_ids[0], goods.product_id, goods.producer_id, 5, expires=None, at=stage.at(8))
    sale = stage.sell(6, stage.line(goods, 10_000), stage.line(goods, 10_000))
    stage.sell(6, stage.line(goods, 10_000), refund_of=sale, reason="Hàng hỏng")

    def owed() -> tuple[list[int], list[tuple[int, str, str]]]:
        with app.app_context():
            mine = open_parts(reading(), fair.edition_id, stage.day(0)).by_owner[goods.producer_id]
        return [one.amount_dong for one in mine.parts], [
            (one.quantity, one.borne_by, one.booth_id) for one in mine.borne
        ]

    assert owed() == ([10_000, 10_000, -10_000], [])
    (row,) = waiting(app, fair)
    when: dict[str, Any] = {"day": stage.day(2), "at": stage.at(2)}
    note = clear(app, fair, row, 1, **when)
    assert owed() == ([10_000, 10_000, -10_000], [(1, "house", fair.booth_ids[0])])
    for beyond in (False, True):  # nobody sells there: more than lies there has been cleared before
        with pytest.raises(MoreThanSetAside):
            clear(app, fair, row, 1, beyond=beyond)
    assert clear(app, fair, row, 1, note_id=note) == note, "pressed twice"
    assert waiting(app, fair) == []
    assert owed()[1] == [(1, "house", fair.booth_ids[0])]
    stage.settle(1)
    (made,) = stage.statements()
    assert (made.owner_dong, made.credited_dong) == (6_000, goods.price_dong * 6 // 10)
    assert said_now(app) == ""


def test_a_note_that_is_taken_back_lets_them_wait_as_before(app: Flask, fair: Fair, tablet: Tablet) -> None:
    bring(app, fair, 5)
    sale = sell(tablet, fair, 4)
    backs = [send_back(tablet, fair, 1, sale), send_back(tablet, fair, 2, sale)]
    before = waiting(app, fair)
    note = clear(app, fair, before[0], 2)
    (row,) = waiting(app, fair)
    assert [(one.refund_id, one.quantity) for one in row.brought] == [(backs[1], 1)], "the longest waiting goes first"
    by = fair.people["bantochuc"]
    with app.app_context():
        in_transaction(lambda session: cancel(session, fair.edition_id, note, "Ghi nhầm", at=now(), by=by))
    assert waiting(app, fair) == before
    assert said_now(app) == ""


def test_they_go_home_to_their_owner_or_back_to_the_booth_when_nothing_is_wrong_with_them(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    lot, owner, booth = bring(app, fair, 5, owner=1), fair.producer_ids[1], fair.booth_ids[0]
    sale = sell(tablet, fair, 4)
    send_back(tablet, fair, 3, sale)
    apart, honey, at = place_beside(app, fair), fair.goods[0].product_id, now()
    said: dict[str, Any] = {"day": fair_day(at, BOUNDARY), "at": at, "by": fair.people["bantochuc"], "signed": None}
    one = OutLine(honey, owner, lot, 1)
    with app.app_context():
        in_transaction(lambda session: give_back(session, fair.edition_id, apart, owner, [one], **said))
        note = in_transaction(
            lambda session: carry(session, fair.edition_id, apart, fair.edition_id, booth, [one], **said)
        )
        in_transaction(
            lambda session: receive(session, note, booth, {1: 1}, at=at, by=fair.people["bantochuc"], signed=None)
        )
    assert lying(app, booth, honey) == {(owner, lot): 2}
    assert [row.quantity for row in waiting(app, fair)] == [1]
    assert said_now(app) == ""


def test_of_more_than_was_sent_only_what_lies_there_is_taken_from_where_damaged_goods_lie(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    """Below zero there, the next piece that comes back damaged would never be listed."""
    lot, owner, booth, by = bring(app, fair, 5), fair.producer_ids[0], fair.booth_ids[0], fair.people["bantochuc"]
    send_back(tablet, fair, 3, sell(tablet, fair, 4))
    apart, honey, at, edition = place_beside(app, fair), fair.goods[0].product_id, now(), fair.edition_id
    out, said = [OutLine(honey, owner, lot, 2)], {"at": at, "by": by, "signed": None}
    with app.app_context():
        day = fair_day(at, BOUNDARY)
        note = in_transaction(lambda session: carry(session, edition, apart, edition, booth, out, day=day, **said))  # type: ignore[arg-type]
        in_transaction(lambda session: receive(session, note, booth, {1: 4}, **said))  # type: ignore[arg-type]

        def more_was_sent(pieces: int) -> str:
            about = (note, 1, "back", -pieces)
            return in_transaction(lambda session: decide(session, edition, *about, at=at, by=by, words=""))

        with pytest.raises(MoreThanSetAside):
            more_was_sent(2)
        assert [row.quantity for row in waiting(app, fair)] == [1]
        more_was_sent(1)
    assert waiting(app, fair) == []
    assert lying(app, booth, honey) == {(owner, lot): 5}
    assert said_now(app) == ""


def test_nothing_else_is_brought_to_where_damaged_goods_lie(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lot, owner, honey, at = bring(app, fair, 5), fair.producer_ids[0], fair.goods[0].product_id, now()
    send_back(tablet, fair, 1, sell(tablet, fair, 1))
    apart = place_beside(app, fair)
    said: dict[str, Any] = {"day": fair_day(at, BOUNDARY), "at": at, "by": fair.people["bantochuc"], "signed": None}
    one, edition, booth = OutLine(honey, owner, lot, 1), fair.edition_id, fair.booth_ids[0]
    with app.app_context():
        with pytest.raises(PlaceMissing):
            in_transaction(
                lambda session: take_in(session, edition, apart, owner, [IntakeLine(honey, 1, "", None, 0)], **said)
            )
        with pytest.raises(PlaceMissing):
            in_transaction(lambda session: carry(session, edition, booth, edition, apart, [one], **said))
        with pytest.raises(NotFound):  # goods on their way lie under the note's id
            in_transaction(
                lambda session: carry(session, edition, booth, edition, fair.booth_ids[1], [one], note_id=apart, **said)
            )


def test_the_page_lists_them_with_their_receipts_and_leads_to_the_notes(
    app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient
) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/damaged"
    assert "Không có hàng hỏng nào" in client.get(path).get_data(as_text=True)
    bring(app, fair, 5, owner=1)
    back = send_back(tablet, fair, 2, sell(tablet, fair, 2))
    shown = client.get(path).get_data(as_text=True)
    assert "Trả lại trong hôm nay" in shown
    assert "Chờ từ hôm trước" not in shown
    assert f"/sales/{back}" in shown
    apart = place_beside(app, fair)
    address = f"/editions/{fair.edition_id}/notes/new/write_off?place={apart}"
    assert address in shown
    form = client.get(address).get_data(as_text=True)
    assert 'name="quantity" value="2"' in form
    assert '<option value="damaged" selected>' in form
    for kind in ("return", "transfer"):
        more = shown.split(f"/notes/new/{kind}?")[1].split('"')[0].replace("&amp;", "&")
        assert client.get(f"/editions/{fair.edition_id}/notes/new/{kind}?{more}").status_code == 200
    clear(app, fair, waiting(app, fair)[0], 2)
    assert "Không có hàng hỏng nào" in client.get(path).get_data(as_text=True)


def test_only_who_may_see_stock_sees_them(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "chuthe")
    assert client.get(f"/editions/{fair.edition_id}/damaged").status_code in {403, 404}
