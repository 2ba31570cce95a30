"""Packs and barcodes: brought by a file, changed by hand, told to tablets and never taken from what was sold."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.catalogue import actions
from fair_pos.catalogue.actions import import_products, save_pack
from fair_pos.catalogue.packs import put_packs
from fair_pos.catalogue.queries import barcodes_of, current_version, pack_prices_of, packs_of, prices_of
from fair_pos.catalogue.refusals import BarcodeTaken, MeasureFixed
from fair_pos.catalogue.rules import PackSaid, ProductRow
from fair_pos.catalogue.tables import Pack, Product
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.rules import ProducerSaid
from tests.builders import Fair, csrf_token, make_fair, sign_in

CASE, HALF = PackSaid("Thùng 12 chai", 12, 2_400_000), PackSaid("Hộp 6 chai", 6, 1_250_000)
HONEY = ProductRow(
    2, "Mật ong", "chai", "thuc_pham", 220_000, "8", ProducerSaid("HTX Pa Ủ"), sold_by="piece",
    barcodes=("8934567000017",), packs=(CASE, HALF),
)  # fmt: skip
FISH = ProductRow(
    3, "Chả mực", "kg", "thuc_pham", 380_000, "8", ProducerSaid("HTX Pa Ủ"), sold_by="weight",
    packs=(PackSaid("Gói 500 g", 500, 200_000),),
)  # fmt: skip


def bring_in(app: Flask, *rows: ProductRow) -> tuple[int, int, int]:
    with app.app_context(), transaction() as session:
        result = import_products(session, rows, now(), None)
        return result.created, result.updated, result.unchanged


def product_id(app: Flask, name: str = "Mật ong") -> str:
    with app.app_context():
        return reading().scalars(select(Product.id).where(Product.name == name)).one()


def packs(app: Flask, name: str = "Mật ong") -> list[tuple[str, int, int]]:
    with app.app_context():
        found = packs_of(reading(), [product_id(app, name)])
        return [(one.name, one.size, one.price_dong) for some in found.values() for one in some]


def test_a_file_brings_packs_and_codes_and_brings_them_once(app: Flask) -> None:
    assert bring_in(app, HONEY, FISH) == (2, 0, 0)
    assert packs(app) == [("Hộp 6 chai", 6, 1_250_000), ("Thùng 12 chai", 12, 2_400_000)]
    assert packs(app, "Chả mực") == [("Gói 500 g", 500, 200_000)]
    with app.app_context():
        assert list(barcodes_of(reading(), [product_id(app)]).values()) == [("8934567000017",)]
    assert bring_in(app, HONEY, FISH) == (0, 0, 2)
    assert bring_in(app, replace(HONEY, packs=(), barcodes=()), FISH) == (0, 0, 2)  # what is not named stays
    assert len(packs(app)) == 2


def test_a_pack_s_price_has_its_history(app: Flask) -> None:
    bring_in(app, HONEY)
    assert bring_in(app, replace(HONEY, packs=(replace(CASE, price_dong=2_300_000),))) == (0, 1, 0)
    with app.app_context():
        pack_id = reading().scalars(select(Pack.id).where(Pack.size == 12)).one()
        assert pack_prices_of(reading(), {pack_id}) == {pack_id: [(1, 2_400_000), (2, 2_300_000)]}


def test_a_code_never_means_two_things(app: Flask) -> None:
    bring_in(app, HONEY)
    with pytest.raises(BarcodeTaken) as refused:
        bring_in(app, replace(FISH, barcodes=("8934567000017",)))
    assert refused.value.facts == {"code": "8934567000017", "name": "Mật ong"}
    with app.app_context():
        assert current_version(reading()) == 1  # nothing of the file came in


def test_how_a_product_is_measured_cannot_change(app: Flask) -> None:
    bring_in(app, HONEY)
    with pytest.raises(MeasureFixed):
        bring_in(app, replace(HONEY, sold_by="weight", packs=()))
    assert bring_in(app, replace(HONEY, sold_by="")) == (0, 0, 1)


# --- by hand ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def slug_of(app: Flask, fair: Fair) -> str:
    with app.app_context():
        return reading().get_one(Product, fair.goods[0].product_id).slug


def post(client: FlaskClient, path: str, **fields: str) -> Any:
    return client.post(path, data={"csrf_token": csrf_token(client), **fields})


def test_an_organiser_changes_a_price_and_the_journal_keeps_both(app: Flask, client: FlaskClient, fair: Fair) -> None:
    honey, path = fair.goods[0], f"/catalogue/products/{slug_of(app, fair)}"
    sign_in(client, "bantochuc")
    assert "220.000" in client.get(path).get_data(as_text=True)
    assert post(client, f"{path}/price", price="230.000").status_code == 302
    with app.app_context():
        assert prices_of(reading(), {honey.product_id})[honey.product_id] == [(1, 220_000), (2, 230_000)]
        (line,) = lines_about(reading(), "product", honey.product_id)
        assert (line.verb, line.person_id) == ("price_changed", fair.people["bantochuc"])
        assert line.facts == {"old_dong": 220_000, "new_dong": 230_000, "version": 2}
    assert post(client, f"{path}/price", price="230000").status_code == 302  # the same again is no change
    assert post(client, f"{path}/price", price="1,5tr").status_code == 400
    with app.app_context():
        assert current_version(reading()) == 2
    assert post(client, "/catalogue/products/khong-co/price", price="1000").status_code == 404


@pytest.mark.parametrize("login", ["nguoiban", "chuthe"])
def test_a_forged_request_to_change_a_price_is_answered_403_and_changes_nothing(
    app: Flask, client: FlaskClient, fair: Fair, login: str
) -> None:
    sign_in(client, login)
    answer = post(client, f"/catalogue/products/{slug_of(app, fair)}/price", price="1000")
    assert answer.status_code == 403
    assert "Bạn không có quyền đổi giá" in answer.get_data(as_text=True)
    assert post(client, f"/catalogue/products/{slug_of(app, fair)}/packs", name="Thùng 2", price="1").status_code == 404
    with app.app_context():
        assert prices_of(reading(), {fair.goods[0].product_id})[fair.goods[0].product_id] == [(1, 220_000)]
        assert current_version(reading()) == 1


def test_a_pack_is_made_sold_no_more_and_made_again(app: Flask, client: FlaskClient, fair: Fair) -> None:
    path = f"/catalogue/products/{slug_of(app, fair)}"
    sign_in(client, "bantochuc")
    assert post(client, f"{path}/packs", name="Thùng 12 hộp", price="2.400.000").status_code == 302
    with app.app_context():
        (pack,) = packs_of(reading(), [fair.goods[0].product_id])[fair.goods[0].product_id]
    assert (pack.name, pack.size, pack.price_dong) == ("Thùng 12 hộp", 12, 2_400_000)
    assert post(client, f"{path}/packs", name="Thùng", price="2.400.000").status_code == 400
    assert post(client, f"{path}/packs", name="Thùng 12 hộp", price="0").status_code == 400
    post(client, f"{path}/packs/withdraw", pack=pack.id)
    post(client, f"{path}/packs/withdraw", pack="nothing")
    with app.app_context():
        assert packs_of(reading(), [fair.goods[0].product_id]) == {}
    post(client, f"{path}/packs", name="thùng 12 hộp", price="2.300.000")
    with app.app_context():
        (again,) = packs_of(reading(), [fair.goods[0].product_id])[fair.goods[0].product_id]
        assert (again.id, again.price_dong) == (pack.id, 2_300_000)
        assert current_version(reading()) == 4


def test_codes_are_added_and_removed(app: Flask, client: FlaskClient, fair: Fair) -> None:
    path = f"/catalogue/products/{slug_of(app, fair)}"
    sign_in(client, "bantochuc")
    post(client, f"{path}/packs", name="Thùng 12 hộp", price="2.400.000")
    with app.app_context():
        (pack,) = packs_of(reading(), [fair.goods[0].product_id])[fair.goods[0].product_id]
    assert post(client, f"{path}/barcodes", code="8934567000017").status_code == 302
    assert post(client, f"{path}/barcodes", code="4006381333931", pack=pack.id).status_code == 302
    assert post(client, f"{path}/barcodes", code="8934567000018").status_code == 400  # its check digit does not fit
    assert post(client, f"{path}/barcodes", code="8934567000017", pack=pack.id).status_code == 400  # taken
    assert post(client, f"{path}/barcodes", code="2000000000015", pack="other").status_code == 400
    page = client.get(path).get_data(as_text=True)
    assert "8934567000017" in page
    assert "4006381333931" in page
    assert post(client, f"{path}/barcodes/remove", code="8934567000017").status_code == 302
    assert post(client, f"{path}/barcodes/remove", code="8934567000017").status_code == 302
    with app.app_context():
        found = barcodes_of(reading(), [fair.goods[0].product_id])
        assert found == {(fair.goods[0].product_id, pack.id): ("4006381333931",)}


@pytest.mark.race
def test_a_pack_saved_twice_at_once_is_one_pack(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A button pressed twice: neither may look whether the pack is there before the other has written it."""
    fair = make_fair(app)
    meeting = threading.Barrier(2)

    def meet(session: Any, *given: Any, **said: Any) -> Any:
        session.scalars(select(Pack)).all()
        with suppress(threading.BrokenBarrierError):
            meeting.wait(1)
        return put_packs(session, *given, **said)

    monkeypatch.setattr(actions, "put_packs", meet)

    def save(_: int) -> None:
        with app.app_context(), transaction() as session:
            product = session.get_one(Product, fair.goods[0].product_id)
            save_pack(session, product, "Thùng 12", "2.400.000", at=now(), by=fair.people["quantri"])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, range(2)))
    assert packs(app, fair.goods[0].name) == [("Thùng 12", 12, 2_400_000)]
    with app.app_context():
        assert [len(some) for some in pack_prices_of(reading(), set(reading().scalars(select(Pack.id)))).values()] == [
            1
        ]
