"""Transfers made again from the sales that asked for them, with their figures; and what people at tablets saw of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select

from fair_pos.journal.tables import Line
from fair_pos.payments.actions import transfer_rows
from fair_pos.payments.figures import card_figures, confirmed_of, family_figures, family_of
from fair_pos.payments.rules import SeenFact
from fair_pos.payments.tables import CashlessFigure, Confirmation, Transfer, UnplacedSeen
from fair_pos.proof.banks import check_banks
from fair_pos.proof.heard import AnySession, Heard, Sums, by_id, grouped, same_rows, stored_sums, table_of
from fair_pos.proof.rules import add_to, same, same_fields, same_sums
from fair_pos.proof.then import look_back
from fair_pos.proof.witnesses import check_recomputed
from fair_pos.sales.facts import Judged
from fair_pos.sales.rules import settle
from fair_pos.sales.tables import Sale
from fair_pos.till.parcels import seen_fact_of

_TRANSFER, _CONFIRMATION, _UNPLACED = table_of(Transfer), table_of(Confirmation), table_of(UnplacedSeen)
_BY_TABLET = {"how": "person", "reason": "", "bank_line_id": None, "reverses_id": None}
_LATER = frozenset({"sale_unknown"})
"""What was said of a transfer that may have come afterwards; of all other reasons nothing can have changed."""


class Paid:
    """Checks the transfers of sales, and the commands `transfer_seen`."""

    def __init__(self) -> None:
        self.transfers = 0
        self.figures: Sums = {}
        self.confirmed = 0
        self.unplaced = 0
        self.told: Counter[tuple[Any, ...]] = Counter()

    def check_transfers(self, session: AnySession, batch: Sequence[Judged]) -> None:
        """Which payments of these sales and refunds are transfers. Raises Differs."""
        stored = grouped(session, _TRANSFER, "sale_id", [judged.fact.id for judged in batch], "payment_no")
        for judged in batch:
            rows = transfer_rows(judged)
            same_rows("transfer", judged.fact.id, stored[judged.fact.id], rows)
            self.transfers += len(rows)
        add_to(self.figures, {key: (amount,) for key, amount in card_figures(batch).items()})

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """What people saw: it confirmed a transfer, or is kept apart, or somebody had seen the money before. Raises Differs."""
        facts = [seen_fact_of(one.opened) for one in some]
        then = look_back(session, facts)
        ids = [one.id for one in some]
        confirmations, unplaced = by_id(session, _CONFIRMATION, ids), by_id(session, _UNPLACED, ids)
        transfers = _transfers(session, {fact.sale_id for fact in facts})
        by_others = _seen_by_others(session, {fact.sale_id for fact in facts})
        for one, fact in zip(some, facts, strict=True):
            settled = settle(fact, one.place, then.people_known(one.noted, one.place.received_at))
            check_recomputed(one.id, settled.oddities, one.noted)
            place = {"booth_id": one.place.booth_id, "device_id": one.place.device_id}
            about = {"sale_id": fact.sale_id, "payment_no": fact.payment_no, "person_id": fact.person_id}
            transfer, apart = transfers.get((fact.sale_id, fact.payment_no)), unplaced.get(one.id)
            if apart is not None:
                kept = {**about, **place, "edition_id": one.place.edition_id, "seen_at": settled.at}
                same_fields("money seen", one.id, apart, {**kept, "last_digits": fact.last_digits})
                _check_reason(one, apart, transfer)
            placed = apart is None or apart["placed_at"] is not None
            self._check_confirmation(one, fact, confirmations.get(one.id), transfer if placed else None, by_others)
            if one.id in confirmations:
                said = {**about, "device_id": one.place.device_id, "at": settled.at, "reference": fact.last_digits}
                same_fields("confirmation", one.id, confirmations[one.id], {**said, **_BY_TABLET})
            self.confirmed += one.id in confirmations
            self.unplaced += apart is not None
            written = (one.place.received_at, one.place.device_id, fact.person_id, "sale", fact.sale_id)
            self.told[(*written, fact.payment_no, apart is not None)] += 1

    def _check_confirmation(
        self,
        one: Heard,
        fact: SeenFact,
        stored: Mapping[str, Any] | None,
        transfer: Mapping[str, Any] | None,
        by_others: Mapping[tuple[str, int], frozenset[str]],
    ) -> None:
        """It is there, or somebody else's is, when there was a transfer to confirm; and only then."""
        if transfer is None or transfer["kind"] != "sale" or transfer["booth_id"] != one.place.booth_id:
            same("confirmation", one.id, "row", stored and "a confirmation", None)
        elif stored is None:
            others = by_others.get((fact.sale_id, fact.payment_no), frozenset()) - {one.id}
            same("confirmation", one.id, "row", None if not others else "of another", "of another")
        else:
            same("confirmation", one.id, "amount_dong", stored["amount_dong"], transfer["amount_dong"])

    def finish(self, session: AnySession) -> None:
        """No transfer without a sale, none received but by what confirms it; and the figures of all. Raises Differs."""
        stored = session.scalar(select(func.count()).select_from(_TRANSFER)) or 0
        same("transfer", "table", "number of rows", stored, self.transfers)
        by_tablet = select(func.count()).where(Confirmation.device_id.is_not(None))
        same("confirmation", "of tablets", "number of rows", session.scalar(by_tablet), self.confirmed)
        apart = select(func.count()).select_from(_UNPLACED)
        same("money seen", "table", "number of rows", session.scalar(apart), self.unplaced)
        self._check_journal(session)
        self._check_families(session)
        same_sums("cashless figure", stored_sums(session, table_of(CashlessFigure), 6), self.figures)
        check_banks(session)

    def _check_families(self, session: AnySession) -> None:
        """What each transfer says of itself, and what all of one sale and of its refunds add to the figures."""
        confirmed = _confirmed(session)
        gone = set(session.scalars(select(Sale.refund_of).where(Sale.kind == "refund", Sale.whole)))
        with closing(_families(session)) as families:
            for rows in families:
                counted = confirmed_of(rows)
                for row in rows:
                    key = (row.sale_id, row.payment_no)
                    received, seen = confirmed.pop(key, (0, 0))
                    which = f"{row.sale_id} #{row.payment_no}"
                    same("transfer", which, "received_dong", row.received_dong, received)
                    same("transfer", which, "seen", row.seen, bool(seen))
                    same("transfer", which, "cancelled", row.cancelled, row.sale_id in gone)
                    same("transfer", which, "confirmed_dong", row.confirmed_dong, counted[key])
                add_to(self.figures, {one: (amount,) for one, amount in family_figures(rows, counted).items()})
        for sale_id, payment_no in confirmed:
            same("confirmation", f"{sale_id} #{payment_no}", "transfer", None, "a transfer")

    def _check_journal(self, session: AnySession) -> None:
        """Each command has its line, and no line tells of another."""
        found: Counter[tuple[Any, ...]] = Counter()
        for line in session.scalars(select(Line).where(Line.verb == "transfer_seen")):
            same("journal line", line.subject_id, "what it tells", set(line.facts), {"payment_no", "unplaced"})
            facts = (line.facts["payment_no"], bool(line.facts["unplaced"]))
            found[(line.at, line.device_id, line.person_id, line.subject_kind, line.subject_id, *facts)] += 1
        for key in [*(found - self.told), *(self.told - found)]:
            same("journal line", key[4], "number of lines «transfer_seen»", found[key], self.told[key])


def _check_reason(one: Heard, apart: Mapping[str, Any], transfer: Mapping[str, Any] | None) -> None:
    """Why it is kept apart is true still, or it was placed when its sale came."""
    placed_at, true = None, _LATER
    if transfer is None or transfer["kind"] != "sale":
        true |= {"no_transfer"}
    elif transfer["booth_id"] != one.place.booth_id:
        true |= {"other_booth"}
    else:
        placed_at = transfer["received_at"]
    same("money seen", one.id, "why", apart["why"], apart["why"] if apart["why"] in true else sorted(true))
    same("money seen", one.id, "placed_at", apart["placed_at"], placed_at)


def _transfers(session: AnySession, sale_ids: set[str]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """By sale and number, each with when its sale came."""
    wanted = select(_TRANSFER, Sale.received_at).join(Sale, Sale.id == _TRANSFER.c.sale_id)
    found = session.execute(wanted.where(_TRANSFER.c.sale_id.in_(sale_ids))).mappings()
    return {(row["sale_id"], row["payment_no"]): dict(row) for row in found}


def _seen_by_others(session: AnySession, sale_ids: set[str]) -> dict[tuple[str, int], frozenset[str]]:
    """Transfer → the confirmations of it by people, those taken back again too."""
    wanted = select(Confirmation.sale_id, Confirmation.payment_no, Confirmation.id).where(
        Confirmation.sale_id.in_(sale_ids), Confirmation.how == "person", Confirmation.reverses_id.is_(None)
    )
    found: dict[tuple[str, int], frozenset[str]] = {}
    for sale_id, payment_no, one in session.execute(wanted):
        found[sale_id, payment_no] = found.get((sale_id, payment_no), frozenset()) | {one}
    return found


def _families(session: AnySession) -> Generator[list[Any], None, None]:
    """The transfers of one sale and of its refunds, family by family, so that a million fit. To be closed: it holds a cursor."""
    family = case((_TRANSFER.c.kind == "sale", _TRANSFER.c.sale_id), else_=_TRANSFER.c.refund_of)
    wanted = select(_TRANSFER).order_by(family, _TRANSFER.c.sale_id, _TRANSFER.c.payment_no)
    with closing(session.execute(wanted.execution_options(yield_per=500))) as rows:
        for _sale_id, some in groupby(rows, key=family_of):
            yield list(some)


def _confirmed(session: AnySession) -> Sums:
    """What confirmations say of each transfer: money received, and how many people saw it and did not take it back."""
    found: Sums = {}
    columns = (
        Confirmation.sale_id,
        Confirmation.payment_no,
        Confirmation.how,
        Confirmation.amount_dong,
        Confirmation.reverses_id,
    )
    for sale_id, payment_no, how, amount, reverses_id in session.execute(select(*columns)):
        by_person, sign = how == "person", -1 if reverses_id else 1
        add_to(found, {(sale_id, payment_no): (0, sign) if by_person else (amount, 0)})
    return found
