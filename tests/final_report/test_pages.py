"""The page and the four files against the figures of the reports, through the door."""

from __future__ import annotations

import csv
import io
import re
import threading
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.catalogue.tables import Product
from fair_pos.final_report import pages
from fair_pos.kernel.clock import now
from fair_pos.kernel.money import group_thousands
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.pdf import PrinterBusy
from fair_pos.registry.tables import Certificate
from fair_pos.reports.day_tables import tables_of
from fair_pos.reports.shares import ocop_share
from fair_pos.venues.tables import Booth, Edition
from tests.builders import csrf_token, make_fair, sign_in
from tests.final_report.closed import Closed, add_edition_before, make_closed
from tests.final_report.samples import NASTY, read_docx, read_pdf, read_xlsx
from tests.reports.golden import SALES, Golden, by_sql, make_golden, sell_whole_till

ENDINGS = ("docx", "pdf", "xlsx", "csv")


def get(client: FlaskClient, edition_id: str, ending: str = "") -> Any:
    return client.get(f"/editions/{edition_id}/final-report{ending}")


def files(client: FlaskClient, edition_id: str) -> dict[str, bytes]:
    found = {}
    for ending in ENDINGS:
        answer = get(client, edition_id, f".{ending}")
        assert answer.status_code == 200, ending
        assert answer.mimetype == pages.MIME_TYPES[ending].split(";")[0]
        assert re.fullmatch(rf'attachment; filename="[a-z0-9-]+\.{ending}"', answer.headers["Content-Disposition"])
        found[ending] = answer.get_data()
    return found


@pytest.fixture
def golden(app: Flask) -> Golden:
    made = make_golden(app)
    sell_whole_till(app, made)
    with app.app_context(), transaction() as session:
        product = session.get_one(Product, made.fair.goods[0].product_id)
        session.add(
            Certificate(
                id="c" * 36, product_id=product.id, stars=4, issued_day=date(2026, 1, 1), expires_day=date(2028, 12, 31)
            )
        )
    return made


def plainly(page: str) -> str:
    """The words of a page, every gap one blank."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\N{NO-BREAK SPACE}", " ").split())


def test_each_key_figure_in_each_file_equals_sql_over_the_receipts(
    app: Flask, client: FlaskClient, golden: Golden
) -> None:
    sign_in(client, "bantochuc")
    edition_id = golden.fair.edition_id
    with app.app_context():
        sold, back, receipts, refunds = (
            sum(column)
            for column in zip(
                *by_sql("sale.booth_id", SALES, "sale.total_dong", edition_id, None).values(), strict=True
            )
        )
        booths = by_sql("booth.code", SALES, "sale.total_dong", edition_id, None)
        share = ocop_share(reading(), edition_id, None)
    assert share.ocop_dong > 0
    wanted = {
        "Phiếu bán": receipts,
        "Phiếu trả": refunds,
        "Tiền bán ra": sold,
        "Tiền trả lại": back,
        "Thực thu": sold - back,
        "Thực thu hàng OCOP": share.ocop_dong,
    }
    found = files(client, edition_id)
    sheets = read_xlsx(found["xlsx"])
    key = {row[0]: row[1] for row in sheets["Số liệu chính"]}
    assert {name: key[name] for name in wanted} == wanted
    rows = {row[0].split(" · ")[0]: row[3:] for row in sheets["Theo gian hàng"][1:-1]}
    assert rows == {code: [into, out, into - out] for code, (into, out, *_counts) in booths.items()}
    assert sheets["Theo gian hàng"][-1][3:] == [sold, back, sold - back]
    flat = list(csv.reader(io.StringIO(found["csv"].decode("utf-8-sig"))))
    assert {name: row[3] for name in wanted for row in flat if row[1] == name and row[2] == "Số liệu"} == {
        name: str(value) for name, value in wanted.items()
    }
    texts = [read_docx(found["docx"]), read_pdf(found["pdf"]), plainly(get(client, edition_id).get_data(as_text=True))]
    permille = f"{share.permille // 10},{share.permille % 10} %" if share.permille is not None else "–"
    for text in texts:
        for name, value in wanted.items():
            assert f"{name} {group_thousands(value)}" in text, name
        assert (
            f"{group_thousands(share.ocop_dong)} ₫ trên {group_thousands(share.total_dong)} ₫ thực thu, bằng {permille}"
            in text
        )
        assert (
            f"Bán ra {group_thousands(sold)} ₫, trả lại {group_thousands(back)} ₫, thực thu {group_thousands(sold - back)} ₫."
            in text
        )


def test_an_edition_with_an_open_day_says_provisional_in_every_form(client: FlaskClient, golden: Golden) -> None:
    sign_in(client, "bantochuc")
    found = files(client, golden.fair.edition_id)
    for text in (
        read_docx(found["docx"]),
        read_pdf(found["pdf"]),
        found["csv"].decode(),
        str(read_xlsx(found["xlsx"])),
        get(client, golden.fair.edition_id).get_data(as_text=True),
    ):
        assert "tạm tính" in text


def test_frozen_figures_are_the_headline_everywhere_and_the_difference_is_explained(
    app: Flask, client: FlaskClient
) -> None:
    closed: Closed = make_closed(app)
    add_edition_before(app, closed)
    closed.freeze()
    closed.sell_late()
    closed.adjust("visits", 190, 200)
    sign_in(client, "bantochuc")
    found = files(client, closed.fair.edition_id)
    key = {row[0]: row[1:] for row in read_xlsx(found["xlsx"])["Số liệu chính"]}
    assert key["Thực thu"] == [790_000, "đồng", "số liệu đã khóa"]
    assert key["Lượt khách vào"][0] == 200
    for text in (read_docx(found["docx"]), read_pdf(found["pdf"])):
        for said in (
            "thực thu 790.000 ₫", "Lượt khách vào: 200 lượt.", "Thực thu 790.000 1.010.000 220.000", "Vừ A bantochuc: Đếm lại ở", "thêm 1 phiếu, 220.000 ₫ sau khi chốt",
            "Đông hơn dự kiến (vượt hơn một nửa)", "Kỳ trước: Hội chợ kỳ trước, 5 ngày", "Vừ A bantochuc", "chưa lần nào liên lạc",
        ):  # fmt: skip
            assert said in text, said


def test_an_empty_edition_gives_a_sensible_report(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    sign_in(client, "bantochuc")
    found = files(client, fair.edition_id)
    for text in (
        read_docx(found["docx"]),
        read_pdf(found["pdf"]),
        plainly(get(client, fair.edition_id).get_data(as_text=True)),
    ):
        assert "Chưa có phiếu bán nào được ghi nhận." in text
        assert "Hội chợ không đếm khách ở cổng" in text
        assert "Chưa có kỳ trước trong cùng chuỗi để so sánh." in text


def test_names_come_out_as_text(app: Flask, client: FlaskClient, golden: Golden) -> None:
    with app.app_context(), transaction() as session:
        edition = session.get_one(Edition, golden.fair.edition_id)
        edition.name, edition.place = NASTY[1], NASTY[2]
        for booth, name in zip(session.scalars(select(Booth).order_by(Booth.code)), (NASTY[0], NASTY[3]), strict=False):
            booth.name = name
        for goods, name in zip(golden.fair.goods, (NASTY[4], NASTY[5]), strict=False):
            session.get_one(Product, goods.product_id).name = name
    sign_in(client, "bantochuc")
    found = files(client, golden.fair.edition_id)
    page = get(client, golden.fair.edition_id).get_data(as_text=True)
    assert "<script>alert" not in page
    for text in (
        read_docx(found["docx"]),
        page.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&"),
    ):
        for name in (*NASTY[:3], NASTY[4], NASTY[5], "Mật 000.5 ong"):
            assert name in text, name
    assert "49" not in read_pdf(found["pdf"]).split()


def test_what_is_written_goes_into_the_file_and_nowhere_else(app: Flask, client: FlaskClient, golden: Golden) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{golden.fair.edition_id}/final-report"
    sent = {
        "csrf_token": csrf_token(client), "agency": "Sở Công Thương", "number": "7", "place": "Lai Châu", "signed_day": "2026-12-05",
        "assessment": "Đạt kết quả <tốt>.\nĐông vui.", "proposals": "Tổ chức vào quý IV.", "name": "Vừ A Dua",
    }  # fmt: skip
    page = client.post(path, data=sent).get_data(as_text=True)
    assert "Đạt kết quả &lt;tốt&gt;." in page
    assert 'value="Sở Công Thương"' in page
    texts = [
        read_docx(client.post(f"{path}.docx", data=sent).get_data()),
        read_pdf(client.post(f"{path}.pdf", data=sent).get_data()),
    ]
    for text in texts:
        for said in (
            "SỞ CÔNG THƯƠNG",
            "Số: 07/BC-BTC",
            "Lai Châu, ngày 05 tháng 12 năm 2026",
            "Đạt kết quả <tốt>.",
            "Đông vui.",
            "Tổ chức vào quý IV.",
            "Vừ A Dua",
        ):
            assert said in text, said
    assert "Sở Công Thương" not in get(client, golden.fair.edition_id).get_data(as_text=True)


def test_a_file_that_cannot_be_made_loses_nothing_that_was_written(
    client: FlaskClient, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object) -> bytes:
        raise PrinterBusy

    monkeypatch.setattr(pages, "print_report", busy)
    sign_in(client, "bantochuc")
    sent = {"csrf_token": csrf_token(client), "proposals": "Tổ chức vào quý IV."}
    answer = client.post(f"/editions/{golden.fair.edition_id}/final-report.pdf", data=sent)
    assert answer.status_code == 503
    page = answer.get_data(as_text=True)
    assert 'role="alert"' in page
    assert "Tổ chức vào quý IV.</textarea>" in page
    assert get(client, golden.fair.edition_id, ".pdf").status_code == 503


def test_a_sale_that_arrives_meanwhile_is_in_all_of_it_or_in_none(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = make_closed(app)
    real = tables_of

    def late(edition_id: str, day: date | None) -> Any:
        thread = threading.Thread(target=closed.sell_late)
        thread.start()
        thread.join()
        return real(edition_id, day)

    monkeypatch.setattr(pages, "tables_of", late)
    sign_in(client, "bantochuc")
    sheets = read_xlsx(get(client, closed.fair.edition_id, ".xlsx").get_data())
    key = {row[0]: row[1] for row in sheets["Số liệu chính"]}
    booths = sum(row[-1] for row in sheets["Theo gian hàng"][1:-1])
    assert (
        key["Thực thu"] == booths == sheets["Theo gian hàng"][-1][-1] == sheets["Bán hàng theo ngày"][-1][-2] == 790_000
    )
    monkeypatch.setattr(pages, "tables_of", real)
    sheets = read_xlsx(get(client, closed.fair.edition_id, ".xlsx").get_data())
    assert sheets["Theo gian hàng"][-1][-1] == 1_010_000


def test_english_files(client: FlaskClient, golden: Golden) -> None:
    sign_in(client, "bantochuc")
    client.post("/language/en", data={"csrf_token": csrf_token(client), "next": "/"})
    found = files(client, golden.fair.edition_id)
    for text in (read_docx(found["docx"]), read_pdf(found["pdf"])):
        for said in (
            "SOCIALIST REPUBLIC OF VIET NAM",
            "REPORT",
            "I. GENERAL SITUATION",
            "Annex III",
            "provisional",
            "Recipients:",
        ):
            assert said in text, said
    assert "Key figures" in read_xlsx(found["xlsx"])


def test_the_same_figures_are_the_same_word_file(
    app: Flask, client: FlaskClient, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    monkeypatch.setattr(pages, "now", lambda: at)
    sign_in(client, "bantochuc")
    first, second = (get(client, golden.fair.edition_id, ".docx").get_data() for _time in range(2))
    assert first == second


@pytest.mark.parametrize("login", ["nguoiban", "chuthe"])
def test_only_who_may_see_figures_gets_any(client: FlaskClient, golden: Golden, login: str) -> None:
    sign_in(client, login)
    for ending in ("", *(f".{one}" for one in ENDINGS)):
        assert get(client, golden.fair.edition_id, ending).status_code in {403, 404}


def test_no_other_ending_and_no_other_fair(client: FlaskClient, golden: Golden) -> None:
    sign_in(client, "bantochuc")
    assert get(client, golden.fair.edition_id, ".html").status_code == 404
    assert get(client, "00000000-0000-0000-0000-000000000000", ".docx").status_code == 404


def test_the_page_shows_its_plots_without_another_request(client: FlaskClient, golden: Golden) -> None:
    sign_in(client, "bantochuc")
    page = get(client, golden.fair.edition_id).get_data(as_text=True)
    assert page.count('src="data:image/svg+xml;base64,') == page.count("<figure") > 2
    assert "style=" not in page  # the page's own policy would not let it be
