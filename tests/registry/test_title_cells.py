"""Titles in a cell: read as people write them, written so that they are read again, and what cannot be read is said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.registry.title_cells import TitleInCell, read_titles, titles_cell
from fair_pos.registry.titles import KINDS, LEVELS

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
decisions = st.one_of(st.just(""), st.text("AĐ0123/-()QĐ.U ", max_size=20).map(str.strip))


@st.composite
def in_cells(draw: st.DrawFn) -> TitleInCell:
    issued, year_only = draw(days), draw(st.booleans())
    issued = issued.replace(month=1, day=1) if year_only else issued
    expires = draw(st.one_of(st.none(), st.dates(issued, date(2100, 12, 31))))
    decision = " ".join(draw(decisions).split())
    return TitleInCell(
        draw(st.sampled_from(sorted(KINDS))),
        draw(st.sampled_from(sorted(LEVELS))),
        issued,
        expires,
        decision,
        year_only,
    )


@given(st.lists(in_cells(), max_size=4, unique=True))
def test_what_is_written_is_read_again(titles: list[TitleInCell]) -> None:
    assert read_titles(titles_cell(titles)) == (tuple(titles), [])


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Sản phẩm chủ lực cấp tỉnh 29/11/2023", TitleInCell("chu_luc", "province", date(2023, 11, 29))),
        ("CHỦ LỰC, cấp tỉnh, ngày 29-11-2023", TitleInCell("chu_luc", "province", date(2023, 11, 29))),
        ("chu_luc cap tinh 2023-11-29", TitleInCell("chu_luc", "province", date(2023, 11, 29))),
        ("Đặc sản cấp xã năm 2024", TitleInCell("dac_san", "commune", date(2024, 1, 1), year_only=True)),
        (
            "CNNT tiêu biểu cấp khu vực từ ngày 1/9/2022 đến hết 31/8/2024 (QĐ 1/QĐ-BCT (bản 2))",
            TitleInCell("cnnt_tieu_bieu", "region", date(2022, 9, 1), date(2024, 8, 31), "QĐ 1/QĐ-BCT (bản 2)"),
        ),
    ],
)
def test_as_people_write_them(cell: str, wanted: TitleInCell) -> None:
    assert read_titles(cell) == ((wanted,), [])
    assert read_titles(f" {cell} ;; {cell}") == ((wanted,), []), "each once"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("OCOP 4 sao 2023", "title_not_known"),
        ("Đặc sảnh cấp tỉnh 2023", "title_not_known"),
        ("Chủ lực 2023", "title_level_not_known"),
        ("Chủ lực cấp vùng 2023", "title_level_not_known"),
        ("Chủ lực cấp tỉnh", "title_day_not_read"),
        ("Chủ lực cấp tỉnh 31/2/2023", "title_day_not_read"),
        ("Chủ lực cấp tỉnh 1/1/23", "title_day_not_read"),
        ("Chủ lực cấp tỉnh 1998", "title_day_not_read"),
        ("Chủ lực cấp tỉnh khoảng 2023", "title_day_not_read"),
        ("Chủ lực cấp tỉnh 2023 2024", "title_day_not_read"),
        ("Chủ lực cấp tỉnh 2023 đến 40/1/2024", "title_day_not_read"),
        ("Chủ lực cấp tỉnh 2/1/2023 đến 1/1/2023", "title_days_turned"),
        (f"Chủ lực cấp tỉnh 2023 ({'9' * 101})", "title_decision_long"),
    ],
)
def test_what_cannot_be_read_is_said(cell: str, code: str) -> None:
    good = "Đặc sản địa phương cấp tỉnh 2024"
    titles, wrong = read_titles(f"{good}; {cell}")
    assert [one.code for one in wrong] == [code]
    assert [one.kind for one in titles] == ["dac_san"]
    if code == "title_not_known":
        assert str(wrong[0].facts["known"]).split("; ") == list(KINDS.values())


def test_an_empty_cell_names_none() -> None:
    assert read_titles("") == read_titles(" ; ") == ((), [])
