"""What is owed to an owner, before and after settling; carried amounts count once."""

from __future__ import annotations

from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.settlement.gather import owed_to
from tests.settlement.stage import make_stage


def test_what_is_owed_before_and_after(app: Flask) -> None:
    stage = make_stage(app)
    owner, edition = stage.fair.producer_ids[0], stage.fair.edition_id
    stage.sell(6, stage.line(stage.fair.goods[0], 1000))
    with app.app_context():
        (owed,) = owed_to(reading(), owner, stage.day(0), [edition])
    assert (owed.unsettled_dong, owed.waiting_dong, owed.carried_dong, owed.settled_until) == (800, 0, 0, None)
    stage.settle(5)
    with app.app_context():
        (owed,) = owed_to(reading(), owner, stage.day(0))
    assert (owed.unsettled_dong, owed.waiting_dong, owed.settled_until) == (0, 800, stage.day(5))
