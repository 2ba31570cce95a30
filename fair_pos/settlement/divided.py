"""What statements have divided by another day's rule than their own: no change of rules may reach it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.consignment.queries import write_offs_of
from fair_pos.sales.settling import divided_lines
from fair_pos.settlement.gather import Loss
from fair_pos.settlement.rules import Source
from fair_pos.settlement.tables import Settlement, SettlementLine
from fair_pos.stocktaking.queries import missing_of
from fair_pos.terms.rules import About, Divided

AnySession = Session | scoped_session[Session]
BY_ANOTHER_DAY: tuple[Source, ...] = ("refund", "write_off", "count")
"""They may take back what lies on another day. Sales and gifts have the rule of their own day, which their statement covers; fees and
what was carried over have none.
"""


def settled_goods(session: AnySession, edition_id: str, about: About) -> list[Divided]:
    """Goods on an edition's statements that `about` takes and that were divided by the rule of another day than their own.

    A refund that was settled before its sale arrived had its own; it is named with the sale's all the same, which refuses more than needed
    and never less.
    """
    wanted = (
        select(SettlementLine.source, SettlementLine.source_id, SettlementLine.subject_id, SettlementLine.product_id, Settlement.producer_id)
        .join(Settlement, Settlement.id == SettlementLine.settlement_id)
        .where(Settlement.edition_id == edition_id, SettlementLine.source.in_(BY_ANOTHER_DAY))
    )  # fmt: skip
    if about.owner_id is not None:
        wanted = wanted.where(Settlement.producer_id == about.owner_id)
    if about.product_id is not None:
        wanted = wanted.where(SettlementLine.product_id == about.product_id)
    found: list[Divided] = []
    lost: dict[str, set[str]] = defaultdict(set)
    back: set[tuple[str, str, str]] = set()
    for source, source_id, subject_id, product_id, owner_id in session.execute(wanted):
        if source == "refund":
            back.add((subject_id or "", product_id or "", owner_id))
        else:
            lost[source].add(source_id)
    lines = divided_lines(session, {subject_id for subject_id, _, _ in back}, date.max)
    ruled = {one.sale_id: (one.rule_booth, one.rule_day) for one in lines.values() if one.rule_day != one.fair_day}
    for subject_id, product_id, owner_id in back:
        if subject_id in ruled:
            booth_id, day = ruled[subject_id]
            found.append(Divided(booth_id=booth_id, owner_id=owner_id, product_id=product_id, day=day))
    if lost["write_off"]:
        found += _lost(lost["write_off"], write_offs_of(session, edition_id))
    if lost["count"]:
        found += _lost(lost["count"], missing_of(session, edition_id))
    return [one for one in found if about.takes(one.booth_id, one.owner_id, one.product_id)]


def _lost(settled: Container[str], losses: Iterable[Loss]) -> list[Divided]:
    return [
        Divided(booth_id=one.place_id, owner_id=one.owner_id, product_id=one.product_id, day=one.rule_day)
        for one in losses
        if f"{one.note_id}:{one.line_no}" in settled and one.rule_day is not None and one.rule_day != one.day
    ]
