"""Entering a note: choose where and whose, fill in rows or a sheet, look it over, sign, write. Nothing is written before the last step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.catalogue.queries import products_for_sale
from fair_pos.consignment import actions, forms, queries, refusals
from fair_pos.consignment.forms import Row, Wrong
from fair_pos.consignment.lying import Known, Lying, lying_at, made_by, named
from fair_pos.consignment.offering import owners_for, targets
from fair_pos.consignment.photos import MOST_PHOTOS, add_photos, redrawn_each
from fair_pos.consignment.rules import BEARERS, MOST_LINES, PREFIXES, REASONS, IntakeLine, Kind, OutLine, worth_dong
from fair_pos.consignment.showing import beyond_words, said_of
from fair_pos.consignment.words import HEADINGS, trouble_words
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.sheets import write_csv, write_xlsx
from fair_pos.plumbing.web import requires
from fair_pos.registry.queries import names_and_places
from fair_pos.stock.queries import damaged_places_of, is_damaged_place, places_of
from fair_pos.venues.queries import get_edition, occupants_of

blueprint = Blueprint("note_entry", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class About:
    """Where and whose: what a note is about before it has rows. Empty texts are not chosen yet."""

    edition_id: str
    kind: Kind
    place: str
    owner: str
    to: str
    """«edition|place»."""
    day: str
    words: str
    note_id: str

    @property
    def is_chosen(self) -> bool:
        """Whether rows can be asked for."""
        needs = [self.place]
        needs += [self.owner] if self.kind in {"intake", "return"} else []
        needs += [self.to] if self.kind == "transfer" else []
        return all(needs)


def about(edition_id: str, kind: str) -> About:
    """What the address or the form says. Raises NotFound for a kind that is none."""
    if kind not in PREFIXES:
        raise NotFound
    given = request.values
    today = fair_day(now(), get_edition(reading(), edition_id).day_boundary_minutes)
    return About(
        edition_id, kind, given.get("place", "")[:36], given.get("owner", "")[:36], given.get("to", "")[:80],
        given.get("day", "")[:20] or today.isoformat(), given.get("words", "")[:500], given.get("note_id", "")[:36] or new_id(),
    )  # fmt: skip


@blueprint.get("/editions/<edition_id>/notes/new/<kind>")
@requires(Verb.MANAGE_STOCK)
def new_note(edition_id: str, kind: str) -> str:
    """Choose where and whose, then the rows: what an owner makes, or what lies there."""
    said = about(edition_id, kind)
    if not said.is_chosen:
        return choose_page(said, "")
    try:
        check(said)
    except NotFound:
        raise
    except Refusal as refusal:
        return choose_page(said, said_of(refusal))
    rows = offered(said)
    lot = request.args.get("lot", "")
    if lot:
        full = {forms.key_of(one): one for one in lying(said).values()}
        rows = [
            Row(**{**vars(row), "quantity": typed(full[row.key])})
            if row.key.endswith(f"|{lot}") and row.key in full
            else row
            for row in rows
        ]
    return rows_page(said, rows, [], "")


def check(said: About) -> None:
    """Raises PlaceMissing, SamePlace, OwnerMissing, OwnerUnknown, NotFound before anybody types fifty rows."""
    session = reading()
    if queries.find_place(session, said.edition_id, said.place) is None:
        raise refusals.PlaceMissing
    if said.owner and not names_and_places(session, [said.owner]):
        raise refusals.OwnerUnknown
    if said.kind == "transfer":
        to_edition, to_place = target_of(said)
        if queries.find_place(session, to_edition, to_place) is None:
            raise refusals.PlaceMissing
        if to_place == said.place:
            raise refusals.SamePlace


def target_of(said: About) -> tuple[str, str]:
    """(edition, place) that goods are carried to. Raises NotFound for an edition whose stock is not this person's to see."""
    edition_id, _bar, place_id = said.to.partition("|")
    if edition_id != said.edition_id and not may(current_user.roles, Verb.MANAGE_STOCK, Scope(edition_id=edition_id)):
        raise NotFound
    return edition_id, place_id


def choose_page(said: About, error: str) -> str:
    """Where and whose."""
    session = reading()
    return render_template(
        "consignment/choose.html",
        edition=get_edition(session, said.edition_id),
        said=said,
        places=[
            *places_of(session, said.edition_id),
            *([] if said.kind == "intake" else damaged_places_of(session, said.edition_id)),
        ],
        targets=targets(said.edition_id) if said.kind == "transfer" else [],
        owners=owners_for(said.edition_id, said.kind),
        error=error,
    )


def lying(said: About) -> dict[str, Lying]:
    """What lies at the place, by the key of its row; of one owner for a return."""
    if said.kind == "intake":
        return {}
    owner_id = said.owner if said.kind == "return" or said.owner else None
    return {forms.key_of(one): one for one in lying_at(reading(), said.place, owner_id=owner_id)}


def typed(one: Lying) -> str:
    """All of it, as one types it."""
    return forms.quantity_written(one.quantity, weighed=one.weighed)


def products(said: About) -> dict[str, Known]:
    """What the owner makes, for an intake."""
    return made_by(reading(), said.owner, now().date()) if said.kind == "intake" else {}


def find(said: About) -> forms.Find:
    """Look a typed name up, the owner's own first."""
    return partial(named, reading(), said.owner, now().date())


def offered(said: About) -> list[Row]:
    """The rows of a fresh page."""
    blank = [Row()] * forms.MORE_ROWS
    if is_damaged_place(reading(), said.place):  # all of it is to be cleared, and why is known
        return forms.damaged_rows(list(lying(said).values()), said.kind)
    if said.kind == "intake":
        return [Row(key=f"{one.product_id}||", name=one.name) for one in products(said).values()] + blank
    return forms.lying_rows(list(lying(said).values())) + (blank if said.kind == "return" else [])


def rows_page(said: About, rows: list[Row], wrong: list[Wrong], error: str) -> str:
    """The rows as they stand, with everything that is wrong with them."""
    session = reading()
    return render_template(
        "consignment/rows.html",
        edition=get_edition(session, said.edition_id),
        said=said,
        rows=rows,
        lying=lying(said),
        products=products(said),
        wrong={one.number: trouble_words(one.code) for one in wrong},
        place=queries.find_place(session, said.edition_id, said.place),
        owner=names_and_places(session, [said.owner]).get(said.owner, ("", ""))[0],
        target=target_name(said),
        columns=[HEADINGS[name] for name in forms.COLUMNS[said.kind]],
        reasons=REASONS,
        bearers=BEARERS,
        most=MOST_LINES,
        error=error,
    )


def target_name(said: About) -> str:
    """The place that goods are carried to, in words."""
    if said.kind != "transfer":
        return ""
    edition_id, place_id = target_of(said)
    place = queries.find_place(reading(), edition_id, place_id)
    name = "" if edition_id == said.edition_id else f" ({get_edition(reading(), edition_id).name})"
    return "" if place is None else f"{place.code} · {place.name}{name}"


def read(said: About, rows: list[Row]) -> tuple[list[IntakeLine] | list[OutLine], list[Wrong]]:
    """The lines that the rows say."""
    if said.kind == "intake":
        return forms.read_intake(rows, products(said), find(said), forms.day_said(said.day))
    return forms.read_out(rows, lying(said), find(said), said.owner, said.kind)


@blueprint.post("/editions/<edition_id>/notes/new/<kind>")
@requires(Verb.MANAGE_STOCK)
def enter(edition_id: str, kind: str) -> str | tuple[str, int]:
    """More rows, everything that lies there, a sheet, or the look before signing; nothing is written."""
    said = about(edition_id, kind)
    check_answer = chosen_or_error(said)
    if check_answer is not None:
        return check_answer
    rows, do = forms.rows_said(request.form), request.form.get("do", "review")
    if do == "more":
        return rows_page(said, rows + [Row()] * forms.MORE_ROWS, [], "")
    if do == "all":
        there = lying(said)
        full = [Row(**{**vars(row), "quantity": typed(there[row.key])}) if row.key in there else row for row in rows]
        return rows_page(said, full, [], "")
    if do == "sheet":
        file = request.files.get("file")
        try:
            found = forms.rows_of_sheet(file.read() if file else b"", (file.filename or "") if file else "")
        except Refusal as refusal:
            return rows_page(said, rows, [], said_of(refusal)), refusal.status
        merged = forms.matched(found, [row for row in rows if row.key or not row.is_empty])
        return rows_page(said, merged, read(said, merged)[1], "" if found else _("Tệp không có dòng hàng nào."))
    lines, wrong = read(said, rows)
    if wrong or not lines:
        return rows_page(said, rows, wrong, "" if wrong else sentence("note_empty", {})), 400
    asked = beyond_words(reading(), lines, lying(said).values())
    return review_page(said, rows, lines, asked, beyond=bool(asked))


def chosen_or_error(said: About) -> tuple[str, int] | None:
    """The first step again when what it asked is not there."""
    if not said.is_chosen:
        missing = "owner_missing" if said.kind in {"intake", "return"} and not said.owner else "place_missing"
        return choose_page(said, sentence(missing, {})), 400
    try:
        check(said)
    except NotFound:
        raise
    except Refusal as refusal:
        return choose_page(said, said_of(refusal)), refusal.status
    return None


def review_page(
    said: About, rows: list[Row], lines: list[IntakeLine] | list[OutLine], error: str, *, beyond: bool
) -> str:
    """The note as it would be, and the pad to sign on. `beyond` asks whether more than lies there is meant."""
    session = reading()
    facts = products_for_sale(session, {line.product_id for line in lines})
    there = {(one.product_id, one.owner_id, one.lot_id): one for one in lying(said).values()}
    owners = names_and_places(session, {line.owner_id for line in lines if isinstance(line, OutLine)} | {said.owner})
    shown = []
    for line in lines:
        fact = facts[line.product_id]
        weighed = fact.sold_by == "weight"
        if isinstance(line, IntakeLine):
            lot, expires, price, owner = line.lot_code, line.expires_day, line.price_dong, said.owner
        else:
            lies = there.get((line.product_id, line.owner_id, line.lot_id))
            lot, expires = (lies.lot_code, lies.expires_day) if lies else ("", None)
            price, owner = lies.price_dong if lies else 0, line.owner_id
        shown.append(
            {
                "name": fact.name, "unit": fact.unit, "weighed": weighed, "quantity": line.quantity, "lot": lot, "expires": expires,
                "owner": owners.get(owner, ("", ""))[0], "price_dong": price,
                "amount_dong": worth_dong(line.quantity, price, weighed=weighed),
                "reason": getattr(line, "reason", ""), "borne_by": getattr(line, "borne_by", ""), "maker": fact.producer_id,
            }
        )  # fmt: skip
    place = queries.find_place(session, said.edition_id, said.place)
    at_booth = place is not None and place.kind == "booth" and said.kind == "intake"
    selling = set(occupants_of(session, said.place)) if at_booth else set()
    return render_template(
        "consignment/review.html",
        edition=get_edition(session, said.edition_id),
        said=said,
        day=forms.day_said(said.day),
        rows=[row for row in rows if not row.is_empty],
        fields=forms.FIELDS,
        shown=shown,
        sum_dong=sum(one["amount_dong"] for one in shown),
        place=place,
        owner=owners.get(said.owner, ("", ""))[0],
        target=target_name(said),
        unsold=sorted({one["name"] for one in shown if at_booth and one["maker"] not in selling}),
        typed=request.form,
        most_photos=MOST_PHOTOS,
        beyond=beyond,
        error=error,
    )


@blueprint.post("/editions/<edition_id>/notes/new/<kind>/write")
@requires(Verb.MANAGE_STOCK)
def write(edition_id: str, kind: str) -> AnyResponse | str | tuple[str, int]:
    """Write the note: all of it or nothing. Pressing twice is one note."""
    said = about(edition_id, kind)
    again = chosen_or_error(said)
    if again is not None:
        return again
    rows = forms.rows_said(request.form)
    there = queries.find_note(reading(), said.note_id)
    if there is not None:
        return redirect(
            url_for(
                "consignment.note", edition_id=edition_id, note=queries.get_note(reading(), edition_id, there.id).id
            )
        )
    lines, wrong = read(said, rows)
    day = forms.day_said(said.day)
    if wrong or not lines:
        return rows_page(said, rows, wrong, "" if wrong else sentence("note_empty", {})), 400
    if day is None:
        return review_page(said, rows, lines, sentence("day_invalid", {"value": said.day}), beyond=False), 400
    sent = forms.photos_said(request.files, len(lines)) if said.kind == "write_off" else {}
    try:
        jpegs = redrawn_each(sent)
        note_id = in_transaction(lambda session: writing(session, said, lines, day, jpegs))
    except NotFound:
        raise
    except Refusal as refusal:
        beyond = isinstance(refusal, refusals.MoreThanLies)
        words, line_no = said_of(refusal), refusal.facts.get("line")
        if isinstance(refusal, refusals.PhotoUnreadable) and isinstance(line_no, int):
            product_id = lines[line_no - 1].product_id
            words = f"{products_for_sale(reading(), {product_id})[product_id].name}: {words}"
        return review_page(said, rows, lines, words, beyond=beyond), refusal.status
    flash(_("Đã ghi phiếu."), "done")
    return redirect(url_for("consignment.note", edition_id=edition_id, note=note_id))


def writing(
    session: Session,
    said: About,
    lines: list[IntakeLine] | list[OutLine],
    day: date,
    jpegs: dict[int, list[bytes]],
) -> str:
    """The action of this kind of note; of a write-off with the photos of its lines."""
    at, by, signed = now(), current_user.id, forms.signed_said(request.form)
    beyond = request.form.get("beyond") == "1"
    out = [line for line in lines if isinstance(line, OutLine)]
    match said.kind:
        case "intake":
            came = [line for line in lines if isinstance(line, IntakeLine)]
            return actions.take_in(
                session, said.edition_id, said.place, said.owner, came,
                day=day, at=at, by=by, signed=signed, note_id=said.note_id, words=said.words,
            )  # fmt: skip
        case "return":
            return actions.give_back(
                session, said.edition_id, said.place, said.owner, out,
                day=day, at=at, by=by, signed=signed, note_id=said.note_id, words=said.words, beyond=beyond,
            )  # fmt: skip
        case "transfer":
            return actions.carry(
                session, said.edition_id, said.place, *target_of(said), out,
                day=day, at=at, by=by, signed=signed, note_id=said.note_id, words=said.words, beyond=beyond,
            )  # fmt: skip
        case "write_off":
            note_id = actions.write_off(
                session, said.edition_id, said.place, out,
                day=day, at=at, by=by, signed=signed, note_id=said.note_id, words=said.words, beyond=beyond,
            )  # fmt: skip
            add_photos(session, said.edition_id, note_id, jpegs, at=at, by=by)
            return note_id


@blueprint.get("/editions/<edition_id>/notes/new/<kind>/rows.<any(xlsx, csv):ending>")
@requires(Verb.MANAGE_STOCK)
def rows_file(edition_id: str, kind: str, ending: str) -> Response:
    """The rows of a fresh page as a file to fill in. Raises NotFound before where and whose are chosen."""
    said = about(edition_id, kind)
    if chosen_or_error(said) is not None:
        raise NotFound
    names = forms.COLUMNS[said.kind]
    headings = [HEADINGS[name] for name in names]
    cells = [[getattr(row, name) for name in names] for row in offered(said) if row.key]
    data = write_xlsx(_("Phiếu hàng"), headings, cells) if ending == "xlsx" else write_csv(headings, cells)
    disposition = f'attachment; filename="phieu-{said.kind}.{ending}"'
    mimetype = XLSX if ending == "xlsx" else "text/csv"
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": disposition})
