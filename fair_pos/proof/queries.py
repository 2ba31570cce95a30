"""`verify`: read the received commands again and compare every row that they became. Reads any table, writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Integer, Table, func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.chain import digest
from fair_pos.proof.rules import Difference, Differs, add_to, same, same_fields, same_sums
from fair_pos.proof.witnesses import (
    Noted,
    check_beginning,
    check_findings,
    check_journal,
    check_journal_count,
    check_quarantined,
    check_recomputed,
    check_subjects,
    look_back,
    noted_about,
)
from fair_pos.sales.actions import line_rows, movements, payment_rows, sale_row
from fair_pos.sales.latest import Latest
from fair_pos.sales.rules import Judged, Place, SaleFact, figures_of, judge
from fair_pos.sales.tables import HourFigure, Oddity, Payment, ProductFigure, Sale, SaleLine, TenderFigure
from fair_pos.stock.tables import Balance, Movement
from fair_pos.till.parcels import Readable, Unreadable, fact_of, open_parcel
from fair_pos.till.rules import Link, hash_oddities, link_oddities
from fair_pos.till.tables import Device, Quarantined, Received
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]
CHUNK = 500
_SALE, _LINE, _PAYMENT = (cast("Table", table.__table__) for table in (Sale, SaleLine, Payment))
_MOVEMENT = cast("Table", Movement.__table__)
_HOUR, _PRODUCT, _TENDER = (cast("Table", table.__table__) for table in (HourFigure, ProductFigure, TenderFigure))


@dataclass
class Proof:
    """What was checked; `gaps` are notes, not differences: a missing command may still be on its tablet."""

    commands: int = 0
    sales: int = 0
    quarantined: int = 0
    oddities: int = 0
    gaps: list[str] = field(default_factory=list)


@dataclass
class _Sums:
    hours: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    products: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    tenders: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    stock: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    latest: Latest = field(default_factory=Latest)


def prove(session: AnySession) -> Proof:
    """Compute sums, stock, daily figures and chains again from the received commands. Raises Differs at the first difference."""
    proof, sums = Proof(), _Sums()
    listed = 0
    devices = session.execute(
        select(Device, Booth.edition_id, Booth)
        .join(Booth, Booth.id == Device.booth_id)
        .order_by(Device.paired_at, Device.id)
    ).all()
    for device, edition_id, booth in devices:
        place = Place(
            edition_id=edition_id,
            booth_id=device.booth_id,
            device_id=device.id,
            day_boundary_minutes=booth.edition.day_boundary_minutes,
            paired_at=device.paired_at,
            revoked_at=device.revoked_at,
            sample=device.sample,
            received_at=device.paired_at,
        )
        check_beginning(session, device)
        links: list[Link] = []
        for chunk in _chunks(session, device.id):
            links += [Link(row.id, row.seq, row.prev_hash, row.hash) for row in chunk]
            _check_chunk(session, place, chunk, sums)
            proof.commands += len(chunk)
        _check_chain(session, device, links, proof)
        listed += check_findings(session, device, edition_id, [one.id for one in links])
    proof.sales = session.scalar(select(func.count()).select_from(_SALE)) or 0
    same("sale", "table", "number of rows", proof.sales, proof.commands)
    proof.quarantined = session.scalar(select(func.count()).select_from(Quarantined)) or 0
    proof.oddities = session.scalar(select(func.count()).select_from(Oddity)) or 0
    same("oddity", "table", "number of rows", proof.oddities, listed)
    check_journal_count(session, proof.commands)
    _check_sums(session, sums)
    return proof


def _chunks(session: AnySession, device_id: str) -> Iterator[Sequence[Received]]:
    """The device's commands in order, a few hundred at a time, so that a million fit."""
    after = (-1, "")
    while True:
        wanted = (
            select(Received)
            .where(
                Received.device_id == device_id,
                (Received.seq > after[0]) | ((Received.seq == after[0]) & (Received.id > after[1])),
            )
            .order_by(Received.seq, Received.id)
            .limit(CHUNK)
        )
        chunk = session.scalars(wanted).all()
        if not chunk:
            return
        yield chunk
        after = (chunk[-1].seq, chunk[-1].id)


def _check_chunk(session: AnySession, place: Place, chunk: Sequence[Received], sums: _Sums) -> None:
    ids = [row.id for row in chunk]
    stored_sales = {row["id"]: row for row in session.execute(select(_SALE).where(_SALE.c.id.in_(ids))).mappings()}
    stored_lines = _grouped(session, _LINE, "sale_id", ids, "line_no")
    stored_payments = _grouped(session, _PAYMENT, "sale_id", ids, "payment_no")
    stored_moves = _grouped(session, _MOVEMENT, "subject_id", ids, "id")
    noted = noted_about(session, ids)
    facts = {row.id: _read_again(row, noted) for row in chunk}
    then = look_back(session, list(facts.values()))
    batch: list[Judged] = []
    for row in chunk:
        fact, odd = facts[row.id], noted.get(row.id, {})
        known = then.known_to(fact, odd, row.received_at)
        judged = judge(fact, replace(place, received_at=row.received_at), known)
        stored = stored_sales.get(row.id)
        if stored is None:
            same("sale", row.id, "row", None, judged.fact.receipt_number)
            continue
        same_fields("sale", f"{row.id} ({judged.fact.receipt_number})", dict(stored), sale_row(judged))
        _same_rows("sale line", row.id, stored_lines[row.id], line_rows(judged))
        _same_rows("payment", row.id, stored_payments[row.id], payment_rows(judged))
        _same_rows("movement", row.id, stored_moves[row.id], [vars(moved) for moved in movements(judged)])
        check_recomputed(judged, odd)
        batch.append(judged)
    check_journal(session, batch)
    sums.latest.add(batch)
    figures = figures_of(batch)
    add_to(sums.hours, figures.hours)
    add_to(sums.products, figures.products)
    add_to(sums.tenders, figures.tenders)
    add_to(sums.stock, {key: (pieces,) for key, pieces in figures.stock.items()})


def _read_again(row: Received, noted: Noted) -> SaleFact:
    """What the command says, after seeing that its text and its hash are those that came."""
    same("command", row.id, "digest", row.digest, digest(row.text))
    odd = {one.code for one in hash_oddities(row.prev_hash, row.hash, row.text)}
    listed = noted.get(row.id, {}).keys() & {"chain_hash_missing", "chain_hash_wrong"}
    same("command", row.id, "chain hash", sorted(listed), sorted(odd))
    opened: Readable | Unreadable = open_parcel(
        {"id": row.id, "seq": row.seq, "prev_hash": row.prev_hash, "hash": row.hash, "text": row.text}
    )
    if isinstance(opened, Unreadable):
        raise Differs(Difference("command", row.id, "text", "unreadable", "a command"))
    return fact_of(opened)


def _check_chain(session: AnySession, device: Device, links: list[Link], proof: Proof) -> None:
    quarantined = check_quarantined(session, device)
    which = f"device {device.letter}"
    same(which, device.id, "command count", device.command_count, len(links) + len(quarantined))
    seqs = sorted({one.seq for one in (*links, *quarantined)})
    same(which, device.id, "highest number", device.max_seq, seqs[-1] if seqs else 0)
    high = next((seq for seq, held in enumerate(seqs) if held != seq + 1), len(seqs))
    same(which, device.id, "number without a gap", device.high_seq, high)
    if high < len(seqs):
        # Counted, not listed: one parcel may claim the number 1,000,000,000.
        proof.gaps.append(f"{device.letter}: {seqs[-1] - len(seqs)} ({high + 1}…)")
    # What could not be read stands for its own hash and no more: it may have come long after its neighbours were judged.
    unreadable = {(one.seq, one.hash) for one in quarantined}
    odd = link_oddities(links, links)
    for start in range(0, len(links), CHUNK):
        part = links[start : start + CHUNK]
        noted = noted_about(session, [one.id for one in part])
        for one in part:
            codes = {found.code for found in odd.get(one.id, [])} - noted.get(one.id, {}).keys()
            if (one.seq - 1, one.prev_hash) in unreadable:
                codes.discard("chain_link_wrong")
            if codes:
                same("command", one.id, "chain link", "broken", "following the command before it")


def _check_sums(session: AnySession, sums: _Sums) -> None:
    same_sums("hour figure", _stored_sums(session, _HOUR, 3), sums.hours)
    same_sums("product figure", _stored_sums(session, _PRODUCT, 5), sums.products)
    same_sums("tender figure", _stored_sums(session, _TENDER, 4), sums.tenders)
    moved: dict[tuple[Any, ...], tuple[int, ...]] = {}
    totals = select(
        Movement.booth_id, Movement.product_id, Movement.producer_id, Movement.kind, func.sum(Movement.quantity)
    ).group_by(Movement.booth_id, Movement.product_id, Movement.producer_id, Movement.kind)
    sold: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for booth, product, producer, kind, quantity in session.execute(totals):
        add_to(moved, {(booth, product, producer): (int(quantity),)})
        if kind in {"sale", "refund"}:
            add_to(sold, {(booth, product, producer): (int(quantity),)})
    same_sums("stock moved by sales", sold, sums.stock)
    same_sums("stock balance", _stored_sums(session, cast("Table", Balance.__table__), 3), moved)
    check_subjects(session)
    _check_latest(session, sums.latest)


def _check_latest(session: AnySession, latest: Latest) -> None:
    for hour in session.scalars(select(HourFigure)):
        key = (hour.booth_id, hour.fair_day, hour.hour)
        same("hour figure", key, "last_received_at", hour.last_received_at, latest.hours.get(key))
    for row in session.execute(select(_PRODUCT)):
        last = latest.goods.get((row.booth_id, row.fair_day, row.hour, row.product_id, row.producer_id))
        which = f"{row.booth_id}/{row.fair_day}/{row.hour}/{row.product_id}/{row.producer_id}"
        same("product figure", which, "last_at", row.last_at, last and last.last_at)
        same("product figure", which, "last_sold_at", row.last_sold_at, last and last.last_sold_at)
        names = last.names if last else {(None, None)}
        same(
            "product figure",
            which,
            "name",
            (row.name, row.unit),
            (row.name, row.unit) if (row.name, row.unit) in names else names,
        )


def _stored_sums(session: AnySession, table: Table, keys: int) -> dict[tuple[Any, ...], tuple[int, ...]]:
    sums = [column for column in table.columns if not column.primary_key and isinstance(column.type, Integer)]
    found = session.execute(select(*table.primary_key.columns, *sums))
    return {tuple(row[:keys]): tuple(row[keys:]) for row in found}


def _grouped(session: AnySession, table: Table, owner: str, ids: list[str], order: str) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(select(table).where(table.c[owner].in_(ids)).order_by(table.c[order])).mappings():
        rows[row[owner]].append(row)
    return rows


def _same_rows(what: str, which: str, stored: Sequence[Any], computed: Sequence[dict[str, Any]]) -> None:
    same(what, which, "number of rows", len(stored), len(computed))
    for number, (one, other) in enumerate(zip(stored, computed, strict=True), 1):
        same_fields(what, f"{which} #{number}", one, other)
