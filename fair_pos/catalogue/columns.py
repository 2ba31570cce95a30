"""The columns of a product file: what ours are called, and what others call them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fair_pos.kernel.text import fold


@dataclass(frozen=True)
class Column:
    """A column of a product file: the heading of our template, and other headings, folded, that mean the same."""

    heading: str
    others: tuple[str, ...]
    required: bool = False
    most: int = 300


COLUMNS: dict[str, Column] = {
    "name": Column("Tên sản phẩm", ("product name", "product", "san pham", "ten hang", "ten hang hoa"), required=True),
    "producer": Column("Chủ thể", ("producer", "ten chu the", "co so san xuat", "nha san xuat"), required=True),
    "kind": Column("Loại hình chủ thể", ("producer type", "loai chu the", "loai hinh")),
    "group": Column("Nhóm OCOP", ("ocop group", "group", "nhom", "nhom san pham", "nganh hang"), required=True),
    "unit": Column("Đơn vị tính", ("unit", "dvt", "don vi", "quy cach"), required=True, most=60),
    "price": Column("Giá bán (đồng)", ("price vnd", "price", "gia", "don gia", "gia ban le"), required=True),
    "vat": Column("Thuế GTGT", ("vat default", "vat", "thue suat", "thue vat", "thue suat gtgt")),
    "stars": Column("Số sao", ("stars", "sao", "hang sao", "phan hang", "so sao ocop")),
    "issued": Column(
        "Ngày cấp", ("certificate issued", "ngay cap giay chung nhan", "ngay cong nhan", "ngay quyet dinh")
    ),
    "decision": Column("Số quyết định", ("decision no", "so qd", "quyet dinh"), most=100),
    "commune": Column("Xã/phường", ("commune new", "xa", "phuong", "xa moi", "xa, phuong"), most=200),
    "commune_code": Column("Mã xã/phường", ("commune new code", "ma xa", "ma xa moi"), most=20),
    "province": Column("Tỉnh/thành phố", ("province new", "province", "tinh", "tinh moi", "tinh, thanh pho"), most=100),
    "old_commune": Column("Xã cũ", ("commune old", "xa/phuong cu", "xa truoc 1/7/2025"), most=200),
    "old_district": Column("Huyện cũ", ("district old", "huyen", "quan/huyen", "huyen/quan cu"), most=200),
    "old_province": Column("Tỉnh cũ", ("province old", "tinh/thanh pho cu"), most=100),
    "sold_by": Column("Bán theo", ("sold by", "cach ban")),
    "barcode": Column("Mã vạch", ("barcode", "ma vach ean", "ean", "gtin")),
    "packs": Column("Quy cách đóng gói", ("pack", "packs", "quy cach goi", "dong goi")),
    "pack_prices": Column("Giá quy cách", ("pack price", "gia dong goi", "gia quy cach dong goi")),
    "titles": Column("Danh hiệu", ("titles", "title", "danh hieu san pham", "danh hieu khac"), most=1000),
}


def heading_key(text: str) -> str:
    """A heading without marks, case, «(đồng)» and the asterisk of required columns."""
    return re.sub(r"\(.*?\)|\*", "", fold(text.replace("_", " "))).strip(" .:")


def find_columns(headings: Sequence[str]) -> dict[str, int]:
    """Which column of a file holds which field; columns nobody knows are left alone, of two alike the first counts."""
    known = {heading_key(column.heading): name for name, column in COLUMNS.items()}
    known |= {other: name for name, column in COLUMNS.items() for other in column.others}
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        name = known.get(heading_key(heading))
        if name is not None:
            found.setdefault(name, index)
    # «Quy cách» alone is how a thing is sold, its unit; beside a unit it is how it is packed.
    units = {heading_key(one): at for at, one in enumerate(headings) if known.get(heading_key(one)) == "unit"}
    if "quy cach" in units and len(units) > 1:
        packs = units.pop("quy cach")
        found |= {"unit": min(units.values()), "packs": found.get("packs", packs)}
    return found


def missing_columns(found: Mapping[str, int]) -> list[str]:
    """Headings of required columns that are not there."""
    return [column.heading for name, column in COLUMNS.items() if column.required and name not in found]
