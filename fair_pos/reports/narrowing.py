"""By what a list of receipts is narrowed, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from fair_pos.plumbing.db import reading
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports import queries
from fair_pos.reports.export import method_name
from fair_pos.reports.forms import ReceiptsAsked
from fair_pos.reports.goods import LEVELS, Level, all_makers
from fair_pos.reports.goods_tables import group_names, kind_names, place_names, star_names
from fair_pos.reports.rules import hour_name
from fair_pos.venues.queries import booths_of


def narrowed_words(edition_id: str, asked: ReceiptsAsked) -> list[str]:
    """Each thing that was asked for; empty when it is all receipts."""
    session, words = reading(), []
    if asked.day is not None:
        words.append(_("ngày %(day)s", day=written_day(asked.day)))
    if asked.hour is not None:
        words.append(hour_name(asked.hour))
    if asked.booth is not None:
        booths = {one.id: f"{one.code} · {one.name}" for one in booths_of(session, edition_id)}
        words.append(booths.get(asked.booth, "?"))
    if asked.zone is not None:
        words.append(asked.zone or _("Không thuộc khu nào"))
    if asked.product is not None:
        words.append(queries.product_names(session, {asked.product}).get(asked.product, "?"))
    if asked.producer is not None:
        words.append(queries.producer_names(session, {asked.producer}).get(asked.producer, "?"))
    words += goods_words(asked)
    if asked.method is not None:
        words.append(method_name(asked.method))
    if asked.kind is not None:
        words.append(_("chỉ phiếu bán") if asked.kind == "sale" else _("chỉ phiếu trả hàng"))
    if asked.part is not None:
        words.append(part_words(asked.part))
    return words


def goods_words(asked: ReceiptsAsked) -> list[str]:
    """By which goods: group, star on the day, kind of maker, place."""
    words = []
    if asked.group is not None:
        words.append(group_names().get(asked.group, "?"))
    if asked.star is not None:
        words.append(star_names()[asked.star])
    if asked.entity is not None:
        words.append(kind_names().get(asked.entity, "?"))
    if asked.locality is not None:
        level: Level = next(one for one in LEVELS if asked.locality.startswith(f"{one}:"))
        words.append(place_names(all_makers(reading()), level).get(asked.locality, "?"))
    return words


def part_words(part: str) -> str:
    """Which part of the receipts counts."""
    words: dict[str, str] = {
        "before": _("tiền hàng chưa giảm giá"),
        "goods": _("chỉ tiền hàng, không tính làm tròn"),
        "discount": _("chỉ phần giảm giá"),
        "rounding": _("chỉ phần làm tròn"),
    }
    return words[part]
