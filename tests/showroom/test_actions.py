from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from fair_pos.catalogue.queries import current_version
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import Refusal
from fair_pos.plumbing.db import reading, transaction
from fair_pos.showroom.actions import Outcome, admit, withdraw
from fair_pos.showroom.queries import admitted_products, goods_on_display
from fair_pos.showroom.tables import Admission
from fair_pos.venues.tables import Edition
from tests.showroom.conftest import Shop


def take_in(app: Flask, shop: Shop, *products: str, day: date | None = None, exception: str = "") -> Outcome:
    with app.app_context(), transaction() as session:
        by = shop.fair.people["bantochuc"]
        return admit(
            session, shop.fair.edition_id, products, day=day or shop.today, at=now(), by=by, exception=exception
        )


def on_display(app: Flask, shop: Shop, day: date) -> set[str] | None:
    with app.app_context():
        return admitted_products(reading(), shop.fair.edition_id, day)


def take_off(app: Flask, shop: Shop, product: str, day: date, reason: str = "Hết hàng") -> None:
    with app.app_context(), transaction() as session:
        wanted = select(Admission.id).where(Admission.product_id == product, Admission.withdrawn_day.is_(None))
        admission_id = session.scalar(wanted) or "gone"
        withdraw(session, shop.fair.edition_id, admission_id, day=day, reason=reason, at=now(), by=None)


def test_what_has_a_ground_comes_in_and_the_rest_is_named_with_why(app: Flask, shop: Shop) -> None:
    assert on_display(app, shop, shop.today) is None
    with app.app_context():
        version = current_version(reading())
    outcome = take_in(app, shop, shop.starred, shop.titled, shop.bare)
    assert {one.product.id for one in outcome.admitted} == {shop.starred, shop.titled}
    (left,) = outcome.turned_down
    assert (left.product.id, [one.code for one in left.lacks]) == (shop.bare, ["no_stars", "no_title"])
    assert on_display(app, shop, shop.today) == {shop.starred, shop.titled}
    assert on_display(app, shop, shop.today - timedelta(days=1)) == set()
    with app.app_context():
        assert current_version(reading()) == version + 1
        (line,) = reading().scalars(
            select(Line).where(Line.verb == "admitted", Line.facts["product"].as_string() == shop.starred)
        )
        assert line.facts["grounds"] == ["ocop"]


def test_an_exception_says_why_and_stays_marked(app: Flask, shop: Shop) -> None:
    take_in(app, shop, shop.bare, shop.titled, exception="Sản phẩm mới, đang chờ chấm sao")
    with app.app_context():
        shown = {one.check.product.id: one for one in goods_on_display(reading(), shop.fair.edition_id, shop.today)}
        assert shown[shop.bare].admission.exception == "Sản phẩm mới, đang chờ chấm sao"
        assert shown[shop.titled].admission.exception == ""
        assert shown[shop.bare].counted.kinds == frozenset()


def test_grounds_are_those_of_the_day(app: Flask, shop: Shop) -> None:
    with pytest.raises(Refusal) as refused:
        take_in(app, shop, shop.titled, day=shop.today - timedelta(days=40))
    assert refused.value.code == "no_ground"
    assert take_in(app, shop, shop.titled, day=shop.today - timedelta(days=20)).admitted


def test_requests_that_make_no_sense_are_turned_down(app: Flask, shop: Shop) -> None:
    take_in(app, shop, shop.starred)
    for code, products, day, exception in (
        ("no_ground", [shop.bare], None, ""),
        ("no_goods_chosen", [], None, ""),
        ("no_goods_chosen", ["gone"], None, ""),
        ("admitted_already", [shop.starred], None, ""),
        ("admission_day_wrong", [shop.titled], shop.today + timedelta(days=1), ""),
        ("admission_reason_too_long", [shop.bare], None, "x" * 301),
    ):
        with pytest.raises(Refusal) as refused:
            take_in(app, shop, *products, day=day, exception=exception)
        assert refused.value.code == code
    assert on_display(app, shop, shop.today) == {shop.starred}
    with app.app_context(), transaction() as session:
        session.execute(update(Edition).values(kind="fair", ends_day=shop.today))
    with pytest.raises(Refusal) as refused:
        take_in(app, shop, shop.titled)
    assert refused.value.code == "not_a_showroom"


def test_what_is_taken_off_stays_for_earlier_days_and_may_come_again(app: Flask, shop: Shop) -> None:
    take_in(app, shop, shop.starred, day=shop.today - timedelta(days=10))
    for code, day, reason in (
        ("withdrawal_reason_missing", shop.today, " "),
        ("withdrawal_day_wrong", shop.today + timedelta(days=1), "Hết hàng"),
        ("withdrawal_day_wrong", shop.today - timedelta(days=11), "Hết hàng"),
        ("admission_reason_too_long", shop.today, "x" * 301),
    ):
        with pytest.raises(Refusal) as refused:
            take_off(app, shop, shop.starred, day, reason)
        assert refused.value.code == code
    take_off(app, shop, shop.starred, shop.today - timedelta(days=3))
    with pytest.raises(Refusal):
        take_off(app, shop, shop.starred, shop.today)
    assert on_display(app, shop, shop.today - timedelta(days=4)) == {shop.starred}
    assert on_display(app, shop, shop.today - timedelta(days=3)) == set()
    with pytest.raises(Refusal) as refused:
        take_in(app, shop, shop.starred, day=shop.today - timedelta(days=5))
    assert refused.value.code == "admission_day_wrong"
    take_in(app, shop, shop.starred)
    assert on_display(app, shop, shop.today) == {shop.starred}
