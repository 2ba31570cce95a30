"""The heat map of a day, or of the whole edition, from the figures of its booths; and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from fair_pos.floorplan.drawing import ZoneName, zone_names
from fair_pos.floorplan.queries import plan_size, spots_of
from fair_pos.floorplan.rules import PlanSize
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports import queries
from fair_pos.reports.canvas import Form
from fair_pos.reports.export import Table
from fair_pos.reports.heat import HeatCell, HeatWords, ZoneLabel, heat_svg
from fair_pos.reports.plan_cells import Cell, shades, unit_of
from fair_pos.venues.queries import booths_of


@dataclass(frozen=True)
class Drawn:
    """What the heat map of a day, or of the whole edition (no day), is drawn from; and its table."""

    cells: tuple[HeatCell, ...]
    words: HeatWords
    size: PlanSize
    zones: tuple[ZoneLabel, ...]
    table: Table


def heat_image_of(edition_id: str, day: date | None, *, form: Form = "svg") -> bytes:
    """The map by itself, of a day or (None) of the whole edition, as SVG for a page or PNG for a document."""
    drawn = drawn_heat(edition_id, day)
    return heat_svg(drawn.cells, drawn.words, (drawn.size.width, drawn.size.height), drawn.zones, form=form)


def drawn_heat(edition_id: str, day: date | None) -> Drawn:
    """The heat map of net money; booths without a place are in its table alone."""
    session = reading()
    spots = spots_of(session, edition_id)
    figures = queries.booth_figures(session, edition_id, day)
    by_id = {one.key: one for one in figures}
    booths = booths_of(session, edition_id)
    cells = [Cell(one.id, one.code, one.name, one.zone, by_id[one.id], "closed") for one in booths]
    found = shades(cells, "money")
    heat_cells = [
        HeatCell(**vars(spots[one.booth_id]), code=one.code, **vars(found[one.booth_id]))
        for one in cells
        if one.booth_id in spots
    ]
    when = written_day(day) if day else _("cả hội chợ")
    words = HeatWords(f"{money_words(cells)}, {when}", _("Chưa có phiếu nào"), _("Chưa xếp gian nào lên sơ đồ"))
    labels = [label_of(one) for one in zone_names({one.booth_id: one.zone for one in cells}, spots)]
    table = Table("booths", _("Theo gian hàng"), _("Gian hàng"), "booth", "receipts", figures)
    return Drawn(tuple(heat_cells), words, plan_size(session, edition_id), tuple(labels), table)


def money_words(cells: Sequence[Cell]) -> str:
    """What the money on a plan is, with its unit."""
    unit = unit_of([one.figure.net_dong for one in cells])
    words: dict[str, str] = {"million": _("Thực thu, triệu đồng"), "thousand": _("Thực thu, nghìn đồng")}
    return words[unit]


def label_of(zone: ZoneName) -> ZoneLabel:
    """A zone's name as the heat map has it."""
    return ZoneLabel(zone.name, zone.x, zone.y)
