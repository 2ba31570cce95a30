"""The pages of day sheets: what they show, who may close, what is asked for, what is never changed."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.db import transaction
from fair_pos.venues.queries import booths_of
from tests.builders import csrf_token, pair_tablet, sign_in
from tests.daysheet.evenings import REFUNDED, SOLD, Evening, make_evening
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def evening(app: Flask) -> Evening:
    return make_evening(app)


@pytest.fixture
def organiser(evening: Evening, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def address(evening: Evening, more: str = "") -> str:
    return f"/editions/{evening.fair.edition_id}/days/{evening.day}/sheet{more}"


def see(client: FlaskClient, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def post(client: FlaskClient, where: str, **fields: str) -> tuple[int, str]:
    answer = client.post(where, data={"csrf_token": csrf_token(client)} | fields, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_the_sheet_of_an_open_day_shows_what_is_here(evening: Evening, organiser: FlaskClient) -> None:
    page = see(organiser, address(evening))
    assert f'data-figure="net" data-value="{SOLD - REFUNDED}"' in page
    assert f"/editions/{evening.fair.edition_id}/receipts?" in page, "every number opens"
    for words in ("Chưa chốt", "A01 · Gian 1", "2/2 máy", "Chuyển khoản chưa xác nhận", "220.000", "đã đủ"):
        assert words in page, words
    assert page.count("Chốt trước giờ đóng cửa") == 0, "the day is over"


def test_it_is_closed_by_whoever_is_signed_in(evening: Evening, organiser: FlaskClient) -> None:
    status, page = post(organiser, address(evening))
    assert status == 200
    assert "Vừ A bantochuc đã chốt" in page
    assert "bảng chốt số 1, lần 1" in page
    status, page = post(organiser, address(evening))
    assert status == 409
    assert "đã được Vừ A bantochuc chốt" in page
    listed = see(organiser, f"/editions/{evening.fair.edition_id}/sheets")
    assert f'data-day="{evening.day}"' in listed
    assert "đã chốt, Vừ A bantochuc" in listed


def test_late_tablets_are_named_and_ticked(evening: Evening, organiser: FlaskClient) -> None:
    late = evening.tablets[1]
    evening.heard(late, waiting=2)
    page = see(organiser, address(evening))
    assert "Chốt khi còn 1 máy chưa gửi" in page
    assert f"Máy {late.letter}: còn 2 chưa gửi" in page
    status, page = post(organiser, address(evening), late=late.device_id)
    assert status == 400
    assert f"1 máy chưa gửi hết: {late.letter}" in page
    status, page = post(organiser, address(evening), late=late.device_id, without="1")
    assert status == 200
    assert "1/2 máy bán hàng đã gửi hết" in page


def test_late_receipts_stand_apart_with_a_way_to_each(evening: Evening, organiser: FlaskClient) -> None:
    post(organiser, address(evening))
    tablet = evening.tablets[1]
    yesterday = now() - timedelta(days=1)
    bought = tablet.sale([(evening.fair.goods[0], 2)], at=yesterday)
    tablet.send(bought, tablet.sale([(evening.fair.goods[0], 1)], at=yesterday, refund_of=bought["id"]))
    page = see(organiser, address(evening))
    assert 'data-figure="late" data-value="2"' in page
    assert f'data-figure="net" data-value="{SOLD - REFUNDED}"' in page
    assert "đã chốt; sau đó thêm 2 phiếu, 220.000" in page
    assert f"Máy {tablet.letter}: 2 phiếu" in page
    opened = f"/editions/{evening.fair.edition_id}/receipts?"
    assert opened not in page, "the receipts that are here now do not sum to what was signed"
    late = see(organiser, address(evening, "/late"))
    assert f'href="/sales/{bought["id"]}"' in late
    assert len(re.findall(r'href="/sales/', late)) == 2
    assert "220.000" in late
    assert see(organiser, address(evening, "/late?page=9")).count('href="/sales/') == 0


def test_opened_again_earlier_sheets_stay_readable(evening: Evening, organiser: FlaskClient) -> None:
    post(organiser, address(evening))
    tablet = evening.tablets[1]
    tablet.send(tablet.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
    status, page = post(organiser, address(evening, "/reopen"), reason="sửa")
    assert status == 400
    assert "ít nhất 5 chữ" in page
    status, page = post(organiser, address(evening, "/reopen"), reason="Máy B gửi muộn <script>")
    assert status == 200
    assert "Chưa chốt" in page
    assert "Máy B gửi muộn &lt;script&gt;" in page
    status, page = post(organiser, address(evening))
    assert "bảng chốt số 2, lần 2" in page
    changed = re.search(r'data-change="money.sold_dong".*?</tr>', page, re.DOTALL)
    assert changed
    assert re.findall(r"[\d.]{6,}", changed[0]) == [f"{one:,}".replace(",", ".") for one in (SOLD, SOLD + 220_000)]
    first = see(organiser, address(evening, "?number=1"))
    assert f'data-figure="net" data-value="{SOLD - REFUNDED}"' in first
    assert "đã được mở lại" in first
    assert organiser.get(address(evening, "?number=9")).status_code == 404
    assert organiser.get(address(evening, "?number=x")).status_code == 404


def test_the_paper_is_the_same_bytes_ever_after(app: Flask, evening: Evening, organiser: FlaskClient) -> None:
    post(organiser, address(evening))
    where = f"/editions/{evening.fair.edition_id}/sheets/1.pdf"
    first = organiser.get(where)
    assert first.mimetype == "application/pdf"
    assert first.data.startswith(b"%PDF-")
    tablet = evening.tablets[0]
    tablet.send(tablet.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
    assert organiser.get(where).data == first.data
    assert organiser.get(f"/editions/{evening.fair.edition_id}/sheets/2.pdf").status_code == 404


@pytest.mark.parametrize("day", ["2026-11-3", "hom-qua", "20261124", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_not_found(evening: Evening, organiser: FlaskClient, day: str) -> None:
    assert organiser.get(f"/editions/{evening.fair.edition_id}/days/{day}/sheet").status_code == 404


def test_days_that_cannot_be_closed_say_why(evening: Evening, organiser: FlaskClient) -> None:
    for day, words in (
        (evening.day + timedelta(days=2), "chưa đến"),
        (evening.day - timedelta(days=40), "không thuộc"),
    ):
        where = f"/editions/{evening.fair.edition_id}/days/{day}/sheet"
        page = see(organiser, where)
        assert words in page
        assert 'id="close"' not in page
        assert post(organiser, where)[0] == 400
    assert organiser.get(address(evening, "/late")).status_code == 404


@pytest.mark.parametrize("login_name", ["nguoiban", "chuthe"])
def test_sellers_and_producers_neither_see_nor_close(evening: Evening, client: FlaskClient, login_name: str) -> None:
    sign_in(client, login_name)
    assert client.get(address(evening)).status_code == 404
    assert client.post(address(evening), data={"csrf_token": csrf_token(client)}).status_code == 404
    assert client.post(address(evening, "/reopen"), data={"csrf_token": csrf_token(client)}).status_code == 404


def test_visitors_stand_on_the_sheet_beside_what_was_planned(
    app: Flask, evening: Evening, organiser: FlaskClient
) -> None:
    (gate,) = make_gates(app, evening.fair)
    phone = pair_phone(app, evening.fair, gate)
    yesterday = now() - timedelta(days=1)
    phone.send(*(phone.group(at=yesterday, people=50) for _ in range(2)))
    plan = {f"plan-{evening.day}": "66", "entry": "0" * 36, "day": evening.day.isoformat()}
    post(organiser, f"/editions/{evening.fair.edition_id}/visitors/plan", **plan)
    page = see(organiser, address(evening))
    assert "đông hơn dự kiến" in page
    assert "Điện thoại cổng «Chị Hoa»" in page
    post(organiser, address(evening))
    phone.send(phone.group(at=yesterday, people=30))
    page = see(organiser, address(evening))
    assert "Lượt vào thay đổi +30" in page
    visitors = see(organiser, f"/editions/{evening.fair.edition_id}/visitors?day={evening.day}")
    assert "đã chốt; sau đó thay đổi +30 lượt vào" in visitors


def test_every_number_of_an_open_day_opens_to_receipts_that_sum_to_it(evening: Evening, organiser: FlaskClient) -> None:
    page = html.unescape(see(organiser, address(evening)))
    links = set(re.findall(r'<a href="(/editions/[^"]+/receipts\?[^"]+)">(−?[\d.]+)\s₫</a>', page))
    assert len(links) >= 8, links
    for where, shown in sorted(links):
        listed = re.search(r'id="sum">(−?[\d.]+)', see(organiser, where))
        assert listed, where
        assert listed[1].lstrip("−") == shown.lstrip("−"), where


def test_transfers_of_a_booth_and_of_a_zone_open_to_those_of_the_day(evening: Evening, organiser: FlaskClient) -> None:
    evening.tablets[1].send(
        evening.tablets[1].sale([(evening.fair.goods[1], 2)], at=now() - timedelta(days=1), method="transfer")
    )
    with evening.app.app_context(), transaction() as session:
        for booth, zone in zip(booths_of(session, evening.fair.edition_id), ("Khu A", ""), strict=True):
            booth.zone = zone
    page = html.unescape(see(organiser, address(evening)))
    for table, ask in (("zones", "zone"), ("booths", "booth")):
        part = page[page.index(f'id="{table}"') :].partition("</section>")[0]
        links = re.findall(r'<a href="(/editions/[^"]+/transfers\?[^"]+)">(−?[\d.]+)\s₫</a>', part)
        assert len(links) >= 2, table
        for where, shown in links:
            assert f"{ask}=" in where
            listed = see(organiser, where)
            (claimed,) = re.findall(r"<dt>Chưa xác nhận</dt><dd[^>]*>([\d.]+)", listed)
            assert claimed == shown, where


def test_the_form_stands_before_the_long_tables_and_says_there_what_is_missing(
    evening: Evening, organiser: FlaskClient
) -> None:
    page = see(organiser, address(evening))
    assert page.index('href="#close"') < page.index('id="paid"') < page.index('id="close"') < page.index('id="booths"')
    evening.heard(evening.tablets[1], waiting=2)
    status, page = post(organiser, address(evening))
    assert status == 400
    form = page[page.index('id="close"') :].partition("</section>")[0]
    assert 'role="alert"' in form
    assert page.count('role="alert"') == 1
    assert re.search(r'aria-current="page">\s*Chốt ngày', page), "the menu stays where it was"


def test_many_tablets_are_folded_into_one_line(app: Flask, evening: Evening, organiser: FlaskClient) -> None:
    more = [pair_tablet(app, evening.fair, number % 2) for number in range(18)]
    at = now() - timedelta(days=1)
    for tablet in more:
        tablet.send(tablet.sale([(evening.fair.goods[0], 1)], at=at))
    evening.heard(*more, waiting=1)
    page = see(organiser, address(evening))
    form = page[page.index('id="close"') :].partition("</section>")[0]
    assert "18 máy chưa gửi hết" in form
    assert "xem từng máy" in form
    assert form.count('name="late"') == 18
    folded = page[page.index('<details id="tablets-late"') :].partition("</details>")[0]
    assert "Xem từng máy (18)" in folded
    assert folded.count("<li>") == 18


def test_a_day_signed_before_its_closing_hour_says_so(evening: Evening, organiser: FlaskClient) -> None:
    day = evening.day
    evening.close(at=datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM))
    assert "Chốt trước giờ đóng cửa (" in see(organiser, address(evening))
    evening.reopen()
    evening.close()
    assert "Chốt trước giờ đóng cửa (" not in see(organiser, address(evening))


def test_the_list_says_which_days_nobody_signed_and_leads_to_signing_them(
    evening: Evening, organiser: FlaskClient
) -> None:
    where = f"/editions/{evening.fair.edition_id}/sheets"

    def row() -> str:
        return see(organiser, where).partition(f'data-day="{evening.day}"')[2].partition("</tr>")[0]

    assert "đã đủ</strong> · chưa chốt" in row()
    assert f'href="/editions/{evening.fair.edition_id}/days/{evening.day}/sheet#close"' in row()
    evening.close()
    assert "chưa chốt" not in row()
    assert "#close" not in row()
