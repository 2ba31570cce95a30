"""One sale by the tablet's door, read again wherever a sale is shown: the same figures on all, and the booth's notes on none but its own."""

from __future__ import annotations

import io
import json
import re
import subprocess
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import db
from fair_pos.sales.tables import SaleLine
from tests.builders import BOUNDARY, Fair, Goods, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sign_in, sold

TODAY = fair_day(now(), BOUNDARY).isoformat()
SECRETS = ("chị Mai nợ hai chai", "gửi xe bác Tâm ở cổng", "cháu ông Páo")
"""A line's note, a sale's note, and a reason that a seller typed: for the booth alone."""


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    if answer.mimetype == "application/pdf":
        tool = ["pdftotext", "-layout", "-", "-"]
        shown = subprocess.run(tool, input=answer.get_data(), capture_output=True, check=True).stdout.decode()
    else:
        shown = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", shown.replace("\N{NO-BREAK SPACE}", " "))


def cells(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    book = load_workbook(io.BytesIO(answer.get_data()))
    headings, *rows = [sheet for sheet in book.worksheets if sheet.title != "Độ đầy đủ"][-1].values
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def post(tablet: Tablet, client: FlaskClient, parcel: dict[str, Any]) -> str:
    """Send a parcel by the door; returns the token of its receipt."""
    answer = tablet.post(client, parcel)
    assert [one["answer"] for one in answer.get_json()["answers"]] == ["stored"]
    return str(json.loads(parcel["text"])["receipt_token"])


def test_575_grams_at_38000_are_21850_everywhere(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """FEATURES A5."""
    cuttlefish: Goods = add_weighed(app, fair, "Chả mực Hạ Long", 38_000)
    parcel = tablet.sale([sold(cuttlefish, grams=575)])
    visitor, organiser, maker = app.test_client(), app.test_client(), app.test_client()
    token = post(tablet, visitor, parcel)
    sign_in(organiser, "bantochuc")
    sign_in(maker, "chuthe")
    with app.app_context():
        (line,) = db.session.query(SaleLine).all()
        assert (line.grams, line.unit_price_dong, line.amount_dong, line.gross_dong) == (575, 38_000, 21_850, 21_850)
    for path in (f"/r/{token}", f"/r/{token}.pdf"):
        text = text_of(visitor, path)
        assert "0,575 kg × 38.000 ₫ / kg" in text, path
        assert "21.850 ₫" in text, path
        assert "Hai mươi mốt nghìn tám trăm năm mươi đồng" in text, path
    edition = f"/editions/{fair.edition_id}"
    of_product = f"day={TODAY}&product={cuttlefish.product_id}"
    for path in (f"/sales/{parcel['id']}", f"{edition}/?day={TODAY}", f"{edition}/receipts?{of_product}"):
        text = text_of(organiser, path)
        assert "0,575 kg" in text, path
        assert "21.850 ₫" in text, path
    (row,) = cells(organiser, f"{edition}/receipts.xlsx?{of_product}")
    assert (row["Cân (gam)"], row["Đơn giá (đồng)"], row["Thành tiền (đồng)"]) == (575, 38_000, 21_850)
    (row,) = cells(organiser, f"{edition}/tables/products.xlsx?day={TODAY}")
    assert (row["Số lượng bán"], row["Cân bán (gam)"], row["Bán ra (đồng)"]) == (0, 575, 21_850)
    own = f"/producers/{fair.producer_ids[0]}/"
    for path in (own, f"{own}days"):
        text = text_of(maker, path)
        assert "0,575 kg" in text, path
        assert "21.850" in text, path
    assert "0,575 kg × Chả mực Hạ Long" in text_of(maker, f"{own}days/{TODAY}")


def sell_all_sorts(app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient) -> tuple[list[str], str]:
    """A sale with notes wherever there may be any, and a refund of it: (tokens of their receipts, the sale's id)."""
    weighed, pack = add_weighed(app, fair), add_pack(app, fair.goods[0], name="Hộp 12 cái")
    off = {"discount_reason": f"Mua nhiều; {SECRETS[2]}", "discount_borne_by": "producer", "note": SECRETS[0]}
    lines: list[dict[str, Any]] = [
        {**sold(weighed, grams=575, discount_dong=850), **off},
        {**sold(pack, 2), "note": SECRETS[0]},
        {**sold(fair.goods[1], unit_price_dong=300_000), "list_price_dong": 350_000, "price_reason": SECRETS[2]},
    ]
    total = 21_000 + 4_800_000 + 300_000
    payments: list[dict[str, Any]] = [
        {"method": "cash", "amount_dong": 21_000, "tendered_dong": 50_000, "change_dong": 29_000},
        {"method": "transfer", "amount_dong": 300_000, "tendered_dong": 300_000, "change_dong": 0, "reference": "OCP7"},
        {"method": "card", "amount_dong": 4_800_000, "tendered_dong": 4_800_000, "change_dong": 0, "reference": "123"},
    ]
    sale = tablet.sale(lines, note=SECRETS[1], payments=payments)
    assert json.loads(sale["text"])["total_dong"] == total
    back = tablet.sale([lines[0]], refund_of=sale["id"], reason=SECRETS[2], note=SECRETS[1])
    return [post(tablet, client, sale), post(tablet, client, back)], sale["id"]


def test_what_the_booth_notes_is_shown_to_the_organiser_and_on_no_public_page_paper_or_file(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    """FEATURES A12. The addresses come from the map of routes, so that a new public or producer's page is asked by itself."""
    visitor, organiser, maker = app.test_client(), app.test_client(), app.test_client()
    tokens, sale_id = sell_all_sorts(app, fair, tablet, visitor)
    sign_in(organiser, "bantochuc")
    sign_in(maker, "chuthe")
    own_page = text_of(organiser, f"/sales/{sale_id}")
    assert all(secret in own_page for secret in SECRETS)
    values = {"producer_id": fair.producer_ids[0], "day": TODAY, "slug": "", "token": ""}
    asked = 0
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    for rule in rules:
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        of_producer = "producer_id" in rule.arguments and rule.endpoint.startswith("portal.")
        if access is None or not (access.kind == "public" or of_producer) or rule.arguments - values.keys():
            continue
        for some in [values | {"token": token} for token in tokens] if "token" in rule.arguments else [values]:
            slugs = ["mat-ong-1-hoi-cho-thu", "cha-muc"] if "slug" in rule.arguments else [""]
            for slug in slugs:
                arguments = {name: (slug if name == "slug" else some[name]) for name in rule.arguments}
                path = app.url_map.bind("localhost").build(rule.endpoint, arguments)
                for client in (visitor, maker):
                    answer = client.get(path)
                    data = answer.get_data()
                    answer.close()
                    shown = data.decode("utf-8", "replace")
                    if answer.mimetype == "application/pdf":
                        shown += text_of(client, path)
                    for secret in SECRETS:
                        assert secret not in shown, path
                        assert json.dumps(secret)[1:-1] not in shown, path
                    asked += answer.status_code == 200
    assert asked >= 12
    for path in (f"/r/{tokens[0]}", f"/r/{tokens[0]}.pdf"):
        text = text_of(visitor, path)
        for part in (
            "Giảm giá: Mua nhiều", "−850 ₫", "2 Hộp 12 cái × 2.400.000 ₫", "1 × 300.000 ₫", "Khách đưa (tiền mặt)", "50.000 ₫",
            "Tiền thối", "29.000 ₫", "Chuyển khoản (OCP7, chưa xác nhận)", "Thẻ (123)", "Tiền hàng", "5.121.850 ₫",
            "5.121.000 ₫", "Phiếu này không phải hóa đơn",
        ):  # fmt: skip
            assert part in text, (path, part)
        assert "350.000" not in text  # only what was charged


def test_files_for_the_organiser_leave_the_notes_out(app: Flask, fair: Fair, tablet: Tablet) -> None:
    organiser = app.test_client()
    sell_all_sorts(app, fair, tablet, organiser)
    sign_in(organiser, "bantochuc")
    for name in ("receipts.csv", "lines.csv"):
        data = organiser.get(f"/editions/{fair.edition_id}/{name}").get_data(as_text=True)
        assert SECRETS[0] not in data
        assert SECRETS[1] not in data
