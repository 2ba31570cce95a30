"""Goods for labels, among them those of the demo fair with the longest names, and what a printed sheet holds."""

from __future__ import annotations

import csv
import html
import io
import re
import subprocess
from dataclasses import dataclass, replace
from datetime import date

from PIL import Image

from fair_pos.kernel.text import slug
from fair_pos.labels.rules import LabelGoods
from fair_pos.registry.rules import place_text
from fair_pos.settings import TOP

DPI = 300
UM_PER_PIXEL = 25_400 / DPI
HONEY = LabelGoods(
    key="1",
    slug="mat-ong-pa-u",
    name="Mật ong Pa Ủ",
    per="chai 500ml",
    price_dong=220_000,
    maker="Hộ kinh doanh mật ong Pa Ủ",
    place="Xã Bum Tở, Lai Châu",
    stars=4,
    stars_until=date(2027, 1, 1),
    barcode="8934567000017",
    producer_id="p",
    group_code="thuc_pham",
)


def demo_goods() -> list[LabelGoods]:
    """The catalogue of the demo fair, the longest names first."""
    with (TOP / "fair_pos" / "demo" / "ocop_products.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    goods = [
        replace(
            HONEY,
            key=row["row_id"],
            slug=slug(f"{row['product_name']} {row['row_id']}"),
            name=row["product_name"],
            per=row["unit"],
            price_dong=int(row["price_vnd"]),
            maker=row["producer"],
            place=place_text(row["commune_new"], row["province_new"]),
            stars=(0, 3, 4, 5)[number % 4],
            barcode="8934567000017" if number % 2 else "",
        )
        for number, row in enumerate(rows)
    ]
    return sorted(goods, key=lambda one: -len(one.name))


def page_sizes(content: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in micrometres."""
    told = tool(["pdfinfo", "-l", "999", "-"], content).decode()
    found = re.findall(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", told, re.MULTILINE)
    return [(float(width) * 25_400 / 72, float(height) * 25_400 / 72) for width, height in found]


def pictures(content: bytes, dpi: int = DPI) -> list[Image.Image]:
    """Every page as grey dots."""
    images: list[Image.Image] = []
    for number in range(1, len(page_sizes(content)) + 1):
        page = ["-f", str(number), "-l", str(number)]
        images.append(Image.open(io.BytesIO(tool(["pdftoppm", "-r", str(dpi), "-gray", *page, "-"], content))))
    return images


@dataclass(frozen=True)
class Word:
    """A word on the paper with the edges of its line, in micrometres."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(content: bytes) -> list[list[Word]]:
    """The words of every page where they stand."""
    told = tool(["pdftotext", "-bbox", "-", "-"], content).decode()
    return [
        [
            Word(html.unescape(text), *(float(one) * 25_400 / 72 for one in (left, top, right, bottom)))
            for left, top, right, bottom, text in re.findall(
                r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', page
            )
        ]
        for page in told.split("</page>")[:-1]
    ]


def tool(command: list[str], content: bytes) -> bytes:
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout
