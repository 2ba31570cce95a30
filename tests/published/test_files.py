"""The ledger as CSV, workbook and PDF: numbers are numbers, formulas are text, and every word is there."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.published import actions
from fair_pos.published.files import Paper, figures_html
from fair_pos.published.queries import published_of
from fair_pos.venues.queries import get_edition
from tests.builders import Fair, sign_in
from tests.published.freezing import freeze, past_fair, starts_of, word


@pytest.fixture
def fair(app: Flask, client: FlaskClient) -> Fair:
    fair, _ = past_fair(app)
    with app.app_context():
        freeze(fair)
        said = word(fair, "=1+1 máy đếm tay")
        in_transaction(
            lambda session: actions.adjust(
                session, fair.edition_id, "visits", None, was=None, held=None, value=1_200, word=said
            )
        )
    sign_in(client, "bantochuc")
    return fair


def data(client: FlaskClient, fair: Fair, ending: str) -> bytes:
    answer = client.get(f"/editions/{fair.edition_id}/published.{ending}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    found: bytes = answer.data
    return found


def test_csv_is_the_whole_ledger(fair: Fair, client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(data(client, fair, "csv").decode("utf-8-sig"))))
    assert rows[0][:4] == ["Thứ tự", "Lúc", "Người", "Ngày"]
    assert [int(row[0]) for row in rows[1:]] == list(range(1, len(rows)))
    last = rows[-1]
    assert last[3:] == ["Cả hội chợ", "Lượt khách", "", "1200", "đã điều chỉnh", "'=1+1 máy đếm tay"]


def test_the_workbook_has_what_holds_and_the_ledger(fair: Fair, client: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(data(client, fair, "xlsx")))
    holds, ledger = book.worksheets[0], book.worksheets[1]
    assert (holds.title, ledger.title) == ("Số liệu công bố", "Lịch sử")
    found = {(row[0].value, row[1].value): row for row in holds.iter_rows(min_row=2)}
    net = 2 * fair.goods[0].price_dong + fair.goods[1].price_dong
    cell = found["Cả hội chợ", "Thực thu"][3]
    assert (cell.value, cell.data_type) == (net, "n")
    assert found["Cả hội chợ", "Lượt khách"][3].value == 1_200
    days = {key.date() for key, _ in found if isinstance(key, datetime)}
    assert days == {starts_of(fair) + timedelta(days=step) for step in range(5)}
    assert not any(cell.data_type == "f" for row in ledger.iter_rows() for cell in row)


def test_pdf(fair: Fair, client: FlaskClient) -> None:
    assert data(client, fair, "pdf").startswith(b"%PDF")


def test_the_sheet_says_everything(app: Flask, fair: Fair) -> None:
    with app.test_request_context():
        published = published_of(reading(), fair.edition_id)
        edition = get_edition(reading(), fair.edition_id)
        html = figures_html(Paper(edition, published, published.days, [], {}, now()))
    assert html.count("<tr>") == 1 + 12 + 1 + 5 + 1 + 1  # figures, days, one change
    assert "chưa có" in html  # visitors of single days
    assert "=1+1 máy đếm tay" in html
