"""A lot that has expired is not sold without a word: another lot, or a reason that stands on the line and on the list."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.sales.tables import Oddity
from fair_pos.stock.queries import balances_at
from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.lots import Lying, lay_down
from tests.journeys.paying import check, commands, of_kind
from tests.journeys.selling import EAN, PACK_EAN, Shop, keys, press
from tests.journeys.test_scanning import scan
from tests.journeys.test_till_screens import count_taps
from tests.serving import Server


@pytest.fixture
def lots(app: Flask, fair: Fair, shop: Shop) -> dict[str, str]:
    """Of the scanned goods one lot has expired and one holds; of the honey one expires in five days; of the fish all have expired."""
    return (
        lay_down(app, fair, fair.goods[1], Lying("CŨ", -3, 2), Lying("MỚI", 20, 10))
        | lay_down(app, fair, shop.honey, Lying("SẮP", 5, 30))
        | lay_down(app, fair, shop.fish, Lying("CÁ", -1, 5_000))
    )


def left_in(app: Flask, fair: Fair, lot_id: str) -> int:
    with app.app_context():
        held = balances_at(reading(), [fair.booth_ids[0]])
        return sum(one.quantity for one in held if one.lot_id == lot_id)


def odd_codes(app: Flask) -> list[str]:
    with app.app_context():
        return list(reading().scalars(select(Oddity.code)))


def line_lots(tablet: Tablet, kind: str = "sale") -> list[tuple[str | None, str | None, int]]:
    return [
        (line.get("lot_id"), line.get("lot_reason"), line["quantity"])
        for command in of_kind(tablet, kind)
        for line in command["lines"]
    ]


@pytest.mark.journey
def test_from_the_lot_that_holds(app: Flask, fair: Fair, lots: dict[str, str], till: Tablet) -> None:
    goods = fair.goods[1].product_id
    till.tap_goods(goods)
    expect(till.find("lot-warning")).to_be_visible()
    check(till, "which lot")
    press(till, "lot")
    expect(till.find("line-lot-shown")).to_contain_text("MỚI")
    till.tap_goods(goods)  # no question twice for one buyer
    press(till, "more")
    till.find("search").focus()
    scan(till, EAN)
    expect(till.find("quantity")).to_have_text("4")
    assert till.find("cart-line").count() == 1
    press(till, "pay-button", "pay-exact")
    till.recorded()
    assert line_lots(till) == [(lots["MỚI"], None, 4)]
    till.wait_until_sent()
    assert left_in(app, fair, lots["MỚI"]) == 6
    assert left_in(app, fair, lots["CŨ"]) == 2
    assert "lot_expired" not in odd_codes(app)


@pytest.mark.journey
def test_the_expired_lot_needs_a_reason_and_is_asked_for_until_it_is_sold_out(
    app: Flask, fair: Fair, server: Server, lots: dict[str, str], till: Tablet
) -> None:
    goods = fair.goods[1].product_id
    till.wait_until_installed()
    server.kill()  # nothing of this needs the server
    till.find("search").focus()
    scan(till, EAN)
    till.settle()
    press(till, "lot-expired", "lot-anyway")
    expect(till.find("refusal")).to_be_visible()
    check(till, "why")
    press(till, "lot-reason")
    press(till, "lot-anyway", "more")
    expect(till.find("line-lot-shown")).to_contain_text("CŨ")
    till.page.reload()  # and it is still known afterwards
    expect(till.find("line-lot-shown")).to_contain_text("CŨ")
    press(till, "cart-more", "park", "parked-row", "pay-button", "pay-exact")
    till.recorded()
    assert line_lots(till) == [(lots["CŨ"], "Hạn in trên bao bì vẫn còn", 2)]
    press(till, "new-sale")
    till.tap_goods(goods)  # both are gone: nothing is left to ask about
    expect(till.find("cart-line")).to_have_count(1)
    server.start()
    till.wait_until_sent()
    assert left_in(app, fair, lots["CŨ"]) == 0
    assert odd_codes(app).count("lot_expired") == 1


@pytest.mark.journey
def test_own_words_undo_weighing_and_giving_away(
    app: Flask, fair: Fair, shop: Shop, lots: dict[str, str], till: Tablet
) -> None:
    till.tap_goods(shop.fish.product_id)
    expect(till.find("lot-none")).to_be_visible()
    press(till, "lot-expired")
    till.find("lot-reason").last.click()
    till.find("reason-text").fill("Cá khô, còn tốt")
    press(till, "lot-anyway")
    keys(till, "500")
    press(till, "weight-done", "line-open", "line-remove")
    press(till, "undo")
    expect(till.find("line-lot-shown")).to_contain_text("Cá khô, còn tốt")
    press(till, "cart-more", "giveaway", "giveaway-done")
    till.wait_until_sent()
    given = of_kind(till, "giveaway")[0]["lines"][0]
    assert (given["lot_id"], given["lot_reason"], given["grams"]) == (lots["CÁ"], "Cá khô, còn tốt", 500)
    assert left_in(app, fair, lots["CÁ"]) == 4_500


@pytest.mark.journey
def test_near_its_day_goods_are_marked_and_sold_with_no_tap_more(
    fair: Fair, shop: Shop, lots: dict[str, str], till: Tablet
) -> None:
    mark = till.page.locator(f'[data-testid="tile"][data-product-id="{shop.honey.product_id}"] .tile-lot')
    expect(mark).to_contain_text("Hạn")
    till.find("search").focus()
    taps = count_taps(till)
    scan(till, PACK_EAN)
    press(till, "pay-button", "pay-exact")
    till.recorded()
    assert taps() == 2
    assert [line.get("lot_id") for line in commands(till)[0]["lines"]] == [None]
