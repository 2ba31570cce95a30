"""Vietnamese names: stored in one form, compared in another, sorted as in a Vietnamese dictionary."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fair_pos.kernel.text import N_, clean, fold, identity, slug, sort_key
from tests.kernel.vectors import vectors

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
# All that Vietnamese names are made of, composed and in pieces, with what keyboards and spreadsheets put between.
VIETNAMESE = st.text(
    st.sampled_from([
        *ALPHABET, *ALPHABET.upper(), *"áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ",
        *"\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323", *"ÐðĐđ", *" \u00a0\u202f\t\n\u200b\u200d\u2060\ufeff\u00ad", *"-.0123",
    ])
)  # fmt: skip
# Words that differ in ever smaller ways, in the order of a Vietnamese dictionary (and of ICU's «vi»).
WORDS = """an anh ăn âm ba bà bả bã bá bạ ban bàn bản bán bạn băng bằng bẫy bơ bờ chè da dứa dừng đa đá đường gạo hoa hoà mơ mờ mở
           mỡ mớ mợ na ớt táo uống ưa vải xoài yến""".split()  # noqa: SIM905 (read as a dictionary, not as a list)


@pytest.mark.parametrize("case", vectors("fold")["cases"], ids=lambda case: ascii(case["in"]))
def test_folding_is_that_of_the_vectors(case: dict[str, str]) -> None:
    assert fold(case["in"]) == case["out"]


@given(st.text() | VIETNAMESE)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text() | VIETNAMESE)
def test_what_is_cleaned_folds_as_before(text: str) -> None:
    assert fold(clean(text)) == fold(text)


@pytest.mark.parametrize("case", vectors("identity")["cases"], ids=lambda case: ascii(case["in"]))
def test_identity_is_that_of_the_vectors(case: dict[str, str]) -> None:
    assert identity(case["in"]) == case["out"]


@given(st.text() | VIETNAMESE)
@example("\u0345\u0301")
@example("Ho\u0301\u200baO\u0323A")
def test_an_identity_is_its_own_and_that_of_every_way_to_type_it(text: str) -> None:
    same = identity(text)
    assert identity(same) == identity(clean(text)) == identity(unicodedata.normalize("NFD", clean(text))) == same
    assert fold(same) == fold(text)  # whatever is one thing is found together


def test_what_differs_by_a_mark_is_two_things_and_is_found_together() -> None:
    for one, other in (("Kẹo dừa", "Kẹo dứa"), ("bó", "bộ"), ("Măng", "Mang"), ("đá", "da")):
        assert identity(one) != identity(other)
        assert fold(one) == fold(other)


@given(VIETNAMESE)
def test_a_folded_name_can_be_typed_on_any_keyboard(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text).lower()


@given(st.text() | VIETNAMESE)
@example("Ma\u200b\u0323t")  # an invisible letter between a letter and its mark
def test_a_cleaned_name_is_composed_single_spaced_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned
    assert cleaned == " ".join(cleaned.split())
    assert not set(cleaned) & set("\u00d0\u00f0\u200b\u200d\u2060\ufeff\u00ad\u00a0\t\n")


def test_cleaning_keeps_what_people_wrote() -> None:
    assert clean("  Ðiện  Biên\u00a0Ðông\u200b ") == "Điện Biên Đông"
    assert clean("Ma\u0323\u0302t ong") == "Mật ong"
    assert clean("HTX «Đặc sản» 100%") == "HTX «Đặc sản» 100%"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Mật ong Pa Ủ", "mat-ong-pa-u"),
        ("Chè  Shan-tuyết (100 g)", "che-shan-tuyet-100-g"),
        ("Đường", "duong"),
        ("???", "x"),
        ("", "x"),
    ],
)
def test_a_slug_is_readable_and_never_empty(name: str, part: str) -> None:
    assert slug(name) == part


@given(st.text())
def test_a_slug_fits_into_a_url_as_it_is(text: str) -> None:
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(text).strip("-") == slug(text) != ""


def test_the_alphabet_is_sorted_as_children_learn_it() -> None:
    shuffled = random.Random(1).sample(ALPHABET, len(ALPHABET))
    assert "".join(sorted(shuffled, key=sort_key)) == ALPHABET


def test_tones_are_sorted_level_grave_hook_tilde_acute_dot() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_words_are_sorted_as_in_a_dictionary() -> None:
    assert len(WORDS) >= 40
    for seed in range(5):
        assert sorted(random.Random(seed).sample(WORDS, len(WORDS)), key=sort_key) == WORDS


def test_a_tone_counts_only_between_words_of_the_same_letters() -> None:
    assert sorted(["mạ xanh", "ma xanh", "mà ba", "ma ca"], key=sort_key) == ["mà ba", "ma ca", "ma xanh", "mạ xanh"]
    assert sorted(["Bạn", "bà"], key=sort_key) == ["bà", "Bạn"]


@given(VIETNAMESE)
def test_one_name_has_one_place_however_it_was_typed(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text) == sort_key(text.upper())


def test_a_marked_name_stays_as_it_is() -> None:
    assert N_("Thực phẩm") == "Thực phẩm"
