"""The page of published figures through the browser's door: freezing, what came late, adjusting, stating, and who may."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.published.queries import open_items, published_of
from fair_pos.published.rules import Published
from tests.builders import Fair, Tablet, csrf_token, make_fair, pair_tablet, sign_in
from tests.published.freezing import freeze, noon, past_fair, starts_of


@pytest.fixture
def past(app: Flask) -> tuple[Fair, Tablet]:
    return past_fair(app)


@pytest.fixture
def fair(past: tuple[Fair, Tablet]) -> Fair:
    return past[0]


@pytest.fixture
def organiser(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def see(client: FlaskClient, fair: Fair, path: str = "") -> str:
    answer = client.get(f"/editions/{fair.edition_id}/published{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def post(client: FlaskClient, fair: Fair, path: str, **fields: str | list[str]) -> tuple[int, str]:
    form = {"csrf_token": csrf_token(client)} | fields
    answer = client.post(f"/editions/{fair.edition_id}/published/{path}", data=form, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def published(app: Flask, fair: Fair) -> Published:
    with app.app_context():
        return published_of(reading(), fair.edition_id)


def row_of(page: str, name: str) -> str:
    found = re.search(rf'<tr role="row" data-name="{name}">(.*?)</tr>', page, re.DOTALL)
    assert found, name
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group(1)))


def all_ticks(page: str) -> list[str]:
    return re.findall(r'name="known" value="([^"]+)"', page)


def test_freezing_through_the_page(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    page = see(organiser, fair)
    assert "Chưa công bố số nào." in page
    assert "không có cách mở lại" in page
    ticks = all_ticks(page)
    assert len(ticks) == 6
    status, page = post(organiser, fair, "freeze", known=ticks[:5])
    assert status == 400
    assert "Còn 2 điều chưa xong" in page  # a late tablet, and that it is final
    status, page = post(organiser, fair, "freeze", known=ticks[:5], sure="yes")
    assert "Còn 1 điều chưa xong" in page
    assert page.count(" checked>") == 5  # what was ticked stays so
    assert published(app, fair).is_empty
    status, page = post(organiser, fair, "freeze", known=ticks, sure="yes")
    assert status == 200
    assert "Đã khóa số liệu" in page
    assert "Khóa số liệu và công bố" not in page
    found = published(app, fair)
    assert found.frozen_at is not None
    assert re.search(r"Chưa chốt ngày \d\d/\d\d/\d{4}–\d\d/\d\d/\d{4}\.$", found.entries[0].reason)
    assert "Máy bán hàng chưa gửi đủ: A." in found.entries[0].reason
    status, page = post(organiser, fair, "freeze", known=ticks, sure="yes")
    assert status == 409
    assert "đã được khóa" in page


def test_a_running_fair_says_when_it_can_be_frozen_and_how_many_of_its_days_have_begun(
    app: Flask, client: FlaskClient
) -> None:
    fair = make_fair(app)  # the third of its five days
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    sign_in(client, "bantochuc")
    page = see(client, fair)
    assert "3 trên 5 ngày" in row_of(page, "days")
    assert "Khóa được từ" in page
    assert "nhờ quản trị viên sửa ngày cuối trước" in page
    assert 'name="sure"' not in page
    status, page = post(client, fair, "freeze", known=[], sure="yes")
    assert status == 409
    assert "Hội chợ còn bán đến" in page
    assert published(app, fair).is_empty


def test_what_came_late_stands_beside_what_was_published(
    app: Flask, past: tuple[Fair, Tablet], organiser: FlaskClient
) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
    assert "Chưa có gì đến muộn" in see(organiser, fair)
    assert "Bấm vào một số công bố để xem lịch sử hoặc điều chỉnh." in see(organiser, fair)
    late = tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair)))
    tablet.send(late)
    page = see(organiser, fair)
    net, more = 2 * fair.goods[0].price_dong + fair.goods[1].price_dong, 3 * fair.goods[1].price_dong
    said = row_of(page, "net_dong")
    for number in (net, net + more):
        assert f"{number:,}".replace(",", ".") in said
    assert f"+{more:,}".replace(",", ".") in said
    assert f"/sales/{late['id']}" in page
    assert "1 phiếu bán và 0 phiếu trả" in page
    assert "đúng lúc khóa" not in page
    assert published(app, fair).value("net_dong") == net
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    ticked = re.findall(r'name="take" value="([^"]+)" checked', page)
    assert len(ticked) == 6
    status, page = post(organiser, fair, "take-in", seen=seen.group(1), reason="vì", take=ticked[:2])
    assert (status, "Hãy ghi lý do" in page) == (400, True)
    assert re.findall(r'name="take" value="([^"]+)" checked', page) == ticked[:2]
    status, page = post(organiser, fair, "take-in", seen="another", reason="Máy A gửi muộn", take=ticked)
    assert (status, "vừa thay đổi" in page) == (409, True)
    status, page = post(organiser, fair, "take-in", seen=seen.group(1), reason="Máy A gửi muộn", take=ticked)
    assert status == 200
    assert "số của hệ thống; Máy A gửi muộn" in page
    assert published(app, fair).value("net_dong") == net + more
    # The list of what came late stays, since it is why the figure changed.
    assert f"/sales/{late['id']}" in page


def test_an_adjustment_is_no_late_figure(app: Flask, past: tuple[Fair, Tablet], organiser: FlaskClient) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
    net = published(app, fair).value("net_dong")
    post(organiser, fair, "net_dong", was=str(net), held=str(net), value="1,5 triệu", reason="Cộng nhầm phiếu in lại")
    page = see(organiser, fair)
    assert 'name="take"' not in page
    assert "Chưa có gì đến muộn. Số nào khác" in page
    assert f"−{1_500_000 - (net or 0):,}".replace(",", ".") in row_of(page, "net_dong")
    tablet.send(tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair))))
    page = see(organiser, fair)
    assert f"khi đó hệ thống có {net:,}".replace(",", ".") in page
    assert "điều chỉnh thành 1.500.000\u00a0₫ lúc" in page
    assert re.findall(r'name="take" value=":net_dong"( checked)?', page) == [""]
    assert re.findall(r'name="take" value=":sold_dong"( checked)?', page) == [" checked"]


def test_what_was_on_its_way_when_the_figures_were_frozen_is_said(
    app: Flask, past: tuple[Fair, Tablet], organiser: FlaskClient
) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
    # It reached the door before the freezing and had to wait for it.
    tablet.send(tablet.sale([(fair.goods[1], 1)], at=noon(starts_of(fair))), at=now() - timedelta(minutes=1))
    assert "350.000\u00a0₫ nữa là của phiếu đang gửi đúng lúc khóa." in see(organiser, fair)


def test_one_figure_with_its_history(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    with app.app_context():
        freeze(fair)
    net = published(app, fair).value("net_dong")
    page = see(organiser, fair, "/net_dong")
    assert f'name="was" value="{net}"' in page
    status, page = post(organiser, fair, "net_dong", was=str(net), value="1,5 triệu", reason="Cộng nhầm phiếu in lại")
    assert status == 200
    assert "Cộng nhầm phiếu in lại" in page
    assert [one.value for one in published(app, fair).history("net_dong")] == [net, 1_500_000]
    assert "khác bán ra" in page  # net is no longer sold less refunded, and the page says so
    status, page = post(organiser, fair, "net_dong", was=str(net), value="2 triệu", reason="Người khác cùng sửa")
    assert (status, "vừa thay đổi" in page) == (409, True)
    status, page = post(organiser, fair, "net_dong", was="1500000", value="nhiều", reason="Không đọc được")
    assert (status, "không phải số đúng" in page) == (400, True)
    assert 'value="Không đọc được"' in page  # what was typed is still there
    status, page = post(organiser, fair, "net_dong", was="1500000", what="take_back", reason="Chờ kiểm lại")
    assert status == 200
    assert published(app, fair).value("net_dong") is None
    day = starts_of(fair).isoformat()
    assert "Lịch sử của số này" in see(organiser, fair, f"/net_dong?day={day}")
    for path in ("/no_such", f"/days?day={day}", "/net_dong?day=x"):
        assert organiser.get(f"/editions/{fair.edition_id}/published{path}").status_code == 404


def test_an_old_fair_is_typed_in_with_its_source(app: Flask, client: FlaskClient) -> None:
    old = make_fair(app, starts=date(2017, 9, 1))
    sign_in(client, "bantochuc")
    page = see(client, old)
    assert "chưa có số liệu nào" in page
    assert 'name="net_dong"' in page
    status, page = post(client, old, "state", visits="54.000", net_dong="6,8 tỷ", days="6", source="báo")
    assert (status, "nguồn" in page) == (400, True)
    assert 'value="6,8 tỷ"' in page
    source = "Báo Quảng Ninh, 6/9/2017"
    status, page = post(client, old, "state", visits="54.000", net_dong="6,8 tỷ", days="6", source=source)
    assert status == 200
    assert "6.800.000.000" in row_of(page, "net_dong")
    assert source in row_of(page, "visits")
    assert "Nguồn ghi 6 ngày, hội chợ mở 5 ngày." in page
    status, _page = post(client, old, "state", visits="12.000", day="2017-09-01", source=source)
    assert status == 200
    found = published(app, old)
    assert (found.value("visits"), found.value("visits", date(2017, 9, 1)), found.value("receipts")) == (54_000, 12_000, None)  # fmt: skip
    status, page = post(client, old, "visits", was="54000", value="55.000", source="Báo cáo của Sở")
    assert status == 200
    assert "Báo cáo của Sở" in page
    status, _page = post(client, old, "visits", was="55000", what="take_back", reason="Của hội chợ khác")
    assert (status, published(app, old).value("visits")) == (200, None)


def test_what_the_system_counts_itself_is_not_typed(fair: Fair, organiser: FlaskClient) -> None:
    page = see(organiser, fair)
    form = page[page.index('id="state"') :]
    assert 'name="visits"' in form
    assert 'name="net_dong"' not in form
    status, page = post(organiser, fair, "state", net_dong="5", source="Báo Quảng Ninh")
    assert (status, "tự tính được" in page) == (400, True)


def test_who_may(app: Flask, fair: Fair, client: FlaskClient) -> None:
    make_fair(app, name="Hội chợ khác")
    address = f"/editions/{fair.edition_id}/published"
    for login in ("nguoiban", "chuthe", "bantochuc.hoi-cho-khac"):
        browser = app.test_client()
        sign_in(browser, login)
        assert browser.get(address).status_code == 404
        token = csrf_token(browser)
        for path in ("freeze", "take-in", "state", "net_dong"):
            assert browser.post(f"{address}/{path}", data={"csrf_token": token}).status_code == 404
    assert client.get(address).status_code == 302
    assert published(app, fair).is_empty


def test_every_number_of_the_system_opens(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    page = see(organiser, fair)
    links = set(re.findall(rf'href="(/editions/{fair.edition_id}/[^"#]+)"', page.replace("&amp;", "&")))
    wanted = [one for one in links if "receipts" in one or "booths" in one]
    assert len(wanted) >= 8
    for link in wanted:
        assert organiser.get(link).status_code == 200, link


def test_in_english(fair: Fair, organiser: FlaskClient) -> None:
    organiser.post("/language/en", data={"csrf_token": csrf_token(organiser), "next": "/"})
    page = see(organiser, fair)
    assert "Freezing is final" in page
    assert "Khóa là hẳn" not in page


def test_the_ticks_are_those_that_are_open(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    with app.app_context():
        opened = [one.key for one in open_items(reading(), fair.edition_id, now())]
    assert all_ticks(see(organiser, fair)) == opened
