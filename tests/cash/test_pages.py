"""The pages about drawers: who may see them, what they say, and paper that stays the same to the byte."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.cash.actions import keep_paper
from fair_pos.cash.paper import print_report
from fair_pos.cash.tables import ZPaper, ZReport
from fair_pos.kernel.clock import now
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import transaction
from fair_pos.venues.tables import Booth
from tests.builders import Fair, Tablet, make_fair, pair_tablet, sign_in
from tests.cash.drawers import Drawer, Parcel, paid, session_id_of


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def a_session(fair: Fair, tablet: Tablet, drawer: Drawer) -> list[Parcel]:
    """Opened, sold from in every way, something given back, cash moved, and closed 20.000 ₫ short, signed by two."""
    opened = drawer.open(1_000_000)
    sale = drawer.sell([paid("cash", 612_000, 700_000)])
    parcels = [
        opened,
        sale,
        drawer.sell([paid("cash", 37_000, 50_000), paid("transfer", 100_000, reference="OCP7K3Q9X2")]),
        drawer.sell([paid("card", 80_000)]),
        drawer.sell([paid("cash", 80_000)], refund_of=sale["id"]),
        drawer.move("out", 300_000, "Nộp tiền về"),
        drawer.move("in", 20_000, "Thêm tiền lẻ"),
    ]
    boss = fair.people["bantochuc"]
    parcels.append(drawer.close(drawer.cash_dong - 60_000, explanation="Thối nhầm", second_person_id=boss))
    return parcels


def drawers_path(fair: Fair) -> str:
    return f"/editions/{fair.edition_id}/drawers"


def session_path(fair: Fair, tablet: Tablet, till_session_id: str) -> str:
    return f"{drawers_path(fair)}/{tablet.device_id}/{till_session_id}"


def paper_path(fair: Fair, tablet: Tablet, closing: Parcel) -> str:
    return f"{drawers_path(fair)}/{tablet.device_id}/z/{closing['id']}.pdf"


def words(client: FlaskClient, path: str, status: int = 200) -> str:
    """What a page says, without its markup."""
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ").split())


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_session_from_opening_to_its_report(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    parcels = a_session(fair, tablet, drawer)
    sign_in(client, "bantochuc")
    assert "Chưa máy nào mở ngăn kéo." in words(client, drawers_path(fair))
    tablet.send(*parcels[:-1])
    listed = words(client, drawers_path(fair))
    assert "đang mở" in listed
    assert "1.289.000 ₫" in listed
    tablet.send(parcels[-1])
    listed = words(client, drawers_path(fair))
    assert "đã đóng, Z 1" in listed
    assert "thiếu 60.000 ₫" in listed
    shown = words(client, session_path(fair, tablet, session_id_of(parcels[0])))
    for said in (
        "Tiền đầu ca 1.000.000 ₫", "Bán ra 649.000 ₫", "Trả khách −80.000 ₫", "Bỏ tiền vào 20.000 ₫", "Lấy tiền ra −300.000 ₫",
        "Sổ tính có 1.289.000 ₫", "Tiền mặt 1.289.000 ₫ 1.229.000 ₫ thiếu 60.000 ₫", "Thẻ 80.000 ₫ 80.000 ₫ khớp", "Thối nhầm",
        "Người thứ hai Vừ A bantochuc", "chưa xác nhận 100.000 ₫", "Nộp tiền về",
    ):  # fmt: skip
        assert said in shown, said


def test_every_figure_opens_the_receipts_that_add_up_to_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    parcels = a_session(fair, tablet, drawer)
    tablet.send(*parcels)
    sign_in(client, "bantochuc")
    path = session_path(fair, tablet, session_id_of(parcels[0]))
    for query, said in (
        ("", "4 phiếu, 749.000 ₫"),
        ("?kind=sale&method=cash", "2 phiếu, 649.000 ₫"),
        ("?kind=refund&method=cash", "1 phiếu, −80.000 ₫"),
        ("?kind=sale&method=transfer", "1 phiếu, 100.000 ₫"),
        ("?kind=sale&method=card", "1 phiếu, 80.000 ₫"),
        ("?kind=nonsense&method=&page=9999999999", "4 phiếu, 749.000 ₫"),
    ):
        assert said in words(client, path + query), query
    page = client.get(path).get_data(as_text=True)
    assert f"/sales/{parcels[1]['id']}" in page
    assert "method=cash" in page


def test_late_receipts_are_shown_as_late_and_in_which_report(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    opened, late, closed = drawer.open(100_000), drawer.sell([paid("cash", 50_000)]), drawer.close()
    tablet.send(opened, closed)
    sign_in(client, "bantochuc")
    path = session_path(fair, tablet, session_id_of(opened))
    assert "Đến muộn" not in words(client, path)
    assert "lúc kết ca còn thiếu" in words(client, path)
    tablet.send(late)
    assert "1 đến muộn" in words(client, drawers_path(fair))
    shown = words(client, path)
    assert "Đến muộn, sau khi đã kết ca" in shown
    assert "Tiền mặt đến muộn: 50.000 ₫" in shown
    assert "1 phiếu, 50.000 ₫" in words(client, path + "?late=1")
    second = [drawer.open(0), drawer.close()]
    tablet.send(*second)
    assert "ghi ở Z 2" in words(client, path)
    number = json.loads(late["text"])["receipt_number"]
    assert number in text_of(client.get(paper_path(fair, tablet, second[-1])).data)
    first = text_of(client.get(paper_path(fair, tablet, closed)).data)
    assert "Tổng số phiếu 0" in first
    assert f"Số phiếu bị thiếu {number}" in first


def test_cash_without_a_session_is_shown_apart(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    unknown = drawer.open(100_000)
    tablet.send(
        drawer.sell([paid("cash", 50_000)]),  # its opening has not come
        drawer.sell([paid("transfer", 9_000)]),
        drawer.sell([paid("cash", 30_000)], till_session_id=None),
        tablet.command("cash_moved", direction="in", amount_dong=7_000, reason="x"),
    )
    sign_in(client, "bantochuc")
    listed = words(client, drawers_path(fair))
    assert "Tổng số phiếu 2 Bán ra 80.000 ₫ Trả khách 0 ₫" in listed
    assert "Việc không ghi thuộc ca nào" in listed
    shown = words(client, drawers_path(fair) + "/without")
    assert "2 phiếu: bán ra 80.000 ₫" in shown
    tablet.send(unknown)
    assert "Tổng số phiếu 1 Bán ra 30.000 ₫ Trả khách 0 ₫" in words(client, drawers_path(fair))
    assert "30.000 ₫" in words(client, drawers_path(fair) + "/without")


def test_a_closing_without_its_opening_says_so(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    opened, closed = drawer.open(100_000), drawer.close()
    tablet.send(closed)
    sign_in(client, "bantochuc")
    assert "chưa nhận lần mở" in words(client, drawers_path(fair))
    assert "chưa biết tiền đầu ca" in words(client, session_path(fair, tablet, session_id_of(opened)))
    assert "Chưa nhận lần mở ngăn kéo." in text_of(client.get(paper_path(fair, tablet, closed)).data)


def test_what_is_odd_stands_on_the_session(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    opened, closed = drawer.open(100_000), drawer.close(40_000)
    tablet.send(opened, closed)
    sign_in(client, "bantochuc")
    shown = words(client, session_path(fair, tablet, session_id_of(opened)))
    assert "Kết ca chênh lệch −60.000 ₫ mà không ghi lý do." in shown
    assert "quá mức 50.000 ₫ mà không có người thứ hai ký." in shown


@pytest.mark.parametrize("login", ["nguoiban", "chuthe", None])
def test_only_organisers_and_administrators_see_them(app: Flask, fair: Fair, tablet: Tablet, login: str | None) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    opened, closed = drawer.open(0), drawer.close()
    tablet.send(opened, closed)
    paths = (
        drawers_path(fair),
        drawers_path(fair) + "/without",
        session_path(fair, tablet, session_id_of(opened)),
        paper_path(fair, tablet, closed),
    )
    if login:
        sign_in(client, login)
    for path in paths:
        assert client.get(path).status_code == (404 if login else 302)
    organiser = app.test_client()
    sign_in(organiser, "quantri")
    assert [organiser.get(path).status_code for path in paths] == [200] * 4


def test_a_session_is_reached_by_its_own_edition_alone(app: Flask, fair: Fair, tablet: Tablet) -> None:
    other = make_fair(app, name="Hội chợ khác")
    client, drawer = app.test_client(), Drawer(tablet)
    opened, closed = drawer.open(0), drawer.close()
    tablet.send(opened, closed)
    elsewhere = pair_tablet(app, other)
    sign_in(client, "quantri")
    for path in (
        session_path(other, tablet, session_id_of(opened)),
        paper_path(other, tablet, closed),
        session_path(other, elsewhere, session_id_of(opened)),
        paper_path(other, elsewhere, closed),
    ):
        assert client.get(path).status_code == 404


# --- paper ------------------------------------------------------------------------------------------------------------------


def test_the_report_on_paper_says_everything(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    parcels = a_session(fair, tablet, drawer)
    tablet.send(*parcels)
    sign_in(client, "bantochuc")
    answer = client.get(paper_path(fair, tablet, parcels[-1]))
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    numbers = [json.loads(one["text"])["receipt_number"] for one in parcels[1:5]]
    for said in (
        "Phiếu kết ca Z số 1", "A01 · Gian 1", "máy A", "Vừ A nguoiban", "Vừ A bantochuc", numbers[0], numbers[-1], "Tổng số phiếu 4",
        "Bán ra (3 phiếu) 829.000 ₫", "Trả khách (1 phiếu) −80.000 ₫", "Thực thu 749.000 ₫", "Tiền đầu ca 1.000.000 ₫",
        "500.000 ₫ × 2", "chưa xác nhận 100.000 ₫", "Sổ tính có 1.289.000 ₫", "Đếm được 1.229.000 ₫", "Lệch thiếu 60.000 ₫",
        "Thối nhầm", "Nộp tiền về", "−300.000 ₫", "Chuyển khoản chưa xác nhận", "Mã kiểm",
    ):  # fmt: skip
        assert said in text, said


def change_everything(app: Flask, fair: Fair, tablet: Tablet, drawer: Drawer, late: list[Parcel]) -> None:
    """Late sales, another name for everyone and everything, the next session."""
    tablet.send(*late)
    tablet.send(drawer.open(5_000), drawer.sell([paid("cash", 9_000)]), drawer.close())
    with app.app_context(), transaction() as session:
        for person in session.scalars(select(Person)):
            person.name = f"Tên mới {person.login_name}"
        for booth in session.scalars(select(Booth)):
            booth.name = "Gian đổi tên"


def test_paper_is_the_same_to_the_byte_whatever_comes_later(app: Flask, fair: Fair, tablet: Tablet) -> None:
    client, drawer = app.test_client(), Drawer(tablet)
    parcels = a_session(fair, tablet, drawer)
    held_back = [parcels[2], parcels[5]]
    tablet.send(*[one for one in parcels if one not in held_back])
    sign_in(client, "bantochuc")
    path = paper_path(fair, tablet, parcels[-1])
    first = client.get(path).data
    change_everything(app, fair, tablet, drawer, held_back)
    english = app.test_client()
    sign_in(english, "quantri")
    english.post("/language/en", headers={"Origin": "http://localhost"})
    assert client.get(path).data == first
    assert english.get(path).data == first
    with app.app_context(), transaction() as session:
        assert session.get_one(ZPaper, parcels[-1]["id"]).pdf == first


def test_paper_printed_for_the_first_time_after_everything_changed_is_the_same_too(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    drawer = Drawer(tablet)
    parcels = a_session(fair, tablet, drawer)
    tablet.send(*parcels)
    with app.test_request_context():
        first = print_report(content_of(app, parcels[-1]))
    change_everything(app, fair, tablet, drawer, [])
    client = app.test_client()
    sign_in(client, "bantochuc")
    assert client.get(paper_path(fair, tablet, parcels[-1])).data == first


def test_the_first_paper_is_kept_whatever_a_later_program_would_print(app: Flask, fair: Fair, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, closed = drawer.open(0), drawer.close()
    tablet.send(opened, closed)
    with app.app_context(), transaction() as session:
        assert keep_paper(session, closed["id"], b"%PDF of an older program", at=now()) == b"%PDF of an older program"
        assert keep_paper(session, closed["id"], b"%PDF of another", at=now()) == b"%PDF of an older program"
    client = app.test_client()
    sign_in(client, "bantochuc")
    assert client.get(paper_path(fair, tablet, closed)).data == b"%PDF of an older program"


def test_another_process_prints_the_same_bytes(app: Flask, fair: Fair, tablet: Tablet, tmp_path: Any) -> None:
    drawer = Drawer(tablet)
    parcels = a_session(fair, tablet, drawer)
    tablet.send(*parcels)
    content = content_of(app, parcels[-1])
    with app.test_request_context():
        here = print_report(content)
    (tmp_path / "content.json").write_text(content, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from fair_pos import create_app; from fair_pos.settings import Settings\n"
        "from fair_pos.cash.paper import print_report\n"
        "folder = Path(sys.argv[1])\n"
        "app = create_app(Settings(secret_key='x' * 40, instance_dir=folder))\n"
        "with app.test_request_context():\n"
        "    sys.stdout.buffer.write(print_report((folder / 'content.json').read_text(encoding='utf-8')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == here


def content_of(app: Flask, closing: Parcel) -> str:
    with app.app_context(), transaction() as session:
        return session.get_one(ZReport, closing["id"]).content
