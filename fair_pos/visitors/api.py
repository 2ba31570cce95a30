"""/api/gate: pairing, taps, ping. What each takes and gives: docs/gate-protocol.md."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Blueprint, Response, request
from pydantic import ValidationError
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction
from fair_pos.plumbing.json_door import MAX_BODY_BYTES, TooLarge, WrongShape, answer, check_caller, json_door
from fair_pos.plumbing.web import for_device
from fair_pos.venues.queries import get_edition
from fair_pos.visitors import pairing, wire
from fair_pos.visitors.queries import crowd_now, find_gate_device_by_token
from fair_pos.visitors.receiving import receive_taps
from fair_pos.visitors.refusals import GateDeviceRevoked, GateDeviceUnknown
from fair_pos.visitors.rules import counts_in, counts_out
from fair_pos.visitors.tables import GateDevice

blueprint = Blueprint("visitors_api", __name__, url_prefix="/api/gate")


def calling_device(session: Session, *, revoked_too: bool = False, lock: bool = False) -> GateDevice:
    """The phone whose secret the request carries. Raises GateDeviceUnknown, and GateDeviceRevoked unless `revoked_too`."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = kind.lower() == "bearer" and token
    device = find_gate_device_by_token(session, token.strip(), lock=lock) if found else None
    if device is None:
        raise GateDeviceUnknown
    if device.revoked_at is not None and not revoked_too:
        raise GateDeviceRevoked
    return device


@blueprint.post("/pair")
@for_device
@json_door(wire.GatePairRequest)
def pair(body: wire.GatePairRequest) -> Response:
    """A phone with a one-time code counts at the code's gate from now on."""

    def work(session: Session) -> wire.GatePaired:
        at = now()
        device, token = pairing.pair_gate_device(session, code=body.code, name=body.name, at=at)
        session.refresh(device)
        return wire.GatePaired(
            device_id=device.id,
            device_token=token,
            gate=gate_on_phone(session, device),
            crowd=crowd(session, device, at),
            server_time=at,
        )

    return answer(in_transaction(work))


@blueprint.post("/taps")
@for_device
def taps() -> Response:
    """Take an upload in. The answer leaves after the commit; a revoked phone may still hand in what it holds."""
    check_caller()
    upload = read_upload()

    def work(session: Session) -> wire.GateUploaded:
        at = now()
        # Two uploads of one phone at once would not see each other's undos.
        device = calling_device(session, revoked_too=True, lock=True)
        answers = receive_taps(session, device, upload.entries, at)
        left = max(0, upload.waiting - len(upload.entries))
        pairing.hear_from_gate(
            session, device, at=at, waiting=left, sent_at=upload.sent_at, app_version=upload.app_version
        )
        session.refresh(device, ["high_seq", "entry_count"])
        return wire.GateUploaded(
            answers=answers,
            server_time=at,
            high_water=wire.GateWater(seq=device.high_seq, count=device.entry_count),
            revoked=device.revoked_at is not None,
            crowd=crowd(session, device, at),
        )

    return answer(in_transaction(work))


def read_upload() -> wire.LooseGateUpload:
    """The upload, read so that nothing inside an entry can spoil the rest. Raises TooLarge, WrongShape."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        return wire.LooseGateUpload.model_validate(json.loads(request.get_data(cache=False)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise WrongShape(where=".".join(str(part) for part in first["loc"]) or "body", why=first["type"]) from None
    except (ValueError, RecursionError):
        raise WrongShape(where="body", why="json") from None


@blueprint.post("/ping")
@for_device
@json_door(wire.GatePing)
def ping(body: wire.GatePing) -> Response:
    """The phone lives; it learns the time, what its gate is called, and who is inside."""

    def work(session: Session) -> wire.GatePong:
        at = now()
        device = calling_device(session)
        pairing.hear_from_gate(
            session, device, at=at, waiting=body.waiting, sent_at=body.sent_at, app_version=body.app_version
        )
        return wire.GatePong(
            server_time=at,
            gate=gate_on_phone(session, device),
            high_water=wire.GateWater(seq=device.high_seq, count=device.entry_count),
            crowd=crowd(session, device, at),
        )

    return answer(in_transaction(work))


@blueprint.post("/unpair")
@for_device
@json_door(wire.GateUnpair)
def unpair(body: wire.GateUnpair) -> Response:
    """The phone gives itself up, when nothing waits on it any more."""

    def work(session: Session) -> None:
        pairing.unpair_gate_device(session, calling_device(session), waiting=body.waiting, at=now())

    in_transaction(work)
    return answer(wire.GateUnpaired())


def gate_on_phone(session: Session, device: GateDevice) -> wire.GateOnPhone:
    """The gate as the phone shows it."""
    gate = device.gate
    edition = get_edition(session, gate.edition_id)
    return wire.GateOnPhone(
        id=gate.id,
        name=gate.name,
        counts_in=counts_in(gate.way),
        counts_out=counts_out(gate.way),
        edition_id=edition.id,
        edition=edition.name,
        day_boundary_minutes=edition.day_boundary_minutes,
    )


def crowd(session: Session, device: GateDevice, at: datetime) -> wire.Crowd:
    """Who is inside all gates of the phone's edition."""
    found = crowd_now(session, device.gate.edition_id, at)
    return wire.Crowd(
        people=found.inside.people, limit=found.limit_people, level=found.level, entries=max(0, found.entries)
    )
