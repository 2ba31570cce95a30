"""The showroom of Điện Biên in the demo: what its filters count, on the page and in the workbook."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.demo.load import PASSWORD, SHOWROOM_ID
from fair_pos.demo.showroom import OPENED
from fair_pos.plumbing.db import reading
from fair_pos.registry.queries import titles_of
from fair_pos.showroom.queries import goods_on_display
from fair_pos.till.price_list import price_list_of
from fair_pos.venues.queries import booths_of
from tests.builders import sign_in
from tests.demo.conftest import AT, TODAY

COUNTS = {
    "Sản phẩm": 50,
    "Chủ hàng": 34,
    "Thực phẩm, đồ uống, dược liệu": 42,
    "Thủ công mỹ nghệ": 8,
    "CNNT tiêu biểu": 17,
}
GOODS = f"/editions/{SHOWROOM_ID}/goods"


@pytest.fixture
def client(demo: Flask) -> FlaskClient:
    client = demo.test_client()
    sign_in(client, "bantochuc", PASSWORD)
    return client


def figures(page: str) -> dict[str, int]:
    """The counts at the head of the page."""
    found = re.findall(r'<div class="figure"><dt>(.*?)</dt><dd class="count">([\d.]+)</dd>', page)
    return {name: int(number.replace(".", "")) for name, number in found}


def chips(page: str) -> dict[str, int]:
    """The filters with how many goods each leaves."""
    found = re.findall(r'<a class="button[^"]*" href="[^"]*"[^>]*>(?:<span[^>]*>✓</span> )?([^<(]+) \(([\d.]+)\)', page)
    return {name: int(number.replace(".", "")) for name, number in found}


@pytest.mark.parametrize("day", [None, OPENED.isoformat(), "2024-06-01"])
def test_the_counts_are_those_of_the_opening(client: FlaskClient, day: str | None) -> None:
    page = client.get(GOODS, query_string={"day": day} if day else {}).get_data(as_text=True)
    said = figures(page)
    assert {name: said[name] for name in COUNTS} == COUNTS
    assert chips(page)["CNNT tiêu biểu"] == 17
    assert (chips(page)["Thủ công mỹ nghệ"], chips(page)["Thực phẩm, đồ uống, dược liệu"]) == (8, 42)


def test_each_filter_leaves_what_it_counts_and_filters_combine(client: FlaskClient) -> None:
    for query, wanted in (("line=food", 42), ("line=craft", 8), ("kind=cnnt_tieu_bieu", 17), ("", 50)):
        page = client.get(f"{GOODS}?{query}").get_data(as_text=True)
        assert figures(page)["Sản phẩm"] == page.count('name="admission"') == wanted
    both = figures(client.get(f"{GOODS}?kind=ocop&kind=cnnt_tieu_bieu").get_data(as_text=True))
    craft = figures(client.get(f"{GOODS}?line=craft&kind=cnnt_tieu_bieu").get_data(as_text=True))
    assert 0 < both["Sản phẩm"] < 17
    assert craft["Sản phẩm"] == craft["CNNT tiêu biểu"] == craft["Thủ công mỹ nghệ"] == 7
    assert "Không có sản phẩm nào khớp" in client.get(f"{GOODS}?line=craft&kind=chu_luc").get_data(as_text=True)


def test_the_workbook_counts_the_same(client: FlaskClient) -> None:
    for query, wanted in (("", 50), ("line=food", 42), ("line=craft", 8), ("kind=cnnt_tieu_bieu", 17)):
        answer = client.get(f"{GOODS}.xlsx?{query}")
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        goods, totals = book.worksheets
        headings, *rows = goods.iter_rows(values_only=True)
        assert len(rows) == wanted
        sums = {str(name): number for name, number in totals.iter_rows(min_row=2, values_only=True)}
        assert sums["Sản phẩm"] == wanted
        assert sums["Chủ hàng"] == len({row[headings.index("Chủ hàng")] for row in rows})
        assert sums["CNNT tiêu biểu"] == sum(row[headings.index("CNNT tiêu biểu")] == 1 for row in rows)
        if not query:
            assert {name: sums[name] for name in COUNTS} == COUNTS


def test_two_titles_count_once_in_the_total_and_once_under_each(demo: Flask) -> None:
    with demo.app_context():
        shown = goods_on_display(reading(), SHOWROOM_ID, TODAY)
        several = [one for one in shown if len(one.counted.kinds) > 1]
        assert len(several) > 5
        assert (
            sum(len(one.counted.kinds) for one in shown) > len(shown) == len({one.counted.product_id for one in shown})
        )
        titles = titles_of(reading(), [one.counted.product_id for one in shown])
    states = {title.kind: title.state_on(TODAY) for some in titles.values() for title in some if title.expires_day}
    ended = [title for some in titles.values() for title in some if title.state_on(TODAY) == "expired"]
    assert states.keys() == {"chu_luc"}
    assert [title.expires_day for title in ended] == [date(2024, 12, 31)]


def test_the_till_sells_what_is_on_display_on_its_day(demo: Flask) -> None:
    with demo.app_context():
        (booth,) = booths_of(reading(), SHOWROOM_ID)
        for day, wanted in ((TODAY, 50), (OPENED - timedelta(days=2), 0)):
            found = price_list_of(reading(), booth.id, today=day, at=AT, receipt_base_url="https://fair.example/r/")
            assert len(found.products) == wanted
