from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import identity, slug
from fair_pos.plumbing.db import reading, transaction
from fair_pos.portal.queries import days_of, get_producer, lines_of, owners_of_edition, stars_of, today_of
from fair_pos.portal.rules import Sums, sum_of
from fair_pos.registry.tables import Certificate, Producer
from fair_pos.stock.actions import record_movements
from fair_pos.stock.facts import Moved
from fair_pos.till.tables import Device
from tests.asked import statements_sent
from tests.builders import BOUNDARY, Fair, Goods, Tablet, make_fair, pair_tablet


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_today_holds_own_goods_of_all_booths(app: Flask, fair: Fair, tablet: Tablet) -> None:
    own, foreign, producer_id = fair.goods[0], fair.goods[3], fair.producer_ids[0]
    second = pair_tablet(app, fair, 1)
    sale = tablet.sale([(own, 3), (foreign, 5)])
    tablet.send(sale, tablet.sale([(own, 1)], refund_of=sale["id"]))
    second.send(second.sale([(own, 2), (fair.goods[1], 1)]))
    with app.app_context():
        today = today_of(reading(), producer_id, now())
    assert today.sums == Sums(6, 1, 5 * 220_000 + 350_000, 220_000)
    assert [(place.booth, place.sums.net_dong) for place in today.places] == [
        ("A02 · Gian 2", 790_000),
        ("A01 · Gian 1", 440_000),
    ]
    assert [(goods.name, goods.sums.net_quantity) for goods in today.goods] == [(own.name, 4), (fair.goods[1].name, 1)]
    assert sum_of(place.sums for place in today.places) == sum_of(goods.sums for goods in today.goods) == today.sums
    assert today.booth_ids == set(fair.booth_ids)
    assert not today.sample


def test_nothing_sold_today(app: Flask, fair: Fair, tablet: Tablet) -> None:
    tablet.send(tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(days=1)), at=now() - timedelta(days=1))
    with app.app_context():
        today = today_of(reading(), fair.producer_ids[0], now())
    assert today.sums == Sums()
    assert (today.last_sale_at, today.fresh_at) == (None, None)
    assert today.places == []
    assert today.goods == []


def test_freshness_is_of_the_booth_and_last_sale_of_own_goods(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """A neighbour's sale that arrived tells that the booth's figures are fresh, though nothing of one's own was in it."""
    at = now()
    tablet.send(tablet.sale([(fair.goods[0], 1)], at=at - timedelta(minutes=3)), at=at - timedelta(minutes=2))
    tablet.send(tablet.sale([(fair.goods[3], 1)], at=at - timedelta(minutes=1)), at=at)
    with app.app_context():
        today = today_of(reading(), fair.producer_ids[0], at)
    assert today.last_sale_at == at - timedelta(minutes=3)
    assert today.fresh_at == at


def test_a_sale_after_midnight_counts_to_the_evening_before(app: Flask, fair: Fair, tablet: Tablet) -> None:
    day = fair_day(now(), BOUNDARY) - timedelta(days=1)
    night = datetime(day.year, day.month, day.day, 0, 10, tzinfo=VIETNAM) + timedelta(days=1)
    evening = night - timedelta(minutes=20)
    tablet.send(tablet.sale([(fair.goods[0], 1)], at=evening), tablet.sale([(fair.goods[0], 2)], at=night))
    with app.app_context():
        today = today_of(reading(), fair.producer_ids[0], night + timedelta(minutes=20))
        lines = lines_of(reading(), fair.producer_ids[0], day)
    assert today.day == day
    assert today.sums.sold_quantity == 3
    assert [one.line.quantity for one in lines] == [2, 1]


def test_days_by_edition_open_down_to_their_lines(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """FEATURES I7: the lines behind a figure add up to it, whichever figure is tapped."""
    other = make_fair(app, name="Gian trưng bày", starts=fair_day(now(), BOUNDARY) - timedelta(days=9))
    elsewhere = pair_tablet(app, other)
    producer_id = fair.producer_ids[0]
    for days in range(3):
        at = now() - timedelta(days=days)
        sale = tablet.sale([(fair.goods[0], days + 1), (fair.goods[2], 2), (fair.goods[4], 9)], at=at)
        tablet.send(sale, tablet.sale([(fair.goods[2], 1)], at=at, refund_of=sale["id"]))
        elsewhere.send(elsewhere.sale([(fair.goods[1], 1)], at=at))
    with app.app_context():
        editions = days_of(reading(), producer_id)
        assert {edition.name for edition in editions} == {"Hội chợ thử", "Gian trưng bày"}
        for edition in editions:
            assert sum_of(day.sums for day in edition.days) == edition.sums
            for one in edition.days:
                lines = lines_of(reading(), producer_id, one.day, edition_id=edition.edition_id)
                assert sum_of(line.sums for line in lines) == one.sums
        today = today_of(reading(), producer_id, now())
        for place in today.places:
            lines = lines_of(reading(), producer_id, place.day, booth_id=place.booth_id)
            assert sum_of(line.sums for line in lines) == place.sums
        for goods in today.goods:
            lines = lines_of(reading(), producer_id, today.day, product_id=goods.product_id)
            assert sum_of(line.sums for line in lines) == goods.sums


def test_goods_that_no_catalogue_knows_go_by_the_name_they_were_sold_under(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    stranger = Goods(new_id(), fair.producer_ids[0], "Hàng mới", "gói", 10_000)
    tablet.send(tablet.sale([(stranger, 2)]))
    with app.app_context():
        today = today_of(reading(), fair.producer_ids[0], now())
    assert [(goods.name, goods.unit, goods.sums.net_dong) for goods in today.goods] == [("Hàng mới", "gói", 20_000)]


def test_sample_days_are_marked(app: Flask, fair: Fair, tablet: Tablet) -> None:
    tablet.send(tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(days=1)))
    with app.app_context(), transaction() as session:
        session.get_one(Device, tablet.device_id).sample = True
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    with app.app_context():
        assert today_of(reading(), fair.producer_ids[0], now()).sample
        assert [day.sample for day in days_of(reading(), fair.producer_ids[0])[0].days] == [True, False]


def test_stars_end_in_order_and_a_lapsed_one_is_told(app: Flask, fair: Fair) -> None:
    today = date(2026, 11, 24)
    ends = {0: (4, 40), 1: (3, -1), 3: (5, 9)}
    with app.app_context(), transaction() as session:
        for index, (stars, left) in ends.items():
            session.add(
                Certificate(
                    id=new_id(), product_id=fair.goods[index].product_id, stars=stars, issued_day=today - timedelta(days=900),
                    expires_day=today + timedelta(days=left),
                )
            )  # fmt: skip
    with app.app_context():
        told = stars_of(reading(), fair.producer_ids[0], today)
    assert [(star.name, star.stars, star.days) for star in told] == [
        (fair.goods[1].name, 3, 0),
        (fair.goods[0].name, 4, 41),
    ]


def test_a_new_certificate_silences_the_old_one(app: Flask, fair: Fair) -> None:
    today = date(2026, 11, 24)
    with app.app_context(), transaction() as session:
        for stars, issued, expires in ((3, -1100, -5), (4, -5, 1090), (5, 10, 1105)):
            session.add(
                Certificate(
                    id=new_id(), product_id=fair.goods[0].product_id, stars=stars, issued_day=today + timedelta(days=issued),
                    expires_day=today + timedelta(days=expires),
                )
            )  # fmt: skip
    with app.app_context():
        assert [star.stars for star in stars_of(reading(), fair.producer_ids[0], today)] == [4]


def test_unknown_producer(app: Flask, fair: Fair) -> None:
    with app.app_context(), pytest.raises(NotFound):
        get_producer(reading(), new_id())


def test_the_first_page_reads_no_sales(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """It costs the same on the last evening as on the first: all of it stands in the running figures.

    Only of goods that no catalogue knows the lines are asked whether they were weighed.
    """
    parcel = tablet.sale([(fair.goods[0], 3), (fair.goods[1], 1)], at=now() - timedelta(minutes=5))
    tablet.send(parcel, tablet.sale([(fair.goods[0], 1)], refund_of=parcel["id"]))
    with app.app_context(), statements_sent(app) as statements:
        today = today_of(reading(), fair.producer_ids[0], now())
        assert today.last_sale_at is not None
        assert now() - today.last_sale_at > timedelta(minutes=4)  # of sales alone, what was given back later is none
        assert today.fresh_at is not None
    tables = set(re.findall(r"(?:FROM|JOIN) (\w+)", "\n".join(statements)))
    assert "product_figure" in tables
    assert not tables & {"sale", "sale_line", "payment"}


def test_owners_of_an_edition_are_makers_of_its_booths_and_whose_goods_ever_lay_there(app: Flask, fair: Fair) -> None:
    """An owner who only brought goods by a note is owed money like the others: a card must be had for them."""
    with app.app_context(), transaction() as session:
        stranger, gone = (new_id(), new_id())
        for key, name in ((stranger, "Hộ Ánh"), (gone, "Hộ Bình")):
            kind = {"place_key": "lai chau", "kind": "ho_kinh_doanh", "created_at": now()}
            session.add(Producer(id=key, slug=slug(name), name=name, name_key=identity(name), **kind))
    rows = [
        Moved(fair.booth_ids[0], "booth", fair.goods[0].product_id, owner, "intake", quantity, new_id(), 0, now(), "")
        for owner, quantity in ((stranger, 3), (gone, 3), (gone, -3))
    ]
    with app.app_context(), transaction() as session:
        record_movements(session, rows, now())
    with app.app_context():
        found = [one.name for one in owners_of_edition(reading(), fair.edition_id)]
    assert found == ["Hộ Ánh", "Hộ Bình", *(f"Hợp tác xã Số {number} Hội chợ thử" for number in (1, 2, 3))]
