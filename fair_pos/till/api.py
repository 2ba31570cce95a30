"""/api/till: pairing, signing in, price list, commands, printing, ping. What each takes and gives: docs/till-protocol.md."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Blueprint, Response, current_app, request
from pydantic import ValidationError
from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import current_version
from fair_pos.kernel.chain import GENESIS, digest
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.payments.queries import transfers_of_device
from fair_pos.people.actions import count_guess, judge_guess
from fair_pos.people.queries import roles_of
from fair_pos.people.refusals import LoginFailed
from fair_pos.people.rules import Held
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.json_door import MAX_BODY_BYTES, TooLarge, WrongShape, answer, check_caller, json_door
from fair_pos.plumbing.web import for_device
from fair_pos.printing.actions import queue_receipt
from fair_pos.printing.sender import ring
from fair_pos.sales.queries import find_returnable
from fair_pos.till import actions, pairing, wire
from fair_pos.till.commands import MAX_AMOUNT_DONG
from fair_pos.till.parcels import found_receipt, transfer_state
from fair_pos.till.price_list import booth_on_till, price_list_of
from fair_pos.till.queries import find_device_by_token
from fair_pos.till.refusals import DeviceRevoked, DeviceUnknown
from fair_pos.till.rules import believable
from fair_pos.till.tables import Device

blueprint = Blueprint("till_api", __name__, url_prefix="/api/till")
TRANSFERS_SHOWN = timedelta(days=3)


def calling_device(session: Session, *, revoked_too: bool = False, lock: bool = False) -> Device:
    """The device whose secret the request carries. Raises DeviceUnknown, and DeviceRevoked unless `revoked_too`."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = kind.lower() == "bearer" and token
    device = find_device_by_token(session, token.strip(), lock=lock) if found else None
    if device is None:
        raise DeviceUnknown
    if device.revoked_at is not None and not revoked_too:
        raise DeviceRevoked
    return device


def signed_in(login_name: str, password: str) -> tuple[wire.PersonOnTill, list[Held]]:
    """The person and their roles. Raises LoginFailed or TooManyAttempts.

    In a transaction of its own, so that a wrong try is counted although the request is refused.
    """
    address = request.remote_addr or ""
    guess = judge_guess(reading(), login_name, password, address=address, at=now())

    def check(session: Session) -> tuple[wire.PersonOnTill, list[Held]] | None:
        person = count_guess(session, guess, address=address, at=now())
        return None if person is None else (wire.PersonOnTill(id=person.id, name=person.name), roles_of(person))

    found = in_transaction(check)
    if found is None:
        raise LoginFailed
    return found


@blueprint.post("/pair")
@for_device
@json_door(wire.PairRequest)
def pair(body: wire.PairRequest) -> Response:
    """A tablet with a one-time code and a seller becomes a device of the code's booth."""
    person, roles = signed_in(body.login_name, body.password)

    def work(session: Session) -> wire.Paired:
        at = now()
        device, token = pairing.pair_device(
            session, code=body.code, person_id=person.id, roles=roles, name=body.tablet_name, at=at
        )
        edition, booth = booth_on_till(session, device.booth_id)
        return wire.Paired(
            device_id=device.id,
            device_token=token,
            letter=device.letter,
            person=person,
            booth=booth,
            edition=edition,
            last_seq=0,
            last_hash=GENESIS,
            last_counter=None,
            server_time=at,
        )

    return answer(in_transaction(work))


@blueprint.post("/sign-in")
@for_device
@json_door(wire.SignInRequest)
def sign_in(body: wire.SignInRequest) -> Response:
    """Another seller takes the tablet over."""
    in_transaction(calling_device)
    person, roles = signed_in(body.login_name, body.password)

    def work(session: Session) -> None:
        pairing.take_over(session, calling_device(session), person_id=person.id, roles=roles, at=now())

    in_transaction(work)
    return answer(wire.SignedIn(person=person, server_time=now()))


@blueprint.get("/price-list")
@for_device
def price_list() -> Response:
    """The whole price list of the device's booth, or 304 when the tablet has it."""
    check_caller()
    session = reading()
    device = calling_device(session())
    at = now()
    edition, _booth = booth_on_till(session, device.booth_id)
    today = fair_day(at, edition.day_boundary_minutes)
    base = f"{current_app.extensions['fair_pos_settings'].public_url}/r/"
    # The stars that are valid change with the day, the receipts' address with the settings, everything else with the version.
    mark = f"{current_version(session)}-{today.isoformat()}-{device.booth_id}-{digest(base)[:12]}"
    if mark in request.if_none_match:
        response = Response(status=304)
    else:
        response = answer(price_list_of(session, device.booth_id, today=today, at=at, receipt_base_url=base))
    response.set_etag(mark)
    return response


@blueprint.get("/transfers")
@for_device
def transfers() -> Response:
    """What became of the transfers this device asked for in the last days."""
    check_caller()
    session = reading()
    device, at = calling_device(session()), now()
    found = transfers_of_device(session, device.id, at - TRANSFERS_SHOWN)
    return answer(wire.Transfers(transfers=[transfer_state(one) for one in found], server_time=at))


@blueprint.get("/receipts")
@for_device
def receipts() -> Response:
    """Sales of the device's booth for giving back: by the QR's token, by number, or by amount and time."""
    check_caller()
    wanted = read_wanted()
    session = reading()
    device = calling_device(session())
    found = find_returnable(
        session,
        device.booth_id,
        token=wanted.token,
        number=wanted.number,
        amount_dong=wanted.amount,
        since=wanted.since,
        until=wanted.until,
    )
    # A sale whose sums do not hold may come to less than nothing or to more than an amount can be. It must not keep its booth
    # from finding all others; what is odd about it is for the organiser to look at.
    sound = [sale for sale in found if 0 <= sale.total_dong <= MAX_AMOUNT_DONG]
    return answer(wire.FoundReceipts(receipts=[found_receipt(sale) for sale in sound]))


def read_wanted() -> wire.WantedReceipts:
    """What the address asks for. Raises WrongShape, also when it asks for everything."""
    try:
        wanted = wire.WantedReceipts.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise WrongShape(where=".".join(str(part) for part in error.errors()[0]["loc"])) from None
    if not wanted.model_fields_set:
        raise WrongShape(where="token, number, amount")
    if any(one is not None and believable(one) is None for one in (wanted.since, wanted.until)):
        raise WrongShape(where="from, to")
    return wanted


@blueprint.post("/print")
@for_device
@json_door(wire.PrintRequest)
def print_receipt(body: wire.PrintRequest) -> Response:
    """Keep a paper for the booth's printer. The sale is long stored, and nothing waits for the printer."""

    def work(session: Session) -> wire.PrintQueued:
        device = calling_device(session)
        job = queue_receipt(
            session,
            booth_id=device.booth_id,
            device_id=device.id,
            sale_id=body.sale_id,
            copy_no=body.copy_no,
            at=now(),
        )
        return wire.PrintQueued(job_id=job.id)

    queued = in_transaction(work)
    ring()
    return answer(queued)


@blueprint.post("/commands")
@for_device
def commands() -> Response:
    """Take an upload in. The answer leaves after the commit; a revoked device may still hand in what it holds."""
    check_caller()
    upload = read_upload()

    def work(session: Session) -> wire.Uploaded:
        at = now()
        # Two uploads of one tablet at once would not see each other's commands, and note no broken link between them.
        device = calling_device(session, revoked_too=True, lock=True)
        answers = actions.receive_upload(session, device, upload.parcels, at)
        left = max(0, upload.waiting - len(upload.parcels))
        pairing.hear_from(
            session,
            device,
            at=at,
            waiting=left,
            oldest_waiting_at=upload.oldest_waiting_at if left else None,
            sent_at=upload.sent_at,
            app_version=upload.app_version,
        )
        session.refresh(device, ["high_seq", "command_count"])
        return wire.Uploaded(
            answers=answers,
            server_time=at,
            price_list_version=current_version(session),
            high_water=wire.HighWater(seq=device.high_seq, count=device.command_count),
            revoked=device.revoked_at is not None,
        )

    return answer(in_transaction(work))


def read_upload() -> wire.LooseUpload:
    """The upload, read so that nothing inside a parcel can spoil the rest. Raises TooLarge, WrongShape."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        # Python's reader takes half surrogate pairs, which a strict one refuses together with all fifty parcels.
        return wire.LooseUpload.model_validate(json.loads(request.get_data(cache=False)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise WrongShape(where=".".join(str(part) for part in first["loc"]) or "body", why=first["type"]) from None
    except (ValueError, RecursionError):
        raise WrongShape(where="body", why="json") from None


@blueprint.post("/ping")
@for_device
@json_door(wire.Ping)
def ping(body: wire.Ping) -> Response:
    """The tablet lives; it learns the time, the newest price list and what the server has of it."""

    def work(session: Session) -> wire.Pong:
        at = now()
        device = calling_device(session)
        pairing.hear_from(
            session,
            device,
            at=at,
            waiting=body.waiting,
            oldest_waiting_at=body.oldest_waiting_at,
            sent_at=body.sent_at,
            app_version=body.app_version,
            storage_persisted=body.storage_persisted,
        )
        water = wire.HighWater(seq=device.high_seq, count=device.command_count)
        return wire.Pong(server_time=at, price_list_version=current_version(session), high_water=water)

    return answer(in_transaction(work))


@blueprint.post("/unpair")
@for_device
@json_door(wire.UnpairRequest)
def unpair(body: wire.UnpairRequest) -> Response:
    """The tablet gives itself up, when nothing waits on it any more."""

    def work(session: Session) -> None:
        pairing.unpair_device(session, calling_device(session), waiting=body.waiting, at=now())

    in_transaction(work)
    return answer(wire.Unpaired())
