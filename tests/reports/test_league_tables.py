"""The league as the organiser's browser sees it: by places and by booths, marked and hidden."""

from __future__ import annotations

import csv
import io
import re

from flask import Flask
from flask.testing import FlaskClient

from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.forms import league_asked
from fair_pos.reports.goods import all_makers
from fair_pos.reports.league_tables import known_levels, late_by_booth, late_by_place, league_of
from fair_pos.till.tables import Device
from fair_pos.venues.tables import Booth
from tests.builders import make_fair, pair_tablet, sign_in, sold
from tests.reports.golden import DAY, FIRST_DAY, local
from tests.reports.starred import add_place, make_starred, settle
from tests.reports.test_pages import links, page, shown
from tests.reports.test_plots import words_of


def ranks(html: str) -> list[tuple[str, str]]:
    rows = re.findall(r'data-label="Hạng">(.*?)</td>\s*<th[^>]*>([^<]+)', html, re.DOTALL)
    return [(re.sub("<[^>]+>", "", rank), name.strip()) for rank, name in rows]


def test_quang_ninh_2019(app: Flask, client: FlaskClient) -> None:
    """FEATURES I4: districts of one province, and a guest from abroad among them."""
    published = {"Đông Triều": 760, "Vân Đồn": 429, "Cô Tô": 422, "Thái Lan": 420, "Tiên Yên": 385}
    fair = make_fair(app, starts=FIRST_DAY, producers=5)
    tablet = pair_tablet(app, fair, paired_at=local(1, 8))
    with app.app_context(), transaction() as session:
        for producer, name in zip(fair.producer_ids, sorted(published), strict=True):
            if name == "Thái Lan":
                settle(session, producer, province_id=add_place(session, "vn2025", name)[0])
            else:
                before = add_place(session, "vn_legacy", "Quảng Ninh", district=name)
                today = add_place(session, "vn2025", "Quảng Ninh")
                settle(session, producer, province_id=today[0], legacy_commune_id=before[1])
    for place, name in enumerate(sorted(published)):
        tablet.send(
            tablet.sale([sold(fair.goods[place * 3], published[name], unit_price_dong=1_000_000)], at=local(21, 9))
        )
    sign_in(client, "bantochuc")
    html = page(client, f"/editions/{fair.edition_id}/league?by=district")
    assert ranks(html) == [(str(rank), name) for rank, name in enumerate(published, start=1)]
    assert "31,5\xa0%" in html
    for address, number, _money in links(html):
        assert shown(page(client, address), "sum") == number
    hidden = page(client, f"/editions/{fair.edition_id}/league?by=district&hidden=1")
    assert ranks(hidden) == [("–", "Các nơi khác (chỉ có một chủ thể, hoặc không rõ)")]
    assert not list(links(hidden))
    assert "Vân Đồn" not in hidden
    cells = client.get(f"/editions/{fair.edition_id}/league.csv?by=district").get_data().decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(cells))][1:] == list(published)
    drawn = words_of(client.get(f"/editions/{fair.edition_id}/league.svg?by=district").get_data())
    assert [word for word in drawn if word in published] == list(published)


def test_who_has_not_sent_everything_is_marked(app: Flask, client: FlaskClient) -> None:
    golden, organiser = make_starred(app), client
    sign_in(client, "bantochuc")
    first, second = golden.tablets
    with app.app_context(), transaction() as session:
        for tablet, waiting in ((first, 3), (second, 0)):
            device = session.get_one(Device, tablet.device_id)
            device.last_heard_at, device.waiting = local(29, 20), waiting
    html = page(organiser, f"/editions/{golden.fair.edition_id}/league?by=booth&day={DAY}")
    rows = {
        name: row
        for row in re.findall(r'<tr role="row">(.*?)</tr>', html, re.DOTALL)
        for name in re.findall(r"(A0[12]) ·", row)
    }
    assert "có thể đổi" in rows["A01"]
    assert f"máy {first.letter}" in rows["A01"]
    assert "có thể đổi" not in rows["A02"]
    assert "1 dòng có máy chưa gửi hết" in html
    places = page(organiser, f"/editions/{golden.fair.edition_id}/league?day={DAY}")
    # All makers have goods at that booth, so every place may still grow.
    assert places.count("có thể đổi</span>") == len(ranks(places))
    hidden = page(organiser, f"/editions/{golden.fair.edition_id}/league?by=booth&hidden=1")
    assert "A01" not in hidden.split("<main")[1]
    # Receipts carry the tablet's letter: whoever has one would know the booth.
    assert "có thể đổi" in hidden
    assert f"máy {first.letter}" not in hidden
    cells = organiser.get(f"/editions/{golden.fair.edition_id}/league.csv?by=booth&hidden=1&day={DAY}")
    owed = [row[-1] for row in csv.reader(io.StringIO(cells.get_data().decode("utf-8-sig")))][1:]
    assert sorted(owed) == ["", "1"]
    assert organiser.get(f"/editions/{golden.fair.edition_id}/league?by=star").status_code == 404


def test_a_zone_of_one_booth_is_not_named_where_names_are_hidden(app: Flask, client: FlaskClient) -> None:
    golden = make_starred(app)
    with app.app_context(), transaction() as session:
        for booth_id, zone in zip(golden.fair.booth_ids, ("Khu A", "Khu B"), strict=False):
            session.get_one(Booth, booth_id).zone = zone
    sign_in(client, "bantochuc")
    hidden = page(client, f"/editions/{golden.fair.edition_id}/league?by=booth&hidden=1")
    assert [name for _rank, name in ranks(hidden)] == ["Gian hàng", "Gian hàng"]


def test_a_late_tablet_stands_at_its_booth_and_its_makers_places(app: Flask) -> None:
    golden = make_starred(app)
    tablet = golden.tablets[1]
    with app.test_request_context():
        edition = golden.fair.edition_id
        assert {letter for some in late_by_booth(edition, None).values() for letter in some} == {
            one.letter for one in golden.tablets
        }
        with transaction() as session:
            for one in golden.tablets:
                session.get_one(Device, one.device_id).last_heard_at = local(29, 20)
            session.get_one(Device, tablet.device_id).waiting = 2
        assert late_by_booth(edition, DAY) == {tablet.booth_id: {tablet.letter}}
        known = {one.id: one for one in all_makers(reading())}
        owing = late_by_place(edition, {tablet.booth_id: {"B"}}, known, "province")
        # Makers with goods at that booth, and whoever is unknown but sold there.
        assert owing == {"province:lai chau": {"B"}, "province:thai lan": {"B"}, "province:": {"B"}}
        assert late_by_place(edition, {}, known, "province") == {}
        assert known_levels(known.values()) == ("province", "district", "commune")
        assert known_levels([]) == ("province",)


def test_what_nobody_knows_stands_last_without_a_rank(app: Flask) -> None:
    golden = make_starred(app)
    with app.test_request_context():
        made = league_of(golden.fair.edition_id, league_asked({}))
        assert [one.rank for one in made.entries] == [1, 2, None]
        assert made.entries[-1].figure.name == "Không rõ nơi"
        assert [one.makers for one in made.entries] == [1, 1, 2]
        assert sum(one.permille or 0 for one in made.entries) in (999, 1000, 1001)
        assert made.as_table().asks == "locality"
