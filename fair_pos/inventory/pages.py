"""Pages of stock: by place, the ledger of one shelf, what ends soon, what is below zero; and the stores of an edition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.inventory import queries
from fair_pos.inventory.damaged import damaged_at
from fair_pos.inventory.forms import StockAsked, stock_asked
from fair_pos.inventory.rules import NEAR_DAYS
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import Refusal
from fair_pos.kernel.text import slug
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.sheets import Cell, write_xlsx
from fair_pos.plumbing.web import requires
from fair_pos.plumbing.words import day as written_day
from fair_pos.stock.actions import close_store as close_in_ledger
from fair_pos.stock.actions import create_store
from fair_pos.stock.queries import stores_of
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("inventory", __name__)
TOLD_LATE = timedelta(minutes=10)
"""What was booked that much after it happened says so."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.app_template_filter()
def moved_as(kind: str) -> str:
    """What moved goods, in words."""
    words: dict[str, str] = {
        "intake": _("Nhận vào"),
        "return": _("Trả chủ hàng"),
        "sale": _("Bán"),
        "refund": _("Khách trả lại"),
        "giveaway": _("Tặng, dùng thử, hỏng tại quầy"),
        "transfer_out": _("Chuyển đi"),
        "transfer_in": _("Chuyển đến"),
        "write_off": _("Hao hụt"),
        "count": _("Kiểm hàng"),
        "set_aside": _("Để riêng vì hỏng"),
    }
    return words.get(kind, kind)


@blueprint.get("/editions/<edition_id>/stock")
@requires(Verb.SEE_STOCK)
def places(edition_id: str) -> str:
    """Where goods lie, and where a store is added."""
    return places_page(edition_id, {"code": "", "name": ""}, "")


@blueprint.post("/editions/<edition_id>/stock/stores")
@requires(Verb.MANAGE_STOCK)
def add_store(edition_id: str) -> AnyResponse | tuple[str, int]:
    """A place where goods lie and nobody sells."""
    said = {name: request.form.get(name, "") for name in ("code", "name")}
    try:
        in_transaction(
            lambda session: create_store(session, edition_id, **said, at=now(), by=current_user.id),
        )
    except Refusal as refusal:
        return places_page(edition_id, said, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã thêm kho «%(name)s».", name=said["name"].strip()))
    return redirect(url_for("inventory.places", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/stock/stores/<store>/close")
@requires(Verb.MANAGE_STOCK)
def close_store(edition_id: str, store: str) -> AnyResponse | tuple[str, int]:
    """No goods go to a store any more."""
    queries.place_in(reading(), edition_id, store)
    try:
        in_transaction(lambda session: close_in_ledger(session, store, at=now(), by=current_user.id))
    except Refusal as refusal:
        return places_page(edition_id, {"code": "", "name": ""}, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã đóng kho."))
    return redirect(url_for("inventory.places", edition_id=edition_id))


def places_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """The places with what lies there, and the form as it was sent."""
    asked, at = stock_asked(request.args), now()
    session = reading()
    return render_template(
        "inventory/places.html",
        edition=get_edition(session, edition_id),
        asked=asked,
        sums=queries.sums_of_places(session, edition_id, at, as_of=moment_of(edition_id, asked)),
        stores={store.id: store for store in stores_of(session, edition_id)},
        form=form,
        error=error,
        **frame(edition_id, at),
    )


@blueprint.get("/editions/<edition_id>/stock/<place>")
@requires(Verb.SEE_STOCK)
def place(edition_id: str, place: str) -> str:
    """What lies at a place, of whom, in which lots, and how many days it lasts."""
    asked, at = stock_asked(request.args), now()
    everyone = lying(edition_id, place, StockAsked(day=asked.day), at)
    return render_template(
        "inventory/place.html",
        edition=get_edition(reading(), edition_id),
        place=queries.place_in(reading(), edition_id, place),
        asked=asked,
        rows=[row for row in everyone if asked.owner in {"", row.owner_id}],
        owners=sorted({(row.owner_id, row.owner) for row in everyone}),
        **frame(edition_id, at),
    )


@blueprint.get("/editions/<edition_id>/stock/<place>.xlsx")
@requires(Verb.SEE_STOCK)
def place_file(edition_id: str, place: str) -> Response:
    """The same as a workbook: one row per lot."""
    asked, at = stock_asked(request.args), now()
    where = queries.place_in(reading(), edition_id, place)
    headings = [
        _("Sản phẩm"), _("Đơn vị tính"), _("Chủ hàng"), _("Lô"), _("Hạn dùng"), _("Còn (cái, gói…)"), _("Còn (gam)"),
        _("Bán mỗi ngày"), _("Đủ bán (ngày)"),
    ]  # fmt: skip
    cells: list[list[Cell]] = [
        [
            row.goods.name, row.goods.unit, row.owner, part.lot.code if part.lot else "", part.lot.expires_day if part.lot else None,
            None if row.goods.weighed else part.quantity, part.quantity if row.goods.weighed else None,
            row.pace.per_day, row.days_left,
        ]
        for row in lying(edition_id, place, asked, at)
        for part in row.lots
    ]  # fmt: skip
    day = asked.day or fair_day(at, get_edition(reading(), edition_id).day_boundary_minutes)
    title = _("Hàng còn ở %(place)s ngày %(day)s", place=where.code, day=written_day(day))
    answer = Response(write_xlsx(_("Hàng còn"), headings, cells), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug(title)}.xlsx"'
    return answer


@blueprint.get("/editions/<edition_id>/stock/<place>/<product>")
@requires(Verb.SEE_STOCK)
def product(edition_id: str, place: str, product: str) -> str:
    """The ledger of one shelf: everything that moved it, with the sum after each."""
    return render_template(
        "inventory/product.html",
        edition=get_edition(reading(), edition_id),
        ledger=queries.ledger_of(reading(), edition_id, place, product),
        late=TOLD_LATE,
        **frame(edition_id, now()),
    )


@blueprint.get("/editions/<edition_id>/expiring")
@requires(Verb.SEE_STOCK)
def expiring(edition_id: str) -> str:
    """Lots that end within a week or have ended: to be sold first, or given back to their owners."""
    return render_template(
        "inventory/expiring.html",
        edition=get_edition(reading(), edition_id),
        rows=queries.ending_at(reading(), edition_id, now()),
        near_days=NEAR_DAYS,
    )


@blueprint.get("/editions/<edition_id>/below-zero")
@requires(Verb.SEE_STOCK)
def below_zero(edition_id: str) -> str:
    """Goods of which more left than came. What was so overnight stands first: it is the morning's list."""
    rows = queries.below_zero_at(reading(), edition_id, now())
    return render_template(
        "inventory/below_zero.html",
        edition=get_edition(reading(), edition_id),
        overnight=[row for row in rows if row.overnight],
        since_morning=[row for row in rows if not row.overnight],
    )


@blueprint.get("/editions/<edition_id>/damaged")
@requires(Verb.SEE_STOCK)
def damaged(edition_id: str) -> str:
    """What buyers brought back damaged, until somebody clears it. What waited overnight stands first: it is the morning's list."""
    rows = damaged_at(reading(), edition_id, now())
    return render_template(
        "inventory/damaged.html",
        edition=get_edition(reading(), edition_id),
        overnight=[row for row in rows if row.overnight],
        since_morning=[row for row in rows if not row.overnight],
    )


def lying(edition_id: str, place_id: str, asked: StockAsked, at: datetime) -> list[queries.Lying]:
    """What a page of a place and its file show. Raises NotFound."""
    where = queries.place_in(reading(), edition_id, place_id)
    as_of = moment_of(edition_id, asked)
    return queries.lying_at(reading(), edition_id, [where], at, as_of=as_of, owner_id=asked.owner)


def moment_of(edition_id: str, asked: StockAsked) -> datetime | None:
    """The evening that was asked for; None for now."""
    return None if asked.day is None else queries.evening_of(reading(), edition_id, asked.day)


def frame(edition_id: str, at: datetime) -> dict[str, Any]:
    """What pages of stock share: the day that is on."""
    return {"today": fair_day(at, get_edition(reading(), edition_id).day_boundary_minutes)}
