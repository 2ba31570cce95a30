"""What stands beside the commands and must say the same: findings and oddities, the journal, parcels in quarantine, goods brought."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, select

from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import Difference, Differs, same, same_fields, same_sums
from fair_pos.sales.facts import Odd
from fair_pos.sales.tables import Oddity
from fair_pos.stock.tables import Movement
from fair_pos.till.pairing import pairing_line
from fair_pos.till.parcels import Readable, open_parcel
from fair_pos.till.rules import Link, aside_findings
from fair_pos.till.tables import Device, Quarantined, Received

RECOMPUTED = frozenset({
    "clock_off", "fair_day_differs", "booth_differs", "person_unknown",
    "line_differs", "discount_exceeds_line", "rounding_differs", "total_differs", "payments_differ",
    "price_list_unknown", "product_unknown", "producer_differs", "pack_unknown", "pack_size_differs", "measure_differs",
    "price_differs", "price_changed", "discount_reason_missing", "borne_by_missing", "giveaway_not_free",
    "session_unknown", "float_differs", "counted_differs",
})  # fmt: skip
"""Oddities that the text, the place and the catalogue's history make again. Of the others only what was found on arrival is known."""

Noted = Mapping[str, Mapping[str, Oddity]]
"""Command → code → what stands in the list of oddities."""

# --- oddities -----------------------------------------------------------------------------------------------------------


def noted_about(session: AnySession, ids: Sequence[str]) -> Noted:
    """What stands in the list of oddities about these commands."""
    noted: dict[str, dict[str, Oddity]] = defaultdict(dict)
    for one in session.scalars(select(Oddity).where(Oddity.sale_id.in_(ids))):
        noted[one.sale_id][one.code] = one
    return noted


def check_recomputed(command_id: str, oddities: Iterable[Odd], noted: Mapping[str, Oddity]) -> None:
    """What is odd by the text alone is listed, and nothing else that would be. Raises Differs."""
    again = {odd.code: dict(odd.facts) for odd in oddities if odd.code in RECOMPUTED}
    listed = {code: odd.facts for code, odd in noted.items() if code in RECOMPUTED}
    for code in sorted({*again, *listed}):
        same("oddity", command_id, code, listed.get(code), again.get(code))


def check_findings(session: AnySession, device: Device, edition_id: str, ids: Sequence[str]) -> int:
    """Everything found on arrival is listed as it was found, and nothing else; how many there are."""
    found: dict[tuple[str, str], list[tuple[datetime, str, Any]]] = defaultdict(list)
    odd = select(Received.received_at, Received.findings).where(
        Received.device_id == device.id, cast(Received.findings, Text) != "[]"
    )
    for received_at, findings in session.execute(odd):
        for sale_id, code, facts in findings:
            found[sale_id, code].append((received_at, edition_id, facts))
    listed = 0
    for start in range(0, len(ids), 500):
        for sale_id, codes in noted_about(session, ids[start : start + 500]).items():
            for code, one in codes.items():
                stored = (one.noticed_at, one.edition_id, one.facts)
                arrived = found.pop((sale_id, code), [])
                same("oddity", sale_id, code, stored, stored if stored in arrived else arrived or None)
                listed += 1
    for sale_id, code in found:
        same("oddity", sale_id, code, None, "found on arrival")
    return listed


# --- the journal --------------------------------------------------------------------------------------------------------

_BEGUN = ("device_paired", "sample_device_made")


def check_lines(session: AnySession, told: Sequence[Mapping[str, Any]]) -> None:
    """Each of these lines stands in the journal once, as it was written when its command came. Raises Differs."""
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    wanted = select(Line).where(
        Line.subject_id.in_([one["subject_id"] for one in told]), Line.verb.in_({one["verb"] for one in told})
    )
    for line in session.scalars(wanted):
        lines[line.verb, line.subject_id].append(line)
    for one in told:
        found = lines[one["verb"], one["subject_id"]]
        same("journal line", one["subject_id"], f"number of lines «{one['verb']}»", len(found), 1)
        same_fields("journal line", one["subject_id"], vars(found[0]), one)


def check_line_count(session: AnySession, verbs: Collection[str], commands: int) -> None:
    """No line tells of a command that never came. Raises Differs."""
    counted = session.scalar(select(func.count()).select_from(Line).where(Line.verb.in_(verbs)))
    same("journal line", ", ".join(verbs), "number of lines", counted, commands)


def check_beginning(session: AnySession, device: Device) -> None:
    """A device began as what it is: real ones were paired, the simulator's never were."""
    which = f"device {device.letter}"
    wanted = select(Line).where(Line.subject_kind == "device", Line.subject_id == device.id, Line.verb.in_(_BEGUN))
    lines = session.scalars(wanted).all()
    same(which, device.id, "journal lines of its beginning", len(lines), 1)
    told = pairing_line(device)
    del told["subject"]
    same_fields(which, device.id, told, {name: getattr(lines[0], name) for name in told})


# --- quarantine ---------------------------------------------------------------------------------------------------------


def check_quarantined(session: AnySession, device: Device) -> list[Link]:
    """The places of the parcels that could not be read, after seeing that each is still the one that came."""
    links: list[Link] = []
    count = 0
    wanted = select(Quarantined).where(Quarantined.device_id == device.id).order_by(Quarantined.id).limit(50)
    rows = session.scalars(wanted).all()
    while rows:
        for row in rows:
            _check_kept(session, row)
            count += 1
            if row.seq is not None:
                links.append(Link(row.parcel_id, row.seq, row.prev_hash, row.hash))
        rows = session.scalars(wanted.where(Quarantined.id > rows[-1].id)).all()
    same(f"device {device.letter}", device.id, "quarantine count", device.quarantine_count, count)
    return links


def _check_kept(session: AnySession, row: Quarantined) -> None:
    mark = hashlib.sha256(row.parcel_id.encode() + b"\0" + row.raw).hexdigest()
    same("quarantined parcel", row.id, "digest", row.digest, mark)
    again = aside_findings(row.seq, row.prev_hash, row.hash, row.raw)
    same("quarantined parcel", row.id, "what its hash says", row.findings, again)
    text = row.raw.decode("utf-8", "surrogatepass")
    place = {"id": row.parcel_id, "seq": row.seq, "prev_hash": row.prev_hash, "hash": row.hash, "text": text}
    opened = open_parcel(json.loads(text) if row.seq is None else place)
    if not isinstance(opened, Readable):
        same("quarantined parcel", row.id, "number", row.seq, opened.seq)
        same("quarantined parcel", row.id, "reason", row.reason, opened.reason)
        return
    # A command can be read and lie here all the same when another with its id came first.
    first = session.scalar(select(Received.digest).where(Received.id == row.parcel_id))
    reused = first is not None and first != digest(text)
    same("quarantined parcel", row.id, "reason", row.reason, "id_reused" if reused else "none: it can be read")


# --- goods that moved ---------------------------------------------------------------------------------------------------


def check_subjects(session: AnySession) -> None:
    """Nothing was sold, given back or given away but by a command, nothing brought without a lot but by a line in the journal.

    Goods in lots come by notes, which have a checker of their own.
    """
    command = select(Received.id).where(Received.id == Movement.subject_id).exists()
    stray = select(Movement).where(Movement.kind.in_(("sale", "refund", "giveaway")), ~command).limit(1)
    for one in session.scalars(stray):
        raise Differs(Difference("movement", str(one.id), "subject", repr(one.subject_id), "a command"))
    moved: dict[tuple[str, str], tuple[int, ...]] = {}
    columns = (Movement.subject_id, Movement.place_id)
    sums = select(*columns, func.count(), func.sum(Movement.quantity)).where(
        Movement.kind == "intake", Movement.lot_id == ""
    )
    for subject_id, booth_id, rows, pieces in session.execute(sums.group_by(*columns)):
        moved[subject_id, booth_id] = (rows, int(pieces))
    told: dict[tuple[str, str], tuple[int, ...]] = {}
    for line in session.scalars(select(Line).where(Line.verb == "intake_recorded")):
        key = (line.subject_id, str(line.facts["booth"]))
        rows, pieces = told.get(key, (0, 0))
        told[key] = (rows + line.facts["rows"], pieces + line.facts["pieces"])
    same_sums("goods brought", moved, told)
