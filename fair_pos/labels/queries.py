"""What can be labelled: the goods of an edition, a booth, a producer or the whole catalogue, with their packs, as they are sold today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import BoothProduct, products_of_producers
from fair_pos.catalogue.rules import matches, search_words
from fair_pos.kernel.text import fold, sort_key
from fair_pos.labels.rules import LabelGoods, per_pack
from fair_pos.registry.queries import ProducerFact, all_producers, producers_by_id
from fair_pos.venues.queries import occupants_in

AnySession = Session | scoped_session[Session]


def makers_at(session: AnySession, edition_id: str, booth_id: str) -> list[ProducerFact]:
    """The producers whose goods an edition sells, or one of its booths when named, by name."""
    there = occupants_in(session, edition_id)
    ids = there.get(booth_id, []) if booth_id else {one for some in there.values() for one in some}
    return by_name(producers_by_id(session, ids).values())


def every_maker(session: AnySession) -> list[ProducerFact]:
    """All producers by name."""
    return by_name(all_producers(session))


def by_name(found: Iterable[ProducerFact]) -> list[ProducerFact]:
    """Producers in Vietnamese order."""
    return sorted(found, key=lambda one: (sort_key(one.name), one.id))


def goods_to_label(
    session: AnySession, makers: Iterable[ProducerFact], day: date, *, group_code: str = "", text: str = ""
) -> list[LabelGoods]:
    """What these makers sell, withdrawn goods and packs left out, each product followed by its packs; by name, stars as of `day`.

    `group_code` and the words of `text` (in the name of product or maker, without tone marks) narrow it.
    """
    known = {one.id: one for one in makers}
    words = search_words(text)
    return [
        label
        for product in products_of_producers(session, known, day)
        if group_code in {"", product.group_code}
        and matches(words, fold(product.name), fold(known[product.producer_id].name))
        for label in labels_of(product, known[product.producer_id])
    ]


def labels_of(product: BoothProduct, maker: ProducerFact) -> list[LabelGoods]:
    """A product and its packs, each as what stands on a label. By weight the price is for a kilogram, whatever the unit says."""
    unit = "kg" if product.sold_by == "weight" else product.unit
    single = (product.id, unit, product.price_dong, product.barcodes)
    packs = [(f"{product.id}.{one.id}", per_pack(one.name), one.price_dong, one.barcodes) for one in product.packs]
    return [
        LabelGoods(
            key=key,
            slug=product.slug,
            name=product.name,
            per=per,
            price_dong=price_dong,
            maker=maker.name,
            place=maker.place or maker.old_place,
            stars=product.stars,
            stars_until=product.stars_until if product.stars else None,
            barcode=barcodes[0] if barcodes else "",
            producer_id=maker.id,
            group_code=product.group_code,
        )
        for key, per, price_dong, barcodes in (single, *packs)
    ]
