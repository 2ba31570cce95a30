"""Days of a fair: random sales and refunds from several tablets, arriving the way a bad network delivers them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from tests.builders import Fair, Goods, Tablet, make_fair, pair_tablet


def a_fair_with_tablets(app: Flask, count: int = 2) -> tuple[Fair, list[Tablet]]:
    fair = make_fair(app)
    return fair, [pair_tablet(app, fair, number % len(fair.booth_ids)) for number in range(count)]


def random_parcels(chance: Random, fair: Fair, tablet: Tablet, count: int) -> list[dict[str, Any]]:
    """Sales over the last three days, a tenth of them given back in part, some of them odd."""
    parcels: list[dict[str, Any]] = []
    sold: list[tuple[str, list[tuple[Goods, int]]]] = []
    for _ in range(count):
        at = now() - timedelta(seconds=chance.randrange(3 * 86_400))
        method = chance.choice(["cash", "transfer"])
        if sold and chance.random() < 0.1:
            original, goods = chance.choice(sold)
            back = [(thing, chance.randint(1, pieces)) for thing, pieces in chance.sample(goods, 1)]
            parcels.append(tablet.sale(back, at=at, method=method, refund_of=original))
            continue
        lines = random_lines(chance, fair)
        changes: dict[str, Any] = {}
        if chance.random() < 0.05:
            changes["total_dong"] = 1
        if chance.random() < 0.05:
            changes["device_at"] = "2001-01-01T00:00:00.000Z"
        parcels.append(tablet.sale(lines, at=at, method=method, **changes))
        sold.append((parcels[-1]["id"], lines))
    return parcels


def random_lines(chance: Random, fair: Fair) -> list[tuple[Goods, int]]:
    """One to four lines; now and then goods nobody knows, another price or somebody else's name on them."""
    lines = []
    for goods in chance.choices(fair.goods, k=chance.randint(1, 4)):
        thing = goods
        if chance.random() < 0.04:
            thing = replace(goods, product_id=new_id(), name="Hàng lạ")
        elif chance.random() < 0.04:
            thing = replace(goods, price_dong=goods.price_dong + 1)
        elif chance.random() < 0.04:
            thing = replace(goods, producer_id=chance.choice(fair.producer_ids))
        lines.append((thing, chance.randint(1, 9)))
    return lines


def spoilt(parcel: dict[str, Any], chance: Random) -> dict[str, Any]:
    """The parcel as a program with a fault would send it: chained well, but not to be read."""
    texts = ["", "null", "{", '{"kind":"sale"}', parcel["text"].replace('"quantity": ', '"quantity": -'), "x" * 140_000]
    return parcel | {"text": chance.choice(texts)}


def on_a_bad_day(parcels: Sequence[dict[str, Any]], chance: Random) -> list[dict[str, Any]]:
    """Some spoilt, some sent twice, some again with another text, all in another order."""
    sent = [spoilt(parcel, chance) if chance.random() < 0.05 else parcel for parcel in parcels]
    sent += chance.choices(sent, k=len(sent) // 5)
    sent += [{**one, "text": json.dumps(json.loads(one["text"]) | {"app_version": "other"})} for one in parcels[3::40]]
    for start in range(0, len(sent), 60):
        part = sent[start : start + 60]
        chance.shuffle(part)
        sent[start : start + 60] = part
    return sent


def send_in_uploads(
    tablet: Tablet, parcels: Sequence[dict[str, Any]], chance: Random, at: datetime | None = None
) -> None:
    """All of the parcels, one to fifty at a time."""
    rest = list(parcels)
    while rest:
        size = chance.randint(1, 50)
        tablet.send(*rest[:size], at=at)
        rest = rest[size:]
