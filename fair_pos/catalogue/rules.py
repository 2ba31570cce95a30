"""Groups of OCOP goods, the price of a version, what a search finds, and how a row of a product file is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import TypeVar

from fair_pos.catalogue.columns import COLUMNS
from fair_pos.kernel.barcode import read_barcode
from fair_pos.kernel.text import N_, clean, fold, identity
from fair_pos.kernel.weight import read_grams
from fair_pos.registry.rules import ProducerSaid, find_kind
from fair_pos.registry.title_cells import TitleInCell, read_titles, titles_cell

GROUPS: dict[str, str] = {
    "thuc_pham": N_("Thực phẩm"),
    "do_uong": N_("Đồ uống"),
    "duoc_lieu": N_("Dược liệu và sản phẩm từ dược liệu"),
    "thu_cong_my_nghe": N_("Thủ công mỹ nghệ"),
    "sinh_vat_canh": N_("Sinh vật cảnh"),
    "du_lich": N_("Dịch vụ du lịch cộng đồng"),
}
"""The six product groups of Decision 919/QĐ-TTg of 1/8/2022, code → Vietnamese name, in the decision's order."""

MAX_PRICE_DONG = 10**9
SMALL_PRICE_DONG = 1000
"""Below this a price is probably written in thousands; it is imported, and the person is told."""


def price_at(history: Sequence[tuple[int, int]], version: int) -> int | None:
    """The price in đồng on price list `version`: the newest (version, price) not after it; None when there was none yet.

    >>> price_at([(1, 200_000), (4, 220_000)], 3)
    200000
    """
    return next((price_dong for since, price_dong in reversed(history) if since <= version), None)


def search_words(text: str) -> list[str]:
    """What to look for: the folded words of `text`."""
    return fold(text).split()


def matches(words: Sequence[str], *folded_texts: str) -> bool:
    """Whether every word begins a word of one of the folded texts; «ong mat» finds «mat ong», «ng» finds nothing of it."""
    padded = " " + " ".join(folded_texts)
    return all(f" {word}" in padded for word in words)


# --- reading one cell -----------------------------------------------------------------------------------------------

_CURRENCY = re.compile(r"\s*(₫|đồng|vnđ|vnd|đ)\.?$|^(₫|vnđ|vnd)\s*", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([. ,])[0-9]{3}(?:\1[0-9]{3})*)?")
_PLAIN = re.compile(r"[0-9]+")


def read_price(text: str) -> int | None:
    """A price in đồng as people write it; None when it is not plainly a whole amount.

    «220.000», «220,000», «220 000», «220000 đ», «220.000 VNĐ» are 220000. «1,5tr», «1e6», «220k», «-5» and «220.5» are None: a
    price that has to be guessed is asked for again.
    """
    bare = _CURRENCY.sub("", clean(unicodedata.normalize("NFKC", text)))
    if _PLAIN.fullmatch(bare):
        return int(bare[:20])
    if _GROUPED.fullmatch(bare):
        return int(re.sub(r"[. ,]", "", bare)[:20])
    return None


_STARS = re.compile(r"([0-9])\s*(?:sao|stars?|★|⭐|\*)?|(★+|⭐+|\*+)")


def read_stars(text: str) -> int | None:
    """3, 4 or 5 from «4», «4 sao», «4★» or «★★★★»; None otherwise. One and two stars are no recognition."""
    found = _STARS.fullmatch(clean(text).lower())
    if found is None:
        return None
    stars = int(found.group(1)) if found.group(1) else len(found.group(2))
    return stars if stars in {3, 4, 5} else None


_DAY = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def read_day(text: str) -> date | None:
    """A day from «29/11/2023» (day first, as written here) or «2023-11-29»; None when it is none of the years of OCOP."""
    bare = clean(text)
    if found := _DAY.fullmatch(bare):
        day, month, year = map(int, found.groups())
    elif found := _ISO_DAY.fullmatch(bare):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day) if 2018 <= year <= 2100 else None
    except ValueError:
        return None


_GROUP_WORDS: dict[str, tuple[str, ...]] = {
    "thuc_pham": ("thuc pham",),
    "do_uong": ("do uong",),
    "duoc_lieu": ("duoc lieu", "san pham tu duoc lieu", "thao duoc"),
    "thu_cong_my_nghe": ("thu cong my nghe", "hang thu cong", "vai va may mac", "luu niem"),
    "sinh_vat_canh": ("sinh vat canh", "hoa, cay canh", "cay canh"),
    "du_lich": ("du lich", "dich vu du lich", "dich vu"),
}


def find_group(text: str) -> str | None:
    """The code of a group written as code or in words («Đồ uống có cồn» is do_uong); None when it is none of the six."""
    folded = re.sub(r"^(nhom )?[0-9][.)]?\s+|^nhom ", "", fold(text.replace("_", " ")))
    return next((code for code, words in _GROUP_WORDS.items() if folded.startswith(words)), None)


_VAT = {
    "0": "0", "5": "5", "8": "8", "10": "10", "0.05": "5", "0.08": "8", "0.1": "10", "0,05": "5", "0,08": "8", "0,1": "10",
    "kct": "KCT", "khong chiu thue": "KCT", "kkknt": "KKKNT",
}  # fmt: skip


def find_vat(text: str) -> str | None:
    """The code of a VAT rate: 0, 5, 8, 10, KCT (not taxable) or KKKNT (not declared); None when it is none of these."""
    return _VAT.get(fold(text).removesuffix("%").strip())


_BY_WEIGHT = {"can", "kg", "weight", "theo can", "ban theo can", "khoi luong"}
_BY_PIECE = {"cai", "chiec", "piece", "theo cai", "theo don vi", "don vi", "so luong"}


def read_sold_by(text: str) -> str | None:
    """«weight» from «cân» or «kg», «piece» from «cái»; None when it is neither."""
    folded = fold(text)
    return "weight" if folded in _BY_WEIGHT else "piece" if folded in _BY_PIECE else None


MAX_PACK_SIZE = 10_000
_AMOUNT = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(kg|g|gam|gram)?\b", re.IGNORECASE)


def pack_size(name: str, *, by_weight: bool) -> int | None:
    """What a pack's name says it holds: «Thùng 12 chai» 12 pieces; of weighed goods «Gói 500 g», «Túi 1,5 kg» grams; or None."""
    found = _AMOUNT.search(name)
    number, unit = found.groups() if found else ("", None)
    if (unit is not None) != by_weight:
        return None
    size = read_grams(number) if (unit or "").lower() == "kg" else int(number[:9]) if number.isdecimal() else None
    return size if size is not None and 1 <= size <= MAX_PACK_SIZE else None


def parts_of(text: str) -> list[str]:
    """What stands between «;» in a cell, without empty parts."""
    return [clean(part) for part in text.split(";") if part.strip()]


def read_barcodes(text: str) -> tuple[str, ...] | None:
    """Codes parted by «;»; None when one of them is none, or its check digit does not fit."""
    codes = [read_barcode(part) for part in parts_of(text)]
    return None if None in codes else tuple(code for code in dict.fromkeys(codes) if code)


@dataclass(frozen=True)
class PackSaid:
    """A pack as a file or a form names it."""

    name: str
    size: int
    price_dong: int

    @property
    def key(self) -> tuple[str, int]:
        """Which pack of its product this is."""
        return identity(self.name), self.size


def read_packs(names: str, prices: str, by_weight: bool) -> tuple[PackSaid, ...] | None:
    """Packs parted by «;» with their prices parted likewise; None unless each has its size in its name, and its price."""
    packs: list[PackSaid] = []
    for name, price in zip_longest(parts_of(names), parts_of(prices), fillvalue=""):
        size, price_dong = pack_size(name, by_weight=by_weight), read_price(price)
        if size is None or price_dong is None or not 0 < price_dong <= MAX_PRICE_DONG:
            return None
        packs.append(PackSaid(name, size, price_dong))
    return tuple(packs) if len({pack.key for pack in packs}) == len(packs) else None


# --- rows -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProductRow:
    """One product as a file names it. `number` is the row's in the file; 0 stars and no day mean: nothing said."""

    number: int
    name: str
    unit: str
    group_code: str
    price_dong: int
    vat_code: str
    producer: ProducerSaid
    stars: int = 0
    issued_day: date | None = None
    decision_no: str = ""
    sold_by: str = ""
    """piece or weight; empty when nothing is said."""
    barcodes: tuple[str, ...] = ()
    packs: tuple[PackSaid, ...] = ()
    titles: tuple[TitleInCell, ...] = ()

    @cached_property
    def key(self) -> tuple[tuple[str, str], str, str]:
        """Which product this is: its producer, its name and its unit (kernel.text.identity)."""
        return self.producer.key, identity(self.name), identity(self.unit)


@dataclass(frozen=True)
class Remark:
    """Something about a row, as a code with facts; plumbing/sentences has the words."""

    number: int
    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What a file says: `rows` that can be read, `errors` that keep it from being imported, `notes` that do not."""

    rows: list[ProductRow]
    errors: list[Remark]
    notes: list[Remark]
    heading_number: int = 1
    """Which row was read as the headings."""


def parse_products(columns: Mapping[str, int], rows: Iterable[tuple[int, Sequence[str]]]) -> Parsed:
    """Read all rows and collect everything that is wrong, so that a file need not be mended one error at a time."""
    parsed = Parsed([], [], [])
    first_with: dict[object, int] = {}
    first_code: dict[str, int] = {}
    for number, cells in rows:
        row, wrong = _parse_row(number, {name: clean(cells[index]) for name, index in columns.items()})
        first = first_with.setdefault(row.key, number) if row.name and row.unit and row.producer.name else number
        if first != number:
            wrong.append(Remark(number, "row_repeated", {"first": first, "name": row.name[:300]}))
        elif taken := next((code for code in row.barcodes if first_code.setdefault(code, number) != number), None):
            wrong.append(Remark(number, "barcode_repeated", {"first": first_code[taken], "value": taken}))
        parsed.errors.extend(wrong)
        if not wrong:
            parsed.notes.extend(_notes_on(row))
            parsed.rows.append(row)
    return parsed


Value = TypeVar("Value")


class _RowReader:
    """The cells of one row by field, and what is wrong with them."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self._number = number
        self._cells = cells
        self.wrong: list[Remark] = []

    def remark(self, code: str, **facts: str | int) -> Remark:
        return Remark(self._number, code, facts)

    def text(self, name: str) -> str:
        """A cell as it stands; too long, or empty where it must not be, is wrong."""
        column, value = COLUMNS[name], self._cells.get(name, "")
        if column.required and not value:
            self.wrong.append(self.remark("cell_missing", column=column.heading))
        elif max(len(value), len(fold(value))) > column.most:
            self.wrong.append(self.remark("cell_too_long", column=column.heading, most=column.most))
        return value

    def read(self, name: str, reader: Callable[[str], Value | None], code: str, otherwise: Value) -> Value:
        """A cell as `reader` reads it; `otherwise` when it is empty or wrong."""
        text = self.text(name)
        if not text:
            return otherwise
        value = reader(text)
        if value is None:
            self.wrong.append(self.remark(code, value=text[:60]))
            return otherwise
        return value

    def titles(self) -> tuple[TitleInCell, ...]:
        """The titles beside the star; each that cannot be read is wrong."""
        titles, unread = read_titles(self.text("titles"))
        self.wrong.extend(self.remark(one.code, **one.facts) for one in unread)
        return titles

    def price_dong(self) -> int:
        """The price; nothing, and more than a product can cost, are wrong. 0 when there is none that can be kept."""
        nothing: int | None = None
        price_dong = self.read("price", read_price, "price_not_money", nothing)
        if price_dong is None:
            return 0
        if not 0 < price_dong <= MAX_PRICE_DONG:
            self.wrong.append(self.remark("price_out_of_range", value=self._cells["price"][:60]))
        return price_dong


def _parse_row(number: int, cells: Mapping[str, str]) -> tuple[ProductRow, list[Remark]]:
    """What a row says, and all that is wrong with it."""
    row = _RowReader(number, cells)
    no_day: date | None = None
    sold_by = row.read("sold_by", read_sold_by, "sold_by_unknown", "")
    prices = row.text("pack_prices")
    product = ProductRow(
        number=number,
        name=row.text("name"),
        unit=row.text("unit"),
        group_code=row.read("group", find_group, "group_unknown", ""),
        price_dong=row.price_dong(),
        vat_code=row.read("vat", find_vat, "vat_unknown", ""),
        producer=ProducerSaid(
            name=row.text("producer"),
            kind=row.read("kind", find_kind, "kind_unknown", ""),
            commune=row.text("commune"),
            commune_code=row.text("commune_code"),
            province=row.text("province"),
            old_commune=row.text("old_commune"),
            old_district=row.text("old_district"),
            old_province=row.text("old_province"),
        ),
        stars=row.read("stars", read_stars, "stars_unknown", 0),
        issued_day=row.read("issued", read_day, "day_unknown", no_day),
        decision_no=row.text("decision"),
        sold_by=sold_by,
        barcodes=row.read("barcode", read_barcodes, "barcode_wrong", ()),
        packs=row.read("packs", lambda text: read_packs(text, prices, sold_by == "weight"), "packs_wrong", ()),
        titles=row.titles(),
    )
    return product, row.wrong


def _notes_on(row: ProductRow) -> Iterator[Remark]:
    """What is odd about a row that can be imported all the same."""
    if row.price_dong < SMALL_PRICE_DONG:
        yield Remark(row.number, "price_small", {"value": row.price_dong})
    if row.stars and row.issued_day is None:
        yield Remark(row.number, "stars_without_day", {"stars": row.stars})
    for title in row.titles:
        if title.year_only:
            yield Remark(row.number, "title_year_only", {"value": titles_cell([title])})
    if row.issued_day is not None and not row.stars:
        yield Remark(row.number, "day_without_stars", {"value": row.issued_day.strftime("%d/%m/%Y")})
