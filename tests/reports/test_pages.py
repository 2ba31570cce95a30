"""The organiser's pages: every number opens down to receipts that add up to it, and nobody else gets in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import transaction
from fair_pos.reports import rules, total_pages
from fair_pos.reports.pages import all_places
from fair_pos.till.tables import Device
from tests.asked import statements_sent
from tests.builders import make_fair, pair_tablet, sign_in
from tests.builders import sold as line_of
from tests.reports.golden import DAY, FIRST_DAY, Golden, local, make_golden, sell_whole_till


@pytest.fixture
def golden(app: Flask) -> Golden:
    return make_golden(app)


@pytest.fixture
def organiser(golden: Golden, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


GOODS = re.compile("[?&](product|producer|group|star|entity|locality)=")
LINK = re.compile(r'<a href="(/editions/[^"]+/receipts\?[^"]+)">([−0-9.]+)(?:\xa0₫)?</a>')


def links(html: str) -> Iterator[tuple[str, int, bool]]:
    """(address, number clicked, whether it is money) of every number that opens."""
    for found in LINK.finditer(html):
        yield unescape(found[1]), whole(found[2]), "₫" in found[0]


def whole(text: str) -> int:
    return int(text.replace(".", "").replace("−", "-"))


def shown(html: str, name: str) -> int:
    found = re.search(rf'id="{name}">([−0-9.]+)', html)
    assert found, name
    return whole(found[1])


@pytest.mark.parametrize("path", [f"?day={DAY}", "days"])
def test_every_number_opens_down_to_receipts_that_add_up_to_it(
    app: Flask, golden: Golden, organiser: FlaskClient, path: str
) -> None:
    """With all that a till does: weights, packs, discounts, rounding, cards, a sale taken back."""
    sell_whole_till(app, golden)
    found = list(links(page(organiser, f"/editions/{golden.fair.edition_id}/{path}")))
    assert len(found) > (80 if path != "days" else 15)
    for address, number, is_money in found:
        listed = page(organiser, address)
        if is_money:
            amounts = [whole(text) for text in re.findall(r'amount"[^>]*>([−0-9.]+)\xa0₫', listed)]
            expected = -number if "kind=refund" in address else number
            assert (shown(listed, "sum"), sum(amounts)) == (expected, expected), address
        elif GOODS.search(address):
            assert abs(shown(listed, "pieces")) == number, address
        else:
            assert shown(listed, "refunds" if "kind=refund" in address else "sales") == number, address


def test_gross_refunds_and_net_stand_side_by_side(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    figures = re.search(r'<dl class="figures">(.*?)</dl>', html, re.DOTALL)
    assert figures
    sold, refunded, net, sales, refunds, average = (
        whole(text) for text in re.findall(r"<dd[^>]*>(?:<a[^>]*>)?([−0-9.]+)", figures[1])
    )
    assert net == sold - refunded
    assert refunds == 2
    assert average == (2 * net + sales) // (2 * sales)


def test_a_sale_given_back_whole_leaves_nothing(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    tablet, goods = golden.tablets[0], golden.fair.goods[0]
    sold = tablet.sale([(goods, 3)], at=local(23, 9))
    tablet.send(sold, tablet.sale([(goods, 3)], at=local(23, 9, 5), refund_of=sold["id"]))
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day=2026-11-23")
    assert '<dd class="money"><a href="/editions/' in html
    assert re.search(r'class="figure net"><dt>[^<]+</dt><dd class="money"><a [^>]+>0\xa0₫</a>', html)
    listed = page(organiser, f"/editions/{golden.fair.edition_id}/receipts?day=2026-11-23")
    assert (shown(listed, "sum"), shown(listed, "sales"), shown(listed, "refunds")) == (0, 1, 1)


def test_a_long_list_is_paged_and_its_total_covers_all_pages(golden: Golden, organiser: FlaskClient) -> None:
    tablet, goods = golden.tablets[0], golden.fair.goods[0]
    tablet.send(*(tablet.sale([(goods, 1)], at=local(23, 9)) for _ in range(201)))
    address = f"/editions/{golden.fair.edition_id}/receipts?day=2026-11-23"
    first, second = page(organiser, address), page(organiser, f"{address}&page=2")
    assert [html.count("/sales/") for html in (first, second)] == [200, 1]
    assert shown(first, "sum") == shown(second, "sum") == 201 * goods.price_dong


def test_one_receipt_shows_all_that_is_known_of_it(golden: Golden, organiser: FlaskClient) -> None:
    listed = page(organiser, f"/editions/{golden.fair.edition_id}/receipts?day={DAY}&kind=refund")
    address = re.search(r'href="(/sales/[^"]+)"', listed)
    assert address
    html = page(organiser, address[1])
    for word in ("Phiếu trả hàng", "Khách đổi ý", "Vừ A nguoiban", "Máy chủ nhận", "Mã kiểm", "số thứ tự"):
        assert word in html
    original = re.search(r'href="(/sales/[^"/]+)"', html)
    assert original
    assert "Đã có phiếu trả hàng" in page(organiser, original[1])


def test_the_page_says_how_complete_it_is(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        for tablet, waiting in zip(golden.tablets, (0, 7), strict=True):
            device = session.get_one(Device, tablet.device_id)
            device.last_heard_at, device.waiting = local(21, 14, 5), waiting
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    assert "1/2 máy đã gửi" in html
    assert "14:05" in html
    assert f"Máy {golden.tablets[1].letter} còn 7 đơn chờ." in html


def test_sample_data_is_called_so(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    address = f"/editions/{golden.fair.edition_id}/?day={DAY}"
    assert "dữ liệu mẫu" not in page(organiser, address)
    tablet = pair_tablet(app, golden.fair)
    with app.app_context(), transaction() as session:
        session.get_one(Device, tablet.device_id).sample = True
    tablet.send(tablet.sale([(golden.fair.goods[0], 1)], at=local(21, 12)))
    assert "dữ liệu mẫu" in page(organiser, address)
    assert "mẫu</span>" in page(organiser, f"/editions/{golden.fair.edition_id}/receipts?day={DAY}&hour=12")


def test_oddities_are_sentences_with_a_way_to_the_sale(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/oddities?day={DAY}")
    assert html.count("Tổng tiền máy gửi 1 ₫, cộng lại các dòng được 220.000 ₫.") == 2
    assert html.count('href="/sales/') == 2
    assert "2 điều cần xem" in page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")


def test_oddities_of_other_commands_are_listed_with_what_they_are_about(golden: Golden, organiser: FlaskClient) -> None:
    """Their chain is broken here, as it is when a tablet was copied; what each of them is stands in its own words."""
    tablet, edition = golden.tablets[0], golden.fair.edition_id
    before = page(organiser, f"/editions/{edition}/oddities?day={DAY}").count('<tr role="row">')
    sold = tablet.sale([(golden.fair.goods[0], 1)], at=local(21, 18), method="transfer")
    commands = [
        tablet.giveaway([line_of(golden.fair.goods[0])], at=local(21, 18, 1)),
        tablet.command("till_opened", at=local(21, 18, 2), till_session_id=new_id(), notes=[], float_dong=0),
        tablet.command("transfer_seen", at=local(21, 18, 3), sale_id=sold["id"], payment_no=1),
        tablet.command("receipt_copied", at=local(21, 18, 4), sale_id=sold["id"], copy_no=1),
    ]
    tablet.send(sold, *({**one, "hash": "0" * 64} for one in commands))
    html = page(organiser, f"/editions/{edition}/oddities?day={DAY}")
    assert html.count('<tr role="row">') >= before + 4
    rows = re.findall(r'<tr role="row">\s*<th scope="row".*?</tr>', html, re.DOTALL)
    for words in ("Hàng tặng, dùng thử", "Mở ngăn kéo", "Đã thấy tiền chuyển khoản", "In bản sao phiếu"):
        (row, *_others) = [row for row in rows if words in row]
        leads = re.findall(r'href="/(sales/[^"]+|editions/[^/]+/drawers/)', row)
        receipt, drawer = f"sales/{sold['id']}", f"editions/{edition}/drawers/"
        assert leads == {"Hàng": [], "Mở": [drawer]}.get(words.split()[0], [receipt]), words
        assert "A01" in row
    assert "Mở ngăn kéo" not in page(organiser, f"/editions/{edition}/oddities?day={FIRST_DAY}")


def test_what_could_not_be_read_is_shown_escaped_and_kept_whole(golden: Golden, organiser: FlaskClient) -> None:
    parcel = golden.tablets[0].sale([(golden.fair.goods[0], 1)])
    parcel["text"] = "<script>alert(1)</script>" + "ế" * 3000
    golden.tablets[0].send(parcel)
    html = page(organiser, f"/editions/{golden.fair.edition_id}/quarantine")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert html.count("ế") < 1100
    address = re.search(r'href="(/editions/[^"]+/quarantine/\d+\.txt)"', html)
    assert address
    answer = organiser.get(address[1])
    assert answer.get_data(as_text=True) == parcel["text"]
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_plots_are_drawn_from_the_tables_figures(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    for address in re.findall(r'(?:src|srcset)="(/editions/[^"]+)"', html):
        answer = organiser.get(unescape(address))
        assert answer.mimetype == "image/svg+xml"
        assert "22h" in answer.get_data(as_text=True) or "narrow" in address
    assert organiser.get(f"/editions/{golden.fair.edition_id}/plots/days.svg").status_code == 200
    assert organiser.get(f"/editions/{golden.fair.edition_id}/plots/years.svg").status_code == 404


def test_files_hold_what_the_page_shows(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    addresses = {unescape(address) for address in re.findall(r'href="(/editions/[^"]+/tables/[^"]+)"', html)}
    assert len(addresses) == 18
    for address in addresses:
        assert organiser.get(address).headers["Content-Disposition"].startswith("attachment"), address
    day = next(address for address in addresses if "booths.xlsx" in address)
    headings, *rows = load_workbook(io.BytesIO(organiser.get(day).get_data())).worksheets[0].values
    net = headings.index("Thực thu (đồng)")
    listed = page(organiser, f"/editions/{golden.fair.edition_id}/receipts?day={DAY}")
    assert sum(int(str(row[net])) for row in rows) == shown(listed, "sum")
    paid = ("Tiền mặt", "Chuyển khoản đã xác nhận", "Chuyển khoản chưa xác nhận", "Thẻ")
    columns = [headings.index(name) for name in paid]
    assert all(sum(int(str(row[at])) for at in columns) == row[net] for row in rows)
    answer = organiser.get(f"/editions/{golden.fair.edition_id}/receipts.xlsx?day={DAY}&kind=refund")
    cells = list(load_workbook(io.BytesIO(answer.get_data())).worksheets[0].values)
    assert cells[0][4] == "Số tiền (đồng)"
    assert cells[1][4] == -220_000
    assert organiser.get(f"/editions/{golden.fair.edition_id}/tables/secrets.csv").status_code == 404
    assert organiser.get(f"/editions/{golden.fair.edition_id}/tables/days.csv").status_code == 200


def test_weights_are_kilograms_on_every_table(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    made = sell_whole_till(app, golden)
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    assert html.count(">1,825\xa0kg</a>") == 6  # 0,575 and 1,250 sold: product, group, star, maker, its kind and place
    assert html.count(">0,575\xa0kg</a>") == 6  # given back
    assert ">1.825<" not in html
    address = f"/editions/{golden.fair.edition_id}/receipts?day={DAY}&product={made.weighed.product_id}"
    listed = page(organiser, address)
    assert 'id="grams">1,250\xa0kg' in listed
    assert re.findall(r'pieces"[^>]*>([^<]+)<', listed) == ["0,575\xa0kg", "−0,575\xa0kg", "1,250\xa0kg"]


def test_what_the_net_is_made_of(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    address = f"/editions/{golden.fair.edition_id}/?day={DAY}"
    assert 'class="makeup"' not in page(organiser, address)
    sell_whole_till(app, golden)
    tablet = golden.tablets[0]
    cash = [{"method": "cash", "amount_dong": 37_000, "tendered_dong": 37_000, "change_dong": 0}]
    tablet.send(tablet.sale([(golden.fair.goods[2], 1)], at=local(21, 14), rounding_dong=-500, payments=cash))
    for path in (address, f"/editions/{golden.fair.edition_id}/days"):
        made = page(organiser, path).split('class="makeup"')[1].split("</p>")[0]
        before, discount, rounding, net = (whole(one) for one in re.findall(r">([−0-9.]+)\xa0₫<", made))
        assert before - discount + rounding == net
        assert (discount, rounding) == (25_000, -500)
    producers = page(organiser, address).split('id="producers"')[1]
    assert "Làm tròn tiền mặt" in producers


def test_figures_say_how_they_were_paid(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    sell_whole_till(app, golden)
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    noon = html.split("12:00–13:00")[1].split("</tr>")[0]
    split = {word: whole(dong) for word, dong in re.findall(r"<li>([^<]+) <b>([−0-9.]+)\xa0₫</b></li>", noon)}
    assert split == {"Tiền mặt": -125_000, "CK chưa xác nhận": 450_000, "Thẻ": 4_800_000}
    assert "Chuyển khoản chưa xác nhận" in page(organiser, f"/editions/{golden.fair.edition_id}/days")
    ten = html.split("10:00–11:00")[-1].split("</tr>")[0]  # all in cash, in a table of which other hours are not
    assert re.findall(r"<li>([^<]+) <b>", ten) == ["Tiền mặt"]


def test_the_days_stand_first_on_their_page(golden: Golden, organiser: FlaskClient) -> None:
    html = page(organiser, f"/editions/{golden.fair.edition_id}/days")
    assert re.search(r"<h2>Các ngày\s", html)
    assert html.index('id="days"') < html.index('id="money"')


def test_lines_come_as_a_file_of_their_own(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    sell_whole_till(app, golden)
    address = f"/editions/{golden.fair.edition_id}/lines.csv?day={DAY}&hour=12"
    rows = list(csv.DictReader(io.StringIO(organiser.get(address).get_data().decode("utf-8-sig"))))
    assert [(row["Cân (gam)"], row["Thành tiền (đồng)"]) for row in rows if row["Cân (gam)"]] == [
        ("575", "21850"),
        ("-575", "-21850"),
    ]
    listed = page(organiser, f"/editions/{golden.fair.edition_id}/receipts?day={DAY}&hour=12")
    assert unescape(re.findall(r'href="([^"]+lines\.csv[^"]*)"', listed)[0]) == address
    book = load_workbook(io.BytesIO(organiser.get(address.replace("lines.csv", "receipts.xlsx")).get_data()))
    assert [sheet.max_row for sheet in book.worksheets] == [6, 6, 10], "its lines, and how complete it is"


def test_an_organiser_sees_only_own_editions(app: Flask, golden: Golden, organiser: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác", starts=FIRST_DAY)
    html = page(organiser, "/editions/")
    assert golden.fair.edition_id in html
    assert other.edition_id not in html


def test_an_edition_without_sales_says_so(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    sign_in(client, "bantochuc")
    assert page(client, f"/editions/{fair.edition_id}/").count("Ngày này chưa có phiếu nào") == 1
    assert "Chưa có phiếu nào" in page(client, f"/editions/{fair.edition_id}/receipts")
    assert "Không có phiếu nào như vậy" in page(client, f"/editions/{fair.edition_id}/receipts?kind=refund")
    assert "Không có gì cần xem" in page(client, f"/editions/{fair.edition_id}/oddities")
    assert client.get(f"/editions/{fair.edition_id}/?day=hôm-nay").status_code == 404


PATHS = (
    "/editions/{edition}/", "/editions/{edition}/days", "/editions/{edition}/receipts", "/editions/{edition}/receipts.csv",
    "/editions/{edition}/oddities", "/editions/{edition}/quarantine", "/editions/{edition}/tables/days.csv",
    "/editions/{edition}/plots/hours.svg", "/sales/{sale}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("quantri", 200), ("bantochuc", 200), ("bantochuc.hoi-cho-khac", 404), ("nguoiban", 404), ("chuthe", 404), ("", 302),
    ],
)  # fmt: skip
def test_who_gets_in(app: Flask, golden: Golden, client: FlaskClient, login: str, status: int) -> None:
    make_fair(app, name="Hội chợ khác", starts=FIRST_DAY)
    sold = golden.tablets[0].sale([(golden.fair.goods[0], 1)], at=local(21, 12))
    golden.tablets[0].send(sold)
    if login:
        sign_in(client, login)
    for path in PATHS:
        address = path.format(edition=golden.fair.edition_id, sale=sold["id"])
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == status, path
        if status == 302:
            assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(("login", "status"), [("quantri", 200), ("nguoiban", 404), ("chuthe", 404), ("", 302)])
def test_who_sees_the_list_of_editions(golden: Golden, client: FlaskClient, login: str, status: int) -> None:
    if login:
        sign_in(client, login)
    assert client.get("/editions/", headers={"Accept": "text/html"}).status_code == status


def test_a_file_of_too_many_receipts_is_answered_with_a_sentence(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fair_pos.reports.pages.MOST_ROWS", 3)
    for ending in ("csv", "xlsx"):
        answer = organiser.get(f"/editions/{golden.fair.edition_id}/receipts.{ending}")
        assert answer.status_code == 413
        assert "Tệp sẽ có hơn 3 dòng" in answer.get_data(as_text=True)


def test_all_places_take_three_queries_however_many_editions(app: Flask, golden: Golden) -> None:
    for number in range(4):
        make_fair(app, name=f"Hội chợ {number}")
    with app.app_context(), statements_sent(app) as statements:
        assert len({place.id for place in all_places()}) > 20
    assert sum(one.startswith("SELECT") for one in statements) == 3


def test_money_by_booth_and_account_is_folded_and_whole_on_its_own_page(
    golden: Golden, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SPARED", 0)
    monkeypatch.setattr(total_pages, "MOST_SHOWN", 1)
    edition = golden.fair.edition_id
    for path, asked in ((f"?day={DAY}", f"?day={DAY}"), ("days", "")):
        html = page(organiser, f"/editions/{edition}/{path}")
        found = re.search(r'id="money-booths">(.*?)</table>(.*?)</p>', html, re.DOTALL)
        assert found
        assert "… 1 dòng khác" in found[1]
        address = f"/editions/{edition}/money{asked}"
        assert f'href="{address}">Xem cả 2 dòng' in found[2]
        alone = page(organiser, address)
        assert "dòng khác" not in alone
        assert f'href="/editions/{edition}/{path}#money"' in alone
        every = re.search(r'id="money-booths">(.*?)</table>', alone, re.DOTALL)
        assert every
        assert all(every[1].count(code) == 1 for code in ("A01 ·", "A02 ·"))
        nets = [
            [whole(one) for one in re.findall(r"net[^>]*data-label[^>]*>(?:<a[^>]*>)?([−0-9.]+)", text)]
            for text in (found[1], every[1])
        ]
        assert (sum(nets[0]), nets[0][0]) == (sum(nets[1]), max(nets[1]))


def test_hours_have_one_plot(golden: Golden, organiser: FlaskClient) -> None:
    """Without a gate the bars stand above their table; with one they stand once, below the visitors (test_total_pages.py)."""
    html = page(organiser, f"/editions/{golden.fair.edition_id}/?day={DAY}")
    assert len(re.findall(r'<img src="[^"]+/plots/hours\.svg', html)) == 1
    assert html.index('id="hours"') < html.index('id="money"') < html.index('id="booths"')
