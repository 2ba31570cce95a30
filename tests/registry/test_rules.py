from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.registry.rules import (
    PROVINCES,
    CertificateFact,
    ProducerSaid,
    best_on,
    expiry_of,
    find_kind,
    free_slug,
    is_province,
    kind_from_name,
    merge_said,
    place_key,
    place_name,
    place_text,
    province_name,
    shown_stars,
    state_on,
)


def certificate(issued: date, stars: int = 4) -> CertificateFact:
    return CertificateFact(stars, issued, expiry_of(issued), "")


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        (date(2023, 11, 29), date(2026, 11, 28)),
        (date(2024, 1, 1), date(2026, 12, 31)),
        (date(2024, 3, 1), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_certificate_holds_thirty_six_months(issued: date, expires: date) -> None:
    assert expiry_of(issued) == expires


@given(st.dates(date(2018, 1, 1), date(2099, 1, 1)))
def test_the_day_after_the_last_begins_the_fourth_year(issued: date) -> None:
    after = expiry_of(issued) + timedelta(days=1)
    assert after.year == issued.year + 3
    assert (after.month, after.day) == ((issued.month, issued.day) if (issued.month, issued.day) != (2, 29) else (3, 1))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2023, 11, 28), "not_yet"),
        (date(2023, 11, 29), "valid"),
        (date(2026, 8, 29), "valid"),
        (date(2026, 8, 30), "expiring"),
        (date(2026, 11, 28), "expiring"),
        (date(2026, 11, 29), "expired"),
    ],
)
def test_the_state_of_a_certificate(day: date, state: str) -> None:
    assert state_on(certificate(date(2023, 11, 29)), day) == state


def test_the_newest_certificate_that_holds_is_shown() -> None:
    old, new = certificate(date(2024, 1, 1), 4), certificate(date(2026, 1, 1), 3)
    assert best_on([old, new], date(2025, 6, 1)) is old
    assert best_on([new, old], date(2026, 6, 1)) is new  # judged again, and lower
    assert best_on([old, new], date(2023, 12, 31)) is None
    assert best_on([], date(2026, 1, 1)) is None


@pytest.mark.parametrize(("stars", "shown"), [(1, 0), (2, 0), (3, 3), (4, 4), (5, 5)])
def test_only_three_stars_and_more_are_shown(stars: int, shown: int) -> None:
    assert shown_stars(certificate(date(2024, 1, 1), stars)) == shown
    assert shown_stars(None) == 0


SAME_PLACE = ["Điện Biên Đông", "Ðiện Biên Ðông", unicodedata.normalize("NFD", "Điện Biên Đông"), "  điện biên  ĐÔNG "]


@pytest.mark.parametrize("name", SAME_PLACE)
def test_look_alikes_and_forms_of_unicode_are_one_place(name: str) -> None:
    assert place_key("district", name) == place_key("district", SAME_PLACE[0])
    assert place_key("district", "Huyện " + name) == place_key("district", name)


def test_the_word_for_a_province_does_not_matter() -> None:
    for name in ("Tỉnh Điện Biên", "tỉnh điện biên", "Ðiện Biên"):
        assert place_key("province", name) == "dien bien"
    for name in ("TP. Hồ Chí Minh", "TP Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Hồ Chí Minh", "TP.HCM", "TPHCM"):
        assert place_key("province", name) == "ho chi minh"
        assert province_name(name) == "Hồ Chí Minh"
    assert province_name("Tỉnh Lai Châu") == "Lai Châu"


def test_a_town_and_a_commune_of_one_name_are_two() -> None:
    assert place_key("commune", "Thị trấn Mường Tè") != place_key("commune", "Xã Mường Tè")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("TT. Mường Tè", "Thị trấn Mường Tè"),
        ("X. Bum Tở", "Xã Bum Tở"),
        ("P.Đoàn Kết", "Phường Đoàn Kết"),
        ("Pa Ủ", "Pa Ủ"),
    ],
)
def test_short_forms_are_written_out(typed: str, stored: str) -> None:
    assert place_name(typed) == stored


def test_a_place_is_written_from_small_to_large() -> None:
    assert place_text("Xã Bum Tở", "Lai Châu") == "Xã Bum Tở, Lai Châu"
    assert place_text("", "Lai Châu") == "Lai Châu"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("HTX Chè Tân Uyên", "hop_tac_xa"),
        ("Hợp tác xã Phú Thành", "hop_tac_xa"),
        ("Tổ hợp tác hoa địa lan", "to_hop_tac"),
        ("Hộ kinh doanh bà Hường", "ho_kinh_doanh"),
        ("Công ty TNHH Đạt Butter", "doanh_nghiep"),
        ("Trang trại Hoa Ban", "trang_trai"),
        ("Huy Hùng", "khac"),
    ],
)
def test_a_name_says_what_its_bearer_is(name: str, kind: str) -> None:
    assert kind_from_name(name) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hop_tac_xa", "hop_tac_xa"),
        ("HTX", "hop_tac_xa"),
        ("Hộ kinh doanh", "ho_kinh_doanh"),
        ("Khác", "khac"),
        ("xe máy", None),
    ],
)
def test_kinds_are_read_as_codes_and_as_words(text: str, kind: str | None) -> None:
    assert find_kind(text) == kind


def test_of_several_rows_about_one_producer_the_first_that_says_anything_counts() -> None:
    rows = [
        ProducerSaid("HTX Chè", province="Lai Châu"),
        ProducerSaid("htx chè", kind="hop_tac_xa", commune="Xã A", province="Tỉnh Lai Châu"),
        ProducerSaid("HTX Chè", commune="Xã B", province="Lai Châu"),
        ProducerSaid("HTX Chè", province="Điện Biên"),
    ]
    merged = merge_said(rows)
    assert merged["htx chè", "lai chau"] == ProducerSaid(
        "HTX Chè", kind="hop_tac_xa", commune="Xã A", province="Lai Châu"
    )
    assert len(merged) == 2


def test_slugs_are_told_apart_and_never_too_long() -> None:
    taken: set[str] = set()
    assert [free_slug(taken, "a", "a-b") for _ in range(4)] == ["a", "a-b", "a-b-2", "a-b-3"]
    assert len({free_slug(taken, "x" * 500) for _ in range(3)}) == 3
    assert all(len(slug) <= 200 for slug in taken)


def test_provinces_are_told_from_other_countries() -> None:
    assert len(set(PROVINCES)) == 64
    assert all(
        is_province(name) for name in (*PROVINCES, "Tỉnh Lai Châu", "Thành phố Hồ Chí Minh", "TPHCM", "thành phố Huế")
    )
    assert not any(is_province(name) for name in ("Thái Lan", "Lào", "", "Huyện Mường Tè"))
