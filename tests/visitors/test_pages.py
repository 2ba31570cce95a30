"""The visitors of a day as an organiser sees and signs them."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import transaction
from fair_pos.settings import TOP
from fair_pos.venues.actions import freeze_edition
from fair_pos.visitors.counters import guess_columns, read_counter_file, read_rows
from fair_pos.visitors.pages import hundredths, signed
from fair_pos.visitors.tables import GateDevice
from tests.builders import BOUNDARY, Fair, csrf_token, make_fair, pair_tablet, sign_in
from tests.visitors.phones import make_gates, pair_phone, sums


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def organiser(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def yesterday() -> date:
    return fair_day(now(), BOUNDARY) - timedelta(days=1)


def at(hour: int) -> datetime:
    day = yesterday()
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=VIETNAM)


def see(client: FlaskClient, fair: Fair, day: date | None = None) -> str:
    address = f"/editions/{fair.edition_id}/visitors" + (f"?day={day.isoformat()}" if day else "")
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def figure(page: str, name: str) -> str:
    found = re.search(rf'data-figure="{name}" data-value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def post(client: FlaskClient, fair: Fair, path: str, **fields: str) -> tuple[int, str]:
    form = {"csrf_token": csrf_token(client), "entry": new_id(), "day": yesterday().isoformat()} | fields
    answer = client.post(f"/editions/{fair.edition_id}/visitors/{path}", data=form, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_every_figure_stands_with_what_it_means(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    first, second = make_gates(app, fair, 2)
    one, two = pair_phone(app, fair, first), pair_phone(app, fair, second)
    one.send(*(one.tap(at=at(9)) for _ in range(7)))
    two.send(two.group(at=at(10)), two.tap("out", at=at(11)))
    page = see(organiser, fair, yesterday())
    assert [figure(page, name) for name in ("entries", "inside", "peak", "distinct")] == ["37", "36", "37", ""]
    for words in ("Ai vào hai lần tính hai", "cùng lúc", "Cần tỷ lệ người vào lại", "30 người đi theo đoàn"):
        assert words in page, words
    assert f'data-gate="{first}" data-value="7"' in page
    assert f'data-gate="{second}" data-value="30"' in page


def test_an_edition_without_gates_says_what_to_do(fair: Fair, organiser: FlaskClient) -> None:
    page = see(organiser, fair)
    assert "chưa có cổng nào" in page
    assert organiser.get(f"/editions/{fair.edition_id}/visitors?day=x").status_code == 404


def test_a_correction_is_signed_on_the_page(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    phone.send(*(phone.tap(at=at(9)) for _ in range(10)))
    fields = {
        "gate": gate,
        "hour": "9",
        "direction": "in",
        "people": "3",
        "change": "fewer",
        "reason": "Nhân viên ra vào",
    }
    entry = new_id()
    status, page = post(organiser, fair, "corrections", entry=entry, **fields)
    assert status == 200
    assert figure(page, "entries") == "7"
    assert "Đã bấm 10 lượt vào, điều chỉnh −3" in " ".join(page.split())
    assert "Nhân viên ra vào" in page
    assert "Vừ A bantochuc" in page
    status, page = post(organiser, fair, "corrections", entry=entry, **fields)
    assert (status, figure(page, "entries")) == (200, "7"), "the same form again"
    status, page = post(organiser, fair, "corrections", **{**fields, "people": "8"})
    assert (status, "chỉ đếm 7" in page) == (400, True)
    assert 'value="Nhân viên ra vào"' in page, "what was typed is still there"
    assert post(organiser, fair, "corrections", **{**fields, "reason": ""})[0] == 400


def test_paper_is_typed_by_the_hour(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    fields = {"gate": gate, "hour": "9", "people_in": "120", "people_out": "20", "note": "Mất điện"}
    status, page = post(organiser, fair, "tallies", **fields)
    assert (status, figure(page, "entries"), "giấy 120" in page) == (200, "120", True)
    status, page = post(organiser, fair, "tallies", **{**fields, "people_in": "125"})
    assert (figure(page, "entries"), "đã thay bằng số sau" in page) == ("125", True)
    phone = pair_phone(app, fair, gate)
    phone.send(phone.tap(at=at(9)))
    assert "vừa bấm vừa giấy" in see(organiser, fair, yesterday())
    assert sums(app, source="paper") == (125, 20)


def test_sources_make_a_band(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    post(organiser, fair, "tallies", gate=gate, hour="9", people_in="10412", people_out="9000")
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)], at=at(10)), tablet.sale([(fair.goods[1], 1)], at=at(11)))
    fields = {"name": "Bãi xe máy", "quantity": "3.050", "factor": "1,7", "bound": "least"}
    status, page = post(organiser, fair, "sources", **fields)
    assert status == 200
    assert 'data-low="5185" data-high="10412"' in page
    assert "± 34 %" in page
    assert "3.050 × 1,7" in page
    rows = re.findall(r'rowheader">(Phiếu bán hàng|Bãi xe máy)</th>.*?net">([\d.]+)<', page, re.DOTALL)
    assert rows == [("Bãi xe máy", "5.185"), ("Phiếu bán hàng", "2")]
    status, page = post(organiser, fair, "sources", withdraw="Bãi xe máy")
    assert (status, "3.050 × 1,7" in page) == (200, False)
    assert post(organiser, fair, "sources", **{**fields, "factor": "x"})[0] == 400


def test_contradicting_sources_are_told(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    post(organiser, fair, "tallies", gate=gate, hour="9", people_in="100")
    _status, page = post(organiser, fair, "sources", name="Bãi xe", quantity="500", factor="2", bound="least")
    assert "mâu thuẫn" in page


def test_a_counters_file_is_looked_at_first(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    make_gates(app, fair)
    csv = f"Thời gian,Lượt vào\n{yesterday():%d/%m/%Y} 09:00,41\n{yesterday():%d/%m/%Y} 10:00,59\n".encode()
    base = f"/editions/{fair.edition_id}/visitors/counters"

    def upload(data: bytes) -> tuple[int, str, str]:
        form = {"csrf_token": csrf_token(organiser), "source": "Mắt thần", "file": (io.BytesIO(data), "camera.csv")}
        answer = organiser.post(base, data=form, follow_redirects=True)
        return answer.status_code, answer.request.path, answer.get_data(as_text=True)

    status, path, page = upload(csv)
    assert (status, "Nếu nhập tệp này" in page) == (200, True)
    assert "Mắt thần" not in see(organiser, fair, yesterday()), "only looked at"
    assert organiser.get(f"{path}?time=0").status_code == 400, "no column of people"
    form = {"csrf_token": csrf_token(organiser), "time": "0", "people_in": "1"}
    done = organiser.post(path, data=form, follow_redirects=True).get_data(as_text=True)
    assert "2 giờ mới" in done
    assert organiser.post(path, data=form).status_code == 400, "it was imported"
    page = see(organiser, fair, yesterday())
    assert "Mắt thần" in page
    assert figure(page, "entries") == "0"
    assert upload(b"")[0] == 400
    assert organiser.get(f"{base}/none").status_code == 404


def test_a_counters_template_is_read_as_any_file(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    page = organiser.get(f"/editions/{fair.edition_id}/visitors/counters").get_data(as_text=True)
    for kind in ("csv", "xlsx"):
        assert f"visitors/counters/template.{kind}" in page
        answer = organiser.get(f"/editions/{fair.edition_id}/visitors/counters/template.{kind}")
        assert answer.status_code == 200
        assert f"mau-may-dem.{kind}" in answer.headers["Content-Disposition"]
    empty = organiser.get(f"/editions/{fair.edition_id}/visitors/counters/template.csv").get_data().decode("utf-8-sig")
    day = f"{yesterday():%d/%m/%Y}"
    filled = empty.rstrip("\r\n") + f"\r\n{day} 10:00,120,95,\r\n{day} 11:00,80,70,\r\n"
    sheet = read_counter_file(filled.encode(), "mau.csv")
    found = read_rows(sheet, guess_columns(sheet.headings), {}, BOUNDARY)
    assert found.hours == {("", yesterday(), 10): (120, 95), ("", yesterday(), 11): (80, 70)}


def test_how_full_it_is_in_the_words_of_every_page(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    gate = make_gates(app, fair)[0]
    phone = pair_phone(app, fair, gate)
    form = {"csrf_token": csrf_token(organiser), "limit": "38", "reentry": ""}
    organiser.post(f"/editions/{fair.edition_id}/crowd-rule", data=form)
    said = {
        30: ("calm", "Đang ở trong:\n  30 trên 38 người (78 %)."),
        31: ("amber", "Sắp đầy:\n  31 trên 38 người (81 %)."),
        36: ("amber", "Sắp đầy:\n  36 trên 38 người (94 %)."),
        37: ("red", "Rất đông:\n  37 trên 38 người (97 %)."),
    }
    phone.send(phone.group())
    inside = 30
    for people, (level, words) in said.items():
        phone.send(*(phone.tap() for _ in range(people - inside)))
        inside = people
        page = see(organiser, fair)
        assert f'data-crowd="{level}"' in page, people
        assert words in page, people
        assert ("Nên tạm ngừng cho vào." in page) is (level == "red"), people


@pytest.mark.parametrize("program", ["gate", "wall"])
def test_the_programs_of_gates_and_displays_use_the_same_words(program: str) -> None:
    words = (TOP / "till" / "src" / program / "words.ts").read_text(encoding="utf-8").lower()
    assert "sắp đầy" in words
    assert "rất đông" in words


def test_a_phone_with_a_wrong_clock_is_told_where_an_organiser_looks(
    app: Flask, fair: Fair, organiser: FlaskClient
) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    phone.send(phone.tap())
    assert "data-clock-off" not in see(organiser, fair)
    with app.app_context(), transaction() as session:
        device = session.scalars(select(GateDevice)).one()
        device.clock_off_ms = -int(timedelta(days=4, hours=4, minutes=28).total_seconds() * 1000)
    for path in ("visitors", "gates"):
        page = organiser.get(f"/editions/{fair.edition_id}/{path}").get_data(as_text=True)
        assert "đồng hồ chậm 4 ngày 4 giờ" in page, path
    assert f"/editions/{fair.edition_id}/gates" in see(organiser, fair).split('id="clocks"', 1)[1].split("</div>")[0]
    assert "data-clock-off" not in see(organiser, fair, yesterday()), "of a day that is over nothing can be set right"


def test_a_frozen_edition_offers_no_form(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    make_gates(app, fair)
    offered = {
        "visitors": ("Lưu dự kiến", "Ghi số đếm giấy", "Ký điều chỉnh", "Ghi nguồn"),
        "visitors/counters": ("Tệp CSV hoặc XLSX",),
        "gates": ("Thêm cổng</button>", "Sức chứa và tỷ lệ vào lại", "Lưu</button>"),
    }
    for path, words in offered.items():
        page = organiser.get(f"/editions/{fair.edition_id}/{path}").get_data(as_text=True)
        assert [one for one in words if one not in page] == [], path
        assert 'id="frozen"' not in page
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=fair.people["quantri"])
    for path, words in offered.items():
        page = organiser.get(f"/editions/{fair.edition_id}/{path}").get_data(as_text=True)
        assert [one for one in words if one in page] == [], path
        assert 'id="frozen"' in page, path
        if path != "gates":  # whose phones go on sending
            assert "nên ở đây chỉ xem được" in page, path
    assert post(organiser, fair, "plan", **{f"plan-{yesterday().isoformat()}": "100"})[0] == 409


def test_the_tally_sheet_is_a_pdf(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    make_gates(app, fair)
    answer = organiser.get(f"/editions/{fair.edition_id}/visitors/tally-sheet.pdf?day={yesterday().isoformat()}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_what_is_of_another_edition_is_not_written(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    (gate,) = make_gates(app, other)
    assert post(organiser, fair, "tallies", gate=gate, hour="9", people_in="5")[0] == 404
    correction = {"gate": gate, "hour": "9", "direction": "in", "people": "5", "change": "more", "reason": "x"}
    assert post(organiser, fair, "corrections", **correction)[0] == 404
    assert organiser.get(f"/editions/{other.edition_id}/visitors").status_code == 404
    assert sums(app, source="paper") == sums(app, source="correction") == (0, 0)


def test_a_showroom_and_a_night_show_their_hours(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    phone.send(phone.tap(at=at(9) + timedelta(hours=17)))
    page = see(organiser, fair, yesterday())
    hours = [int(hour) for hour in re.findall(r'data-hour="(\d+)"', page)]
    assert hours == [*range(8, 22), 2], "two in the morning is the last hour of the evening before"


def test_signs_and_factors_are_written() -> None:
    assert [signed(people) for people in (50, -18, 0, 1200)] == ["+50", "\u221218", "0", "+1.200"]
    assert [hundredths(factor) for factor in (170, 100, 105, 5)] == ["1,7", "1", "1,05", "0,05"]
