"""The kinds of labels with their measures, where each label lies, and what stands on one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fair_pos.kernel.money import format_dong
from fair_pos.kernel.text import N_, clean
from fair_pos.labels.letters import Box, Fitted, fit

MOST_COPIES = 500
MOST_LABELS = 500
"""On one order: some four seconds of work, during which receipts wait for their turn."""
LONGEST_ADDRESS = 250
"""Characters in the QR: what a code of 53 modules holds, which is still read when it is 14 mm wide."""
CLEAR_MODULE_UM = 400
"""A module of this size is read from 30 cm by an ordinary phone (FEATURES C10)."""


@dataclass(frozen=True)
class Kind:
    """A kind of label: the paper, the grid of labels on it, and what lies where on one. All in micrometres."""

    code: str
    name: str
    hint: str
    paper: tuple[int, int]
    grid: tuple[int, int]
    """Columns and rows; (1, 1) is a roll, one label a page."""
    first: tuple[int, int]
    """Where the upper left label begins."""
    pitch: tuple[int, int]
    """From one label to the next."""
    size: tuple[int, int]
    title: Box
    price: Box
    unit: Box
    stars: Box
    maker: Box
    code_text: Box
    qr: tuple[int, int, int]
    """Left, top and side of the code with its white edge."""

    @property
    def a_page(self) -> int:
        """Labels on one page."""
        columns, rows = self.grid
        return columns * rows


def _down(largest: int, smallest: int, step: int = 5) -> tuple[int, ...]:
    return tuple(range(largest, smallest - 1, -step))


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            code="roll-50x30",
            name=N_("Cuộn tem 50 × 30 mm"),
            hint=N_("Mỗi nhãn một trang, cho máy in tem."),
            paper=(50_000, 30_000), grid=(1, 1), first=(0, 0), pitch=(50_000, 30_000), size=(50_000, 30_000),
            title=Box(2_000, 900, 46_000, 8_300, _down(120, 60), lines=2, bold=True),
            price=Box(2_000, 9_400, 29_500, 6_300, _down(180, 100), bold=True, leading=100),
            unit=Box(2_000, 15_700, 29_500, 3_200, _down(75, 50)),
            stars=Box(2_000, 19_000, 29_500, 2_400, (65,), bold=True),
            maker=Box(2_000, 21_600, 29_500, 7_700, _down(65, 50), lines=3),
            code_text=Box(31_500, 27_300, 18_000, 2_300, _down(60, 40)),
            qr=(31_500, 9_400, 18_000),
        ),
        Kind(
            code="a4-65",
            name=N_("Giấy A4, 65 nhãn 38 × 21 mm"),
            hint=N_("Tờ tem 5 × 13, cho hàng nhỏ."),
            paper=(210_000, 297_000), grid=(5, 13), first=(4_750, 10_700), pitch=(40_600, 21_200), size=(38_100, 21_200),
            title=Box(1_500, 600, 35_300, 5_700, _down(85, 50), lines=2, bold=True),
            price=Box(1_500, 6_300, 21_200, 4_500, _down(125, 70), bold=True, leading=100),
            unit=Box(1_500, 10_700, 21_200, 2_400, _down(60, 40)),
            stars=Box(1_500, 13_100, 21_200, 1_700, (50,), bold=True),
            maker=Box(1_500, 14_700, 21_200, 6_100, _down(55, 50), lines=3, leading=115),
            code_text=Box(23_600, 19_200, 13_700, 1_900, _down(45, 35)),
            qr=(23_600, 6_100, 13_700),
        ),
        Kind(
            code="a4-24",
            name=N_("Giấy A4, 24 nhãn 70 × 37 mm"),
            hint=N_("Tờ tem 3 × 8."),
            paper=(210_000, 297_000), grid=(3, 8), first=(0, 500), pitch=(70_000, 37_000), size=(70_000, 37_000),
            title=Box(4_500, 3_400, 61_000, 9_100, _down(140, 70), lines=2, bold=True),
            price=Box(4_500, 12_800, 41_500, 7_600, _down(215, 120), bold=True, leading=100),
            unit=Box(4_500, 20_400, 41_500, 3_900, _down(90, 55)),
            stars=Box(4_500, 24_300, 41_500, 2_900, (80,), bold=True),
            maker=Box(4_500, 27_400, 41_500, 6_600, _down(75, 55), lines=2),
            code_text=Box(46_000, 31_900, 20_300, 2_600, _down(65, 45)),
            qr=(46_000, 12_400, 20_300),
        ),
        Kind(
            code="a4-8",
            name=N_("Giấy A4, 8 nhãn kệ 105 × 74 mm"),
            hint=N_("Nhãn kệ to, 2 × 4 trên một tờ."),
            paper=(210_000, 297_000), grid=(2, 4), first=(0, 500), pitch=(105_000, 74_000), size=(105_000, 74_000),
            title=Box(6_000, 5_000, 93_000, 17_300, _down(240, 130), lines=2, bold=True),
            price=Box(6_000, 23_500, 60_000, 13_800, _down(380, 200), bold=True, leading=100),
            unit=Box(6_000, 37_800, 60_000, 7_000, _down(160, 90)),
            stars=Box(6_000, 45_200, 60_000, 5_500, (140,), bold=True),
            maker=Box(6_000, 52_200, 60_000, 16_800, _down(120, 90), lines=3),
            code_text=Box(65_500, 58_000, 34_500, 4_500, _down(110, 70)),
            qr=(65_500, 23_000, 34_500),
        ),
    )
}  # fmt: skip
"""What can be printed: rolls of tag printers, and sheets as stationers sell them (5 × 13, 3 × 8, 2 × 4 of A4)."""


@dataclass(frozen=True)
class LabelGoods:
    """One thing to be labelled: a product as it is sold by the unit or by weight, or one of its packs."""

    key: str
    """Of the choice on the page: the product's id, and the pack's behind a dot."""
    slug: str
    name: str
    per: str
    """What the price is for: «chai 500ml», «kg», «thùng 12 chai»."""
    price_dong: int
    maker: str
    place: str
    stars: Literal[0, 3, 4, 5]
    """As they hold on the day of printing."""
    stars_until: date | None
    barcode: str
    producer_id: str
    group_code: str


@dataclass(frozen=True)
class Label:
    """One label as it is set."""

    title: Fitted
    price: Fitted
    unit: Fitted
    maker: Fitted
    code_text: Fitted
    stars: Literal[0, 3, 4, 5]

    @property
    def cut(self) -> bool:
        """Whether something is left out and «…» says so."""
        return any(part.cut for part in (self.title, self.unit, self.maker, self.code_text))


def label_of(kind: Kind, goods: LabelGoods) -> Label:
    """What stands on the label of `goods`, each part as large as its place allows."""
    maker = kind.maker if goods.stars else without_stars(kind)
    return Label(
        title=fit([goods.name], kind.title),
        price=fit([format_dong(goods.price_dong)], kind.price),
        unit=fit([f"/\u00a0{goods.per}"], kind.unit),
        maker=fit(maker_texts(goods.maker, goods.place), maker),
        code_text=fit([goods.barcode], kind.code_text),
        stars=goods.stars,
    )


def without_stars(kind: Kind) -> Box:
    """The maker's place when there is no star: it begins where stars would."""
    box, rise = kind.maker, kind.maker.top - kind.stars.top
    return Box(box.left, box.top - rise, box.width, box.height + rise, box.sizes, box.lines, leading=box.leading)


_SHORT_FORMS = (
    ("Hợp tác xã", "HTX"),
    ("Tổ hợp tác", "THT"),
    ("Hộ kinh doanh", "HKD"),
    ("Công ty", "Cty"),
    ("Trách nhiệm hữu hạn", "TNHH"),
    ("Cổ phần", "CP"),
)


def maker_texts(maker: str, place: str) -> list[str]:
    """Maker and commune, and shorter ways to say it: legal forms as everybody shortens them, then without the province.

    >>> maker_texts("Hợp tác xã Chè Tân Uyên", "Xã Tân Uyên, Lai Châu")[-1]
    'HTX Chè Tân Uyên, Xã Tân Uyên'
    """
    short = maker
    for long_form, short_form in _SHORT_FORMS:
        short = re.sub(rf"\b{long_form}\b", short_form, short, flags=re.IGNORECASE)
    commune = place.split(", ", maxsplit=1)[0]
    pairs = ((maker, place), (short, place), (short, commune))
    return list(dict.fromkeys(", ".join(part for part in pair if part) for pair in pairs))


def per_pack(name: str) -> str:
    """The name of a pack as it stands behind «/»: «Thùng 12 chai» → «thùng 12 chai»; «VIP 6» stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def corners(kind: Kind, count: int, start: int) -> list[tuple[int, int, int]]:
    """Page, left and top of `count` labels, the first in place `start` (from 1) of its sheet, then along the rows."""
    columns, _ = kind.grid
    found = []
    for number in range(start - 1, start - 1 + count):
        page, place = divmod(number, kind.a_page)
        row, column = divmod(place, columns)
        found.append((page, kind.first[0] + column * kind.pitch[0], kind.first[1] + row * kind.pitch[1]))
    return found


_WHOLE = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})*|[0-9]+")


def read_count(text: str, most: int) -> int | None:
    """A number of labels or of a place on the sheet, from 1 to `most`; None for anything else."""
    bare = clean(text)
    if not _WHOLE.fullmatch(bare):
        return None
    count = int(re.sub(r"[. ]", "", bare)[:9])
    return count if 1 <= count <= most else None


def label_address(public_url: str, path: str) -> str:
    """What the QR says: the public page of the product. Raises ValueError when it is too long to be read from a label."""
    address = f"{public_url.rstrip('/')}{path}"
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(f"PUBLIC_URL is too long for a label's QR: {len(address)} characters, {LONGEST_ADDRESS} fit")
    return address


def wanted_correction(side_um: int, modules: int) -> Literal["L", "M"]:
    """How much of the code may be lost: M as on receipts, L where the modules would become too small to be read from 30 cm."""
    return "M" if side_um >= CLEAR_MODULE_UM * modules else "L"
