"""Split rules, fees, the smallest payout and payout accounts of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.refusal import NotFound
from fair_pos.terms.rules import Rule
from fair_pos.terms.tables import Fee, PayoutAccount, PayoutAccountChange, SettlementTerms, SplitRule

AnySession = Session | scoped_session[Session]

# --- split rules ------------------------------------------------------------------------------------------------------


def rule_of(row: SplitRule) -> Rule:
    """A row as rules read it."""
    return Rule(
        id=row.id,
        booth_id=row.booth_id,
        owner_id=row.producer_id,
        product_id=row.product_id,
        kind=row.kind,  # type: ignore[arg-type]  # the table's check allows no other
        basis_points=row.basis_points,
        tiers=tuple((start, points) for start, points in row.tiers),
        unit_dong=row.unit_dong,
        starts_day=row.starts_day,
        ends_day=row.ends_day,
    )


def rules_of(session: AnySession, edition_id: str) -> list[Rule]:
    """Every rule of an edition that holds, held or will hold, the earliest first: what `rules.rule_for` chooses from for any day."""
    return [rule_of(row) for row in rule_rows(session, edition_id) if not row.withdrawn]


def rule_rows(session: AnySession, edition_id: str) -> list[SplitRule]:
    """The same with those that were taken back and who said what."""
    wanted = select(SplitRule).where(SplitRule.edition_id == edition_id)
    return list(session.scalars(wanted.order_by(SplitRule.starts_day, SplitRule.created_at, SplitRule.id)))


def get_rule(session: AnySession, edition_id: str, rule_id: str) -> SplitRule:
    """A rule of this edition. Raises NotFound."""
    found = session.get(SplitRule, rule_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


# --- fees and the smallest payout -------------------------------------------------------------------------------------


def fees_until(session: AnySession, edition_id: str, day: date) -> list[Fee]:
    """Fees that stand and were charged on this day or before, the earliest first. `amount_dong` is what the owner owes; a correction may
    be below zero.
    """
    wanted = select(Fee).where(Fee.edition_id == edition_id, Fee.cancelled_at.is_(None), Fee.charged_day <= day)
    return list(session.scalars(wanted.order_by(Fee.charged_day, Fee.created_at, Fee.id)))


def all_fees(session: AnySession, edition_id: str) -> list[Fee]:
    """Every fee, also those that were cancelled, the newest first."""
    wanted = select(Fee).where(Fee.edition_id == edition_id)
    return list(session.scalars(wanted.order_by(Fee.charged_day.desc(), Fee.created_at.desc(), Fee.id)))


def get_fee(session: AnySession, edition_id: str, fee_id: str) -> Fee:
    """A fee of this edition. Raises NotFound."""
    found = session.get(Fee, fee_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def minimum_of(session: AnySession, edition_id: str) -> int:
    """The smallest payout in đồng; what is less is carried over. 0 while nobody said otherwise."""
    wanted = select(SettlementTerms.minimum_dong).where(SettlementTerms.edition_id == edition_id)
    return session.scalar(wanted) or 0


# --- payout accounts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MaskedAccount:
    """A payout account as everybody may see it who may see the owner's money. The number itself is not read."""

    id: str
    producer_id: str
    bank_bin: str
    last_digits: str
    active_from_at: datetime | None
    active_until_at: datetime | None = None


def masked_account(row: PayoutAccount) -> MaskedAccount:
    """What may be shown of a row."""
    return MaskedAccount(
        row.id, row.producer_id, row.bank_bin, row.last_digits, row.active_from_at, row.active_until_at
    )


def payout_account_of(session: AnySession, edition_id: str, producer_id: str) -> MaskedAccount | None:
    """Where an owner is paid at an edition; None when no account was agreed."""
    found = account_in_use(session, edition_id, producer_id)
    return None if found is None else masked_account(found)


def account_in_use(session: AnySession, edition_id: str, producer_id: str) -> PayoutAccount | None:
    """The same as its row, sealed."""
    table = PayoutAccount
    in_use = (table.active_from_at.is_not(None), table.active_until_at.is_(None))
    owner = (table.edition_id == edition_id, table.producer_id == producer_id)
    return session.scalar(select(table).where(*owner, *in_use))


def accounts_in_use(session: AnySession, edition_id: str) -> dict[str, MaskedAccount]:
    """Those of all owners, by producer."""
    table = PayoutAccount
    in_use = (table.active_from_at.is_not(None), table.active_until_at.is_(None))
    rows = session.scalars(select(table).where(table.edition_id == edition_id, *in_use))
    return {row.producer_id: masked_account(row) for row in rows}


def accounts_since(session: AnySession, edition_id: str, producer_id: str, since: datetime) -> list[MaskedAccount]:
    """Every account of an owner that was in use at some time after `since`, the newest first: where money may have gone meanwhile."""
    table = PayoutAccount
    owner = (table.edition_id == edition_id, table.producer_id == producer_id)
    then = (table.active_from_at.is_not(None), or_(table.active_until_at.is_(None), table.active_until_at > since))
    rows = session.scalars(select(table).where(*owner, *then).order_by(table.active_from_at.desc(), table.id))
    return [masked_account(row) for row in rows]


def find_open_change(session: AnySession, edition_id: str, producer_id: str) -> PayoutAccountChange | None:
    """The change that waits for its second person."""
    table = PayoutAccountChange
    owner = (table.edition_id == edition_id, table.producer_id == producer_id)
    return session.scalar(select(table).where(*owner, table.outcome.is_(None)))


def get_change(session: AnySession, edition_id: str, change_id: str, *, locked: bool = False) -> PayoutAccountChange:
    """A change of this edition. Raises NotFound."""
    table = PayoutAccountChange
    wanted = select(table).where(table.id == change_id, table.edition_id == edition_id)
    found = session.scalar(wanted.with_for_update() if locked else wanted)
    if found is None:
        raise NotFound
    return found


def changes_of(session: AnySession, edition_id: str) -> list[tuple[PayoutAccountChange, MaskedAccount | None]]:
    """Every change at an edition with its account, the newest first."""
    wanted = (
        select(PayoutAccountChange, PayoutAccount)
        .outerjoin(PayoutAccount, PayoutAccount.id == PayoutAccountChange.account_id)
        .where(PayoutAccountChange.edition_id == edition_id)
        .order_by(PayoutAccountChange.proposed_at.desc(), PayoutAccountChange.id.desc())
    )
    rows: list[tuple[PayoutAccountChange, PayoutAccount | None]] = [(row[0], row[1]) for row in session.execute(wanted)]
    return [(change, None if account is None else masked_account(account)) for change, account in rows]
