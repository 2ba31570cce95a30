"""Statements, what was paid for them, and what is owed to an owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.kernel.refusal import NotFound
from fair_pos.people.queries import people_with
from fair_pos.settlement.rules import written_number
from fair_pos.settlement.tables import Payout, Settlement, SettlementLine, SettlementPaper

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class StatementFact:
    """A statement in a list; its sums are those of the row. `paid` is the payout that stands, if one does."""

    id: str
    edition_id: str
    producer_id: str
    number: int
    from_day: date | None
    until_day: date
    net_dong: int
    owner_dong: int
    house_dong: int
    fees_dong: int
    credited_dong: int
    carried_in_dong: int
    payable_dong: int
    carried_out_dong: int
    digest: str
    made_at: datetime
    paid: PayoutFact | None

    @property
    def written(self) -> str:
        """«TT-0001»."""
        return written_number(self.number)

    @property
    def state(self) -> str:
        """paid, waiting for its payout, or carried over (nothing is payable)."""
        if self.payable_dong == 0:
            return "carried"
        return "waiting" if self.paid is None else "paid"


@dataclass(frozen=True)
class PayoutFact:
    """A payout, or the entry that takes one back (`reverses_id`). `last_digits` is all of an account that is shown."""

    id: str
    settlement_id: str
    amount_dong: int
    day: date
    method: str
    reference: str
    bank_bin: str
    last_digits: str
    words: str
    reverses_id: str | None
    at: datetime
    person_id: str | None


_NAMES = (
    "id", "edition_id", "producer_id", "number", "from_day", "until_day", "net_dong", "owner_dong", "house_dong", "fees_dong",
    "credited_dong", "carried_in_dong", "payable_dong", "carried_out_dong", "digest", "made_at",
)  # fmt: skip


def statements_of_edition(session: AnySession, edition_id: str) -> list[StatementFact]:
    """All statements of an edition, the newest first."""
    return _statements(session, select(Settlement).where(Settlement.edition_id == edition_id))


def statements_of_producer(session: AnySession, producer_id: str) -> list[StatementFact]:
    """All statements of an owner, at every edition, the newest first."""
    return _statements(session, select(Settlement).where(Settlement.producer_id == producer_id))


def _statements(session: AnySession, wanted: Select[Settlement]) -> list[StatementFact]:
    # The text of a statement may be long; a list needs none of it.
    columns = [getattr(Settlement, name) for name in _NAMES]
    rows = session.execute(
        wanted.with_only_columns(*columns).order_by(
            Settlement.made_at.desc(), Settlement.number.desc(), Settlement.edition_id
        )
    ).all()
    standing = {one.settlement_id: one for one in _standing(session, wanted.with_only_columns(Settlement.id))}
    return [StatementFact(**dict(zip(_NAMES, row, strict=True)), paid=standing.get(row[0])) for row in rows]


def get_statement(session: AnySession, edition_id: str, number: int) -> StatementFact:
    """A statement by its number. Raises NotFound."""
    wanted = select(Settlement).where(Settlement.edition_id == edition_id, Settlement.number == number)
    found = _statements(session, wanted)
    if not found:
        raise NotFound
    return found[0]


def get_statement_of(session: AnySession, producer_id: str, statement_id: str) -> StatementFact:
    """A statement by its id, if it is this owner's. Raises NotFound."""
    wanted = select(Settlement).where(Settlement.id == statement_id, Settlement.producer_id == producer_id)
    found = _statements(session, wanted)
    if not found:
        raise NotFound
    return found[0]


def content_of_statement(session: AnySession, statement_id: str) -> str:
    """Everything on it, frozen (content.thawed)."""
    return session.scalars(select(Settlement.content).where(Settlement.id == statement_id)).one()


# --- payouts ----------------------------------------------------------------------------------------------------------


def payouts_of(session: AnySession, producer_id: str) -> list[tuple[StatementFact, PayoutFact]]:
    """Every payout of an owner and every one taken back, with its statement, the newest first."""
    statements = {one.id: one for one in statements_of_producer(session, producer_id)}
    wanted = select(Payout).where(Payout.settlement_id.in_(list(statements)))
    rows = session.scalars(wanted.order_by(Payout.at.desc(), Payout.step.desc(), Payout.id))
    return [(statements[row.settlement_id], _payout(row)) for row in rows]


def payouts_of_statement(session: AnySession, statement_id: str) -> list[PayoutFact]:
    """What was paid for a statement and taken back, in the order in which it was entered."""
    wanted = select(Payout).where(Payout.settlement_id == statement_id).order_by(Payout.step)
    return [_payout(row) for row in session.scalars(wanted)]


def _standing(session: AnySession, statement_ids: Select[str]) -> list[PayoutFact]:
    back = aliased(Payout)
    wanted = (
        select(Payout)
        .outerjoin(back, back.reverses_id == Payout.id)
        .where(Payout.reverses_id.is_(None), back.id.is_(None), Payout.settlement_id.in_(statement_ids))
    )
    return [_payout(row) for row in session.scalars(wanted)]


def _payout(row: Payout) -> PayoutFact:
    return PayoutFact(
        row.id, row.settlement_id, row.amount_dong, row.day, row.method, row.reference, row.bank_bin, row.last_digits,
        row.words, row.reverses_id, row.at, row.person_id,
    )  # fmt: skip


# --- what is owed -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """What statements say is owed to an owner at one edition: payable and not paid, and carried over to the next statement."""

    edition_id: str
    producer_id: str
    waiting_dong: int
    carried_dong: int
    settled_until: date


def waiting_of(statements: Iterable[StatementFact]) -> dict[tuple[str, str], Waiting]:
    """(edition, owner) → what waits. Of carried amounts only the newest stands: each statement takes up the one before."""
    found: dict[tuple[str, str], list[StatementFact]] = {}
    for one in statements:
        found.setdefault((one.edition_id, one.producer_id), []).append(one)
    made: dict[tuple[str, str], Waiting] = {}
    for (edition_id, producer_id), of_owner in found.items():
        newest = max(of_owner, key=lambda one: one.until_day)
        waiting = sum(one.payable_dong for one in of_owner if one.state == "waiting")
        made[edition_id, producer_id] = Waiting(
            edition_id, producer_id, waiting, newest.carried_out_dong, newest.until_day
        )
    return made


def settled_until(session: AnySession, edition_id: str, owner_id: str | None = None) -> date | None:
    """The last day that a statement of this owner covers, or of any owner; None while there is none."""
    wanted = select(func.max(Settlement.until_day)).where(Settlement.edition_id == edition_id)
    return session.scalar(wanted if owner_id is None else wanted.where(Settlement.producer_id == owner_id))


def settled_fees(session: AnySession, edition_id: str) -> set[str]:
    """Fees that stand on a statement."""
    return settled_sources(session, edition_id, ("fee",))


def settled_sources(session: AnySession, edition_id: str, sources: Iterable[str]) -> set[str]:
    """Ids of those kinds of parts of an edition that stand on a statement."""
    wanted = select(SettlementLine.source_id).join(Settlement, Settlement.id == SettlementLine.settlement_id)
    return set(
        session.scalars(wanted.where(Settlement.edition_id == edition_id, SettlementLine.source.in_(list(sources))))
    )


def names_of(session: AnySession, person_ids: Iterable[str | None]) -> dict[str, str]:
    """Person → name, of those that are known."""
    return {one.id: one.name for one in people_with(session, {one for one in person_ids if one})}


def find_paper(session: AnySession, statement_id: str, kind: str) -> bytes | None:
    """A file of a statement that was made before."""
    wanted = select(SettlementPaper.bytes)
    return session.scalar(wanted.where(SettlementPaper.settlement_id == statement_id, SettlementPaper.kind == kind))
