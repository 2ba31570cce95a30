"""The way from page to page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import Fair, make_fair, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_the_way_from_page_to_page_shows_only_what_one_may(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    html = client.get(f"/editions/{fair.edition_id}/people").get_data(as_text=True)
    assert 'href="/editions/"' in html
    assert 'href="/people/"' not in html
    seller = app.test_client()
    sign_in(seller, "nguoiban")
    html = seller.get("/me/password").get_data(as_text=True)
    assert 'href="/editions/"' not in html


def test_pages_of_an_edition_stand_by_what_they_are_about(fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    base = f"/editions/{fair.edition_id}"
    html = client.get(f"{base}/people").get_data(as_text=True)
    first, second = (part.split("</nav>")[0] for part in html.split('<nav class="tabs')[1:3])
    assert f'href="{base}/devices" aria-current="true">Thiết lập' in first
    assert f'href="{base}/receipts">Phiếu và tiền' in first
    assert f'href="{base}/people" aria-current="page">Người bán' in second
    assert f"{base}/days" not in second  # the other sections' pages are one step away
    assert f'href="{base}/days"' in client.get(f"{base}/").get_data(as_text=True)
