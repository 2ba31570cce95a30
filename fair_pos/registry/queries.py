"""Finding producers, their places and the stars of products."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.registry.rules import CertificateFact, best_on, place_text
from fair_pos.registry.tables import AdminUnit, Certificate, Producer, ProductTitle
from fair_pos.registry.titles import KINDS, LEVELS, TitleFact

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class ProducerFact:
    """A producer for showing. `place` is today's («Xã Bum Tở, Lai Châu»), `old_place` that of before 1/7/2025."""

    id: str
    slug: str
    name: str
    kind: str
    province: str
    place: str
    old_place: str


# The types say str where an outer join may give null; `or ""` below takes care of it.
def _producers() -> Select[Producer, str, str, str, str, str]:
    commune, province = aliased(AdminUnit), aliased(AdminUnit)
    old, old_parent, old_top = aliased(AdminUnit), aliased(AdminUnit), aliased(AdminUnit)
    return (
        select(Producer, commune.name, province.name, old.name, old_parent.name, old_top.name)
        .outerjoin(commune, Producer.commune_id == commune.id)
        .outerjoin(province, Producer.province_id == province.id)
        .outerjoin(old, Producer.legacy_commune_id == old.id)
        .outerjoin(old_parent, old.parent_id == old_parent.id)
        .outerjoin(old_top, old_parent.parent_id == old_top.id)
    )


def _facts(session: AnySession, wanted: Select[Producer, str, str, str, str, str]) -> list[ProducerFact]:
    return [
        ProducerFact(
            id=producer.id,
            slug=producer.slug,
            name=producer.name,
            kind=producer.kind,
            province=province or "",
            place=place_text(commune or "", province or ""),
            old_place=place_text(*(name or "" for name in old)),
        )
        for producer, commune, province, *old in session.execute(wanted)
    ]


def producers_by_id(session: AnySession, producer_ids: Iterable[str]) -> dict[str, ProducerFact]:
    """Those of the producers that exist, by id, in one query."""
    found = _facts(session, _producers().where(Producer.id.in_(set(producer_ids))))
    return {producer.id: producer for producer in found}


def all_producers(session: AnySession) -> list[ProducerFact]:
    """Every producer, unsorted; callers sort by Vietnamese order (kernel.text.sort_key)."""
    return _facts(session, _producers())


def names_and_places(session: AnySession, producer_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(name, place) of producers, by id, as they stand on a till and on a receipt."""
    return {fact.id: (fact.name, fact.place) for fact in producers_by_id(session, producer_ids).values()}


def known_producer_ids(session: AnySession, producer_ids: Iterable[str]) -> set[str]:
    """Those of the ids that belong to a producer."""
    return set(session.scalars(select(Producer.id).where(Producer.id.in_(set(producer_ids)))))


def certificates_of(session: AnySession, product_ids: Iterable[str]) -> dict[str, list[CertificateFact]]:
    """All certificates of products, oldest first, by product id; products without any are left out."""
    wanted = (
        select(Certificate)
        .where(Certificate.product_id.in_(set(product_ids)))
        .order_by(Certificate.product_id, Certificate.issued_day)
    )
    found: dict[str, list[CertificateFact]] = {}
    for row in session.scalars(wanted):
        fact = CertificateFact(row.stars, row.issued_day, row.expires_day, row.decision_no)
        found.setdefault(row.product_id, []).append(fact)
    return found


def stars_valid(session: AnySession, product_ids: Iterable[str], day: date) -> dict[str, CertificateFact]:
    """The certificate each product may show on `day`, by product id, in one query; those without one are left out."""
    found = {
        product_id: best_on(certificates, day)
        for product_id, certificates in certificates_of(session, product_ids).items()
    }
    return {product_id: certificate for product_id, certificate in found.items() if certificate is not None}


def titles_of(session: AnySession, product_ids: Iterable[str]) -> dict[str, list[TitleFact]]:
    """All titles of products, oldest first, by product id, in one query; products without any are left out."""
    wanted = (
        select(ProductTitle)
        .where(ProductTitle.product_id.in_(set(product_ids)))
        .order_by(ProductTitle.product_id, ProductTitle.issued_day, ProductTitle.kind, ProductTitle.level)
    )
    found: dict[str, list[TitleFact]] = {}
    for row in session.scalars(wanted):
        found.setdefault(row.product_id, []).append(title_fact(row))
    return found


def title_fact(row: ProductTitle) -> TitleFact:
    """A stored title; the table's checks let only known kinds and levels in."""
    kind = next(one for one in KINDS if one == row.kind)
    level = next(one for one in LEVELS if one == row.level)
    return TitleFact(row.id, kind, level, row.issued_day, row.expires_day, row.decision_no)
