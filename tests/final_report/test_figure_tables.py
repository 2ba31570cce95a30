from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from fair_pos.final_report import figure_tables as made
from fair_pos.final_report.facts import Change
from fair_pos.final_report.rules import Table, written
from fair_pos.kernel.day import VIETNAM
from fair_pos.published.rules import OWN_SOURCE, Entry, Published
from fair_pos.reports.export import Table as FigureTable
from fair_pos.reports.rules import Figure
from tests.final_report.samples import AT, FIRST, SECOND, badge, day_facts, facts, money


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def lines(table: Table) -> list[list[str]]:
    return [[written(cell) for cell in row] for row in table.lines]


def test_a_table_of_the_pages_keeps_every_row_and_gets_its_sums() -> None:
    rows = [replace(money(), name="A01 · Gian 1"), replace(money(500), name="A02 · Gian 2")]
    found = FigureTable("booths", "Theo gian hàng", "Gian hàng", "booth", "receipts", rows)
    total = Figure("", "", receipts=20, refunds=2, sold_dong=1_100_500, refunded_dong=200_000)
    table = made.figure_table(found, total)
    assert table.title == "Bán hàng theo gian hàng"
    assert lines(table) == [
        ["A01 · Gian 1", "10", "1", "1.000.000", "100.000", "900.000"],
        ["A02 · Gian 2", "10", "1", "100.500", "100.000", "500"],
        ["Cộng", "20", "2", "1.100.500", "200.000", "900.500"],
    ]


def test_goods_show_weights_only_where_something_was_weighed_and_the_rounding_apart() -> None:
    piece = Figure("p", "Mật ong", sold_quantity=3, refunded_quantity=1, sold_dong=300)
    weighed = Figure("w", "Chả mực", sold_grams=1_575, sold_dong=60)
    rest = Figure("", "Làm tròn tiền mặt", sold_dong=-10)
    whole = FigureTable("products", "Theo sản phẩm", "Sản phẩm", "product", "pieces", [piece], rest)
    assert [column.name for column in made.figure_table(whole, piece).columns][1:3] == ["Số lượng bán", "Số lượng trả"]
    assert len(made.figure_table(whole, piece).columns) == 6
    table = made.figure_table(replace(whole, figures=[piece, weighed]), Figure("", "", sold_dong=350))
    assert lines(table) == [
        ["Mật ong", "3", "1", "0", "0", "300", "0", "300"],
        ["Chả mực", "0", "0", "1,575", "0", "60", "0", "60"],
        ["Làm tròn tiền mặt", "", "", "", "", "−10", "0", "−10"],
        ["Cộng", "", "", "", "", "350", "0", "350"],
    ]


def test_days_of_sales() -> None:
    made_days = made.days_table(facts(days=(day_facts(), day_facts(SECOND, money=Figure("", "")))))
    assert lines(made_days) == [
        ["20/11/2026", "10", "1", "1.000.000", "100.000", "900.000", "90.000"],
        ["21/11/2026", "0", "0", "0", "0", "0", "–"],
        ["Cộng", "10", "1", "1.000.000", "100.000", "900.000", "90.000"],
    ]


def test_days_of_visitors_keep_the_three_figures_apart() -> None:
    uncounted = day_facts(SECOND, entries=None, peak=None, distinct=None, planned=500)
    assert lines(made.visitors_table(facts(days=(day_facts(), uncounted)))) == [
        ["20/11/2026", "1.600", "1.000", "160,0\N{NO-BREAK SPACE}%", "400", "1.200", "đông hơn dự kiến"],
        ["21/11/2026", "–", "500", "–", "–", "–", "không đếm khách"],
        ["Cộng", "1.600", "1.000", "160,0\N{NO-BREAK SPACE}%", "", "1.200", "dự kiến: chỉ những ngày có cả hai số"],
    ]
    silent = made.visitors_table(facts(days=(day_facts(entries=10, silent_gates=("Cổng phụ",)),)))
    assert "thiếu số của cổng: Cổng phụ" in lines(silent)[0][-1]


def test_days_by_way_of_paying_add_up_to_the_net() -> None:
    rows = [
        replace(
            money(),
            key=FIRST.isoformat(),
            name="20/11/2026",
            confirmed_dong=300_000,
            claimed_dong=100_000,
            card_dong=50_000,
        )
    ]
    found = FigureTable("days", "Theo ngày", "Ngày", "day", "receipts", rows, has_split=True)
    assert lines(made.payments_table(found)) == [
        ["20/11/2026", "450.000", "300.000", "100.000", "50.000", "900.000"],
        ["Cộng", "450.000", "300.000", "100.000", "50.000", "900.000"],
    ]
    assert made.payments_table(replace(found, figures=[])).total is None


def test_key_figures_say_where_they_come_from() -> None:
    rows = {row[0]: row[1:] for row in lines(made.key_table(facts()))}
    assert rows["Thực thu"] == ["1.800.000", "đồng", "phiếu của máy bán hàng"]
    assert rows["Lượt khách vào"] == ["3.200", "lượt", "đếm ở cổng"]
    assert rows["Tỷ trọng hàng OCOP"][0] == "68,6\N{NO-BREAK SPACE}%"
    running = facts(badge=badge(of_day=False, sheet=None, complete=1))
    rows = {row[0]: row[1:] for row in lines(made.key_table(running))}
    assert rows["Thực thu"][2] == "phiếu của máy bán hàng, tạm tính"
    assert rows["Số ngày"][2] == "lịch hội chợ"


def published(name: str, value: int, source: str = "") -> Published:
    return Published((Entry(1, None, name, value, None, "stated" if source else "frozen", source, "", "p", AT),))


def test_published_figures_stand_before_what_is_recorded() -> None:
    one = facts(published=published("net_dong", 1_700_000))
    rows = {row[0]: row[1:] for row in lines(made.key_table(one))}
    assert rows["Thực thu"] == ["1.700.000", "đồng", "số liệu đã khóa"]
    assert lines(made.differences_table(one)) == [["Thực thu", "1.700.000", "1.800.000", "100.000"]]
    stated = facts(published=published("visits", 54_000, "Báo Sài Gòn"))
    rows = {row[0]: row[1:] for row in lines(made.key_table(stated))}
    assert rows["Lượt khách vào"] == ["54.000", "lượt", "đã công bố: Báo Sài Gòn"]


def test_a_published_figure_says_what_became_of_it_and_when() -> None:
    changed = Published((
        Entry(1, None, "net_dong", 1, None, "frozen", "", "", "p", AT),
        Entry(2, None, "net_dong", 1_700_000, 1, "adjusted", OWN_SOURCE, "máy A gửi muộn", "p", AT),
        Entry(3, None, "visits", 5_000, 4_905, "adjusted", "", "đếm lại", "p", AT),
    ))  # fmt: skip
    rows = {row[0]: row[1:] for row in lines(made.key_table(facts(published=changed)))}
    day = AT.astimezone(VIETNAM).strftime("%d/%m/%Y")
    assert rows["Thực thu"][2] == f"đã nhận số đến muộn {day}"
    assert rows["Lượt khách vào"][2] == f"đã điều chỉnh {day}"


def test_changes_after_freezing_have_a_name_and_a_reason() -> None:
    some = (
        Change(AT, None, "net_dong", 5, 7, "Vừ A Lan", "đơn gửi muộn"),
        Change(AT, FIRST, "visits", 5, None, "Vừ A Lan", "đếm hai lần"),
    )
    assert lines(made.changes_table(facts(changes=some))) == [
        ["09:30 22/11/2026", "Thực thu", "cả kỳ", "5", "7", "Vừ A Lan: đơn gửi muộn"],
        ["09:30 22/11/2026", "Lượt khách vào", "20/11/2026", "5", "–", "Vừ A Lan: đếm hai lần"],
    ]


def test_editions_are_compared_by_the_day() -> None:
    # 47,000 in five days are 9,400 a day; 3,200 in two are 1,600. Growth is that of the page of comparison.
    assert lines(made.comparison_table(facts())) == [
        ["Lượt khách mỗi ngày", "9.400", "1.600", "−83,0\N{NO-BREAK SPACE}%"],
        ["Thực thu mỗi ngày", "800.000", "900.000", "12,5\N{NO-BREAK SPACE}%"],
        ["Thực thu mỗi lượt khách", "85", "563", "–"],
    ]
    assert [row[1] for row in lines(made.comparison_table(facts(before=None)))] == ["–", "–", "–"]


def test_cells_hold_what_their_columns_promise() -> None:
    table = made.days_table(facts())
    assert [cell.kind for cell in table.rows[0]] == [column.kind for column in table.columns]
