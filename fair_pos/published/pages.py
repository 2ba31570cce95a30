"""The published figures of an edition: freezing them, what came in since, adjusting one with its reason, and stating old ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.daysheet.queries import names_of
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.published import actions, forms, words
from fair_pos.published.actions import Measure, Word
from fair_pos.published.files import Paper, as_csv, as_xlsx, print_figures
from fair_pos.published.queries import open_items, over_at, published_of
from fair_pos.published.refusals import OpenNotTicked
from fair_pos.published.rules import (
    MONEY,
    NAMES,
    OF_A_DAY,
    Contradiction,
    Figures,
    Published,
    arrived,
    contradictions,
    gaps,
    may_state,
    seen_token,
    unticked,
)
from fair_pos.sales.late import late_receipts, late_sums
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("published", __name__)
for made in (words.figure_name, words.figure_meaning, words.origin_word, words.entry_words, words.contradiction_words):
    blueprint.add_app_template_filter(made)
blueprint.add_app_template_filter(words.figure_text)
blueprint.add_app_template_filter(words.change_text)
blueprint.add_app_template_filter(words.open_words)
blueprint.add_app_template_filter(words.typed_words)
PAGE_SIZE = 200
MOST_DAYS = 60
OF_DAYS_SHOWN = ("visits", "receipts", "sold_dong", "refunded_dong", "net_dong", "ocop_dong")
"""The columns of the table of days; the other figures of a day stand on its own page of history."""


@dataclass(frozen=True)
class Shown:
    """What the page and its files are made of."""

    edition: Any
    published: Published
    own: Figures
    days: list[date]
    said: list[Contradiction]


def shown(edition_id: str) -> Shown:
    """The edition with what was published of it and what the system holds now. Raises NotFound."""
    edition, published = get_edition(reading(), edition_id), published_of(reading(), edition_id)
    own = measure(edition_id)(reading())
    days = sorted({one for one in own if one is not None} | set(published.days)) if edition.ends_day else []
    return Shown(edition, published, own, days, contradictions(published.figures(), length_of(edition_id)))


def measure(edition_id: str) -> Measure:
    """What asks the system for its own figures; reports stand above this package and lend it."""
    standing: Callable[[Any, str, date], Figures] = current_app.extensions["fair_pos_standing"]
    today = fair_day(now(), get_edition(reading(), edition_id).day_boundary_minutes)
    return lambda session: standing(session, edition_id, today)


def length_of(edition_id: str) -> int | None:
    """How many days a fair lasts; None for a showroom."""
    edition = get_edition(reading(), edition_id)
    return None if edition.ends_day is None else (edition.ends_day - edition.starts_day).days + 1


@blueprint.get("/editions/<edition_id>/published")
@requires(Verb.SEE_FIGURES)
def figures(edition_id: str) -> str:
    """What was published beside what the system holds now, and what became of the difference."""
    return figures_page(edition_id)


def figures_page(edition_id: str, *, error: str = "", of: str = "") -> str:
    """The page with the form `of` as it was sent, and what was wrong with it."""
    found = shown(edition_id)
    frozen_at = found.published.frozen_at
    changed = arrived(found.published, found.own) if frozen_at else []
    differing = gaps(found.published.figures(), found.own) if frozen_at else []
    late = late_receipts(reading(), edition_id, frozen_at, limit=PAGE_SIZE) if frozen_at else []
    sums = late_sums(reading(), edition_id, frozen_at) if frozen_at else None
    day = forms.day_asked(request.values.get("day"))
    names = NAMES if day is None else OF_A_DAY
    return render_template(
        "published/figures.html",
        edition=found.edition,
        found=found,
        published=found.published,
        own=found.own,
        frozen_at=frozen_at,
        frozen_by=next((one.person_id for one in found.published.entries if one.kind == "frozen"), ""),
        changed=changed,
        gap_at={(one.day, one.name): one for one in differing},
        late_keys={one.key for one in changed},
        seen=seen_token(changed),
        late=late,
        late_sums=sums,
        unlisted_dong=unlisted_dong(found, sums.amount_dong) if sums else 0,
        booths={one.id: one.code for one in booths_of(reading(), edition_id)},
        open_items=[] if frozen_at else open_items(reading(), edition_id, now()),
        over_at=over_at(reading(), edition_id),
        length=length_of(edition_id),
        can_freeze=bool(found.own.get(None, {}).keys() & {"receipts", "visits"}) and found.edition.ends_day is not None,
        to_state=[one for one in names if may_state(one, day, found.own, frozen=frozen_at is not None)],
        day=day,
        fair_days=days_of(edition_id),
        names=NAMES,
        of_days=[one for one in OF_DAYS_SHOWN if any(one in values for at, values in rows_of(found) if at)],
        people=people(one.person_id for one in found.published.entries),
        money=MONEY,
        error=error,
        of=of,
        sent=request.form,
        now=now(),
    )


def unlisted_dong(found: Shown, late_dong: int) -> int:
    """What the net has grown by since freezing that is in no late receipt: of uploads that waited while the figures were written."""
    frozen = next((one.value for one in found.published.history("net_dong") if one.kind == "frozen"), None)
    net = found.own.get(None, {}).get("net_dong")
    return 0 if frozen is None or net is None else net - frozen - late_dong


def rows_of(found: Shown) -> list[tuple[date | None, dict[str, int]]]:
    """Everything that is known of each day, published or not."""
    published = found.published.figures()
    return [(day, {**found.own.get(day, {}), **published.get(day, {})}) for day in (None, *found.days)]


def days_of(edition_id: str) -> list[date]:
    """The days of a fair, to choose one from."""
    edition, length = get_edition(reading(), edition_id), length_of(edition_id)
    return [edition.starts_day + timedelta(days=step) for step in range(min(length or 0, MOST_DAYS))]


def people(person_ids: Iterable[str]) -> dict[str, str]:
    """Person id → name."""
    return names_of(reading(), set(person_ids))


@blueprint.post("/editions/<edition_id>/published/freeze")
@requires(Verb.FREEZE_EDITIONS)
def freeze(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Write every figure down as it is now."""
    ticked = set(request.form.getlist("known"))
    known = [one for one in open_items(reading(), edition_id, now()) if one.key in ticked]
    reason = _("Khi khóa còn: %(known)s", known=words.known_words(known)) if known else ""
    word, asks = said(reason), measure(edition_id)
    try:
        if "sure" not in request.form and published_of(reading(), edition_id).frozen_at is None:
            raise OpenNotTicked(count=len(unticked(open_items(reading(), edition_id, word.at), ticked)) + 1)
        in_transaction(lambda session: actions.freeze(session, edition_id, asks, ticked=ticked, word=word))
    except Refusal as refusal:
        return again(edition_id, refusal, "freeze")
    flash(_("Đã khóa số liệu. Từ nay số công bố chỉ đổi bằng điều chỉnh có ghi lý do."))
    return redirect(url_for("published.figures", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/published/take-in")
@requires(Verb.FREEZE_EDITIONS)
def take_in(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Let what the system holds now stand, for every figure that differs."""
    word, asks, seen = said(request.form.get("reason", "")), measure(edition_id), request.form.get("seen", "")
    ticked = set(request.form.getlist("take"))
    try:
        in_transaction(
            lambda session: actions.take_in(session, edition_id, asks, seen=seen, ticked=ticked, word=word),
            one_moment=True,
        )
    except Refusal as refusal:
        return again(edition_id, refusal, "take_in")
    flash(_("Đã nhận số liệu đến muộn vào số công bố."))
    return redirect(url_for("published.figures", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/published/state")
@requires(Verb.FREEZE_EDITIONS)
def state(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Write figures of a fair before this system down, with their source."""
    day = forms.day_asked(request.form.get("day"))
    word, asks = said("", request.form.get("source", "")), measure(edition_id)
    try:
        typed = forms.figures_typed(request.form, day)
        in_transaction(lambda session: actions.state(session, edition_id, typed, day, asks, word=word))
    except Refusal as refusal:
        return again(edition_id, refusal, "state")
    flash(_("Đã ghi số liệu kèm nguồn."))
    return redirect(url_for("published.figures", edition_id=edition_id, day=day.isoformat() if day else None))


@blueprint.get("/editions/<edition_id>/published/<name>")
@requires(Verb.SEE_FIGURES)
def figure(edition_id: str, name: str) -> str:
    """One published figure: every word about it with value, person, time and reason."""
    day = forms.day_asked(request.args.get("day"))
    return figure_page(edition_id, forms.name_asked(name, day), day)


def figure_page(edition_id: str, name: str, day: date | None, *, error: str = "") -> str:
    """The figure with its form as it was sent."""
    found = shown(edition_id)
    history = found.published.history(name, day)
    return render_template(
        "published/figure.html",
        edition=found.edition,
        name=name,
        day=day,
        history=history,
        value=found.published.value(name, day),
        own=found.own.get(day, {}).get(name),
        frozen=found.published.frozen_at is not None,
        stated=may_state(name, day, found.own, frozen=found.published.frozen_at is not None),
        people=people(one.person_id for one in history),
        said=[one for one in found.said if one.name == name and one.day == day],
        error=error,
        sent=request.form,
    )


@blueprint.post("/editions/<edition_id>/published/<name>")
@requires(Verb.FREEZE_EDITIONS)
def adjust(edition_id: str, name: str) -> AnyResponse | tuple[str, int]:
    """Let another value stand for one figure, or make it unknown again; with the reason, or for a stated one with its source."""
    day, form = forms.day_asked(request.form.get("day")), request.form
    name, was, word = forms.name_asked(name, day), forms.value_seen(form), said(form.get("reason", ""))
    asks, takes_back, held = measure(edition_id), form.get("what") == "take_back", forms.value_seen(form, "held")
    is_frozen = published_of(reading(), edition_id).frozen_at is not None

    def work(session: Session) -> None:
        value = None if takes_back else forms.figure_typed(form.get("value", ""), name)
        if is_frozen:
            actions.adjust(session, edition_id, name, day, was=was, held=held, value=value, word=word)
        elif value is None:
            actions.take_back(session, edition_id, name, day, was=was, word=word)
        else:
            stated = Word(word.at, word.by, word.reason, form.get("source", ""))
            actions.state(session, edition_id, {name: value}, day, asks, word=stated)

    try:
        in_transaction(work)
    except Refusal as refusal:
        return figure_page(edition_id, name, day, error=sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi. Số cũ vẫn còn trong lịch sử."))
    return redirect(url_for("published.figure", edition_id=edition_id, name=name, day=day.isoformat() if day else None))


@blueprint.get("/editions/<edition_id>/published.<any(csv, xlsx, pdf):ending>")
@requires(Verb.SEE_FIGURES)
def figures_file(edition_id: str, ending: str) -> Response:
    """What was published and all its history as a file."""
    found = shown(edition_id)
    paper = Paper(
        edition=found.edition,
        published=found.published,
        days=found.published.days,
        said=found.said,
        people=people(one.person_id for one in found.published.entries),
        at=now(),
    )
    return {"csv": as_csv, "xlsx": as_xlsx, "pdf": print_figures}[ending](paper)


@blueprint.app_template_global()
def behind_figure(edition_id: str, name: str, day: date | None) -> str | None:
    """Where the system's own value of a figure opens to what it is made of; None for the length of a fair."""
    on = day.isoformat() if day is not None else None
    whole = "totals.edition" if "totals.edition" in current_app.view_functions else "reports.edition_days"
    goods: tuple[str, dict[str, Any]] = ("reports.edition_day", {"day": on}) if day is not None else (whole, {})
    places: dict[str, tuple[str, dict[str, Any]]] = {
        "receipts": ("reports.receipts", {"day": on, "kind": "sale"}),
        "sold_dong": ("reports.receipts", {"day": on, "kind": "sale"}),
        "refunds": ("reports.receipts", {"day": on, "kind": "refund"}),
        "refunded_dong": ("reports.receipts", {"day": on, "kind": "refund"}),
        "net_dong": ("reports.receipts", {"day": on}),
        "ocop_dong": ("reports.receipts", {"day": on, "star": "ocop"}),
        "visits": ("visitors.day", {"day": on}),
        "booths": ("venues.booths", {}),
        "selling_booths": goods,
        "enterprises": goods,
        "products": goods,
    }
    if name not in places:
        return None
    endpoint, asked = places[name]
    return url_for(endpoint, edition_id=edition_id, **asked)


def said(reason: str, source: str = "") -> Word:
    """A word of the signed-in person, now."""
    return Word(now(), current_user.id, reason, source)


def again(edition_id: str, refusal: Refusal, of: str) -> tuple[str, int]:
    """The page once more with what was wrong, beside the form that was sent."""
    return figures_page(edition_id, error=sentence(refusal.code, refusal.facts), of=of), refusal.status
