"""Pages about what selling cost: goods given away, and discounts; each number opens down to the giveaways or receipts it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.text import sort_key
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sheets import Cell
from fair_pos.plumbing.web import requires
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports import costs, queries
from fair_pos.reports.export import as_file, bearer_name
from fair_pos.reports.forms import CostsAsked, costs_asked
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("costs", __name__)
PAGE_SIZE = 100


@dataclass(frozen=True)
class CostTable:
    """Figures under one heading; each row narrows the page by `asks` to its key."""

    asks: str
    title: str
    heading: str
    rows: list[tuple[str, Any]]
    """(name, figure)."""


@blueprint.get("/editions/<edition_id>/giveaways")
@requires(Verb.SEE_RECEIPTS)
def giveaways(edition_id: str) -> str:
    """Tastings, gifts, samples and breakage of an edition: pieces, grams and worth, by day, booth, producer, bearer and purpose."""
    edition, asked, session = get_edition(reading(), edition_id), costs_asked(request.args), reading()
    wanted = asked.wanted()
    total = costs.given_total(session, edition_id, wanted)
    found = {by: costs.given(session, edition_id, wanted, by) for by in costs.GIVEN_BY}
    shown = costs.giveaways(session, edition_id, wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    return render_template(
        "reports/giveaways.html",
        edition=edition,
        asked=asked,
        narrowed=narrowed_words(edition_id, asked),
        total=total,
        tables=cost_tables(edition_id, found),
        rows=shown,
        sellers=queries.person_names(session, {one.person_id for one in shown}),
        purposes=purpose_words(),
        pages=page_count(total.times),
    )


@blueprint.get("/editions/<edition_id>/giveaways.<any(csv, xlsx):ending>")
@requires(Verb.SEE_RECEIPTS)
def giveaways_file(edition_id: str, ending: str) -> Response:
    """The lines of those giveaways as a file."""
    session, asked = reading(), costs_asked(request.args)
    found = costs.giveaways(session, edition_id, asked.wanted())
    sellers = queries.person_names(session, {one.person_id for one in found})
    producers = queries.producer_names(session, {line.producer_id for one in found for line in one.lines})
    headings = [
        _("Ngày giờ"), _("Gian hàng"), _("Người bán"), _("Mục đích"), _("Bên chịu"), _("Sản phẩm"), _("Chủ thể"), _("Đơn vị tính"),
        _("Số lượng"), _("Cân (gam)"), _("Trị giá (đồng)"), _("Ghi chú"), _("Dữ liệu"),
    ]  # fmt: skip
    cells: list[list[Cell]] = [
        [
            one.given_at.astimezone(VIETNAM), one.booth, sellers.get(one.person_id, ""), purpose_words().get(one.purpose, one.purpose),
            bearer(one.borne_by), line.name, producers.get(line.producer_id, ""), line.unit, line.pieces, line.all_grams,
            line.worth_dong, " · ".join(note for note in (one.note, line.note) if note), _("dữ liệu mẫu") if one.sample else "",
        ]
        for one in found
        for line in one.lines
    ]  # fmt: skip
    return as_file(ending, _("Hàng tặng, dùng thử"), (headings, cells), about=(edition_id, asked.day))


@blueprint.get("/editions/<edition_id>/discounts")
@requires(Verb.SEE_RECEIPTS)
def discounts(edition_id: str) -> str:
    """Discounts of an edition by who bears them, by day, booth and producer; and the receipts they stand on."""
    edition, asked, session = get_edition(reading(), edition_id), asked_of_discounts(), reading()
    wanted = asked.wanted()
    found = {by: costs.taken_off(session, edition_id, wanted, by) for by in costs.OFF_BY}
    count = costs.count_discounted(session, edition_id, wanted)
    shown = costs.discounted_lines(session, edition_id, wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    return render_template(
        "reports/discounts.html",
        edition=edition,
        asked=asked,
        narrowed=narrowed_words(edition_id, asked),
        total=costs.taken_off_total(session, edition_id, wanted),
        tables=cost_tables(edition_id, found),
        rows=shown,
        producers=queries.producer_names(session, {one.producer_id for one in shown}),
        count=count,
        pages=page_count(count),
    )


@blueprint.get("/editions/<edition_id>/discounts.<any(csv, xlsx):ending>")
@requires(Verb.SEE_RECEIPTS)
def discounts_file(edition_id: str, ending: str) -> Response:
    """The lines with those discounts as a file; below zero on refunds."""
    session, asked = reading(), asked_of_discounts()
    found = costs.discounted_lines(session, edition_id, asked.wanted())
    producers = queries.producer_names(session, {one.producer_id for one in found})
    headings = [
        _("Số phiếu"), _("Ngày giờ"), _("Gian hàng"), _("Sản phẩm"), _("Chủ thể"), _("Lý do giảm"), _("Bên chịu"),
        _("Giảm giá (đồng)"), _("Dữ liệu"),
    ]  # fmt: skip
    cells: list[list[Cell]] = [
        [
            one.number, one.sold_at.astimezone(VIETNAM), one.booth, one.name, producers.get(one.producer_id, ""), one.reason,
            bearer(one.borne_by), one.discount_dong, _("dữ liệu mẫu") if one.sample else "",
        ]
        for one in found
    ]  # fmt: skip
    return as_file(ending, _("Giảm giá"), (headings, cells), about=(edition_id, asked.day))


def asked_of_discounts() -> CostsAsked:
    """What narrows discounts: they have no purpose, and their figures know no single product."""
    return costs_asked(request.args).model_copy(update={"product": None, "purpose": None})


# --- words ----------------------------------------------------------------------------------------------------------


def purpose_words() -> dict[str, str]:
    """Why goods are given away, as the tablet calls it."""
    return {"tasting": _("Ăn thử"), "gift": _("Tặng"), "sample": _("Hàng mẫu"), "damaged": _("Hỏng, vỡ")}


@blueprint.app_template_filter("bearer")
def bearer(borne_by: str) -> str:
    """Who bears it; of some discounts nobody has said."""
    return bearer_name(borne_by) if borne_by else _("chưa ghi ai chịu")


def cost_tables(edition_id: str, found: Mapping[str, list[Any]]) -> list[CostTable]:
    """The tables of a page, each with its rows named: days in their order, the others by Vietnamese alphabet."""
    words = {
        "borne_by": (_("Theo bên chịu"), _("Bên chịu")),
        "purpose": (_("Theo mục đích"), _("Mục đích")),
        "day": (_("Theo ngày"), _("Ngày")),
        "booth": (_("Theo gian hàng"), _("Gian hàng")),
        "producer": (_("Theo chủ thể"), _("Chủ thể")),
        "product": (_("Theo sản phẩm"), _("Sản phẩm")),
    }
    tables = []
    for asks, (title, heading) in words.items():
        if asks not in found:
            continue
        names = names_of(edition_id, asks, {figure.key for figure in found[asks]})
        rows = [(names.get(figure.key, figure.key or "?"), figure) for figure in found[asks]]
        if asks != "day":
            rows.sort(key=lambda row: (sort_key(row[0]), row[1].key))
        tables.append(CostTable(asks, title, heading, rows))
    return tables


def names_of(edition_id: str, asks: str, keys: set[str]) -> dict[str, str]:
    """What the keys of a table are called."""
    session = reading()
    if asks == "day":
        return {key: written_day(date.fromisoformat(key)) for key in keys}
    if asks == "booth":
        return {one.id: f"{one.code} · {one.name}" for one in booths_of(session, edition_id)}
    if asks == "producer":
        return queries.producer_names(session, keys)
    if asks == "product":
        return costs.names_as_given(session, keys) | queries.product_names(session, keys)
    return purpose_words() if asks == "purpose" else {key: bearer(key) for key in keys}


def narrowed_words(edition_id: str, asked: CostsAsked) -> list[tuple[str, str]]:
    """(name of the question, in words): each thing that was asked for; empty when it is everything."""
    given = asked.wanted()
    found = {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(given).items()}
    return [
        (name, names_of(edition_id, name, {value}).get(value, "?"))
        for name, value in found.items()
        if value is not None
    ]


@blueprint.app_template_global()
def costs_args(asked: CostsAsked, **more: str) -> dict[str, Any]:
    """The arguments of a page of costs, narrowed further."""
    found = {**asked.arguments(), **more}
    return {name: "none" if name == "borne_by" and value == "" else value for name, value in found.items()}


def page_count(rows: int) -> int:
    """How many pages that many rows fill; at least one."""
    return max(1, -(-rows // PAGE_SIZE))
