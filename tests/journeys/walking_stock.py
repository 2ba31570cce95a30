"""Screens of counting goods and of lots, as the walk comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.looking import quiet
from tests.journeys.paying import back_to_selling
from tests.journeys.selling import keys

if TYPE_CHECKING:
    from tests.journeys.walking import Walk


def choose_a_lot(here: Walk, product_id: str) -> None:
    """Goods of which a lot has expired: which one, why, and how the line then reads."""
    tablet = here.tablet
    tablet.tap_goods(product_id)
    here.at("which lot")
    here.go("lot-expired")
    here.go("lot-anyway")  # refused: no reason
    here.go("lot-reason")
    here.go("lot-anyway")
    here.to_cart()
    tablet.find("line-lot-shown").first.wait_for()
    here.at("cart with an expired lot")
    tablet.find("line-open").last.click()
    here.at("line with a lot")
    here.go("line-lot")
    here.go("lot")
    here.go("line-remove")
    quiet(tablet.page)


def count_goods(here: Walk) -> None:
    """From the settings: the list, pieces, what is weighed, several lots, the check and the end."""
    tablet = here.tablet
    here.go("more-button")
    here.go("count-button")
    tablet.find("count-search").fill("mật ong")
    here.at("count searched")
    tablet.find("count-search").fill("")
    here.go("count-more")
    here.go("count-open")
    keys(tablet, "12")
    here.at("count typed")
    here.go("count-line-done")
    tablet.find("count-search").fill("chả mực")
    here.at("weighed goods to count")
    here.go("count-open")
    keys(tablet, "7,85")
    here.at("count weighed")
    here.go("count-line-done")
    tablet.find("count-search").fill("")
    here.go("count-check")
    here.go("count-give-up")
    back_to_selling(tablet)
    here.at("count left, going on is offered")
    here.go("count-on-phone" if here.phone else "count-on")
    here.go("count-check")
    here.go("count-finish")
    tablet.find("count-recorded").wait_for()
    here.at("count recorded")
    here.go("count-sell")
