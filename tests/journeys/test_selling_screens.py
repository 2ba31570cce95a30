"""What filling a cart costs in taps."""

from __future__ import annotations

import pytest

from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.selling import Shop, press
from tests.journeys.test_till_screens import count_taps


@pytest.mark.journey
def test_three_pieces_and_a_weighing_cost_no_tap_more_than_they_must(till: Tablet, fair: Fair, shop: Shop) -> None:
    taps = count_taps(till)
    till.tap_goods(fair.goods[1].product_id, fair.goods[4].product_id, fair.goods[7].product_id)
    press(till, "pay-button", "pay-exact")
    till.recorded()
    before = taps()
    assert before <= 5
    till.tap_goods(shop.fish.product_id)
    till.settle()
    till.find("quick-weight").nth(2).click()
    assert till.find("cart-line").get_attribute("data-amount") == "19000"
    assert taps() - before <= 2, "half a kilo is two taps"
