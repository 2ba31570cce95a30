"""What came after a moment, and what it adds up to."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.sales.late import LateSums, late_receipts, late_sums
from tests.builders import make_fair, pair_tablet


def test_only_what_came_afterwards_and_what_it_adds_up_to(app: Flask) -> None:
    fair = make_fair(app)
    other = make_fair(app, name="Hội chợ khác")
    tablet, elsewhere = pair_tablet(app, fair), pair_tablet(app, other)
    at = now() - timedelta(hours=3)
    tea = fair.goods[1]
    before = tablet.sale([(tea, 1)], at=at)
    tablet.send(before, at=at)
    moment = at + timedelta(hours=1)
    bought = tablet.sale([(tea, 3)], at=at)
    back = tablet.sale([(tea, 1)], at=at, refund_of=bought["id"])
    tablet.send(bought, back, at=moment + timedelta(minutes=1))
    elsewhere.send(elsewhere.sale([(other.goods[0], 1)], at=at), at=moment + timedelta(minutes=1))
    with app.app_context():
        found = late_receipts(reading(), fair.edition_id, moment, limit=10)
        assert {(one.id, one.kind, one.amount_dong) for one in found} == {
            (bought["id"], "sale", 3 * tea.price_dong),
            (back["id"], "refund", -tea.price_dong),
        }
        assert all(one.received_at > moment for one in found)
        assert late_sums(reading(), fair.edition_id, moment) == LateSums(1, 1, 2 * tea.price_dong)
        assert len(late_receipts(reading(), fair.edition_id, moment, limit=1, offset=1)) == 1
        assert late_sums(reading(), fair.edition_id, now()) == LateSums(0, 0, 0)
        assert late_receipts(reading(), fair.edition_id, now(), limit=10) == []
