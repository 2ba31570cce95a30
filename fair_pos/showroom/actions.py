"""Putting products on display in a showroom, and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version
from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.registry.actions import MakeId
from fair_pos.showroom import refusals
from fair_pos.showroom.queries import Check, checks_of
from fair_pos.showroom.rules import MOST_REASON, written
from fair_pos.showroom.tables import Admission
from fair_pos.venues.queries import get_edition, refuse_frozen


@dataclass(frozen=True)
class Outcome:
    """Which products are on display now, and which were not taken, with why."""

    admitted: list[Check]
    turned_down: list[Check]


def _any_id(*_names: str) -> str:
    return new_id()


def admit(
    session: Session,
    edition_id: str,
    product_ids: Sequence[str],
    *,
    day: date,
    at: datetime,
    by: str | None,
    exception: str = "",
    make_id: MakeId = _any_id,
) -> Outcome:
    """Put products on display from `day` on. Those without any ground on that day stay out and are named in the outcome, unless
    `exception` says why they are admitted all the same.

    Raises NotFound, EditionFrozen, NotAShowroom, NothingChosen, AdmissionDayWrong, AdmittedAlready, ReasonTooLong; NoGround when none is left.
    """
    refuse_frozen(session, edition_id)
    edition = get_edition(session, edition_id)
    if edition.kind != "showroom":
        raise refusals.NotAShowroom
    exception = _reason(exception)
    if day > fair_day(at, edition.day_boundary_minutes):
        raise refusals.AdmissionDayWrong
    checks = checks_of(session, product_ids, day)
    if not checks:
        raise refusals.NothingChosen
    fit = [one for one in checks if one.grounds or exception]
    if not fit:
        raise refusals.NoGround(name=checks[0].product.name, count=len(checks))
    _free_from(session, edition_id, fit, day)
    for one in fit:
        admission = Admission(
            id=make_id("admission", edition_id, one.product.id, day.isoformat()),
            edition_id=edition_id,
            product_id=one.product.id,
            grounds=written(one.grounds),
            exception="" if one.grounds else exception,
            admitted_day=day,
            admitted_at=at,
            admitted_by=by,
        )
        try:
            with session.begin_nested():
                session.add(admission)
        except IntegrityError:
            raise refusals.AdmittedAlready(name=one.product.name) from None
        _write(session, admission, "admitted", at=at, by=by)
    bump_version(session, "admitted", at)
    return Outcome(fit, [one for one in checks if not one.grounds and not exception])


def _free_from(session: Session, edition_id: str, checks: Sequence[Check], day: date) -> None:
    """Nothing is on display twice on one day: an earlier admission must have ended by `day`."""
    names = {one.product.id: one.product.name for one in checks}
    of_these = (Admission.edition_id == edition_id, Admission.product_id.in_(names))
    there = session.scalar(select(Admission.product_id).where(*of_these, Admission.withdrawn_day.is_(None)).limit(1))
    if there is not None:
        raise refusals.AdmittedAlready(name=names[there])
    last = session.scalar(select(func.max(Admission.withdrawn_day)).where(*of_these))
    if last is not None and day < last:
        raise refusals.AdmissionDayWrong


def withdraw(
    session: Session, edition_id: str, admission_id: str, *, day: date, reason: str, at: datetime, by: str | None
) -> str:
    """Take a product off display from `day` on; its id. The admission stays for earlier days.

    Raises NotFound, EditionFrozen, ReasonMissing, ReasonTooLong, WithdrawalDayWrong.
    """
    refuse_frozen(session, edition_id)
    admission = session.get(Admission, admission_id, with_for_update=True)
    if admission is None or admission.edition_id != edition_id or admission.withdrawn_day is not None:
        raise NotFound
    reason = _reason(reason)
    if not reason:
        raise refusals.ReasonMissing
    today = fair_day(at, get_edition(session, edition_id).day_boundary_minutes)
    if not admission.admitted_day <= day <= today:
        raise refusals.WithdrawalDayWrong
    admission.withdrawn_day, admission.withdrawn_at, admission.withdrawn_by = day, at, by
    admission.withdrawn_reason = reason
    session.flush()
    _write(session, admission, "admission_ended", at=at, by=by)
    bump_version(session, "admission_ended", at)
    return admission.product_id


def _reason(text: str) -> str:
    reason = clean(text)
    if len(reason) > MOST_REASON:
        raise refusals.ReasonTooLong(most=MOST_REASON)
    return reason


def _write(session: Session, admission: Admission, verb: str, *, at: datetime, by: str | None) -> None:
    facts = {
        "edition": admission.edition_id,
        "product": admission.product_id,
        "day": (admission.withdrawn_day or admission.admitted_day).isoformat(),
        "grounds": [one["kind"] for one in admission.grounds],
        "reason": admission.withdrawn_reason or admission.exception,
    }
    write_line(session, at=at, person_id=by, verb=verb, subject=("admission", admission.id), facts=facts)
