"""The page on which an organiser lays out the plan of a fair."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fair_pos.floorplan.actions import place_booths
from fair_pos.floorplan.drawing import Ground, letter_size, shared_ground, tints_of, zone_names
from fair_pos.floorplan.forms import SIDES, Sent, Texts, metres, read_plan, readable_spots, texts_of
from fair_pos.floorplan.layout import laid_out
from fair_pos.floorplan.queries import find_plan, plan_size, spots_of
from fair_pos.floorplan.refusals import PlanChanged
from fair_pos.floorplan.rules import PlanSize, overlapping, pulled_inside
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import sort_key
from fair_pos.people.queries import find_person
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.plumbing.words import instant
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("floorplan", __name__)
MOST_NAMED = 8
"""Pairs and booths named in a sentence; of more it says how many."""


@blueprint.get("/editions/<edition_id>/plan/edit")
@requires(Verb.MANAGE_BOOTHS)
def edit(edition_id: str) -> str:
    """The plan, to be laid out."""
    plan, spots = find_plan(reading(), edition_id), spots_of(reading(), edition_id)
    version = plan.version if plan else 0
    return plan_page(edition_id, texts_of(spots, plan_size(reading(), edition_id), version))


@blueprint.post("/editions/<edition_id>/plan/edit")
@requires(Verb.MANAGE_BOOTHS)
def save(edition_id: str) -> Response | tuple[str, int] | str:
    """Save the plan whole, or show it with booths laid out by themselves, to be saved after a look."""
    get_edition(reading(), edition_id)
    texts = {name: text for name, text in request.form.items() if name not in {"csrf_token", "do", "over"}}
    if re.fullmatch(r"[0-9]{1,9}", request.form.get("over", "")):
        texts["version"] = request.form["over"]  # they were told whose work this replaces, and want it replaced
    codes = {booth.id: booth.code for booth in booths_of(reading(), edition_id)}
    do, by = request.form.get("do", "save"), current_user.id
    try:
        sent = read_plan(texts, codes)
        if do in {"arrange", "arrange_all"}:
            return arranged_page(edition_id, texts, sent, everything=do == "arrange_all")
        version = in_transaction(
            lambda session: place_booths(
                session, edition_id, sent.spots, size=sent.size, version=sent.version, at=now(), by=by
            )
        )
    except NotFound:
        raise
    except PlanChanged as changed:
        newest = int(changed.facts["version"])
        return plan_page(edition_id, texts, error=changed_words(edition_id, changed), newest=newest), changed.status
    except Refusal as refusal:
        return plan_page(edition_id, texts, error=sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu sơ đồ, bản số %(version)s.", version=version))
    pulled = [codes[one] for one, spot in sent.spots.items() if pulled_inside(spot, sent.size) != spot]
    if pulled:
        flash(_("Nằm ngoài sơ đồ nên đã kéo vào trong: %(codes)s.", codes=listed(pulled)), "waiting")
    return redirect(url_for("floorplan.edit", edition_id=edition_id))


def arranged_page(edition_id: str, texts: Texts, sent: Sent, *, everything: bool) -> str:
    """The form with every booth at a spot; of `everything` none keeps the one it had. Nothing is saved yet."""
    by_zone = sorted(booths_of(reading(), edition_id), key=lambda booth: sort_key(booth.zone))
    zones = {booth.id: booth.zone for booth in by_zone}
    kept = {} if everything else {one: pulled_inside(spot, sent.size) for one, spot in sent.spots.items()}
    spots, size = laid_out(zones, kept, sent.size, fit=not kept)
    changed = sum(1 for one, spot in spots.items() if sent.spots.get(one) != spot)
    told = _("Đã xếp %(count)s gian. Chưa lưu: hãy xem lại rồi bấm «Lưu sơ đồ».", count=changed)
    if not changed:
        told = _("Mọi gian đã có chỗ. Muốn xếp lại tất cả, hãy bấm «Xếp lại từ đầu».")
    return plan_page(edition_id, texts_of(spots, size, sent.version), told=told, before=texts)


def changed_words(edition_id: str, refusal: PlanChanged) -> str:
    """Whose newer version it is, and when they saved it."""
    plan = find_plan(reading(), edition_id)
    person = find_person(reading(), plan.changed_by) if plan and plan.changed_by else None
    if plan is None or person is None:
        return sentence(refusal.code, refusal.facts)
    told: str = _(
        "%(person)s đã lưu sơ đồ bản số %(version)s lúc %(at)s, sau khi bạn mở trang này. Sơ đồ của bạn chưa được lưu, vẫn còn nguyên ở dưới.",
        person=person.name, version=plan.version, at=instant(plan.changed_at),
    )  # fmt: skip
    return told


def listed(words: list[str]) -> str:
    """«A01, A02, A03», of many only the first few."""
    shown = ", ".join(words[:MOST_NAMED])
    more = len(words) - MOST_NAMED
    return shown if more <= 0 else str(_("%(shown)s và %(more)s nữa", shown=shown, more=more))


def plan_page(
    edition_id: str,
    texts: Mapping[str, str],
    *,
    error: str = "",
    told: str = "",
    newest: int | None = None,
    before: Mapping[str, str] | None = None,
) -> str:
    """The form as it stands, drawn. `newest` is a version that was saved meanwhile, `before` what stood there before laying out."""
    edition, plan = get_edition(reading(), edition_id), find_plan(reading(), edition_id)
    booths = [Ground(one.id, one.code, one.name, one.zone) for one in booths_of(reading(), edition_id)]
    by_id = {one.id: one for one in booths}
    spots = readable_spots(texts, {one.id: one.code for one in booths})
    size = drawn_size(texts, plan_size(reading(), edition_id))
    pairs = [f"{by_id[one].code} {_('và')} {by_id[other].code}" for one, other in overlapping(spots)]
    saved = spots_of(reading(), edition_id) if newest is not None else {}
    differing = [one.code for one in booths if newest is not None and saved.get(one.id) != spots.get(one.id)]
    by = find_person(reading(), plan.changed_by) if plan and plan.changed_by else None
    return render_template(
        "floorplan/edit.html",
        edition=edition,
        plan=plan,
        by=by,
        size=size,
        booths=booths,
        spots=spots,
        rows=[(one, [texts.get(f"{side}-{one.id}", "") for side in SIDES]) for one in booths],
        before={one.id: [before.get(f"{side}-{one.id}", "") for side in SIDES] for one in booths} if before else None,
        texts=texts,
        tints=tints_of(sorted((one.zone for one in booths), key=sort_key)),
        letters={one: letter_size(by_id[one].code, spot) for one, spot in spots.items()},
        zone_names=zone_names({one.id: one.zone for one in booths}, spots),
        shared=shared_ground(spots),
        pairs=listed(pairs),
        waiting=[one for one in booths if one.id not in spots],
        error=error,
        told=told,
        newest=newest,
        differing=listed(differing),
        is_frozen=edition.frozen_at is not None,
    )


def drawn_size(texts: Mapping[str, str], otherwise: PlanSize) -> PlanSize:
    """The size that stands in the form, when it can be one."""
    try:
        return read_plan({name: texts.get(name, "") for name in ("width", "height", "version")}, {}).size
    except Refusal:
        return otherwise


blueprint.add_app_template_filter(metres)
