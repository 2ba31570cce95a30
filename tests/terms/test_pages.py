"""Pages about split rules and fees: what is said stands in a table, what cannot be meant comes back with what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.plumbing.db import reading
from fair_pos.terms.queries import all_fees, rules_of
from tests.builders import Fair, add_weighed, make_fair
from tests.payments.desk import browser, get, post
from tests.terms.test_actions import TODAY

SAID = {"kind": "percent", "percent": "80", "starts_day": TODAY.isoformat()}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def office(app: Flask, fair: Fair) -> FlaskClient:
    return browser(app, "bantochuc")


def test_a_rule_stands_in_words_and_is_tried(fair: Fair, office: FlaskClient) -> None:
    assert "Chưa có tỷ lệ chia nào" in get(office, fair, "split-rules")
    assert post(office, fair, "split-rules", **SAID, owner=fair.producer_ids[0]).status_code == 302
    html = get(office, fair, "split-rules")
    assert "Hợp tác xã Số 1 Hội chợ thử · mọi sản phẩm · mọi nơi" in html
    assert "chủ hàng 80\N{NO-BREAK SPACE}%, bên bán 20\N{NO-BREAK SPACE}%" in html
    assert f"từ {TODAY:%d/%m/%Y}" in html
    html = get(office, fair, f"split-rules?owner={fair.producer_ids[0]}&price=99.999&quantity=1")
    assert "79.999\N{NO-BREAK SPACE}₫" in html
    assert "20.000\N{NO-BREAK SPACE}₫" in html
    html = get(office, fair, f"split-rules?owner={fair.producer_ids[1]}&price=99.999&quantity=2")
    assert "chủ hàng nhận hết" in html
    assert "số nguyên lớn hơn 0" in get(office, fair, "split-rules?price=abc")


def test_goods_by_weight_are_tried_in_grams(app: Flask, fair: Fair, office: FlaskClient) -> None:
    weighed = add_weighed(app, fair)
    post(office, fair, "split-rules", kind="fixed", unit_dong="5.000", starts_day=TODAY.isoformat())
    html = get(office, fair, f"split-rules?product={weighed.product_id}&price=38000&quantity=575")
    assert "18.975\N{NO-BREAK SPACE}₫" in html
    assert "2.875\N{NO-BREAK SPACE}₫" in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"percent": "120"}, "từ 0 đến 100 %"),
        ({"percent": "tám mươi"}, "không phải một tỷ lệ"),
        ({"kind": "tiers", "tier_price": ["0", "50.000"], "tier_percent": ["80", "101"]}, "từ 0 đến 100 %"),
        ({"kind": "tiers", "tier_price": ["1000"], "tier_percent": ["80"]}, "bắt đầu từ 0"),
        ({"kind": "fixed", "unit_dong": "0"}, "lớn hơn 0"),
        ({"starts_day": ""}, "Còn thiếu: ngày"),
        ({"starts_day": "hôm nay"}, "không phải một ngày"),
        ({"ends_day": (TODAY - timedelta(days=1)).isoformat()}, "từ ngày bắt đầu trở đi"),
    ],
)
def test_what_cannot_be_meant_says_what_to_do(
    app: Flask, fair: Fair, office: FlaskClient, changes: dict[str, object], sentence: str
) -> None:
    answer = post(office, fair, "split-rules", **{**SAID, **changes})
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)
    with app.app_context():
        assert rules_of(reading(), fair.edition_id) == []


def test_overlapping_rules_say_what_to_do(fair: Fair, office: FlaskClient) -> None:
    post(office, fair, "split-rules", **SAID)
    answer = post(office, fair, "split-rules", **SAID)
    assert answer.status_code == 400
    assert "Đổi hoặc kết thúc" in answer.get_data(as_text=True)


def test_changing_ending_and_taking_back(app: Flask, fair: Fair, office: FlaskClient) -> None:
    post(office, fair, "split-rules", **SAID)
    with app.app_context():
        rule = rules_of(reading(), fair.edition_id)[0].id
    page = f"split-rules/{rule}"
    assert "mọi chủ hàng · mọi sản phẩm · mọi nơi" in get(office, fair, page)
    tiers = {"kind": "tiers", "tier_price": ["0", "100.000", ""], "tier_percent": ["70", "82,5", ""]}
    day = TODAY + timedelta(days=3)
    assert post(office, fair, f"{page}/change", **tiers, from_day=day.isoformat()).status_code == 302
    html = get(office, fair, "split-rules")
    assert (
        "giá từ 100.000\N{NO-BREAK SPACE}₫: chủ hàng 82,5\N{NO-BREAK SPACE}%, bên bán 17,5\N{NO-BREAK SPACE}%" in html
    )
    assert f"{TODAY:%d/%m/%Y}–{day - timedelta(days=1):%d/%m/%Y}" in html
    assert post(office, fair, f"{page}/end", last_day=TODAY.isoformat()).status_code == 302
    answer = post(office, fair, f"{page}/end", last_day=day.isoformat())
    assert answer.status_code == 400
    assert post(office, fair, f"{page}/withdraw").status_code == 302
    assert post(office, fair, f"{page}/withdraw").status_code == 400
    assert "đã bỏ" in get(office, fair, page)
    assert office.get(f"/editions/{fair.edition_id}/split-rules/none").status_code == 404


def test_fees_and_the_smallest_payout(app: Flask, fair: Fair, office: FlaskClient) -> None:
    assert "Chưa thu khoản nào" in get(office, fair, "fees")
    day = TODAY.isoformat()
    fee = {
        "owner": fair.producer_ids[0],
        "kind": "fridge",
        "amount": "200.000",
        "charged_day": day,
        "words": "tháng 11",
    }
    assert post(office, fair, "fees", **fee).status_code == 302
    assert post(office, fair, "fees", **fee | {"kind": "correction", "amount": "−50.000"}).status_code == 302
    html = get(office, fair, "fees")
    assert "Tiền tủ lạnh: tháng 11" in html
    assert "−50.000\N{NO-BREAK SPACE}₫" in html
    answer = post(office, fair, "fees", **fee | {"amount": "-5"})
    assert answer.status_code == 400
    assert "Chỉ «Điều chỉnh» được ghi số âm" in answer.get_data(as_text=True)
    with app.app_context():
        one = all_fees(reading(), fair.edition_id)[0].id
    assert post(office, fair, f"fees/{one}/cancel").status_code == 400
    assert post(office, fair, f"fees/{one}/cancel", reason="Ghi nhầm").status_code == 302
    assert "Ghi nhầm" in get(office, fair, "fees")
    assert post(office, fair, "minimum-payout", minimum="100.000").status_code == 302
    assert "Từ 100.000\N{NO-BREAK SPACE}₫ trở lên" in get(office, fair, "fees")
    assert post(office, fair, "minimum-payout", minimum="-1").status_code == 400


@pytest.mark.parametrize("page", ["split-rules", "fees", "payout-accounts"])
def test_only_the_office_comes_here(app: Flask, fair: Fair, page: str) -> None:
    for login in ("nguoiban", "chuthe"):
        assert browser(app, login).get(f"/editions/{fair.edition_id}/{page}").status_code == 404


def test_further_tiers_are_folded_until_one_is_filled(fair: Fair, office: FlaskClient) -> None:
    assert "<details><summary>Thêm mức giá</summary>" in get(office, fair, "split-rules")
    prices, shares = ["0", "50.000", "100.000"], ["70", "80", "101"]
    answer = post(office, fair, "split-rules", **SAID | {"kind": "tiers", "tier_price": prices, "tier_percent": shares})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "<details open><summary>Thêm mức giá</summary>" in html
    assert html.count('name="tier_price"') == 5
    assert 'name="tier_percent" value="101"' in html
