"""A small fair made by chance from a seed: a few booths, up to forty commands, days around their boundaries, gates.

What comes to a booth's drawer keeps to what independent.py says of these fairs: what is not paid in cash is of one producer, a sale
has one transfer at most, and no more goes back by transfer than came by it.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import transaction
from fair_pos.visitors.actions import HourOf, correct, set_crowd_rule, tally
from tests.builders import Goods, Packed, Tablet, add_pack, add_weighed, sold
from tests.golden.fair import DAYS, Golden, at, send, set_up
from tests.payments.money import code_of, paid
from tests.visitors.phones import Phone, make_gates, pair_phone

EDGES = ((0, 0), (3, 59), (4, 0), (23, 59), (8, 0), (21, 59))


class Chance:
    """Everything that is left to chance at one fair."""

    def __init__(self, app: Flask, seed: int, name: str) -> None:
        self._app, self._seed, self._any = app, seed, random.Random(seed)
        pick = self._any
        self.golden = set_up(app, booths=pick.randint(2, 4), producers=pick.randint(2, 3), name=name)
        fair = self.golden.fair
        weighed = add_weighed(app, fair, f"Chả mực {name}", pick.choice((38_000, 99_999)))
        pack = add_pack(app, fair.goods[0], name="Thùng", size=pick.randint(2, 12), price=900_000)
        self._goods: dict[str, list[Goods | Packed]] = {}
        every: list[Goods | Packed] = [*fair.goods, weighed, pack]
        for one in every:
            self._goods.setdefault(one.goods.producer_id if isinstance(one, Packed) else one.producer_id, []).append(
                one
            )

    def moment(self) -> datetime:
        """Within the first three days; every other time at an edge."""
        pick = self._any
        hour, minute = pick.choice(EDGES) if pick.random() < 0.5 else (pick.randint(6, 23), pick.randint(0, 59))
        return at(DAYS[pick.randrange(3)].day, hour, minute)

    def line(self, one: Goods | Packed) -> dict[str, Any]:
        """Some of it, now and then with a discount."""
        pick = self._any
        by_weight = isinstance(one, Goods) and one.unit == "kg"
        line = sold(one, grams=pick.randint(50, 4_000)) if by_weight else sold(one, pick.randint(1, 5))
        if pick.random() < 0.3:
            off = pick.randint(1, line["amount_dong"] // 2)
            bearer = pick.choice(("producer", "organiser", "shared"))
            line |= {"discount_dong": off, "discount_borne_by": bearer, "discount_reason": "Mua nhiều"}
            line["amount_dong"] -= off
        return line

    def sale(self, tablet: Tablet) -> dict[str, Any]:
        """A sale in cash, by transfer, by card, or half and half."""
        pick, when = self._any, self.moment()
        way = pick.choice(("cash", "cash", "transfer", "card", "both"))
        makers = sorted(self._goods)
        some = (
            self._goods[pick.choice(makers)]
            if way != "cash"
            else [one for maker in makers for one in self._goods[maker]]
        )
        lines = [self.line(one) for one in pick.sample(some, pick.randint(1, min(3, len(some))))]
        total = sum(line["amount_dong"] for line in lines)
        reference = {"reference": code_of(self._seed * 1_000 + tablet.seq * 10 + len(tablet.letter))}
        more: dict[str, Any] = {"payments": [paid(way, total)]}
        if way == "cash" and pick.random() < 0.5:
            rounding = (total + 500) // 1_000 * 1_000 - total
            more = {"rounding_dong": rounding, "payments": [paid("cash", total + rounding)]}
        if way == "transfer":
            more = {"payments": [paid("transfer", total) | reference]}
        if way == "both":
            more = {"payments": [paid("cash", total - total // 3), paid("transfer", total // 3) | reference]}
        clock = pick.random()
        if clock < 0.1:  # told how far off it is
            off = timedelta(days=pick.randint(-9, 9), minutes=7)
            claimed = (when - off).astimezone(VIETNAM).isoformat()
            more |= {"device_at": claimed, "clock_offset_ms": off // timedelta(milliseconds=1)}
        if clock > 0.97:
            more |= {"device_at": "2019-01-01T00:00:00.000Z"}
        return tablet.sale(lines, at=when, **more)

    def back(self, tablet: Tablet, command: dict[str, Any]) -> dict[str, Any]:
        """All of a sale, or its first line, goes back the way it was paid; what was paid in two ways goes back in cash."""
        pick, whole = self._any, self._any.random() < 0.5
        lines = command["lines"] if whole else command["lines"][:1]
        rounding = command.get("rounding_dong", 0) if whole else 0
        total = sum(line["amount_dong"] for line in lines) + rounding
        methods = [payment["method"] for payment in command["payments"]]
        method = methods[0] if len(methods) == 1 else "cash"
        more: dict[str, Any] = {
            "payments": [paid(method, total)],
            "rounding_dong": rounding,
            "whole": whole and pick.random() < 0.5,
            "reason": "Hàng hỏng" if tablet.seq % 2 else "Khách đổi ý",
        }
        return tablet.sale(lines, at=self.moment(), refund_of=command["id"], **more)

    def commands(self) -> list[tuple[Tablet, list[dict[str, Any]]]]:
        """What every tablet sends, oldest first."""
        pick, made = self._any, []
        for tablet in self.golden.tablets:
            parcels = []
            for _ in range(pick.randint(3, 10)):
                parcel = self.sale(tablet)
                parcels.append(parcel)
                command = json_of(parcel)
                by_transfer = [
                    one for one, payment in enumerate(command["payments"], 1) if payment["method"] == "transfer"
                ]
                if by_transfer and pick.random() < 0.5:
                    seen = {"sale_id": parcel["id"], "payment_no": by_transfer[0], "last_digits": "1234"}
                    parcels.append(tablet.command("transfer_seen", at=self.moment(), **seen))
                if pick.random() < 0.25:
                    parcels.append(self.back(tablet, command))
                if pick.random() < 0.15:
                    one = pick.choice(self._goods[pick.choice(sorted(self._goods))])
                    parcels.append(tablet.giveaway([{**self.line(one), "discount_dong": 0}], at=self.moment()))
            made.append((tablet, parcels))
        return made

    def send(self) -> None:
        """In parts, the tablets in any order, parts swapped and sent twice."""
        pick, client = self._any, self._app.test_client()
        parts = []
        for tablet, parcels in self.commands():
            cut = pick.randint(1, len(parcels))
            parts += [(tablet, part) for part in (parcels[:cut], parcels[cut:]) if part]
        pick.shuffle(parts)
        for tablet, part in parts:
            send(client, tablet, part)
            if pick.random() < 0.3:
                send(client, tablet, part, expected="already_have")

    def count(self) -> None:
        """Taps, groups and undos at up to three gates; a correction and a sheet of strokes."""
        pick, client = self._any, self._app.test_client()
        self.golden.gate_ids = make_gates(self._app, self.golden.fair, pick.randint(1, 3))
        for gate in self.golden.gate_ids:
            phone = pair_phone(self._app, self.golden.fair, gate, paired_at=at(1, 8))
            for _ in range(pick.randint(0, 25)):
                self.tap(phone)
            entries = pick.sample(phone.made, len(phone.made))
            for part in (entries[::2], entries[1::2], entries[: len(entries) // 3]):
                phone.post(client, *part)
        by, fair = self.golden.fair.people["bantochuc"], self.golden.fair
        with self._app.app_context(), transaction() as session:
            set_crowd_rule(session, fair.edition_id, None, 10, at=now(), by=by)
            for _ in range(pick.randint(0, 2)):
                where = HourOf(
                    new_id(), pick.choice(self.golden.gate_ids), DAYS[pick.randrange(3)], pick.randint(0, 23)
                )
                tally(session, where, pick.randint(0, 40), pick.randint(0, 30), "", at=now(), by=by)
                where = HourOf(
                    new_id(), pick.choice(self.golden.gate_ids), DAYS[pick.randrange(3)], pick.randint(0, 23)
                )
                correct(session, where, pick.choice(("in", "out")), pick.randint(1, 9), "Đếm sót", at=now(), by=by)

    def tap(self, phone: Phone) -> None:
        pick, when = self._any, self.moment()
        way = pick.choice(("in", "in", "out"))
        made = phone.group(way, at=when, people=pick.randint(2, 45)) if pick.random() < 0.2 else phone.tap(way, at=when)
        if pick.random() < 0.15:
            phone.undo(made, at=when)


def json_of(parcel: dict[str, Any]) -> dict[str, Any]:
    """The command of a parcel, as sent."""
    return dict(json.loads(parcel["text"]))


def make_random(app: Flask, seed: int, name: str) -> Golden:
    """The fair of a seed."""
    chance = Chance(app, seed, name)
    chance.send()
    chance.count()
    return chance.golden
