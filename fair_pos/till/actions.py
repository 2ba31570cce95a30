"""Receiving parcels once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, Table, bindparam, select, update
from sqlalchemy.orm import Session

from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.sales.actions import record_oddities
from fair_pos.sales.facts import Odd, Place
from fair_pos.sales.queries import oddities_noticed
from fair_pos.till.handlers import HANDLERS, keep_only, look_at_drawer, look_at_refunds
from fair_pos.till.parcels import Readable, Unreadable, open_parcel, set_aside
from fair_pos.till.rules import Link, aside_findings, hash_oddities, high_water, link_oddities
from fair_pos.till.tables import Device, Quarantined, Received
from fair_pos.till.wire import ParcelAnswer
from fair_pos.venues.actions import show_edition
from fair_pos.venues.queries import get_booth

_RECEIVED = cast("Table", Received.__table__)
_QUARANTINED = cast("Table", Quarantined.__table__)
_DEVICE = cast("Table", Device.__table__)

_DIGESTS = select(_RECEIVED.c.id, _RECEIVED.c.digest).where(_RECEIVED.c.id.in_(bindparam("ids", expanding=True)))
_LINKS = select(_RECEIVED.c.id, _RECEIVED.c.seq, _RECEIVED.c.prev_hash, _RECEIVED.c.hash).where(
    _RECEIVED.c.device_id == bindparam("device"), _RECEIVED.c.seq.in_(bindparam("seqs", expanding=True))
)
_QUARANTINED_LINKS = select(
    _QUARANTINED.c.parcel_id, _QUARANTINED.c.seq, _QUARANTINED.c.prev_hash, _QUARANTINED.c.hash
).where(_QUARANTINED.c.device_id == bindparam("device"), _QUARANTINED.c.seq.in_(bindparam("seqs", expanding=True)))
_BEYOND = select(_RECEIVED.c.seq).where(
    _RECEIVED.c.device_id == bindparam("device"),
    _RECEIVED.c.seq.between(bindparam("high") + 1, bindparam("until")),
)
_QUARANTINED_BEYOND = select(_QUARANTINED.c.seq).where(
    _QUARANTINED.c.device_id == bindparam("device"),
    _QUARANTINED.c.seq.between(bindparam("high") + 1, bindparam("until")),
)
_KEEP_FINDINGS = (
    update(_RECEIVED).where(_RECEIVED.c.id == bindparam("command")).values(findings=bindparam("findings_", type_=JSON))
)
_COUNT_UP = (
    update(_DEVICE)
    .where(_DEVICE.c.id == bindparam("device"))
    .values(
        command_count=_DEVICE.c.command_count + bindparam("arrived"),
        quarantine_count=_DEVICE.c.quarantine_count + bindparam("aside"),
    )
    .returning(_DEVICE.c.high_seq, _DEVICE.c.max_seq)
)
_SET_WATER = (
    update(_DEVICE)
    .where(_DEVICE.c.id == bindparam("device"))
    .values(high_seq=bindparam("high"), max_seq=bindparam("max"))
)


def receive_upload(
    session: Session, device: Device, parcels: Sequence[object], received_at: datetime
) -> list[ParcelAnswer]:
    """Take every parcel in: store it, know it again, or keep it in quarantine. One answer each, in their order.

    The whole upload is the caller's one transaction; each parcel is judged alone, so none can reject its neighbours.
    """
    opened = [open_parcel(parcel) for parcel in parcels]
    first = {one.link.id: one for one in reversed(opened) if isinstance(one, Readable)}
    held = held_digests(session, first)
    new = claim(session, device, [one for one_id, one in first.items() if one_id not in held], received_at)
    lost = [one_id for one_id in first if one_id not in held and one_id not in new]
    if lost:  # another upload with the same commands came between our look and our claim
        held |= held_digests(session, lost)
    record_new(session, device, [first[one_id] for one_id in sorted(new)], received_at)
    answers: list[ParcelAnswer] = []
    refused: list[Unreadable] = []
    for one in opened:
        verdict = one
        if isinstance(one, Readable):
            is_new = one.link.id in new
            if is_new and first[one.link.id] is one:
                answers.append(ParcelAnswer(id=one.link.id, answer="stored", reason=None))
                continue
            if one.digest == (first[one.link.id].digest if is_new else held[one.link.id]):
                answers.append(ParcelAnswer(id=one.link.id, answer="already_have", reason=None))
                continue
            verdict = set_aside(one, "id_reused")
        assert isinstance(verdict, Unreadable)
        refused.append(verdict)
        answers.append(ParcelAnswer(id=verdict.parcel_id, answer="quarantined", reason=verdict.reason))
    kept = put_in_quarantine(session, device, refused, received_at)
    numbered = [seq for seq in kept if seq is not None]
    raise_water(session, device, [first[one_id].link.seq for one_id in new] + numbered, aside=len(kept))
    return answers


def held_digests(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Those of the commands that were received before, with the digest of their text."""
    wanted = list(ids)
    return {row.id: row.digest for row in session.execute(_DIGESTS, {"ids": wanted})} if wanted else {}


def claim(session: Session, device: Device, new: Sequence[Readable], received_at: datetime) -> set[str]:
    """Write the commands down as received; returns the ids that were not there before.

    The primary key decides, not our look before: of two uploads that carry the same command at the same time, one gets it.
    Sorted, since two uploads that insert the same ids in different orders deadlock on PostgreSQL.
    """
    if not new:
        return set()
    rows = [
        {
            "id": one.link.id,
            "device_id": device.id,
            "seq": one.link.seq,
            "prev_hash": one.link.prev_hash,
            "hash": one.link.hash,
            "digest": one.digest,
            "text": one.text,
            "received_at": received_at,
            "findings": [],
        }
        for one in sorted(new, key=lambda one: one.link.id)
    ]
    return set(session.execute(insert_new(dialect_of(session), _RECEIVED, "id"), rows).scalars())


def record_new(session: Session, device: Device, new: Sequence[Readable], received_at: datetime) -> None:
    """Hand commands that are here for the first time to the features they are for, with what is odd about their chain."""
    if not new:
        return
    place = place_of(session, device, received_at)
    found = chain_oddities(session, device, [one.link for one in new])
    for one in new:
        found.setdefault(one.link.id, []).extend(hash_oddities(one.link.prev_hash, one.link.hash, one.text))
    ordered = sorted(new, key=lambda one: (one.link.seq, one.link.id))
    for handler in dict.fromkeys([*HANDLERS.values(), keep_only]):
        some = [one for one in ordered if HANDLERS.get(one.command.kind, keep_only) is handler]
        if some:
            handler(session, some, place, found)
    for look in (look_at_drawer, look_at_refunds):
        for command_id, odd in look(session, new, place).items():
            found.setdefault(command_id, []).extend(odd)
    # A link can also break at the command after ours, which may have come before it; of two that say the same the first stays.
    record_oddities(session, found, place)
    earlier = found.keys() - {one.link.id for one in new}
    keep_findings(session, [one.link.id for one in new], earlier, received_at)


def keep_findings(session: Session, new: Sequence[str], earlier: Iterable[str], at: datetime) -> None:
    """Write beside the received commands what their arrival brought to light; `verify` compares the list of oddities with it.

    What the first of them says of earlier commands stands with it.
    """
    found: dict[str, list[list[Any]]] = {}
    for sale_id, code, facts in oddities_noticed(session, [*new, *earlier], at):
        found.setdefault(sale_id if sale_id in new else new[0], []).append([sale_id, code, facts])
    if found:
        session.execute(_KEEP_FINDINGS, [{"command": one, "findings_": odd} for one, odd in found.items()])


def place_of(session: Session, device: Device, received_at: datetime) -> Place:
    """Where the device stands."""
    booth = get_booth(session, device.booth_id)
    if booth.edition.hidden_at is not None:
        show_edition(session, booth.edition_id, at=received_at, by=None)
    return Place(
        edition_id=booth.edition_id,
        booth_id=booth.id,
        device_id=device.id,
        day_boundary_minutes=booth.edition.day_boundary_minutes,
        paired_at=device.paired_at,
        revoked_at=device.revoked_at,
        sample=device.sample,
        received_at=received_at,
        first_day=booth.edition.starts_day if booth.edition.kind == "fair" else None,
        last_day=booth.edition.ends_day if booth.edition.kind == "fair" else None,
        opening_day=booth.edition.starts_day if booth.edition.kind == "showroom" else None,
    )


def chain_oddities(session: Session, device: Device, fresh: Sequence[Link]) -> dict[str, list[Odd]]:
    """Compare the fresh links with those before and after them, quarantined parcels included."""
    seqs = sorted({one.seq + step for one in fresh for step in (-1, 0, 1)})
    wanted = {"device": device.id, "seqs": seqs}
    neighbours = [Link(*row) for row in session.execute(_LINKS, wanted)]
    quarantined = [Link(*row) for row in session.execute(_QUARANTINED_LINKS, wanted)]
    odd = link_oddities(fresh, neighbours + quarantined)
    unreadable = {one.id for one in quarantined} - {one.id for one in neighbours}
    return {sale_id: found for sale_id, found in odd.items() if sale_id not in unreadable}


def raise_water(session: Session, device: Device, arrived: Sequence[int], *, aside: int) -> None:
    """Keep the device's counters and its high-water mark. The row is locked by the first update, so two uploads cannot both
    compute it.
    """
    if not arrived and not aside:
        return
    counts = {"device": device.id, "arrived": len(arrived), "aside": aside}
    high, top = session.execute(_COUNT_UP, counts).one()
    reached, newest = high_water(high, top, arrived, {})
    # What came earlier matters only once a gap has closed, and only up to the next one.
    climbing = top > high and reached > high
    high, top = reached, newest
    while climbing and high < top:
        wanted = {"device": device.id, "high": high, "until": high + RUN}
        beyond = dict.fromkeys(session.execute(_BEYOND, wanted).scalars())
        beyond.update(dict.fromkeys(session.execute(_QUARANTINED_BEYOND, wanted).scalars()))
        reached, _ = high_water(high, top, [], beyond)
        climbing, high = reached > high, reached
    session.execute(_SET_WATER, {"device": device.id, "high": high, "max": top})


def put_in_quarantine(
    session: Session, device: Device, refused: Sequence[Unreadable], received_at: datetime
) -> list[int | None]:
    """Keep what could not be read, each once however often it is sent; returns the numbers of those kept now, None without one."""
    seen: set[str] = set()
    kept: list[int | None] = []
    for one in refused:
        mark = hashlib.sha256(one.parcel_id.encode() + b"\0" + one.raw).hexdigest()
        known = select(_QUARANTINED.c.id).where(_QUARANTINED.c.device_id == device.id, _QUARANTINED.c.digest == mark)
        if mark in seen or session.execute(known).first() is not None:
            continue
        seen.add(mark)
        kept.append(one.seq)
        session.add(
            Quarantined(
                device_id=device.id,
                parcel_id=one.parcel_id,
                seq=one.seq,
                prev_hash=one.prev_hash,
                hash=one.hash,
                digest=mark,
                raw=one.raw,
                reason=one.reason,
                detail=one.detail,
                received_at=received_at,
                findings=aside_findings(one.seq, one.prev_hash, one.hash, one.raw),
            )
        )
    session.flush()
    return kept


RUN = 1000
"""How many numbers after a closed gap are looked at in one go."""
