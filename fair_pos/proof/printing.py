"""Copies of receipts made again from the commands that told of them, and from the journal when a person made them here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from fair_pos.journal.tables import Line
from fair_pos.printing.rows import copy_row
from fair_pos.printing.tables import ReceiptCopy
from fair_pos.proof.heard import AnySession, Heard, by_id, table_of
from fair_pos.proof.rules import same, same_fields
from fair_pos.proof.then import look_back
from fair_pos.proof.witnesses import check_recomputed
from fair_pos.sales.rules import settle
from fair_pos.sales.tables import Sale
from fair_pos.till.parcels import copy_fact_of

_COPY = table_of(ReceiptCopy)


class Copies:
    """Checks the commands `receipt_copied`."""

    def __init__(self) -> None:
        self.count = 0

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """Each is the row that its command makes. Raises Differs."""
        facts = [copy_fact_of(one.opened) for one in some]
        then = look_back(session, facts)
        stored = by_id(session, _COPY, [one.id for one in some])
        for one, fact in zip(some, facts, strict=True):
            settled = settle(fact, one.place, then.people_known(one.noted, one.place.received_at))
            check_recomputed(one.id, settled.oddities, one.noted)
            row = stored.get(one.id)
            if row is None:
                same("copy", one.id, "row", None, "a copy")
                continue
            same_fields("copy", one.id, row, copy_row(fact, one.place, settled))
        self.count += len(some)

    def finish(self, session: AnySession) -> None:
        """Tablets' copies are those of commands, and every copy has its line in the journal. Raises Differs."""
        by_tablet = select(func.count()).where(ReceiptCopy.device_id.is_not(None))
        same("copy", "of tablets", "number of rows", session.scalar(by_tablet), self.count)
        made: Counter[tuple[Any, ...]] = Counter()
        columns = (Sale.receipt_number, Sale.edition_id, Sale.booth_id)
        copies = select(ReceiptCopy, *columns).outerjoin(Sale, Sale.id == ReceiptCopy.sale_id)
        for one, number, *place in session.execute(copies):
            if one.device_id is None:
                same("copy", one.id, "place", [one.edition_id, one.booth_id], place)
                same("copy", one.id, "copied_at", one.copied_at, one.received_at)
                same("copy", one.id, "till_session_id", one.till_session_id, None)
            told = (one.copy_no, number if one.device_id is None else None)
            made[one.sale_id, one.received_at, one.device_id, one.person_id, *told] += 1
        written: Counter[tuple[Any, ...]] = Counter()
        for line in session.scalars(select(Line).where(Line.verb == "receipt_copied")):
            said = (line.facts.get("copy_no"), line.facts.get("number"))
            told_here = {"copy_no"} if line.device_id else {"copy_no", "number"}
            same("journal line", line.subject_id, "what it tells", set(line.facts), told_here)
            same("journal line", line.subject_id, "subject_kind", line.subject_kind, "sale")
            written[(line.subject_id, line.at, line.device_id, line.person_id, *said)] += 1
        for key in [*(written - made), *(made - written)]:
            same("journal line", key[0], "number of lines «receipt_copied»", written[key], made[key])
