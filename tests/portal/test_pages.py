from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import case, func, select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.people.rules import Role, Scope
from fair_pos.people.tables import Grant
from fair_pos.plumbing.db import db, transaction
from fair_pos.portal.rules import LINES_A_PAGE
from fair_pos.registry.tables import Certificate
from fair_pos.sales.tables import Sale, SaleLine
from fair_pos.settings import TOP
from fair_pos.till.tables import Device
from tests.builders import BOUNDARY, Fair, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sign_in, sold

TODAY = fair_day(now(), BOUNDARY)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


@pytest.fixture
def maker(client: FlaskClient, fair: Fair) -> FlaskClient:
    """A browser in which the first producer's person is signed in."""
    sign_in(client, "chuthe")
    return client


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


def amounts(cells: str) -> list[int]:
    """The whole numbers of a piece of page; «−1.000» is below zero."""
    return [int(found.replace(".", "").replace("−", "-")) for found in re.findall(r"−?\d[\d.]*", cells)]


def shown_sums(page: str) -> tuple[int, int, int, int]:
    """(net đồng, net pieces, sold đồng, given back đồng) as the page's big figures say."""
    block = words(page.split('class="figures"')[1].split("</dl>", maxsplit=1)[0]).split(">", 1)[1]
    net, pieces, sold, back = amounts(block)
    return net, pieces, sold, -back


def portal_paths(app: Flask, producer_id: str) -> list[str]:
    """Every address of the portal, from the map of routes, so that a new page is in this list by itself."""
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(
            rule.endpoint,
            {name: {"producer_id": producer_id, "day": TODAY.isoformat()}[name] for name in rule.arguments},
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("portal.")
    ]


def test_another_producers_pages_do_not_exist(app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    """FEATURES H1: every address of the portal, with others' ids, real and made up, alone and as a filter."""
    tablet.send(tablet.sale([(fair.goods[0], 1), (fair.goods[3], 7)]))
    own, others = fair.producer_ids[0], [*fair.producer_ids[1:], new_id(), fair.edition_id, fair.people["chuthe"]]
    paths = portal_paths(app, own)
    assert len(paths) >= 3
    for path in paths:
        assert maker.get(path).status_code == 200
        for other in others:
            answer = maker.get(path.replace(own, other))
            assert answer.status_code == 404
            assert fair.goods[3].name not in answer.get_data(as_text=True)
        for name in ("product", "booth", "edition"):
            for value in (fair.goods[3].product_id, fair.producer_ids[1], fair.booth_ids[0], fair.edition_id):
                assert fair.goods[3].name not in page_of(maker, f"{path}?{name}={value}")


@pytest.mark.parametrize(
    ("login", "status"), [("quantri", 200), ("bantochuc", 404), ("nguoiban", 404), ("chuthe", 200)]
)
def test_who_may_look(app: Flask, client: FlaskClient, fair: Fair, login: str, status: int) -> None:
    sign_in(client, login)
    for path in portal_paths(app, fair.producer_ids[0]):
        assert client.get(path).status_code == status
    assert client.get(f"/producers/{new_id()}/").status_code == 404


def test_strangers_are_sent_to_sign_in(app: Flask, client: FlaskClient, fair: Fair) -> None:
    for path in portal_paths(app, fair.producer_ids[0]):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")


def test_everything_shown_adds_up_to_the_sale_lines(app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    """The portal reads running figures and lists lines; both must say what the ledger of sales says."""
    second, own = pair_tablet(app, fair, 1), fair.producer_ids[0]
    for days in (0, 1):
        at = now() - timedelta(days=days)
        for number in range(3):
            first = tablet.sale([(fair.goods[number], number + 1), (fair.goods[4], 2)], at=at)
            tablet.send(first, tablet.sale([(fair.goods[number], 1)], at=at, refund_of=first["id"]))
            second.send(second.sale([(fair.goods[number], 2)], at=at, method="transfer"))
    back = Sale.kind == "refund"
    sums = [
        func.sum(case((back, -SaleLine.amount_dong), else_=SaleLine.amount_dong)),
        func.sum(case((back, -SaleLine.quantity), else_=SaleLine.quantity)),
        func.sum(case((back, 0), else_=SaleLine.amount_dong)),
        func.sum(case((back, SaleLine.amount_dong), else_=0)),
    ]
    wanted = select(*sums).join(Sale, Sale.id == SaleLine.sale_id).where(SaleLine.producer_id == own)
    with app.app_context():
        everything = tuple(int(part) for part in db.session.execute(wanted).one())
        one_day = tuple(int(part) for part in db.session.execute(wanted.where(Sale.fair_day == TODAY)).one())
    assert everything[0] > one_day[0] > 0
    assert shown_sums(page_of(maker, f"/producers/{own}/")) == one_day
    assert shown_sums(page_of(maker, f"/producers/{own}/days")) == everything
    assert shown_sums(page_of(maker, f"/producers/{own}/days/{TODAY}")) == one_day


def test_every_figure_opens_down_to_lines_that_add_up_to_it(
    app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet
) -> None:
    """FEATURES I7, as a person does it: tap the figure, add up the lines."""
    second, own = pair_tablet(app, fair, 1), fair.producer_ids[0]
    sale = tablet.sale([(fair.goods[0], 3), (fair.goods[1], 1), (fair.goods[5], 4)])
    tablet.send(sale, tablet.sale([(fair.goods[0], 2)], refund_of=sale["id"]))
    second.send(second.sale([(fair.goods[0], 1), (fair.goods[3], 4)]))
    opened = 0
    for path in (f"/producers/{own}/", f"/producers/{own}/days"):
        rows = re.findall(
            r'<th colspan="4"[^>]*><a href="([^"]+)">.*?</th></tr>\s*<tr>(.*?)</tr>', page_of(maker, path), re.DOTALL
        )
        for address, cells in rows:
            pieces, sold, back, net = amounts(words(cells))
            page = page_of(maker, address.replace("&amp;", "&"))
            assert shown_sums(page) == (net, pieces, sold, -back)
            lines = re.findall(r"<tr><td>\d\d:\d\d</td>.*?<td[^>]*>([−\d.]+)</td></tr>", page)
            assert sum(amounts(" ".join(lines))) == net
            opened += 1
    assert opened == 2 + 2 + 1


def test_lines_tell_nothing_of_others_goods(maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    """Neither others' lines nor the receipt's total, from which they could be reckoned."""
    parcel = tablet.sale([(fair.goods[0], 1), (fair.goods[3], 7), (fair.goods[7], 2)])
    tablet.send(parcel)
    own = fair.producer_ids[0]
    total = "2.460.000"
    assert f'"total_dong": {total.replace(".", "")}' in parcel["text"]
    for path in (f"/producers/{own}/", f"/producers/{own}/days", f"/producers/{own}/days/{TODAY}"):
        page = page_of(maker, path)
        for hidden in (
            fair.goods[3].name,
            fair.goods[7].name,
            total,
            "/r/",
            fair.producer_ids[1],
            "nguoiban",
            tablet.device_id,
        ):
            assert hidden not in page
    line = words(page_of(maker, f"/producers/{own}/days/{TODAY}"))
    assert f"1 × {fair.goods[0].name}" in line
    assert "A-" in line


def test_freshness_and_tills_that_have_not_sent(app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    """FEATURES H2."""
    own = f"/producers/{fair.producer_ids[0]}/"
    assert "Hôm nay chưa có số liệu nào về máy chủ." in page_of(maker, own)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    assert re.search(r"Số liệu đến \d\d:\d\d\. Bán lần cuối lúc \d\d:\d\d\.", words(page_of(maker, own)))
    asked: list[frozenset[str]] = []

    def count(_session: object, booth_ids: frozenset[str]) -> int:
        asked.append(booth_ids)
        return 3

    app.extensions["fair_pos_waiting_tills"] = count
    assert re.search(r"Số liệu đến \d\d:\d\d, 3 máy chưa gửi \.", words(page_of(maker, own)))
    assert asked == [frozenset(fair.booth_ids)]


def test_sample_is_marked(app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    own = fair.producer_ids[0]
    paths = [f"/producers/{own}/", f"/producers/{own}/days", f"/producers/{own}/days/{TODAY}"]
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    assert not any("mẫu" in page_of(maker, path) for path in paths)
    with app.app_context(), transaction() as session:
        session.get_one(Device, tablet.device_id).sample = True
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    assert all("có dữ liệu mẫu" in page_of(maker, path) for path in paths)


def test_days_left_of_certificates(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    today = fair_day(now(), 0)
    with app.app_context(), transaction() as session:
        for index, left in ((0, 30), (1, -1), (3, 30)):
            session.add(
                Certificate(
                    id=new_id(), product_id=fair.goods[index].product_id, stars=4, issued_day=today - timedelta(days=900),
                    expires_day=today + timedelta(days=left),
                )
            )  # fmt: skip
    page = words(page_of(maker, f"/producers/{fair.producer_ids[0]}/"))
    assert f"{fair.goods[0].name} 4 sao, còn 31 ngày" in page
    assert f"{fair.goods[1].name} 4 sao, đã hết hạn" in page
    assert fair.goods[3].name not in page


def test_a_person_with_two_producers_can_change_over(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    assert "Chủ thể khác của bạn" not in page_of(maker, f"/producers/{fair.producer_ids[0]}/")
    with app.app_context(), transaction() as session:
        scope = Scope(producer_id=fair.producer_ids[1])
        session.add(
            Grant(id=new_id(), person_id=fair.people["chuthe"], role=Role.PRODUCER.value, producer_id=scope.producer_id)
        )
    page = page_of(maker, f"/producers/{fair.producer_ids[0]}/")
    assert f'href="/producers/{fair.producer_ids[1]}/"' in page
    assert fair.producer_ids[2] not in page
    assert maker.get(f"/producers/{fair.producer_ids[1]}/").status_code == 200


@pytest.mark.parametrize(
    "day", ["2026-11-31", "20261124", "heute", "2026-11-24x", "0000-00-00", "2026-W48-2", "9999-12-31"]
)
def test_what_is_no_day(maker: FlaskClient, fair: Fair, day: str) -> None:
    assert maker.get(f"/producers/{fair.producer_ids[0]}/days/{day}").status_code == 404


def test_a_day_without_sales(maker: FlaskClient, fair: Fair) -> None:
    assert "Không có lượt bán nào." in page_of(maker, f"/producers/{fair.producer_ids[0]}/days/2020-01-01")


def weight(page: str) -> int:
    sheets: list[str] = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page)
    assert re.findall(r"<(?:script|img|iframe|object|embed)\b| style=", page) == []
    styles = sum((TOP / "static" / sheet).stat().st_size for sheet in sheets)
    return len(page.encode()) + styles


def test_pages_stay_light_on_a_busy_day(maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    """U13: 40 kB with all style, uncompressed, and nothing more to fetch."""
    own = fair.producer_ids[0]
    for _ in range(4):
        tablet.send(*(tablet.sale([(goods, 1) for goods in fair.goods[:3]]) for _ in range(20)))
    assert weight(page_of(maker, f"/producers/{own}/")) < 40_000
    assert weight(page_of(maker, f"/producers/{own}/days")) < 40_000
    path = f"/producers/{own}/days/{TODAY}"
    first, second = page_of(maker, path), page_of(maker, f"{path}?page=2")
    assert LINES_A_PAGE < 240
    assert weight(first) < 40_000
    assert first.count("<tr><td>") + second.count("<tr><td>") == 240
    assert shown_sums(first) == shown_sums(second)
    assert "page=2" in first


def test_weights_discounts_and_ways_of_paying(app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet) -> None:
    weighed, pack = add_weighed(app, fair), add_pack(app, fair.goods[0], name="Hộp 12 cái")
    theirs: dict[str, Any] = {"discount_dong": 1_850, "discount_reason": "Cuối ngày", "discount_borne_by": "producer"}
    ours: dict[str, Any] = {"discount_dong": 100_000, "discount_reason": "Khuyến mại", "discount_borne_by": "organiser"}
    lines: list[Any] = [sold(weighed, grams=575, **theirs), sold(pack, **ours), (fair.goods[3], 1)]
    payments = [
        {"method": "cash", "amount_dong": 220_000, "tendered_dong": 220_000, "change_dong": 0},
        {"method": "transfer", "amount_dong": 2_320_000, "tendered_dong": 2_320_000, "change_dong": 0},
    ]
    sale = tablet.sale(lines, payments=payments)
    tablet.send(sale)
    own = f"/producers/{fair.producer_ids[0]}/"
    for path in (own, f"{own}days", f"{own}days/{TODAY}"):
        text = words(page_of(maker, path))
        for part in (
            "Thực thu 2.320.000 ₫", "12 món, 0,575 kg", "Giảm giá bạn chịu, đã trừ ở trên 1.850 ₫",
            "Giảm giá ban tổ chức chịu, bù cho bạn 100.000 ₫", "Thực thu và phần bù 2.420.000 ₫",
        ):  # fmt: skip
            assert part in text, (path, part)
        cash, transfer = (
            int(re.findall(rf"{word} (−?[\d.]+) ₫", text)[0].replace(".", "").replace("−", "-"))
            for word in ("Tiền mặt", "Chuyển khoản chưa xác nhận")
        )
        assert cash + transfer == 2_320_000
        assert transfer > 2_000_000
    day = words(page_of(maker, f"{own}days/{TODAY}"))
    assert "0,575 kg × Chả mực đã giảm, bạn chịu 1.850 ₫" in day
    assert "1 Hộp 12 cái × Mật ong 1 Hội chợ thử đã giảm, ban tổ chức chịu 100.000 ₫" in day
    only = words(page_of(maker, f"{own}days/{TODAY}?product={weighed.product_id}"))
    assert "Chuyển khoản" not in only  # a receipt was paid, not one of its lines
    tablet.send(tablet.sale([lines[1]], refund_of=sale["id"]))
    assert "ban tổ chức chịu, bù" not in words(page_of(maker, own))


def test_sixty_kinds_of_goods_are_light_and_every_one_is_reached(
    app: Flask, maker: FlaskClient, fair: Fair, tablet: Tablet
) -> None:
    """The first page ends after twelve of them, what runs out first on top; the lists behind it hold the rest."""
    kinds = [add_weighed(app, fair, f"Chả mực Hạ Long giã tay loại {number}") for number in range(60)]
    for start in range(0, 60, 10):
        tablet.send(tablet.sale([sold(one, grams=500) for one in kinds[start : start + 10]]))
    own = f"/producers/{fair.producer_ids[0]}/"
    first = page_of(maker, own)
    assert weight(first) < 40_000
    assert first.count("bán quá số đã nhập") == 12
    assert "Xem cả 60 mặt hàng đã bán" in first
    assert "Xem cả 60 dòng hàng còn" in first
    left, goods = page_of(maker, f"{own}left"), [page_of(maker, f"{own}goods?page={page}") for page in (1, 2)]
    assert all(weight(one) < 40_000 for one in (left, *goods))
    assert all(left.count(f"loại {number}<") == 1 for number in range(60))
    assert [one.count('scope="rowgroup"') for one in goods] == [40, 20]
