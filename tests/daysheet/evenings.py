"""A fair on its second day, as tests of day sheets need it: two tablets that have sold, and ways to close the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from fair_pos.daysheet.actions import close_day, reopen_day
from fair_pos.daysheet.rules import Agreed
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import in_transaction, transaction
from fair_pos.reports.queries import count_to_look_at
from fair_pos.till.tables import Device
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet

EVERYTHING = Agreed(early=True)


@dataclass
class Evening:
    """The fair, its two tablets, and yesterday, which is over."""

    app: Flask
    fair: Fair
    tablets: list[Tablet]
    day: date

    def close(
        self, agreed: Agreed = EVERYTHING, *, by: str = "bantochuc", at: datetime | None = None, day: date | None = None
    ) -> int:
        """Close the day as a page does; the sheet's number."""
        with self.app.app_context():
            return in_transaction(
                lambda session: close_day(
                    session, self.fair.edition_id, day or self.day, agreed, count_to_look_at,
                    at=at or now(), by=self.fair.people[by],
                ).number,
                one_moment=True,
            )  # fmt: skip

    def reopen(self, reason: str = "Máy B mới gửi thêm đơn") -> None:
        with self.app.app_context():
            by = self.fair.people["bantochuc"]
            in_transaction(lambda session: reopen_day(session, self.fair.edition_id, self.day, reason, at=now(), by=by))

    def heard(self, *tablets: Tablet, waiting: int = 0, at: datetime | None = None) -> None:
        """The server heard of these tablets, which hold so many sales back."""
        with self.app.app_context(), transaction() as session:
            wanted = select(Device).where(Device.id.in_([one.device_id for one in tablets]))
            for device in session.scalars(wanted):
                device.last_heard_at, device.waiting = at or now(), waiting


def make_evening(app: Flask) -> Evening:
    """Six receipts of yesterday: five sales and a refund, 1,332,500 ₫ sold and 37,500 ₫ given back."""
    fair = make_fair(app)
    tablets = [pair_tablet(app, fair, booth) for booth in (0, 1)]
    evening = Evening(app, fair, tablets, fair_day(now() - timedelta(days=1), BOUNDARY))
    honey, tea, rice = fair.goods[:3]
    at = now() - timedelta(days=1)
    first, second = tablets
    bought = first.sale([(rice, 3)], at=at)
    first.send(
        bought,
        first.sale([(honey, 1)], at=at, method="transfer"),
        first.sale([(tea, 1)], at=at, method="card"),
        first.sale([(rice, 1)], at=at, refund_of=bought["id"]),
    )
    second.send(second.sale([(honey, 2)], at=at), second.sale([(honey, 1)], at=at))
    evening.heard(*tablets)
    return evening


SOLD = 3 * 37_500 + 220_000 + 350_000 + 3 * 220_000
REFUNDED = 37_500
