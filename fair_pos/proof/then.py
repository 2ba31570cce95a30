"""What the server knew when a command came: products, packs, people and price lists, each with when it came to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from fair_pos.catalogue.queries import pack_prices_of, prices_of
from fair_pos.catalogue.rules import price_at
from fair_pos.catalogue.tables import CatalogueVersion, Pack, PackPrice, Product
from fair_pos.people.tables import Person
from fair_pos.proof.heard import AnySession
from fair_pos.sales.facts import CommandFact, GiveawayFact, Goods, Known, SaleFact


@dataclass(frozen=True)
class Then:
    """What exists now existed then, unless it is younger and was noted as unknown.

    (Sample sales are younger than their past: what they name was known.)
    """

    goods: Mapping[str, tuple[Goods, datetime]]
    packs: Mapping[str, tuple[str, int, datetime]]
    """Pack → (product, size, when)."""
    people: Mapping[str, datetime]
    versions: Mapping[int, datetime]
    prices: Mapping[str, Sequence[tuple[int, int]]]
    """By product or pack."""

    def people_known(self, noted: Collection[str], received_at: datetime) -> frozenset[str]:
        """Who was somebody here; `noted` are the codes of what was odd about the command."""
        unknown = "person_unknown" in noted
        return frozenset(
            person for person, created_at in self.people.items() if not (unknown and created_at > received_at)
        )

    def known_to(self, fact: SaleFact | GiveawayFact, noted: Collection[str], received_at: datetime) -> Known:
        """What a sale or giveaway was compared with, but for rights and limits: those of that moment are not kept."""
        young_goods, young_packs = "product_unknown" in noted, "pack_unknown" in noted
        newest, named = max(self.versions, default=0), fact.price_list_version
        if "price_list_unknown" in noted and named in self.versions and self.versions[named] > received_at:
            newest = named - 1
        products = {line.product_id for line in fact.lines}
        packs = {line.pack_id for line in fact.lines if line.pack_id}
        return Known(
            goods={
                product: self.goods[product][0]
                for product in products & self.goods.keys()
                if not (young_goods and self.goods[product][1] > received_at)
            },
            packs={
                pack: self.packs[pack][:2]
                for pack in packs & self.packs.keys()
                if not (young_packs and self.packs[pack][2] > received_at)
            },
            price_at={(one, named): price_at(self.prices.get(one, ()), named) for one in products | packs},
            newest_version=newest,
            people=self.people_known(noted, received_at),
        )


def look_back(session: AnySession, facts: Sequence[CommandFact]) -> Then:
    """All that these commands may have been compared with.

    Neither an import nor a form changes whose a product is, how it is measured, how much a pack holds or an old price.
    """
    sold = [fact for fact in facts if isinstance(fact, SaleFact | GiveawayFact)]
    products = {line.product_id for fact in sold for line in fact.lines}
    packs = {line.pack_id for fact in sold for line in fact.lines if line.pack_id}
    people = {fact.person_id for fact in facts}
    named = {fact.price_list_version for fact in sold}
    newest = select(func.max(CatalogueVersion.version)).scalar_subquery()
    versions = select(CatalogueVersion.version, CatalogueVersion.changed_at).where(
        CatalogueVersion.version.in_(named) | (CatalogueVersion.version == newest)
    )
    columns = (Product.id, Product.producer_id, Product.sold_by, Product.created_at)
    found = session.execute(select(*columns).where(Product.id.in_(products)))
    return Then(
        goods={one: (Goods(owner, sold_by == "weight"), created_at) for one, owner, sold_by, created_at in found},
        packs=_packs(session, packs),
        people=dict(session.execute(select(Person.id, Person.created_at).where(Person.id.in_(people))).all()),
        versions=dict(session.execute(versions).all()),
        prices=prices_of(session, products) | (pack_prices_of(session, packs) if packs else {}),
    )


def _packs(session: AnySession, ids: Collection[str]) -> dict[str, tuple[str, int, datetime]]:
    """A pack came to be with the first price list that has it."""
    if not ids:
        return {}
    first = select(PackPrice.pack_id, func.min(PackPrice.version).label("version")).group_by(PackPrice.pack_id)
    begun = first.where(PackPrice.pack_id.in_(ids)).subquery()
    wanted = (
        select(Pack.id, Pack.product_id, Pack.size, CatalogueVersion.changed_at)
        .join(begun, begun.c.pack_id == Pack.id)
        .join(CatalogueVersion, CatalogueVersion.version == begun.c.version)
    )
    return {pack: (product, size, at) for pack, product, size, at in session.execute(wanted)}
