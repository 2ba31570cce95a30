"""Days that producers show to whoever has the link: made, looked up, taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id, new_token
from fair_pos.kernel.refusal import NotFound
from fair_pos.portal.tables import SharedDay

AnySession = Session | scoped_session[Session]
GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Shown:
    """What a producer chose to show, in Vietnamese words as they stood then: (word, number) of each figure."""

    name: str
    place: str
    day: str
    figures: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Link:
    """A shared day that is still seen."""

    id: str
    token: str
    shown: Shown
    made_at: datetime
    ends_at: datetime


def frozen(shown: Shown) -> str:
    """As canonical JSON."""
    content = {
        "v": 1,
        "name": shown.name,
        "place": shown.place,
        "day": shown.day,
        "figures": [list(one) for one in shown.figures],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thawed(content: str) -> Shown:
    """Back from JSON."""
    read = json.loads(content)
    return Shown(read["name"], read["place"], read["day"], [(word, number) for word, number in read["figures"]])


def share(session: Session, producer_id: str, shown: Shown, picture: bytes, *, at: datetime, by: str) -> str:
    """Freeze it and return the token of its link."""
    row = SharedDay(
        id=new_id(),
        producer_id=producer_id,
        token=new_token(),
        content=frozen(shown),
        picture=picture,
        created_at=at,
        created_by=by,
        ends_at=at + GOOD_FOR,
    )
    session.add(row)
    session.flush()
    facts = {"producer": producer_id, "figures": [word for word, _number in shown.figures]}
    write_line(session, at=at, person_id=by, verb="day_shared", subject=("shared_day", row.id), facts=facts)
    return row.token


def take_back(session: Session, producer_id: str, shared_id: str, *, at: datetime, by: str) -> None:
    """Nobody sees it any more. Raises NotFound for another producer's; a second time changes nothing."""
    row = session.get(SharedDay, shared_id, with_for_update=True)
    if row is None or row.producer_id != producer_id:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at, by
        facts = {"producer": producer_id}
        write_line(session, at=at, person_id=by, verb="sharing_ended", subject=("shared_day", row.id), facts=facts)


def links_of(session: AnySession, producer_id: str, at: datetime) -> list[Link]:
    """The producer's days that are still seen, the newest first."""
    wanted = (
        select(SharedDay)
        .where(SharedDay.producer_id == producer_id, SharedDay.revoked_at.is_(None), SharedDay.ends_at > at)
        .order_by(SharedDay.created_at.desc(), SharedDay.id.desc())
    )
    return [
        Link(one.id, one.token, thawed(one.content), one.created_at, one.ends_at) for one in session.scalars(wanted)
    ]


def get_link(session: AnySession, token: str, at: datetime) -> tuple[Link, bytes]:
    """What a link shows, and its picture. Raises NotFound once it was taken back or has run out, as for one that never was."""
    row = session.scalar(select(SharedDay).where(SharedDay.token == token))
    if row is None or row.revoked_at is not None or row.ends_at <= at:
        raise NotFound
    return Link(row.id, row.token, thawed(row.content), row.created_at, row.ends_at), row.picture
