"""The organiser's pages: printers, what became of their papers, and copies of a receipt."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.printing.actions import note_failed, queue_receipt
from fair_pos.printing.queries import jobs_of, printers_of
from fair_pos.printing.rules import Trouble
from fair_pos.printing.tables import PrintJob
from tests.builders import Fair, Tablet, csrf_token, make_fair, pair_tablet, sign_in
from tests.printing.jobs import ADDRESS, copies, jobs, sell, set_up_printer

FORM = {"name": "Máy in khu A", "address": ADDRESS, "port": "9100", "width_mm": "58", "everywhere": "yes"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


@pytest.fixture
def organiser(client: FlaskClient, fair: Fair) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


@pytest.fixture
def home(fair: Fair) -> str:
    return f"/editions/{fair.edition_id}/printers"


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client), **fields}, follow_redirects=True)


def text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def queue(app: Flask, tablet: Tablet, sale_id: str) -> str:
    with app.app_context(), transaction() as session:
        return queue_receipt(
            session, booth_id=tablet.booth_id, device_id=tablet.device_id, sale_id=sale_id, copy_no=0, at=now()
        ).id


def test_a_printer_is_added_tried_changed_and_removed(
    organiser: FlaskClient, app: Flask, fair: Fair, home: str
) -> None:
    empty = organiser.get(home)
    assert "Chưa có máy in nào" in text(empty)
    assert 'name="everywhere" value="yes" checked' in empty.get_data(as_text=True), "the first is for all booths"
    page = text(send(organiser, home, **FORM))
    assert "Đã thêm máy in «Máy in khu A»" in page
    assert f"{ADDRESS}:9100 · 58 mm" in page
    with app.app_context():
        (printer,) = printers_of(reading(), fair.edition_id)
    page = text(send(organiser, f"{home}/{printer.id}/test"))
    assert "đang chờ" in page
    assert jobs(app) == [("waiting", 0, "", "")]
    assert 'value="192.168.1.50"' in organiser.get(f"{home}/{printer.id}").get_data(as_text=True)
    changed = FORM | {"address": "10.0.0.7", "everywhere": "", "booth": fair.booth_ids[0]}
    page = text(send(organiser, f"{home}/{printer.id}", **changed))
    assert "10.0.0.7:9100" in page
    assert "gian A01" in page
    page = text(send(organiser, f"{home}/{printer.id}/remove"))
    assert "Đã bỏ máy in" in page
    assert "Máy in đã bị bỏ khi giấy còn chờ." in page
    assert organiser.get(f"{home}/{printer.id}").status_code == 404


@pytest.mark.parametrize("wrong", [{"address": "8.8.8.8"}, {"address": "printer.example"}, {"port": "22"}])
def test_an_address_outside_is_refused_with_a_sentence_and_what_was_typed_stays(
    organiser: FlaskClient, app: Flask, fair: Fair, home: str, wrong: dict[str, str]
) -> None:
    answer = send(organiser, home, **(FORM | wrong))
    assert answer.status_code == 400
    assert "Địa chỉ máy in phải là địa chỉ IP trong mạng nội bộ" in text(answer)
    assert f'value="{next(iter(wrong.values()))}"' in answer.get_data(as_text=True)
    with app.app_context():
        assert printers_of(reading(), fair.edition_id) == []
    printer = set_up_printer(app, fair)
    assert send(organiser, f"{home}/{printer}", **(FORM | wrong)).status_code == 400


def test_a_paper_that_did_not_come_out_says_why_and_is_sent_again(
    organiser: FlaskClient, app: Flask, fair: Fair, tablet: Tablet, home: str
) -> None:
    set_up_printer(app, fair)
    sale_id = sell(fair, tablet)
    job = queue(app, tablet, sale_id)
    again = f"/editions/{fair.edition_id}/print-jobs/{job}/again"
    answer = send(organiser, again)
    assert answer.status_code == 400
    assert "Giấy này còn đang chờ máy in." in text(answer)
    with app.app_context(), transaction() as session:
        note_failed(session, session.get_one(PrintJob, job), Trouble.CUT_OFF, now())
    page = text(organiser.get(home))
    assert "đã thử 1 lần" in page
    assert "Máy in ngắt giữa chừng" in page
    with app.app_context(), transaction() as session:
        session.get_one(PrintJob, job).state = "failed"
    assert "In lại" in text(organiser.get(home))
    send(organiser, again)
    with app.app_context():
        newest, oldest = jobs_of(reading(), fair.edition_id)
        assert (newest.state, newest.copy_no, oldest.state) == ("waiting", 0, "failed")


def test_a_paper_that_came_out_comes_out_again_as_a_copy(
    organiser: FlaskClient, app: Flask, fair: Fair, tablet: Tablet, home: str
) -> None:
    set_up_printer(app, fair)
    sale_id = sell(fair, tablet)
    job = queue(app, tablet, sale_id)
    with app.app_context(), transaction() as session:
        session.get_one(PrintJob, job).state = "done"
    assert "In bản sao" in text(organiser.get(home))
    page = text(send(organiser, f"/editions/{fair.edition_id}/print-jobs/{job}/again"))
    assert "BẢN SAO 1" in page
    assert copies(app) == [(sale_id, 1, None)]


def test_a_copy_is_counted_before_it_is_shown_and_says_its_number(
    organiser: FlaskClient, app: Flask, fair: Fair, tablet: Tablet
) -> None:
    sale_id = sell(fair, tablet)
    tablet.send(tablet.command("receipt_copied", sale_id=sale_id, copy_no=1))
    assert f"/sales/{sale_id}/copies" in organiser.get(f"/sales/{sale_id}").get_data(as_text=True)
    assert "BẢN SAO 1" in text(organiser.get(f"/sales/{sale_id}/copies"))
    answer = send(organiser, f"/sales/{sale_id}/copies")
    assert answer.mimetype == "application/pdf"
    told = subprocess.run(["pdftotext", "-", "-"], input=answer.get_data(), capture_output=True, check=True).stdout
    assert "BẢN SAO 2" in told.decode()
    assert "không phải hóa đơn" in told.decode()
    assert copies(app) == [(sale_id, 1, tablet.device_id), (sale_id, 2, None)]
    assert organiser.get(f"/sales/{sale_id}/copies/2.pdf").status_code == 200
    assert len(copies(app)) == 2, "looking at it again is no other copy"
    for number in (1, 3):
        assert organiser.get(f"/sales/{sale_id}/copies/{number}.pdf").status_code == 404


def test_a_copy_goes_to_the_printer_of_the_booth_when_it_has_one(
    organiser: FlaskClient, app: Flask, fair: Fair, tablet: Tablet
) -> None:
    sale_id = sell(fair, tablet)
    path = f"/sales/{sale_id}/copies"
    assert "In bản sao ở" not in text(organiser.get(path))
    answer = send(organiser, f"{path}/print")
    assert answer.status_code == 409
    assert "Gian này chưa có máy in nào" in text(answer)
    assert copies(app) == []
    set_up_printer(app, fair)
    assert "In bản sao ở «Máy in khu A»" in text(organiser.get(path))
    assert "Đã gửi bản sao tới máy in" in text(send(organiser, f"{path}/print"))
    assert jobs(app) == [("waiting", 0, "", sale_id)]
    assert copies(app) == [(sale_id, 1, None)]


def test_sellers_and_makers_have_no_business_here(
    client: FlaskClient, app: Flask, fair: Fair, tablet: Tablet, home: str
) -> None:
    sale_id = sell(fair, tablet)
    for login in ("nguoiban", "chuthe"):
        stranger = app.test_client()
        sign_in(stranger, login)
        for path in (home, f"/sales/{sale_id}/copies"):
            assert stranger.get(path).status_code == 404
        assert send(stranger, f"/sales/{sale_id}/copies").status_code == 404
    assert copies(app) == []


def test_an_organiser_of_another_fair_sees_nothing(client: FlaskClient, app: Flask, fair: Fair, home: str) -> None:
    printer = set_up_printer(app, fair)
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "bantochuc.hoi-cho-khac")
    assert client.get(home).status_code == 404
    assert client.get(f"/editions/{other.edition_id}/printers/{printer}").status_code == 404
    assert send(client, f"/editions/{other.edition_id}/printers/{printer}/test").status_code == 404
    assert jobs(app) == []
