"""Saying how money is split, and from when on otherwise. Nothing that was sold or settled changes by it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import products_for_sale
from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import dialect_of, insert_adding
from fair_pos.registry.queries import known_producer_ids
from fair_pos.sales.queries import sums_by_day
from fair_pos.terms import refusals
from fair_pos.terms.queries import get_rule, rule_of, rules_of
from fair_pos.terms.rules import (
    MOST_TIERS,
    About,
    Divided,
    Rule,
    Share,
    changes_past,
    last_divided_otherwise,
    overlaps,
    trouble_with_share,
)
from fair_pos.terms.tables import SettlementTerms, SplitRule
from fair_pos.venues.queries import booths_of, get_booth, get_edition

SettledUntil = Callable[[Session, str, str | None], date | None]
"""(session, edition, owner) → the last day that a statement of the owner reaches, of any owner for None."""


@dataclass(frozen=True)
class Settled:
    """What statements have said already; lent by the app, since settlement lies above us."""

    until: SettledUntil
    goods: Callable[[Session, str, About], Iterable[Divided]]
    """(session, edition, which) → goods on statements that were divided by another day's rule than their own, with that day."""
    fees: Callable[[Session, str], Collection[str]]
    """(session, edition) → ids of the fees on statements."""


_TERMS = cast("Table", SettlementTerms.__table__)
_FAR_BACK = timedelta(days=20_000)


def hold_terms(session: Session, edition_id: str) -> SettlementTerms:
    """Hold the terms of an edition until the transaction ends: of two who change or settle by them the second waits. Raises NotFound.

    The row is written anew and not only locked: whoever settles sees the moment at which it began, and PostgreSQL lets it go on after the
    wait, by a rule that has ended meanwhile, unless the row itself was changed (then it is told and begins again).
    """
    get_edition(session, edition_id)
    session.execute(
        insert_adding(dialect_of(session), _TERMS, ("minimum_dong",)), [{"edition_id": edition_id, "minimum_dong": 0}]
    )
    wanted = select(SettlementTerms).where(SettlementTerms.edition_id == edition_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


# --- split rules ------------------------------------------------------------------------------------------------------


def add_rule(
    session: Session,
    edition_id: str,
    about: About,
    share: Share,
    *,
    starts_day: date,
    ends_day: date | None = None,
    at: datetime,
    by: str,
    settled: Settled | None = None,
    rule_id: str | None = None,
) -> str:
    """Let sales from `starts_day` to `ends_day` be split so; the id of the rule, a new one unless given.

    Raises NotFound for goods, owners and booths that are not here, RateOver, TiersWrong, UnitAmountWrong, RuleDaysWrong,
    RuleOverlaps, RuleSettled when a statement would say otherwise, and RuleChangesPast when goods that were sold would be split otherwise.
    Goods given away or written off that stand on no statement are divided by what holds when one is made.
    """
    hold_terms(session, edition_id)
    _known(session, edition_id, about)
    _refuse_share(share)
    new = Rule(
        id=rule_id or new_id(), **_plain_about(about), **_plain_share(share), starts_day=starts_day, ends_day=ends_day
    )
    if ends_day is not None and ends_day < starts_day:
        raise refusals.RuleDaysWrong
    others = rules_of(session, edition_id)
    _refuse_overlap(new, others)
    stated = _last_settled(session, edition_id, new, others, [*others, new], settled)
    _refuse_past(stated, _last_sold_otherwise(session, edition_id, new, others, at), refusals.RuleChangesPast)
    session.add(
        SplitRule(
            id=new.id,
            edition_id=edition_id,
            booth_id=new.booth_id,
            producer_id=new.owner_id,
            product_id=new.product_id,
            about=new.key,
            kind=new.kind,
            basis_points=new.basis_points,
            tiers=[list(one) for one in new.tiers],
            unit_dong=new.unit_dong,
            starts_day=new.starts_day,
            ends_day=new.ends_day,
            created_by=by,
            created_at=at,
        )
    )
    session.flush()
    _write(session, "split_rule_added", new.id, _facts_of(new), at=at, by=by)
    return new.id


def end_rule(
    session: Session,
    edition_id: str,
    rule_id: str,
    last_day: date,
    *,
    at: datetime,
    by: str,
    settled: Settled | None = None,
) -> None:
    """Let a rule hold until `last_day` and no longer; of one that has ended it may be an earlier or a later day.

    Raises NotFound, RuleEnded, RuleDaysWrong, RuleHasSold, RuleSettled, RuleOverlaps, and RuleChangesPast when it would go on over days on
    which goods were sold under a wider rule.
    """
    hold_terms(session, edition_id)
    row = _standing(session, edition_id, rule_id)
    old = rule_of(row)
    if last_day < old.starts_day:
        raise refusals.RuleDaysWrong
    if last_day == old.ends_day:
        return
    new, standing = replace(old, ends_day=last_day), rules_of(session, edition_id)
    others = [one for one in standing if one.id != rule_id]
    why: type[Refusal]
    if old.ends_day is not None and old.ends_day < last_day:
        changed = replace(old, starts_day=old.ends_day + timedelta(days=1), ends_day=last_day)
        _refuse_overlap(new, others)
        sold, why = _last_sold_otherwise(session, edition_id, changed, others, at), refusals.RuleChangesPast
    else:
        changed = replace(old, starts_day=last_day + timedelta(days=1))
        sold, why = _last_sold(session, edition_id, changed, at), refusals.RuleHasSold
    _refuse_past(_last_settled(session, edition_id, changed, standing, [*others, new], settled), sold, why)
    row.ends_day, row.ended_by, row.ended_at = last_day, by, at
    session.flush()
    _write(session, "split_rule_ended", rule_id, {"last_day": last_day.isoformat()}, at=at, by=by)


def change_rule(
    session: Session,
    edition_id: str,
    rule_id: str,
    share: Share,
    *,
    from_day: date,
    at: datetime,
    by: str,
    settled: Settled | None = None,
) -> str:
    """Let the same sales be split otherwise from a day on: the old rule ends the day before; the id of the new one.

    Raises what end_rule and add_rule do.
    """
    old = rule_of(_standing(session, edition_id, rule_id))
    end_rule(session, edition_id, rule_id, from_day - timedelta(days=1), at=at, by=by, settled=settled)
    return add_rule(
        session, edition_id, old, share, starts_day=from_day, ends_day=old.ends_day, at=at, by=by, settled=settled
    )  # fmt: skip


def withdraw_rule(
    session: Session,
    edition_id: str,
    rule_id: str,
    *,
    at: datetime,
    by: str,
    settled: Settled | None = None,
) -> None:
    """Take back a rule that was said by mistake, as long as nothing was sold on its days. Raises NotFound, RuleEnded, RuleHasSold, RuleSettled."""
    hold_terms(session, edition_id)
    row = _standing(session, edition_id, rule_id)
    old = rule_of(row)
    standing = rules_of(session, edition_id)
    others = [one for one in standing if one.id != rule_id]
    stated = _last_settled(session, edition_id, old, standing, others, settled)
    _refuse_past(stated, _last_sold(session, edition_id, old, at), refusals.RuleHasSold)
    row.withdrawn, row.ended_by, row.ended_at = True, by, at
    session.flush()
    _write(session, "split_rule_withdrawn", rule_id, {}, at=at, by=by)


def _standing(session: Session, edition_id: str, rule_id: str) -> SplitRule:
    row = get_rule(session, edition_id, rule_id)
    if row.withdrawn:
        raise refusals.RuleEnded
    return row


def _known(session: Session, edition_id: str, about: About) -> None:
    if about.booth_id is not None and get_booth(session, about.booth_id).edition_id != edition_id:
        raise NotFound
    if about.owner_id is not None and not known_producer_ids(session, {about.owner_id}):
        raise NotFound
    if about.product_id is not None and not products_for_sale(session, {about.product_id}):
        raise NotFound


def _refuse_share(share: Share) -> None:
    trouble = trouble_with_share(share)
    if trouble == "rate_over":
        raise refusals.RateOver
    if trouble == "tiers_wrong":
        raise refusals.TiersWrong(most=MOST_TIERS)
    if trouble == "amount_wrong":
        raise refusals.UnitAmountWrong


def _refuse_overlap(new: Rule, others: list[Rule]) -> None:
    for one in others:
        if one.id != new.id and overlaps(one, new):
            raise refusals.RuleOverlaps(first=_written(one.starts_day))


def _refuse_past(stated: date | None, sold: date | None, refusal: type[Refusal]) -> None:
    """Of two reasons the one that lasts longer is said: whoever follows it is not sent away a second time."""
    if stated is not None and (sold is None or stated >= sold):
        raise refusals.RuleSettled(day=_written(stated), first=_written(stated + timedelta(days=1)))
    if sold is not None:
        raise refusal(day=_written(sold), first=_written(sold + timedelta(days=1)))


def _last_settled(
    session: Session,
    edition_id: str,
    changed: Rule,
    before: Iterable[Rule],
    after: Iterable[Rule],
    settled: Settled | None,
) -> date | None:
    """The last day whose rule statements have used and that would have another; `changed` holds on those days alone that change."""
    until = None if settled is None else settled.until(session, edition_id, changed.owner_id)
    if settled is None or until is None:
        return None
    # The days of a statement keep their rules also for what comes late. Beyond them lie the days of sales and losses whose taking back
    # was settled before they were themselves: the clock of a tablet, or ours, ran ahead when they were made.
    days = [until] if changed.starts_day <= until else []
    otherwise = last_divided_otherwise(before, after, settled.goods(session, edition_id, changed))
    return max([*days, *([otherwise] if otherwise else [])], default=None)


def _last_sold_otherwise(session: Session, edition_id: str, new: Rule, others: list[Rule], at: datetime) -> date | None:
    sold = _last_sold(session, edition_id, new, at)
    return sold if sold is not None and changes_past(new, others, sold) is not None else None


def _written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _last_sold(session: Session, edition_id: str, rule: Rule, at: datetime) -> date | None:
    """The last of a rule's days on which anything was sold at the places it is about; None when nothing was."""
    boundary = get_edition(session, edition_id).day_boundary_minutes
    # A tablet whose clock runs ahead may have sold «tomorrow».
    until = fair_day(at, boundary) + timedelta(days=2)
    until = until if rule.ends_day is None else min(until, rule.ends_day)
    first = max(rule.starts_day, until - _FAR_BACK)
    days = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    booths = [rule.booth_id] if rule.booth_id else [one.id for one in booths_of(session, edition_id)]
    return max(sums_by_day(session, booths, days), default=None) if days else None


def _plain_about(about: About) -> dict[str, Any]:
    return {"booth_id": about.booth_id, "owner_id": about.owner_id, "product_id": about.product_id}


def _plain_share(share: Share) -> dict[str, Any]:
    """Only what its kind reads: what a form kept of another kind is no part of the rule."""
    kept: dict[str, Any] = {"kind": share.kind}
    if share.kind == "percent":
        kept["basis_points"] = share.basis_points
    elif share.kind == "tiers":
        kept["tiers"] = share.tiers
    else:
        kept["unit_dong"] = share.unit_dong
    return kept


def _facts_of(rule: Rule) -> dict[str, Any]:
    share = {**_plain_share(rule), "tiers": [list(one) for one in rule.tiers]}
    ends = rule.ends_day.isoformat() if rule.ends_day else None
    return {**_plain_about(rule), **share, "starts_day": rule.starts_day.isoformat(), "ends_day": ends}


def _write(session: Session, verb: str, subject_id: str, facts: dict[str, Any], *, at: datetime, by: str) -> None:
    write_line(session, at=at, person_id=by, verb=verb, subject=("split_rule", subject_id), facts=facts)
