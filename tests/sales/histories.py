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
from tests.builders import Fair, Tablet, make_fair, pair_tablet, sold


def a_fair_with_tablets(app: Flask, count: int = 2) -> tuple[Fair, list[Tablet]]:
    fair = make_fair(app)
    return fair, [pair_tablet(app, fair, number % len(fair.booth_ids)) for number in range(count)]


def random_parcels(chance: Random, fair: Fair, tablet: Tablet, count: int) -> list[dict[str, Any]]:
    """Sales over the last three days, a tenth of them given back in part, now and then something given away; some of them odd."""
    parcels: list[dict[str, Any]] = []
    rung_up: list[tuple[str, list[dict[str, Any]]]] = []
    for _ in range(count):
        at = now() - timedelta(seconds=chance.randrange(3 * 86_400))
        method = chance.choice(["cash", "transfer", "card"])
        if rung_up and chance.random() < 0.1:
            original, lines = chance.choice(rung_up)
            whole = chance.random() < 0.2
            back = lines if whole else [given_back(chance, chance.choice(lines))]
            parcels.append(tablet.sale(back, at=at, method=method, refund_of=original, whole=whole))
            continue
        lines = random_lines(chance, fair)
        if chance.random() < 0.05:
            parcels.append(tablet.giveaway(lines, at=at))
            continue
        changes: dict[str, Any] = {}
        if chance.random() < 0.05:
            changes["total_dong"] = 1
        if chance.random() < 0.05:
            changes["device_at"] = "2001-01-01T00:00:00.000Z"
        if chance.random() < 0.1:
            changes["rounding_dong"] = chance.randrange(-500, 501)
        if chance.random() < 0.3:
            total = sum(line["amount_dong"] for line in lines) + changes.get("rounding_dong", 0)
            changes["payments"] = split_tender(chance, max(total, 0))
        parcels.append(tablet.sale(lines, at=at, method=method, **changes))
        rung_up.append((parcels[-1]["id"], lines))
    return parcels


def split_tender(chance: Random, total: int) -> list[dict[str, Any]]:
    """Two or three ways of paying that make the total; cash with a note that is too large."""
    methods = chance.sample(["cash", "transfer", "card"], k=chance.randint(2, 3))
    cuts = sorted(chance.randint(0, total) for _ in methods[1:])
    parts = [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]
    return [
        {
            "method": method,
            "amount_dong": part,
            "tendered_dong": part + (20_000 if method == "cash" else 0),
            "change_dong": 20_000 if method == "cash" else 0,
        }
        for method, part in zip(methods, parts, strict=True)
    ]


def given_back(chance: Random, line: dict[str, Any]) -> dict[str, Any]:
    """Some pieces of a line with their part of what was paid for it; of weighed goods the whole bag."""
    pieces = chance.randint(1, line["quantity"])
    discount = line.get("discount_dong", 0) * pieces // line["quantity"]
    gross = (line["amount_dong"] + line.get("discount_dong", 0)) * pieces // line["quantity"]
    return line | {
        "quantity": pieces,
        "amount_dong": gross - discount,
        **({"discount_dong": discount} if discount else {}),
    }


def random_lines(chance: Random, fair: Fair) -> list[dict[str, Any]]:
    """One to four lines, some with a discount, weighed or in packs; now and then goods nobody knows, another price or somebody else's name."""
    lines = []
    for goods in chance.choices(fair.goods, k=chance.randint(1, 4)):
        thing, fields = goods, dict[str, Any]()
        if chance.random() < 0.04:
            thing = replace(goods, product_id=new_id(), name="Hàng lạ")
        elif chance.random() < 0.04:
            thing = replace(goods, price_dong=goods.price_dong + 1)
        elif chance.random() < 0.04:
            thing = replace(goods, producer_id=chance.choice(fair.producer_ids))
        pieces = chance.randint(1, 9)
        if chance.random() < 0.1:
            pieces, fields = 1, {"grams": chance.randint(1, 5000)}
        elif chance.random() < 0.1:
            fields = {"pack_id": new_id(), "pack_size": 12}
        elif chance.random() < 0.2:
            off = chance.randrange(goods.price_dong)
            bearer = chance.choice(["producer", "organiser", "shared", None])
            fields = {"discount_dong": off, "discount_reason": "cuối ngày", "discount_borne_by": bearer}
        lines.append(sold(thing, pieces, **fields))
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
