"""Finding accounts, transfers, what confirms them, and lines of the bank that wait for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.figures import family_of, paid_back_of
from fair_pos.payments.rules import MATCHED, State, confirmed_dong, state_of
from fair_pos.payments.tables import (
    AccountChange,
    BankLine,
    CashlessFigure,
    Confirmation,
    ReceivingAccount,
    Statement,
    Transfer,
    UnplacedSeen,
)
from fair_pos.sales.queries import find_sale_place, refunds_of
from fair_pos.venues.queries import booths_of, get_booth

AnySession = Session | scoped_session[Session]

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


def confirmed_transfers(session: AnySession, sale_ids: Collection[str]) -> dict[tuple[str, int], int]:
    """(sale, payment number) → how many đồng of the transfers asked for on these sales are confirmed."""
    found: dict[tuple[str, int], int] = {}
    ids = sorted(sale_ids)
    for start in range(0, len(ids), 400):
        wanted = select(Transfer).where(Transfer.sale_id.in_(ids[start : start + 400]), Transfer.kind == "sale")
        for one in session.scalars(wanted):
            found[one.sale_id, one.payment_no] = confirmed_dong(one.amount_dong, one.received_dong, seen=one.seen)
    return found


def paid_back_claims(session: AnySession, sale_ids: Collection[str]) -> dict[tuple[str, int], int]:
    """(sale, payment number) → how many đồng that were only claimed were paid out again by transfer; those without any are left out."""
    families: dict[str, list[Transfer]] = defaultdict(list)
    ids = sorted(sale_ids)
    for start in range(0, len(ids), 400):
        some = ids[start : start + 400]
        its_own = and_(Transfer.kind == "sale", Transfer.sale_id.in_(some))
        for one in session.scalars(select(Transfer).where(or_(its_own, Transfer.refund_of.in_(some)))):
            families[family_of(one)].append(one)
    return {key: dong for family in families.values() for key, dong in paid_back_of(family).items()}


def transfers_of_device(session: AnySession, device_id: str, since: datetime, most: int = 500) -> list[Transfer]:
    """What a tablet asked for by transfer since then, the newest first."""
    wanted = select(Transfer).where(Transfer.device_id == device_id, Transfer.kind == "sale", Transfer.sold_at >= since)
    order = (Transfer.sold_at.desc(), Transfer.sale_id, Transfer.payment_no)
    return list(session.scalars(wanted.order_by(*order).limit(most)))


def find_transfer_by_number(
    session: AnySession, edition_id: str, receipt_number: str, *, locked: bool = False
) -> list[Transfer]:
    """The transfers asked for on the receipt with this number. `locked` reads them as they are once they are ours."""
    wanted = select(Transfer).where(
        Transfer.edition_id == edition_id, Transfer.receipt_number == receipt_number, Transfer.kind == "sale"
    )
    wanted = wanted.order_by(Transfer.sale_id, Transfer.payment_no)
    return list(session.scalars(wanted.with_for_update() if locked else wanted))


def receipt_numbers(session: AnySession, sale_ids: Collection[str]) -> dict[str, str]:
    """Sale → the number on its receipt, for sales with a transfer."""
    wanted = select(Transfer.sale_id, Transfer.receipt_number).where(Transfer.sale_id.in_(sale_ids))
    return dict(session.execute(wanted).all())


# --- figures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cashless:
    """What came in otherwise than in cash, less what was paid out again; đồng. What is missing from the net is cash."""

    confirmed_dong: int = 0
    claimed_dong: int = 0
    card_dong: int = 0


_BY: dict[str, Any] = {
    "booth": CashlessFigure.booth_id,
    "day": CashlessFigure.fair_day,
    "hour": CashlessFigure.hour,
    "account": CashlessFigure.account_id,
    "producer": CashlessFigure.producer_id,
}


def cashless_by(
    session: AnySession,
    by: Literal["booth", "day", "hour", "account", "producer"],
    *,
    edition_id: str | None = None,
    booth_ids: Collection[str] | None = None,
    producer_ids: Collection[str] | None = None,
    days: Collection[date] | None = None,
) -> dict[Any, Cashless]:
    """Money by transfer and by card from running figures, by booth, fair day, hour, account or producer; None asks for all.

    A payment is shared over the producers whose goods it paid, so for every key and every choice of producers: net of goods −
    confirmed − claimed − card = cash for goods. Without a choice of producers, with what paid no goods (producer «»), it is the
    net of the tenders that they add up to with cash. A page costs the same on the last evening.
    """
    terms: list[ColumnElement[bool]] = []
    if edition_id is not None:
        terms.append(CashlessFigure.booth_id.in_([one.id for one in booths_of(session, edition_id)]))
    chosen = ((_BY["booth"], booth_ids), (_BY["producer"], producer_ids), (_BY["day"], days))
    terms += [column.in_(list(values)) for column, values in chosen if values is not None]
    part, column = CashlessFigure.part, _BY[by]
    sums = select(column, part, func.sum(CashlessFigure.amount_dong)).where(*terms).group_by(column, part)
    found: dict[Any, dict[str, int]] = {}
    for key, name, amount in session.execute(sums):
        found.setdefault(key, {})[f"{name}_dong"] = int(amount)
    return {key: Cashless(**parts) for key, parts in found.items()}


@dataclass(frozen=True)
class Split:
    """Transfers of one booth, or to one account, less what was paid out again."""

    key: str
    confirmed_dong: int
    claimed_dong: int


def transfer_split(
    session: AnySession, edition_id: str, day: date | None, by: Literal["booth", "account"]
) -> dict[str, Split]:
    """Confirmed and claimed money by `booth` or by `account` (id, empty where none was named)."""
    found = cashless_by(session, by, edition_id=edition_id, days=None if day is None else [day])
    return {
        key: Split(key, one.confirmed_dong, one.claimed_dong)
        for key, one in found.items()
        if one.confirmed_dong or one.claimed_dong
    }


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
