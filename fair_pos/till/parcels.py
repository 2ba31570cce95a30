"""Opening parcels: from what a tablet sent to a command, or to something kept whole for a person to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from fair_pos.cash.facts import ClosedFact, DrawerFact, MovedFact, Notes, OpenedFact
from fair_pos.kernel.chain import digest, link
from fair_pos.payments.rules import SeenFact, Transferred, state_of
from fair_pos.printing.rules import CopyFact
from fair_pos.sales.facts import GiveawayFact, LineFact, PaymentFact, SaleFact
from fair_pos.sales.queries import Returnable
from fair_pos.stocktaking.rules import CountedLine, CountFact
from fair_pos.till.commands import (
    COMMANDS,
    MAX_TEXT_CHARS,
    AnyKind,
    CashMovedCommand,
    GiveawayCommand,
    LineSold,
    NoteCount,
    ReceiptCopiedCommand,
    RefundCommand,
    SaleCommand,
    StockCountedCommand,
    TillClosedCommand,
    TillOpenedCommand,
    TransferSeenCommand,
)
from fair_pos.till.rules import Link
from fair_pos.till.wire import FoundReceipt, QuarantineReason, TransferState


@dataclass(frozen=True)
class Readable:
    """A parcel whose command could be read."""

    link: Link
    text: str
    digest: str
    command: AnyKind


@dataclass(frozen=True)
class Unreadable:
    """A parcel kept as it came, with the reason."""

    parcel_id: str
    seq: int | None
    prev_hash: str
    hash: str
    raw: bytes
    reason: QuarantineReason
    detail: str


def open_parcel(parcel: object) -> Readable | Unreadable:
    """Read one parcel. Whatever is wrong with it concerns it alone."""
    if not isinstance(parcel, Mapping):
        return loose(parcel, "wrong_shape", "parcel")
    parcel_id, seq, text = parcel.get("id"), parcel.get("seq"), parcel.get("text")
    hashes = (parcel.get("prev_hash"), parcel.get("hash"))
    strings = isinstance(parcel_id, str) and isinstance(text, str) and all(isinstance(one, str) for one in hashes)
    if not strings or not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= 10**9:
        return loose(parcel, "wrong_shape", "parcel")
    # What a text column cannot hold must not make this parcel's neighbours fail with it, again and again.
    place = Link(
        cast("str", parcel_id)[:100],
        seq,
        printable(cast("str", hashes[0]))[:64],
        printable(cast("str", hashes[1]))[:64],
    )
    text = cast("str", text)
    if len(text) > MAX_TEXT_CHARS:
        return aside(place, text, "too_long", str(len(text)))
    try:
        command = COMMANDS.validate_json(text.encode("utf-8", "surrogatepass"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return aside(
            place, text, "not_json" if first["type"] == "json_invalid" else "wrong_shape", f"{where}: {first['type']}"
        )
    if command.id != parcel_id or command.seq != seq:
        return aside(place, text, "id_mismatch", "")
    return Readable(place, text, digest(text), command)


def loose(parcel: object, reason: QuarantineReason, detail: str) -> Unreadable:
    """Something that is not even a parcel; kept as JSON."""
    parcel_id = parcel.get("id") if isinstance(parcel, Mapping) else None
    raw = json.dumps(parcel, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Unreadable(printable(str(parcel_id or ""))[:100], None, "", "", raw, reason, detail)


def aside(place: Link, text: str, reason: QuarantineReason, detail: str) -> Unreadable:
    """A parcel whose text is kept whole."""
    raw = text.encode("utf-8", "surrogatepass")
    return Unreadable(
        printable(place.id),
        place.seq,
        printable(place.prev_hash),
        printable(place.hash),
        raw,
        reason,
        printable(detail)[:300],
    )


def set_aside(one: Readable, reason: QuarantineReason) -> Unreadable:
    """A readable command that may not take its id."""
    return aside(one.link, one.text, reason, "")


def printable(text: str) -> str:
    """Without what a text column cannot hold: NUL and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def said(one: Readable) -> dict[str, Any]:
    """What every command says of itself, as sales.rules.CommandFact takes it; each feature's fact adds its own."""
    command = one.command
    return {
        "id": command.id,
        "device_seq": command.seq,
        "booth_id": command.booth_id,
        "person_id": command.person_id,
        "device_at": command.device_at,
        "clock_offset_ms": command.clock_offset_ms,
        "fair_day": command.fair_day,
        "till_session_id": command.till_session_id,
        "hash": link(one.link.prev_hash, one.text) or "",
    }


def line_fact(line: LineSold) -> LineFact:
    """A line of the wire as the rules read it."""
    return LineFact(**{**dict(line), "discount_borne_by": line.discount_borne_by or ""})


def sale_fact_of(one: Readable) -> SaleFact:
    """A sale or refund as the sales rules read it."""
    command = one.command
    assert isinstance(command, SaleCommand | RefundCommand)
    refund = command if isinstance(command, RefundCommand) else None
    return SaleFact(
        **said(one),
        kind=command.kind,
        receipt_number=command.receipt_number,
        receipt_token=command.receipt_token,
        price_list_version=command.price_list_version,
        lines=tuple(map(line_fact, command.lines)),
        rounding_dong=command.rounding_dong,
        total_dong=command.total_dong,
        payments=tuple(PaymentFact(**dict(payment)) for payment in command.payments),
        note=command.note,
        refund_of=refund.refund_of if refund else None,
        reason=refund.reason if refund else "",
        whole=refund.whole if refund else False,
        second_person_id=command.second_person_id,
    )


def giveaway_fact_of(one: Readable) -> GiveawayFact:
    """What was given away, as the sales rules read it."""
    command = one.command
    assert isinstance(command, GiveawayCommand)
    return GiveawayFact(
        **said(one),
        purpose=command.purpose,
        borne_by=command.borne_by,
        price_list_version=command.price_list_version,
        lines=tuple(map(line_fact, command.lines)),
        note=command.note,
    )


def seen_fact_of(one: Readable) -> SeenFact:
    """Money that was seen, as the payments rules read it."""
    command = one.command
    assert isinstance(command, TransferSeenCommand)
    return SeenFact(
        **said(one), sale_id=command.sale_id, payment_no=command.payment_no, last_digits=command.last_digits
    )


def copy_fact_of(one: Readable) -> CopyFact:
    """A receipt printed again, as the printing rules read it."""
    command = one.command
    assert isinstance(command, ReceiptCopiedCommand)
    return CopyFact(**said(one), sale_id=command.sale_id, copy_no=command.copy_no)


def count_fact_of(one: Readable) -> CountFact:
    """Goods that were counted, as the rules of stocktaking read it."""
    command = one.command
    assert isinstance(command, StockCountedCommand)
    lines = tuple(CountedLine(**{**dict(line), "lot_id": line.lot_id or ""}) for line in command.lines)
    return CountFact(**said(one), lines=lines, note=command.note)


def drawer_fact_of(one: Readable) -> DrawerFact:
    """A drawer opened, counted and closed, or cash moved, as the rules of cash read it."""
    command = one.command
    if isinstance(command, TillOpenedCommand):
        return OpenedFact(**said(one), notes=notes_of(command.notes), float_dong=command.float_dong)
    if isinstance(command, CashMovedCommand):
        return MovedFact(
            **said(one), direction=command.direction, amount_dong=command.amount_dong, reason=command.reason
        )
    assert isinstance(command, TillClosedCommand)
    return ClosedFact(
        **said(one),
        z_number=command.z_number,
        notes=notes_of(command.notes),
        counted_dong=command.counted_dong,
        expected_dong=command.expected_dong,
        counted_card_dong=command.counted_card_dong,
        explanation=command.explanation,
        second_person_id=command.second_person_id,
        first_number=command.first_number,
        last_number=command.last_number,
        sale_count=command.sale_count,
    )


def notes_of(counts: Sequence[NoteCount]) -> Notes:
    """Counted notes of the wire as the rules read them."""
    return tuple((one.note_dong, one.count) for one in counts)


def found_receipt(sale: Returnable) -> FoundReceipt:
    """A sale for giving back as a tablet reads it."""
    lines = [{**vars(line), "discount_borne_by": line.discount_borne_by or None} for line in sale.lines]
    return FoundReceipt.model_validate({**vars(sale), "lines": lines, "payments": [vars(one) for one in sale.payments]})


def transfer_state(one: Transferred) -> TransferState:
    """What became of a transfer, as a tablet reads it."""
    state = state_of(one.amount_dong, one.received_dong, seen=one.seen)
    return TransferState(sale_id=one.sale_id, payment_no=one.payment_no, state=state)
