"""A fair with everything that `verify` looks at: good days and bad ones, money that banks and people saw, drawers, copies."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.payments.actions import confirm_transfer, undo_confirmation
from fair_pos.payments.intake import store_event, take_event
from fair_pos.payments.matching import assign_line
from fair_pos.payments.tables import BankLine
from fair_pos.plumbing.db import transaction
from fair_pos.printing.actions import make_copy
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.cash.drawers import Drawer, paid
from tests.payments.money import account_in_use, by_transfer, code_of, given_back, money_told, seen, sepay_body
from tests.sales.histories import a_fair_with_tablets, on_a_bad_day, random_parcels, send_in_uploads


def a_full_history(app: Flask) -> list[Tablet]:
    """Two tablets with some days behind them; and another fair that is none of their business."""
    fair, tablets = a_fair_with_tablets(app, 2)
    make_fair(app, name="Hội chợ khác")
    chance = Random(11)
    for tablet in tablets:
        parcels = on_a_bad_day(random_parcels(chance, fair, tablet, 30), chance)
        send_in_uploads(tablet, [*parcels, tablet.sale([(fair.goods[0], 1)])], chance)
    some_money(app, fair, tablets)
    some_drawers(app, fair)
    return tablets


def some_money(app: Flask, fair: Fair, tablets: list[Tablet]) -> None:
    """Transfers: claimed, seen, told by statement and by SePay in whole and in part, undone, given to a receipt, paid back."""
    mine, neighbour = tablets
    account, goods, by = account_in_use(app, fair), fair.goods[0], fair.people["bantochuc"]
    sales = [by_transfer(mine, goods, code_of(number), account, pieces=1 + number) for number in range(7)]
    cash = mine.sale([(goods, 1)])
    early = by_transfer(mine, goods, code_of(20), account)
    mine.send(*sales, cash, seen(mine, sales[0]["id"]), seen(mine, sales[0]["id"]), at=now() - timedelta(seconds=30))
    # Seen before the sale was here; of a sale nobody knows; of one in cash; and at another booth.
    mine.send(seen(mine, early["id"]), seen(mine, new_id()), seen(mine, cash["id"]), at=now() - timedelta(seconds=20))
    mine.send(early, at=now() - timedelta(seconds=10))
    neighbour.send(seen(neighbour, sales[1]["id"]))
    money_told(app, fair, code_of(1), 2 * goods.price_dong, key=1, source="statement")
    money_told(app, fair, code_of(2), 100_000, key=2, source="sepay")
    money_told(app, fair, code_of(2), 3 * goods.price_dong - 100_000, key=3, source="sepay")
    money_told(app, fair, "không ai biết", 5 * goods.price_dong, key=4, source="statement")
    money_told(app, fair, code_of(5), 6 * goods.price_dong, key=5, source="statement")
    mine.send(given_back(mine, goods, sales[1]["id"], "transfer"))
    mine.send(given_back(mine, goods, sales[0]["id"], "transfer", whole=True))
    with app.app_context(), transaction() as session:
        for sale in (sales[3], sales[6]):
            confirm_transfer(session, fair.edition_id, sale["id"], 1, at=now(), by=by)
        undo_confirmation(session, fair.edition_id, sales[3]["id"], 1, "nhầm đơn", at=now(), by=by)
        undo_confirmation(session, fair.edition_id, sales[5]["id"], 1, "nhầm khách", at=now(), by=by)
        lost = session.scalars(select(BankLine).where(BankLine.state == "no_code")).one()
        number = json.loads(sales[4]["text"])["receipt_number"]
        assign_line(session, fair.edition_id, lost.id, number, homeless=False, at=now(), by=by)
    outgoing = sepay_body("tiền thuê gian", 1_000, txn=90, transferType="out")
    for body in (outgoing, b'{"id": 91, "transferAmount": "nhieu"}'):
        with app.app_context():
            with transaction() as session:
                event_id = store_event(session, "sepay", body, now())
            with transaction() as session:
                take_event(session, event_id, now())
    mine.send(mine.sale([(goods, 1)]))


def some_drawers(app: Flask, fair: Fair) -> Tablet:
    """A tablet whose drawer is opened, sold from and closed twice, with something late and something wrong; and copies of receipts."""
    tablet = pair_tablet(app, fair)
    drawer = Drawer(tablet, clock=now() - timedelta(hours=3))
    first = [
        drawer.open(500_000), drawer.sell([paid("cash", 220_000, 500_000)]), drawer.sell([paid("card", 90_000)]),
        drawer.move("out", 30_000),
    ]  # fmt: skip
    late = drawer.sell([paid("cash", 75_000), paid("transfer", 25_000, reference=code_of(30))])
    closing = drawer.close(650_000, explanation="trả nhầm tiền thối")
    tablet.send(*first, closing, at=now() - timedelta(minutes=50))
    tablet.send(late, at=now() - timedelta(minutes=40))
    second = [drawer.open(300_000), drawer.sell([paid("transfer", 60_000, reference=code_of(31))])]
    second += [drawer.move("in", 100_000, "đổi tiền"), drawer.close()]
    copies = [tablet.command("receipt_copied", sale_id=first[1]["id"], copy_no=number) for number in (1, 2)]
    tablet.send(*second, *copies, at=now() - timedelta(minutes=30))
    tablet.send(
        drawer.close(z_number=2), at=now() - timedelta(minutes=20)
    )  # used twice, of a session that was not opened
    with app.app_context(), transaction() as session:
        make_copy(session, first[2]["id"], at=now(), by=fair.people["bantochuc"])
    return tablet
