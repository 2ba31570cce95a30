from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.catalogue.actions import import_products
from fair_pos.catalogue.rules import ProductRow
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import db, reading, transaction
from fair_pos.registry import refusals
from fair_pos.registry.actions import SavedProducers, save_certificates, save_producers, save_titles
from fair_pos.registry.queries import titles_of
from fair_pos.registry.rules import CertificateSaid, ProducerSaid
from fair_pos.registry.tables import AdminUnit, Certificate, Producer
from fair_pos.registry.title_cells import TitleInCell

PA_U = ProducerSaid(
    "Hộ kinh doanh mật ong Pa Ủ",
    "ho_kinh_doanh",
    "Xã Bum Tở",
    "03433",
    "Lai Châu",
    "TT. Mường Tè",
    "Mường Tè",
    "Lai Châu",
)


def save(app: Flask, *said: ProducerSaid) -> SavedProducers:
    with app.app_context(), transaction() as session:
        return save_producers(session, said, at=now(), make_id=named_id)


def count(app: Flask, table: type[AdminUnit | Producer | Certificate]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_producer_is_written_with_its_places_in_both_schemes(app: Flask) -> None:
    saved = save(app, PA_U)
    assert saved.created == {PA_U.key}
    with app.app_context():
        producer = db.session.scalars(select(Producer)).one()
        assert (producer.slug, producer.kind, producer.place_key) == (
            "ho-kinh-doanh-mat-ong-pa-u",
            "ho_kinh_doanh",
            "lai chau",
        )
        units = {(unit.scheme, unit.level): unit for unit in db.session.scalars(select(AdminUnit))}
        assert len(units) == 5
        assert units["vn2025", "commune"].id == producer.commune_id
        assert units["vn2025", "commune"].code == "03433"
        assert units["vn_legacy", "commune"].name == "Thị trấn Mường Tè"
        assert units["vn_legacy", "commune"].id == producer.legacy_commune_id
        assert units["vn_legacy", "commune"].parent_id == units["vn_legacy", "district"].id


def test_saying_the_same_again_changes_nothing(app: Flask) -> None:
    save(app, PA_U)
    before = count(app, AdminUnit)
    again = save(app, PA_U, ProducerSaid("hộ kinh doanh  MẬT ONG Pa Ủ", province="Tỉnh Lai Châu"))
    assert (again.created, count(app, Producer), count(app, AdminUnit)) == (set(), 1, before)
    assert again.updated == set()


@pytest.mark.parametrize(
    "district", ["Ðiện Biên Ðông", unicodedata.normalize("NFD", "Điện Biên Đông"), "Huyện Điện Biên Đông"]
)
def test_look_alikes_make_no_second_place(app: Flask, district: str) -> None:
    save(app, ProducerSaid("A", old_district="Điện Biên Đông", old_province="Điện Biên", province="Điện Biên"))
    before = count(app, AdminUnit)
    save(app, ProducerSaid("B", old_district=district, old_province="Ðiện Biên", province="Ðiện Biên"))
    assert count(app, AdminUnit) == before == 3


def test_what_is_left_empty_is_left_as_it_was(app: Flask) -> None:
    save(app, PA_U)
    assert save(app, ProducerSaid(PA_U.name, province="Lai Châu")).updated == set()
    moved = save(app, ProducerSaid(PA_U.name, commune="Xã Mù Cả", province="Lai Châu"))
    assert moved.updated == {PA_U.key}
    with app.app_context():
        producer = db.session.scalars(select(Producer)).one()
        commune = db.session.get_one(AdminUnit, producer.commune_id)
        assert (commune.name, producer.kind) == ("Xã Mù Cả", "ho_kinh_doanh")
        assert producer.legacy_commune_id is not None


def test_one_name_in_two_provinces_is_two_producers(app: Flask) -> None:
    saved = save(
        app, ProducerSaid("HTX Tâm Thiện", province="Lai Châu"), ProducerSaid("HTX Tâm Thiện", province="Sơn La")
    )
    assert len(set(saved.ids.values())) == 2
    with app.app_context():
        slugs = set(db.session.scalars(select(Producer.slug)))
    assert slugs == {"htx-tam-thien", "htx-tam-thien-son-la"}


def test_a_code_is_filled_in_and_never_overwritten(app: Flask) -> None:
    save(app, ProducerSaid("A", commune="Xã Bum Tở", province="Lai Châu"))
    save(app, ProducerSaid("B", commune="Xã Bum Tở", commune_code="03433", province="Lai Châu"))
    save(app, ProducerSaid("C", commune="Xã Bum Tở", commune_code="99999", province="Lai Châu"))
    with app.app_context():
        assert db.session.scalar(select(AdminUnit.code).where(AdminUnit.level == "commune")) == "03433"


def test_only_a_district_known_is_the_old_place(app: Flask) -> None:
    save(app, ProducerSaid("A", old_district="Củ Chi", old_province="Hồ Chí Minh", province="TP.HCM"))
    with app.app_context():
        producer = db.session.scalars(select(Producer)).one()
        assert producer.commune_id is None
        assert db.session.get_one(AdminUnit, producer.legacy_commune_id).name == "Củ Chi"
        assert db.session.get_one(AdminUnit, producer.province_id).name == "Hồ Chí Minh"


# --- certificates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def product_id(app: Flask) -> str:
    row = ProductRow(2, "Mật ong", "chai", "thuc_pham", 220_000, "8", PA_U)
    with app.app_context(), transaction() as session:
        import_products(session, [row], now(), None, make_id=named_id)
        producer = session.scalars(select(Producer)).one()
        return named_id("product", producer.id, "mật ong", "chai")


def certify(app: Flask, *said: CertificateSaid) -> set[str]:
    with app.app_context(), transaction() as session:
        return save_certificates(session, said, make_id=named_id)


def test_a_certificate_gets_its_last_day(app: Flask, product_id: str) -> None:
    said = CertificateSaid(product_id, 4, date(2023, 11, 29), "QĐ 1")
    assert certify(app, said) == {product_id}
    assert certify(app, said) == set()
    with app.app_context():
        assert db.session.scalars(select(Certificate)).one().expires_day == date(2026, 11, 28)


def test_the_same_decision_is_the_same_certificate_put_right(app: Flask, product_id: str) -> None:
    certify(app, CertificateSaid(product_id, 4, date(2023, 11, 29), "QĐ 1"))
    assert certify(app, CertificateSaid(product_id, 3, date(2023, 12, 29), "QĐ 1")) == {product_id}
    with app.app_context():
        certificate = db.session.scalars(select(Certificate)).one()
    assert (certificate.stars, certificate.expires_day) == (3, date(2026, 12, 28))


def test_another_day_is_another_certificate(app: Flask, product_id: str) -> None:
    certify(app, CertificateSaid(product_id, 3, date(2023, 11, 29), "QĐ 1"))
    certify(app, CertificateSaid(product_id, 4, date(2026, 11, 20), "QĐ 2"))
    assert count(app, Certificate) == 2


# --- titles -----------------------------------------------------------------------------------------------------------


def entitle(app: Flask, product_id: str, *said: TitleInCell, write: bool = True) -> list[str]:
    with app.app_context(), transaction() as session:
        named = [(product_id, one) for one in said]
        return save_titles(session, named, at=now(), by=None, make_id=named_id, write=write)


def titles(app: Flask, product_id: str) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        return [
            (
                one.kind,
                one.issued_day.isoformat(),
                one.expires_day.isoformat() if one.expires_day else "",
                one.decision_no,
            )
            for one in titles_of(reading(), [product_id]).get(product_id, [])
        ]


def told(app: Flask) -> list[str]:
    with app.app_context():
        wanted = select(Line.verb).where(Line.verb.like("title_%")).order_by(Line.seq)
        return list(reading().scalars(wanted))


KEY = TitleInCell("chu_luc", "province", date(2023, 11, 29))


def test_titles_are_written_down_once_and_put_right(app: Flask, product_id: str) -> None:
    assert entitle(app, product_id, KEY, write=False) == [product_id]
    assert titles(app, product_id) == []
    assert entitle(app, product_id, KEY, KEY) == [product_id]
    assert entitle(app, product_id, KEY) == []
    assert titles(app, product_id) == [("chu_luc", "2023-11-29", "", "")]
    dated = replace(KEY, expires_day=date(2026, 11, 28), decision_no="QĐ 1")
    assert entitle(app, product_id, dated) == [product_id]
    assert entitle(app, product_id, KEY) == [], "what a file leaves out stays"
    assert titles(app, product_id) == [("chu_luc", "2023-11-29", "2026-11-28", "QĐ 1")]
    assert told(app) == ["title_added", "title_removed", "title_added"]


def test_a_title_with_a_year_alone_is_the_one_of_that_year(app: Flask, product_id: str) -> None:
    entitle(app, product_id, KEY)
    of_year = TitleInCell("chu_luc", "province", date(2023, 1, 1), year_only=True)
    assert entitle(app, product_id, of_year) == []
    other_level, other_year = replace(of_year, level="commune"), replace(of_year, issued_day=date(2022, 1, 1))
    assert entitle(app, product_id, other_level, other_year, of_year) == [product_id] * 2
    assert entitle(app, product_id, other_level, other_year, of_year) == []
    assert [one[1] for one in titles(app, product_id)] == ["2022-01-01", "2023-01-01", "2023-11-29"]


def test_a_title_with_an_end_before_its_known_day_is_refused(app: Flask, product_id: str) -> None:
    entitle(app, product_id, KEY)
    of_year = TitleInCell("chu_luc", "province", date(2023, 1, 1), date(2023, 6, 1), year_only=True)
    with pytest.raises(refusals.TitleDaysWrong):
        entitle(app, product_id, of_year)
    with pytest.raises(refusals.TitleDaysWrong):
        entitle(app, product_id, of_year, write=False)
    assert titles(app, product_id) == [("chu_luc", "2023-11-29", "", "")]
