"""What was given away and taken off, in a real browser: nothing for axe to find, no sideways scroll, one tap down to the rows."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.builders import Fair, add_weighed, pair_tablet, sold
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.serving import Server


@pytest.mark.journey
@pytest.mark.parametrize("size", [(1440, 900), (360, 640)], ids=["desktop", "phone"])
def test_costs_open_down_to_their_rows(
    app: Flask, fair: Fair, server: Server, office: Office, size: tuple[int, int]
) -> None:
    tablet, weighed = pair_tablet(app, fair), add_weighed(app, fair)
    off = sold(fair.goods[0], 2, discount_dong=40_000, discount_reason="Khách quen", discount_borne_by="organiser")
    tablet.send(
        tablet.giveaway([sold(weighed, grams=575), sold(fair.goods[0], 2)], note="Khách đoàn"),
        tablet.giveaway([sold(fair.goods[4], 3)], purpose="damaged", borne_by="shared"),
        tablet.sale([off]),
        tablet.sale([sold(fair.goods[3], discount_dong=5_000, discount_borne_by="producer")]),
    )
    page = office.sign_in("bantochuc", size)
    page.goto(f"{server.address}/editions/{fair.edition_id}/")
    page.get_by_role("link", name="Hàng tặng, giảm giá").click()
    page.wait_for_url("**/giveaways")
    for opened in ("#by-purpose", "#each"):
        assert axe_findings(page) == []
        assert not scrolls_sideways(page)
        page.locator(f"{opened}").scroll_into_view_if_needed()
    page.locator("#by-purpose").get_by_role("link").first.click()
    page.wait_for_url("**purpose=**")
    assert page.locator("#worth").inner_text() == "461.850\u00a0₫"
    page.get_by_role("link", name="Giảm giá", exact=True).click()
    page.wait_for_url("**/discounts")
    assert page.locator("#net").inner_text() == "45.000\u00a0₫"
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)
    page.locator("#by-borne_by").get_by_role("link").first.click()
    page.wait_for_url("**borne_by=**")
    page.locator("#each").get_by_role("link").first.click()
    page.wait_for_url("**/sales/*")
