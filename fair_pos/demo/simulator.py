"""Sample sales of past days, made the way a tablet makes them and taken in through the same door.

Everything follows from the seed and the day: the same fair sells the same goods on every machine.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import takewhile
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from fair_pos.catalogue.queries import BoothProduct, current_version, products_of_booth
from fair_pos.demo.drawers import SampleDrawer
from fair_pos.kernel.chain import GENESIS, link
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.money import percent_of_dong
from fair_pos.kernel.weight import weighed_amount_dong
from fair_pos.till.actions import receive_upload
from fair_pos.till.pairing import pair_sample_device
from fair_pos.till.wire import MAX_PARCELS

APP_VERSION = "mau"
HOUR_WEIGHTS = {8: 3, 9: 7, 10: 10, 11: 9, 12: 5, 13: 4, 14: 6, 15: 8, 16: 10, 17: 11, 18: 12, 19: 12, 20: 8, 21: 4}
"""How busy each hour is, 08:00 to 22:00: before lunch, and most of all in the evening."""
CASH_SHARE, CARD_SHARE, REFUND_SHARE, GIVEAWAY_SHARE = 0.7, 0.03, 0.01, 0.01
SPLIT_SHARE, SEEN_SHARE = 0.1, 0.6
"""Of transfers: how many pay only a part, beside cash, and of how many the seller sees the money at once."""
PACK_SHARE, DISCOUNT_SHARE = 0.08, 0.04
DISCOUNTS = (("Cuối ngày", "producer"), ("Khách mua nhiều", "shared"), ("Khuyến mại của ban tổ chức", "organiser"))
MOST_GIVEN_BACK_DONG = 500_000
"""More would need a second person."""
HANDING_OVER_HOUR = 14
"""When a full drawer is emptied by half."""
LINES_WEIGHTS = (45, 27, 15, 8, 5)
"""How often a receipt has 1, 2, 3, 4, 5 lines."""
NOTES_DONG = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REASONS = ("Khách đổi ý", "Hàng hỏng: vỡ khi mang về", "Bấm nhầm mặt hàng", "Khách mua trùng")


@dataclass(frozen=True)
class BoothPlan:
    """A booth to fill: who sells there, and how many receipts each fair day has on average."""

    booth_id: str
    person_id: str
    day_boundary_minutes: int
    receipts_a_day: int
    account_id: str | None = None
    account_number: str = ""
    """Where its transfers go."""
    drawer: bool = False
    """Whether its drawer is opened and closed every day."""


@dataclass
class Till:
    """A simulated tablet: what it has to remember between two commands."""

    plan: BoothPlan
    letter: str
    version: int
    products: Sequence[BoothProduct]
    random: Random
    drawer: SampleDrawer
    seq: int = 0
    last_hash: str = GENESIS
    day: date | None = None
    counter: int = 0
    sold: list[dict[str, Any]] = field(default_factory=list)
    """Sales that may still be given back."""

    def parcel(self, command: dict[str, Any], at: datetime) -> dict[str, object]:
        """Number, name and chain a command as docs/till-protocol.md says, and wrap its text."""
        day = fair_day(at, self.plan.day_boundary_minutes)
        if day != self.day:
            self.day, self.counter = day, 0
        self.seq += 1
        offset_ms = self.random.randrange(-1500, 1500)
        command |= {
            "v": 1,
            "id": uuid7(at, self.random),
            "seq": self.seq,
            "booth_id": self.plan.booth_id,
            "person_id": self.plan.person_id,
            "device_at": on_wire(at - timedelta(milliseconds=offset_ms)),
            "clock_offset_ms": offset_ms,
            "fair_day": day.isoformat(),
            "app_version": APP_VERSION,
        }
        if command["kind"] in {"sale", "refund", "giveaway"}:
            command["price_list_version"] = self.version
        if self.drawer.session_id is not None:
            command["till_session_id"] = self.drawer.session_id
        if command["kind"] in {"sale", "refund"}:  # only what is sold or given back has a receipt
            self.counter += 1
            command |= {
                "receipt_number": f"{self.letter}-{day:%y%m%d}-{self.counter:03d}",
                "receipt_token": base64.urlsafe_b64encode(self.random.randbytes(16)).rstrip(b"=").decode(),
            }
        self.drawer.note(command)
        text = json.dumps(command, ensure_ascii=False, separators=(",", ":"))
        prev_hash, self.last_hash = self.last_hash, link(self.last_hash, text) or ""
        return {"id": command["id"], "seq": self.seq, "prev_hash": prev_hash, "hash": self.last_hash, "text": text}

    def sale_of(self, product: BoothProduct, at: datetime) -> dict[str, object]:
        """Some of these goods, paid in cash."""
        line = _plain(product, self.random)
        total_dong = line["amount_dong"]
        payments = [_payment("cash", total_dong, self.random)]
        command = {"kind": "sale", "lines": [line], "total_dong": total_dong, "payments": payments}
        parcel = self.parcel(command, at)
        self.sold.append(command)
        return parcel

    def sale(self, at: datetime) -> dict[str, object]:
        """A receipt of one to five lines, paid in cash, by transfer or by card."""
        wanted = self.random.choices(range(1, 6), LINES_WEIGHTS)[0]
        weights = [1 / (20_000 + product.price_dong) for product in self.products]
        chosen: dict[str, BoothProduct] = {}
        for product in self.random.choices(self.products, weights, k=wanted):
            chosen.setdefault(product.id, product)
        lines = [_line(product, self.random) for product in chosen.values()]
        total_dong = sum(line["amount_dong"] for line in lines)
        chance = self.random.random()
        method = "cash" if chance < CASH_SHARE else "card" if chance < CASH_SHARE + CARD_SHARE else "transfer"
        command = {
            "kind": "sale",
            "lines": lines,
            "total_dong": total_dong,
            "payments": self.payments(method, total_dong),
        }
        parcel = self.parcel(command, at)
        self.sold.append(command)
        return parcel

    def payments(self, method: str, total_dong: int) -> list[dict[str, Any]]:
        """How a sale is paid: in one way, or a round part of it in cash and the rest by transfer."""
        if method != "transfer":
            return [_payment(method, total_dong, self.random)]
        cash_dong = total_dong // 2 // 10_000 * 10_000 if self.random.random() < SPLIT_SHARE else 0
        code = "OCP" + "".join(self.random.choices(CODE_LETTERS, k=7))
        to = {"reference": code, "account_id": self.plan.account_id}
        transfer = _payment("transfer", total_dong - cash_dong, self.random) | to
        return [_payment("cash", cash_dong, self.random), transfer] if cash_dong else [transfer]

    def seen(self, at: datetime) -> dict[str, object] | None:
        """The seller sees the money of the sale just made in the shop's own bank app; None when there is none to be seen."""
        sale = self.sold[-1]
        number = next((no for no, paid in enumerate(sale["payments"], 1) if paid["method"] == "transfer"), None)
        if number is None or self.plan.account_id is None or self.random.random() > SEEN_SHARE:
            return None
        digits = f"{self.random.randrange(10_000):04}"
        return self.parcel(
            {"kind": "transfer_seen", "sale_id": sale["id"], "payment_no": number, "last_digits": digits}, at
        )

    def giveaway(self, at: datetime) -> dict[str, object]:
        """Something to taste, or a gift."""
        line = _plain(self.random.choice(self.products), self.random) | {"amount_dong": 0}
        purpose = self.random.choice(("tasting", "tasting", "gift"))
        return self.parcel({"kind": "giveaway", "purpose": purpose, "borne_by": "producer", "lines": [line]}, at)

    def refund(self, at: datetime) -> dict[str, object]:
        """One line of an earlier sale given back, once; its price in cash. A sale instead, when it cost too much for that.

        Never of one paid by transfer: cash for money that nobody has seen yet is a thing to look at, and samples have none.
        """
        paid_at_once = [
            no for no, one in enumerate(self.sold) if all(p["method"] != "transfer" for p in one["payments"])
        ]
        if not paid_at_once:
            return self.sale(at)
        sale = self.sold.pop(self.random.choice(paid_at_once))
        lines = [self.random.choice(sale["lines"])]
        if lines[0]["amount_dong"] > MOST_GIVEN_BACK_DONG:
            return self.sale(at)
        total_dong = lines[0]["amount_dong"]
        payment = {"method": "cash", "amount_dong": total_dong, "tendered_dong": total_dong, "change_dong": 0}
        command = {
            "kind": "refund",
            "refund_of": sale["id"],
            "reason": self.random.choice(REASONS),
            "lines": lines,
            "total_dong": total_dong,
            "payments": [payment],
        }
        return self.parcel(command, at)


def simulate(
    session: Session, plans: Sequence[BoothPlan], days: Sequence[date], *, seed: str, until: datetime | None = None
) -> int:
    """Sell at every booth on every one of `days` through one sample tablet each; how many commands were sent.

    The tablets are paired an hour before the first day opens and send after every fifty commands and at the end of a day.
    With `until` nothing happens after that moment: a day that still goes on.
    """
    sent = 0
    for plan in plans if days else ():
        paired_at = hour_of(days[0], 7)
        device, till = open_till(session, plan, paired_at, days[-1], seed=seed)
        if not till.products:
            continue
        for day in days:
            parcels = list(takewhile(lambda made: until is None or made[0] <= until, day_at(till, day)))
            # One sale of one day comes when its drawer is closed already: so the pages have something late to show.
            late = [parcels.pop(_last_in_cash(parcels))] if plan is plans[0] and plan.drawer and day == days[0] else []
            batches = [parcels[first : first + MAX_PARCELS] for first in range(0, len(parcels), MAX_PARCELS)]
            sent_at = paired_at
            for batch in filter(None, (*batches, late)):
                sent_at = max(sent_at, *(at for at, _ in batch)) + timedelta(seconds=20)
                receive_upload(session, device, [parcel for _, parcel in batch], sent_at)
                sent += len(batch)
    return sent


def open_till(session: Session, plan: BoothPlan, paired_at: datetime, last_day: date, *, seed: str) -> tuple[Any, Till]:
    """Pair a sample tablet at a booth, with the goods that are sold there; the device as pairing makes it."""
    device = pair_sample_device(session, booth_id=plan.booth_id, person_id=plan.person_id, at=paired_at)
    products = products_of_booth(session, plan.booth_id, last_day)
    random = Random(f"{seed}/{plan.booth_id}")  # noqa: S311  # sample data, meant to be the same every time
    drawer = SampleDrawer(Random(f"{seed}/drawer/{plan.booth_id}"))  # noqa: S311  # as above
    return device, Till(plan, device.letter, current_version(session), products, random, drawer)


def _last_in_cash(parcels: Sequence[tuple[datetime, dict[str, object]]]) -> int:
    """Which parcel is the last sale paid in cash."""
    return max(
        number
        for number, (_at, parcel) in enumerate(parcels)
        if '"kind":"sale"' in str(parcel["text"]) and '"method":"cash"' in str(parcel["text"])
    )


def day_at(
    till: Till, day: date, last: Sequence[Callable[[datetime], dict[str, object]]] = ()
) -> Iterator[tuple[datetime, dict[str, object]]]:
    """What one tablet rings up on a day, in the order of time, with when; `last` is rung up before the drawer is closed."""
    random = till.random
    count = round(till.plan.receipts_a_day * random.uniform(0.8, 1.2))
    hours = random.choices(list(HOUR_WEIGHTS), list(HOUR_WEIGHTS.values()), k=count)
    moments = sorted(hour_of(day, hour) + timedelta(milliseconds=random.randrange(3_600_000)) for hour in hours)
    if till.plan.drawer:
        opens_at = hour_of(day, 8) - timedelta(minutes=10)
        yield opens_at, till.parcel(till.drawer.opening(), opens_at)
    handed_over = not till.plan.drawer
    for at in moments:
        if not handed_over and at >= hour_of(day, HANDING_OVER_HOUR):
            handed_over, moved = True, till.drawer.handing_over()
            if moved is not None:
                yield at - timedelta(seconds=1), till.parcel(moved, at - timedelta(seconds=1))
        chance = random.random()
        if till.sold and chance < REFUND_SHARE:
            yield at, till.refund(at)
        elif chance > 1 - GIVEAWAY_SHARE:
            yield at, till.giveaway(at)
        else:
            yield at, till.sale(at)
            seen_at = at + timedelta(seconds=15)
            seen = till.seen(seen_at)
            if seen is not None:
                yield seen_at, seen
    for number, ring_up in enumerate(last):
        at = hour_of(day, 22) + timedelta(seconds=5 * number)
        yield at, ring_up(at)
    if till.plan.drawer:
        closes_at = hour_of(day, 22) + timedelta(minutes=5)
        yield closes_at, till.parcel(till.drawer.closing(), closes_at)


def hour_of(day: date, hour: int) -> datetime:
    """An hour on the wall clock of a calendar day, in Vietnam."""
    return day_starts_at(day, hour * 60)


def _line(product: BoothProduct, random: Random) -> dict[str, Any]:
    """Pieces, a bag from the scales or a pack; now and then something is taken off, as far as a seller may."""
    line = _plain(product, random)
    if random.random() < DISCOUNT_SHARE:
        reason, bearer = random.choice(DISCOUNTS)
        off_dong = percent_of_dong(line["amount_dong"], random.choice((5, 10)))
        line |= {"discount_dong": off_dong, "discount_reason": reason, "discount_borne_by": bearer}
        line["amount_dong"] -= off_dong
    return line


def _plain(product: BoothProduct, random: Random) -> dict[str, Any]:
    line: dict[str, Any] = {
        "product_id": product.id,
        "name": product.name,
        "unit": product.unit,
        "producer_id": product.producer_id,
        "quantity": random.choices((1, 2, 3, 5), (70, 20, 7, 3))[0],
        "unit_price_dong": product.price_dong,
    }
    if product.packs and random.random() < PACK_SHARE:
        pack = product.packs[0]
        line |= {"unit": pack.name, "quantity": 1, "unit_price_dong": pack.price_dong}
        line |= {"pack_id": pack.id, "pack_size": pack.size}
    elif product.sold_by == "weight":
        grams = random.randrange(200, 2500, 5)
        amount_dong = weighed_amount_dong(grams, product.price_dong)
        return line | {"quantity": 1, "grams": grams, "amount_dong": amount_dong}
    return line | {"amount_dong": line["quantity"] * line["unit_price_dong"]}


def _payment(method: str, total_dong: int, random: Random) -> dict[str, Any]:
    """Exact by transfer and by card; in cash often the next round sum that notes make."""
    tendered_dong = total_dong
    if method == "cash" and random.random() < 0.6:
        note_dong = random.choice(NOTES_DONG)
        tendered_dong = -(-total_dong // note_dong) * note_dong
    change_dong = tendered_dong - total_dong
    return {"method": method, "amount_dong": total_dong, "tendered_dong": tendered_dong, "change_dong": change_dong}


def on_wire(at: datetime) -> str:
    """An instant as tablets and phones write it: UTC with milliseconds."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uuid7(at: datetime, random: Random) -> str:
    """A UUID of version 7 (RFC 9562) as a tablet would have made it at that moment, from our own chance."""
    value = (int(at.timestamp() * 1000) & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62)
    return str(UUID(int=value))
