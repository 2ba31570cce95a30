"""Receiving taps once: from what a phone sent to rows and running sums, or to something kept whole for a person to look at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import Table, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from fair_pos.plumbing.db import add_up, dialect_of, insert_new
from fair_pos.venues.actions import show_edition
from fair_pos.venues.queries import get_edition
from fair_pos.visitors.rules import counts_in, counts_out
from fair_pos.visitors.tables import GateDevice, GateEntry, GateHour, GateQuarantined
from fair_pos.visitors.taps import HOUR_SUMS, Entry, Post, Tap, climb, effects, hour_rows, settle
from fair_pos.visitors.wire import ENTRIES, EntryAnswer, GateTap, QuarantineReason

MAX_RAW_BYTES = 4096
"""A tap is a tenth of it; what is longer is kept cut, since it is none."""

_ENTRY = cast("Table", GateEntry.__table__)
_DEVICE = cast("Table", GateDevice.__table__)
_HOUR = cast("Table", GateHour.__table__)
_ASIDE = cast("Table", GateQuarantined.__table__)

_DIGESTS = select(_ENTRY.c.id, _ENTRY.c.digest).where(_ENTRY.c.id.in_(bindparam("ids", expanding=True)))
_BY_ID = select(_ENTRY).where(_ENTRY.c.id.in_(bindparam("ids", expanding=True)))
_UNDOS = select(_ENTRY).where(_ENTRY.c.undoes_id.in_(bindparam("ids", expanding=True)))
_TAKE_EFFECT = (
    update(_ENTRY)
    .where(_ENTRY.c.id == bindparam("entry"))
    .values({name: bindparam(f"{name}_") for name in
             ("direction", "people", "grouped", "fair_day", "hour", "minute", "oddities")})
)  # fmt: skip
_COUNT_UP = (
    update(_DEVICE)
    .where(_DEVICE.c.id == bindparam("device"))
    .values(
        entry_count=_DEVICE.c.entry_count + bindparam("arrived"),
        quarantine_count=_DEVICE.c.quarantine_count + bindparam("aside"),
    )
    .returning(_DEVICE.c.high_seq, _DEVICE.c.max_seq)
)
_SET_WATER = (
    update(_DEVICE)
    .where(_DEVICE.c.id == bindparam("device"))
    .values(high_seq=bindparam("high"), max_seq=bindparam("max"))
)
_ABOVE = union_all(
    *(
        select(table.c.seq.label("seq")).where(
            table.c.device_id == bindparam("device"), table.c.seq > bindparam("high")
        )
        for table in (_ENTRY, _ASIDE)
    )
).order_by("seq")


@dataclass(frozen=True)
class Unreadable:
    """An entry kept as it came, with the reason."""

    entry_id: str
    seq: int | None
    raw: bytes
    reason: QuarantineReason
    detail: str


def receive_taps(
    session: Session, device: GateDevice, sent: Sequence[object], received_at: datetime
) -> list[EntryAnswer]:
    """Take every entry in: store it, know it again, or keep it in quarantine. One answer each, in their order.

    The whole upload is the caller's one transaction, and the caller holds the phone's row, so that of two uploads of one
    phone the second sees what the first did; each entry is judged alone.
    """
    opened = [open_entry(one) for one in sent]
    first = {one.id: one for one in reversed(opened) if isinstance(one, Tap)}
    held = held_digests(session, first)
    post = post_of(session, device, received_at)
    settled = {one_id: settle(one, post) for one_id, one in first.items() if one_id not in held}
    new = claim(session, list(settled.values()))
    lost = settled.keys() - new
    if lost:  # a copy of this phone sent the same between our look and our claim
        held |= held_digests(session, lost)
    count_new(session, [settled[one_id] for one_id in new])
    answers: list[EntryAnswer] = []
    refused: list[Unreadable] = []
    for one in opened:
        verdict: Tap | Unreadable = one
        if isinstance(one, Tap):
            is_new = one.id in new
            if is_new and first[one.id] is one:
                answers.append(EntryAnswer(id=one.id, answer="stored", reason=None))
                continue
            if one.digest == (first[one.id].digest if is_new else held[one.id]):
                answers.append(EntryAnswer(id=one.id, answer="already_have", reason=None))
                continue
            verdict = set_aside(one)
        assert isinstance(verdict, Unreadable)
        refused.append(verdict)
        answers.append(EntryAnswer(id=verdict.entry_id, answer="quarantined", reason=verdict.reason))
    kept = put_in_quarantine(session, device, refused, received_at)
    numbers = [first[one_id].seq for one_id in new] + [seq for seq in kept if seq is not None]
    raise_water(session, device, numbers, aside=len(kept))
    return answers


def open_entry(sent: object) -> Tap | Unreadable:
    """Read one entry. Whatever is wrong with it concerns it alone."""
    raw = json.dumps(sent, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    if len(raw) > MAX_RAW_BYTES:
        return aside(sent, raw[:MAX_RAW_BYTES], "too_long", str(len(raw)))
    try:
        read = ENTRIES.validate_python(sent)
    except ValidationError as error:
        one = error.errors(include_url=False, include_input=False)[0]
        return aside(sent, raw, "wrong_shape", f"{'.'.join(map(str, one['loc']))}: {one['type']}")
    except RecursionError:
        return aside(sent, raw[:MAX_RAW_BYTES], "wrong_shape", "depth")
    digest = hashlib.sha256(raw).hexdigest()
    if isinstance(read, GateTap):
        return Tap(
            read.id,
            read.seq,
            read.kind,
            read.direction,
            read.people,
            None,
            read.device_at,
            read.clock_offset_ms,
            digest,
        )
    return Tap(read.id, read.seq, "undo", "", 0, read.undoes, read.device_at, read.clock_offset_ms, digest)


def aside(sent: object, raw: bytes, reason: QuarantineReason, detail: str) -> Unreadable:
    """Something that is no entry, with what can be told of its id and number."""
    said: Mapping[Any, Any] = sent if isinstance(sent, Mapping) else {}
    seq = said.get("seq")
    number = seq if isinstance(seq, int) and not isinstance(seq, bool) and 1 <= seq <= 10**9 else None
    return Unreadable(printable(str(said.get("id", "")))[:100], number, raw, reason, printable(detail)[:300])


def set_aside(one: Tap) -> Unreadable:
    """A readable entry that may not take its id."""
    raw = json.dumps({**vars(one), "device_at": one.device_at.isoformat()}, sort_keys=True).encode()
    return Unreadable(one.id, one.seq, raw, "id_reused", "")


def printable(text: str) -> str:
    """Without what a text column cannot hold: NUL and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def post_of(session: Session, device: GateDevice, received_at: datetime) -> Post:
    """Where the phone stands. A hidden edition that is counted at is shown again."""
    gate = device.gate
    edition = get_edition(session, gate.edition_id)
    if edition.hidden_at is not None:
        show_edition(session, edition.id, at=received_at, by=None)
    is_fair = edition.kind == "fair"
    return Post(
        device_id=device.id,
        gate_id=gate.id,
        day_boundary_minutes=edition.day_boundary_minutes,
        paired_at=device.paired_at,
        revoked_at=device.revoked_at,
        received_at=received_at,
        counts_in=counts_in(gate.way),
        counts_out=counts_out(gate.way),
        first_day=edition.starts_day if is_fair else None,
        last_day=edition.ends_day if is_fair else None,
    )


def held_digests(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Those of the entries that were received before, with the digest of what they said."""
    if not ids:
        return {}
    return {row.id: row.digest for row in session.execute(_DIGESTS, {"ids": list(ids)})}


def claim(session: Session, entries: Sequence[Entry]) -> set[str]:
    """Write entries down; returns the ids that were not there before.

    The primary key decides, not our look before. Sorted, since two uploads that insert the same ids in different orders
    deadlock on PostgreSQL.
    """
    if not entries:
        return set()
    rows = [vars(one) for one in sorted(entries, key=lambda one: one.id)]
    return set(session.execute(insert_new(dialect_of(session), _ENTRY, "id"), rows).scalars())


def count_new(session: Session, fresh: Sequence[Entry]) -> None:
    """Let new entries take effect: taps add to their hour, undos take away what their tap added."""
    if not fresh:
        return
    mine = {one.id for one in fresh}
    named = {one.undoes_id for one in fresh if one.undoes_id is not None}
    targets = {one.id: one for one in _entries(session, _BY_ID, named - mine)}
    undos: dict[str, list[Entry]] = {}
    for one in _entries(session, _UNDOS, mine | named):
        if one.id not in mine:
            undos.setdefault(cast("str", one.undoes_id), []).append(one)
    done = effects(fresh, targets, undos)
    before = {one.id: one for one in fresh}
    changed = [one for one in (*done.fresh, *done.woken) if one != before.get(one.id)]
    if changed:
        fields = ("direction", "people", "grouped", "fair_day", "hour", "minute", "oddities")
        values = [{"entry": one.id} | {f"{name}_": getattr(one, name) for name in fields} for one in changed]
        session.execute(_TAKE_EFFECT, values)
    add_up(session, _HOUR, HOUR_SUMS, hour_rows(done.counting))


def _entries(session: Session, statement: Any, ids: Iterable[str | None]) -> list[Entry]:
    wanted = sorted(one for one in ids if one is not None)
    if not wanted:
        return []
    return [Entry(**row) for row in session.execute(statement, {"ids": wanted}).mappings()]


def put_in_quarantine(
    session: Session, device: GateDevice, refused: Sequence[Unreadable], received_at: datetime
) -> list[int | None]:
    """Keep what cannot be read, each once; the numbers of those that were not there before."""
    by_digest = {hashlib.sha256(one.raw).hexdigest(): one for one in refused}
    if not by_digest:
        return []
    known = select(_ASIDE.c.digest).where(_ASIDE.c.device_id == device.id, _ASIDE.c.digest.in_(by_digest))
    for digest in session.scalars(known):
        del by_digest[digest]
    rows = [
        {
            "device_id": device.id,
            "entry_id": one.entry_id,
            "seq": one.seq,
            "digest": digest,
            "raw": one.raw,
            "reason": one.reason,
            "detail": one.detail,
            "received_at": received_at,
        }
        for digest, one in sorted(by_digest.items())
    ]
    if rows:
        session.execute(_ASIDE.insert(), rows)
    return [one.seq for one in by_digest.values()]


def raise_water(session: Session, device: GateDevice, arrived: Sequence[int], *, aside: int) -> None:
    """Keep the phone's counters and its high-water mark. The first update locks the row, so two uploads cannot both compute it."""
    if not arrived and not aside:
        return
    counts = {"device": device.id, "arrived": len(arrived), "aside": aside}
    high, top = session.execute(_COUNT_UP, counts).one()
    reached = high
    if high + 1 in arrived:  # else the gap is still there, and what lies beyond it need not be read
        above = session.execute(_ABOVE, {"device": device.id, "high": high}).scalars()
        reached = climb(high, above)
    session.execute(_SET_WATER, {"device": device.id, "high": reached, "max": max([top, *arrived])})
