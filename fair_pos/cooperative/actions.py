"""What a cooperative does: households, deliveries, sharing a statement once, a household's link, publishing bands."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fair_pos.cooperative import refusals
from fair_pos.cooperative.queries import (
    card_of,
    get_delivery,
    get_member,
    incomes_of_year,
    is_cooperative,
    plan_of,
    token_hash,
)
from fair_pos.cooperative.rules import (
    MEASURES,
    MOST_CODE,
    MOST_NAME,
    MOST_QUANTITY,
    MOST_WHAT,
    households_by_band,
    is_over,
    shown_bands,
)
from fair_pos.cooperative.tables import Delivery, Member, MemberCard, MemberShare, PublishedBands, ShareRun
from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id, new_token
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.venues.refusals import FieldTooLong


def add_member(
    session: Session, producer_id: str, *, code: str, name: str, joined_day: date | None, at: datetime, by: str,
    member_id: str | None = None,
) -> Member:  # fmt: skip
    """A household joins. Raises NotFound for who is no cooperative, MemberNameMissing, MemberDaysWrong, MemberCodeTaken, FieldTooLong."""
    if not is_cooperative(session, producer_id):
        raise NotFound
    code, name = clean(code).upper(), clean(name)
    if not code or not name:
        raise refusals.MemberNameMissing
    for field, text, most in (("code", code, MOST_CODE), ("name", name, MOST_NAME)):
        if len(text) > most:
            raise FieldTooLong(field=field, most=most)
    if joined_day is None or joined_day > fair_day(at, 0):
        raise refusals.MemberDaysWrong
    taken = select(Member.id).where(Member.producer_id == producer_id, Member.code == code)
    if session.scalar(taken) is not None:
        raise refusals.MemberCodeTaken(code=code)
    member = Member(
        id=member_id or new_id(), producer_id=producer_id, code=code, name=name, joined_day=joined_day, left_day=None,
        created_at=at, created_by=by,
    )  # fmt: skip
    session.add(member)
    session.flush()
    _write(session, "member_added", member.id, producer_id, at, by)
    return member


def end_membership(
    session: Session, producer_id: str, member_id: str, left_day: date | None, *, at: datetime, by: str
) -> None:
    """A household leaves; what it brought and got stays. Raises NotFound, MemberDaysWrong."""
    member = get_member(session, producer_id, member_id)
    if left_day is None or not member.joined_day <= left_day <= fair_day(at, 0):
        raise refusals.MemberDaysWrong
    member.left_day = left_day
    _write(session, "member_left", member_id, producer_id, at, by)


def add_delivery(
    session: Session, producer_id: str, member_id: str, *, day: date | None, measure: str, quantity: int | None,
    what: str, at: datetime, by: str,
) -> str:  # fmt: skip
    """A household brought goods: grams or pieces. Raises NotFound, DeliveryWrong, DeliveryNotMember, FieldTooLong."""
    member = get_member(session, producer_id, member_id)
    if day is None or day > fair_day(at, 0) or measure not in MEASURES:
        raise refusals.DeliveryWrong
    if quantity is None or not 1 <= quantity <= MOST_QUANTITY:
        raise refusals.DeliveryWrong
    if not member.joined_day <= day <= (member.left_day or day):
        raise refusals.DeliveryNotMember
    what = clean(what)
    if len(what) > MOST_WHAT:
        raise FieldTooLong(field="what", most=MOST_WHAT)
    row = Delivery(
        id=new_id(), member_id=member_id, day=day, what=what, measure=measure, quantity=quantity, undoes_id=None,
        created_at=at, created_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _write(session, "delivery_recorded", row.id, producer_id, at, by)
    return row.id


def undo_delivery(
    session: Session, producer_id: str, member_id: str, delivery_id: str, *, at: datetime, by: str
) -> None:
    """Take a wrong delivery back by a row of its own. What was shared by it stays as it was. Raises NotFound, DeliveryUndone."""
    get_member(session, producer_id, member_id)
    wrong = get_delivery(session, member_id, delivery_id)
    undone = session.scalar(select(Delivery.id).where(Delivery.undoes_id == delivery_id))
    if undone is not None or wrong.undoes_id is not None:
        raise refusals.DeliveryUndone
    session.add(
        Delivery(
            id=new_id(), member_id=member_id, day=wrong.day, what=wrong.what, measure=wrong.measure,
            quantity=-wrong.quantity, undoes_id=wrong.id, created_at=at, created_by=by,
        )
    )  # fmt: skip
    session.flush()
    _write(session, "delivery_undone", delivery_id, producer_id, at, by)


def share_out(session: Session, producer_id: str, settlement_id: str, *, seen: str, at: datetime, by: str) -> str:
    """Share what a statement pays out by what each household brought in its period; once, for good.

    `seen` is the mark of the shares that were looked at (SharePlan.mark).
    Raises NotFound, SharesMade, NothingToShare, NothingDelivered, DeliveriesMixed, SharesChanged.
    """
    plan = plan_of(session, producer_id, settlement_id)
    if plan.mark != seen:
        raise refusals.SharesChanged
    run = ShareRun(
        id=new_id(), producer_id=producer_id, settlement_id=settlement_id, number=plan.number, from_day=plan.from_day,
        until_day=plan.until_day, payable_dong=plan.payable_dong, measure=plan.measure, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(run)
    session.flush()
    session.add_all(
        MemberShare(run_id=run.id, member_id=one, quantity=plan.delivered.quantities[one], amount_dong=share)
        for one, share in plan.shares.items()
    )
    session.flush()
    _write(session, "proceeds_shared", run.id, producer_id, at, by)
    return run.id


def give_card(session: Session, producer_id: str, member_id: str, *, at: datetime, by: str) -> str:
    """A new link for a household; the one before ends. Returns its secret, which nobody can read again. Raises NotFound."""
    get_member(session, producer_id, member_id)
    _revoke(session, member_id, at, by)
    token = new_token(24)
    session.add(
        MemberCard(id=new_id(), member_id=member_id, token_hash=token_hash(token), created_at=at, created_by=by)
    )
    session.flush()
    _write(session, "member_card_given", member_id, producer_id, at, by)
    return token


def revoke_card(session: Session, producer_id: str, member_id: str, *, at: datetime, by: str) -> None:
    """The household's link ends at once; again changes nothing. Raises NotFound."""
    get_member(session, producer_id, member_id)
    if card_of(session, member_id) is not None:
        _revoke(session, member_id, at, by)
        _write(session, "member_card_revoked", member_id, producer_id, at, by)


def _revoke(session: Session, member_id: str, at: datetime, by: str) -> None:
    open_ = update(MemberCard).where(MemberCard.member_id == member_id, MemberCard.revoked_at.is_(None))
    session.execute(open_.values(revoked_at=at, revoked_by=by))


def publish_bands(session: Session, producer_id: str, year: int, *, at: datetime, by: str) -> dict[str, int]:
    """Let others know how many households earned how much in a year that is over; once, so that two looks show no change.

    Only bands that may be shown are kept. Raises NotFound, YearNotOver, BandsEmpty, BandsHidden, BandsPublished.
    """
    if not is_cooperative(session, producer_id):
        raise NotFound
    if not is_over(year, fair_day(at, 0)):
        raise refusals.YearNotOver(year=str(year))
    if session.get(PublishedBands, (producer_id, year)) is not None:
        raise refusals.BandsPublished(year=str(year))
    incomes = incomes_of_year(session, producer_id, year)
    if not incomes:
        raise refusals.BandsEmpty(year=str(year))
    shown = shown_bands(households_by_band(list(incomes.values())))
    if not shown:
        raise refusals.BandsHidden(year=str(year))
    session.add(PublishedBands(producer_id=producer_id, year=year, households=shown, published_at=at, published_by=by))
    session.flush()
    _write(session, "bands_published", producer_id, producer_id, at, by)
    return shown


def _write(session: Session, verb: str, subject_id: str, producer_id: str, at: datetime, by: str) -> None:
    # The journal is read by the office: it says that something was done, and neither whose household nor how much.
    write_line(
        session, at=at, verb=verb, subject=("cooperative", subject_id), facts={"producer": producer_id}, person_id=by
    )
