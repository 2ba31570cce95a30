"""The office's pages of counts: entered on paper, looked at beside the ledger, booked once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from tests.asked import statements_sent
from tests.builders import Fair, csrf_token, make_fair, pair_tablet, sign_in
from tests.stocktaking.counting import bring, count_of, counted, only_count, states


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_a_tablet_s_count_is_shown_booked_once_and_shows_what_is_left(
    app: Flask, fair: Fair, client: FlaskClient
) -> None:
    goods, start = fair.goods[0], now() - timedelta(hours=1)
    bring(app, fair, goods, 20, start)
    tablet, other = pair_tablet(app, fair), pair_tablet(app, fair)
    late = other.sale([(goods, 2)], at=start + timedelta(minutes=5))
    count = count_of(tablet, counted(goods, 15, start + timedelta(minutes=20)), counted(fair.goods[1], 1))
    tablet.send(count)
    sign_in(client, "bantochuc")
    address = f"/editions/{fair.edition_id}/counts"
    assert "lệch 2 dòng, chờ ghi sổ" in client.get(address).get_data(as_text=True)
    page = client.get(f"{address}/{count['id']}").get_data(as_text=True)
    assert "thiếu 5" in page
    assert "thừa 1" in page
    form = {
        "csrf_token": csrf_token(client), "line": ["1", "2"], "left_1": "-5", "left_2": "1", "reason": "rơi vỡ",
        "borne_by": "house",
    }  # fmt: skip
    assert client.post(f"{address}/{count['id']}/book", data=form).status_code == 302
    assert client.post(f"{address}/{count['id']}/book", data=form).status_code == 409
    assert "đã ghi sổ" in client.get(address).get_data(as_text=True)
    other.send(late)
    page = client.get(f"{address}/{count['id']}").get_data(as_text=True)
    assert "còn lệch: thừa 2" in page
    assert "Hàng thiếu ai chịu?" not in page
    assert "còn lệch 1 dòng" in client.get(address).get_data(as_text=True)


def test_a_difference_that_changed_meanwhile_is_not_booked_unseen(app: Flask, fair: Fair, client: FlaskClient) -> None:
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    bring(app, fair, goods, 5, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 3))
    tablet.send(count)
    sign_in(client, "bantochuc")
    form = {"csrf_token": csrf_token(client), "line": "1", "left_1": "-1", "reason": "x", "borne_by": "house"}
    answer = client.post(f"/editions/{fair.edition_id}/counts/{count['id']}/book", data=form)
    assert answer.status_code == 409
    assert "vừa có đơn đến muộn" in answer.get_data(as_text=True)
    assert states(app, fair, count["id"])[0].booked == 0


def test_a_count_on_paper_is_entered_and_wrong_numbers_are_named(app: Flask, fair: Fair, client: FlaskClient) -> None:
    goods = fair.goods[0]
    bring(app, fair, goods, 5, now() - timedelta(hours=1))
    sign_in(client, "bantochuc")
    address = f"/editions/{fair.edition_id}/counts/new"
    page = client.get(address, query_string={"place": fair.booth_ids[0]}).get_data(as_text=True)
    assert goods.name in page
    assert ">5<" not in page
    counted_at = page.split('name="counted_at" value="')[1].split('"')[0]
    form = {"csrf_token": csrf_token(client), "place": fair.booth_ids[0], "counted_at": counted_at, "note": ""}
    wrong = client.post(address, data=form | {f"q_{goods.product_id}_": "ba"})
    assert wrong.status_code == 400
    assert "«ba» không phải" in wrong.get_data(as_text=True)
    assert client.post(address, data=form).status_code == 400
    assert client.post(address, data=form | {f"q_{goods.product_id}_": "0"}).status_code == 302
    assert states(app, fair, only_count(app))[0].line.quantity == 0


def test_sellers_producers_and_other_editions_are_kept_out(app: Flask, fair: Fair, client: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    count = count_of(tablet, counted(fair.goods[0], 3))
    tablet.send(count)
    other = make_fair(app, name="Hội chợ khác")
    address = f"/editions/{fair.edition_id}/counts"
    for login in ("nguoiban", "chuthe", "bantochuc.hoi-cho-khac"):
        browser = app.test_client()
        sign_in(browser, login)
        assert browser.get(address).status_code == 404
        assert browser.get(f"{address}/{count['id']}").status_code == 404
        assert browser.get(f"{address}/new", query_string={"place": fair.booth_ids[0]}).status_code == 404
    sign_in(client, "bantochuc.hoi-cho-khac")
    assert client.get(f"/editions/{other.edition_id}/counts/{count['id']}").status_code == 404
    assert (
        client.get(f"/editions/{other.edition_id}/counts/new", query_string={"place": fair.booth_ids[0]}).status_code
        == 404
    )


def test_counts_come_twenty_on_a_page_and_none_is_left_out(app: Flask, fair: Fair, client: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    made = [count_of(tablet, counted(fair.goods[0], pieces)) for pieces in range(23)]
    tablet.send(*made)
    sign_in(client, "bantochuc")
    address = f"/editions/{fair.edition_id}/counts"
    first, second = (client.get(address, query_string={"page": page}).get_data(as_text=True) for page in (1, 2))
    on_first = {one["id"] for one in made if f"{address}/{one['id']}" in first}
    on_second = {one["id"] for one in made if f"{address}/{one['id']}" in second}
    assert (len(on_first), len(on_second)) == (20, 3)
    assert not on_first & on_second


def test_the_list_of_counts_asks_as_often_for_twenty_as_for_one(app: Flask, fair: Fair, client: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    sign_in(client, "bantochuc")
    address = f"/editions/{fair.edition_id}/counts"

    def statements() -> int:
        with statements_sent(app) as found:
            assert client.get(address).status_code == 200
        return len(found)

    tablet.send(count_of(tablet, counted(fair.goods[0], 1)))
    one = statements()
    tablet.send(*(count_of(tablet, counted(fair.goods[0], pieces), counted(fair.goods[1], 2)) for pieces in range(19)))
    assert statements() == one
