"""Freezing the figures of an edition, adjusting them, and stating those of fairs before this system. Nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.published import refusals
from fair_pos.published.queries import open_items, over_at, published_of
from fair_pos.published.rules import (
    LEAST_REASON,
    MOST_REASON,
    MOST_SOURCE,
    NAMES,
    OF_A_DAY,
    OWN_SOURCE,
    Figures,
    Kind,
    Published,
    arrived,
    may_state,
    reason_fits,
    seen_token,
    unticked,
)
from fair_pos.published.tables import PublishedFigure
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.queries import get_edition
from fair_pos.venues.rules import day_in_edition

AnySession = Session | scoped_session[Session]
Measure = Callable[[AnySession], Figures]
"""What the system itself holds of the edition, asked inside the transaction that writes it down."""


@dataclass(frozen=True)
class Word:
    """Who says something when, and why or from where."""

    at: datetime
    by: str
    reason: str = ""
    source: str = ""


def freeze(session: Session, edition_id: str, measure: Measure, *, ticked: Collection[str], word: Word) -> int:
    """Write every figure of an edition down as it is now and let the edition stand; how many were written.

    Each thing that is still open (queries.open_items) must stand in `ticked` by its key. What arrives later is stored and changes no
    published figure. Raises NotFound, EditionWithoutEnd, FrozenAlready, FairNotOver, OpenNotTicked, NothingToFreeze.
    """
    if over_at(session, edition_id) is None:
        raise refusals.EditionWithoutEnd
    # Locks the edition's row. A sale refers to it, so uploads wait from here to the commit and those before are seen whole.
    if not freeze_edition(session, edition_id, at=word.at, by=word.by):
        raise refusals.FrozenAlready
    # Asked under the lock, since whoever may change the last day waits for it too.
    over = over_at(session, edition_id)
    if over is None or word.at < over:
        raise refusals.FairNotOver(over_at="" if over is None else over.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"))
    missing = unticked(open_items(session, edition_id, word.at), ticked)
    if missing:
        raise refusals.OpenNotTicked(count=len(missing))
    own = measure(session)
    if not own.get(None, {}).keys() & {"receipts", "visits"}:
        raise refusals.NothingToFreeze
    known = published_of(session, edition_id)
    rows = [(day, name, own[day][name]) for day in sorted(own, key=str) for name in NAMES if name in own[day]]
    _write(session, edition_id, known, rows, "frozen", word, own)
    _note(session, edition_id, "figures_frozen", word, {"figures": len(rows), "reason": word.reason})
    return len(rows)


def adjust(
    session: Session,
    edition_id: str,
    name: str,
    day: date | None,
    *,
    was: int | None,
    held: int | None,
    value: int | None,
    word: Word,
) -> None:
    """Let another value stand for one frozen figure, with its reason; None takes it back. `was` is what the person saw.

    `held` is what the system held on the page they looked at: what came while they typed is offered to be taken in like all that comes
    later. Raises NotFound, NotFrozen, ReasonTooShort, PublishedMeanwhile, FigureUnchanged.
    """
    known = _frozen(session, edition_id)
    _check_name(session, edition_id, known, name, day)
    _check_reason(word)
    _check_seen(known, name, day, was, value)
    _write(
        session, edition_id, known, [(day, name, value)], "adjusted", word, {} if held is None else {day: {name: held}}
    )
    facts = {"name": name, "day": day and day.isoformat(), "old": was, "new": value, "reason": word.reason}
    _note(session, edition_id, "figure_adjusted", word, facts)


def take_in(
    session: Session, edition_id: str, measure: Measure, *, seen: str, ticked: Collection[str], word: Word
) -> int:
    """Let what the system holds now stand for the ticked figures (Gap.key) of which something arrived; how many changed.

    `seen` is the token of the differences the person looked at. The caller runs it in one moment (plumbing.db.in_transaction): sales
    arrive while figures are added up, and a day must not hold one that the whole edition lacks. Freezing has its lock instead: a
    moment taken before the lock would miss what was being stored while we waited for it. Raises NotFound, NotFrozen, ReasonTooShort, FigureUnchanged,
    PublishedMeanwhile.
    """
    known = _frozen(session, edition_id)
    _check_reason(word)
    own = measure(session)
    found = arrived(known, own)
    if found and seen_token(found) != seen:
        raise refusals.PublishedMeanwhile
    taken = [(one.day, one.name, one.now) for one in found if one.key in ticked]
    if not taken:
        raise refusals.FigureUnchanged
    _write(session, edition_id, known, taken, "adjusted", Word(word.at, word.by, word.reason, OWN_SOURCE), own)
    _note(session, edition_id, "late_figures_taken_in", word, {"figures": len(taken), "reason": word.reason})
    return len(taken)


def state(
    session: Session, edition_id: str, figures: Mapping[str, int], day: date | None, measure: Measure, *, word: Word
) -> int:
    """Write figures of a fair before this system down, with their source; how many are new.

    Those that stand there already with the same value and source are left alone. A source may contradict itself: that is shown, not
    refused. Raises NotFound, SourceMissing, FrozenAlready, OwnFigure, FigureUnchanged.
    """
    get_edition(session, edition_id)
    known = published_of(session, edition_id)
    source = clean(word.source)
    if not LEAST_REASON <= len(source) <= MOST_SOURCE:
        raise refusals.SourceMissing(least=LEAST_REASON, most=MOST_SOURCE)
    if known.frozen_at is not None:
        raise refusals.FrozenAlready
    own = measure(session)
    for name in figures:
        _check_name(session, edition_id, known, name, day)
        if not may_state(name, day, own, frozen=False):
            raise refusals.OwnFigure
    new = []
    for name, value in figures.items():
        latest = known.latest(name, day)
        if latest is None or (latest.value, latest.source) != (value, source):
            new.append((day, name, value))
    if not new:
        raise refusals.FigureUnchanged
    stated = Word(word.at, word.by, clean(word.reason), source)
    _write(session, edition_id, known, new, "stated", stated, own)
    facts = {"day": day and day.isoformat(), "figures": {name: value for _, name, value in new}, "source": source}
    _note(session, edition_id, "figures_stated", stated, facts)
    return len(new)


def take_back(session: Session, edition_id: str, name: str, day: date | None, *, was: int | None, word: Word) -> None:
    """Make a stated figure unknown again, with the reason: it was another fair's, or the source was none.

    Raises NotFound, FrozenAlready, ReasonTooShort, PublishedMeanwhile, FigureUnchanged.
    """
    known = published_of(session, edition_id)
    if known.frozen_at is not None:
        raise refusals.FrozenAlready
    _check_name(session, edition_id, known, name, day)
    _check_reason(word)
    _check_seen(known, name, day, was, None)
    _write(session, edition_id, known, [(day, name, None)], "stated", word, {})
    facts = {"name": name, "day": day and day.isoformat(), "old": was, "reason": word.reason}
    _note(session, edition_id, "figure_taken_back", word, facts)


def _frozen(session: Session, edition_id: str) -> Published:
    get_edition(session, edition_id)
    known = published_of(session, edition_id)
    if known.frozen_at is None:
        raise refusals.NotFrozen
    return known


def _check_name(session: Session, edition_id: str, known: Published, name: str, day: date | None) -> None:
    """A day is one of the edition, or one on which a tablet with a wrong clock sold, so that something was published of it."""
    if name not in (NAMES if day is None else OF_A_DAY):
        raise NotFound
    edition = get_edition(session, edition_id)
    if day is not None and day not in known.days and not day_in_edition(day, edition.starts_day, edition.ends_day):
        raise NotFound


def _check_reason(word: Word) -> None:
    if not reason_fits(clean(word.reason)):
        raise refusals.ReasonTooShort(least=LEAST_REASON, most=MOST_REASON)


def _check_seen(known: Published, name: str, day: date | None, was: int | None, value: int | None) -> None:
    standing = known.value(name, day)
    if standing != was:
        raise refusals.PublishedMeanwhile
    if standing == value:
        raise refusals.FigureUnchanged


def _write(
    session: Session,
    edition_id: str,
    known: Published,
    rows: Sequence[tuple[date | None, str, int | None]],
    kind: Kind,
    word: Word,
    own: Figures,
) -> None:
    """Append the rows. Whoever wrote meanwhile has taken the next number: the key refuses ours, and the caller looks again."""
    last = known.entries[-1].number if known.entries else 0
    for number, (day, name, value) in enumerate(rows, start=last + 1):
        session.add(
            PublishedFigure(
                id=new_id(),
                edition_id=edition_id,
                number=number,
                fair_day=day,
                name=name,
                value=value,
                old_value=known.value(name, day),
                held_value=own.get(day, {}).get(name),
                kind=kind,
                source=word.source,
                reason=clean(word.reason)[:MOST_REASON],
                person_id=word.by,
                at=word.at,
            )
        )
    session.flush()


def _note(session: Session, edition_id: str, verb: str, word: Word, facts: Mapping[str, object]) -> None:
    write_line(session, at=word.at, person_id=word.by, verb=verb, subject=("edition", edition_id), facts=facts)
