"""The product list, one product with its price, packs and barcodes, and importing: upload, look at what would happen, confirm."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.catalogue import refusals
from fair_pos.catalogue.actions import (
    ImportResult,
    add_barcode,
    bump_version,
    change_edition,
    change_price,
    import_products,
    read_product_file,
    remove_barcode,
    rename_booth,
    restore_product,
    save_pack,
    set_occupants,
    withdraw_pack,
    withdraw_product,
)
from fair_pos.catalogue.booths import import_booths
from fair_pos.catalogue.columns import COLUMNS
from fair_pos.catalogue.queries import barcodes_of, get_product_by_slug, packs_of, search_products
from fair_pos.catalogue.rules import GROUPS, MAX_PRICE_DONG, Parsed
from fair_pos.catalogue.tables import Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import sort_key
from fair_pos.people.rules import Verb, may
from fair_pos.plumbing.db import in_transaction, reading, snapshot
from fair_pos.plumbing.sentences import row_sentence, sentence
from fair_pos.plumbing.sheets import write_csv, write_xlsx
from fair_pos.plumbing.uploads import keep_upload, kept_upload
from fair_pos.plumbing.web import requires
from fair_pos.registry.queries import all_producers
from fair_pos.registry.rules import PRODUCER_KINDS, state_on
from fair_pos.registry.titles import KINDS, LEVELS, SHORT
from fair_pos.venues.forms import AnySession, Choice, Goods

blueprint = Blueprint("catalogue", __name__)

A_PAGE = 50
SHOWN_ROWS, SHOWN_ERRORS = 20, 200


def producer_choices(session: AnySession) -> list[Choice]:
    """Every producer in Vietnamese order, for choosing who sells at a booth."""
    found = sorted(all_producers(session), key=lambda one: (sort_key(one.name), one.id))
    return [Choice(one.id, one.name, one.place or one.old_place) for one in found]


blueprint.record_once(
    lambda state: state.app.extensions.setdefault(
        "fair_pos_goods",
        Goods(producer_choices, set_occupants, rename_booth, change_edition, bump_version, import_booths),
    )
)
blueprint.record_once(lambda state: state.app.extensions.setdefault("fair_pos_list_changed", bump_version))

# --- the list -------------------------------------------------------------------------------------------------------


@blueprint.get("/catalogue/")
@requires(Verb.MANAGE_CATALOGUE)
def products() -> str:
    """All products, or those that a search finds, with their stars as they hold today."""
    text = request.args.get("q", "")[:200]
    page = max(request.args.get("page", 1, type=int), 1)
    today = fair_day(now(), 0)
    found, total = search_products(reading(), text, today, first=(page - 1) * A_PAGE, most=A_PAGE)
    return render_template(
        "catalogue/products.html",
        products=found,
        total=total,
        text=text,
        page=page,
        pages=-(-total // A_PAGE),
        groups=GROUPS,
        ending={one.id for one in found if one.certificate and state_on(one.certificate, today) == "expiring"},
    )


@blueprint.post("/catalogue/products/<slug>/withdraw")
@requires(Verb.MANAGE_CATALOGUE)
def withdraw(slug: str) -> AnyResponse:
    """Take a product off all price lists."""
    name = change_product(slug, withdraw_product)
    flash(_("Đã ngừng bán «%(name)s». Máy bán hàng sẽ tự lấy bảng giá mới.", name=name))
    return redirect(back_to_list())


@blueprint.post("/catalogue/products/<slug>/restore")
@requires(Verb.MANAGE_CATALOGUE)
def restore(slug: str) -> AnyResponse:
    """Put a withdrawn product back on sale."""
    name = change_product(slug, restore_product)
    flash(_("Đã mở bán lại «%(name)s».", name=name))
    return redirect(back_to_list())


def change_product(slug: str, action: Callable[..., None]) -> str:
    """Do something to the product with this readable name; its name. Raises NotFound."""
    by = current_user.id

    def work(session: Session) -> str:
        product = get_product_by_slug(session, slug)
        action(session, product, at=now(), by=by)
        return product.name

    return in_transaction(work)


def back_to_list() -> str:
    """The list as it was searched."""
    return url_for("catalogue.products", q=request.form.get("q") or None, page=request.form.get("page") or None)


# --- one product ----------------------------------------------------------------------------------------------------


@blueprint.get("/catalogue/products/<slug>")
@requires(Verb.MANAGE_CATALOGUE)
def product(slug: str) -> str:
    """Its price, its packs and what scanners read off it."""
    return product_page(slug, "")


@blueprint.post("/catalogue/products/<slug>/price")
@requires(Verb.ENTER)
def set_price(slug: str) -> AnyResponse | tuple[str, int]:
    """Change a product's price. Whoever may not is told so plainly (403): a seller who asks deserves an answer."""
    if not may(current_user.roles, Verb.CHANGE_PRICE, None):
        raise refusals.PriceNotYours
    return changed(slug, lambda work, found: change_price(work, found, typed("price"), at=now(), by=current_user.id))


@blueprint.post("/catalogue/products/<slug>/packs")
@requires(Verb.CHANGE_PRICE)
def set_pack(slug: str) -> AnyResponse | tuple[str, int]:
    """A new pack, or another price for one."""
    return changed(
        slug,
        lambda work, found: save_pack(work, found, typed("name"), typed("price"), at=now(), by=current_user.id),
    )


@blueprint.post("/catalogue/products/<slug>/packs/withdraw")
@requires(Verb.MANAGE_CATALOGUE)
def stop_pack(slug: str) -> AnyResponse | tuple[str, int]:
    """Sell a pack no more."""
    return changed(slug, lambda work, found: withdraw_pack(work, found, typed("pack"), at=now(), by=current_user.id))


@blueprint.post("/catalogue/products/<slug>/barcodes")
@requires(Verb.MANAGE_CATALOGUE)
def set_barcode(slug: str) -> AnyResponse | tuple[str, int]:
    """A code for the product or one of its packs."""
    return changed(
        slug,
        lambda work, found: add_barcode(
            work, found, typed("pack") or None, typed("code"), at=now(), by=current_user.id
        ),
    )


@blueprint.post("/catalogue/products/<slug>/barcodes/remove")
@requires(Verb.MANAGE_CATALOGUE)
def drop_barcode(slug: str) -> AnyResponse | tuple[str, int]:
    """A code that stands on these goods no more."""
    return changed(slug, lambda work, found: remove_barcode(work, found, typed("code"), at=now(), by=current_user.id))


def typed(name: str) -> str:
    """A field of the form."""
    return request.form.get(name, "")[:400]


def changed(slug: str, change: Callable[[Session, Product], None]) -> AnyResponse | tuple[str, int]:
    """Change a product and come back to its page; what is turned down is said there."""
    try:
        in_transaction(lambda work: change(work, get_product_by_slug(work, slug)))
    except NotFound:
        raise
    except Refusal as refusal:
        return product_page(slug, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu. Máy bán hàng sẽ tự lấy bảng giá mới."))
    return redirect(url_for("catalogue.product", slug=slug))


def product_page(slug: str, error: str) -> str:
    """One product with the forms about it."""
    found = get_product_by_slug(reading(), slug)
    return render_template(
        "catalogue/product.html",
        product=found,
        packs=packs_of(reading(), [found.id]).get(found.id, ()),
        barcodes=barcodes_of(reading(), [found.id]).get((found.id, None), ()),
        error=error,
    )


# --- importing ------------------------------------------------------------------------------------------------------


@blueprint.get("/catalogue/import")
@requires(Verb.MANAGE_CATALOGUE)
def import_file() -> str:
    """How a file must look, and where to send it."""
    return import_page("")


@blueprint.post("/catalogue/import")
@requires(Verb.MANAGE_CATALOGUE)
def preview_import() -> str | tuple[str, int]:
    """What the file would do. Nothing is changed, nothing is held up; the file waits for the confirmation."""
    file = request.files.get("file")
    data = file.read() if file is not None else b""
    filename = (file.filename or "") if file is not None else ""
    try:
        parsed = read_product_file(data, filename)
    except Refusal as refusal:
        return import_page(sentence(refusal.code, refusal.facts)), refusal.status
    result = None
    if not parsed.errors:
        try:
            with snapshot() as session:
                result = import_products(session, parsed.rows, now(), current_user.id, write=False)
        except Refusal as refusal:  # a way of selling that cannot change
            return import_page(sentence(refusal.code, refusal.facts)), refusal.status
    return preview_page(
        parsed, result, filename, keep_upload(data, at=now(), by=current_user.id) if result is not None else ""
    )


@blueprint.post("/catalogue/import/confirm")
@requires(Verb.MANAGE_CATALOGUE)
def confirm_import() -> AnyResponse | tuple[str, int]:
    """Import the file that was looked at: all of it or, when it cannot be read any more, nothing."""
    try:
        path = kept_upload(request.form.get("upload", ""), at=now(), by=current_user.id)
        parsed = read_product_file(path.read_bytes(), "")
        if parsed.errors:
            raise refusals.RowsWrong(count=len(parsed.errors))
        person_id = current_user.id
        result = in_transaction(lambda session: import_products(session, parsed.rows, now(), person_id))
    except Refusal as refusal:
        return import_page(sentence(refusal.code, refusal.facts)), refusal.status
    path.unlink(missing_ok=True)
    done = {"created": result.created, "updated": result.updated, "unchanged": result.unchanged}
    flash(_("Đã nhập: thêm %(created)s, cập nhật %(updated)s, giữ nguyên %(unchanged)s sản phẩm.", **done))
    return redirect(url_for("catalogue.products"))


@blueprint.get("/catalogue/template.<kind>")
@requires(Verb.MANAGE_CATALOGUE)
def template_file(kind: str) -> Response:
    """An empty file with our headings, CSV or XLSX."""
    headings = [column.heading for column in COLUMNS.values()]
    if kind == "xlsx":
        data, mimetype = write_xlsx(_("Sản phẩm"), headings, []), XLSX
    else:
        data, mimetype, kind = write_csv(headings, []), "text/csv", "csv"
    disposition = f'attachment; filename="mau-san-pham.{kind}"'
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": disposition})


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_page(error: str) -> str:
    """The form with the how-to."""
    return render_template(
        "catalogue/import_file.html",
        error=error,
        columns=COLUMNS.values(),
        groups=GROUPS.values(),
        kinds=PRODUCER_KINDS.values(),
        titles=KINDS.values(),
        levels=LEVELS.values(),
        most_dong=MAX_PRICE_DONG,
    )


def preview_page(parsed: Parsed, result: ImportResult | None, filename: str, upload: str) -> str:
    """What was read, what it would do, and everything that is wrong with it."""
    return render_template(
        "catalogue/preview_import.html",
        filename=filename,
        heading_number=parsed.heading_number,
        rows=parsed.rows[:SHOWN_ROWS],
        count=len(parsed.rows),
        result=result,
        upload=upload,
        groups=GROUPS,
        title_kinds=SHORT,
        levels=LEVELS,
        errors=[row_sentence(one.number, one.code, one.facts) for one in parsed.errors[:SHOWN_ERRORS]],
        error_count=len(parsed.errors),
        notes=[row_sentence(one.number, one.code, one.facts) for one in parsed.notes[:SHOWN_ERRORS]],
        note_count=len(parsed.notes),
    )
