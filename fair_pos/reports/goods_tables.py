"""The tables whose rows are goods: by product, maker, group, star, place and kind of maker. All from one reading of the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from flask_babel import gettext as _

from fair_pos.catalogue.rules import GROUPS
from fair_pos.payments.queries import cashless_by
from fair_pos.plumbing.db import reading
from fair_pos.registry.rules import PRODUCER_KINDS, is_province
from fair_pos.reports.export import Table
from fair_pos.reports.goods import UNKNOWN, Goods, GoodsRow, Level, Maker, goods_of, makers
from fair_pos.reports.rules import Figure, by_money, rest_of, together, with_split

STARS = ("5", "4", "3", "none", UNKNOWN)
"""In the order of their table."""


def goods_tables(edition_id: str, day: date | None, total: Figure, only: str | None = None) -> list[Table]:
    """Of a day, or of the whole edition; `total` is what all receipts add up to, so that the rounding stands apart.

    With `only` the table of that name alone, without the work for ten thousand products that another one needs.
    """
    goods = goods_of(reading(), edition_id, day)
    stars = by_star(goods)
    rest = rest_of(total, stars, _("Làm tròn tiền mặt"))
    found = [
        Table("groups", _("Theo nhóm sản phẩm"), _("Nhóm sản phẩm"), "group", "pieces", by_group(goods), rest),
        Table("stars", _("Theo sao OCOP"), _("Sao OCOP"), "star", "pieces", stars, rest),
    ]
    if only in (None, "products"):
        products = by_money(by_product(goods))
        found.append(Table("products", _("Theo sản phẩm"), _("Sản phẩm"), "product", "pieces", products, rest))
    if only not in ("groups", "stars", "products"):
        found += _tables_of_makers(edition_id, day, goods, rest)
    return [table for table in found if only in (None, table.name)]


def _tables_of_makers(edition_id: str, day: date | None, goods: Goods, rest: Figure | None) -> list[Table]:
    session = reading()
    known = makers(session, {row.producer_id for row in goods.rows})
    cashless = cashless_by(session, "producer", edition_id=edition_id, days=None if day is None else [day])
    producers = with_split(by_producer(goods, known), cashless)

    def of_makers(values: Mapping[str, str], otherwise: str, names: Mapping[str, str]) -> list[Figure]:
        return unknown_last(regrouped(producers, lambda key: values.get(key, otherwise), names))

    kinds = of_makers({key: one.kind for key, one in known.items()}, UNKNOWN, kind_names())
    found = [
        Table("producers", _("Theo chủ thể"), _("Chủ thể"), "producer", "pieces", by_money(producers), rest, True),
        Table("entities", _("Theo loại chủ thể"), _("Loại chủ thể"), "entity", "pieces", kinds, rest, True),
    ]
    for level, name, title, heading in place_headings():
        if level == "province" or any(one.names[level] for one in known.values()):
            keys = {key: place_key(one, level) for key, one in known.items()}
            rows = of_makers(keys, f"{level}:", place_names(known.values(), level))
            found.append(Table(name, title, heading, "locality", "pieces", rows, rest, has_split=True))
    return found


def by_product(goods: Goods) -> list[Figure]:
    """Figures of each product."""
    return summed(goods.rows, lambda row: row.product_id, goods.names)


def by_producer(goods: Goods, known: Mapping[str, Maker]) -> list[Figure]:
    """Figures of each maker."""
    names = {key: one.name for key, one in known.items()}
    return summed(goods.rows, lambda row: row.producer_id, names, _("Không rõ chủ thể"))


def by_group(goods: Goods) -> list[Figure]:
    """Figures of each product group, what no catalogue knows last."""
    return unknown_last(summed(goods.rows, lambda row: row.group, group_names()))


def by_star(goods: Goods) -> list[Figure]:
    """Figures by the star on the day of the sale, 5 first; stars without sales are left out."""
    found = summed(goods.rows, lambda row: row.star, star_names())
    return sorted(found, key=lambda one: STARS.index(one.key))


def summed(
    rows: Iterable[GoodsRow], key_of: Callable[[GoodsRow], str], names: Mapping[str, str], otherwise: str = ""
) -> list[Figure]:
    """The rows added up by key; a key without a name is called `otherwise`, or by itself."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        into = sums.setdefault(key_of(row), [0, 0, 0, 0, 0, 0])
        at = 4 if row.weighed else 2
        into[0] += row.sold_dong
        into[1] += row.refunded_dong
        into[at] += row.sold_quantity
        into[at + 1] += row.refunded_quantity
    return [
        Figure(
            key, names.get(key, otherwise or key), sold_dong=sold, refunded_dong=back, sold_quantity=pieces,
            refunded_quantity=pieces_back, sold_grams=grams, refunded_grams=grams_back,
        )
        for key, (sold, back, pieces, pieces_back, grams, grams_back) in sums.items()
    ]  # fmt: skip


def regrouped(figures: Iterable[Figure], key_of: Callable[[str], str], names: Mapping[str, str]) -> list[Figure]:
    """The figures added up by what `key_of` says of their keys, under their names."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key_of(figure.key), []).append(figure)
    return [together(some, key, names.get(key, key)) for key, some in groups.items()]


def unknown_last(figures: Iterable[Figure]) -> list[Figure]:
    """Largest net first, and what nobody knows at the end, however large it is."""
    return sorted(by_money(figures), key=lambda one: one.key == UNKNOWN or one.key.endswith(":"))


# --- what the rows are called -----------------------------------------------------------------------------------------


def group_names() -> dict[str, str]:
    """Code → product group, in the reader's language."""
    return {code: _(name) for code, name in GROUPS.items()} | {UNKNOWN: _("Không rõ (không có trong danh mục)")}


def star_names() -> dict[str, str]:
    """Code → star, in the reader's language."""
    stars = {code: _("%(stars)s sao", stars=code) for code in ("5", "4", "3")}
    return {
        "ocop": _("hàng OCOP từ 3 sao"), **stars, "none": _("Không có sao"), UNKNOWN: _("Không rõ (không có trong danh mục)"),
    }  # fmt: skip


def kind_names() -> dict[str, str]:
    """Code → kind of maker, in the reader's language."""
    return {code: _(name) for code, name in PRODUCER_KINDS.items()} | {UNKNOWN: _("Không rõ chủ thể")}


def place_headings() -> tuple[tuple[Level, str, str, str], ...]:
    """(level, name of the table, its title, its heading)."""
    return (
        ("province", "localities", _("Theo tỉnh, thành phố"), _("Tỉnh, thành phố")),
        ("district", "districts", _("Theo huyện (trước 7/2025)"), _("Huyện cũ")),
        ("commune", "communes", _("Theo xã, phường"), _("Xã, phường")),
    )


def place_key(maker: Maker, level: Level) -> str:
    """What a list of receipts is asked by: «district:…», with nothing behind it where nobody knows."""
    return f"{level}:{maker.keys[level]}"


def rest_keys(known: Collection[Maker], level: Level) -> set[str]:
    """Keys of what cannot be ranked among places: where nobody knows, and makers of whom only the province is known.

    A guest from abroad stands among districts and communes as a place of its own: the country has none of them.
    """
    rest = {place_key(one, level) for one in known if not one.names[level] and is_province(one.province)}
    return {f"{level}:", *(rest if level != "province" else ())}


def place_names(known: Collection[Maker], level: Level) -> dict[str, str]:
    """Key → name of each place. Of two places of one name the province is said; of makers of whom only the province is known, that."""
    found: dict[str, str] = {f"{level}:": _("Không rõ nơi")}
    places: dict[str, tuple[str, str]] = {}
    for one in known:
        if one.keys[level]:
            places[place_key(one, level)] = (one.province if level == "province" else one.names[level], one.province)
    names = Counter(name for name, _province in places.values())
    for key, (name, province) in places.items():
        if name:
            same = level != "province" and names[name] > 1
            found[key] = f"{name}, {province}" if same and province else name
        else:
            found[key] = _("%(province)s (chưa rõ nơi)", province=province) if is_province(province) else province
    return found
