"""Printed and measured: PDF to dots at 300 dpi, every code read by a real decoder, every edge where it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import zxingcpp
from flask import Flask
from numpy.typing import NDArray
from PIL import Image

from fair_pos.labels.forms import Order
from fair_pos.labels.rules import KINDS, Kind, LabelGoods, corners
from fair_pos.labels.sheet import measures, print_labels
from fair_pos.plumbing.qr import QUIET_MODULES, qr_modules
from tests.labels.goods import HONEY, UM_PER_PIXEL, demo_goods, page_sizes, pictures, words

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
SHEETS = pytest.mark.parametrize("kind", [one for one in KINDS.values() if one.a_page > 1], ids=list(KINDS)[1:])
URL = "https://fair.example"
TRUE_UM = 300
"""0.3 mm: how far an edge may be from where it should be."""


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def a_sheet(kind: Kind) -> list[LabelGoods]:
    """Different goods for every place of a sheet, or for five pages of a roll."""
    return demo_goods()[: kind.a_page if kind.a_page > 1 else 5]


def printed(kind: Kind, goods: list[LabelGoods], *, start: int = 1, outlines: bool = False) -> bytes:
    return print_labels(Order(kind, start, outlines, [(one, 1) for one in goods]), URL)


def code_of(picture: Image.Image, left: int, top: int, side: int) -> zxingcpp.Barcode:
    """The one code in a square, given in micrometres; its place is that on the page."""
    x, y, dots = (round(one / UM_PER_PIXEL) for one in (left, top, side))
    (found,) = zxingcpp.read_barcodes(picture.crop((x, y, x + dots, y + dots)))
    return found


@ALL
def test_paper_is_exactly_as_large_as_it_should_be(kind: Kind) -> None:
    goods = a_sheet(kind)
    sizes = page_sizes(printed(kind, goods))
    assert len(sizes) == (1 if kind.a_page > 1 else len(goods))
    for width, height in sizes:
        assert width == pytest.approx(kind.paper[0], abs=10)
        assert height == pytest.approx(kind.paper[1], abs=10)


@ALL
def test_every_code_on_a_sheet_reads_and_stands_where_it_should(kind: Kind) -> None:
    goods = a_sheet(kind)
    pages = pictures(printed(kind, goods))
    for one, (page, left, top) in zip(goods, corners(kind, len(goods), 1), strict=True):
        code_left, code_top, side = left + kind.qr[0], top + kind.qr[1], kind.qr[2]
        found = code_of(pages[page], code_left, code_top, side)
        assert found.text == f"{URL}/p/{one.slug}"
        modules = len(qr_modules(found.text, "L" if found.ec_level == "L" else "M"))
        quiet = side * QUIET_MODULES / modules
        black = side - 2 * quiet
        assert found.position.top_left.x * UM_PER_PIXEL == pytest.approx(quiet, abs=TRUE_UM)
        assert found.position.top_left.y * UM_PER_PIXEL == pytest.approx(quiet, abs=TRUE_UM)
        assert found.position.bottom_right.x * UM_PER_PIXEL == pytest.approx(quiet + black, abs=TRUE_UM)
        assert found.position.bottom_right.y * UM_PER_PIXEL == pytest.approx(quiet + black, abs=TRUE_UM)


@ALL
def test_codes_read_from_30_cm(kind: Kind) -> None:
    """A telephone that films 1920 dots across 38 cm sees five dots a millimetre. It looks again and again while the hand moves (FEATURES C10)."""
    goods = a_sheet(kind)
    pages = pictures(printed(kind, goods))
    missed = []
    for one, (page, left, top) in zip(goods, corners(kind, len(goods), 1), strict=True):
        x, y, side = (round(edge / UM_PER_PIXEL) for edge in (left + kind.qr[0], top + kind.qr[1], kind.qr[2]))
        dots = round(side * UM_PER_PIXEL * 5 / 1000)
        looks = (
            pages[page].crop((x + dx, y + dy, x + side, y + side))
            for dx, dy in ((0, 0), (1, 0), (0, 1), (2, 1), (1, 2))
        )
        seen = (zxingcpp.read_barcodes(look.resize((dots, dots), Image.Resampling.BILINEAR)) for look in looks)
        if not any([code.text for code in found] == [f"{URL}/p/{one.slug}"] for found in seen):
            missed.append(one.slug)
    assert missed == []


def black_runs(strip: NDArray[np.bool_]) -> list[float]:
    """Where a line runs through a whole strip: the middles of columns that are black from end to end, in pixels."""
    dark = np.flatnonzero(strip.mean(axis=0) > 0.98)
    groups = np.split(dark, np.flatnonzero(np.diff(dark) > 1) + 1) if dark.size else []
    return [float(group.mean()) + 0.5 for group in groups]


def edges_off(picture: Image.Image, kind: Kind, left: int, top: int) -> dict[str, float]:
    """How far each of the four lines around a label is from its place, in micrometres; a missing line is infinitely far."""
    black = np.asarray(picture) < 128
    (width, height), reach = kind.size, 1_500
    found = {}
    for name, at, across in (
        ("left", left, True),
        ("right", left + width, True),
        ("top", top, False),
        ("bottom", top + height, False),
    ):
        one, other = (top, height) if across else (left, width)
        first, last = (round((one + 600) / UM_PER_PIXEL), round((one + other - 600) / UM_PER_PIXEL))
        low, high = (max(0, round((at - reach) / UM_PER_PIXEL)), round((at + reach) / UM_PER_PIXEL))
        strip = black[first:last, low:high] if across else black[low:high, first:last].T
        runs = [abs((low + run) * UM_PER_PIXEL - at) for run in black_runs(strip)]
        found[name] = min(runs, default=float("inf"))
    return found


@SHEETS
def test_labels_are_as_large_as_they_should_be_and_where_they_should_be(kind: Kind) -> None:
    goods = a_sheet(kind)
    (picture,) = pictures(printed(kind, goods, outlines=True))
    for _, left, top in corners(kind, len(goods), 1):
        off = edges_off(picture, kind, left, top)
        assert max(off.values()) <= TRUE_UM, (left, top, off)


def test_measuring_notices_a_millimetre_too_much() -> None:
    kind = KINDS["a4-65"]
    (picture,) = pictures(printed(kind, a_sheet(kind), outlines=True))
    _, left, top = corners(kind, 7, 1)[6]
    assert max(edges_off(picture, kind, left + 700, top).values()) > TRUE_UM
    (bare,) = pictures(printed(kind, a_sheet(kind)))
    assert min(edges_off(bare, kind, left, top).values()) == float("inf")


@ALL
def test_what_is_written_stands_inside_its_label_and_beside_the_code(kind: Kind) -> None:
    goods = a_sheet(kind)
    there = words(printed(kind, goods))
    for one, (page, left, top) in zip(goods, corners(kind, len(goods), 1), strict=True):
        right, bottom = left + kind.size[0], top + kind.size[1]
        own = [
            word
            for word in there[page]
            if left <= (word.left + word.right) / 2 <= right and top <= (word.top + word.bottom) / 2 <= bottom
        ]
        text = " ".join(word.text for word in own)
        for part in (one.name, f"{one.price_dong:,}".replace(",", ".") + " ₫", f"/ {one.per}", one.barcode):
            assert part in text.replace("\u00a0", " "), (part, text)
        for word in own:
            assert word.left >= left
            assert word.right <= right
        black = left + kind.qr[0] + kind.qr[2] * 3 / 37
        assert [
            word.text
            for word in own
            if word.right > black and top + kind.qr[1] + 1_500 < word.top < top + kind.qr[1] + kind.qr[2] * 0.8
        ] == []


def test_maker_and_commune_are_told() -> None:
    for kind in KINDS.values():
        (page,) = words(printed(kind, [HONEY]))
        text = " ".join(word.text for word in page)
        assert "mật ong Pa Ủ, Xã Bum Tở" in text


@ALL
def test_without_a_star_nothing_says_ocop(kind: Kind) -> None:
    for goods, said in ((replace(HONEY, stars=3), True), (replace(HONEY, stars=0), False)):
        (page,) = words(printed(kind, [goods]))
        assert ("OCOP" in [word.text for word in page]) is said


@pytest.mark.parametrize("stars", [3, 4, 5])
def test_as_many_stars_as_there_are(stars: Literal[3, 4, 5]) -> None:
    """Counted along the row through their middles."""
    kind = KINDS["a4-8"]
    (picture,) = pictures(printed(kind, [replace(HONEY, stars=stars)]))
    box = kind.stars
    row = round((box.top + box.height * 0.45) / UM_PER_PIXEL)
    dark = (
        np.asarray(picture)[row, round(box.left / UM_PER_PIXEL) : round((box.left + 5.3 * box.height) / UM_PER_PIXEL)]
        < 128
    )
    starts = int(np.count_nonzero(np.diff(dark.astype(int)) == 1)) + int(dark[0])
    text_left = box.left + stars * box.height
    seen = [at for at in np.flatnonzero(np.diff(dark.astype(int)) == 1) * UM_PER_PIXEL if at < text_left - box.left]
    assert starts >= stars
    assert len(seen) + int(dark[0]) == stars


def test_a_sheet_partly_used_begins_at_its_first_free_place() -> None:
    kind = KINDS["a4-24"]
    content = printed(kind, [replace(HONEY, slug=f"mat-ong-{number}") for number in range(3)], start=23)
    assert len(page_sizes(content)) == 2
    first, second = pictures(content)
    for picture, count in ((first, 2), (second, 1)):
        assert len(zxingcpp.read_barcodes(picture)) == count
    assert code_of(first, 70_000 + kind.qr[0], 259_500 + kind.qr[1], kind.qr[2]).text == f"{URL}/p/mat-ong-0"
    assert code_of(second, kind.qr[0], 500 + kind.qr[1], kind.qr[2]).text == f"{URL}/p/mat-ong-2"


def test_copies_lie_side_by_side() -> None:
    kind = KINDS["a4-8"]
    (picture,) = pictures(print_labels(Order(kind, 1, False, [(HONEY, 3), (replace(HONEY, slug="che"), 1)]), URL))
    texts = [
        code_of(picture, left + kind.qr[0], top + kind.qr[1], kind.qr[2]).text for _, left, top in corners(kind, 4, 1)
    ]
    assert texts == [f"{URL}/p/mat-ong-pa-u"] * 3 + [f"{URL}/p/che"]


@pytest.mark.parametrize("length", [1, 60, 190])
@ALL
def test_a_long_address_still_reads(kind: Kind, length: int) -> None:
    (picture,) = pictures(printed(kind, [replace(HONEY, slug="x" * length)]))
    _, left, top = corners(kind, 1, 1)[0]
    assert code_of(picture, left + kind.qr[0], top + kind.qr[1], kind.qr[2]).text == f"{URL}/p/{'x' * length}"


@pytest.mark.parametrize(
    "name",
    ["<img src='http://192.0.2.1/x.png'>", "<b>Mật</b> & ong", "</p><style>*{display:none}</style>", "{{ 7 * 7 }}"],
)
def test_a_name_is_printed_and_never_read_as_markup(name: str) -> None:
    """Addresses outside this machine would fail the test by themselves (conftest)."""
    (page,) = words(printed(KINDS["a4-8"], [replace(HONEY, name=name)]))
    assert name.replace(" ", "") in "".join(word.text for word in page)


def test_labels_are_black_on_white() -> None:
    (picture,) = pictures(printed(KINDS["a4-8"], a_sheet(KINDS["a4-8"])))
    shades = np.asarray(picture)
    assert ((shades < 8) | (shades > 247)).mean() > 0.97  # the rest are the soft edges of letters


def test_the_same_order_gives_the_same_bytes() -> None:
    assert printed(KINDS["a4-24"], [HONEY]) == printed(KINDS["a4-24"], [HONEY])


def test_the_most_labels_at_once() -> None:
    kind = KINDS["a4-65"]
    content = print_labels(Order(kind, 65, True, [(one, 5) for one in demo_goods()[:100]]), URL)
    assert len(page_sizes(content)) == 9
    assert len(content) < 2_000_000


def test_measures_as_css_reads_them() -> None:
    style = measures(KINDS["a4-65"])
    assert "@page { size: 210mm 297mm; margin: 0 }" in style
    assert ".page div, i { width: 38.1mm; height: 21.2mm }" in style
    assert ".s85 { font-size: 8.5pt }" in style
