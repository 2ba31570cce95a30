"""`verify`: read the received commands again and compare every row that they became. Reads any table, writes nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.chain import digest
from fair_pos.payments.actions import transfer_rows
from fair_pos.payments.tables import Confirmation, Transfer
from fair_pos.proof.rules import Difference, Differs, add_to, same, same_fields, same_sums
from fair_pos.sales.facts import Goods, Judged, JudgedGiveaway, Known, Place
from fair_pos.sales.figures import figures_of, stock_given
from fair_pos.sales.rows import (
    giveaway_line_rows,
    giveaway_movements,
    giveaway_row,
    line_rows,
    movements,
    payment_rows,
    sale_row,
)
from fair_pos.sales.rules import judge, judge_giveaway
from fair_pos.sales.tables import (
    DiscountFigure,
    Giveaway,
    GiveawayLine,
    HourFigure,
    Oddity,
    Payment,
    ProductFigure,
    Sale,
    SaleLine,
    TenderFigure,
)
from fair_pos.stock.tables import Balance, Movement
from fair_pos.till.parcels import Readable, Unreadable, giveaway_fact_of, open_parcel, sale_fact_of
from fair_pos.till.rules import Link, hash_oddities, link_oddities
from fair_pos.till.tables import Device, Quarantined, Received
from fair_pos.venues.tables import Booth

AnySession = Session | scoped_session[Session]
_Table = dict[tuple[Any, ...], tuple[int, ...]]
CHUNK = 500
_SALE, _LINE, _PAYMENT = (cast("Table", table.__table__) for table in (Sale, SaleLine, Payment))
_MOVEMENT = cast("Table", Movement.__table__)
_TRANSFER = cast("Table", Transfer.__table__)
_GIVEAWAY, _GIVEAWAY_LINE = (cast("Table", table.__table__) for table in (Giveaway, GiveawayLine))
_HOUR, _PRODUCT, _TENDER, _DISCOUNT = (
    cast("Table", table.__table__) for table in (HourFigure, ProductFigure, TenderFigure, DiscountFigure)
)


@dataclass
class Proof:
    """What was checked; `gaps` are notes, not differences: a missing command may still be on its tablet."""

    commands: int = 0
    sales: int = 0
    giveaways: int = 0
    others: dict[str, int] = field(default_factory=dict)
    """Commands of other kinds, by kind: their texts and their places in the chain are checked here."""
    quarantined: int = 0
    oddities: int = 0
    gaps: list[str] = field(default_factory=list)


@dataclass
class _Sums:
    hours: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    products: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    tenders: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    discounts: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)
    stock: dict[tuple[Any, ...], tuple[int, ...]] = field(default_factory=dict)


def prove(session: AnySession) -> Proof:
    """Compute sums, stock, daily figures and chains again from the received commands. Raises Differs at the first difference."""
    proof, sums = Proof(), _Sums()
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
        links: list[Link] = []
        for chunk in _chunks(session, device.id):
            links += [Link(row.id, row.seq, row.prev_hash, row.hash) for row in chunk]
            _check_chunk(session, place, chunk, sums, proof)
            proof.commands += len(chunk)
        _check_chain(session, device, links, proof)
    for what, table, found in (("sale", _SALE, proof.sales), ("giveaway", _GIVEAWAY, proof.giveaways)):
        same(what, "table", "number of rows", session.scalar(select(func.count()).select_from(table)) or 0, found)
    proof.quarantined = session.scalar(select(func.count()).select_from(Quarantined)) or 0
    proof.oddities = session.scalar(select(func.count()).select_from(Oddity)) or 0
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


def _check_chunk(session: AnySession, place: Place, chunk: Sequence[Received], sums: _Sums, proof: Proof) -> None:
    noted = _noted(session, [row.id for row in chunk])
    of_sales: list[tuple[Received, Readable]] = []
    of_giveaways: list[tuple[Received, Readable]] = []
    for row in chunk:
        same("command", row.id, "digest", row.digest, digest(row.text))
        if hash_oddities(row.prev_hash, row.hash, row.text) and not noted[row.id] & {
            "chain_hash_missing",
            "chain_hash_wrong",
        }:
            same("command", row.id, "chain hash", row.hash, "another, by its text and the hash before it")
        opened = _open_again(row)
        kind = opened.command.kind
        if kind in {"sale", "refund"}:
            of_sales.append((row, opened))
        elif kind == "giveaway":
            of_giveaways.append((row, opened))
        else:
            proof.others[kind] = proof.others.get(kind, 0) + 1
    proof.sales += len(of_sales)
    proof.giveaways += len(of_giveaways)
    _check_sales(session, place, of_sales, noted, sums)
    _check_giveaways(session, place, of_giveaways, noted, sums)


def _check_sales(
    session: AnySession,
    place: Place,
    commands: Sequence[tuple[Received, Readable]],
    noted: dict[str, set[str]],
    sums: _Sums,
) -> None:
    ids = [row.id for row, _ in commands]
    stored_sales = _by_id(session, _SALE, ids)
    stored_lines = _grouped(session, _LINE, "sale_id", ids, "line_no")
    stored_payments = _grouped(session, _PAYMENT, "sale_id", ids, "payment_no")
    stored_transfers = _grouped(session, _TRANSFER, "sale_id", ids, "payment_no")
    stored_moves = _grouped(session, _MOVEMENT, "subject_id", ids, "id")
    batch: list[Judged] = []
    for row, opened in commands:
        known = _known_then(stored_lines[row.id], noted[row.id])
        judged = judge(sale_fact_of(opened), replace(place, received_at=row.received_at), known)
        stored = stored_sales.get(row.id)
        if stored is None:
            same("sale", row.id, "row", None, judged.fact.receipt_number)
            continue
        same_fields("sale", f"{row.id} ({judged.fact.receipt_number})", dict(stored), sale_row(judged))
        _same_rows("sale line", row.id, stored_lines[row.id], line_rows(judged))
        _same_rows("payment", row.id, stored_payments[row.id], payment_rows(judged))
        _same_rows("transfer", row.id, stored_transfers[row.id], transfer_rows(judged))
        _same_rows("movement", row.id, stored_moves[row.id], [vars(moved) for moved in movements(judged)])
        batch.append(judged)
    figures = figures_of(batch)
    add_to(sums.hours, figures.hours)
    add_to(sums.products, figures.products)
    add_to(sums.tenders, figures.tenders)
    add_to(sums.discounts, figures.discounts)
    add_to(sums.stock, {key: (quantity,) for key, quantity in figures.stock.items()})


def _check_giveaways(
    session: AnySession,
    place: Place,
    commands: Sequence[tuple[Received, Readable]],
    noted: dict[str, set[str]],
    sums: _Sums,
) -> None:
    ids = [row.id for row, _ in commands]
    stored_giveaways = _by_id(session, _GIVEAWAY, ids)
    stored_lines = _grouped(session, _GIVEAWAY_LINE, "giveaway_id", ids, "line_no")
    stored_moves = _grouped(session, _MOVEMENT, "subject_id", ids, "id")
    batch: list[JudgedGiveaway] = []
    for row, opened in commands:
        known = _known_then(stored_lines[row.id], noted[row.id])
        judged = judge_giveaway(giveaway_fact_of(opened), replace(place, received_at=row.received_at), known)
        stored = stored_giveaways.get(row.id)
        if stored is None:
            same("giveaway", row.id, "row", None, judged.fact.purpose)
            continue
        same_fields("giveaway", row.id, dict(stored), giveaway_row(judged))
        _same_rows("giveaway line", row.id, stored_lines[row.id], giveaway_line_rows(judged))
        _same_rows("movement", row.id, stored_moves[row.id], [vars(moved) for moved in giveaway_movements(judged)])
        batch.append(judged)
    add_to(sums.stock, {key: (quantity,) for key, quantity in stock_given(batch).items()})


def _open_again(row: Received) -> Readable:
    """The command, read from the text as it came."""
    opened: Readable | Unreadable = open_parcel(
        {"id": row.id, "seq": row.seq, "prev_hash": row.prev_hash, "hash": row.hash, "text": row.text}
    )
    if isinstance(opened, Unreadable):
        raise Differs(Difference("command", row.id, "text", "unreadable", "a command"))
    return opened


def _known_then(lines: Sequence[Any], noted: set[str]) -> Known:
    """What decides how a command is stored. Whose goods a line was is the catalogue's word of that day, kept in the line."""
    producers = {line["product_id"]: line["producer_id"] for line in lines} if "producer_differs" in noted else {}
    goods = {product_id: Goods(producer_id) for product_id, producer_id in producers.items()}
    return Known(goods=goods, price_at={}, newest_version=0, people=frozenset())


def _check_chain(session: AnySession, device: Device, links: list[Link], proof: Proof) -> None:
    quarantined = _check_quarantined(session, device.id)
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
        noted = _noted(session, [one.id for one in part])
        for one in part:
            codes = {found.code for found in odd.get(one.id, [])} - noted[one.id]
            if (one.seq - 1, one.prev_hash) in unreadable:
                codes.discard("chain_link_wrong")
            if codes:
                same("command", one.id, "chain link", "broken", "following the command before it")


def _check_quarantined(session: AnySession, device_id: str) -> list[Link]:
    """The places of the parcels that could not be read, after seeing that each is still the one that came."""
    links: list[Link] = []
    wanted = select(Quarantined).where(Quarantined.device_id == device_id).order_by(Quarantined.id).limit(50)
    rows = session.scalars(wanted).all()
    while rows:
        for row in rows:
            mark = hashlib.sha256(row.parcel_id.encode() + b"\0" + row.raw).hexdigest()
            same("quarantined parcel", row.id, "digest", row.digest, mark)
            if row.seq is not None:
                links.append(Link(row.parcel_id, row.seq, row.prev_hash, row.hash))
        rows = session.scalars(wanted.where(Quarantined.id > rows[-1].id)).all()
    return links


def _check_sums(session: AnySession, sums: _Sums) -> None:
    same_sums("hour figure", _stored_sums(session, _HOUR, 3), sums.hours)
    same_sums("product figure", _stored_sums(session, _PRODUCT, 5), sums.products)
    same_sums("tender figure", _stored_sums(session, _TENDER, 4), sums.tenders)
    same_sums("discount figure", _stored_sums(session, _DISCOUNT, 5), sums.discounts)
    moved: dict[tuple[Any, ...], tuple[int, ...]] = {}
    totals = select(
        Movement.booth_id, Movement.product_id, Movement.producer_id, Movement.kind, func.sum(Movement.quantity)
    ).group_by(Movement.booth_id, Movement.product_id, Movement.producer_id, Movement.kind)
    sold: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for booth, product, producer, kind, quantity in session.execute(totals):
        add_to(moved, {(booth, product, producer): (int(quantity),)})
        if kind != "intake":
            add_to(sold, {(booth, product, producer): (int(quantity),)})
    same_sums("stock moved by commands", sold, sums.stock)
    same_sums("transfer", *_confirmed(session))
    same_sums("stock balance", _stored_sums(session, cast("Table", Balance.__table__), 3), moved)


def _confirmed(session: AnySession) -> tuple[_Table, _Table]:
    """(what transfers say of themselves, what their confirmations say): money received, and whether a person saw it."""
    told: _Table = {}
    for one in session.scalars(select(Confirmation)):
        by_person, sign = one.how == "person", -1 if one.reverses_id else 1
        add_to(told, {(one.sale_id, one.payment_no): (0 if by_person else one.amount_dong, sign if by_person else 0)})
    columns = (Transfer.sale_id, Transfer.payment_no, Transfer.received_dong, Transfer.seen)
    stored: _Table = {
        (sale, no): (received, int(seen)) for sale, no, received, seen in session.execute(select(*columns))
    }
    return stored, told


def _stored_sums(session: AnySession, table: Table, keys: int) -> dict[tuple[Any, ...], tuple[int, ...]]:
    return {tuple(row[:keys]): tuple(row[keys:]) for row in session.execute(select(table))}


def _by_id(session: AnySession, table: Table, ids: list[str]) -> dict[str, Any]:
    return {row["id"]: row for row in session.execute(select(table).where(table.c.id.in_(ids))).mappings()}


def _grouped(session: AnySession, table: Table, owner: str, ids: list[str], order: str) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(select(table).where(table.c[owner].in_(ids)).order_by(table.c[order])).mappings():
        rows[row[owner]].append(row)
    return rows


def _noted(session: AnySession, ids: list[str]) -> dict[str, set[str]]:
    """What was odd on arrival already, by sale: that is listed for people and is no sign of a later change."""
    noted: dict[str, set[str]] = defaultdict(set)
    for sale_id, code in session.execute(select(Oddity.sale_id, Oddity.code).where(Oddity.sale_id.in_(ids))):
        noted[sale_id].add(code)
    return noted


def _same_rows(what: str, which: str, stored: Sequence[Any], computed: Sequence[dict[str, Any]]) -> None:
    same(what, which, "number of rows", len(stored), len(computed))
    for number, (one, other) in enumerate(zip(stored, computed, strict=True), 1):
        same_fields(what, f"{which} #{number}", one, other)
