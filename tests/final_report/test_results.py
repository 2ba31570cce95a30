from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from fair_pos.final_report.results import (
    MOST_IN_TEXT,
    comparison,
    grown_words,
    localities,
    makeup,
    results_of,
    sales,
    visitors,
)
from fair_pos.final_report.rules import Block, Heading, Plot, Table
from fair_pos.reports.rules import Figure, Makeup
from tests.final_report.samples import column, day_facts, facts, figure_tables


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def words(blocks: list[Block]) -> str:
    return "\n".join(getattr(block, "text", "") for block in blocks).replace("\N{NO-BREAK SPACE}", " ")


def codes(blocks: list[Block]) -> list[str]:
    return [block.code for block in blocks if isinstance(block, Table | Plot)]


def test_the_five_chapters_in_their_order() -> None:
    found = results_of(facts(), figure_tables())
    assert [block.text for block in found if isinstance(block, Heading)] == [
        "1. Khách tham quan", "2. Kết quả bán hàng", "3. Cơ cấu hàng bán", "4. Kết quả theo địa phương của chủ thể", "5. So với kỳ trước",
    ]  # fmt: skip


def test_visitors_come_with_what_each_figure_means() -> None:
    said = words(visitors(facts()))
    for sentence in (
        "Lượt khách vào: 3.200 lượt.",
        "Bình quân 1.600 lượt một ngày, tính trên 2 ngày.",
        "người vào hai lần được tính hai",
        "Đông nhất cùng lúc: 400 người, lúc 22:15 ngày 20/11/2026.",
        "ước tính 2.400 người",
        "3.200 lượt vào trên 2.000 lượt dự kiến của 2 ngày, bằng 160,0 %.",
        "Đông hơn dự kiến (vượt hơn một nửa): 20/11/2026, 21/11/2026.",
    ):
        assert sentence in said, sentence
    assert codes(visitors(facts())) == ["visitors_days", "visitors_plot"]


def test_what_is_not_known_of_visitors_is_said_and_not_guessed() -> None:
    bare = day_facts(peak=None, peak_at=None, distinct=None, planned=None)
    said = words(visitors(facts(days=(bare,))))
    assert "Đông nhất cùng lúc: không nói được" in said
    assert "chưa ước tính được" in said
    assert "không ghi số khách dự kiến" in said
    nobody = facts(days=(day_facts(entries=None, peak=None, distinct=None),))
    assert words(visitors(nobody)) == "Hội chợ không đếm khách ở cổng, nên không nêu số khách."


def test_exactly_one_and_a_half_times_the_plan_is_not_unexpected() -> None:
    assert "Đông hơn dự kiến" not in words(visitors(facts(days=(day_facts(entries=1_500),))))


def test_sales_name_sold_back_and_net_together() -> None:
    said = words(sales(facts()))
    assert "Bán ra 2.000.000 ₫, trả lại 200.000 ₫, thực thu 1.800.000 ₫." in said
    assert "20 phiếu bán và 2 phiếu trả. Mỗi phiếu bán bình quân 90.000 ₫" in said
    assert "giảm giá" not in said
    off = words(sales(facts(makeup=Makeup(1_800_000, 50_000, 150))))
    assert "tiền hàng chưa giảm giá 1.849.850 ₫, giảm giá 50.000 ₫, làm tròn 150 ₫, thực thu 1.800.000 ₫" in off


def test_nothing_sold_is_said() -> None:
    found = sales(facts(days=(day_facts(money=Figure("", "")),)))
    assert words(found).strip() == "Chưa có phiếu bán nào được ghi nhận."
    assert codes(found) == ["sales_days", "sales_plot"]


def test_the_ocop_share_and_what_it_is_of() -> None:
    assert "686.000 ₫ trên 1.000.000 ₫ thực thu, bằng 68,6 %" in words(makeup(facts(), figure_tables()))
    assert codes(makeup(facts(), figure_tables())) == ["groups", "stars", "methods"]
    assert words(makeup(facts(share=replace(facts().share, total_dong=0)), {})) == "Chưa có số liệu."


def test_a_long_league_has_its_head_in_the_text() -> None:
    short = localities(facts(), figure_tables(names=("Lai Châu", "Điện Biên")))
    assert codes(short) == ["localities", "localities_plot"]
    many = figure_tables(names=tuple(f"Tỉnh {at}" for at in range(30)))
    table, plot = localities(facts(), many)
    assert isinstance(table, Table)
    assert (table.code, len(table.rows), table.total) == ("localities_first", MOST_IN_TEXT, None)
    assert table.note == "10 nơi đứng đầu trong 30; đầy đủ ở Phụ lục I."
    assert isinstance(plot, Plot)
    assert words(localities(facts(), {})) == "Chưa có số liệu."


def test_editions_of_different_length_are_compared_by_the_day() -> None:
    said = words(comparison(facts()))
    assert "Tuần lễ OCOP 2025, 5 ngày; kỳ này 2 ngày" in said
    assert "Lượt khách mỗi ngày: từ 9.400 còn 1.600, giảm 83,0 %." in said
    assert "Thực thu mỗi ngày: từ 800.000 ₫ lên 900.000 ₫, tăng 12,5 %." in said
    assert "Chưa có kỳ trước" in words(comparison(facts(before=None)))
    assert "Kỳ trước không có số liệu để so sánh." in words(comparison(facts(before=column("Kỳ 2017", 3))))


def test_of_few_sales_no_percentage_is_said() -> None:
    few = facts(now=column("Kỳ này", 2, net_dong=1_800_000, receipts=29))
    assert grown_words(few) == []
    assert grown_words(facts(before=None)) == []
