"""Editions beside one another on the page and in its files, against the published figures of FEATURES 5."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.published import actions
from fair_pos.published.actions import Word
from fair_pos.reports.comparison_pages import compared, grown, lunar, percent
from fair_pos.venues.actions import create_series
from fair_pos.venues.queries import get_edition
from tests.builders import Fair, csrf_token, make_fair, pair_tablet, sign_in
from tests.published.freezing import freeze, past_fair
from tests.reports.olden import SOURCE, quang_ninh, stated, summer_2019, week_of_2023_to_2025, writer


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def chief(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "quantri")
    return client


def see(client: FlaskClient, edition_id: str, query: str = "") -> str:
    answer = client.get(f"/editions/{edition_id}/comparison{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def cells(page: str, row: str) -> list[str]:
    """The cells of one row as they are read."""
    found = re.search(rf'<tr role="row" data-row="{row}">(.*?)</tr>', page, re.DOTALL)
    assert found, row
    plain = (re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<td.*?</td>", found.group(1), re.DOTALL))
    return [re.sub(r"[^\S\u00a0]+", " ", one).strip() for one in plain]


def test_quang_ninh_2017(app: Flask, chief: FlaskClient) -> None:
    page = see(chief, quang_ninh(app))
    assert cells(page, "length") == ["4", "5"]
    assert cells(page, "visits")[1] == "54.000 theo nguồn"
    assert cells(page, "visits_per_day")[1] == "10.800 +15\u00a0%"
    assert cells(page, "net_per_day")[1] == "1.360.000.000\u00a0₫ +45\u00a0%"
    assert cells(page, "net_per_visit")[1] == "125.926\u00a0₫"
    assert cells(page, "receipts") == ["chưa có", "chưa có"]
    assert cells(page, "ocop_share") == ["chưa có", "chưa có"]
    assert "Chưa kỳ nào có số theo ngày" in page


def test_summer_of_2019(app: Flask, chief: FlaskClient) -> None:
    page = see(chief, summer_2019(app))
    assert cells(page, "ocop_share") == ["68,6\u00a0%"]
    assert "Nguồn ghi 6 ngày, hội chợ mở 5 ngày." in page
    assert "2.040.000.000\u00a0₫ theo 5 ngày, 1.700.000.000\u00a0₫ theo 6 ngày" in page


def test_the_week_of_the_seed(app: Flask, chief: FlaskClient) -> None:
    first, second, third = week_of_2023_to_2025(app)
    page = see(chief, third)
    assert [one.partition(" ")[0] for one in cells(page, "length")] == ["3", "5", "3"]
    assert cells(page, "enterprises") == ["439 theo nguồn", "chưa có", "400 theo nguồn"]
    assert cells(page, "products") == ["1.200 theo nguồn", "chưa có", "3.000 theo nguồn"]
    assert cells(page, "booths") == ["chưa có", "94 theo nguồn", "chưa có"]
    assert "âm lịch 13/9 Quý Mão" in page
    assert "0 ₫" not in page.replace("\u00a0", " ")
    # Fewer when only some are ticked; the one that is looked at is always there.
    assert cells(see(chief, third, f"?edition={first}"), "length") == ["3", "3"]
    for href in re.findall(r'href="(/editions/[^"]+/published/[^"]+)"', page):
        assert chief.get(href).status_code == 200
    assert f"/editions/{second}/published/booths" in page


def by_day(app: Flask, edition_id: str, starts: date, name: str, *values: int) -> None:
    by = writer(app)
    with app.app_context():
        for step, value in enumerate(values):
            with transaction() as session:
                word = Word(now(), by, source="Báo cáo của Sở")
                day = starts + timedelta(days=step)
                actions.state(session, edition_id, {name: value}, day, lambda _session: {}, word=word)


def test_days_stand_side_by_side_with_plots_and_sums(app: Flask, chief: FlaskClient) -> None:
    first, second, _third = week_of_2023_to_2025(app)
    by_day(app, first, date(2023, 10, 27), "net_dong", 100, 200, 300)
    by_day(app, second, date(2024, 11, 6), "net_dong", 150, 250)
    page = see(chief, second)
    table = page[page.index('data-days="net_dong"') :]
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
    assert "100 ₫ cộng dồn 100 ₫ 27/10/2023 âm lịch 13/9 Quý Mão" in rows[1]
    assert "150 ₫ cộng dồn 150 ₫ 06/11/2024 âm lịch 6/10 Giáp Thìn" in rows[1]
    assert "300 ₫ cộng dồn 600 ₫" in rows[3]
    assert "– không mở chưa có 09/11/2024" in rows[4]
    plots = [one.replace("&amp;", "&") for one in re.findall(r'src="(/editions/[^"]+\.svg[^"]*)"', page)]
    assert [re.findall(r"(\w+)\.svg", one)[0] for one in plots] == ["cumulative", "money"]
    for one in plots:
        answer = chief.get(one)
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    drawn = chief.get(plots[0]).get_data(as_text=True)
    assert "Kỳ 10/2023: 600" in drawn
    assert "Kỳ 11/2024: 400" in drawn
    # Of the first edition every day is known: its whole is their sum, though nobody published it.
    assert cells(page, "net_dong")[:2] == ["600\u00a0₫ cộng các ngày", "chưa có"]


def test_figures_of_this_system_say_so_and_few_sales_give_no_percentage(app: Flask, client: FlaskClient) -> None:
    fair, tablet = past_fair(app)
    sign_in(client, "quantri")
    with app.app_context(), transaction() as session:
        series = create_series(session, "Hội chợ OCOP Quảng Ninh", at=now(), by=None)
        get_edition(session, fair.edition_id).series_id = series.id
    quang_ninh(app)
    page = see(client, fair.edition_id)
    assert "số hiện có" in cells(page, "net_dong")[2]
    assert "%" not in cells(page, "net_per_day")[2]
    assert "Dưới 30 phiếu bán nên không tính phần trăm." in page
    assert f'href="/editions/{fair.edition_id}/receipts"' in page
    assert "máy đã gửi" in page  # how complete it is
    tablet.send(*[tablet.sale([(fair.goods[1], 1)]) for _ in range(30)])
    assert "%" in cells(see(client, fair.edition_id), "net_per_day")[2]
    with app.app_context():
        freeze(fair)
    page = see(client, fair.edition_id)
    assert "đã khóa" in cells(page, "net_dong")[2]
    assert f'href="/editions/{fair.edition_id}/published/net_dong"' in page


def test_an_edition_to_come_is_said_to_be_so_and_has_no_days(app: Flask, chief: FlaskClient) -> None:
    old = quang_ninh(app)
    next_year = now().year + 1
    stated(app, "Hội chợ OCOP Quảng Ninh", "OCOP Quảng Ninh kỳ sau", date(next_year, 10, 5), 5)
    page = see(chief, old)
    assert f"Chưa diễn ra: bắt đầu ngày 05/10/{next_year}." in page
    assert "Đang diễn ra" not in page
    assert cells(page, "length") == ["4", "5", "chưa có"]


def test_the_edition_that_is_looked_at_is_in_its_plot_however_old(app: Flask, chief: FlaskClient) -> None:
    some = [stated(app, "Chợ", f"Chợ {year}", date(year, 10, 5), 2) for year in range(2015, 2024)]
    with app.app_context(), transaction() as session:
        for at, one in enumerate(some):
            said = Word(now(), writer(app), source=SOURCE)
            actions.state(session, one, {"visits": 100 + at}, date(2015 + at, 10, 5), lambda _session: {}, word=said)
    svg = chief.get(f"/editions/{some[0]}/comparison/visits.svg").get_data(as_text=True)
    assert "Kỳ 10/2015: 100" in svg
    assert [year for year in range(2016, 2024) if f"Kỳ 10/{year}:" in svg] == list(range(2019, 2024))


def test_an_organiser_sees_only_published_figures_of_other_editions(app: Flask, client: FlaskClient) -> None:
    own = make_fair(app)
    other = make_fair(app, name="Hội chợ khác", starts=date(2025, 11, 1))
    tablet = pair_tablet(app, other)
    tablet.send(tablet.sale([(other.goods[0], 1)]))
    old = stated(app, "Tuần lễ", "Kỳ cũ", date(2020, 11, 1), 3, visits=5_000)
    with app.app_context(), transaction() as session:
        series = create_series(session, "Tuần lễ", at=now(), by=None)
        for one in (own, other):
            get_edition(session, one.edition_id).series_id = series.id
    sign_in(client, "bantochuc")
    page = see(client, own.edition_id)
    assert cells(page, "visits") == ["5.000 theo nguồn", "chưa có", "chưa có"]
    assert cells(page, "net_dong")[1] == "chưa có"
    assert f"/editions/{other.edition_id}/" not in page
    assert f"/editions/{old}/" not in page
    assert client.get(f"/editions/{other.edition_id}/comparison").status_code == 404


def test_an_edition_alone_says_what_to_do(fair: Fair, chief: FlaskClient) -> None:
    assert "không thuộc chuỗi nào" in see(chief, fair.edition_id)


def test_files_have_whole_numbers_and_both_tables(app: Flask, chief: FlaskClient) -> None:
    edition = quang_ninh(app)
    answer = chief.get(f"/editions/{edition}/comparison/editions.csv")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))}
    assert rows["Thực thu mỗi ngày"] == ["đồng", "937931035", "", "1360000000", ""]
    assert rows["Thực thu mỗi ngày, tăng so với kỳ đứng trước trong bảng"] == ["phần nghìn", "", "", "450", ""]
    assert rows["Lượt khách"] == ["", "37565", "theo nguồn", "54000", "theo nguồn"]
    by_day(app, edition, date(2017, 9, 1), "visits", 9_000, 10_000)
    book = load_workbook(io.BytesIO(chief.get(f"/editions/{edition}/comparison/days.xlsx").data))
    first = book.worksheets[0]
    assert [cell.value for cell in first[2]][-2:] == [9_000, None]
    assert first.max_row == 6
    assert book.worksheets[1].title == "So sánh các kỳ"
    assert chief.get(f"/editions/{edition}/comparison/other.csv").status_code == 404


def test_in_english(app: Flask, chief: FlaskClient) -> None:
    edition = quang_ninh(app)
    chief.post("/language/en", data={"csrf_token": csrf_token(chief), "next": "/"})
    page = see(chief, edition)
    assert "Net a day" in page
    assert "chưa có" not in page


def test_percentages_are_written_as_officials_write_them(app: Flask) -> None:
    with app.test_request_context():
        assert [percent(one) for one in (686, 150, 0, 1000, 12_345)] == ["68,6\u00a0%", "15\u00a0%", "0\u00a0%", "100\u00a0%", "1.234,5\u00a0%"]  # fmt: skip
        assert [grown(one) for one in (150, -35, 0)] == ["+15\u00a0%", "\u22123,5\u00a0%", "0\u00a0%"]
        assert (compared(None, "dong"), compared(0, "number"), compared(-5, "dong")) == (
            "chưa có",
            "0",
            "\u22125\u00a0₫",
        )
        assert (lunar(date(2025, 7, 25)), lunar(date(2023, 10, 27))) == ("1/6 nhuận Ất Tỵ", "13/9 Quý Mão")
