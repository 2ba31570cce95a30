"""Looking up a cooperative's households, their deliveries, shares and incomes; and what was published of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.cooperative import refusals
from fair_pos.cooperative.rules import Delivered, mark_of, shares_of
from fair_pos.cooperative.tables import Delivery, Member, MemberCard, MemberShare, PublishedBands, ShareRun
from fair_pos.kernel.refusal import NotFound
from fair_pos.registry.queries import producers_by_id
from fair_pos.settlement.queries import get_statement_of

AnySession = Session | scoped_session[Session]
COOPERATIVES = frozenset({"hop_tac_xa", "to_hop_tac"})


@dataclass(frozen=True)
class ShareLine:
    """A household's part of one statement."""

    member_id: str
    code: str
    name: str
    quantity: int
    amount_dong: int


@dataclass(frozen=True)
class SharePlan:
    """How a statement would be shared by what stands delivered now; of the same shape as the ShareRun that it becomes."""

    number: str
    settlement_id: str
    from_day: date
    until_day: date
    payable_dong: int
    delivered: Delivered
    shares: dict[str, int]
    """Member → đồng; adds up to `payable_dong`."""

    @property
    def measure(self) -> str:
        """Grams or pieces."""
        return self.delivered.measure

    @property
    def mark(self) -> str:
        """What whoever looked at it says with the button."""
        return mark_of(self.shares)


@dataclass(frozen=True)
class Earned:
    """What a household got from one statement."""

    run_id: str
    number: str
    from_day: date
    until_day: date
    measure: str
    quantity: int
    amount_dong: int


def is_cooperative(session: AnySession, producer_id: str) -> bool:
    """Whether a producer may have member households: a cooperative or a group of households."""
    found = producers_by_id(session, {producer_id}).get(producer_id)
    return found is not None and found.kind in COOPERATIVES


def members_of(session: AnySession, producer_id: str) -> list[Member]:
    """All households by code, those that left too."""
    return list(session.scalars(select(Member).where(Member.producer_id == producer_id).order_by(Member.code)))


def get_member(session: AnySession, producer_id: str, member_id: str) -> Member:
    """A household of this cooperative. Raises NotFound."""
    found = session.scalar(select(Member).where(Member.id == member_id, Member.producer_id == producer_id))
    if found is None:
        raise NotFound
    return found


def deliveries_of(session: AnySession, member_id: str) -> list[Delivery]:
    """What a household brought, the newest first; undoing rows beside what they undo."""
    wanted = select(Delivery).where(Delivery.member_id == member_id)
    return list(session.scalars(wanted.order_by(Delivery.day.desc(), Delivery.created_at.desc(), Delivery.id.desc())))


def get_delivery(session: AnySession, member_id: str, delivery_id: str) -> Delivery:
    """A delivery of this household. Raises NotFound."""
    found = session.scalar(select(Delivery).where(Delivery.id == delivery_id, Delivery.member_id == member_id))
    if found is None:
        raise NotFound
    return found


def delivered_in(session: AnySession, producer_id: str, first: date, last: date) -> list[Delivered]:
    """What the households brought from `first` to `last`, both included, by measure; only what was not undone."""
    wanted = (
        select(Delivery.measure, Delivery.member_id, func.sum(Delivery.quantity))
        .join(Member, Member.id == Delivery.member_id)
        .where(Member.producer_id == producer_id, Delivery.day.between(first, last))
        .group_by(Delivery.measure, Delivery.member_id)
    )
    by_measure: dict[str, dict[str, int]] = defaultdict(dict)
    for measure, member_id, quantity in session.execute(wanted):
        if quantity:
            by_measure[measure][member_id] = int(quantity)
    return [Delivered("grams" if one == "grams" else "pieces", by_measure[one]) for one in sorted(by_measure)]


def plan_of(session: AnySession, producer_id: str, settlement_id: str) -> SharePlan:
    """How a statement of the cooperative would be shared. Raises NotFound, SharesMade, NothingToShare, NothingDelivered, DeliveriesMixed."""
    if not is_cooperative(session, producer_id):
        raise NotFound
    statement = get_statement_of(session, producer_id, settlement_id)
    if session.scalar(select(ShareRun.id).where(ShareRun.settlement_id == settlement_id)) is not None:
        raise refusals.SharesMade
    if statement.payable_dong <= 0:
        raise refusals.NothingToShare
    first = statement.from_day or date(1900, 1, 1)
    found = delivered_in(session, producer_id, first, statement.until_day)
    if not found:
        raise refusals.NothingDelivered
    if len(found) > 1:
        raise refusals.DeliveriesMixed
    (delivered,) = found
    shares = shares_of(statement.payable_dong, delivered)
    return SharePlan(
        statement.written, settlement_id, first, statement.until_day, statement.payable_dong, delivered, shares
    )


def lines_of_plan(session: AnySession, producer_id: str, plan: SharePlan) -> list[ShareLine]:
    """The households' parts by code, as `lines_of_run` gives them afterwards."""
    return [
        ShareLine(one.id, one.code, one.name, plan.delivered.quantities[one.id], plan.shares[one.id])
        for one in members_of(session, producer_id)
        if one.id in plan.shares
    ]


def runs_of(session: AnySession, producer_id: str) -> dict[str, ShareRun]:
    """Statement → how it was shared."""
    return {
        one.settlement_id: one for one in session.scalars(select(ShareRun).where(ShareRun.producer_id == producer_id))
    }


def lines_of_run(session: AnySession, run_id: str) -> list[ShareLine]:
    """The households' parts by code; they add up to what was payable."""
    wanted = (
        select(MemberShare.member_id, Member.code, Member.name, MemberShare.quantity, MemberShare.amount_dong)
        .join(Member, Member.id == MemberShare.member_id)
        .where(MemberShare.run_id == run_id)
        .order_by(Member.code)
    )
    return [ShareLine(*row) for row in session.execute(wanted)]


def earned_by(session: AnySession, member_id: str) -> list[Earned]:
    """A household's parts of all statements, the newest first. Its year is that of a statement's last day."""
    wanted = (
        select(
            ShareRun.id, ShareRun.number, ShareRun.from_day, ShareRun.until_day, ShareRun.measure, MemberShare.quantity,
            MemberShare.amount_dong,
        )
        .join(MemberShare, MemberShare.run_id == ShareRun.id)
        .where(MemberShare.member_id == member_id)
        .order_by(ShareRun.until_day.desc(), ShareRun.number.desc())
    )  # fmt: skip
    return [Earned(*row) for row in session.execute(wanted)]


def incomes_of_year(session: AnySession, producer_id: str, year: int) -> dict[str, int]:
    """Member → đồng of a year, of those that got a part of a statement in it. Private: never hand it to an office."""
    wanted = (
        select(MemberShare.member_id, func.sum(MemberShare.amount_dong))
        .join(ShareRun, ShareRun.id == MemberShare.run_id)
        .where(
            ShareRun.producer_id == producer_id,
            ShareRun.until_day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(MemberShare.member_id)
    )
    return {member_id: int(amount) for member_id, amount in session.execute(wanted)}


def years_shared(session: AnySession, producer_id: str) -> list[int]:
    """The years in which anything was shared, the newest first."""
    days = session.scalars(select(ShareRun.until_day).where(ShareRun.producer_id == producer_id))
    return sorted({day.year for day in days}, reverse=True)


def published_of(session: AnySession, producer_ids: Collection[str]) -> list[PublishedBands]:
    """What cooperatives let others know of their households' incomes, the newest year first."""
    wanted = select(PublishedBands).where(PublishedBands.producer_id.in_(producer_ids))
    return list(session.scalars(wanted.order_by(PublishedBands.year.desc(), PublishedBands.producer_id)))


def card_of(session: AnySession, member_id: str) -> MemberCard | None:
    """The household's link that works now."""
    return session.scalar(select(MemberCard).where(MemberCard.member_id == member_id, MemberCard.revoked_at.is_(None)))


def find_member_by_token(session: AnySession, token: str) -> Member | None:
    """Whose link this is; None when it never was or no longer is one."""
    wanted = (
        select(Member)
        .join(MemberCard, MemberCard.member_id == Member.id)
        .where(MemberCard.token_hash == token_hash(token), MemberCard.revoked_at.is_(None))
    )
    return session.scalar(wanted)


def token_hash(token: str) -> str:
    """How the secret of a link is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
