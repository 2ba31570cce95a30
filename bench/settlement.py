"""What settling costs. `python -m bench.settlement`: 300 owners, 5,000 sales with returns (goal: 20 s), and the same again.

Between the runs the statements are taken out of the database; the second run makes them again as of the same moment, and every text is
compared: the same parts are the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bench.run import fresh_app, say
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, in_transaction, reading, transaction
from fair_pos.settlement.actions import settle
from fair_pos.settlement.tables import Settlement, SettlementCounter, SettlementLine
from tests.settlement.stage import Stage, make_stage

OWNERS, SALES, EVERY = 300, 5_000, 20
"""One sale in so many is given back."""


def fill(stage: Stage) -> None:
    """Sales of two lines each, every owner's goods in turn, some of them given back on a later day."""
    goods, tablet = stage.fair.goods, stage.tablet
    parcels = []
    for number in range(SALES):
        day = 8 - number * 5 // SALES
        lines = [(goods[(number * step + step) % len(goods)], 1 + number % 3) for step in (1, 7)]
        parcels.append(tablet.sale(lines, at=stage.at(day)))
        if number % EVERY == 0:
            parcels.append(tablet.sale(lines[:1], at=stage.at(day - 1), refund_of=str(parcels[-1]["id"])))
    for start in range(0, len(parcels), 50):
        tablet.send(*parcels[start : start + 50])


def settled(stage: Stage) -> tuple[float, int, int, str]:
    """Seconds, statements, lines and the digest of all contents but the moment of making, which is the same in both runs."""
    at = now() if not hasattr(stage, "made_at") else stage.made_at
    stage.made_at = at  # type: ignore[attr-defined]  # both runs are made at one moment
    started = time.perf_counter()
    in_transaction(
        lambda session: settle(session, stage.fair.edition_id, stage.day(1), at=at, by=None), one_moment=True
    )
    spent = time.perf_counter() - started
    session = reading()
    texts = session.scalars(select(Settlement.content).order_by(Settlement.number)).all()
    lines = session.scalar(select(func.count()).select_from(SettlementLine)) or 0
    return spent, len(texts), lines, hashlib.sha256("\n".join(texts).encode()).hexdigest()


def forget() -> None:
    """Take the statements away, as nothing but a benchmark may."""
    with transaction() as session:
        for table in (SettlementLine, Settlement, SettlementCounter):
            session.query(table).delete()


def run(app: Flask) -> bool:
    """Prints what it costs; whether both runs made the same bytes within the goal."""
    stage = make_stage(app, producers=OWNERS, booths=1)
    fill(stage)
    with app.app_context():
        first = settled(stage)
        forget()
        second = settled(stage)
        db.engine.dispose()
    print(f"Settling {OWNERS} owners, {SALES:,} sales, one in {EVERY} given back")
    say(f"{first[1]} statements of {first[2]:,} lines (goal: 20 s)", f"{first[0]:8.2f} s")
    say("made again", f"{second[0]:8.2f} s, {'the same bytes' if first[1:] == second[1:] else 'DIFFERENT'}")
    return first[1:] == second[1:] and first[1] == OWNERS and first[0] < timedelta(seconds=20).total_seconds()


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="fair_pos_bench_") as name:
        return 0 if run(fresh_app(Path(name))) else 1


if __name__ == "__main__":
    sys.exit(main())
