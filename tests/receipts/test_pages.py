from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.catalogue.tables import Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id, new_token
from fair_pos.kernel.text import identity
from fair_pos.plumbing.db import db, transaction
from fair_pos.receipts import pages
from fair_pos.registry.tables import AdminUnit, Certificate, Producer
from fair_pos.settings import TOP
from fair_pos.till.tables import Device
from tests.builders import Fair, Goods, Tablet, make_fair, pair_tablet
from tests.builders import sold as line_of

TODAY = fair_day(now(), 0)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def sell(tablet: Tablet, *lines: tuple[Goods, int] | dict[str, Any], **changes: Any) -> dict[str, str]:
    """A sale that has arrived, with a receipt's secret of its own."""
    token = changes.pop("receipt_token", new_token())
    parcel = tablet.sale(lines, receipt_token=token, **changes)
    assert [answer.answer for answer in tablet.send(parcel)] == ["stored"]
    return {
        "id": parcel["id"],
        "token": token,
        "hash": parcel["hash"],
        "number": re.findall(r'"receipt_number": "([^"]+)"', parcel["text"])[0],
    }


def words(page: str) -> str:
    """What a person reads: without tags, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


def certify(app: Flask, product_id: str, stars: int, expires: date) -> None:
    with app.app_context(), transaction() as session:
        session.add(
            Certificate(
                id=new_id(),
                product_id=product_id,
                stars=stars,
                issued_day=expires - timedelta(days=1095),
                expires_day=expires,
            )
        )


def test_receipt_shows_what_was_sold(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    honey, rice = fair.goods[0], fair.goods[2]
    sold_at = datetime(2026, 11, 23, 17, 5, tzinfo=timezone.utc)
    payments = [{"method": "cash", "amount_dong": 515_000, "tendered_dong": 550_000, "change_dong": 35_000}]
    sale = sell(tablet, (honey, 2), (rice, 2), payments=payments, at=sold_at)
    answer = client.get(f"/r/{sale['token']}")
    assert answer.status_code == 200
    text = words(answer.get_data(as_text=True))
    for part in (
        honey.name, "2 × 220.000 ₫ / hộp", "440.000 ₫", "2 × 37.500 ₫", "75.000 ₫", "Tổng cộng 515.000 ₫",
        "Khách đưa (tiền mặt) 550.000 ₫", "Tiền thối 35.000 ₫", "Hợp tác xã Số 1 Hội chợ thử", sale["number"], sale["hash"][:8],
        "Hội chợ thử", "A01 · Gian 1", "24/11/2026 00:05", "Phiếu này không phải hóa đơn.",
    ):  # fmt: skip
        assert part in text
    assert "dữ liệu mẫu" not in text


def test_receipt_paid_by_transfer(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 1), method="transfer")
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    assert "Chuyển khoản (chưa xác nhận) 220.000 ₫" in text
    assert "Tiền mặt" not in text


def test_receipt_tells_nothing_about_people_or_other_sales(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    """SECURITY C17. Ids of ours stay off the page too: what is not there cannot be tried elsewhere."""
    other = sell(tablet, (fair.goods[1], 3))
    sale = sell(tablet, (fair.goods[0], 1))
    page = client.get(f"/r/{sale['token']}").get_data(as_text=True)
    for hidden in (
        "nguoiban", "Vừ A", other["token"], other["number"], fair.goods[1].name, sale["id"], tablet.device_id, sale["hash"],
        *fair.people.values(), *fair.producer_ids, *fair.booth_ids, fair.edition_id,
    ):  # fmt: skip
        assert hidden not in page


def test_receipt_is_kept_nowhere_and_works_without_script(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 1))
    for path in (f"/r/{sale['token']}", f"/r/{sale['token']}.pdf", f"/r/{new_token()}", f"/r/{new_token()}.pdf"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in answer.headers
    page = client.get(f"/r/{sale['token']}").get_data(as_text=True)
    assert 'name="robots" content="noindex' in page
    assert "<script" not in page
    assert " style=" not in page


def weight(client: FlaskClient, path: str) -> int:
    """Bytes of a page with every style sheet it names; there is nothing else to fetch."""
    page = client.get(path).get_data()
    sheets: list[bytes] = re.findall(rb'rel="stylesheet" href="/static/([^"]+)"', page)
    assert re.findall(rb"<(?:script|img|iframe|object|embed|video|audio)\b", page) == []
    styles = sum((TOP / "static" / sheet.decode()).stat().st_size for sheet in sheets)
    return len(page) + styles


def test_receipt_of_ten_lines_weighs_under_20_kb(client: FlaskClient, app: Flask, fair: Fair, tablet: Tablet) -> None:
    """Ten discounted lines, one given back, paid in three ways."""
    off = {"discount_dong": 1_000, "discount_reason": "Mua nhiều; Khách quen", "discount_borne_by": "producer"}
    certify(app, fair.goods[0].product_id, 4, TODAY)
    lines: list[Any] = [{**line_of(goods, discount_dong=1_000), **off} for goods in [*fair.goods, fair.goods[0]]]
    assert len(lines) == 10
    parts = [
        {"method": one, "amount_dong": 1_000, "tendered_dong": 1_000, "change_dong": 0} for one in ("card", "cash")
    ]
    sale = sell(tablet, *lines, payments=[*parts, {**parts[0], "method": "transfer", "reference": "OCPA2611240017"}])
    sell(tablet, lines[0], refund_of=sale["id"])
    assert weight(client, f"/r/{sale['token']}") < 20_000


def without_next(page: bytes) -> bytes:
    """A page but for the address it was asked by, to which choosing a language leads back."""
    return re.sub(rb'name="next" value="[^"]+"', b"", page)


def test_sale_that_has_not_arrived_is_said_to_be_on_its_way(client: FlaskClient, app: Flask) -> None:
    answers = [client.get(f"/r/{token}") for token in (new_token(), new_token(), "A" * 22, "_" * 64, "-" * 22)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_next(answer.get_data()) for answer in answers}) == 1
    assert "xem lại sau ít phút" in answers[0].get_data(as_text=True)
    assert without_next(client.get(f"/r/{new_token()}.pdf").get_data()) == without_next(answers[0].get_data())


def test_what_cannot_be_a_secret_is_an_ordinary_404(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 1))
    paths = (
        "1",
        sale["number"],
        sale["token"][:21],
        sale["token"] + "=",
        "A" * 65,
        "Đ" * 22,
        sale["token"] + ".png",
        "A" * 22 + "%0A",
    )
    for path in paths:
        answer = client.get(f"/r/{path}")
        assert answer.status_code == 404
        assert "xem lại sau ít phút" not in answer.get_data(as_text=True)
    # The sale's id is a UUID, which fits the alphabet: as unknown as any other guess.
    assert client.get(f"/r/{sale['id']}").status_code == 404


def test_line_of_unknown_goods_stands_without_link(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    stranger = Goods(new_id(), new_id(), "Hàng lạ <b>của bạn</b>", "gói", 10_000)
    page = client.get(f"/r/{sell(tablet, (stranger, 1), (fair.goods[0], 1))['token']}").get_data(as_text=True)
    assert "Hàng lạ &lt;b&gt;của bạn&lt;/b&gt;" in page
    assert page.count('href="/p/') == 1


def test_receipt_keeps_the_name_it_was_sold_under(client: FlaskClient, app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 1))
    with app.app_context(), transaction() as session:
        session.get_one(Product, fair.goods[0].product_id).name = "Tên mới"
    page = client.get(f"/r/{sale['token']}").get_data(as_text=True)
    assert fair.goods[0].name in page
    assert "Tên mới" not in page


@pytest.mark.parametrize(("last_day", "shown"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_star_is_shown_while_it_holds(app: Flask, fair: Fair, tablet: Tablet, last_day: date, shown: bool) -> None:
    """On the day of looking, however valid it was when the goods were sold."""
    client = app.test_client()
    sale = sell(tablet, (fair.goods[0], 1), at=now() - timedelta(days=2))
    certify(app, fair.goods[0].product_id, 4, last_day)
    assert ("OCOP 4 sao" in client.get(f"/r/{sale['token']}").get_data(as_text=True)) is shown
    page = client.get(f"/p/{slug_of(app, fair.goods[0])}").get_data(as_text=True)
    assert ("OCOP 4 sao" in page) is shown
    assert (f"{last_day:%d/%m/%Y}" in page) is shown


def test_sample_sale_says_so(client: FlaskClient, app: Flask, fair: Fair, tablet: Tablet) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Device, tablet.device_id).sample = True
    assert "dữ liệu mẫu" in client.get(f"/r/{sell(tablet, (fair.goods[0], 1))['token']}").get_data(as_text=True)


def test_refund_shows_on_the_sale_and_has_a_page_of_its_own(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    sale = sell(tablet, (honey, 3))
    refund = sell(tablet, (honey, 1), refund_of=sale["id"])
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    assert "Đã trả lại" in text
    assert refund["number"] in text
    assert "Tiền đã trả lại −220.000 ₫ Còn lại 440.000 ₫" in text
    own = words(client.get(f"/r/{refund['token']}").get_data(as_text=True))
    assert f"Phiếu trả hàng {refund['number']}" in own
    assert f"Trả hàng cho phiếu {sale['number']}" in own
    assert "Tiền trả lại 220.000 ₫" in own
    assert "Khách đổi ý" not in own + text  # the seller's note may name people


def test_sale_and_refund_lead_to_each_other(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 2))
    refund = sell(tablet, (fair.goods[0], 1), refund_of=sale["id"])
    assert f'href="/r/{refund["token"]}"' in client.get(f"/r/{sale['token']}").get_data(as_text=True)
    assert f'href="/r/{sale["token"]}"' in client.get(f"/r/{refund['token']}").get_data(as_text=True)


def test_a_void_is_said_plainly(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 2))
    void = sell(tablet, (fair.goods[0], 2), refund_of=sale["id"], whole=True)
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    assert "Phiếu này đã hủy. Phiếu hủy ghi: tiền mặt 440.000 ₫." in text
    assert "Còn lại 0 ₫" in text
    own = words(client.get(f"/r/{void['token']}").get_data(as_text=True))
    assert f"Phiếu hủy {void['number']}" in own
    assert f"Hủy phiếu {sale['number']}" in own


def test_no_receipt_says_that_money_went_back_which_nobody_saw_come(
    client: FlaskClient, fair: Fair, tablet: Tablet
) -> None:
    sale = sell(tablet, (fair.goods[0], 1), method="transfer")
    void = sell(tablet, (fair.goods[0], 1), refund_of=sale["id"], whole=True, method="transfer")
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    way = "chuyển khoản, cho tiền khách chuyển mà chưa được xác nhận 220.000 ₫"
    assert f"Phiếu này đã hủy. Phiếu hủy ghi: {way}." in text
    assert "Trừ phần trả lại −220.000 ₫ Còn lại 0 ₫" in text
    assert "Tiền đã trả lại" not in text
    own = words(client.get(f"/r/{void['token']}").get_data(as_text=True))
    assert "Cả phiếu đã hủy." in own
    tablet.send(tablet.command("transfer_seen", sale_id=sale["id"], payment_no=1))
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    assert "Phiếu hủy ghi: chuyển khoản 220.000 ₫." in text
    assert "Tiền đã trả lại −220.000 ₫" in text


def test_goods_that_all_came_back_piece_by_piece_are_said_at_the_top(
    client: FlaskClient, fair: Fair, tablet: Tablet
) -> None:
    sale = sell(tablet, (fair.goods[0], 2))
    sell(tablet, (fair.goods[0], 1), refund_of=sale["id"])
    notice = "Hàng của phiếu này đã trả lại hết"
    assert notice not in words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    sell(tablet, (fair.goods[0], 1), refund_of=sale["id"])
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    assert f"{notice}. Phiếu trả hàng ghi: tiền mặt 440.000 ₫." in text


def test_a_transfer_that_was_seen_is_confirmed(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 1), method="transfer")
    tablet.send(tablet.command("transfer_seen", sale_id=sale["id"], payment_no=1))
    text = words(client.get(f"/r/{sale['token']}").get_data(as_text=True))
    assert "Chuyển khoản (đã xác nhận) 220.000 ₫" in text


def test_refund_of_an_unknown_sale(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    refund = sell(tablet, (fair.goods[0], 1), refund_of=new_id())
    text = words(client.get(f"/r/{refund['token']}").get_data(as_text=True))
    assert "Phiếu trả hàng" in text
    assert "Trả hàng cho phiếu" not in text


def test_paper_comes_as_pdf_named_after_its_number(client: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    sale = sell(tablet, (fair.goods[0], 1))
    answer = client.get(f"/r/{sale['token']}.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{sale["number"]}.pdf"'
    assert answer.get_data().startswith(b"%PDF-")


def slug_of(app: Flask, goods: Goods) -> str:
    with app.app_context():
        return db.session.get_one(Product, goods.product_id).slug


def test_product_page_tells_of_goods_and_maker(client: FlaskClient, app: Flask, fair: Fair) -> None:
    new, old, district, province = new_id(), new_id(), new_id(), new_id()
    units = [
        (province, "vn2025", "province", "Lai Châu", None), (new, "vn2025", "commune", "Xã Bum Tở", province),
        (district, "vn_legacy", "district", "Huyện Mường Tè", None), (old, "vn_legacy", "commune", "Xã Can Hồ", district),
    ]  # fmt: skip
    with app.app_context(), transaction() as session:
        for unit_id, scheme, level, name, parent in units:
            session.add(
                AdminUnit(
                    id=unit_id,
                    scheme=scheme,
                    level=level,
                    name=name,
                    name_key=identity(name),
                    parent_id=parent,
                    parent_key=parent or "",
                )
            )
            session.flush()
        maker = session.get_one(Producer, fair.producer_ids[0])
        maker.commune_id, maker.province_id, maker.legacy_commune_id = new, province, old
    certify(app, fair.goods[1].product_id, 3, TODAY)
    answer = client.get(f"/p/{slug_of(app, fair.goods[0])}")
    page = answer.get_data(as_text=True)
    text = words(page)
    for part in (
        "Thực phẩm", fair.goods[0].name, "220.000 ₫ / hộp", "Hợp tác xã Số 1 Hội chợ thử", "Xã Bum Tở, Lai Châu",
        "Xã Can Hồ, Huyện Mường Tè (cũ)", fair.goods[1].name, fair.goods[2].name, "350.000 ₫", "OCOP 3 sao",
    ):  # fmt: skip
        assert part in text
    assert fair.goods[3].name not in text
    assert f'property="og:title" content="{fair.goods[0].name}' in page
    assert 'property="og:url" content="https://fair.example/p/' in page
    assert "<script" not in page
    assert weight(client, f"/p/{slug_of(app, fair.goods[0])}") < 150_000


def test_product_no_longer_sold_keeps_its_page(client: FlaskClient, app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Product, fair.goods[0].product_id).withdrawn_at = now()
    answer = client.get(f"/p/{slug_of(app, fair.goods[0])}")
    assert answer.status_code == 200
    assert "Hiện không còn bán." in answer.get_data(as_text=True)
    assert fair.goods[0].name not in client.get(f"/p/{slug_of(app, fair.goods[1])}").get_data(as_text=True)


def test_language_is_chosen_on_public_pages_without_script_or_token(
    client: FlaskClient, fair: Fair, app: Flask
) -> None:
    path = f"/p/{slug_of(app, fair.goods[0])}"
    vietnamese = client.get(path).get_data(as_text=True)
    assert '<form method="post" action="/language/en">' in vietnamese
    assert f'name="next" value="{path}"' in vietnamese
    answer = client.post("/language/en", data={"next": path}, headers={"Origin": "http://localhost"})
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    english = words(client.get(path).get_data(as_text=True))
    assert "Food" in english
    assert "Cooperative" in english
    assert (
        client.post("/language/vi", data={"next": path}, headers={"Origin": "http://evil.example"}).status_code == 403
    )


def test_product_unknown(client: FlaskClient, fair: Fair) -> None:
    assert client.get("/p/khong-co").status_code == 404


def test_nothing_is_changed_by_looking(client: FlaskClient, fair: Fair, tablet: Tablet, app: Flask) -> None:
    """SECURITY C6."""
    sale = sell(tablet, (fair.goods[0], 1))

    def rows() -> list[tuple[Any, ...]]:
        with app.app_context():
            tables = db.metadata.sorted_tables
            return [tuple(row) for table in tables for row in db.session.execute(table.select())]

    before = rows()
    for path in (
        f"/r/{sale['token']}",
        f"/r/{sale['token']}.pdf",
        f"/p/{slug_of(app, fair.goods[0])}",
        f"/r/{new_token()}",
    ):
        client.get(path)
    assert rows() == before


def test_misses_and_hits_ask_the_database_alike(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, fair: Fair
) -> None:
    """Every secret that fits is looked up once by its index; nothing is decided before that."""
    asked: list[str] = []

    def find(_session: object, token: str, _today: date, _states: object) -> None:
        asked.append(token)

    monkeypatch.setattr(pages, "find_receipt", find)
    tokens = [new_token(), "A" * 22, "z" * 64]
    for token in tokens:
        client.get(f"/r/{token}")
    assert asked == tokens
