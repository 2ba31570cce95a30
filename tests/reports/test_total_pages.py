"""The whole edition by everything, conversion, league and plots, as the organiser's browser sees them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import update

from fair_pos.plumbing.db import transaction
from fair_pos.reports import total_pages
from fair_pos.reports.charts import short_dong
from fair_pos.venues.tables import Booth, ProgrammeItem
from fair_pos.visitors.tables import VisitorPlan
from tests.asked import statements_sent
from tests.builders import make_fair, pair_tablet, sign_in, sold
from tests.reports.golden import DAY, FIRST_DAY, Golden, local
from tests.reports.starred import add_certificate, add_place, goods_by_sql, make_starred, settle
from tests.reports.test_conversion import add_gate
from tests.reports.test_pages import GOODS, links, page, shown, whole
from tests.reports.test_plots import words_of


@pytest.fixture
def golden(app: Flask) -> Golden:
    made = make_starred(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Booth).where(Booth.id == made.fair.booth_ids[1]).values(zone="Khu B"))
    return made


@pytest.fixture
def organiser(golden: Golden, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


@pytest.mark.parametrize("path", ["totals", f"?day={DAY}"])
def test_every_number_opens_down_to_receipts_that_add_up_to_it(
    golden: Golden, organiser: FlaskClient, path: str
) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/{path}")
    found = {(address, number, is_money) for address, number, is_money in links(html)}
    for name in ("group", "star", "entity", "locality", "product", "producer", "zone", "booth", "hour", "method"):
        assert any(f"{name}=" in address for address, _number, _money in found), name
    for address, number, is_money in found:
        listed = page(organiser, address)
        if is_money:
            amounts = [whole(text) for text in re.findall(r'amount"[^>]*>([−0-9.]+)\xa0₫', listed)]
            expected = -number if "kind=refund" in address else number
            assert (shown(listed, "sum"), sum(amounts)) == (expected, expected), address
        elif GOODS.search(address):
            assert abs(shown(listed, "pieces")) == number, address
        else:
            assert shown(listed, "refunds" if "kind=refund" in address else "sales") == number, address


@pytest.mark.parametrize("day", [None, DAY])
def test_gross_refunds_and_net_of_every_table_add_up_to_the_total(
    golden: Golden, organiser: FlaskClient, day: date | None
) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/{f'?day={day}' if day else 'totals'}")
    total = [whole(text) for text in re.findall(r'<dd class="money">(?:<a[^>]*>)?([−0-9.]+)', html)][:3]
    assert total[0] - total[1] == total[2]
    sections = re.findall(r'<section class="panel" id="([a-z]+)">(.*?)</section>', html, re.DOTALL)
    seen = set()
    for name, section in sections:
        if name in ("money", "visitors", "accounts", "methods"):
            continue
        seen.add(name)
        rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", section, re.DOTALL)
        money = [
            [whole(one) for one in re.findall(r">([−0-9.]+)\xa0₫<", re.sub(r"<ul.*?</ul>", "", row, flags=re.DOTALL))]
            for row in rows
        ]
        numbers = [one for one in money if len(one) == 3]
        body = numbers[:-1] if len(numbers) > 1 else numbers
        assert [sum(column) for column in zip(*body, strict=True)] == total, name
        assert all(one[0] - one[1] == one[2] for one in numbers), name
    assert {
        "hours",
        "booths",
        "zones",
        "groups",
        "stars",
        "products",
        "producers",
        "entities",
        "localities",
        "districts",
    } <= seen
    assert ("days" in seen) == (day is None)


def test_files_of_the_whole_edition_hold_every_row(golden: Golden, organiser: FlaskClient) -> None:
    edition = golden.fair.edition_id
    for name in (
        "groups",
        "stars",
        "localities",
        "districts",
        "communes",
        "entities",
        "products",
        "producers",
        "booths",
        "zones",
        "methods",
        "hours",
    ):
        answer = organiser.get(f"/editions/{edition}/totals/{name}.xlsx")
        sheet = load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
        headings, *rows = sheet.values
        net, gross, back = (headings.index(word) for word in ("Thực thu (đồng)", "Bán ra (đồng)", "Trả lại (đồng)"))
        assert all(isinstance(row[at], int) for row in rows for at in (net, gross, back)), name
        assert all(int(str(row[gross])) - int(str(row[back])) == row[net] for row in rows)
        text = organiser.get(f"/editions/{edition}/totals/{name}.csv").get_data().decode("utf-8-sig")
        assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == [str(row[0]) for row in rows]
    headings, *rows = (
        load_workbook(io.BytesIO(organiser.get(f"/editions/{edition}/totals/stars.xlsx").get_data()))
        .worksheets[0]
        .values
    )
    with golden.tablets[0].app.app_context():
        stars = goods_by_sql("star", edition, None)
    names = {
        "5": "5 sao",
        "3": "3 sao",
        "4": "4 sao",
        "none": "Không có sao",
        "unknown": "Không rõ (không có trong danh mục)",
    }
    gross = headings.index("Bán ra (đồng)")
    assert {row[0]: row[gross] for row in rows if row[0] in names.values()} == {
        names[key]: one[0] for key, one in stars.items()
    }
    assert organiser.get(f"/editions/{edition}/totals/secrets.csv").status_code == 404
    assert organiser.get(f"/editions/{edition}/totals/days.csv?day={DAY}").status_code == 404


def test_a_name_that_looks_like_a_formula_stays_a_name(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    evil = "=HYPERLINK(1)"
    with app.app_context(), transaction() as session:
        place = add_place(session, "vn2025", evil)
        settle(session, golden.fair.producer_ids[2], province_id=place[0])
    answer = organiser.get(f"/editions/{golden.fair.edition_id}/totals/localities.xlsx")
    sheet = load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    (cell,) = (row[0] for row in sheet.iter_rows() if "HYPERLINK" in str(row[0].value))
    assert cell.data_type == "s"
    text = organiser.get(f"/editions/{golden.fair.edition_id}/totals/localities.csv").get_data().decode("utf-8-sig")
    assert not re.search(r'(^|[;,"])=HYPER', text, re.MULTILINE)


def test_the_share_of_the_spec_stands_on_both_pages(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app, starts=FIRST_DAY)
    tablet = pair_tablet(app, fair, paired_at=local(1, 8))
    with app.app_context(), transaction() as session:
        add_certificate(session, fair.goods[0], 3, date(2025, 1, 1), date(2027, 12, 31))
    lines = [
        sold(one, pieces, unit_price_dong=100_000_000) for one, pieces in ((fair.goods[0], 70), (fair.goods[1], 32))
    ]
    tablet.send(tablet.sale(lines, at=local(21, 9)))
    sign_in(client, "bantochuc")
    for path in (f"?day={DAY}", "totals"):
        line = re.search(r'id="ocop">(.*?)</p>', page(client, f"/editions/{fair.edition_id}/{path}"), re.DOTALL)
        assert line
        for word in ("7.000.000.000\xa0₫", "10.200.000.000\xa0₫", "68,6\xa0%", "star=ocop", "vào ngày ghi trên phiếu"):
            assert word in line[1], word


# --- visitors beside sales ----------------------------------------------------------------------------------------------


def add_visitors(app: Flask, golden: Golden) -> None:
    edition = golden.fair.edition_id
    with app.app_context(), transaction() as session:
        since = local(1, 8) - timedelta(days=1)
        add_gate(session, edition, "Cổng A", {8: 40, 10: 10, 11: 20, 12: 5}, since)
        add_gate(session, edition, "Cổng B", {8: 60, 10: 15}, since)
        session.add(
            VisitorPlan(
                id="plan", edition_id=edition, fair_day=DAY, people=90, person_id=golden.fair.people["bantochuc"],
                at=local(20, 8),
            )
        )  # fmt: skip
        session.add(
            ProgrammeItem(
                id="opening", edition_id=edition, fair_day=DAY, minute=570, kind="opening", title="Khai mạc <b>"
            )
        )


def test_conversion_stands_beside_the_sales(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    add_visitors(app, golden)
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    rows = dict(re.findall(r'<tr role="row" data-hour="([a-z0-9]+)">(.*?)</tr>', html, re.DOTALL))
    assert "Chưa có số: Cổng B" in rows["11"]
    assert rows["11"].count('<span class="zero">–</span>') == 2
    assert "Chưa có số: Cổng A, Cổng B" in rows["19"]
    assert rows["19"].count('<span class="zero">–</span>') == 3
    assert "Chưa có số" not in rows["8"]
    assert "ít phiếu" in rows["8"]
    assert "2 trên" in rows["whole"]
    assert (
        len(re.findall(r'<img src="[^"]+/(?:visitors|hours)\.svg', html)) == 1
    )  # the same bars stand on the page once
    assert "đông hơn dự kiến" in html
    assert "150 lượt vào" in html
    assert "dự kiến 90." in html
    assert "09:30 Khai mạc &lt;b&gt;" in html
    answer = organiser.get(f"/editions/{golden.fair.edition_id}/conversion.xlsx?day={DAY}")
    headings, *cells = load_workbook(io.BytesIO(answer.get_data())).worksheets[0].values
    by_hour = {row[0]: dict(zip(headings, row, strict=True)) for row in cells}
    eleven, eight = by_hour["11:00–12:00"], by_hour["08:00–09:00"]
    assert (eleven["Lượt vào"], eleven["Phiếu bán trên lượt vào"], eleven["Cổng chưa có số"]) == (20, None, "Cổng B")
    assert eight["Phiếu bán trên lượt vào"] == int(str(eight["Phiếu bán"])) / 100
    assert by_hour["Các giờ đủ số"]["Lượt vào"] == 125
    assert organiser.get(f"/editions/{golden.fair.edition_id}/conversion.csv").status_code == 404


def test_the_plot_of_visitors_has_the_tables_numbers(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    add_visitors(app, golden)
    words = words_of(
        organiser.get(f"/editions/{golden.fair.edition_id}/totals/plots/visitors.svg?day={DAY}").get_data()
    )
    for word in (
        "100",
        "25",
        "20",
        "5",
        "8h",
        "10h",
        "09:30 Khai mạc <b>",
        "Lượt vào cổng (○ có cổng chưa có số)",
        "Thực thu (đồng)",
    ):
        assert word in words, (word, words)
    assert "▒ máy chưa gửi hết" in words  # the tablets were not heard after their uploads of that day
    assert organiser.get(f"/editions/{golden.fair.edition_id}/totals/plots/visitors.svg").status_code == 404


# --- plots --------------------------------------------------------------------------------------------------------------


def test_every_plot_holds_the_numbers_of_its_table(golden: Golden, organiser: FlaskClient) -> None:
    edition = golden.fair.edition_id
    for name in ("zones", "booths", "groups", "stars", "entities", "localities", "districts", "producers", "products"):
        for asked in ("", f"&day={DAY}"):
            table = organiser.get(f"/editions/{edition}/totals/{name}.xlsx?x=1{asked}")
            headings, *rows = load_workbook(io.BytesIO(table.get_data())).worksheets[0].values
            net = headings.index("Thực thu (đồng)")
            rows = [row for row in rows if row[0] != "Làm tròn tiền mặt"]
            words = words_of(organiser.get(f"/editions/{edition}/totals/plots/{name}.svg?x=1{asked}").get_data())
            for row in rows:
                amount = short_dong(int(str(row[net])))
                assert amount in words, (name, row, words)
                assert any(
                    word == row[0] or (word.endswith("…") and str(row[0]).startswith(word[:-1])) for word in words
                ), (name, row)
            assert "Thực thu (đồng)" in words
    for name in ("days", "growth", "hours"):
        assert organiser.get(f"/editions/{edition}/totals/plots/{name}.svg").mimetype == "image/svg+xml"
    for name in ("visitors", "years", "money"):
        assert organiser.get(f"/editions/{edition}/totals/plots/{name}.svg").status_code == 404


def test_pictures_on_the_page_are_there(golden: Golden, organiser: FlaskClient) -> None:
    for path in ("totals", f"?day={DAY}", "league"):
        html = page(organiser, f"/editions/{golden.fair.edition_id}/{path}")
        addresses = re.findall(r'(?:src|srcset)="(/editions/[^"]+)" ', html)
        assert addresses
        for address in addresses:
            answer = organiser.get(unescape(address))
            assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml"), address
            assert "sandbox" in answer.headers["Content-Security-Policy"]


# --- who may, and how much it costs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "totals",
        "totals/groups",
        "totals/groups.csv",
        "league",
        "league.csv",
        "league.svg",
        "totals/plots/groups.svg",
        f"conversion.csv?day={DAY}",
    ],
)
def test_nobody_else_gets_in(golden: Golden, client: FlaskClient, path: str) -> None:
    address = f"/editions/{golden.fair.edition_id}/{path}"
    assert client.get(address).status_code in (302, 401)
    sign_in(client, "nguoiban")
    assert client.get(address).status_code in (403, 404)


@pytest.mark.parametrize("day", [None, DAY])
def test_a_long_table_is_folded_and_whole_on_its_own_pages(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch, day: date | None
) -> None:
    monkeypatch.setattr(total_pages, "MOST_SHOWN", 1)
    monkeypatch.setattr(total_pages, "PAGE_SIZE", 4)
    edition, asked = golden.fair.edition_id, f"?day={day}" if day else ""
    html = page(organiser, f"/editions/{edition}/{asked or 'totals'}")
    section = re.search(r'id="products">(.*?)</section>', html, re.DOTALL)
    assert section
    file = organiser.get(f"/editions/{edition}/totals/products.csv{asked}").get_data().decode("utf-8-sig")
    count = len(list(csv.reader(io.StringIO(file)))) - 2  # the headings and the rounding
    assert count > 3
    assert f"… {count - 1} dòng khác" in section[1]
    assert re.findall(r'href="([^"]+)">Xem cả ([0-9]+) dòng<', section[1]) == [
        (f"/editions/{edition}/totals/products{asked}", str(count))
    ]
    assert section[1].count('href="#main"') == 1
    names: list[str] = []
    for number in range(1, -(-count // 4) + 1):
        address = f"/editions/{edition}/totals/products?page={number}" + (f"&day={day}" if day else "")
        alone = page(organiser, address)
        body = re.search(r"<tbody.*?</tbody>", alone, re.DOTALL)
        assert body
        assert "dòng khác" not in alone
        assert f'<a href="/editions/{edition}/{asked or "totals"}#products"><span aria-hidden="true">‹</span>' in alone
        names += re.findall(r'rowheader">([^<]+)\n', body[0])
    assert len(names) == len(set(names)) == count
    assert page(organiser, f"/editions/{edition}/totals/products?page=99").count("Không có dòng nào ở đây.") == 1
    hours = re.search(r'id="hours">(.*?)</section>', html, re.DOTALL)
    assert hours
    assert "dòng khác" not in hours[1]


def test_folded_rows_add_up_to_the_total(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(total_pages, "MOST_SHOWN", 1)
    test_gross_refunds_and_net_of_every_table_add_up_to_the_total(golden, organiser, None)
    test_gross_refunds_and_net_of_every_table_add_up_to_the_total(golden, organiser, DAY)


def test_an_empty_edition_says_what_to_expect(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    sign_in(client, "bantochuc")
    assert "Số liệu hiện ra khi máy bán hàng gửi phiếu đầu tiên" in page(client, f"/editions/{fair.edition_id}/totals")
    assert "Chưa có phiếu nào để xếp hạng" in page(client, f"/editions/{fair.edition_id}/league")


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    with statements_sent(app) as seen:
        page(client, path)
    return len(seen)


def test_pages_do_not_grow_with_the_number_of_sales(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    tablet, goods = golden.tablets[0], golden.fair.goods
    paths = [
        f"/editions/{golden.fair.edition_id}/{path}" for path in ("totals", "league", "totals/products", f"?day={DAY}")
    ]
    for path in paths:
        page(organiser, path)
    before = [statements(app, organiser, path) for path in paths]
    tablet.send(*(tablet.sale([(one, 1)], at=local(21, 9)) for one in goods for _ in range(5)))
    assert [statements(app, organiser, path) for path in paths] == before
