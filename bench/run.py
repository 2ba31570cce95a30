"""`make bench`: what things cost, as ratios within one run. Absolute times of a shared machine say little; ratios do.

Each part makes its own database in a temporary folder and removes it. BENCH_DATABASE_URL runs the server's part on that (empty)
PostgreSQL instead of SQLite.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from fair_pos import create_app
from fair_pos.plumbing.db import db, reading, transaction
from fair_pos.plumbing.migrations import upgrade
from fair_pos.proof.queries import prove
from fair_pos.settings import Settings
from tests.builders import Fair, Tablet, make_fair, pair_tablet, sign_in

Work = Callable[[], object]


def milliseconds(work: Work, times: int, *, cpu: bool = False) -> float:
    """The median of `times` runs in ms, of processor time or of the clock."""
    clock = time.process_time if cpu else time.perf_counter
    measured = []
    for _ in range(times):
        started = clock()
        work()
        measured.append((clock() - started) * 1000)
    return statistics.median(measured)


def say(what: str, figure: str) -> None:
    print(f"  {what:<66} {figure}", flush=True)


def fresh_app(folder: Path) -> Flask:
    url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / 'bench.sqlite3'}"
    settings = Settings(database_url=url, instance_dir=folder, secret_key="bench", public_url="https://fair.example")
    upgrade(settings.database)
    return create_app(settings)


def baskets(tablet: Tablet, count: int) -> list[dict[str, object]]:
    goods = tablet.fair.goods
    return [
        tablet.sale([(goods[n % 9], 1 + n % 3), (goods[(n + 4) % 9], 1), (goods[(n + 5) % 9], 2)]) for n in range(count)
    ]


def fill(tablet: Tablet, count: int) -> None:
    parcels = baskets(tablet, count)
    for start in range(0, count, 50):
        tablet.send(*parcels[start : start + 50])


def raw_transaction(app: Flask) -> Work:
    """The least that the database itself asks for: one row, one commit, as durable as a sale."""
    with app.app_context(), transaction() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS bench_row (n integer)"))

    def work() -> None:
        with app.app_context(), transaction() as session:
            session.execute(text("INSERT INTO bench_row VALUES (1)"))

    return work


def sales(app: Flask, fair: Fair) -> None:
    print("A sale, three lines, against one raw durable transaction on the same database")
    tablet = pair_tablet(app, fair)
    fill(tablet, 200)
    raw = milliseconds(raw_transaction(app), 200)
    singles = iter(baskets(tablet, 200))
    one = milliseconds(lambda: tablet.send(next(singles)), 200)
    fifties = iter([baskets(tablet, 50) for _ in range(20)])
    fifty = milliseconds(lambda: tablet.send(*next(fifties)), 20) / 50
    say("raw transaction: one row and its commit", f"{raw:8.2f} ms   1.0")
    say("one sale an upload", f"{one:8.2f} ms   {one / raw:.1f}")
    say("one of fifty sales in an upload", f"{fifty:8.2f} ms   {fifty / raw:.2f}")
    print()


def growth(app: Flask, fair: Fair, more: int) -> None:
    print(f"The same work with {more:,} sales more in the database: 1.0 means that it does not grow")
    tablet = pair_tablet(app, fair)
    client = app.test_client()
    sign_in(client, "bantochuc")
    page = f"/editions/{fair.edition_id}/"
    producer = app.test_client()
    sign_in(producer, "chuthe")

    def measure() -> dict[str, float]:
        singles = iter(baskets(tablet, 100))
        return {
            "a sale (processor time)": milliseconds(lambda: tablet.send(next(singles)), 100, cpu=True),
            "the organiser's page (processor time)": milliseconds(lambda: client.get(page), 15, cpu=True),
            "the producer's page (processor time)": milliseconds(
                lambda: producer.get(f"/producers/{fair.producer_ids[0]}/"), 15, cpu=True
            ),
        }

    measure()
    before = measure()
    fill(tablet, more)
    after = measure()
    for what, was in before.items():
        say(what, f"{was:8.2f} ms → {after[what]:8.2f} ms   {after[what] / was:.2f}")
    with app.app_context():
        started = time.perf_counter()
        proof = prove(reading())
        say(f"verify, {proof.sales:,} sales", f"{(time.perf_counter() - started):8.2f} s")
    print()


def importing(app: Flask) -> None:
    from fair_pos.catalogue.actions import import_products, read_product_file
    from fair_pos.kernel.clock import now

    print("Importing products")
    heading = "Tên sản phẩm,Chủ thể,Loại chủ thể,Xã,Tỉnh,Nhóm,Số sao,Đơn vị,Giá\n"
    body = "".join(
        f"Mật ong số {n},Hợp tác xã {n // 25},hop_tac_xa,Xã {n // 100},Lai Châu,thuc_pham,,chai 500ml,{150_000 + n}\n"
        for n in range(10_000)
    )
    data = (heading + body).encode()

    def once() -> object:
        with app.app_context(), transaction() as session:
            parsed = read_product_file(data, "gia.csv")
            assert not parsed.errors, parsed.errors[:3]
            return import_products(session, parsed.rows, at=now(), by=None)

    for what in ("10,000 new rows", "the same 10,000 rows again"):
        started = time.perf_counter()
        once()
        say(f"{what} (goal: 30 s)", f"{time.perf_counter() - started:8.2f} s")
    print()


def receipts(app: Flask, fair: Fair) -> None:
    print("A receipt as PDF, 80 mm, five lines")
    tablet = pair_tablet(app, fair)
    tokens = [f"{n:022}" for n in range(12)]
    tablet.send(*(tablet.sale([(goods, 2) for goods in fair.goods[:5]], receipt_token=token) for token in tokens))
    client = app.test_client()
    waiting = iter(tokens)
    first = milliseconds(lambda: client.get(f"/r/{next(waiting)}.pdf"), 1)
    warm = milliseconds(lambda: client.get(f"/r/{next(waiting)}.pdf"), 10)
    again = milliseconds(lambda: client.get(f"/r/{tokens[-2]}.pdf"), 10)
    say("warm", f"{warm:8.1f} ms   1.0")
    say("the first of a process", f"{first:8.1f} ms   {first / warm:.1f}")
    say("one that was made before", f"{again:8.1f} ms   {again / warm:.2f}")
    print()


def main() -> None:
    more = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="fair_pos_bench_") as name:
        app = fresh_app(Path(name))
        fair = make_fair(app)
        sales(app, fair)
        growth(app, fair, more)
        receipts(app, fair)
        importing(app)
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
