"""One receipt with all that is known of it, for its page: what the buyer saw, what the booth noted, and what it should be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fair_pos.catalogue.queries import pack_prices_of, prices_of
from fair_pos.catalogue.rules import price_at
from fair_pos.payments.queries import accounts_by_id, states_of_sale
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sentences import oddity_sentence
from fair_pos.reports import queries
from fair_pos.reports.about import drawer_address
from fair_pos.sales.queries import find_sale, refunds_of
from fair_pos.venues.queries import get_booth, get_edition

MOST_ODDITIES = 100


@dataclass(frozen=True)
class NewerList:
    """The price list that held while a tablet still sold by an older one, and what lines would have cost by it, by their number."""

    version: int
    since: datetime
    prices: dict[int, int]


def facts_of_sale(sale: Any) -> dict[str, Any]:
    """The arguments of reports/sale.html for a row of table `sale`."""
    session = reading()
    people = queries.person_names(session, {sale.person_id, sale.second_person_id or sale.person_id})
    letter, device_name = queries.find_device_label(session, sale.device_id)
    odd = queries.oddities(session, sale.edition_id, sale_id=sale.id, limit=MOST_ODDITIES)
    discount = sum(line.discount_dong for line in sale.lines)
    return {
        "sale": sale,
        "edition": get_edition(session, sale.edition_id),
        "booth": get_booth(session, sale.booth_id),
        "seller": people.get(sale.person_id, ""),
        "second": people.get(sale.second_person_id or "", ""),
        "producers": queries.producer_names(session, {line.producer_id for line in sale.lines}),
        "before_dong": sum(line.amount_dong + line.discount_dong for line in sale.lines),
        "discount_dong": discount,
        "states": states_of_sale(session, sale.id),
        "accounts": accounts_by_id(session, {one.account_id for one in sale.payments if one.account_id}),
        "letter": letter,
        "device_name": device_name,
        "drawer": drawer_address(sale.edition_id, sale.device_id, sale.till_session_id),
        "oddities": [oddity_sentence(one.code, one.facts, second=one.second) for one in odd],
        "original": find_sale(session, sale.refund_of) if sale.refund_of else None,
        "refunds": refunds_of(session, sale.id),
        "newer": newer_list_for(sale) if sale.kind == "sale" else None,
    }


def newer_list_for(sale: Any) -> NewerList | None:
    """What the tablet had not heard of yet when it sold; a refund follows its receipt and no list."""
    session = reading()
    newer = queries.newer_list(session, sale.price_list_version, sale.sold_at)
    if newer is None:
        return None
    version, since = newer
    of_goods = prices_of(session, {line.product_id for line in sale.lines})
    of_packs = pack_prices_of(session, {line.pack_id for line in sale.lines if line.pack_id})
    prices: dict[int, int] = {}
    for line in sale.lines:
        history = of_packs.get(line.pack_id, []) if line.pack_id else of_goods.get(line.product_id, [])
        old, new = price_at(history, sale.price_list_version), price_at(history, version)
        if new is not None and new != old:
            prices[line.line_no] = new
    return NewerList(version, since, prices)
