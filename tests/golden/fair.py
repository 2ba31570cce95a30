"""The golden fair: 500 sales that can be checked by head, three gates, and everything that has ever confused a report.

Every booth sells one thing in each hour from 9 to 16, on each of five days: in even hours one of its maker's first goods for
100.000, in odd hours one of the second for 50.000. So a booth sells 600.000 a day, a day is 7.200.000, five days are 36.000.000
with 480 receipts. Twenty special sales stand beside them, each written out in `special_sales` with what it comes to; together
3.974.000. Booths 1, 4, 7 and 10 are paid in cash, the next ones by transfer that nobody has seen, the next by card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from fair_pos.catalogue.tables import CatalogueVersion, Price, Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.ids import named_id, new_id
from fair_pos.kernel.text import identity
from fair_pos.plumbing.db import transaction
from fair_pos.registry.tables import AdminUnit, Certificate, Producer
from fair_pos.venues.tables import Booth
from fair_pos.visitors.actions import HourOf, correct, set_crowd_rule, tally
from tests.builders import Fair, Goods, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold, wire_time
from tests.payments.money import account_in_use, code_of, paid
from tests.visitors.phones import Phone, make_gates, pair_phone

FIRST = date(2025, 10, 15)
DAYS = [FIRST + timedelta(days=step) for step in range(5)]
HOURS = range(9, 17)
PROVINCES = ("Quảng Ninh", "Lào Cai", "Lai Châu", "Điện Biên")
KINDS = ("hop_tac_xa", "doanh_nghiep", "ho_kinh_doanh")
GROUPS = ("thuc_pham", "do_uong", "thu_cong_my_nghe")
PRICES = (100_000, 50_000, 20_000)
BATCH = 50


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of October 2025 on the wall clock."""
    return datetime(2025, 10, day, hour, minute, tzinfo=VIETNAM)


@dataclass
class Golden:
    """The fair with its devices. `sent` is what each tablet sent, oldest first."""

    fair: Fair
    tablets: list[Tablet]
    gate_ids: list[str] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)


def make_golden(app: Flask) -> Golden:
    """The whole fair: sold, sent, counted and signed."""
    golden = set_up(app, booths=12, producers=10)
    sell(app, golden)
    count_visitors(app, golden)
    return golden


def set_up(app: Flask, *, booths: int, producers: int, name: str = "Hội chợ thử") -> Golden:
    """Booths in three zones; makers of four provinces and three kinds; goods of three groups, with and without stars."""
    fair = make_fair(app, name=name, booths=booths, producers=producers, starts=FIRST)
    prices = [replace(one, price_dong=PRICES[number % 3]) for number, one in enumerate(fair.goods)]
    fair.goods[:] = prices
    with app.app_context(), transaction() as session:
        units = []
        for province in PROVINCES:
            unit = AdminUnit(
                id=named_id("unit", province),
                scheme="vn2025",
                level="province",
                name=province,
                name_key=identity(province),
            )
            session.merge(unit)  # another fair here may have brought it
            units.append(unit.id)
        session.flush()
        for number, booth_id in enumerate(fair.booth_ids):
            session.execute(update(Booth).where(Booth.id == booth_id).values(zone="ABC"[number * 3 // booths]))
        for number, producer_id in enumerate(fair.producer_ids):
            values = {"province_id": units[number % 4], "kind": KINDS[number % 3]}
            session.execute(update(Producer).where(Producer.id == producer_id).values(**values))
        for number, goods in enumerate(fair.goods):
            of_goods: dict[str, Any] = {"group_code": GROUPS[number % 3], "price_dong": goods.price_dong}
            session.execute(update(Product).where(Product.id == goods.product_id).values(**of_goods))
            session.execute(
                update(Price).where(Price.product_id == goods.product_id).values(price_dong=goods.price_dong)
            )
        for product_id, stars, issued, expires in certificates(fair):
            session.add(
                Certificate(id=new_id(), product_id=product_id, stars=stars, issued_day=issued, expires_day=expires)
            )
    tablets = [pair_tablet(app, fair, booth, paired_at=at(1, 8)) for booth in range(booths)]
    return Golden(fair, tablets)


def certificates(fair: Fair) -> list[tuple[str, int, date, date]]:
    """3, 4 or 5 stars for the first goods of each maker. The first maker's lapse after the third day, while no other begins; the second
    maker's goods are rated again on the fifth. The other goods have no star, but the third goods of the first maker, whose certificate lapsed before.
    """
    long_ago, far_off = date(2024, 1, 1), date(2026, 12, 31)
    found = [
        (fair.goods[3 * number].product_id, 3 + number % 3, long_ago, far_off)
        for number in range(len(fair.producer_ids))
    ]
    found[0] = (fair.goods[0].product_id, 5, long_ago, DAYS[2])
    found[1] = (fair.goods[3].product_id, 3, long_ago, far_off)
    return [
        *found,
        (fair.goods[3].product_id, 4, DAYS[4], far_off),
        (fair.goods[2].product_id, 4, date(2022, 1, 1), date(2024, 12, 31)),
    ]


# --- the tablets ----------------------------------------------------------------------------------------------------


def sell(app: Flask, golden: Golden) -> None:
    """Every sale, through the door of the tablets. The last booth's tablet is heard only after all others have sent everything."""
    fair, client = golden.fair, app.test_client()
    account = account_in_use(app, fair, booth=1)
    batches: list[tuple[Tablet, list[dict[str, Any]]]] = []
    for number, tablet in enumerate(golden.tablets):
        batches.append((tablet, regular_sales(golden, number, account if number == 1 else None)))
    batches[0][1].extend(special_sales(app, golden))
    batches += other_tablets(app, golden)
    late = batches.pop(len(golden.tablets) - 1)
    for tablet, parcels in [*batches, late]:
        send(client, tablet, parcels)
    # Whoever hears no answer sends again: the first booth's first hundred come twice.
    send(client, golden.tablets[0], batches[0][1][:100], expected="already_have")


def send(client: Any, tablet: Tablet, parcels: Sequence[dict[str, Any]], expected: str = "stored") -> None:
    """Uploads of fifty; every parcel is answered as expected."""
    for start in range(0, len(parcels), BATCH):
        answer = tablet.post(client, *parcels[start : start + BATCH])
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert {one["answer"] for one in answer.get_json()["answers"]} == {expected}


def regular_sales(golden: Golden, number: int, account: str | None) -> list[dict[str, Any]]:
    """Eight sales a day of 100.000 and 50.000 in turn: 600.000."""
    fair, tablet = golden.fair, golden.tablets[number]
    parcels = []
    for day in DAYS:
        for hour in HOURS:
            goods = fair.goods[3 * (number % len(fair.producer_ids)) + hour % 2]
            payment = paid(("cash", "transfer", "card")[number % 3], goods.price_dong)
            if number % 3 == 1:
                code = code_of(100_000 * number + 100 * day.day + hour)
                payment |= {"reference": code, "account_id": account}
            parcels.append(tablet.sale([(goods, 1)], at=at(day.day, hour, number), payments=[payment]))
    return parcels


def special_sales(app: Flask, golden: Golden) -> list[dict[str, Any]]:
    """Eighteen of the first booth, with what each comes to: 3.824.000 in all; and the four refunds: 475.000."""
    fair, tablet = golden.fair, golden.tablets[0]
    first, second, third = fair.goods[:3]
    weighed = add_weighed(app, fair, "Chả mực", 38_000)
    pack = add_pack(app, first, name="Thùng 12", size=12, price=1_000_000)
    raise_price(app, fair.goods[7], 60_000)
    off = {"discount_reason": "Mua nhiều"}
    unknown = Goods(named_id("product", "nobody's"), fair.producer_ids[3], "Hàng lạ", "gói", 15_000)

    def sale(goods: Any, day: int, hour: int, minute: int, **more: Any) -> dict[str, Any]:
        return tablet.sale(goods if isinstance(goods, list) else [goods], at=at(day, hour, minute), **more)

    def transfer(amount: int, number: int) -> dict[str, Any]:
        return paid("transfer", amount) | {"reference": code_of(number)}

    found = [
        # 575 g at 38.000 are 21.850; in cash 22.000, of which 150 are rounding.
        sale(sold(weighed, grams=575), 15, 12, 30, rounding_dong=150),
        # 1.250 g are 47.500; in cash 47.000.
        sale(sold(weighed, grams=1_250), 16, 12, 30, rounding_dong=-500),
        # Two crates of twelve: 2.000.000 by card, and 24 pieces.
        sale((pack, 2), 15, 12, 40, payments=[paid("card", 2_000_000) | {"reference": "123456"}]),
        # 200.000 less 20.000 that the maker bears: 180.000.
        sale(sold(first, 2, discount_dong=20_000, discount_borne_by="producer", **off), 15, 13, 10),
        # 200.000 less 30.000 that the organiser bears: 170.000.
        sale(sold(first, 2, discount_dong=30_000, discount_borne_by="organiser", **off), 16, 13, 10),
        # 100.000 less 10.000 that both bear: 90.000.
        sale(sold(second, 2, discount_dong=10_000, discount_borne_by="shared", **off), 17, 13, 10),
        # 60.000 in cash and 40.000 by transfer: 100.000.
        sale((first, 1), 17, 13, 20, payments=[paid("cash", 60_000), transfer(40_000, 1)]),
    ]
    # 300.000 by transfer, which the seller saw come.
    seen = sale((first, 3), 17, 13, 30, payments=[transfer(300_000, 2)])
    found += [
        seen,
        tablet.command("transfer_seen", at=at(17, 13, 31), sale_id=seen["id"], payment_no=1, last_digits="1234"),
    ]
    # 200.000 by transfer that nobody has seen; half of it goes back by transfer.
    half = sale((first, 2), 18, 10, 10, payments=[transfer(200_000, 3)])
    found += [half, sale((first, 1), 18, 11, 10, refund_of=half["id"], payments=[paid("transfer", 100_000)])]
    # 200.000, all of which comes back the next day.
    whole = sale((second, 4), 18, 10, 20)
    found += [whole, sale((second, 4), 19, 9, 5, refund_of=whole["id"])]
    # 100.000, a slip of the finger: taken back whole.
    slip = sale((third, 5), 18, 10, 30)
    found += [slip, sale((third, 5), 18, 10, 31, refund_of=slip["id"], whole=True)]
    # 200.000 less 50.000: 150.000; one of two comes back at 75.000.
    dear = sold(first, 2, discount_dong=50_000, discount_borne_by="organiser", **off)
    bought = sale(dear, 19, 10, 5)
    one = sold(first, 1, discount_dong=25_000, discount_borne_by="organiser", **off)
    found += [bought, sale(one, 19, 10, 50, refund_of=bought["id"])]
    found += [
        # Midnight does not end a fair day, four in the morning does: 20.000, 40.000 and 60.000 of the 16th, 80.000 of the 17th.
        sale((third, 1), 16, 23, 59),
        sale((third, 2), 17, 0, 0),
        sale((third, 3), 17, 3, 59),
        sale((third, 4), 17, 4, 0),
        # From an old price list, at 50.000 where 60.000 is asked now; and the tablet adds up wrongly.
        sale((fair.goods[7], 1), 19, 14, 10, total_dong=1),
        # Goods that nobody knows: 15.000.
        sale((unknown, 1), 19, 14, 20),
        # Given away, and so in no revenue: two of the second goods and 200 g, worth 100.000 and 7.600.
        tablet.giveaway([sold(second, 2), sold(weighed, grams=200)], at=at(17, 15, 20)),
        tablet.giveaway([sold(third, 1)], at=at(18, 15, 20), purpose="damaged", borne_by="organiser"),
    ]
    return found


def raise_price(app: Flask, goods: Goods, price_dong: int) -> None:
    """A newer price list than the tablets have."""
    with app.app_context(), transaction() as session:
        version = (session.scalar(select(func.max(CatalogueVersion.version))) or 0) + 1
        session.add(CatalogueVersion(version=version, changed_at=now(), cause="test"))
        session.flush()
        session.add(Price(product_id=goods.product_id, version=version, price_dong=price_dong))
        session.execute(update(Product).where(Product.id == goods.product_id).values(price_dong=price_dong))


def other_tablets(app: Flask, golden: Golden) -> list[tuple[Tablet, list[dict[str, Any]]]]:
    """Two tablets whose clocks are days off. The server told one of them by how much: its 100.000 are of the 18th. The other's
    50.000 say 2019, before it was paired: they count on the day they came.
    """
    fair = golden.fair
    told, lost = (pair_tablet(app, fair, booth, paired_at=at(1, 8)) for booth in (0, 1))
    when, off = at(18, 15, 30), timedelta(days=3)
    right = told.sale(
        [(fair.goods[0], 1)], at=when, device_at=wire_time(when - off), clock_offset_ms=off // timedelta(milliseconds=1)
    )
    wrong = lost.sale([(fair.goods[1], 1)], at=datetime(2019, 10, 18, 15, 30, tzinfo=VIETNAM))
    return [(told, [right]), (lost, [wrong])]


# --- the gates ------------------------------------------------------------------------------------------------------

GATE_HOURS = range(9, 21)


def count_visitors(app: Flask, golden: Golden) -> None:
    """At gate k, k = 1, 2, 3, 2k people come and k leave in each hour from 9 to 20: 144 and 72 a day. Beside that a group of 30 a day;
    one tap undone on the first day, and a correction of +5; on the second gate 3 counts on paper from 14 to 15, 50 in and 10 out;
    on the third nobody counts there from 16 to 17. So 178, 218, 168, 174 and 174 come in.
    """
    fair = golden.fair
    golden.gate_ids = make_gates(app, fair, 3)
    golden.phones = [pair_phone(app, fair, gate, paired_at=at(1, 8)) for gate in golden.gate_ids]
    for number, phone in enumerate(golden.phones, 1):
        for day in (one.day for one in DAYS):
            for hour in GATE_HOURS:
                if number == 3 and (day, hour) in {(16, 14), (17, 16)}:
                    continue
                for minute in range(2 * number):
                    phone.tap("in", at=at(day, hour, 5 * minute))
                for minute in range(number):
                    phone.tap("out", at=at(day, hour, 40 + minute))
    first = golden.phones[0]
    for fair_day in DAYS:
        first.group("in", at=at(fair_day.day, 10, 30))
    first.undo(first.made[0], at=at(15, 9, 1))
    first.tap("in", at=datetime(2019, 10, 15, 9, tzinfo=VIETNAM))  # a clock years off: it counts on the day it came
    client = app.test_client()
    for phone in golden.phones:
        for start in range(0, len(phone.made), 400):
            part = phone.made[start : start + 400]
            for expected in ("stored", "already_have"):
                answer = phone.post(client, *part)
                assert {one["answer"] for one in answer.get_json()["answers"]} == {expected}
    by = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        correct(
            session, HourOf(new_id(), golden.gate_ids[1], DAYS[0], 12), "in", 5, "Đếm sót lúc ghép máy", at=now(), by=by
        )
        tally(session, HourOf(new_id(), golden.gate_ids[2], DAYS[1], 14), 40, 8, "đếm vội", at=now(), by=by)
        tally(
            session,
            HourOf(new_id(), golden.gate_ids[2], DAYS[1], 14),
            50,
            10,
            "",
            at=now() + timedelta(seconds=1),
            by=by,
        )
        set_crowd_rule(session, fair.edition_id, 1_000, 10, at=now(), by=by)
