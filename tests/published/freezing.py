"""A fair that is over, with sales, a gate that counted, and people who freeze its figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.published import actions
from fair_pos.published.actions import Measure, Word
from fair_pos.published.queries import open_items, published_of
from fair_pos.published.rules import Gap, Published, arrived
from fair_pos.reports.standing import standing_of
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet


def past_fair(app: Flask) -> tuple[Fair, Tablet]:
    """Five days that ended the day before yesterday; two receipts on the first day, one and its refund on the second."""
    starts = fair_day(now(), BOUNDARY) - timedelta(days=6)
    fair = make_fair(app, starts=starts)
    tablet = pair_tablet(app, fair)
    honey, tea = fair.goods[0], fair.goods[1]
    first, second = noon(starts), noon(starts + timedelta(days=1))
    sold = [tablet.sale([(honey, 2)], at=first), tablet.sale([(tea, 1)], at=first + timedelta(minutes=5))]
    bought = tablet.sale([(honey, 1)], at=second)
    back = tablet.sale([(honey, 1)], at=second + timedelta(minutes=5), refund_of=bought["id"])
    tablet.send(*sold, bought, back, at=now() - timedelta(days=1))
    return fair, tablet


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM)


def starts_of(fair: Fair) -> date:
    return fair_day(now(), BOUNDARY) - timedelta(days=6)


def measure(fair: Fair) -> Measure:
    today = fair_day(now(), BOUNDARY)
    return lambda session: standing_of(session, fair.edition_id, today)


def word(fair: Fair, reason: str = "", source: str = "", at: datetime | None = None) -> Word:
    return Word(at or now(), fair.people["bantochuc"], reason, source)


def everything_open(fair: Fair) -> list[str]:
    return [one.key for one in open_items(reading(), fair.edition_id, now())]


def freeze(fair: Fair, **changes: Any) -> int:
    """Freeze with all that is open ticked."""
    asked: dict[str, Any] = {"measure": measure(fair), "ticked": everything_open(fair), "word": word(fair)} | changes
    return in_transaction(lambda session: actions.freeze(session, fair.edition_id, **asked))


def published(fair: Fair) -> Published:
    return published_of(reading(), fair.edition_id)


def adjust(
    fair: Fair, name: str, was: int | None, value: int | None, reason: str = "Báo cáo thuế", day: date | None = None
) -> None:
    """As somebody does who looks at the page in this moment."""
    said, held = word(fair, reason), measure(fair)(reading()).get(day, {}).get(name)
    in_transaction(
        lambda session: actions.adjust(session, fair.edition_id, name, day, was=was, held=held, value=value, word=said)
    )


def late_gaps(fair: Fair) -> list[Gap]:
    return arrived(published(fair), measure(fair)(reading()))
