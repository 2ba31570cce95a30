"""Choosing what gets a price tag or a shelf label, and the PDF to print: for an edition and its booths, the catalogue, a producer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from fair_pos.catalogue.rules import GROUPS
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.labels.forms import read_order
from fair_pos.labels.queries import every_maker, goods_to_label, makers_at
from fair_pos.labels.rules import KINDS, MOST_COPIES, LabelGoods, label_of
from fair_pos.labels.sheet import print_labels
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.registry.queries import ProducerFact, producers_by_id
from fair_pos.settings import Settings
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("labels", __name__)

MOST_SHOWN = 300
"""Rows of the list on one page; whoever wants fewer narrows it, and «all» prints those that are not shown too."""


@dataclass(frozen=True)
class Shop:
    """Whose goods a page offers: where it came from, the producers, and the booths to choose from."""

    title: str
    back: str
    """Address of the page this one belongs to."""
    here: str
    """Its own address; `print` posts to the same one."""
    makers: Callable[[str], list[ProducerFact]]
    """The producers of a booth, by its id; all of them for «»."""
    booths: tuple[tuple[str, str], ...] = ()
    """Id and name of those to choose from."""
    edition_id: str = ""


# --- an edition and its booths ----------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/labels")
@requires(Verb.MANAGE_BOOTHS)
def edition(edition_id: str) -> str:
    """The goods of an edition, or of one of its booths («?booth=»)."""
    return choice_page(shop_of_edition(edition_id), "")


@blueprint.post("/editions/<edition_id>/labels")
@requires(Verb.MANAGE_BOOTHS)
def print_edition(edition_id: str) -> Response | tuple[str, int]:
    """The labels as PDF."""
    return printed(shop_of_edition(edition_id))


def shop_of_edition(edition_id: str) -> Shop:
    """Everything that the booths of an edition sell."""
    found = get_edition(reading(), edition_id)
    return Shop(
        title=found.name,
        back=url_for("venues.booths", edition_id=edition_id),
        here=url_for("labels.edition", edition_id=edition_id),
        makers=lambda booth_id: makers_at(reading(), edition_id, booth_id),
        booths=tuple((one.id, f"{one.code} · {one.name}") for one in booths_of(reading(), edition_id)),
        edition_id=edition_id,
    )


# --- the catalogue ----------------------------------------------------------------------------------------------------


@blueprint.get("/catalogue/labels")
@requires(Verb.MANAGE_CATALOGUE)
def catalogue() -> str:
    """All goods on sale."""
    return choice_page(shop_of_catalogue(), "")


@blueprint.post("/catalogue/labels")
@requires(Verb.MANAGE_CATALOGUE)
def print_catalogue() -> Response | tuple[str, int]:
    """The labels as PDF."""
    return printed(shop_of_catalogue())


def shop_of_catalogue() -> Shop:
    """Everything on sale anywhere."""
    return Shop(
        title=_("Danh mục sản phẩm"),
        back=url_for("catalogue.products"),
        here=url_for("labels.catalogue"),
        makers=lambda _booth_id: every_maker(reading()),
    )


# --- a producer's own -------------------------------------------------------------------------------------------------


@blueprint.get("/producers/<producer_id>/labels")
@requires(Verb.SEE_OWN_GOODS)
def producer(producer_id: str) -> str:
    """A producer's own goods."""
    return choice_page(shop_of_producer(producer_id), "")


@blueprint.post("/producers/<producer_id>/labels")
@requires(Verb.SEE_OWN_GOODS)
def print_producer(producer_id: str) -> Response | tuple[str, int]:
    """The labels as PDF."""
    return printed(shop_of_producer(producer_id))


def shop_of_producer(producer_id: str) -> Shop:
    """What one producer sells. Raises NotFound."""
    found = producers_by_id(reading(), {producer_id})
    if producer_id not in found:
        raise NotFound
    return Shop(
        title=found[producer_id].name,
        back=url_for("portal.today", producer_id=producer_id),
        here=url_for("labels.producer", producer_id=producer_id),
        makers=lambda _booth_id: list(found.values()),
    )


# --- what all three have in common ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """The list as it is narrowed, and what may narrow it."""

    goods: list[LabelGoods]
    makers: list[ProducerFact]
    filters: dict[str, str]


def listed(shop: Shop) -> Listed:
    """What the address or the form asks for."""
    filters = {name: request.values.get(name, "")[:200] for name in ("booth", "producer", "group", "q")}
    if filters["booth"] not in {"", *(booth_id for booth_id, _name in shop.booths)}:
        raise NotFound
    makers = shop.makers(filters["booth"])
    some = [one for one in makers if filters["producer"] in {"", one.id}]
    goods = goods_to_label(reading(), some, fair_day(now(), 0), group_code=filters["group"], text=filters["q"])
    return Listed(goods, makers, filters)


def printed(shop: Shop) -> Response | tuple[str, int]:
    """The PDF, or the page with what is wrong with the order."""
    try:
        order = read_order(request.form, request.form.getlist("goods"), listed(shop).goods)
        settings: Settings = current_app.extensions["fair_pos_settings"]
        content = print_labels(order, settings.public_url)
    except NotFound:
        raise
    except Refusal as refusal:
        return choice_page(shop, sentence(refusal.code, refusal.facts)), refusal.status
    disposition = f'inline; filename="nhan-gia-{order.kind.code}.pdf"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def choice_page(shop: Shop, error: str) -> str:
    """The list to choose from, with what was filled in and what is wrong with it."""
    found = listed(shop)
    shown = found.goods[:MOST_SHOWN]
    return render_template(
        "labels/choice.html",
        shop=shop,
        error=error,
        goods=shown,
        count=len(found.goods),
        makers=found.makers,
        filters=found.filters,
        groups=GROUPS,
        kinds=list(KINDS.values()),
        form=request.form,
        ticked=set(request.form.getlist("goods")),
        most_copies=MOST_COPIES,
        cut={one.key: names for one in shown if (names := kinds_that_cut(one))},
    )


def kinds_that_cut(goods: LabelGoods) -> list[str]:
    """The names of the kinds on which not everything finds room."""
    return [_(kind.name) for kind in KINDS.values() if label_of(kind, goods).cut]
