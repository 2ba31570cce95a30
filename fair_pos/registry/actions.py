"""Writing down producers with their places, and certificates; many at a time, whatever their number in a few statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.journal.actions import line, write_lines
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, slug
from fair_pos.registry import refusals
from fair_pos.registry.rules import (
    CertificateSaid,
    ProducerSaid,
    expiry_of,
    free_slug,
    kind_from_name,
    merge_said,
    place_key,
    place_name,
    province_name,
)
from fair_pos.registry.tables import AdminUnit, Certificate, Producer, ProductTitle
from fair_pos.registry.title_cells import TitleInCell
from fair_pos.registry.titles import KINDS, LEVELS, MOST_DECISION, TitleSaid

_UNIT = cast("Table", AdminUnit.__table__)
_PRODUCER = cast("Table", Producer.__table__)
_CERTIFICATE = cast("Table", Certificate.__table__)
_TITLE = cast("Table", ProductTitle.__table__)

MakeId = Callable[..., str]
"""Makes the id of a new thing from what names it: fresh for people's data, always the same for the demo's."""


@dataclass(frozen=True)
class SavedProducers:
    """`ids` by producer key; which keys are new, and which changed in name, kind or place."""

    ids: dict[tuple[str, str], str]
    created: set[tuple[str, str]]
    updated: set[tuple[str, str]]


def save_producers(
    session: Session, said: Iterable[ProducerSaid], *, at: datetime, make_id: MakeId, write: bool = True
) -> SavedProducers:
    """Find each producer by name and province or write it down; what is said of a known one is put right.

    What is left empty changes nothing. A producer without a commune keeps the district as its old place, if that is known.
    Without `write` nothing is written down, only said.
    """
    merged = merge_said(said)
    places = _save_places(session, merged.values(), make_id, write=write)
    known = {(row.name_key, row.place_key): row for row in session.execute(select(_PRODUCER))}
    taken = {row.slug for row in known.values()}
    saved = SavedProducers({}, set(), set())
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    for key, one in merged.items():
        row = known.get(key)
        wanted = {"name": clean(one.name), "kind": one.kind, **places[key]}
        if row is None:
            saved.ids[key] = make_id("producer", *key)
            saved.created.add(key)
            inserts.append(
                {
                    **wanted,
                    "id": saved.ids[key],
                    "slug": free_slug(taken, slug(one.name), slug(f"{one.name} {key[1]}")),
                    "name_key": key[0],
                    "place_key": key[1],
                    "kind": one.kind or kind_from_name(one.name),
                    "created_at": at,
                }
            )
            continue
        saved.ids[key] = row.id
        fields = {name: value or getattr(row, name) for name, value in wanted.items()}
        if any(getattr(row, name) != value for name, value in fields.items()):
            saved.updated.add(key)
            updates.append({"id": row.id, **fields})
    if write and inserts:
        session.execute(insert(_PRODUCER), inserts)
    if write and updates:
        session.execute(update(Producer), updates)  # by primary key, many at once
    return saved


@dataclass(frozen=True)
class _Step:
    """One place to be found or made, under the place before it."""

    scheme: str
    level: str
    name: str
    code: str = ""


def _steps_to(one: ProducerSaid) -> tuple[list[_Step], list[_Step]]:
    """The places of a producer from large to small: today's and those of before the merger."""
    today = [
        _Step("vn2025", "province", province_name(one.province)),
        _Step("vn2025", "commune", place_name(one.commune), one.commune_code),
    ]
    before = [
        _Step("vn_legacy", "province", province_name(one.old_province)),
        _Step("vn_legacy", "district", place_name(one.old_district)),
        _Step("vn_legacy", "commune", place_name(one.old_commune)),
    ]
    return [step for step in today if step.name], [step for step in before if step.name]


def _save_places(
    session: Session, said: Iterable[ProducerSaid], make_id: MakeId, *, write: bool
) -> dict[tuple[str, str], dict[str, str | None]]:
    """Find or make the places of producers; the columns that name them, by producer key."""
    units = {(row.scheme, row.level, row.parent_key, row.name_key): row for row in session.execute(select(_UNIT))}
    ids: dict[tuple[str, str, str, str], str] = {key: row.id for key, row in units.items()}
    uncoded = {row.id for row in units.values() if not row.code}
    inserts: list[dict[str, Any]] = []
    codes: dict[str, str] = {}

    def find_or_make(step: _Step, parent_id: str | None) -> str:
        name_key = place_key(step.level, step.name)
        key = (step.scheme, step.level, parent_id or "", name_key)
        if key not in ids:
            ids[key] = make_id("admin_unit", *key)
            inserts.append(
                {
                    "id": ids[key],
                    "scheme": step.scheme,
                    "level": step.level,
                    "code": step.code,
                    "name": step.name,
                    "name_key": name_key,
                    "parent_id": parent_id,
                    "parent_key": parent_id or "",
                }
            )
        elif step.code and ids[key] in uncoded:
            codes.setdefault(ids[key], step.code)
        return ids[key]

    def walk(steps: Sequence[_Step]) -> list[str]:
        found: list[str] = []
        for step in steps:
            found.append(find_or_make(step, found[-1] if found else None))
        return found

    columns: dict[tuple[str, str], dict[str, str | None]] = {}
    for one in said:
        steps_today, steps_before = _steps_to(one)
        today, before = walk(steps_today), walk(steps_before)
        has_province = bool(steps_today) and steps_today[0].level == "province"
        columns[one.key] = {
            "province_id": today[0] if has_province else None,
            "commune_id": today[-1] if steps_today and steps_today[-1].level == "commune" else None,
            "legacy_commune_id": before[-1] if len(before) > 1 else None,
        }
    if write and inserts:
        session.execute(insert(_UNIT), inserts)  # parents stand before children
    if write and codes:
        session.execute(update(AdminUnit), [{"id": unit_id, "code": code} for unit_id, code in codes.items()])
    return columns


def save_certificates(
    session: Session, said: Sequence[CertificateSaid], *, make_id: MakeId, write: bool = True
) -> set[str]:
    """Write certificates down; the ids of the products for which something is new.

    One of the same day, or with the same decision number, is the same certificate put right.
    """
    product_ids = {one.product_id for one in said}
    known: dict[str, list[Any]] = {}
    for row in session.execute(select(_CERTIFICATE).where(_CERTIFICATE.c.product_id.in_(product_ids))):
        known.setdefault(row.product_id, []).append(row)
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    for one in said:
        fields = {
            "stars": one.stars,
            "issued_day": one.issued_day,
            "expires_day": expiry_of(one.issued_day),
            "decision_no": one.decision_no,
        }
        same = _same_certificate(known.get(one.product_id, []), one)
        if same is None:
            certificate_id = make_id("certificate", one.product_id, one.issued_day.isoformat())
            inserts.append({"id": certificate_id, "product_id": one.product_id, **fields})
            continue
        fields["decision_no"] = one.decision_no or same.decision_no
        if any(getattr(same, name) != value for name, value in fields.items()):
            updates.append({"id": same.id, "product_id": one.product_id, **fields})
    if write and inserts:
        session.execute(insert(_CERTIFICATE), inserts)
    if write and updates:
        session.execute(update(Certificate), updates)
    return {row["product_id"] for row in inserts + updates}


def _same_certificate(known: Sequence[Any], said: CertificateSaid) -> Any | None:
    same_day = next((row for row in known if row.issued_day == said.issued_day), None)
    if same_day is not None or not said.decision_no:
        return same_day
    return next((row for row in known if row.decision_no == said.decision_no), None)


def add_title(session: Session, said: TitleSaid, *, at: datetime, by: str | None, title_id: str | None = None) -> str:
    """Write a title of a product down; its id. Raises TitleUnknown, TitleDaysWrong, DecisionTooLong, TitleThere."""
    decision_no = clean(said.decision_no)
    if said.kind not in KINDS or said.level not in LEVELS:
        raise refusals.TitleUnknown
    if said.expires_day is not None and said.expires_day < said.issued_day:
        raise refusals.TitleDaysWrong
    if len(decision_no) > MOST_DECISION:
        raise refusals.DecisionTooLong(most=MOST_DECISION)
    title = ProductTitle(
        id=title_id or new_id(),
        product_id=said.product_id,
        kind=said.kind,
        level=said.level,
        decision_no=decision_no,
        issued_day=said.issued_day,
        expires_day=said.expires_day,
        created_at=at,
        created_by=by,
    )
    try:
        with session.begin_nested():
            session.add(title)
    except IntegrityError:
        raise refusals.TitleThere from None
    _write_title(session, title, "title_added", at=at, by=by)
    return title.id


def save_titles(
    session: Session,
    said: Sequence[tuple[str, TitleInCell]],
    *,
    at: datetime,
    by: str | None,
    make_id: MakeId,
    write: bool = True,
) -> list[str]:
    """Write titles of a file down, (product, title); the product of each that is new or put right.

    One of the same kind, level and day is the same, and of one without a day one of that year: its end and its decision are put right
    where the file names them. Titles that a file does not name stay. Raises TitleDaysWrong when the end lies before the known day.
    """
    known: dict[str, list[Any]] = {}
    products = {product_id for product_id, _ in said}
    for row in session.execute(select(_TITLE).where(_TITLE.c.product_id.in_(products)).order_by(_TITLE.c.issued_day)):
        known.setdefault(row.product_id, []).append(row)
    changed: list[str] = []
    lines = []
    new: dict[tuple[str, str, str, date], dict[str, Any]] = {}
    for product_id, one in said:
        same = next((row for row in known.get(product_id, []) if _same_title(row, one)), None)
        key = (product_id, one.kind, one.level, one.issued_day if same is None else same.issued_day)
        ends: date | None = one.expires_day or (same.expires_day if same else None)
        fields = {
            "expires_day": ends,
            "decision_no": one.decision_no or (same.decision_no if same else ""),
        }
        if key in new or (same is not None and all(getattr(same, name) == value for name, value in fields.items())):
            continue
        if ends is not None and ends < key[3]:
            raise refusals.TitleDaysWrong
        changed.append(product_id)
        title_id = same.id if same else make_id("title", product_id, one.kind, one.level, one.issued_day.isoformat())
        kept = dict(zip(("product_id", "kind", "level", "issued_day"), key, strict=True))
        new[key] = {"id": title_id, **kept, **fields, "created_at": at, "created_by": by, "known": same}
    for fields in new.values():
        before = fields.pop("known")
        if before is not None:
            lines.append(_title_line(before, "title_removed", at=at, by=by))
            fields |= {"created_at": before.created_at, "created_by": before.created_by}
        lines.append(_title_line(ProductTitle(**fields), "title_added", at=at, by=by))
    if write and new:
        _put_titles(session, list(new.values()), {row.id for rows in known.values() for row in rows})
        write_lines(session, lines)
    return changed


def _same_title(row: Any, said: TitleInCell) -> bool:
    days = (row.issued_day.year, said.issued_day.year) if said.year_only else (row.issued_day, said.issued_day)
    return (row.kind, row.level) == (said.kind, said.level) and days[0] == days[1]


def _put_titles(session: Session, rows: Sequence[dict[str, Any]], known: set[str]) -> None:
    if inserts := [row for row in rows if row["id"] not in known]:
        session.execute(insert(_TITLE), inserts)
    if updates := [row for row in rows if row["id"] in known]:
        session.execute(update(ProductTitle), updates)  # by primary key, many at once


def remove_title(session: Session, product_id: str, title_id: str, *, at: datetime, by: str | None) -> None:
    """Take back a title that was written down wrongly; the journal keeps what it was. Raises NotFound.

    One that has ended stays: on earlier days it held.
    """
    title = session.get(ProductTitle, title_id, with_for_update=True)
    if title is None or title.product_id != product_id:
        raise NotFound
    _write_title(session, title, "title_removed", at=at, by=by)
    session.delete(title)
    session.flush()


def _write_title(session: Session, title: ProductTitle, verb: str, *, at: datetime, by: str | None) -> None:
    write_lines(session, [_title_line(title, verb, at=at, by=by)])


def _title_line(title: Any, verb: str, *, at: datetime, by: str | None) -> dict[str, Any]:
    facts = {
        "product": title.product_id,
        "kind": title.kind,
        "level": title.level,
        "issued": title.issued_day.isoformat(),
        "expires": title.expires_day.isoformat() if title.expires_day else "",
        "decision": title.decision_no,
    }
    return line(at=at, person_id=by, verb=verb, subject=("title", title.id), facts=facts)
