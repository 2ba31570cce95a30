"""Lines of the bank find the transfers they belong to. Statements and providers come through the same door, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from fair_pos.journal.actions import line as journal_line
from fair_pos.journal.actions import write_line, write_lines
from fair_pos.kernel.ids import named_id, new_id
from fair_pos.kernel.text import clean
from fair_pos.payments.queries import find_transfer_by_number, get_line
from fair_pos.payments.refusals import LineSettled, ReceiptUnknown
from fair_pos.payments.rules import (
    COUNTED,
    MATCHED,
    Asked,
    LineState,
    Linked,
    Verdict,
    by_amount,
    codes_in,
    judge_line,
)
from fair_pos.payments.running import count_again, hold_codes
from fair_pos.payments.tables import BankLine, Confirmation, ReceivingAccount, Transfer
from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.venues.refusals import FieldMissing, FieldTooLong

CHUNK = 400
_LINE = cast("Table", BankLine.__table__)
_TRANSFER = cast("Table", Transfer.__table__)
_ACCOUNT = cast("Table", ReceivingAccount.__table__)
_CONFIRMATION = cast("Table", Confirmation.__table__)
_NOT_TOLD = ("undone", "other_account")
Item = TypeVar("Item")


@dataclass(frozen=True)
class NewLine:
    """Money that came in. `key` names it for good within its source and account."""

    source: str
    key: str
    account_number: str
    booked_at: datetime | None
    amount_dong: int
    memo: str
    reference: str
    edition_id: str | None = None
    statement_id: str | None = None
    row_number: int | None = None


@dataclass
class Matched:
    """What became of some lines: by state, and how many were here before."""

    states: dict[str, int]
    known: int = 0

    @property
    def matched(self) -> int:
        """Those that need nobody."""
        return sum(count for state, count in self.states.items() if state in MATCHED)

    @property
    def listed(self) -> int:
        """Those that a person has to look at."""
        return sum(self.states.values()) - self.matched


def record_lines(session: Session, lines: Iterable[NewLine], at: datetime) -> Matched:
    """Keep lines that are new, and let each confirm the transfer it belongs to. A line that is here already changes nothing."""
    result = Matched({})
    rows = {row["id"]: row for row in (_row_of(line, at) for line in lines)}
    for ids in _chunks(sorted(rows)):
        wanted = [rows[one] for one in ids]
        # The primary key decides and not a look before: of two imports of one file at once, each line is one's.
        new = set(session.execute(insert_new(dialect_of(session), _LINE, "id"), wanted).scalars())
        result.known += len(ids) - len(new)
        fresh = [rows[one] for one in ids if one in new]
        hold_codes(session, (code for row in fresh for code in codes_in(row["memo"])))
        for state in match(session, sorted(fresh, key=_in_order), at):
            result.states[state] = result.states.get(state, 0) + 1
    return result


def _row_of(line: NewLine, at: datetime) -> dict[str, Any]:
    return {
        "id": named_id("bank_line", line.source, line.account_number, line.key),
        "source": line.source,
        "account_number": line.account_number,
        "edition_id": line.edition_id,
        "booked_at": line.booked_at,
        "amount_dong": line.amount_dong,
        "memo": line.memo,
        "reference": line.reference,
        "state": "code_unknown",
        "sale_id": None,
        "payment_no": None,
        "statement_id": line.statement_id,
        "row_number": line.row_number,
        "received_at": at,
        "settled_note": "",
    }


def _in_order(row: dict[str, Any]) -> tuple[int, str]:
    return row["row_number"] or 0, row["id"]


def match_waiting(session: Session, at: datetime) -> None:
    """Look again at lines whose code no sale had yet: a tablet without a network sends its sales later than the bank its money."""
    wanted = select(_LINE).where(_LINE.c.state == "code_unknown", _LINE.c.settled_at.is_(None)).order_by(_LINE.c.id)
    # Locked: of two uploads at once the other would write over what became of a line, and its money would count again.
    wanted = wanted.with_for_update()
    for rows in _chunks([dict(row) for row in session.execute(wanted).mappings()]):
        match(session, rows, at)


def match(session: Session, rows: Sequence[dict[str, Any]], at: datetime) -> list[LineState]:
    """Judge these lines, which are in the table, and write down what follows; their states in their order."""
    codes = {row["id"]: codes_in(row["memo"]) for row in rows}
    accounts = editions_by_account(session, {row["account_number"] for row in rows})
    asked, editions = _lock(session, {code for some in codes.values() for code in some})
    linked = _linked(session, {one.sale_id for some in asked.values() for one in some}, {row["id"] for row in rows})
    states: list[LineState] = []
    lines, transfers, confirmations, journal = [], {}, [], []
    for row in rows:
        found = [one for code in codes[row["id"]] for one in asked.get(code, ())]
        key = (found[0].sale_id, found[0].payment_no) if len(found) == 1 else None
        verdict = judge_line(
            row["source"],
            row["account_number"],
            row["amount_dong"],
            codes=codes[row["id"]],
            ours=row["account_number"] in accounts,
            asked=found,
            linked=linked.get(key, ()) if key else (),
        )
        states.append(verdict.state)
        edition_id = editions.get(key) if key and verdict.asked else None
        lines.append(_line_change(row, verdict, edition_id or row["edition_id"] or accounts.get(row["account_number"])))
        if verdict.asked is None or key is None:
            continue
        if verdict.state not in _NOT_TOLD:
            linked.setdefault(key, []).append(Linked(row["source"], row["amount_dong"]))
        if verdict.state in COUNTED:
            one = replace(verdict.asked, received_dong=verdict.asked.received_dong + row["amount_dong"])
            asked[one.code], transfers[key] = [one], one
            confirmations.append(_confirmation(row, one, at))
            journal.append(_journal(row, one, verdict.state, at))
    _write(session, lines, list(transfers.values()), confirmations)
    count_again(session, {sale_id for sale_id, _number in transfers})
    write_lines(session, journal)
    return states


def editions_by_account(session: Session, numbers: set[str]) -> dict[str, str]:
    """Account number → the edition it was last used at, for those that are ours."""
    wanted = select(_ACCOUNT.c.account_number, _ACCOUNT.c.edition_id)
    wanted = wanted.where(_ACCOUNT.c.account_number.in_(numbers), _ACCOUNT.c.active_from_at.is_not(None))
    return dict(session.execute(wanted.order_by(_ACCOUNT.c.active_from_at)).all())


def _lock(session: Session, codes: set[str]) -> tuple[dict[str, list[Asked]], dict[tuple[str, int], str]]:
    """The transfers with these codes, locked in one order, and the editions they belong to."""
    rows: list[Any] = []
    for some in _chunks(sorted(codes)):
        wanted = select(_TRANSFER).where(_TRANSFER.c.code.in_(some), _TRANSFER.c.kind == "sale")
        order = (_TRANSFER.c.sale_id, _TRANSFER.c.payment_no)
        rows += session.execute(wanted.order_by(*order).with_for_update()).all()
    numbers: dict[str, str] = {}
    account_ids = {row.account_id for row in rows if row.account_id}
    for ids in _chunks(sorted(account_ids)):
        wanted_numbers = select(_ACCOUNT.c.id, _ACCOUNT.c.account_number).where(_ACCOUNT.c.id.in_(ids))
        numbers.update(dict(session.execute(wanted_numbers).all()))
    found: dict[str, list[Asked]] = {}
    editions: dict[tuple[str, int], str] = {}
    for row in rows:
        one = Asked(
            sale_id=row.sale_id,
            payment_no=row.payment_no,
            code=row.code,
            amount_dong=row.amount_dong,
            received_dong=row.received_dong,
            account_number=numbers.get(row.account_id),
            cancelled=row.cancelled,
        )
        found.setdefault(row.code, []).append(one)
        editions[row.sale_id, row.payment_no] = row.edition_id
    return found, editions


def _linked(session: Session, sale_ids: set[str], but: set[str]) -> dict[tuple[str, int], list[Linked]]:
    """What banks have told of these transfers already. Asked after they were locked, so nobody adds to it meanwhile."""
    found: dict[tuple[str, int], list[Linked]] = {}
    for ids in _chunks(sorted(sale_ids)):
        wanted = select(_LINE.c.id, _LINE.c.sale_id, _LINE.c.payment_no, _LINE.c.source, _LINE.c.amount_dong)
        for row in session.execute(wanted.where(_LINE.c.sale_id.in_(ids), _LINE.c.state.not_in(_NOT_TOLD))):
            if row.id not in but:
                found.setdefault((row.sale_id, row.payment_no), []).append(Linked(row.source, row.amount_dong))
    return found


def _line_change(row: dict[str, Any], verdict: Verdict, edition_id: str | None) -> dict[str, Any]:
    return {
        "line": row["id"],
        "state": verdict.state,
        "edition_id": edition_id,
        "sale_id": verdict.asked.sale_id if verdict.asked else None,
        "payment_no": verdict.asked.payment_no if verdict.asked else None,
        "memo": "" if verdict.state in MATCHED else row["memo"],
    }


def _confirmation(row: dict[str, Any], one: Asked, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "sale_id": one.sale_id,
        "payment_no": one.payment_no,
        "how": "statement" if row["source"] == "statement" else "hook",
        "amount_dong": row["amount_dong"],
        "at": at,
        "bank_line_id": row["id"],
        "reference": row["reference"],
        "reason": "",
    }


def _journal(row: dict[str, Any], one: Asked, state: LineState, at: datetime) -> dict[str, Any]:
    facts = {"payment_no": one.payment_no, "amount_dong": row["amount_dong"], "source": row["source"], "state": state}
    return journal_line(at=at, verb="money_matched", subject=("sale", one.sale_id), facts=facts)


_SET_LINE = (
    update(_LINE)
    .where(_LINE.c.id == bindparam("line"))
    .values({name: bindparam(name) for name in ("state", "edition_id", "sale_id", "payment_no", "memo")})
)
_SET_RECEIVED = (
    update(_TRANSFER)
    .where(_TRANSFER.c.sale_id == bindparam("sale"), _TRANSFER.c.payment_no == bindparam("number"))
    .values(received_dong=bindparam("received"))
)


def _write(
    session: Session, lines: list[dict[str, Any]], transfers: list[Asked], confirmations: list[dict[str, Any]]
) -> None:
    if lines:
        session.execute(_SET_LINE, lines)
    if transfers:
        changed = [{"sale": one.sale_id, "number": one.payment_no, "received": one.received_dong} for one in transfers]
        session.execute(_SET_RECEIVED, changed)
    if confirmations:
        session.execute(insert(_CONFIRMATION), confirmations)


# --- what a person makes of a line ------------------------------------------------------------------------------------


def settle_line(
    session: Session, edition_id: str, line_id: str, note: str, *, homeless: bool, at: datetime, by: str
) -> None:
    """A person has looked at the line and says what became of it. Raises NotFound, LineSettled, FieldMissing, FieldTooLong."""
    found = _open_line(session, edition_id, line_id, homeless=homeless)
    note = clean(note)
    if not note:
        raise FieldMissing(field="note")
    if len(note) > 300:
        raise FieldTooLong(field="note", most=300)
    found.settled_at, found.settled_by, found.settled_note = at, by, note
    session.flush()
    facts = {"state": found.state, "amount_dong": found.amount_dong, "note": note}
    write_line(session, at=at, person_id=by, verb="bank_line_settled", subject=("bank_line", line_id), facts=facts)


def assign_line(
    session: Session, edition_id: str, line_id: str, receipt_number: str, *, homeless: bool, at: datetime, by: str
) -> Transfer:
    """A person says for which receipt this money is, whatever its memo. Raises NotFound, LineSettled, ReceiptUnknown.

    Money that comes on top of what was asked for makes the transfer overpaid; it is never lost.
    """
    found = _open_line(session, edition_id, line_id, homeless=homeless)
    number = clean(receipt_number).upper()
    candidates = find_transfer_by_number(session, edition_id, number, locked=True)
    if found.state in COUNTED or not candidates:
        raise ReceiptUnknown(number=number[:30])
    transfer = next((one for one in candidates if not one.received_dong), candidates[0])
    transfer.received_dong += found.amount_dong
    found.sale_id, found.payment_no, found.edition_id = transfer.sale_id, transfer.payment_no, edition_id
    found.state = by_amount(transfer.amount_dong, transfer.received_dong)
    if found.state in MATCHED:
        found.memo = ""
    session.add(
        Confirmation(
            id=new_id(),
            sale_id=transfer.sale_id,
            payment_no=transfer.payment_no,
            how="statement" if found.source == "statement" else "hook",
            amount_dong=found.amount_dong,
            at=at,
            person_id=by,
            bank_line_id=found.id,
            reference=found.reference,
        )
    )
    session.flush()
    count_again(session, [transfer.sale_id])
    facts = {"line": found.id, "amount_dong": found.amount_dong, "payment_no": transfer.payment_no}
    subject = ("sale", transfer.sale_id)
    write_line(session, at=at, person_id=by, verb="money_assigned", subject=subject, facts=facts)
    return transfer


def _open_line(session: Session, edition_id: str, line_id: str, *, homeless: bool) -> BankLine:
    found = get_line(session, edition_id, line_id, homeless=homeless)
    if found.settled_at is not None or found.state in MATCHED:
        raise LineSettled
    return found


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
