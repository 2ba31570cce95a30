"""What is on display in a showroom on a day, and what products have to show for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import ListedProduct, listed_products
from fair_pos.kernel.text import sort_key
from fair_pos.registry.queries import certificates_of, titles_of
from fair_pos.showroom.rules import Counted, Ground, Lack, grounds_of
from fair_pos.showroom.tables import Admission

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Check:
    """What speaks for a product on a day, and what does not."""

    product: ListedProduct
    grounds: list[Ground]
    lacks: list[Lack]


@dataclass(frozen=True)
class OnDisplay:
    """A product on display with what speaks for it on the day asked for, and how it came there."""

    check: Check
    admission: Admission

    @property
    def counted(self) -> Counted:
        """As the counts need it."""
        product = self.check.product
        kinds = frozenset(one.kind for one in self.check.grounds)
        return Counted(product.id, product.producer.id, product.group_code, kinds)


def admitted_products(session: AnySession, edition_id: str, day: date) -> set[str] | None:
    """Ids of the products on display on `day`; None where nothing was ever admitted, so everything may be sold."""
    wanted = select(Admission.product_id, Admission.admitted_day, Admission.withdrawn_day)
    rows = session.execute(wanted.where(Admission.edition_id == edition_id)).all()
    if not rows:
        return None
    return {
        row.product_id
        for row in rows
        if row.admitted_day <= day and (row.withdrawn_day is None or day < row.withdrawn_day)
    }


def checks_of(session: AnySession, product_ids: Iterable[str], day: date) -> list[Check]:
    """What speaks for each of the products on `day`, in the order asked for."""
    products = listed_products(session, product_ids, day)
    ids = [one.id for one in products]
    stars, titles = certificates_of(session, ids), titles_of(session, ids)
    return [Check(one, *grounds_of(stars.get(one.id, []), titles.get(one.id, []), day)) for one in products]


def goods_on_display(session: AnySession, edition_id: str, day: date) -> list[OnDisplay]:
    """Everything on display on `day`, by name."""
    wanted = select(Admission).where(
        Admission.edition_id == edition_id,
        Admission.admitted_day <= day,
        or_(Admission.withdrawn_day.is_(None), Admission.withdrawn_day > day),
    )
    admissions = {one.product_id: one for one in session.scalars(wanted)}
    found = [OnDisplay(one, admissions[one.product.id]) for one in checks_of(session, admissions, day)]
    return sorted(found, key=lambda one: (sort_key(one.check.product.name), one.check.product.id))


def withdrawn_of(session: AnySession, edition_id: str) -> list[tuple[Admission, ListedProduct]]:
    """What was taken off display, the last first."""
    wanted = (
        select(Admission)
        .where(Admission.edition_id == edition_id, Admission.withdrawn_day.is_not(None))
        .order_by(Admission.withdrawn_at.desc(), Admission.id)
    )
    ended = list(session.scalars(wanted))
    products = {one.id: one for one in listed_products(session, [one.product_id for one in ended], date.max)}
    return [(one, products[one.product_id]) for one in ended]
