"""The page of one receipt: all that is known of it, the booth's notes and the price list it was sold by."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.catalogue.tables import CatalogueVersion, Price
from fair_pos.kernel.clock import now
from fair_pos.people.queries import find_person
from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.sale_facts import facts_of_sale, newer_list_for
from fair_pos.sales.queries import find_sale
from tests.builders import Fair, make_fair, pair_tablet, sign_in, sold
from tests.reports.golden import Golden, WholeTill, make_golden, sell_whole_till


@pytest.fixture
def golden(app: Flask) -> Golden:
    return make_golden(app)


@pytest.fixture
def made(app: Flask, golden: Golden) -> WholeTill:
    return sell_whole_till(app, golden)


def words(client: FlaskClient, sale_id: str) -> str:
    answer = client.get(f"/sales/{sale_id}")
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def test_weight_and_rounding(made: WholeTill, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    text = words(client, made.ids["scale"])
    assert "0,575 kg 38.000 ₫ 0 ₫ 21.850 ₫ Làm tròn tiền mặt 150 ₫ Tổng cộng 22.000 ₫" in text
    assert "Phiếu này đã hủy, bằng phiếu" in text
    void = words(client, made.ids["void"])
    assert "Phiếu hủy" in void
    assert "Hủy cả phiếu" in void


def test_packs_count_packs_and_base_units(made: WholeTill, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    assert "2 Hộp 12 cái = 24 đơn vị 2.400.000 ₫ 0 ₫ 4.800.000 ₫" in words(client, made.ids["packs"])


def test_discount_changed_price_and_every_tender(made: WholeTill, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    text = words(client, made.ids["dear"])
    for part in (
        "−50.000 ₫ 650.000 ₫", "Giảm giá: Mua nhiều; cháu bà Tâm, ban tổ chức chịu.", "Tiền hàng chưa giảm giá 700.000 ₫",
        "Tiền mặt 200.000 ₫", "Chuyển khoản chưa xác nhận OCP1 450.000 ₫", "Đã có phiếu trả hàng cho phiếu này:",
    ):  # fmt: skip
        assert part in text, part
    changed = words(client, made.ids["changed"])
    assert "30.000 ₫ giá bảng 37.500 ₫ 0 ₫ 90.000 ₫ Đổi giá: Giá sỉ." in changed


def test_the_booths_notes_and_the_second_person_are_shown_here(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    sale = tablet.sale(
        [sold(fair.goods[0], note="khách quen của chị Mai")],
        note="gửi xe ở cổng",
        second_person_id=fair.people["quantri"],
    )
    tablet.send(sale)
    sign_in(client, "bantochuc")
    text = words(client, sale["id"])
    assert "ghi chú nội bộ khách quen của chị Mai" in text
    assert "ghi chú nội bộ gửi xe ở cổng" in text
    assert "Người thứ hai ký Vừ A quantri" in text


def test_an_old_price_list_is_said_and_what_it_changes(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    dear, same = fair.goods[0], fair.goods[1]
    with app.app_context(), transaction() as session:
        session.add(CatalogueVersion(version=2, changed_at=now() - timedelta(minutes=10), cause="test"))
        session.flush()
        session.add(Price(product_id=dear.product_id, version=2, price_dong=250_000))
    old, plain = tablet.sale([(dear, 1), (same, 1)]), tablet.sale([(same, 1)])
    before = tablet.sale([(dear, 1)], at=now() - timedelta(minutes=20))
    fresh = tablet.sale([sold(dear, unit_price_dong=250_000)], price_list_version=2)
    back = tablet.sale([(dear, 1)], refund_of=old["id"])
    tablet.send(old, plain, before, fresh, back)
    with app.app_context():
        found = {name: newer_list_for(find_sale(reading(), one["id"])) for name, one in
                 {"old": old, "plain": plain, "before": before, "fresh": fresh}.items()}  # fmt: skip
        assert found["before"] is None
        assert found["fresh"] is None
        assert found["old"] is not None
        assert (found["old"].version, found["old"].prices) == (2, {1: 250_000})
        assert found["plain"] is not None
        assert found["plain"].prices == {}
        assert facts_of_sale(find_sale(reading(), back["id"]))["newer"] is None
    sign_in(client, "bantochuc")
    assert "Máy bán theo bảng giá số 1; lúc đó đã có bảng giá số 2" in words(client, old["id"])
    assert "bảng giá số 2: 250.000 ₫" in words(client, old["id"])
    assert "Giá các món trên phiếu này không khác." in words(client, plain["id"])
    assert "lúc đó đã có" not in words(client, before["id"])


def test_a_price_that_a_second_person_agreed_to_names_them(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    cheaper = sold(fair.goods[0], unit_price_dong=200_000, list_price_dong=220_000, price_reason="bao bì móp")
    alone = tablet.sale([cheaper])
    agreed = tablet.sale([cheaper], second_person_id=fair.people["bantochuc"])
    refused = tablet.sale([cheaper], second_person_id=fair.people["nguoiban"])
    tablet.send(alone, agreed, refused)
    sign_in(client, "bantochuc")
    names = names_of(app, fair)
    said = "đổi giá từ 220.000 ₫ thành 200.000 ₫"
    assert f"{names['bantochuc']} đồng ý (lý do: bao bì móp)" in words(client, agreed["id"])
    assert "người bán đổi giá" not in words(client, agreed["id"])
    assert f"người bán {said}" in words(client, alone["id"])
    assert f"cả người bán và {names['nguoiban']} đều không có quyền" in words(client, refused["id"])
    listed = client.get(f"/editions/{fair.edition_id}/oddities").get_data(as_text=True)
    assert f"{names['bantochuc']} đồng ý" in listed


def names_of(app: Flask, fair: Fair) -> dict[str, str]:
    with app.app_context():
        return {login: one.name for login, id_ in fair.people.items() if (one := find_person(reading(), id_))}
