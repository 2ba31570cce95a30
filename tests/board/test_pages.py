"""The organiser's board, displays, the wall's shell, and what the public sees."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.board import pages
from fair_pos.board.pages import built_wall
from fair_pos.board.queries import displays_of, find_public_board
from fair_pos.board.rules import MONEY_STEP_DONG, RECEIPT_STEP, VISITOR_STEP
from fair_pos.daysheet.tables import DaySheet
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.words import clock, dong
from fair_pos.till.tables import Device
from fair_pos.venues.programme import add_item
from fair_pos.venues.rules import ItemSaid
from fair_pos.venues.tables import Edition
from tests.board.stage import Stage, a_year_ago, board_for, set_stage
from tests.builders import BOUNDARY, csrf_token, sign_in
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def stage(app: Flask) -> Stage:
    return set_stage(app, booths=6)


@pytest.fixture
def organiser(stage: Stage, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def of(stage: Stage, path: str) -> str:
    return f"/editions/{stage.fair.edition_id}/{path}"


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=fields | {"csrf_token": csrf_token(client)}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def text_of(page: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", page))


# --- the organiser's board --------------------------------------------------------------------------------------------


def number(page: str, name: str) -> str:
    return text_of(page.split(f'data-number="{name}">')[1].split("</dd>", maxsplit=1)[0]).strip()


def test_the_board_says_what_the_day_says(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    one, two = stage.tablets[:2]
    goods = stage.fair.goods[0]
    one.send(one.sale([(goods, 3)]))
    two.send(sale := two.sale([(goods, 1)]), two.sale([(goods, 1)], refund_of=sale["id"]))
    stage.earlier.send(stage.earlier.sale([(stage.before.goods[0], 2)], at=a_year_ago(9)))
    page = organiser.get(of(stage, "live")).get_data(as_text=True)
    assert [number(page, name) for name in ("net", "receipts", "visitors", "selling")] == [
        dong(3 * goods.price_dong), "2", "không đếm", "2 /6",
    ]  # fmt: skip
    assert "So với Hội chợ năm ngoái" in page
    assert dong(2 * stage.before.goods[0].price_dong) in page
    assert "A01 · Gian 1" in page
    assert f"Xem lúc {now().astimezone(VIETNAM):%d/%m/%Y}" in page  # after midnight another day than the fair's
    day = organiser.get(of(stage, "")).get_data(as_text=True)
    assert dong(3 * goods.price_dong) in day


def test_every_number_of_money_opens_to_its_receipts(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    for at, tablet in enumerate(stage.tablets):
        tablet.send(tablet.sale([(stage.fair.goods[at], at + 1)]))
    page = organiser.get(of(stage, "live")).get_data(as_text=True)
    links = re.findall(r'<a href="(/editions/[^"]+/receipts[^"]*)">([^<]+)</a>', page)
    assert len(links) >= 2 + 5 + 5 + 6
    for href, shown in links:
        behind = organiser.get(href.replace("&amp;", "&")).get_data(as_text=True)
        assert shown in behind, (href, shown)


def test_visitors_and_the_crowd_stand_on_it(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, stage.fair)
    post(organiser, of(stage, "crowd-rule"), limit="31", reentry="")
    phone = pair_phone(app, stage.fair, gate)
    phone.send(phone.group())
    page = organiser.get(of(stage, "live")).get_data(as_text=True)
    assert number(page, "visitors") == "30"
    assert "Rất đông:\n  30 trên 31 người (96 %)." in page
    assert "Nên tạm ngừng cho vào." in page


def test_before_and_after_the_fair_it_says_so(app: Flask, stage: Stage, client: FlaskClient) -> None:
    sign_in(client, "quantri")
    assert "đã kết thúc" in client.get(f"/editions/{stage.before.edition_id}/live").get_data(as_text=True)
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, stage.fair.edition_id)
        edition.starts_day += timedelta(days=7)
        edition.ends_day = edition.starts_day + timedelta(days=2)
    page = client.get(of(stage, "live")).get_data(as_text=True)
    assert "chưa mở" in page
    assert "Kỳ này chưa bắt đầu nên chưa so với kỳ trước." in page
    assert "Chưa có kỳ trước" not in page, "there is one"


def test_every_part_that_names_the_day_is_taken_over_when_the_day_changes(stage: Stage, organiser: FlaskClient) -> None:
    """static/board/live.js puts in what is marked data-live; the way to yesterday's tables would stay for ever."""
    page = organiser.get(of(stage, "live")).get_data(as_text=True)
    way = page.split('<p data-live="whole-day">')[1].split("</p>")[0]
    assert f"day={fair_day(now(), BOUNDARY)}" in way


def test_the_plot_is_an_image_of_the_same_figures(stage: Stage, organiser: FlaskClient) -> None:
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 3)]))
    answer = organiser.get(of(stage, "live/hours.svg"))
    assert answer.mimetype == "image/svg+xml"
    assert "660k" in answer.get_data(as_text=True)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert organiser.get(of(stage, "live/hours.svg?narrow=1")).data != answer.data


def test_the_programme_stands_in_the_plot_and_its_numbers_beneath(
    app: Flask, stage: Stage, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def address() -> str:
        return str(re.findall(r'hours\.svg\?v=(\w+)"', organiser.get(of(stage, "live")).get_data(as_text=True))[0])

    before = address()
    said = ItemSaid(fair_day(now(), BOUNDARY), 10 * 60 + 30, "opening", "Khai mạc")
    with app.app_context(), transaction() as session:
        add_item(session, stage.fair.edition_id, said, at=now(), by=None)
    stage.tablets[0].send(stage.tablets[0].sale([(stage.fair.goods[0], 3)]))
    later = now() + timedelta(seconds=2)
    monkeypatch.setattr(pages, "now", lambda: later)  # one reading serves for a second
    assert address() != before, "what changed is asked for anew"
    assert "10:30 Khai mạc" in organiser.get(of(stage, "live/hours.svg")).get_data(as_text=True)
    assert "<li>10:30 Khai mạc</li>" in organiser.get(of(stage, "live")).get_data(as_text=True)


def test_sellers_and_other_organisers_see_no_board(stage: Stage, client: FlaskClient) -> None:
    for login in ("nguoiban", "chuthe", "bantochuc.hoi-cho-nam-ngoai"):
        sign_in(client, login)
        for path in ("live", "live/hours.svg", "displays"):
            assert client.get(of(stage, path)).status_code == 404, (login, path)
        assert post(client, of(stage, "displays"), name="x")[0] == 404


# --- displays ---------------------------------------------------------------------------------------------------------


def test_a_display_s_address_is_shown_once(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    assert "Chưa có màn hình nào" in organiser.get(of(stage, "displays")).get_data(as_text=True)
    status, page = post(organiser, of(stage, "displays"), name="Cửa chính")
    assert status == 200
    token = re.findall(r"https://fair\.example/wall/#([\w-]{43})<", page)[0]
    assert "<svg" in page
    answer = board_for(app.test_client(), token)
    assert (answer.status_code, answer.json["top_kind"]) == (200, "products")
    with app.app_context():
        (display,) = displays_of(reading(), stage.fair.edition_id)
    again = organiser.get(of(stage, f"displays/{display.id}/address"), follow_redirects=True).get_data(as_text=True)
    assert "chỉ hiện một lần" in again
    assert token not in again
    page = organiser.get(of(stage, "displays")).get_data(as_text=True)
    assert "Cửa chính" in page
    assert "đang mở" in page


def test_a_display_may_show_makers_when_somebody_ticks_it(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    page = post(organiser, of(stage, "displays"), name="Phòng họp", shows_makers="yes")[1]
    token = re.findall(r"/wall/#([\w-]{43})<", page)[0]
    assert board_for(app.test_client(), token).json["top_kind"] == "booths"


def test_a_display_without_a_name_is_asked_for_one(stage: Stage, organiser: FlaskClient) -> None:
    status, page = post(organiser, of(stage, "displays"), name=" ")
    assert (status, "Hãy ghi tên màn hình" in page) == (400, True)


def test_a_display_is_switched_off_after_a_question(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    page = post(organiser, of(stage, "displays"), name="Cửa chính")[1]
    token = re.findall(r"/wall/#([\w-]{43})<", page)[0]
    with app.app_context():
        (display,) = displays_of(reading(), stage.fair.edition_id)
    assert "Ngừng màn hình «Cửa chính»?" in organiser.get(of(stage, f"displays/{display.id}/revoke")).get_data(
        as_text=True
    )
    assert board_for(app.test_client(), token).status_code == 200
    assert "đang mở" in organiser.get(of(stage, "displays")).get_data(as_text=True)
    for expected in ("Đã ngừng màn hình", "đã ngừng"):
        status, page = post(organiser, of(stage, f"displays/{display.id}/revoke"))
        assert (status, expected in page) == (200, True)
    assert "đang mở" not in organiser.get(of(stage, "displays")).get_data(as_text=True), "it opens nothing any more"
    assert board_for(app.test_client(), token).status_code == 401
    assert organiser.get(of(stage, "displays/x/revoke")).status_code == 404
    other = f"/editions/{stage.before.edition_id}/displays/{display.id}/revoke"
    assert organiser.get(other).status_code == 404


# --- the wall's shell -------------------------------------------------------------------------------------------------


def test_the_shell_holds_nothing_and_sets_no_cookie(
    client: FlaskClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "built_wall", lambda _manifest: ("/static/wall/main.js", ("/static/wall/main.css",)))
    answer = client.get("/wall/")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert '<script type="module" src="/static/wall/main.js">' in page
    assert '<html lang="vi" data-theme="dark">' in page
    assert '<html lang="en"' in client.get("/wall/?lang=en").get_data(as_text=True)
    assert '<html lang="vi"' in client.get("/wall/?lang=xx").get_data(as_text=True)
    assert stage.fair.edition_id not in page


def test_the_built_program_is_found_by_its_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    with pytest.raises(NotFound):
        built_wall(manifest)
    entry = {"isEntry": True, "file": "assets/main-1.js", "css": ["assets/main-2.css"]}
    manifest.write_text(json.dumps({"x": {"file": "assets/x.js"}, "src/wall/main.tsx": entry}))
    assert built_wall(manifest) == ("/static/wall/assets/main-1.js", ("/static/wall/assets/main-2.css",))


# --- the public -------------------------------------------------------------------------------------------------------


def switch(client: FlaskClient, stage: Stage, on: str) -> str:
    return post(client, of(stage, "public-board"), on=on)[1]


def test_the_public_board_is_there_while_it_is_on(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    visitor = app.test_client()
    assert visitor.get("/fair/hoi-cho-thu").status_code == 404
    page = switch(organiser, stage, "yes")
    assert "Đã bật bảng công khai" in page
    assert "https://fair.example/fair/hoi-cho-thu" in page
    answer = visitor.get("/fair/hoi-cho-thu")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    own = organiser.get("/fair/hoi-cho-thu")
    assert "Set-Cookie" in own.headers, "a session is renewed with every answer"
    assert own.headers["Cache-Control"] == "private, max-age=60", "and no cache may hand it to others"
    page = answer.get_data(as_text=True)
    assert page.count("chưa đủ số liệu") == 3
    assert "<script" not in page
    assert 'lang="en"' in visitor.get("/fair/hoi-cho-thu/en").get_data(as_text=True)
    assert "Đã tắt bảng công khai" in switch(organiser, stage, "no")
    for path in ("/fair/hoi-cho-thu", "/fair/hoi-cho-thu/en", "/fair/hoi-cho-thu/vi", "/fair/x"):
        assert visitor.get(path).status_code == 404


def test_outside_its_days_it_shows_no_figure(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    switch(organiser, stage, "yes")
    tablet = stage.tablets[0]
    tablet.send(tablet.sale([(stage.fair.goods[0], 3)]))
    for shift, words in ((7, "mở cửa ngày"), (-14, "đã kết thúc")):
        with app.app_context(), transaction() as session:
            edition = session.get_one(Edition, stage.fair.edition_id)
            edition.starts_day += timedelta(days=shift)
            edition.ends_day = edition.starts_day + timedelta(days=2)
        page = app.test_client().get("/fair/hoi-cho-thu").get_data(as_text=True)
        assert words in page
        assert "<dl>" not in page


def numbers_in(page: str) -> list[int]:
    return [int(one.replace(".", "")) for one in re.findall(r"\d[\d.]*", text_of(page))]


def test_random_sales_leave_only_whole_steps_and_nothing_of_the_edition_on_the_page(
    app: Flask, stage: Stage, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands on the page besides the fair's name and days: the time, the steps, and whole multiples of them."""
    switch(organiser, stage, "yes")
    random, began, moved = Random(20261124), now(), set[tuple[int, ...]]()
    (gate,) = make_gates(app, stage.fair)
    phone = pair_phone(app, stage.fair, gate)
    secrets = [*stage.fair.booth_ids, *stage.fair.producer_ids, "Gian", "Hợp tác xã", "A01"]
    secrets += [goods.name for goods in stage.fair.goods]
    for minute in range(6):
        at = began + timedelta(minutes=minute)
        for tablet in stage.tablets:
            sales = random.randint(4, 9)
            parcels = [tablet.sale([(random.choice(stage.fair.goods), random.randint(1, 3))]) for _ in range(sales)]
            tablet.send(*parcels, at=at - timedelta(seconds=20))
        phone.send(*(phone.group() for _ in range(random.randint(1, 3))), phone.tap())
        page = public_page(app, monkeypatch, at)
        assert [secret for secret in secrets if secret in page] == []
        shown = text_of(page.split("<dl>")[1].split("</dl>")[0])
        values = [int(one.replace(".", "")) for one in re.findall(r"\d[\d.]*", shown)]
        steps = [VISITOR_STEP, RECEIPT_STEP, MONEY_STEP_DONG]
        assert len(values) + shown.count("chưa đủ số liệu") == 3
        assert all(any(value % step == 0 for step in steps) for value in values)
        assert all(value % 50 == 0 for value in values)
        rest = text_of(page.replace(page.split("<dl>")[1].split("</dl>")[0], " "))
        day = fair_day(at, BOUNDARY)
        for known in (clock(at), f"{day:%d/%m/%Y}", "10.000.000", "100", "50"):
            rest = rest.replace(known, " ")
        rest = re.sub(r"\d\d/\d\d/\d{4}", " ", rest)
        assert numbers_in(rest) == []
        moved.add(tuple(values))
    assert 1 < len(moved) < 6, "it moved, and not with every minute's sales"


def public_page(app: Flask, monkeypatch: pytest.MonkeyPatch, at: datetime) -> str:
    monkeypatch.setattr(pages, "now", lambda: at)
    answer = app.test_client().get("/fair/hoi-cho-thu")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_within_a_minute_the_public_is_told_the_same(
    app: Flask, stage: Stage, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(organiser, stage, "yes")
    at = now()
    first = public_page(app, monkeypatch, at)
    for tablet in stage.tablets:
        tablet.send(*(tablet.sale([(stage.fair.goods[0], 1)]) for _ in range(20)), at=at)
    assert public_page(app, monkeypatch, at + timedelta(seconds=59)) == first
    later = text_of(public_page(app, monkeypatch, at + timedelta(seconds=60)))
    assert "ít nhất 100" in later
    assert "ít nhất 20.000.000" in later


def test_the_switch_is_remembered_with_its_time(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    switch(organiser, stage, "yes")
    with app.app_context():
        board = find_public_board(reading(), stage.fair.edition_id)
        assert board is not None
        assert board.changed_by == stage.fair.people["bantochuc"]
    assert "Bật lần cuối" in organiser.get(of(stage, "displays")).get_data(as_text=True)


def test_the_public_is_told_whether_it_may_change_and_whether_it_is_real(
    app: Flask, stage: Stage, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words, without how many tablets there are: that tells how many booths sell (docs/decisions/0023)."""
    switch(organiser, stage, "yes")
    at = now()
    page = text_of(public_page(app, monkeypatch, at))
    assert f"Tạm tính: số nhận đến {clock(at)}; máy bán hàng còn gửi thêm" in page
    assert "dữ liệu mẫu" not in page
    assert f"/{len(stage.tablets)}" not in page
    with app.app_context(), transaction() as session:
        session.get_one(Device, stage.tablets[0].device_id).sample = True
        day, by = fair_day(at, BOUNDARY), stage.fair.people["bantochuc"]
        session.add(
            DaySheet(
                id=named_id("sheet"), edition_id=stage.fair.edition_id, fair_day=day, number=1, round=1, closed_at=at, closed_by=by,
                receipts=0, refunds=0, sold_dong=0, refunded_dong=0, content="{}", digest="",
            )
        )  # fmt: skip
    stage.tablets[0].send(stage.tablets[0].sale([(stage.fair.goods[0], 1)]), at=at)
    page = text_of(public_page(app, monkeypatch, at))
    assert "Đã chốt: ban tổ chức đã ký số của ngày này" in page
    assert "Tạm tính" not in page
    assert "dữ liệu mẫu" in page
    assert "dữ liệu mẫu" in organiser.get(of(stage, "live")).get_data(as_text=True)
