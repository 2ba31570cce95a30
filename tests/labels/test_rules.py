from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from fair_pos.catalogue.rules import MAX_PRICE_DONG
from fair_pos.labels.letters import Box
from fair_pos.labels.rules import (
    CLEAR_MODULE_UM,
    KINDS,
    LONGEST_ADDRESS,
    Kind,
    corners,
    label_address,
    label_of,
    maker_texts,
    per_pack,
    read_count,
    wanted_correction,
    without_stars,
)
from tests.labels.goods import HONEY, demo_goods

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def boxes(kind: Kind) -> dict[str, Box]:
    names = ("title", "price", "unit", "stars", "maker", "code_text")
    return {name: getattr(kind, name) for name in names}


def test_the_kinds_are_those_that_are_sold() -> None:
    """50 × 30 mm from a roll; A4 with 65, 24 and 8 labels."""
    assert [(kind.size, kind.a_page) for kind in KINDS.values()] == [
        ((50_000, 30_000), 1),
        ((38_100, 21_200), 65),
        ((70_000, 37_000), 24),
        ((105_000, 74_000), 8),
    ]
    assert KINDS["roll-50x30"].paper == (50_000, 30_000)
    assert {kind.paper for kind in KINDS.values() if kind.a_page > 1} == {(210_000, 297_000)}


@ALL
def test_labels_lie_on_the_paper_and_beside_each_other(kind: Kind) -> None:
    found = corners(kind, kind.a_page, 1)
    assert {page for page, _, _ in found} == {0}
    for _, left, top in found:
        assert 0 <= left <= kind.paper[0] - kind.size[0]
        assert 0 <= top <= kind.paper[1] - kind.size[1]
    for number, (_, left, top) in enumerate(found):
        for _, other_left, other_top in found[number + 1 :]:
            assert abs(left - other_left) >= kind.size[0] or abs(top - other_top) >= kind.size[1]
    # Centred, as label sheets are.
    right_edge = kind.paper[0] - max(left for _, left, _ in found) - kind.size[0]
    lower_edge = kind.paper[1] - max(top for _, _, top in found) - kind.size[1]
    assert abs(right_edge - kind.first[0]) <= 10
    assert abs(lower_edge - kind.first[1]) <= 10


@ALL
def test_the_parts_of_a_label_lie_on_it_and_leave_the_code_alone(kind: Kind) -> None:
    left, top, side = kind.qr
    assert left + side <= kind.size[0]
    assert top + side <= kind.size[1]
    for name, box in boxes(kind).items():
        assert box.left >= 0, name
        assert box.left + box.width <= kind.size[0], name
        assert box.top + box.height <= kind.size[1], name
        if (
            name != "code_text"
        ):  # it stands in the lower part of the white edge, a whole letter's height below the black
            assert box.left + box.width <= left + 500 or box.top + box.height <= top + 300, name


@ALL
def test_what_stands_below_each_other_does_not_overlap(kind: Kind) -> None:
    column = [kind.title, kind.price, kind.unit, kind.stars, kind.maker]
    for upper, lower in itertools.pairwise(column):
        assert upper.top + upper.height <= lower.top + 200


def test_places_are_counted_along_the_rows_and_go_on_on_the_next_sheet() -> None:
    kind = KINDS["a4-24"]
    assert corners(kind, 4, 23) == [(0, 70_000, 259_500), (0, 140_000, 259_500), (1, 0, 500), (1, 70_000, 500)]
    assert corners(KINDS["roll-50x30"], 3, 1) == [(0, 0, 0), (1, 0, 0), (2, 0, 0)]


@ALL
def test_nothing_of_the_demo_fair_is_cut(kind: Kind) -> None:
    """The longest names and makers of the catalogue, with and without stars."""
    goods = demo_goods()
    cut = [one.name for one in goods for stars in (0, 5) if label_of(kind, replace(one, stars=stars)).cut]
    assert cut == []
    assert max(len(label_of(kind, one).title.lines) for one in goods) <= 2


@ALL
def test_every_price_there_can_be_stands_whole_on_one_line(kind: Kind) -> None:
    for price_dong, written in ((MAX_PRICE_DONG, "1.000.000.000\u00a0₫"), (220_000, "220.000\u00a0₫"), (0, "0\u00a0₫")):
        found = label_of(kind, replace(HONEY, price_dong=price_dong)).price
        assert (found.lines, found.cut) == ((written,), False)


@ALL
def test_the_price_is_the_largest_thing(kind: Kind) -> None:
    label = label_of(kind, HONEY)
    assert label.price.size > label.title.size > label.maker.size
    assert label.price.size > label.unit.size


def test_a_name_too_long_for_a_label_says_so() -> None:
    label = label_of(KINDS["a4-65"], replace(HONEY, name="Rượu ngô " * 33))
    assert label.cut
    assert label.title.lines[-1].endswith("…")


def test_unit_stands_behind_a_stroke() -> None:
    assert label_of(KINDS["a4-24"], HONEY).unit.lines == ("/\u00a0chai 500ml",)


def test_without_stars_the_maker_takes_their_place() -> None:
    kind = KINDS["roll-50x30"]
    box = without_stars(kind)
    assert (box.top, box.top + box.height) == (kind.stars.top, kind.maker.top + kind.maker.height)


def test_makers_are_shortened_as_everybody_does() -> None:
    assert maker_texts("Công ty Cổ phần Chè Tam Đường", "Xã Bình Lư, Lai Châu") == [
        "Công ty Cổ phần Chè Tam Đường, Xã Bình Lư, Lai Châu",
        "Cty CP Chè Tam Đường, Xã Bình Lư, Lai Châu",
        "Cty CP Chè Tam Đường, Xã Bình Lư",
    ]
    assert maker_texts("Trường Hương", "") == ["Trường Hương"]
    assert maker_texts("", "Xã Bum Tở, Lai Châu") == ["Xã Bum Tở, Lai Châu", "Xã Bum Tở"]


@pytest.mark.parametrize(
    ("name", "written"),
    [("Thùng 12 chai", "thùng 12 chai"), ("VIP 6", "VIP 6"), ("Gói 500 g", "gói 500 g"), ("6 lon", "6 lon")],
)
def test_a_pack_behind_the_stroke_begins_small(name: str, written: str) -> None:
    assert per_pack(name) == written


@pytest.mark.parametrize(("text", "count"), [("1", 1), (" 24 ", 24), ("500", 500), ("1.000", None), ("1000", None)])
def test_counts_are_read(text: str, count: int | None) -> None:
    assert read_count(text, 500) == count


@pytest.mark.parametrize("text", ["0", "-1", "501", "", "ba", "1,5", "1.5", "٣", "9" * 40, "1e2", "+2"])
def test_what_is_no_count_is_none(text: str) -> None:
    assert read_count(text, 500) is None


def test_thousands_are_read_where_they_are_allowed() -> None:
    assert read_count("1.000", 2000) == read_count("1 000", 2000) == read_count("1000", 2000) == 1000


def test_the_address_is_that_of_the_public_page() -> None:
    assert label_address("https://fair.example/", "/p/mat-ong-pa-u") == "https://fair.example/p/mat-ong-pa-u"
    with pytest.raises(ValueError, match="too long"):
        label_address("https://fair.example", "/p/" + "x" * LONGEST_ADDRESS)


def test_correction_gives_way_to_modules_that_can_be_seen() -> None:
    assert wanted_correction(37 * CLEAR_MODULE_UM, 37) == "M"
    assert wanted_correction(37 * CLEAR_MODULE_UM - 1, 37) == "L"
