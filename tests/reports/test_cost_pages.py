"""Pages about costs: every number opens to rows that add up to it, and nobody else gets in."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.plumbing.db import transaction
from fair_pos.reports import cost_pages
from fair_pos.till.tables import Device
from tests.builders import make_fair, sign_in, sold
from tests.reports.giving import give_away, take_off
from tests.reports.golden import DAY, FIRST_DAY, Golden, local, make_golden


@pytest.fixture
def golden(app: Flask) -> Golden:
    made = make_golden(app)
    take_off(app, made)
    give_away(app, made)
    return made


@pytest.fixture
def organiser(golden: Golden, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def whole(text: str) -> int:
    return int(text.replace(".", "").replace("−", "-"))


def shown(html: str, name: str) -> int:
    found = re.search(rf'id="{name}">([−0-9.]+)', html)
    assert found, name
    return whole(found[1])


def amounts(html: str, name: str) -> int:
    """The sum of a column of the list."""
    return sum(map(whole, re.findall(rf'class="number net {name}"[^>]*>([−0-9.]+)', html)))


def opened(html: str, what: str) -> list[tuple[str, int]]:
    """(address, number) of every figure that opens."""
    found = re.findall(rf'<a href="(/editions/[^"]+/{what}\?[^"]+)">([−0-9.]+)\xa0₫</a>', html)
    return [(unescape(address), whole(number)) for address, number in found]


@pytest.mark.parametrize("narrowed", ["", f"?day={DAY}", "?borne_by=producer"])
@pytest.mark.parametrize(
    ("what", "total", "column"), [("giveaways", "worth", "worth"), ("discounts", "net", "discount")]
)
def test_every_number_opens_down_to_rows_that_add_up_to_it(
    golden: Golden, organiser: FlaskClient, what: str, total: str, column: str, narrowed: str
) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/{what}{narrowed}")
    assert shown(html, total) == amounts(html, column)
    numbers = opened(html, what)
    assert len(numbers) >= 4
    for address, number in numbers:
        inside = page(organiser, address)
        assert shown(inside, total) == number, address
        assert amounts(inside, column) == number, address


def test_giveaways_say_what_where_by_whom_and_why(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/giveaways")
    for part in (
        "Ăn thử, chủ thể",
        "Tặng, ban tổ chức",
        "Hàng mẫu, cùng chịu",
        "Hỏng, vỡ",
        "Khách đoàn",
        "Vỡ khi chở",
        "Vừ A nguoiban",
    ):
        assert part in html, part
    assert (shown(html, "times"), shown(html, "pieces")) == (6, 24)
    assert "0,225\xa0kg" in html
    assert "Hàng cho đi không phải doanh thu" in html


def test_discounts_lead_to_the_receipts(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/discounts?borne_by=shared")
    sales = re.findall(r'href="(/sales/[^"]+)"', html)
    assert len(sales) == 2
    assert "Khách quen" in html
    assert "−20.000\xa0₫" in html
    assert "Khách quen" in page(organiser, sales[0])
    nobody = page(organiser, f"/editions/{golden.fair.edition_id}/discounts?borne_by=none")
    assert shown(nobody, "given") == 1_000
    assert "chưa ghi ai chịu" in nobody


def test_files_hold_what_the_list_shows(golden: Golden, organiser: FlaskClient) -> None:
    edition = f"/editions/{golden.fair.edition_id}"
    for what, total, column in (("giveaways", "worth", "Trị giá (đồng)"), ("discounts", "net", "Giảm giá (đồng)")):
        for narrowed in ("", "?borne_by=organiser"):
            answer = organiser.get(f"{edition}/{what}.csv{narrowed}")
            rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
            assert sum(int(row[column]) for row in rows) == shown(page(organiser, f"{edition}/{what}{narrowed}"), total)
        assert organiser.get(f"{edition}/{what}.xlsx").get_data().startswith(b"PK")


def test_a_long_list_is_paged_and_its_total_covers_all_pages(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost_pages, "PAGE_SIZE", 2)
    for what, total, column in (("giveaways", "worth", "worth"), ("discounts", "net", "discount")):
        path = f"/editions/{golden.fair.edition_id}/{what}"
        first = page(organiser, path)
        pages = int(re.findall(r"Trang 1 trên (\d+)", first)[0])
        assert pages >= 3
        sums = [amounts(page(organiser, f"{path}?page={number}"), column) for number in range(1, pages + 1)]
        assert sum(sums) == shown(first, total) != sums[0]


def test_an_edition_without_any_says_so(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app, starts=FIRST_DAY)
    sign_in(client, "bantochuc")
    assert "Chưa có hàng nào được tặng" in page(client, f"/editions/{fair.edition_id}/giveaways")
    assert "Chưa có món nào được giảm giá." in page(client, f"/editions/{fair.edition_id}/discounts")
    assert "Không có lần nào như vậy." in page(client, f"/editions/{fair.edition_id}/giveaways?purpose=gift")


def test_sample_data_is_called_so(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    path = f"/editions/{golden.fair.edition_id}/giveaways"
    assert "badge sample" not in page(organiser, path)
    with app.app_context(), transaction() as session:
        session.get_one(Device, golden.tablets[0].device_id).sample = True
    golden.tablets[0].send(golden.tablets[0].giveaway([sold(golden.fair.goods[0])], at=local(22, 10)))
    assert page(organiser, path).count("badge sample") == 1


@pytest.mark.parametrize("question", ["day=hôm+nay", "borne_by=bank", "purpose=theft", "page=0", f"booth={'x' * 37}"])
def test_a_question_that_means_nothing_finds_nothing(golden: Golden, organiser: FlaskClient, question: str) -> None:
    for what in ("giveaways", "discounts", "giveaways.csv", "discounts.csv"):
        assert organiser.get(f"/editions/{golden.fair.edition_id}/{what}?{question}").status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("quantri", 200), ("bantochuc", 200), ("nguoiban", 404), ("chuthe", 404)]
)
def test_who_gets_in(golden: Golden, client: FlaskClient, login: str, status: int) -> None:
    sign_in(client, login)
    for what in ("giveaways", "discounts", "giveaways.csv", "discounts.xlsx"):
        assert client.get(f"/editions/{golden.fair.edition_id}/{what}").status_code == status


def test_an_organiser_of_another_fair_sees_neither(app: Flask, golden: Golden, client: FlaskClient) -> None:
    make_fair(app, name="Hội chợ khác", starts=FIRST_DAY)
    sign_in(client, "bantochuc.hoi-cho-khac")
    assert client.get(f"/editions/{golden.fair.edition_id}/giveaways").status_code == 404


def test_the_tabs_lead_there(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/days")
    assert f'href="/editions/{golden.fair.edition_id}/giveaways"' in html
