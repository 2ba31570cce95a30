"""Whom and what the forms of terms offer, and how rules are told apart in a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from fair_pos.catalogue.queries import ProductFact, products_for_sale, products_of_producers
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.text import sort_key
from fair_pos.people.queries import find_person
from fair_pos.plumbing.db import reading
from fair_pos.registry.queries import all_producers, names_and_places
from fair_pos.terms.rules import About
from fair_pos.venues.queries import booths_of, get_edition, occupants_in


@dataclass(frozen=True)
class Choices:
    """Id → name, each in the order of its list."""

    booths: dict[str, str]
    owners_here: dict[str, str]
    """Producers with a booth of the edition."""
    owners_elsewhere: dict[str, str]
    """All others of the registry: the owner of goods in a showroom needs no booth."""
    products: dict[str, dict[str, str]]
    """By the name of their maker."""

    @property
    def owners(self) -> dict[str, str]:
        """Both."""
        return self.owners_here | self.owners_elsewhere

    def words(self, about: About) -> str:
        """Whose goods, which, where: «HTX X · mọi sản phẩm · mọi nơi»."""
        product = {key: name for some in self.products.values() for key, name in some.items()}
        return " · ".join(
            (
                self.owners.get(about.owner_id, "?") if about.owner_id else _("mọi chủ hàng"),
                product.get(about.product_id, "?") if about.product_id else _("mọi sản phẩm"),
                self.booths.get(about.booth_id, "?") if about.booth_id else _("mọi nơi"),
            )
        )


def choices_of(edition_id: str, used: Iterable[About] = ()) -> Choices:
    """What may be chosen at an edition, with the products that `used` rules name."""
    session = reading()
    here = {producer for some in occupants_in(session, edition_id).values() for producer in some}
    makers = {one.id: one.name for one in sorted(all_producers(session), key=lambda one: sort_key(one.name))}
    today = fair_day(now(), get_edition(session, edition_id).day_boundary_minutes)
    products: dict[str, dict[str, str]] = {}
    for one in products_of_producers(session, makers, today):
        products.setdefault(makers[one.producer_id], {})[one.id] = one.name
    known = {key for some in products.values() for key in some}
    for fact in _withdrawn(used, known):
        products.setdefault(makers.get(fact.producer_id, "?"), {})[fact.id] = fact.name
    return Choices(
        booths={one.id: f"{one.code} · {one.name}" for one in booths_of(session, edition_id)},
        owners_here={key: name for key, name in makers.items() if key in here},
        owners_elsewhere={key: name for key, name in makers.items() if key not in here},
        products=dict(sorted(products.items(), key=lambda some: sort_key(some[0]))),
    )


def _withdrawn(used: Iterable[About], known: set[str]) -> list[ProductFact]:
    gone = {one.product_id for one in used if one.product_id} - known
    return list(products_for_sale(reading(), gone).values())


def owner_names(producer_ids: Iterable[str]) -> dict[str, str]:
    """Producer id → name."""
    return {key: name for key, (name, _place) in names_and_places(reading(), producer_ids).items()}


def person_names(person_ids: Iterable[str | None]) -> dict[str, str]:
    """Person id → name."""
    found = (find_person(reading(), one) for one in sorted({one for one in person_ids if one}))
    return {person.id: person.name for person in found if person is not None}
