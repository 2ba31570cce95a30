"""How accounts, their owners and people are named on the pages about money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fair_pos.kernel.text import sort_key
from fair_pos.payments.queries import accounts_of
from fair_pos.payments.rules import bank_name, masked
from fair_pos.payments.tables import ReceivingAccount
from fair_pos.people.queries import find_person
from fair_pos.plumbing.db import reading
from fair_pos.registry.queries import names_and_places
from fair_pos.venues.queries import booths_of, occupants_in


def owner_key(one: Any) -> str:
    """Whose account or change it is, as the form names it."""
    return f"booth:{one.booth_id}" if one.booth_id else f"producer:{one.producer_id}"


def owners_of(edition_id: str) -> dict[str, str]:
    """Everyone who may have an account at an edition: its booths by code, then its producers by name."""
    session = reading()
    found = {f"booth:{one.id}": f"{one.code} · {one.name}" for one in booths_of(session, edition_id)}
    there = {producer for some in occupants_in(session, edition_id).values() for producer in some}
    there |= {one.producer_id for one in accounts_of(session, edition_id) if one.producer_id}
    makers = names_and_places(session, there)
    by_name = sorted(makers.items(), key=lambda one: sort_key(one[1][0]))
    return found | {f"producer:{producer_id}": name for producer_id, (name, _place) in by_name}


def names(person_ids: Iterable[str | None]) -> dict[str, str]:
    """Person id → name."""
    found = (find_person(reading(), one) for one in sorted({one for one in person_ids if one}))
    return {person.id: person.name for person in found if person is not None}


def account_words(account: ReceivingAccount) -> str:
    """An account as it stands on screens: bank, last digits, whose it is."""
    return f"{bank_name(account.bank_bin)} {masked(account.account_number)}, {account.holder}"


def account_choices(edition_id: str) -> dict[str, str]:
    """Account number → how it is called in a list to choose from: whose it is or was, in the order of booths and producers.

    Several may share one account: three of them are named.
    """
    owners = owners_of(edition_id)
    order = {key: at for at, key in enumerate(owners)}
    used = sorted(accounts_of(reading(), edition_id), key=lambda one: order[owner_key(one)])
    found: dict[str, str] = {}
    for number in dict.fromkeys(one.account_number for one in used):
        here = [one for one in used if one.account_number == number]
        whose = [owners[key].partition(" · ")[0] for key in dict.fromkeys(map(owner_key, here))]
        found[number] = f"{', '.join(whose[:3])}{' …' if len(whose) > 3 else ''}: {account_words(here[0])}"
    return found
