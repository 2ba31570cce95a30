"""`verify`: read the received commands again and compare every row that they became. Reads any table, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select

from fair_pos.kernel.chain import digest
from fair_pos.proof.heard import AnySession, Checker, Heard
from fair_pos.proof.kinds import checkers
from fair_pos.proof.rules import Difference, Differs, same
from fair_pos.proof.witnesses import Noted, check_beginning, check_findings, check_quarantined, noted_about
from fair_pos.sales.facts import Place
from fair_pos.sales.tables import Oddity
from fair_pos.till.handlers import HANDLERS
from fair_pos.till.parcels import Readable, Unreadable, open_parcel
from fair_pos.till.rules import Link, hash_oddities, link_oddities
from fair_pos.till.tables import Device, Quarantined, Received
from fair_pos.venues.tables import Booth

CHUNK = 500


@dataclass
class Proof:
    """What was checked; `gaps` are notes, not differences: a missing command may still be on its tablet."""

    commands: int = 0
    sales: int = 0
    """Refunds too."""
    giveaways: int = 0
    others: dict[str, int] = field(default_factory=dict)
    """Commands of all further kinds, by kind."""
    quarantined: int = 0
    oddities: int = 0
    gaps: list[str] = field(default_factory=list)

    def count(self, kind: str) -> None:
        """One command more."""
        self.commands += 1
        if kind in {"sale", "refund"}:
            self.sales += 1
        elif kind == "giveaway":
            self.giveaways += 1
        else:
            self.others[kind] = self.others.get(kind, 0) + 1


def prove(session: AnySession) -> Proof:
    """Compute sums, stock, daily figures and chains again from the received commands. Raises Differs at the first difference."""
    proof, by_kind = Proof(), checkers()
    listed = 0
    devices = session.execute(
        select(Device, Booth).join(Booth, Booth.id == Device.booth_id).order_by(Device.paired_at, Device.id)
    ).all()
    for device, booth in devices:
        place = _place_of(device, booth)
        check_beginning(session, device)
        links: list[Link] = []
        for chunk in _chunks(session, device.id):
            links += [Link(row.id, row.seq, row.prev_hash, row.hash) for row in chunk]
            _check_chunk(session, place, chunk, by_kind, proof)
        _check_chain(session, device, links, proof)
        listed += check_findings(session, device, booth.edition_id, [one.id for one in links])
    proof.quarantined = session.scalar(select(func.count()).select_from(Quarantined)) or 0
    proof.oddities = session.scalar(select(func.count()).select_from(Oddity)) or 0
    same("oddity", "table", "number of rows", proof.oddities, listed)
    for checker in dict.fromkeys(by_kind.values()):
        checker.finish(session)
    return proof


def _place_of(device: Device, booth: Booth) -> Place:
    """Where the device stands. The days of the fair may have changed since: what is outside them is known from arrival alone."""
    return Place(
        edition_id=booth.edition_id,
        booth_id=booth.id,
        device_id=device.id,
        day_boundary_minutes=booth.edition.day_boundary_minutes,
        paired_at=device.paired_at,
        revoked_at=device.revoked_at,
        sample=device.sample,
        received_at=device.paired_at,
    )


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


def _check_chunk(
    session: AnySession, place: Place, chunk: Sequence[Received], by_kind: Mapping[str, Checker], proof: Proof
) -> None:
    noted = noted_about(session, [row.id for row in chunk])
    heard: dict[Checker, list[Heard]] = {}
    for row in chunk:
        opened = _read_again(row, noted)
        one = Heard(opened, replace(place, received_at=row.received_at), noted.get(row.id, {}))
        checker = by_kind[one.kind] if one.kind in HANDLERS else by_kind[""]
        heard.setdefault(checker, []).append(one)
        proof.count(one.kind)
    for checker, some in heard.items():
        checker.check(session, some)


def _read_again(row: Received, noted: Noted) -> Readable:
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
    return opened


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
