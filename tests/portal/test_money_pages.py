"""What a producer is owed: the figures of the frozen statement, as page and as files."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import sign_in
from tests.portal.test_pages import page_of, weight, words
from tests.portal.world import Neighbours, make_neighbours


@pytest.fixture
def two(app: Flask) -> Neighbours:
    return make_neighbours(app)


@pytest.fixture
def maker(client: FlaskClient, two: Neighbours) -> FlaskClient:
    sign_in(client, "chuthe")
    return client


def test_the_list_the_statement_and_its_files(maker: FlaskClient, two: Neighbours) -> None:
    own = f"/producers/{two.world.own_id}/money/"
    page = page_of(maker, own)
    assert weight(page) < 40_000
    assert "TT-000" in page
    assert "Chưa có tài khoản." in page
    path = f"{own}{two.world.own['statement']}"
    shown = page_of(maker, path)
    assert weight(shown) < 40_000
    assert "Bạn được trả 61.000 ₫" in words(shown)
    files: list[Any] = re.findall(rf'href="({re.escape(path)}/[^"]+)"', shown)
    assert len(files) == 3
    for file in files:
        first = maker.get(file)
        assert first.status_code == 200
        assert first.data == maker.get(file).data
