"""The live plan and the heat map: what each booth does and takes, to the đồng what its receipts add up to."""

from __future__ import annotations

import csv
import gzip
import io
import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from fair_pos.floorplan.actions import place_booths
from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.plumbing.db import transaction
from fair_pos.reports import plan_pages
from fair_pos.till.pairing import revoke_device
from fair_pos.till.tables import Device
from tests.builders import make_fair, pair_tablet, sign_in
from tests.reports.golden import DAY, Golden, local, make_golden


@pytest.fixture
def golden(app: Flask) -> Golden:
    """The golden sales, and two more booths: one whose tablet was heard of, one without any."""
    made = make_golden(app)
    more = make_fair(app, name="Tạm", booths=2).booth_ids
    with app.app_context(), transaction() as session:
        for number, booth_id in enumerate(more):
            session.execute(
                text("update booth set edition_id = :edition, code = :code where id = :id"),
                {"edition": made.fair.edition_id, "code": f"A{number + 3:02}", "id": booth_id},
            )
    made.fair.booth_ids.extend(more)
    pair_tablet(app, made.fair, 2, paired_at=local(20, 8))
    with app.app_context(), transaction() as session:
        spots = {one: Spot(number * 30, 40, 30, 30) for number, one in enumerate(made.fair.booth_ids[:3])}
        place_booths(session, made.fair.edition_id, spots, size=PlanSize(300, 200), version=0, at=local(20, 8), by=None)
    return made


@pytest.fixture
def organiser(golden: Golden, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(plan_pages, "now", lambda: instant)


def heard(app: Flask, device_id: str, instant: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Device, device_id).last_heard_at = instant


def page(client: FlaskClient, golden: Golden, path: str = "plan") -> str:
    answer = client.get(f"/editions/{golden.fair.edition_id}/{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def states(html: str) -> dict[str, str]:
    """Booth → state, of those on the drawing."""
    return dict(re.findall(r'data-booth="([^"]+)" data-state="(\w+)"', html))


def rows(html: str) -> dict[str, str]:
    """Booth → its row of the table."""
    found = re.findall(r'<tr role="row" data-booth="([^"]+)">(.*?)</tr>', html, re.DOTALL)
    return {booth_id: unescape(row) for booth_id, row in found}


def whole(text: str) -> int:
    return int(text.replace(".", "").replace("−", "-"))


SEEN: tuple[tuple[datetime, list[str]], ...] = (
    (local(22, 4, 30), ["selling", "closed", "closed"]),  # the sale of 04:00 is today's, whatever the hours say
    (local(22, 4, 31), ["closed", "closed", "closed"]),
    (local(22, 8, 0), ["ready", "not_opened", "ready"]),
    (local(22, 8, 30), ["ready", "not_opened", "ready"]),
    (local(22, 8, 31), ["silent", "not_opened", "silent"]),
    (local(22, 21, 59), ["silent", "not_opened", "silent"]),
    (local(22, 22, 0), ["closed", "closed", "closed"]),
)
"""The first booth sold at 04:00 of the 22nd and not since; the second's tablet is silent since the day before; the third's was heard."""


def test_what_each_booth_is_doing(
    app: Flask, golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = {"booth": golden.fair.booth_ids[1], "day": "2026-11-22"}
    with app.app_context(), transaction() as session:
        session.execute(text("delete from product_figure where booth_id = :booth and fair_day = :day"), sold)
        third = session.query(Device).filter_by(booth_id=golden.fair.booth_ids[2]).one().id
    heard(app, golden.tablets[1].device_id, local(22, 3, 59))  # still the 21st
    heard(app, third, local(22, 4, 0))
    for instant, expected in SEEN:
        at(monkeypatch, instant)
        html = page(organiser, golden)
        assert [states(html)[one] for one in golden.fair.booth_ids[:3]] == expected, instant
        counts = {state: int(count) for state, count in re.findall(r'data-state="(\w+)" data-count="(\d+)"', html)}
        assert sum(counts.values()) == 4
        fourth = "closed" if expected[1] == "closed" else "not_opened"  # it never had a tablet, and stands nowhere
        assert all(counts[one] == [*expected, fourth].count(one) for one in counts), instant


def test_an_unpaired_tablet_opens_no_booth(
    app: Flask, golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth_id = golden.fair.booth_ids[2]
    with app.app_context(), transaction() as session:
        device = session.query(Device).filter_by(booth_id=booth_id).one()
    heard(app, device.id, local(22, 9))
    at(monkeypatch, local(22, 12))
    assert states(page(organiser, golden))[booth_id] == "silent"
    with app.app_context(), transaction() as session:
        revoke_device(session, session.get_one(Device, device.id), at=local(22, 10), by=None)
    assert states(page(organiser, golden))[booth_id] == "not_opened"


def test_a_booth_shows_what_its_receipts_add_up_to(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(21, 23))
    html = page(organiser, golden)
    assert "Sơ đồ hôm nay, 21/11/2026" in html
    opened = 0
    for booth_id, row in rows(html).items():
        found = re.findall(r'href="([^"]+)">([0-9.]+)(?:\xa0₫)?<', row)
        if booth_id in golden.fair.booth_ids[2:]:
            assert found == []
            assert row.count('<span class="zero">–</span>') == 4  # unknown, which is not 0
            continue
        (sold_at, sold), (_back_at, back), (net_at, net) = found
        listed = organiser.get(net_at).get_data(as_text=True)
        sums = [whole(one) for one in re.findall(r"([−0-9.]+)\xa0₫</dd>", listed)]
        assert whole(net) in sums, (net, sums)
        assert len(re.findall(r'href="/sales/', organiser.get(sold_at).get_data(as_text=True))) == whole(sold)
        assert whole(back) == 1
        assert f'href="{net_at.replace("&", "&amp;")}"' in html  # the same list from the drawing
        opened += 1
    assert opened == 2


def test_what_the_plan_shows_can_be_chosen(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(21, 10, 7))
    for show, legend in (("money", "Thực thu, "), ("receipts", "Số phiếu bán trong ngày"), ("minutes", "Số phút từ")):
        html = page(organiser, golden, f"plan?show={show}")
        assert legend in html
        assert 'class="cell level-none"' in html
        assert ">–</text>" in html
        assert re.search(r'class="cell level-[1-5]"', html)
    assert page(organiser, golden, "plan?show=nonsense").count("level-none") == 1  # the legend alone
    # Of a day that is over nobody asks how many minutes ago.
    past = page(organiser, golden, f"plan?show=minutes&day={DAY - timedelta(days=1)}")
    assert "Phút từ phiếu cuối" not in past
    assert set(states(past).values()) == {"closed"}


def test_the_part_is_what_the_page_shows(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(21, 10, 7))
    html = page(organiser, golden, "plan?show=money")
    source = re.search(r'data-src="([^"]+)"', html)
    assert source is not None
    answer = organiser.get(unescape(source[1]))
    part = answer.get_data(as_text=True)
    assert part.strip() in html
    assert "<html" not in part
    small = organiser.get(unescape(source[1]), headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.get_data()).decode() == part
    assert "csrf_token" not in part  # what is compressed holds no secret


def test_booths_without_a_place_are_counted_and_in_the_table(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(21, 12))
    html = page(organiser, golden)
    assert "1 gian chưa có chỗ trên sơ đồ" in html
    assert golden.fair.booth_ids[3] in rows(html)
    assert golden.fair.booth_ids[3] not in states(html)


def test_without_a_plan_it_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    sign_in(client, "bantochuc")
    for path in ("plan", "plan/heat"):
        html = client.get(f"/editions/{fair.edition_id}/{path}").get_data(as_text=True)
        assert "Chưa gian nào có chỗ trên sơ đồ." in html
        assert f"/editions/{fair.edition_id}/plan/edit" in html


def test_a_fair_that_is_over_shows_its_last_day(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, local(30, 12))
    html = page(organiser, golden)
    assert "Sơ đồ ngày 22/11/2026" in html
    assert set(states(html).values()) == {"closed"}


@pytest.mark.parametrize("day", [None, DAY])
def test_the_heat_map_its_table_and_its_files_say_the_same(golden: Golden, organiser: FlaskClient, day: object) -> None:
    asked = f"?day={day}" if day else ""
    html = page(organiser, golden, f"plan/heat{asked}")
    answer = organiser.get(f"/editions/{golden.fair.edition_id}/plan/heat-table.csv{asked}")
    table = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row[0][:3] for row in table[1:]] == ["A01", "A02", "A03", "A04"]
    for row in table[1:3]:
        assert f"{int(row[-1]):,}".replace(",", ".") in html
    image = organiser.get(f"/editions/{golden.fair.edition_id}/plan/heat.svg{asked}")
    assert image.mimetype == "image/svg+xml"
    assert "default-src 'none'" in image.headers["Content-Security-Policy"]
    drawn = image.get_data(as_text=True)
    assert ">A03<" in drawn
    assert ">A04<" not in drawn  # it stands nowhere
    assert organiser.get(f"/editions/{golden.fair.edition_id}/plan/heat.png{asked}").get_data()[:4] == b"\x89PNG"
    assert organiser.get(f"/editions/{golden.fair.edition_id}/plan/heat-table.xlsx{asked}").status_code == 200


def lay(app: Flask, golden: Golden, spots: list[Spot], size: PlanSize) -> None:
    placed = dict(zip(golden.fair.booth_ids, spots, strict=False))
    with app.app_context(), transaction() as session:
        place_booths(session, golden.fair.edition_id, placed, size=size, version=1, at=local(20, 9), by=None)


def drawn(html: str) -> tuple[bool, int, int]:
    """(whether a desk shows all of it, width, height) of the plan."""
    classes, width, height = re.findall(r'<svg class="(ground[^"]*)"[^>]* width="(\d+)" height="(\d+)" role', html)[0]
    return "whole" in classes.split(), int(width), int(height)


@pytest.mark.parametrize(
    ("booth", "size", "wanted"),
    [
        (Spot(0, 40, 30, 30), PlanSize(300, 200), (True, 510, 340)),
        # 224 booths: codes of 8 decimetres are read at 14 pixels and more.
        (Spot(0, 40, 30, 30), PlanSize(1000, 600), (False, 1700, 1020)),
        (Spot(0, 40, 30, 30), PlanSize(390, 1205), (False, 663, 2048)),
        # Codes of 3 decimetres ask for 3.7 pixels each.
        (Spot(0, 40, 10, 8), PlanSize(600, 400), (False, 2220, 1480)),
    ],
)
def test_codes_on_the_plan_are_large_enough_to_read(
    app: Flask, golden: Golden, organiser: FlaskClient, booth: Spot, size: PlanSize, wanted: tuple[bool, int, int]
) -> None:
    lay(app, golden, [booth], size)
    html = page(organiser, golden)
    found = drawn(html)
    assert found == wanted
    assert ("cuộn hoặc kéo trong khung" in html) == (not wanted[0])
    letters = int(re.findall(r'font-size="(\d+)">A\d\d<', html)[0])
    pixels = min(1_150 / size.width, 600 / size.height) if found[0] else found[1] / size.width
    assert letters * pixels >= 11


def test_booths_on_one_another_are_said_to_who_may_lay_out(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    assert "chồng lên nhau" not in page(organiser, golden)
    lay(app, golden, [Spot(0, 40, 30, 30), Spot(15, 40, 30, 30), Spot(60, 40, 30, 30)], PlanSize(300, 200))
    html = page(organiser, golden, "plan/part")
    assert "Gian chồng lên nhau trên sơ đồ: A01 và A02." in html


def test_the_heat_map_says_what_light_and_dark_are(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, golden, "plan/heat")
    assert "nhạt là ít, đậm là nhiều" in html
    assert html.count('class="key level-') == 5


def test_nobody_else_gets_in(app: Flask, golden: Golden, client: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    paths = ("plan", "plan/part", "plan/heat", "plan/heat.svg", "plan/heat-table.csv")
    for login_name in ("nguoiban", "chuthe", "bantochuc"):
        sign_in(client, login_name)
        for path in paths:
            expected = 200 if login_name == "bantochuc" else 404
            assert client.get(f"/editions/{golden.fair.edition_id}/{path}").status_code == expected, (login_name, path)
    for path in paths:
        assert client.get(f"/editions/{other.edition_id}/{path}").status_code == 404
        assert client.get(f"/editions/{golden.fair.edition_id}/{path}?day=hôm nay").status_code == 404
