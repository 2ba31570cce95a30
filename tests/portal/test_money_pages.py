"""What a producer is owed: the figures of the frozen statement, as page and as files."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.settlement.actions import pay_out
from tests.builders import sign_in
from tests.portal.test_pages import page_of, weight, words
from tests.portal.world import Neighbours, make_neighbours
from tests.settlement.stage import Stage, make_stage
from tests.terms.test_accounts import APPROVED, NUMBER, agree, offer


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


@pytest.fixture
def stage(app: Flask) -> Stage:
    return make_stage(app)


@pytest.fixture
def owner(client: FlaskClient, stage: Stage) -> FlaskClient:
    sign_in(client, "chuthe")
    return client


def test_what_is_owed_is_told_from_the_first_sale_on(owner: FlaskClient, stage: Stage) -> None:
    """Nobody waits for a statement to hear it: 80 % of what was sold."""
    own = f"/producers/{stage.fair.producer_ids[0]}/"
    assert "Chưa có khoản nào." in page_of(owner, f"{own}money/")
    stage.sell(1, stage.line(stage.fair.goods[0], 1_234_000))
    assert "Còn được trả: 987.200 ₫" in words(page_of(owner, own))
    assert "Đã bán, chưa vào bảng thanh toán 987.200 ₫" in words(page_of(owner, f"{own}money/"))


def test_who_sells_at_an_own_booth_and_keeps_the_money_is_owed_nothing(app: Flask, client: FlaskClient) -> None:
    stage = make_stage(app, percent=None)
    stage.sell(1, stage.line(stage.fair.goods[0], 1_234_000))
    sign_in(client, "chuthe")
    own = f"/producers/{stage.fair.producer_ids[0]}/"
    assert "Còn được trả" not in page_of(client, own)
    assert "Chưa có khoản nào." in page_of(client, f"{own}money/")


def test_the_account_is_told_by_its_last_digits_only(app: Flask, owner: FlaskClient, stage: Stage) -> None:
    assert agree(app, stage.fair, offer(app, stage.fair)) == APPROVED
    stage.sell(1, stage.line(stage.fair.goods[0], 100_000))
    page = page_of(owner, f"/producers/{stage.fair.producer_ids[0]}/money/")
    assert "Vietcombank •••• 678" in words(page)
    assert NUMBER not in page
    assert "LO THI HANH" not in page


def test_two_years_of_statements_are_light_and_every_one_is_reached(owner: FlaskClient, stage: Stage) -> None:
    """24 a page at most: the oldest stand on the next one."""
    own, by = f"/producers/{stage.fair.producer_ids[0]}/", stage.fair.people["bantochuc"]
    for back in range(30, 0, -1):
        stage.sell(back, stage.line(stage.fair.goods[0], 1_000_000 + back))
        stage.settle(back, [stage.fair.producer_ids[0]])
    numbers = [one.number for one in stage.statements()]

    def pay_all(work: Session) -> None:
        for number in numbers:
            about: dict[str, Any] = {"day": stage.day(0), "method": "cash", "reference": f"PC26{number:08}"}
            pay_out(work, stage.fair.edition_id, number, at=now(), by=by, **about)

    stage.do(pay_all)
    first, second = page_of(owner, f"{own}money/"), page_of(owner, f"{own}money/?page=2")
    assert weight(first) < 40_000
    assert "PC2600000030" in first
    shown = [set(re.findall(r"/money/([0-9a-f-]{36})\"", page)) for page in (first, second)]
    assert [len(one) for one in shown] == [24, 6]
    assert shown[0].isdisjoint(shown[1])
