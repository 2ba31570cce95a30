"""The organiser's pages: figures of an edition, the receipts behind them, and what a person should look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import sort_key
from fair_pos.payments.queries import accounts_by_id, accounts_of, transfer_split, transfers_of_sale
from fair_pos.payments.rules import state_of
from fair_pos.people.forms import Place
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sentences import oddity_sentence, quarantine_sentence
from fair_pos.plumbing.sheets import TooManyRows
from fair_pos.plumbing.web import requires
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports import queries
from fair_pos.reports.charts import Bar, Words, bars_svg
from fair_pos.reports.export import Table, as_file, receipt_cells, table_cells
from fair_pos.reports.forms import ReceiptsAsked, day_asked, receipts_asked
from fair_pos.reports.rules import (
    DeviceState,
    Figure,
    Money,
    by_money,
    by_name,
    completeness,
    days_to_choose,
    grouped,
    hour_name,
    hours_of_day,
    money_of,
    shown_day,
    together,
)
from fair_pos.sales.queries import find_sale, refunds_of
from fair_pos.venues.queries import all_editions, booths_by_edition, booths_of, get_booth, get_edition

blueprint = Blueprint("reports", __name__)
# The pages about people name editions, booths and producers, all of which stand above them.
blueprint.record_once(lambda state: state.app.extensions.setdefault("fair_pos_places", all_places))
PAGE_SIZE = 200
MOST_ROWS = 100_000
"""Of a file: it is made in memory, and a day at one fair has a tenth of it."""
SHOWN_BYTES = 2_000
MOST_NAMED = 8


@blueprint.get("/editions/")
@requires(Verb.SEE_FIGURES)
def editions() -> str:
    """The editions whose figures the person may see, newest first."""
    seen = [
        one for one in all_editions(reading()) if may(current_user.roles, Verb.SEE_FIGURES, Scope(edition_id=one.id))
    ]
    rows = []
    for one in seen:
        today = fair_day(now(), one.day_boundary_minutes)
        days = queries.day_figures(reading(), one.id)
        rows.append((one, together(days.values()), days.get(today)))
    return render_template("reports/editions.html", rows=rows)


@blueprint.get("/editions/<edition_id>/")
@requires(Verb.SEE_FIGURES)
def edition_day(edition_id: str) -> str:
    """One fair day: gross, refunds and net side by side, by hour, booth, zone, product, producer and way of paying."""
    edition = get_edition(reading(), edition_id)
    days = queries.day_figures(reading(), edition_id)
    day, today = chosen_day(edition_id, days), fair_day(now(), edition.day_boundary_minutes)
    tables = tables_of_day(edition_id, day)
    complete = completeness(queries.device_states(reading(), edition_id), day, edition.day_boundary_minutes)
    return render_template(
        "reports/edition_day.html",
        edition=edition,
        day=day,
        today=today,
        days=days_to_choose(day, today, edition.starts_day, edition.ends_day, days),
        total=days.get(day, Figure("", "")),
        nothing_yet="day" not in request.args
        and day < today
        and (edition.ends_day is None or today <= edition.ends_day),
        latest=max((one for one in days if one < day), default=None),
        tables=tables,
        money=money_by_booth(edition_id, day),
        by_account=transfer_split(reading(), edition_id, day, "account"),
        accounts={one.id: one for one in accounts_of(reading(), edition_id)},
        busiest=max(tables[0].figures, key=lambda figure: figure.net_dong),
        complete=complete,
        late=late_words(complete.late),
        oddity_count=queries.count_oddities(reading(), edition_id, day),
        quarantine_count=queries.count_quarantined(reading(), edition_id),
        now=now(),
    )


@blueprint.get("/editions/<edition_id>/days")
@requires(Verb.SEE_FIGURES)
def edition_days(edition_id: str) -> str:
    """The whole edition, day by day."""
    edition = get_edition(reading(), edition_id)
    table = days_table(edition_id)
    return render_template(
        "reports/edition_days.html", edition=edition, table=table, total=together(table.figures), now=now()
    )


@blueprint.get("/editions/<edition_id>/plots/<any(hours, days):what>.svg")
@requires(Verb.SEE_FIGURES)
def plot(edition_id: str, what: str) -> Response:
    """The plot beside a table, made from the same figures."""
    if what == "hours":
        figures = hours_table(edition_id, chosen_day(edition_id, {})).figures
        bars = tuple(Bar(f"{int(one.key)}h", one.net_dong, one.refunded_dong) for one in figures)
    else:
        figures = days_table(edition_id).figures
        bars = tuple(Bar(one.name[:5], one.net_dong, one.refunded_dong) for one in figures)
    words = Words(
        net=_("Thực thu (đồng)"),
        refunded=_("▨ Trả lại"),
        nothing=_("Chưa có phiếu nào"),
        million=_(" tr"),
        billion=_(" tỷ"),
    )
    answer = Response(bars_svg(bars, words, narrow=day_asked(request.args).narrow), mimetype="image/svg+xml")
    # An SVG opened by itself is a document; its own style attributes are all it may have.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@blueprint.get("/editions/<edition_id>/tables/<name>.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def table_file(edition_id: str, name: str, ending: str) -> Response:
    """A table of a day, or the days of the edition, as a file."""
    edition = get_edition(reading(), edition_id)
    if name == "days":
        table = days_table(edition_id)
        return as_file(ending, f"{table.title} {edition.name}", table_cells(table))
    day = chosen_day(edition_id, {})
    found = [table for table in tables_of_day(edition_id, day) if table.name == name]
    if not found:
        raise NotFound
    return as_file(ending, f"{found[0].title} {day.isoformat()}", table_cells(found[0]))


@blueprint.get("/editions/<edition_id>/receipts")
@requires(Verb.SEE_RECEIPTS)
def receipts(edition_id: str) -> str:
    """The receipts behind a figure; what counts of them adds up to it."""
    edition, asked = get_edition(reading(), edition_id), receipts_asked(request.args)
    sums = queries.receipt_sums(reading(), edition_id, asked.wanted())
    rows = queries.receipts(reading(), edition_id, asked.wanted(), limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    return render_template(
        "reports/receipts.html",
        edition=edition,
        asked=asked,
        narrowed=narrowed_words(edition_id, asked),
        sums=sums,
        rows=rows,
        pages=page_count(sums.sales + sums.refunds),
    )


@blueprint.get("/editions/<edition_id>/receipts.<any(csv, xlsx):ending>")
@requires(Verb.SEE_RECEIPTS)
def receipts_file(edition_id: str, ending: str) -> Response:
    """All of those receipts as a file. Raises TooManyRows."""
    asked = receipts_asked(request.args)
    sums = queries.receipt_sums(reading(), edition_id, asked.wanted())
    if sums.sales + sums.refunds > MOST_ROWS:
        raise TooManyRows(rows=MOST_ROWS)
    rows = queries.receipts(reading(), edition_id, asked.wanted())
    title = f"{_('Danh sách phiếu')} {asked.day.isoformat() if asked.day else ''}".strip()
    return as_file(ending, title, receipt_cells(rows, with_pieces=asked.wanted().is_of_goods))


@blueprint.get("/sales/<sale_id>")
@requires(Verb.SEE_RECEIPTS)
def sale(sale_id: str) -> str:
    """One receipt with all that is known of it."""
    found = find_sale(reading(), sale_id)
    if found is None:
        raise NotFound
    booth = get_booth(reading(), found.booth_id)
    odd = queries.oddities(reading(), found.edition_id, sale_id=sale_id, limit=100)
    transfers = transfers_of_sale(reading(), sale_id)
    letter, device_name = queries.find_device_label(reading(), found.device_id)
    return render_template(
        "reports/sale.html",
        sale=found,
        edition=get_edition(reading(), found.edition_id),
        booth=booth,
        seller=queries.person_names(reading(), {found.person_id}).get(found.person_id, ""),
        producers=queries.producer_names(reading(), {line.producer_id for line in found.lines}),
        states={
            one.payment_no: state_of(one.amount_dong, one.received_dong, seen=one.seen)
            for one in transfers
            if one.kind == "sale"
        },
        accounts=accounts_by_id(reading(), {one.account_id for one in transfers if one.account_id}),
        letter=letter,
        device_name=device_name,
        oddities=[oddity_sentence(one.code, one.facts) for one in odd],
        original=find_sale(reading(), found.refund_of) if found.refund_of else None,
        refunds=refunds_of(reading(), sale_id),
    )


@blueprint.get("/editions/<edition_id>/oddities")
@requires(Verb.SEE_ODDITIES)
def oddities(edition_id: str) -> str:
    """What is odd about sales that were stored all the same."""
    edition, asked = get_edition(reading(), edition_id), day_asked(request.args)
    rows = queries.oddities(reading(), edition_id, day=asked.day, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    count = queries.count_oddities(reading(), edition_id, asked.day)
    return render_template(
        "reports/oddities.html",
        edition=edition,
        asked=asked,
        rows=[(row, oddity_sentence(row.code, row.facts)) for row in rows],
        count=count,
        pages=page_count(count),
    )


@blueprint.get("/editions/<edition_id>/quarantine")
@requires(Verb.SEE_ODDITIES)
def quarantine(edition_id: str) -> str:
    """Parcels that could not be read, with the beginning of what they hold."""
    edition, asked = get_edition(reading(), edition_id), day_asked(request.args)
    rows = queries.quarantined(reading(), edition_id, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    count = queries.count_quarantined(reading(), edition_id)
    return render_template(
        "reports/quarantine.html",
        edition=edition,
        rows=[
            (row, letter, quarantine_sentence(row.reason), row.raw[:SHOWN_BYTES].decode("utf-8", "replace"))
            for row, letter in rows
        ],
        shown_bytes=SHOWN_BYTES,
        asked=asked,
        count=count,
        pages=page_count(count),
    )


@blueprint.get("/editions/<edition_id>/quarantine/<int:number>.txt")
@requires(Verb.SEE_ODDITIES)
def quarantined_text(edition_id: str, number: int) -> Response:
    """The whole text of such a parcel, byte for byte; saved, never shown, since nobody knows what it is."""
    found = queries.find_quarantined(reading(), edition_id, number)
    if found is None:
        raise NotFound
    answer = Response(found.raw, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="parcel-{number}.txt"'
    return answer


def all_places() -> list[Place]:
    """Every place where a role can hold: editions newest first, booths by code, producers by name."""
    session = reading()
    found, booths = [], booths_by_edition(session)
    for edition in all_editions(session):
        found.append(Place("edition", edition.id, edition.name))
        here = booths.get(edition.id, [])
        found += [Place("booth", one.id, f"{one.code} · {one.name}", edition.id) for one in here]
    producers = sorted(queries.all_producers(session).items(), key=lambda one: sort_key(one[1]))
    return found + [Place("producer", producer_id, name) for producer_id, name in producers]


# --- what several pages need ----------------------------------------------------------------------------------------


def chosen_day(edition_id: str, days: dict[date, Figure]) -> date:
    """The day the request asks for, or the one that is shown without asking."""
    edition, asked = get_edition(reading(), edition_id), day_asked(request.args).day
    if asked is None and not days:
        days = queries.day_figures(reading(), edition_id)
    today = fair_day(now(), edition.day_boundary_minutes)
    return shown_day(asked, today, edition.starts_day, edition.ends_day, days)


def tables_of_day(edition_id: str, day: date) -> list[Table]:
    """All tables of one day; the hours first, as the plot is made from them."""
    session = reading()
    booths = queries.booth_figures(session, edition_id, day)
    zones = [
        Figure(**{**vars(one), "name": one.name or _("Không thuộc khu nào")})
        for one in grouped(booths, queries.zones_of_booths(session, edition_id))
    ]
    methods = [
        Figure(**{**vars(one), "name": method_name(one.key)})
        for one in queries.method_figures(session, edition_id, day)
    ]
    producers = queries.producer_figures(session, edition_id, day)
    products = queries.product_figures(session, edition_id, day)
    tables = [
        hours_table(edition_id, day),
        Table("booths", _("Theo gian hàng"), _("Gian hàng"), "booth", "receipts", booths),
        Table("zones", _("Theo khu"), _("Khu"), "zone", "receipts", by_name(zones)),
        Table("products", _("Theo sản phẩm"), _("Sản phẩm"), "product", "pieces", by_money(products)),
        Table("producers", _("Theo chủ thể"), _("Chủ thể"), "producer", "pieces", by_money(producers)),
        Table("methods", _("Theo cách trả tiền"), _("Cách trả tiền"), "method", "money", by_money(methods)),
    ]
    return [table for table in tables if table.name != "zones" or len(zones) > 1]


def money_by_booth(edition_id: str, day: date) -> list[Money]:
    """What came in at each booth: cash, transfers confirmed and claimed, card."""
    names = {one.id: f"{one.code} · {one.name}" for one in booths_of(reading(), edition_id)}
    split = transfer_split(reading(), edition_id, day, "booth")
    pairs = {key: (one.confirmed_dong, one.claimed_dong) for key, one in split.items()}
    return money_of(names, queries.method_nets(reading(), edition_id, day), pairs)


def hours_table(edition_id: str, day: date) -> Table:
    """The hours of a day, those without sales in between too."""
    edition = get_edition(reading(), edition_id)
    found = queries.hour_figures(reading(), edition_id, day)
    hours = hours_of_day(found, edition.day_boundary_minutes, edition.opens_minute, edition.closes_minute)
    return Table("hours", _("Theo giờ"), _("Giờ"), "hour", "receipts", hours)


def days_table(edition_id: str) -> Table:
    """The days of an edition that have sales."""
    days = queries.day_figures(reading(), edition_id)
    figures = [Figure(**{**vars(one), "name": written_day(day)}) for day, one in days.items()]
    return Table("days", _("Theo ngày"), _("Ngày"), "day", "receipts", figures)


def late_words(late: Sequence[DeviceState]) -> list[str]:
    """What is still to come from which tablet; of many only the first few by letter."""
    words = [
        _("Máy %(letter)s còn %(waiting)s đơn chờ.", letter=one.letter, waiting=one.waiting)
        for one in late
        if one.waiting
    ]
    words += [
        _("Máy %(letter)s hụt %(missing)s đơn giữa chừng.", letter=one.letter, missing=one.missing)
        for one in late
        if one.missing
    ]
    silent = [one.letter for one in late if not one.waiting and not one.missing]
    if silent:
        letters = ", ".join(silent[:MOST_NAMED]) + (" …" if len(silent) > MOST_NAMED else "")
        words.append(_("Không thấy liên lạc trong ngày: máy %(letters)s.", letters=letters))
    return words[:MOST_NAMED]


def method_name(method: str) -> str:
    """A way of paying, in words."""
    words: dict[str, str] = {"cash": _("Tiền mặt"), "transfer": _("Chuyển khoản"), "card": _("Thẻ")}
    return words.get(method, method)


def narrowed_words(edition_id: str, asked: ReceiptsAsked) -> list[str]:
    """By what a list of receipts is narrowed, in words."""
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
    if asked.method is not None:
        words.append(method_name(asked.method))
    if asked.kind is not None:
        words.append(_("chỉ phiếu bán") if asked.kind == "sale" else _("chỉ phiếu trả hàng"))
    return words


def page_count(rows: int) -> int:
    """How many pages that many rows fill; at least one."""
    return max(1, -(-rows // PAGE_SIZE))


@blueprint.app_template_global()
def receipts_args(asks: str, figure: Figure, day: date | None, kind: str | None) -> dict[str, Any]:
    """The arguments of the list of receipts behind one number of a table."""
    found: dict[str, Any] = {"day": day.isoformat()} if day is not None else {}
    if asks:
        found[asks] = figure.key
    if kind:
        found["kind"] = kind
    return found
