"""The plot of the organiser's board."""

from __future__ import annotations

from fair_pos.board.curve import CurveWords, as_drawn, curve_svg
from fair_pos.board.rules import HourPair
from fair_pos.reports.plots import Mark

WORDS = CurveWords(today="█ Hôm nay", before="╍○╍ Tuần lễ 2025", nothing="Chưa có phiếu")


def hours(*nets: int, before: int | None = 5_000_000) -> tuple[HourPair, ...]:
    return tuple(HourPair(8 + at, net, before) for at, net in enumerate(nets))


def drawn(*nets: int, before: int | None = 5_000_000, narrow: bool = False) -> str:
    return curve_svg(hours(*nets, before=before), WORDS, narrow=narrow).decode()


def test_both_years_are_drawn_and_named() -> None:
    svg = drawn(1_000_000, 12_400_000)
    for word in ("█ Hôm nay", "╍○╍ Tuần lễ 2025", "12,4 tr", "8h", "9h"):
        assert word in svg
    assert "stroke-dasharray" in svg, "last year is told apart without colour"


def test_the_programme_stands_above_the_hours_and_a_phone_has_its_numbers() -> None:
    marks = (Mark(90, "09:30 Khai mạc"), Mark(119, "09:59 Nấu ăn"), Mark(800, "21:20 Sau giờ"))
    svg = curve_svg(hours(1_000_000, 12_400_000), WORDS, marks).decode()
    assert "09:30 Khai mạc" in svg
    assert "09:59 Nấu ăn" in svg
    assert "Sau giờ" not in svg, "beyond the hours that are drawn"
    narrow = curve_svg(hours(1_000_000, 12_400_000), WORDS, marks, narrow=True).decode()
    assert "Khai mạc" not in narrow
    assert ">1</text>" in narrow
    assert ">2</text>" in narrow


def test_without_an_edition_before_there_is_one_series() -> None:
    svg = drawn(1_000_000, before=None)
    assert "Tuần lễ 2025" not in svg
    assert "stroke-dasharray" not in svg


def test_a_day_without_sales_says_so_unless_there_is_something_beside() -> None:
    assert "Chưa có phiếu" in drawn(0, 0, before=None)
    assert "Chưa có phiếu" not in drawn(0, 0)


def test_a_phone_gets_one_number() -> None:
    svg = drawn(1_000_000, 12_400_000, 3_000_000, narrow=True)
    assert "12,4 tr" in svg
    assert "3 tr" not in svg


def test_a_day_of_refunds_is_drawn_below_zero() -> None:
    assert "−2 tr" in drawn(-2_000_000, 1_000_000)


def test_what_no_eye_sees_does_not_redraw() -> None:
    assert as_drawn(hours(12_400_000, 1_000_000)) == as_drawn(hours(12_404_000, 1_004_900))
    assert as_drawn(hours(12_400_000)) != as_drawn(hours(12_500_000))
    assert as_drawn(hours(950, before=900)) == hours(950, before=900), "small amounts are drawn as they are"
    (one,) = as_drawn(hours(12_404_999))
    assert abs(one.net_dong - 12_404_999) * 100 <= 12_404_999
