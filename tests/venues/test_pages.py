from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.catalogue.queries import current_version
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.queries import (
    all_editions,
    all_series,
    booths_of,
    get_booth,
    get_edition,
    occupants_of,
)
from fair_pos.venues.tables import Edition
from tests.builders import Fair, csrf_token, make_fair, pair_tablet, sign_in
from tests.visitors.phones import make_gates, pair_phone

EDITION = {
    "kind": "fair", "name": "Tuần lễ OCOP 2027", "place": "Công viên", "series": "", "new_series": "Tuần lễ OCOP",
    "starts_day": "2027-11-20", "ends_day": "2027-11-24", "opens": "08:00", "closes": "22:00", "boundary": "04:00",
}  # fmt: skip


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def send(client: FlaskClient, path: str, fields: Mapping[str, str | list[str]]) -> tuple[int, str, str]:
    """Status, where to, and the page that is shown in the end."""
    answer = client.post(path, data={"csrf_token": csrf_token(client), **fields})
    shown = client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
    return answer.status_code, answer.headers.get("Location", ""), shown.get_data(as_text=True)


# --- editions ---------------------------------------------------------------------------------------------------------


def test_an_edition_is_opened_with_its_series(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "quantri")
    assert "Tạo hội chợ" in client.get("/editions/new").get_data(as_text=True)
    status, target, page = send(client, "/editions/new", EDITION)
    assert status == 302
    assert "Đã tạo «Tuần lễ OCOP 2027»" in page
    assert "quý 4" not in page
    with app.app_context():
        edition = next(one for one in all_editions(reading()) if one.name == "Tuần lễ OCOP 2027")
        assert target == f"/editions/{edition.id}/booths"
        series = all_series(reading())
        assert [one.id for one in series] == [edition.series_id]
    later = EDITION | {
        "name": "Tuần lễ hè",
        "new_series": "",
        "series": series[0].id,
        "starts_day": "2028-06-01",
        "ends_day": "2028-06-02",
    }
    assert "quý 4" in send(client, "/editions/new", later)[2]


def test_changing_the_days_out_of_the_season_warns_too(app: Flask, client: FlaskClient, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, fair.edition_id)
        edition.starts_day, edition.ends_day = date(2027, 12, 28), date(2027, 12, 31)
    sign_in(client, "quantri")
    path = f"/editions/{fair.edition_id}/edit"
    assert "quý 4" not in send(client, path, {"ends_day": "2027-12-30"})[2]
    status, _, page = send(client, path, {"ends_day": "2028-01-02"})
    assert (status, "không nằm trọn trong quý 4 (1/10 đến 31/12)" in page) == (302, True)
    assert "23:59, 00:00 và 03:59 cùng thuộc một ngày" in page


def test_a_frozen_edition_is_shown_without_fields(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "quantri")
    path = f"/editions/{fair.edition_id}/edit"
    assert 'name="ends_day"' in client.get(path).get_data(as_text=True)
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=None)
    page = client.get(path).get_data(as_text=True)
    assert "Số liệu đã khóa nên tên, ngày và giờ không sửa được nữa." in page
    for field in ("name", "place", "ends_day", "opens", "boundary"):
        assert f'name="{field}"' not in page, field
    assert "<dt>Giờ mở cửa</dt>" in page
    assert send(client, path, {"name": "Khác"})[0] == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Còn thiếu: tên hội chợ"),
        ({"starts_day": ""}, "Còn thiếu: ngày bắt đầu"),
        ({"starts_day": "31/02/2027"}, "«31/02/2027» không phải một ngày"),
        ({"ends_day": "2027-11-19"}, "Ngày kết thúc phải sau"),
        ({"ends_day": ""}, "Ngày kết thúc phải sau"),
        ({"opens": "x"}, "Giờ đóng cửa phải sau giờ mở cửa"),
        ({"name": "x" * 400}, "Quá dài: tên hội chợ"),
        ({"series": "nothing", "new_series": ""}, "Không tìm thấy"),
    ],
)
def test_a_wrong_edition_comes_back_with_what_was_typed(
    app: Flask, client: FlaskClient, fair: Fair, change: dict[str, str], words: str
) -> None:
    sign_in(client, "quantri")
    status, _, page = send(client, "/editions/new", EDITION | change)
    assert status in {400, 404}
    assert words in page
    assert 'value="Công viên"' in page
    with app.app_context():
        assert len(all_editions(reading())) == 1
        assert all_series(reading()) == []


def test_only_administrators_open_editions(client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    assert client.get("/editions/new").status_code == 404
    assert send(client, "/editions/new", EDITION)[0] == 404


# --- booths -----------------------------------------------------------------------------------------------------------


def test_a_booth_is_opened_and_its_producers_chosen(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/booths"
    status, target, page = send(client, path, {"code": "b7", "name": "Gian bảy", "zone": "Khu B"})
    assert status == 302
    assert "Đã thêm gian B7" in page
    with app.app_context():
        booth = next(one for one in booths_of(reading(), fair.edition_id) if one.code == "B7")
        before = current_version(reading())
    assert target == f"{path}/{booth.id}"
    assert "chưa có chủ thể nên chưa có gì để bán" in client.get(path).get_data(as_text=True)
    page = send(client, f"{target}/producers", {"producer": fair.producer_ids[:2]})[2]
    assert "Đã lưu chủ thể của gian B7" in page
    assert "chưa có chủ thể nên chưa có gì để bán" not in page
    with app.app_context():
        assert sorted(occupants_of(reading(), booth.id)) == sorted(fair.producer_ids[:2])
        assert current_version(reading()) == before + 1
    assert client.get(target).get_data(as_text=True).count(" checked>") == 2


def test_a_booth_is_renamed(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/booths/{fair.booth_ids[0]}"
    assert "Đã lưu" in send(client, path, {"name": "Gian <mới>", "zone": ""})[2]
    with app.app_context():
        assert get_booth(reading(), fair.booth_ids[0]).name == "Gian <mới>"
    status, _, page = send(client, path, {"name": " ", "zone": "Z"})
    assert (status, "Còn thiếu: tên gian hàng" in page) == (400, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "a01", "name": "Gian"}, "Hội chợ này đã có gian «A01»"),
        ({"code": "???", "name": "Gian"}, "Mã gian hàng chỉ gồm"),
        ({"code": "", "name": "Gian"}, "Còn thiếu: mã gian hàng"),
        ({"code": "C1", "name": ""}, "Còn thiếu: tên gian hàng"),
    ],
)
def test_a_wrong_booth_comes_back_with_a_sentence(
    client: FlaskClient, fair: Fair, fields: dict[str, str], words: str
) -> None:
    sign_in(client, "bantochuc")
    status, _, page = send(client, f"/editions/{fair.edition_id}/booths", fields)
    assert (status, words in page) == (400, True)


def test_an_unknown_producer_is_refused(client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/booths/{fair.booth_ids[0]}/producers"
    status, _, page = send(client, path, {"producer": "nobody"})
    assert (status, "Chủ thể không có trong danh sách" in page) == (400, True)


def test_an_organiser_reaches_no_booth_of_another_edition(app: Flask, client: FlaskClient, fair: Fair) -> None:
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "bantochuc")
    for path in (
        f"/editions/{other.edition_id}/booths",
        f"/editions/{other.edition_id}/booths/{other.booth_ids[0]}",
        f"/editions/{fair.edition_id}/booths/{other.booth_ids[0]}",
        f"/editions/{fair.edition_id}/booths/nothing",
        "/editions/nothing/booths",
    ):
        assert client.get(path).status_code == 404, path
    path = f"/editions/{fair.edition_id}/booths/{other.booth_ids[0]}/producers"
    assert send(client, path, {"producer": fair.producer_ids[:1]})[0] == 404


def test_an_edition_without_booths_says_what_to_do(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "quantri")
    target = send(client, "/editions/new", EDITION)[1]
    assert "Chưa có gian hàng nào" in client.get(target).get_data(as_text=True)


# --- the rules of tills -----------------------------------------------------------------------------------------------

RULES = {
    "cash_rounding": "1000",
    "close_limit": "20.000",
    "refund_limit": "300000",
    "seller_discount": "5",
    "drawer": "yes",
}


def test_an_organiser_sets_the_rules_and_tablets_hear_of_them(app: Flask, client: FlaskClient, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/till-rules"
    sign_in(client, "bantochuc")
    assert "500.000" in client.get(path).get_data(as_text=True)
    status, target, page = send(client, path, RULES)
    assert (status, target) == (302, path)
    assert "Máy bán hàng sẽ tự lấy quy định mới" in page
    with app.app_context():
        edition = get_booth(reading(), fair.booth_ids[0]).edition
        assert (edition.cash_rounding_dong, edition.close_limit_dong, edition.drawer) == (1000, 20_000, True)
        assert current_version(reading()) == 2
    send(client, path, RULES)
    assert send(client, path, RULES | {"seller_discount": "101"})[0] == 400
    assert 'value="rất nhiều"' in send(client, path, RULES | {"refund_limit": "rất nhiều"})[2]
    with app.app_context():
        assert current_version(reading()) == 2


@pytest.mark.parametrize("login", ["nguoiban", "chuthe"])
def test_nobody_else_sets_the_rules(client: FlaskClient, fair: Fair, login: str) -> None:
    sign_in(client, login)
    assert client.get(f"/editions/{fair.edition_id}/till-rules").status_code == 404
    assert send(client, f"/editions/{fair.edition_id}/till-rules", RULES)[0] == 404


# --- changing and hiding an edition -----------------------------------------------------------------------------------


def changed(fair: Fair, **fields: str) -> tuple[str, dict[str, str]]:
    return f"/editions/{fair.edition_id}/edit", {"name": "Tên mới", "place": "Sân vận động", **fields}


def test_an_edition_is_changed_and_tablets_hear_of_it(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "quantri")
    with app.app_context():
        edition = get_edition(reading(), fair.edition_id)
        starts, version = edition.starts_day, current_version(reading())
    ends = (starts + timedelta(days=70)).isoformat()
    page = send(client, *changed(fair, ends_day=ends, opens="07:30", closes="01:00", boundary="05:00"))[2]
    assert "Đã lưu" in page
    assert "Hội chợ dài 71 ngày" in page
    with app.app_context():
        edition = get_edition(reading(), fair.edition_id)
        assert (edition.name, edition.place, edition.ends_day) == (
            "Tên mới",
            "Sân vận động",
            starts + timedelta(days=70),
        )
        assert (edition.opens_minute, edition.closes_minute, edition.day_boundary_minutes) == (450, 1500, 300)
        assert edition.starts_day == starts
        assert current_version(reading()) == version + 1
        (line,) = lines_about(reading(), "edition", fair.edition_id, verb="edition_changed")
        assert line.facts["name"] == ["Hội chợ thử", "Tên mới"]
    send(client, *changed(fair, ends_day=ends, opens="07:30", closes="01:00", boundary="05:00"))
    with app.app_context():
        assert current_version(reading()) == version + 1  # the same again changes nothing


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "x" * 121}, "Quá dài: tên hội chợ (tối đa 120"),
        ({"ends_day": "2001-01-01"}, "Ngày kết thúc phải sau"),
        ({"opens": "23:00"}, "Giờ đóng cửa phải sau"),
        ({"name": " "}, "Còn thiếu: tên hội chợ"),
    ],
)
def test_a_change_that_cannot_be_comes_back(
    client: FlaskClient, fair: Fair, fields: dict[str, str], words: str
) -> None:
    sign_in(client, "quantri")
    status, _, page = send(client, *changed(fair, **fields))
    assert status == 400
    assert words in page


def test_the_boundary_stays_once_something_was_sold(app: Flask, client: FlaskClient, fair: Fair) -> None:
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    sign_in(client, "quantri")
    path, fields = changed(fair, boundary="05:00")
    assert "Đã có phiếu bán hoặc lượt khách nên không đổi được giờ chuyển ngày." in send(client, path, fields)[2]
    assert send(client, path, fields | {"boundary": "04:00"})[0] == 302
    with app.app_context():
        edition = get_edition(reading(), fair.edition_id)
        assert (edition.name, edition.day_boundary_minutes) == ("Tên mới", 240)
        assert prove(reading()).sales == 1


def test_the_boundary_stays_once_somebody_was_counted(app: Flask, client: FlaskClient, fair: Fair) -> None:
    """Else one evening's visitors would stand on two days, and its minutes on neither."""
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    sign_in(client, "quantri")
    assert send(client, *changed(fair, boundary="05:00"))[0] == 302, "a phone alone has counted nobody yet"
    phone.send(phone.tap())
    assert "Đã có phiếu bán hoặc lượt khách" in send(client, *changed(fair, boundary="03:00"))[2]
    with app.app_context():
        assert get_edition(reading(), fair.edition_id).day_boundary_minutes == 300


def test_an_edition_opened_by_mistake_is_hidden_and_its_first_sale_shows_it(
    app: Flask, client: FlaskClient, fair: Fair
) -> None:
    def shown() -> list[str]:
        with app.app_context():
            return [one.id for one in all_editions(reading())]

    sign_in(client, "quantri")
    assert send(client, f"/editions/{fair.edition_id}/hide", {})[0] == 302
    assert shown() == []
    assert "Hội chợ thử" in client.get("/editions/new").get_data(as_text=True)
    assert send(client, f"/editions/{fair.edition_id}/show", {})[0] == 302
    assert shown() == [fair.edition_id]
    send(client, f"/editions/{fair.edition_id}/hide", {})
    tablet = pair_tablet(app, fair)  # with a code that was made before
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    assert shown() == [fair.edition_id]
    status, _, page = send(client, f"/editions/{fair.edition_id}/hide", {})
    assert status == 400
    assert "đã có máy bán hàng, phiếu bán" in page
    with app.app_context():
        verbs = [one.verb for one in lines_about(reading(), "edition", fair.edition_id)]
        assert verbs == ["edition_hidden", "edition_shown", "edition_hidden", "edition_shown"]


def test_an_edition_with_a_gates_phone_is_not_hidden(app: Flask, client: FlaskClient, fair: Fair) -> None:
    pair_phone(app, fair, make_gates(app, fair)[0])
    sign_in(client, "quantri")
    assert f"/editions/{fair.edition_id}/hide" not in client.get(f"/editions/{fair.edition_id}/edit").get_data(
        as_text=True
    )
    status, _, page = send(client, f"/editions/{fair.edition_id}/hide", {})
    assert (status, "đã đếm khách" in page) == (400, True)
    with app.app_context():
        assert [one.id for one in all_editions(reading())] == [fair.edition_id]


@pytest.mark.parametrize("path", ["edit", "hide", "show"])
def test_only_an_administrator_changes_an_edition(client: FlaskClient, fair: Fair, path: str) -> None:
    sign_in(client, "bantochuc")
    assert send(client, f"/editions/{fair.edition_id}/{path}", {})[0] == 404


def test_rules_saved_by_several_at_once_are_all_saved(app: Flask, fair: Fair) -> None:
    """Each looks whether the edition is frozen and then changes it: sharing its row for the look, two would wait for each other."""

    def once(number: int) -> int:
        client = app.test_client()
        sign_in(client, "bantochuc")
        return send(client, f"/editions/{fair.edition_id}/till-rules", RULES | {"seller_discount": str(number)})[0]

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(once, range(20, 24))) == {302}
    with app.app_context():
        verbs = [one.verb for one in lines_about(reading(), "edition", fair.edition_id)]
    assert verbs == ["till_rules_set"] * 4


def test_pages_of_a_frozen_edition_say_so_before_anyone_types(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "quantri")
    edition = f"/editions/{fair.edition_id}"
    paths = ("booths", f"booths/{fair.booth_ids[0]}", "edit", "till-rules")
    assert not any("Số liệu đã khóa" in client.get(f"{edition}/{path}").get_data(as_text=True) for path in paths)
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=None)
    for path in paths:
        assert "Số liệu đã khóa" in client.get(f"{edition}/{path}").get_data(as_text=True), path
    assert "Thêm gian hàng" not in client.get(f"{edition}/booths").get_data(as_text=True)
