"""The course of a fair in any order: goods sold, given, lost and counted, terms said, statements made, and each made again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from fair_pos.consignment.actions import write_off
from fair_pos.consignment.rules import OutLine
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.settlement.actions import settle
from fair_pos.settlement.content import Heading, content_of, frozen, thawed
from fair_pos.settlement.divided import settled_goods
from fair_pos.settlement.gather import Open, made_of, open_parts
from fair_pos.settlement.queries import content_of_statement, settled_fees, settled_until, statements_of_edition
from fair_pos.settlement.rules import Terms
from fair_pos.stock.actions import record_intake
from fair_pos.stocktaking.actions import Approval, book_count
from fair_pos.stocktaking.queries import get_count, states_of
from fair_pos.terms.actions import Settled, add_rule
from fair_pos.terms.fees import add_fee
from fair_pos.terms.queries import rules_of
from fair_pos.terms.rules import About, Share
from tests.builders import BOUNDARY, Fair, Goods, Tablet, make_fair, pair_tablet, sold
from tests.stocktaking.counting import count_of, counted

STATED = Settled(settled_until, settled_goods, settled_fees)
"""As the app lends it to the pages."""


@dataclass
class Course:
    """A fair whose days are those of one moment, what happened there, and what each statement was made of."""

    app: Flask
    fair: Fair
    tablet: Tablet
    moment: datetime
    receipts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    fees: dict[str, int] = field(default_factory=dict)
    made_of: dict[str, tuple[Open, int]] = field(default_factory=dict)
    net_dong: int = 0

    def day(self, back: int) -> date:
        return fair_day(self.moment, BOUNDARY) - timedelta(days=back)

    def at(self, back: int) -> datetime:
        return day_starts_at(self.day(back), BOUNDARY) + timedelta(hours=6)

    def do(self, work: Callable[[Session], Any]) -> Any:
        with self.app.app_context():
            return in_transaction(work, one_moment=True)

    def said(self, action: Callable[..., Any], *args: Any, **more: Any) -> Any:
        about = {"at": self.moment, "by": self.fair.people["bantochuc"], **more}
        return self.do(lambda session: action(session, self.fair.edition_id, *args, **about))

    # --- goods ---

    def sell(self, back: int, goods: Goods, *, refund: int | None = None, **fields: Any) -> None:
        """A sale, or the taking back of a receipt before it, whichever day that has."""
        original, line = (None, sold(goods, 2, **fields)) if refund is None else self.receipts.pop(refund)
        parcel = self.tablet.sale([line], at=self.at(back), refund_of=original)
        assert [one.answer for one in self.tablet.send(parcel)] == ["stored"]
        self.net_dong += int(line["amount_dong"]) * (1 if refund is None else -1)
        if refund is None:
            self.receipts.append((str(parcel["id"]), line))

    def give(self, back: int, goods: Goods, borne_by: str = "organiser") -> None:
        parcel = self.tablet.giveaway([sold(goods, 1)], borne_by=borne_by, at=self.at(back))
        assert [one.answer for one in self.tablet.send(parcel)] == ["stored"]

    def lose(self, back: int, goods: Goods, borne_by: str = "house", *, written: int | None = None) -> str:
        """A note of that day; `written` says on which day it was entered."""
        gone = OutLine(goods.product_id, goods.producer_id, "", 1, reason="damaged", borne_by=borne_by)  # type: ignore[arg-type]  # of a test
        about = {
            "day": self.day(back),
            "at": self.at(back if written is None else written),
            "signed": None,
            "beyond": True,
        }
        note: str = self.said(write_off, self.fair.booth_ids[0], [gone], **about)
        self.gone.append(note)
        return note

    def count(self, back: int, goods: Goods) -> None:
        """Nothing lies there any more at a count of that day, approved the same day."""
        note, booth = new_id(), self.fair.booth_ids[0]
        came, counted_at = self.at(back) - timedelta(hours=2), self.at(back) - timedelta(hours=1)
        # More than was sold, given and lost before: so something is missing.
        brought = [(goods.product_id, goods.producer_id, 40)]
        self.do(lambda session: record_intake(session, booth, brought, note, came))
        parcel = count_of(self.tablet, counted(goods, 0, counted_at), at=counted_at)
        assert [one.answer for one in self.tablet.send(parcel)] == ["stored"]
        count_id = str(parcel["id"])
        with self.app.app_context():
            states = states_of(reading(), get_count(reading(), self.fair.edition_id, count_id))
        seen = {one.line_no: one.left for one in states if one.may_book}
        if seen:
            self.said(book_count, count_id, Approval(seen, "kiểm", "house"), at=self.at(back))

    # --- terms and statements ---

    def rule(self, points: int, about: About | None = None, *, starts: int, ends: int | None = None) -> str:
        last = None if ends is None else self.day(ends)
        share = Share(kind="percent", basis_points=points)
        made: str = self.said(
            add_rule, about or About(), share, starts_day=self.day(starts), ends_day=last, settled=STATED
        )
        self.rules.append(made)
        return made

    def fee(self, back: int, owner_id: str, amount_dong: int) -> str:
        made: str = self.said(add_fee, owner_id, "fridge", amount_dong, self.day(back), "Tủ mát")
        self.fees[made] = amount_dong
        return made

    def settle(self, back: int, owners: Sequence[str] | None = None) -> None:
        """Statements up to that day; what each is made of is kept, to make it again."""
        before = {one.id for one in self.statements()}

        def work(session: Session) -> Any:
            found = open_parts(session, self.fair.edition_id, self.day(back))
            by = self.fair.people["bantochuc"]
            settle(session, self.fair.edition_id, self.day(back), at=self.moment, by=by, producer_ids=owners)
            return found

        found = self.do(work)
        for one in self.statements():
            if one.id not in before:
                self.made_of[one.id] = (found.by_owner[one.producer_id], found.terms.minimum_dong)

    def statements(self) -> list[Any]:
        with self.app.app_context():
            return statements_of_edition(reading(), self.fair.edition_id)

    def assert_statements_stand(self) -> None:
        """Each, made again of the same things by the rules of now, is the same bytes."""
        with self.app.app_context():
            rules = rules_of(reading(), self.fair.edition_id)
            for one in self.statements():
                parts, minimum = self.made_of[one.id]
                kept = content_of_statement(reading(), one.id)
                heading = Heading(**{**thawed(kept)["heading"], "number": one.number})
                again = made_of(one.producer_id, parts, Terms(rules, minimum))
                assert frozen(content_of(heading, again, minimum)) == kept


def make_course(app: Flask) -> Course:
    """Examples share one database: each has a fair of its own."""
    moment = now()
    name = f"Hội chợ {new_id()}"
    fair = make_fair(app, name=name, starts=fair_day(moment, BOUNDARY) - timedelta(days=10), booths=2, producers=2)
    return Course(app, fair, pair_tablet(app, fair, paired_at=moment - timedelta(days=60)), moment)
