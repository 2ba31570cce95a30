"""A small fair with sales of days that are over, split rules and fees, for the tests of settling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from fair_pos.consignment.actions import write_off
from fair_pos.consignment.rules import OutLine
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.settlement.actions import settle
from fair_pos.settlement.queries import StatementFact, statements_of_edition
from fair_pos.terms.actions import add_rule
from fair_pos.terms.fees import add_fee, set_minimum
from fair_pos.terms.rules import About, Share
from tests.builders import BOUNDARY, Fair, Goods, Tablet, make_fair, pair_tablet


@dataclass
class Stage:
    """A fair that began ten days ago, with a tablet and a rule: owners get 80 %."""

    app: Flask
    fair: Fair
    tablet: Tablet

    def day(self, back: int) -> date:
        """The fair day so many days ago."""
        return fair_day(now(), BOUNDARY) - timedelta(days=back)

    def at(self, back: int) -> datetime:
        """Some time in the middle of that day."""
        return day_starts_at(self.day(back), BOUNDARY) + timedelta(hours=6)

    def line(self, goods: Goods, amount_dong: int) -> dict[str, Any]:
        """One piece sold at this price."""
        return {
            "product_id": goods.product_id, "name": goods.name, "unit": goods.unit, "producer_id": goods.producer_id,
            "quantity": 1, "unit_price_dong": amount_dong, "amount_dong": amount_dong,
        }  # fmt: skip

    def sell(self, back: int, *lines: dict[str, Any], refund_of: str | None = None, **changes: Any) -> str:
        """A receipt of that day, sent now. Returns its id."""
        parcel = self.tablet.sale(list(lines), at=self.at(back), refund_of=refund_of, **changes)
        answers = self.tablet.send(parcel)
        assert [one.answer for one in answers] == ["stored"], answers
        return str(parcel["id"])

    def settle(self, back: int, owners: Sequence[str] | None = None, *, whole: bool = False) -> list[str]:
        """Statements up to that day, as the page makes them."""
        by = self.fair.people["bantochuc"]

        def work(session: Session) -> list[str]:
            about: dict[str, Any] = {"at": now(), "by": by, "producer_ids": owners, "whole": whole}
            return settle(session, self.fair.edition_id, self.day(back), **about)

        with self.app.app_context():
            return in_transaction(work, one_moment=True)

    def do(self, work: Callable[[Session], Any]) -> Any:
        """Something in a transaction of its own."""
        with self.app.app_context(), transaction() as session:
            return work(session)

    def rule(self, share: Share, about: About | None = None, *, starts: int = 30) -> str:
        """A split rule."""
        by = self.fair.people["bantochuc"]
        made: str = self.do(
            lambda session: add_rule(
                session, self.fair.edition_id, about or About(), share, starts_day=self.day(starts), at=now(), by=by
            )
        )
        return made

    def fee(self, owner_id: str, amount_dong: int, back: int, words: str = "Thuê gian") -> str:
        """A fee of that day."""
        by = self.fair.people["bantochuc"]
        made: str = self.do(
            lambda session: add_fee(
                session, self.fair.edition_id, owner_id, "fridge", amount_dong, self.day(back), words, at=now(), by=by
            )
        )
        return made

    def minimum(self, amount_dong: int) -> None:
        """The smallest payout."""
        by = self.fair.people["bantochuc"]
        self.do(lambda session: set_minimum(session, self.fair.edition_id, amount_dong, at=now(), by=by))

    def statements(self) -> list[StatementFact]:
        """All statements, oldest first."""
        with self.app.app_context():
            return statements_of_edition(reading(), self.fair.edition_id)[::-1]


def make_stage(app: Flask, *, percent: int | None = 80, booths: int = 2, producers: int = 3) -> Stage:
    """The stage in an empty database."""
    starts = fair_day(now(), BOUNDARY) - timedelta(days=10)
    fair = make_fair(app, starts=starts, booths=booths, producers=producers)
    stage = Stage(app, fair, pair_tablet(app, fair, paired_at=now() - timedelta(days=60)))
    if percent is not None:
        stage.rule(Share(kind="percent", basis_points=percent * 100))
    return stage


def written_off(stage: Stage, goods: Goods, pieces: int, back: int) -> str:
    """So many pieces were broken at the first booth, and the house bears it; the note's id."""
    booth, by = stage.fair.booth_ids[0], stage.fair.people["bantochuc"]
    gone = OutLine(goods.product_id, goods.producer_id, "", pieces, reason="damaged", borne_by="house")
    about: dict[str, Any] = {"day": stage.day(back), "at": stage.at(back), "by": by, "signed": None, "beyond": True}
    made: str = stage.do(lambda session: write_off(session, stage.fair.edition_id, booth, [gone], **about))
    return made
