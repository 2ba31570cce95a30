"""Whom and where a new note may be about."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from fair_pos.consignment.rules import Kind
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.text import sort_key
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading
from fair_pos.registry.queries import ProducerFact, all_producers
from fair_pos.stock.facts import PlaceFact
from fair_pos.stock.queries import owners_of_places, places_of
from fair_pos.venues.queries import all_editions, get_edition, occupants_in


def targets(edition_id: str) -> list[tuple[str, list[tuple[str, PlaceFact]]]]:
    """(edition's name, its places) to which goods may be carried: this edition when it has two, and open ones where this person
    keeps stock too.
    """
    session = reading()
    own, today = get_edition(session, edition_id), now().astimezone(VIETNAM).date()
    others = [
        one
        for one in all_editions(session)
        if one.id != own.id
        and one.frozen_at is None
        and (one.ends_day or today) >= today
        and may(current_user.roles, Verb.MANAGE_STOCK, Scope(edition_id=one.id))
    ]
    found = [
        (one.name, [(f"{one.id}|{place.id}", place) for place in places_of(session, one.id)]) for one in (own, *others)
    ]
    return found[1:] if len(found[0][1]) == 1 else found


def owners_for(edition_id: str, kind: Kind) -> list[tuple[str, list[ProducerFact]]]:
    """(heading, owners) to choose from: those of this edition, then for an intake all others, since any may bring goods."""
    session = reading()
    places = [place.id for place in places_of(session, edition_id)]
    here = owners_of_places(session, places)
    if kind == "intake":
        here |= {owner for some in occupants_in(session, edition_id).values() for owner in some}
    everyone = sorted(all_producers(session), key=lambda one: sort_key(one.name))
    groups = [(_("Có hàng ở đây"), [one for one in everyone if one.id in here])]
    if kind == "intake":
        groups.append((_("Chủ hàng khác"), [one for one in everyone if one.id not in here]))
    return [(heading, some) for heading, some in groups if some]
