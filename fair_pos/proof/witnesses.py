"""What stands beside the commands and must say the same: findings and oddities, the journal, parcels in quarantine, goods brought."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import prices_of
from fair_pos.catalogue.rules import price_at
from fair_pos.catalogue.tables import CatalogueVersion, Product
from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.people.tables import Person
from fair_pos.proof.rules import Difference, Differs, same, same_fields, same_sums
from fair_pos.sales.facts import Judged, Known, SaleFact
from fair_pos.sales.rows import journal_of
from fair_pos.sales.tables import Oddity
from fair_pos.stock.tables import Movement
from fair_pos.till.pairing import pairing_line
from fair_pos.till.parcels import Readable, open_parcel
from fair_pos.till.rules import Link, aside_findings
from fair_pos.till.tables import Device, Quarantined, Received

AnySession = Session | scoped_session[Session]
RECOMPUTED = frozenset({
    "clock_off", "fair_day_differs", "booth_differs", "person_unknown", "line_differs", "total_differs", "payments_differ",
    "price_list_unknown", "product_unknown", "producer_differs", "price_differs",
})  # fmt: skip
"""Oddities that the text, the place and the catalogue's history make again. Of the others only what was found on arrival is known."""

Noted = Mapping[str, Mapping[str, Oddity]]
"""Sale → code → what stands in the list of oddities."""

# --- what the server knew when a command came ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Then:
    """Products, people and price lists, each with when it came to be."""

    products: Mapping[str, tuple[str, datetime]]
    people: Mapping[str, datetime]
    versions: Mapping[int, datetime]
    prices: Mapping[str, Sequence[tuple[int, int]]]

    def known_to(self, fact: SaleFact, noted: Mapping[str, object], received_at: datetime) -> Known:
        """What a sale was compared with. What exists now existed then, unless it is younger and was noted as unknown.

        (Sample sales are younger than their past: what they name was known.)
        """
        producers = {
            product: producer
            for product, (producer, created_at) in self.products.items()
            if not ("product_unknown" in noted and created_at > received_at)
        }
        people = {
            person
            for person, created_at in self.people.items()
            if not ("person_unknown" in noted and created_at > received_at)
        }
        newest, named = max(self.versions, default=0), fact.price_list_version
        if "price_list_unknown" in noted and named in self.versions and self.versions[named] > received_at:
            newest = named - 1
        return Known(
            producer_of=producers,
            price_at={(product, named): price_at(history, named) for product, history in self.prices.items()},
            newest_version=newest,
            people=frozenset(people),
        )


def look_back(session: AnySession, facts: Sequence[SaleFact]) -> Then:
    """All that these sales may have been compared with. An import changes neither a product's producer nor an old price."""
    products = {line.product_id for fact in facts for line in fact.lines}
    people = {fact.person_id for fact in facts}
    named = {fact.price_list_version for fact in facts}
    newest = select(func.max(CatalogueVersion.version)).scalar_subquery()
    versions = select(CatalogueVersion.version, CatalogueVersion.changed_at).where(
        CatalogueVersion.version.in_(named) | (CatalogueVersion.version == newest)
    )
    found = session.execute(select(Product.id, Product.producer_id, Product.created_at).where(Product.id.in_(products)))
    return Then(
        products={product: (producer, created_at) for product, producer, created_at in found},
        people=dict(session.execute(select(Person.id, Person.created_at).where(Person.id.in_(people))).all()),
        versions=dict(session.execute(versions).all()),
        prices=prices_of(session, products),
    )


# --- oddities -----------------------------------------------------------------------------------------------------------


def noted_about(session: AnySession, ids: Sequence[str]) -> Noted:
    """What stands in the list of oddities about these commands."""
    noted: dict[str, dict[str, Oddity]] = defaultdict(dict)
    for one in session.scalars(select(Oddity).where(Oddity.sale_id.in_(ids))):
        noted[one.sale_id][one.code] = one
    return noted


def check_recomputed(judged: Judged, noted: Mapping[str, Oddity]) -> None:
    """What is odd by the text alone is listed, and nothing else that would be."""
    again = {odd.code: dict(odd.facts) for odd in judged.oddities if odd.code in RECOMPUTED}
    listed = {code: odd.facts for code, odd in noted.items() if code in RECOMPUTED}
    for code in sorted({*again, *listed}):
        same("oddity", judged.fact.id, code, listed.get(code), again.get(code))


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

_RECORDED = ("sale_recorded", "refund_recorded")
_BEGUN = ("device_paired", "sample_device_made")


def check_journal(session: AnySession, batch: Sequence[Judged]) -> None:
    """Each sale has its one line, written in the moment in which it came."""
    lines: dict[str, list[Line]] = defaultdict(list)
    ids = [judged.fact.id for judged in batch]
    wanted = select(Line).where(Line.subject_kind == "sale", Line.subject_id.in_(ids), Line.verb.in_(_RECORDED))
    for line in session.scalars(wanted):
        lines[line.subject_id].append(line)
    for judged in batch:
        same("journal line", judged.fact.id, "number of lines", len(lines[judged.fact.id]), 1)
        same_fields("journal line", judged.fact.id, vars(lines[judged.fact.id][0]), journal_of(judged))


def check_journal_count(session: AnySession, commands: int) -> None:
    """No line tells of a sale that never came."""
    counted = session.scalar(select(func.count()).select_from(Line).where(Line.verb.in_(_RECORDED)))
    same("journal line", "sales", "number of lines", counted, commands)


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
    """Nothing was sold or given back but by a command, nothing brought but by a note in the journal."""
    command = select(Received.id).where(Received.id == Movement.subject_id).exists()
    stray = select(Movement).where(Movement.kind.in_(("sale", "refund")), ~command).limit(1)
    for one in session.scalars(stray):
        raise Differs(Difference("movement", str(one.id), "subject", repr(one.subject_id), "a command"))
    moved: dict[tuple[str, str], tuple[int, ...]] = {}
    columns = (Movement.subject_id, Movement.booth_id)
    sums = select(*columns, func.count(), func.sum(Movement.quantity)).where(Movement.kind == "intake")
    for subject_id, booth_id, rows, pieces in session.execute(sums.group_by(*columns)):
        moved[subject_id, booth_id] = (rows, int(pieces))
    told: dict[tuple[str, str], tuple[int, ...]] = {}
    for line in session.scalars(select(Line).where(Line.verb == "intake_recorded")):
        key = (line.subject_id, str(line.facts["booth"]))
        rows, pieces = told.get(key, (0, 0))
        told[key] = (rows + line.facts["rows"], pieces + line.facts["pieces"])
    same_sums("goods brought", moved, told)
