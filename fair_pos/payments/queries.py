"""Finding accounts, transfers, what confirms them, and lines of the bank that wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.rules import MATCHED, PaidBack, State, split_paid_back, state_of
from fair_pos.payments.tables import (
    AccountChange,
    BankLine,
    Confirmation,
    ReceivingAccount,
    Statement,
    Transfer,
    UnplacedSeen,
)
from fair_pos.sales.queries import find_sale_place, refunds_of
from fair_pos.venues.queries import get_booth

AnySession = Session | scoped_session[Session]
CHUNK = 400

# --- accounts -------------------------------------------------------------------------------------------------------


def _owned(table: Any, edition_id: str, booth_id: str | None, producer_id: str | None) -> list[ColumnElement[bool]]:
    owner = table.booth_id == booth_id if booth_id is not None else table.producer_id == producer_id
    return [table.edition_id == edition_id, owner]


def account_in_use(
    session: AnySession, edition_id: str, booth_id: str | None, producer_id: str | None
) -> ReceivingAccount | None:
    """Where transfers of a booth, or of a producer at an edition, go now."""
    table = ReceivingAccount
    in_use = (table.active_from_at.is_not(None), table.active_until_at.is_(None))
    return session.scalar(select(table).where(*_owned(table, edition_id, booth_id, producer_id), *in_use))


def find_open_change(
    session: AnySession, edition_id: str, booth_id: str | None, producer_id: str | None
) -> AccountChange | None:
    """The change that waits for its second person."""
    table = AccountChange
    return session.scalar(
        select(table).where(*_owned(table, edition_id, booth_id, producer_id), table.outcome.is_(None))
    )


def get_change(session: AnySession, edition_id: str, change_id: str, *, locked: bool = False) -> AccountChange:
    """A change of this edition. Raises NotFound."""
    wanted = select(AccountChange).where(AccountChange.id == change_id, AccountChange.edition_id == edition_id)
    found = session.scalar(wanted.with_for_update() if locked else wanted)
    if found is None:
        raise NotFound
    return found


def changes_of(session: AnySession, edition_id: str) -> list[tuple[AccountChange, ReceivingAccount | None]]:
    """Every change at an edition with its account, the newest first."""
    wanted = (
        select(AccountChange, ReceivingAccount)
        .outerjoin(ReceivingAccount, ReceivingAccount.id == AccountChange.account_id)
        .where(AccountChange.edition_id == edition_id)
        .order_by(AccountChange.proposed_at.desc(), AccountChange.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def accounts_of(session: AnySession, edition_id: str) -> list[ReceivingAccount]:
    """Every account that is or was in use at an edition, the newest first."""
    table = ReceivingAccount
    wanted = select(table).where(table.edition_id == edition_id, table.active_from_at.is_not(None))
    return list(session.scalars(wanted.order_by(table.active_from_at.desc(), table.id)))


def accounts_on_till(session: AnySession, booth_id: str, producer_ids: Collection[str]) -> list[ReceivingAccount]:
    """What a booth's tablets make QR codes of: its own account first, then those of the producers it sells for."""
    table = ReceivingAccount
    here = table.edition_id == get_booth(session, booth_id).edition_id
    owner = or_(table.booth_id == booth_id, and_(here, table.producer_id.in_(producer_ids)))
    in_use = (table.active_from_at.is_not(None), table.active_until_at.is_(None))
    found = session.scalars(select(table).where(*in_use, owner))
    return sorted(found, key=lambda one: (one.producer_id is not None, one.id))


def accounts_by_id(session: AnySession, account_ids: Iterable[str]) -> dict[str, ReceivingAccount]:
    """Those of the accounts that we know, whenever they were in use."""
    found = session.scalars(select(ReceivingAccount).where(ReceivingAccount.id.in_(set(account_ids))))
    return {one.id: one for one in found}


# --- transfers ------------------------------------------------------------------------------------------------------


def get_transfer(session: Session, edition_id: str, sale_id: str, payment_no: int, *, locked: bool = False) -> Transfer:
    """A transfer of this edition. Raises NotFound."""
    found = session.get(Transfer, (sale_id, payment_no), with_for_update=True if locked else None)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def is_of_booth(session: AnySession, sale_id: str, booth_id: str) -> bool:
    """Whether a sale is here and was made at this booth."""
    place = find_sale_place(session, sale_id)
    return place is not None and place[1] == booth_id


def cancelled_sales(session: AnySession, sale_ids: Iterable[str]) -> set[str]:
    """Those of the sales that were taken back whole before they arrived themselves."""
    return {sale_id for sale_id in sale_ids if any(refund.whole for refund in refunds_of(session, sale_id))}


def standing(session: AnySession, sale_id: str, payment_no: int) -> list[Confirmation]:
    """What confirms a transfer and was not undone, oldest first."""
    undone = aliased(Confirmation)
    wanted = (
        select(Confirmation)
        .outerjoin(undone, undone.reverses_id == Confirmation.id)
        .where(
            Confirmation.sale_id == sale_id,
            Confirmation.payment_no == payment_no,
            Confirmation.reverses_id.is_(None),
            undone.id.is_(None),
        )
    )
    return list(session.scalars(wanted.order_by(Confirmation.at, Confirmation.id)))


def confirmations_of(session: AnySession, sale_ids: Collection[str]) -> dict[tuple[str, int], list[Confirmation]]:
    """All entries about the transfers of these sales, oldest first, undone ones and their reversals too."""
    found: dict[tuple[str, int], list[Confirmation]] = {}
    wanted = select(Confirmation).where(Confirmation.sale_id.in_(sale_ids)).order_by(Confirmation.at, Confirmation.id)
    for one in session.scalars(wanted):
        found.setdefault((one.sale_id, one.payment_no), []).append(one)
    return found


def transfers_of_sale(session: AnySession, sale_id: str) -> list[Transfer]:
    """The payments by transfer of one sale or refund."""
    return list(session.scalars(select(Transfer).where(Transfer.sale_id == sale_id).order_by(Transfer.payment_no)))


def states_of_sale(session: AnySession, sale_id: str) -> dict[int, State]:
    """What became of each transfer that was asked for on a sale, by the payment's number; a refund's has no state, it was paid out."""
    asked = (one for one in transfers_of_sale(session, sale_id) if one.kind == "sale")
    return {one.payment_no: state_of(one.amount_dong, one.received_dong, seen=one.seen) for one in asked}


def transfers_of_device(session: AnySession, device_id: str, since: datetime, most: int = 500) -> list[Transfer]:
    """What a tablet asked for by transfer since then, the newest first."""
    wanted = select(Transfer).where(Transfer.device_id == device_id, Transfer.kind == "sale", Transfer.sold_at >= since)
    order = (Transfer.sold_at.desc(), Transfer.sale_id, Transfer.payment_no)
    return list(session.scalars(wanted.order_by(*order).limit(most)))


def find_transfer_by_number(session: AnySession, edition_id: str, receipt_number: str) -> list[Transfer]:
    """The transfers asked for on the receipt with this number."""
    wanted = select(Transfer).where(
        Transfer.edition_id == edition_id, Transfer.receipt_number == receipt_number, Transfer.kind == "sale"
    )
    return list(session.scalars(wanted.order_by(Transfer.sale_id, Transfer.payment_no)))


def receipt_numbers(session: AnySession, sale_ids: Collection[str]) -> dict[str, str]:
    """Sale → the number on its receipt, for sales with a transfer."""
    wanted = select(Transfer.sale_id, Transfer.receipt_number).where(Transfer.sale_id.in_(sale_ids))
    return dict(session.execute(wanted).all())


# --- figures --------------------------------------------------------------------------------------------------------

_CONFIRMED = case(
    (and_(Transfer.received_dong > 0, Transfer.received_dong < Transfer.amount_dong), Transfer.received_dong),
    (or_(Transfer.received_dong > 0, Transfer.seen), Transfer.amount_dong),
    else_=0,
)
_STATES: dict[State, ColumnElement[bool]] = {
    "claimed": and_(Transfer.received_dong == 0, Transfer.seen.is_(False)),
    "confirmed": or_(
        Transfer.received_dong == Transfer.amount_dong, and_(Transfer.received_dong == 0, Transfer.seen.is_(True))
    ),
    "underpaid": and_(Transfer.received_dong > 0, Transfer.received_dong < Transfer.amount_dong),
    "overpaid": Transfer.received_dong > Transfer.amount_dong,
}


@dataclass(frozen=True)
class Wanted:
    """Which transfers of an edition. `part` keeps those that add to the confirmed or to the claimed figure."""

    day: date | None = None
    booth: str | None = None
    account: str | None = None
    """An account's id; empty for transfers that name none."""
    state: State | None = None
    part: str | None = None


def _terms(edition_id: str, wanted: Wanted, kind: str) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = [Transfer.edition_id == edition_id, Transfer.kind == kind]
    if wanted.day is not None:
        terms.append(Transfer.fair_day == wanted.day)
    if wanted.booth is not None:
        terms.append(Transfer.booth_id == wanted.booth)
    if wanted.account is not None:
        terms.append(Transfer.account_id == wanted.account if wanted.account else Transfer.account_id.is_(None))
    if wanted.state is not None:
        terms.append(_STATES[wanted.state])
    if wanted.part == "confirmed":
        terms.append(_CONFIRMED > 0)
    elif wanted.part == "claimed":
        terms.append(Transfer.amount_dong > _CONFIRMED)
    return terms


def transfers(
    session: AnySession, edition_id: str, wanted: Wanted, *, limit: int, offset: int = 0
) -> list[tuple[Transfer, int]]:
    """Transfers asked for, the newest first, each with how much of it is confirmed."""
    found = select(Transfer, _CONFIRMED).where(*_terms(edition_id, wanted, "sale"))
    order = (Transfer.sold_at.desc(), Transfer.sale_id, Transfer.payment_no)
    return [(row[0], int(row[1])) for row in session.execute(found.order_by(*order).limit(limit).offset(offset))]


@dataclass(frozen=True)
class Sums:
    """How many transfers, and their money."""

    count: int
    confirmed_dong: int
    claimed_dong: int


def transfer_sums(session: AnySession, edition_id: str, wanted: Wanted) -> Sums:
    """What all those transfers add up to, without what was paid out again."""
    sums = select(
        func.count(), func.coalesce(func.sum(_CONFIRMED), 0), func.coalesce(func.sum(Transfer.amount_dong), 0)
    )
    count, confirmed, asked = map(int, session.execute(sums.where(*_terms(edition_id, wanted, "sale"))).one())
    return Sums(count, confirmed, asked - confirmed)


@dataclass(frozen=True)
class PaidOut:
    """A transfer paid out for a refund, the part of it that was confirmed money and the part that had only been claimed."""

    transfer: Transfer
    account_id: str | None
    """Its own; where it names none, that of the sale it gives back."""
    confirmed_dong: int
    claimed_dong: int


def paid_out(session: AnySession, edition_id: str, wanted: Wanted) -> list[PaidOut]:
    """Transfers paid out for refunds, the newest first.

    Which part is which follows from the sale it gives back (rules.split_paid_back), whatever day and booth that was.
    """
    if wanted.state is not None:
        return []
    terms = _terms(edition_id, Wanted(wanted.day, wanted.booth), "refund")
    order = (Transfer.sold_at, Transfer.sale_id, Transfer.payment_no)
    rows = list(session.scalars(select(Transfer).where(*terms).order_by(*order)))
    accounts: dict[str, str | None] = {}
    shares: dict[tuple[str, int], tuple[int, int]] = {}
    originals = sorted({row.refund_of for row in rows if row.refund_of})
    for start in range(0, len(originals), CHUNK):
        some = originals[start : start + CHUNK]
        asked = select(
            Transfer.sale_id, func.sum(Transfer.amount_dong), func.sum(_CONFIRMED), func.max(Transfer.account_id)
        )
        asked = asked.where(Transfer.sale_id.in_(some), Transfer.kind == "sale").group_by(Transfer.sale_id)
        sums: dict[str, tuple[int, int]] = {}
        for sale_id, amount, confirmed, accounts[sale_id] in session.execute(asked):
            sums[sale_id] = (int(amount), int(confirmed))
        back: dict[str, list[PaidBack]] = {}
        wanted_back = select(Transfer).where(Transfer.refund_of.in_(some), Transfer.kind == "refund").order_by(*order)
        for one in session.scalars(wanted_back):
            back.setdefault(one.refund_of or "", []).append(PaidBack(one.sale_id, one.payment_no, one.amount_dong))
        for sale_id, paid in back.items():
            for part, of_confirmed, of_claimed in split_paid_back(*sums.get(sale_id, (0, 0)), paid):
                shares[part.sale_id, part.payment_no] = (of_confirmed, of_claimed)
    found = [
        PaidOut(
            row,
            row.account_id or accounts.get(row.refund_of or ""),
            *shares.get((row.sale_id, row.payment_no), (row.amount_dong, 0)),
        )
        for row in reversed(rows)
    ]
    return [one for one in found if _is_wanted(one, wanted)]


def _is_wanted(one: PaidOut, wanted: Wanted) -> bool:
    if wanted.account is not None and (one.account_id or "") != wanted.account:
        return False
    return bool({"confirmed": one.confirmed_dong, "claimed": one.claimed_dong}.get(wanted.part or "", 1))


@dataclass(frozen=True)
class Split:
    """Transfers of one booth, or to one account, less what was paid out again."""

    key: str
    confirmed_dong: int
    claimed_dong: int


def transfer_split(session: AnySession, edition_id: str, day: date | None, by: str) -> dict[str, Split]:
    """Confirmed and claimed money by `booth` or by `account` (id, empty where none was named)."""
    column = Transfer.booth_id if by == "booth" else func.coalesce(Transfer.account_id, "")
    sums = select(column, func.sum(_CONFIRMED), func.sum(Transfer.amount_dong)).group_by(column)
    wanted = Wanted(day=day)
    found: dict[str, list[int]] = {}
    for key, confirmed, asked in session.execute(sums.where(*_terms(edition_id, wanted, "sale"))):
        found[key] = [int(confirmed), int(asked) - int(confirmed)]
    for out in paid_out(session, edition_id, wanted):
        figures = found.setdefault((out.transfer.booth_id if by == "booth" else out.account_id) or "", [0, 0])
        figures[0] -= out.confirmed_dong
        figures[1] -= out.claimed_dong
    return {key: Split(key, confirmed, claimed) for key, (confirmed, claimed) in found.items()}


# --- lines of the bank ------------------------------------------------------------------------------------------------


def _to_review(edition_id: str, *, homeless: bool) -> list[ColumnElement[bool]]:
    place = BankLine.edition_id == edition_id
    if homeless:
        place = or_(place, BankLine.edition_id.is_(None))
    return [place, BankLine.state.not_in(MATCHED), BankLine.settled_at.is_(None)]


def lines_to_review(
    session: AnySession, edition_id: str, *, homeless: bool, limit: int, offset: int = 0
) -> list[BankLine]:
    """Money that came in and that a person has to look at, the newest first; `homeless` brings what belongs to no edition."""
    wanted = select(BankLine).where(*_to_review(edition_id, homeless=homeless))
    order = (BankLine.received_at.desc(), BankLine.row_number, BankLine.id)
    return list(session.scalars(wanted.order_by(*order).limit(limit).offset(offset)))


def count_to_review(session: AnySession, edition_id: str, *, homeless: bool) -> int:
    """How many there are."""
    wanted = select(func.count()).select_from(BankLine).where(*_to_review(edition_id, homeless=homeless))
    return session.scalar(wanted) or 0


def get_line(session: AnySession, edition_id: str, line_id: str, *, homeless: bool) -> BankLine:
    """One of them, locked. Raises NotFound."""
    found = session.scalar(select(BankLine).where(BankLine.id == line_id).with_for_update())
    if found is None or (found.edition_id != edition_id and not (homeless and found.edition_id is None)):
        raise NotFound
    return found


def unplaced_seen(session: AnySession, edition_id: str) -> list[UnplacedSeen]:
    """What tablets saw for sales that we cannot find or that are another booth's, the newest first."""
    wanted = select(UnplacedSeen).where(UnplacedSeen.edition_id == edition_id, UnplacedSeen.placed_at.is_(None))
    return list(session.scalars(wanted.order_by(UnplacedSeen.seen_at.desc(), UnplacedSeen.id)))


def statements_of(session: AnySession, edition_id: str) -> list[Statement]:
    """Statements that were imported, the newest first."""
    wanted = select(Statement).where(Statement.edition_id == edition_id, Statement.imported_at.is_not(None))
    return list(session.scalars(wanted.order_by(Statement.imported_at.desc())))
