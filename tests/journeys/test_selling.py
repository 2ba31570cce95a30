"""What a seller meets while a cart is filled: weights, packs, discounts, notes, carts laid aside, giving away."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.catalogue.actions import change_price
from fair_pos.catalogue.tables import Product
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.tables import Giveaway, Sale
from fair_pos.stock.tables import Movement
from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.selling import Shop, keys, lines_of, press, proof, second_person, weigh
from tests.serving import Server, get


@pytest.mark.journey
def test_a_weighed_sale_is_right_to_the_dong_everywhere(app: Flask, server: Server, till: Tablet, shop: Shop) -> None:
    till.tap_goods(shop.fish.product_id)
    press(till, "weight-done")
    assert till.find("refusal").is_visible()
    assert till.find("cart-line").count() == 0, "nothing weighed is nothing sold"
    keys(till, "575")
    assert till.find("weight-amount").get_attribute("data-dong") == "21850"
    press(till, "unit-kg")
    assert "0,575 kg" in till.find("weight-shown").inner_text()
    press(till, "weight-done")
    assert till.find("cart-line").get_attribute("data-amount") == "21850"
    press(till, "weight")
    keys(till, "1,25")  # typed over what was there
    press(till, "back", "pay-button", "pay-exact")
    sold = till.recorded()
    assert sold["total"] == 21_850, "going back changes nothing"
    till.wait_until_sent()
    [line] = lines_of(app, sold["id"])
    assert (line.grams, line.quantity, line.unit_price_dong, line.amount_dong) == (575, 1, 38_000, 21_850)
    assert proof(app).oddities == 0
    with app.app_context():
        assert reading().scalar(select(func.sum(Movement.quantity))) == -575
    _status, receipt = get(server.port, sold["url"].removeprefix(server.address))
    assert "21.850" in receipt.decode()


@pytest.mark.journey
def test_two_cases_of_twelve_take_twenty_four_from_stock(app: Flask, till: Tablet, shop: Shop) -> None:
    for _ in range(2):
        till.tap_goods(shop.honey.product_id)
        till.settle()
        till.page.locator(f'[data-testid="pack"][data-pack-id="{shop.case.pack_id}"]').click()
        till.settle()
    press(till, "pay-button", "pay-exact")
    sold = till.recorded()
    till.wait_until_sent()
    [line] = lines_of(app, sold["id"])
    assert (line.pack_id, line.pack_size, line.quantity, line.amount_dong) == (shop.case.pack_id, 12, 2, 4_800_000)
    with app.app_context():
        assert reading().scalar(select(func.sum(Movement.quantity))) == -24
    assert proof(app).oddities == 0


@pytest.mark.journey
@pytest.mark.usefixtures("on_disk")
def test_ten_carts_laid_aside_survive_a_killed_browser(fair: Fair, till: Tablet, shop: Shop) -> None:
    till.wait_until_installed()
    totals = []
    for number in range(10):
        weigh(till, shop.fish, str(100 + number))
        till.tap_goods(fair.goods[1 + number % 8].product_id)
        if number == 3:
            press(till, "cart-more", "cart-note")
            till.find("note-text").fill("khách áo đỏ")
            press(till, "note-done")
        totals.append(int(till.find("cart-total").get_attribute("data-total") or ""))
        press(till, "cart-more", "park")
    till.kill()
    till.open(offline=True)
    till.find("parked-row").first.wait_for()
    rows = till.find("parked-row").all()
    assert [int(row.get_attribute("data-total") or "") for row in rows] == totals
    assert [row.get_attribute("data-number") for row in rows] == [str(number + 1) for number in range(10)]
    till.settle()
    till.page.locator('[data-testid="parked-row"][data-number="4"]').click()
    till.settle()
    assert int(till.find("cart-total").get_attribute("data-total") or "") == totals[3]
    assert "khách áo đỏ" in till.page.locator(".cart-lines").inner_text()
    # Another one instead: what lay open is laid aside again.
    press(till, "cart-more", "parked-open")
    till.page.locator('[data-testid="parked-row"][data-number="9"]').click()
    till.settle()
    assert int(till.find("cart-total").get_attribute("data-total") or "") == totals[8]
    press(till, "cart-more")
    assert "9" in till.find("parked-open").inner_text()
    till.context.set_offline(False)


@pytest.mark.journey
def test_a_discount_above_the_limit_needs_a_second_person(app: Flask, fair: Fair, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id, fair.goods[2].product_id)
    press(till, "line-open", "line-discount")
    keys(till, "10")
    press(till, "discount-done")
    assert till.find("refusal").is_visible(), "no discount without a reason"
    press(till, "discount-reason", "discount-done")
    assert till.find("second").count() == 0, "ten per cent are the seller's own"
    press(till, "line-discount")
    press(till, "discount-percent")
    keys(till, "25")
    press(till, "discount-done")
    till.find("second").wait_for()
    press(till, "back", "line-done", "pay-button")
    till.find("second").wait_for()
    assert till.find("pay-exact").count() == 0, "no money is taken for it before"
    second_person(till, "1111")
    till.find("pin-says").filter(has_text="còn 4 lần").wait_for()
    second_person(till)
    till.find("second").wait_for(state="detached")
    till.settle()
    press(till, "pay-button", "pay-exact")
    sold = till.recorded()
    assert sold["total"] == 350_000 * 3 // 4 + 37_500
    till.wait_until_sent()
    line = lines_of(app, sold["id"])[0]
    assert (line.discount_dong, line.discount_borne_by, line.discount_reason) == (87_500, "producer", "Mua nhiều")
    with app.app_context():
        assert reading().get_one(Sale, sold["id"]).second_person_id == fair.people["bantochuc"]
    assert proof(app).oddities == 0


@pytest.mark.journey
def test_a_discount_on_the_whole_cart_is_shared_and_kept_apart(app: Flask, fair: Fair, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id, fair.goods[2].product_id)
    press(till, "cart-more", "cart-discount", "discount-amount")
    keys(till, "37000")
    press(till, "discount-reason")
    till.page.locator('[data-testid="borne-by"][data-value="shared"]').click()
    press(till, "discount-done", "pay-button", "pay-exact")
    sold = till.recorded()
    assert sold["total"] == 387_500 - 37_000
    till.wait_until_sent()
    lines = lines_of(app, sold["id"])
    assert [line.discount_dong for line in lines] == [33_419, 3_581]
    assert {line.discount_borne_by for line in lines} == {"shared"}
    assert proof(app).oddities == 0


@pytest.mark.journey
def test_another_price_needs_the_right_and_keeps_the_list_s(app: Flask, fair: Fair, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id)
    press(till, "line-open", "line-price")
    assert till.find("price-done").count() == 0, "a seller may not"
    second_person(till)
    till.find("price-done").wait_for()
    till.settle()
    keys(till, "300000")
    press(till, "price-reason", "price-done", "line-done", "pay-button", "pay-exact")
    sold = till.recorded()
    till.wait_until_sent()
    [line] = lines_of(app, sold["id"])
    assert (line.unit_price_dong, line.list_price_dong, line.price_reason) == (300_000, 350_000, "Giá trên bao bì khác")
    with app.app_context():
        assert reading().get_one(Sale, sold["id"]).second_person_id == fair.people["bantochuc"]


@pytest.mark.journey
def test_notes_stay_in_the_booth(app: Flask, fair: Fair, server: Server, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id)
    for way in (("line-open", "line-note"), ("cart-more", "cart-note")):
        press(till, *way)
        till.find("note-text").fill("gói giấy báo")
        press(till, "note-done")
        if till.find("line-done").count():
            press(till, "line-done")
    assert till.page.locator(".cart-lines").inner_text().count("gói giấy báo") == 2
    press(till, "pay-button", "pay-exact")
    sold = till.recorded()
    assert "gói giấy báo" not in till.find("recorded").inner_text()
    till.wait_until_sent()
    assert [line.note for line in lines_of(app, sold["id"])] == ["gói giấy báo"]
    status, receipt = get(server.port, sold["url"].removeprefix(server.address))
    assert status == 200
    assert "gói giấy báo" not in receipt.decode()


@pytest.mark.journey
def test_what_is_tasted_leaves_the_stock_and_is_no_sale(app: Flask, fair: Fair, till: Tablet, shop: Shop) -> None:
    weigh(till, shop.fish, "50")
    till.tap_goods(fair.goods[1].product_id)
    press(till, "cart-more", "giveaway")
    till.page.locator('[data-testid="purpose"][data-value="gift"]').click()
    till.page.locator('[data-testid="borne-by"][data-value="organiser"]').click()
    press(till, "giveaway-done")
    assert till.find("cart-line").count() == 0
    sold = till.sell_cash(fair.goods[2].product_id)
    assert str(sold["number"]).endswith("-001"), "a giveaway takes no receipt number"
    till.wait_until_sent()
    found = proof(app)
    assert (found.sales, found.giveaways, found.oddities, found.gaps) == (1, 1, 0, [])
    with app.app_context():
        given = reading().scalars(select(Giveaway)).one()
        assert (given.purpose, given.borne_by) == ("gift", "organiser")
        moved = {one.product_id: one.quantity for one in reading().scalars(select(Movement))}
    assert moved[shop.fish.product_id] == -50
    assert moved[fair.goods[1].product_id] == -1


@pytest.mark.journey
def test_a_new_price_is_there_within_thirty_seconds_and_an_open_cart_keeps_the_old(
    app: Flask, fair: Fair, till: Tablet
) -> None:
    goods = fair.goods[1]
    till.tap_goods(goods.product_id)
    with app.app_context(), transaction() as session:
        product = session.get_one(Product, goods.product_id)
        change_price(session, product, "360000", at=now(), by=fair.people["bantochuc"])
    for _ in range(2):  # the first may have been asked before
        with till.page.expect_response(lambda one: "/api/till/ping" in one.url and one.ok, timeout=30_000):
            pass
    till.settle()
    assert till.find("cart-total").get_attribute("data-total") == "350000", "a buyer's price does not change under her"
    press(till, "less")
    tile = till.page.locator(f'[data-testid="tile"][data-product-id="{goods.product_id}"]')
    tile.filter(has_text="360.000").wait_for(timeout=30_000)


@pytest.mark.journey
def test_without_a_network_the_old_list_stays_and_the_sale_says_which(app: Flask, fair: Fair, till: Tablet) -> None:
    goods = fair.goods[1]
    till.wait_until_installed()
    till.context.set_offline(True)
    with app.app_context(), transaction() as session:
        product = session.get_one(Product, goods.product_id)
        change_price(session, product, "360000", at=now(), by=fair.people["bantochuc"])
    old = till.sell_cash(goods.product_id)
    assert old["total"] == 350_000
    till.context.set_offline(False)
    till.wait_until_sent()
    tile = till.page.locator(f'[data-testid="tile"][data-product-id="{goods.product_id}"]')
    tile.filter(has_text="360.000").wait_for(timeout=30_000)
    new = till.sell_cash(goods.product_id)
    assert new["total"] == 360_000
    till.wait_until_sent()
    with app.app_context():
        versions = dict(reading().execute(select(Sale.id, Sale.price_list_version)).all())
    assert versions[old["id"]] < versions[new["id"]]
    assert proof(app).oddities == 0
