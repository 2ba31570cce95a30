"""What stands on a wall, and what does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from fair_pos.board.queries import board_of
from fair_pos.board.wire import on_wall
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading, transaction
from fair_pos.till.tables import Device
from fair_pos.venues.programme import add_item
from fair_pos.venues.rules import ItemSaid
from fair_pos.venues.tables import Edition
from tests.board.stage import Stage, a_year_ago, set_stage
from tests.builders import BOUNDARY


@pytest.fixture
def stage(app: Flask) -> Stage:
    stage = set_stage(app)
    one, two = stage.tablets
    one.send(one.sale([(stage.fair.goods[0], 3)]))
    two.send(two.sale([(stage.fair.goods[3], 1)]))
    stage.earlier.send(stage.earlier.sale([(stage.before.goods[0], 2)], at=a_year_ago(9)))
    return stage


def wire(app: Flask, stage: Stage, *, shows_makers: bool) -> dict[str, Any]:
    with app.app_context():
        board = board_of(reading(), stage.fair.edition_id, now())
        made: dict[str, Any] = json.loads(
            on_wall(board, shows_makers=shows_makers, server_time=now()).model_dump_json()
        )
    return made


def test_a_wall_for_everyone_has_products_by_pieces_and_nobody_s_money(app: Flask, stage: Stage) -> None:
    made = wire(app, stage, shows_makers=False)
    assert made["top_kind"] == "products"
    assert [(one["pieces"], one["net_dong"]) for one in made["top"]] == [(3, None), (1, None)]
    text = json.dumps(made, ensure_ascii=False)
    for secret in ("Gian 1", "Gian 2", "A01", *stage.fair.booth_ids, *stage.fair.producer_ids):
        assert secret not in text


def test_a_wall_that_may_show_makers_has_booths_by_money(app: Flask, stage: Stage) -> None:
    made = wire(app, stage, shows_makers=True)
    goods = stage.fair.goods
    assert made["top_kind"] == "booths"
    assert made["top"] == [
        {"name": "A01 · Gian 1", "net_dong": 3 * goods[0].price_dong, "pieces": None},
        {"name": "A02 · Gian 2", "net_dong": goods[3].price_dong, "pieces": None},
    ]


def test_the_shape_is_the_documented_one(app: Flask, stage: Stage) -> None:
    """The wall's program (till/src/wall/board.ts) reads these names; api.py documents them."""
    made = wire(app, stage, shows_makers=False)
    assert list(made) == [
        "v", "edition", "place", "day", "day_number", "phase", "server_time", "read_at", "newest_receipt_at", "net_dong", "receipts",
        "visitors", "booths_selling", "booths", "hours", "compared", "top_kind", "top", "marks", "badge", "crowd",
        "sample",
    ]  # fmt: skip
    assert (made["v"], made["day_number"], made["phase"], made["visitors"]) == (1, 3, "running", None)
    assert (made["booths_selling"], made["booths"], made["receipts"]) == (2, 2, 2)
    assert made["compared"]["edition"] == "Hội chợ năm ngoái"
    assert set(made["hours"][0]) == {"hour", "net_dong", "before_dong"}
    assert made["badge"]["total"] == 2
    assert made["sample"] is False
    assert made["crowd"] == {"people": None, "limit": None, "level": "calm"}
    assert all(made[name].endswith("Z") for name in ("server_time", "read_at", "newest_receipt_at"))


def test_what_is_on_after_midnight_comes_last(app: Flask, stage: Stage) -> None:
    """A wall at half past midnight must not announce this morning's opening."""
    with app.app_context(), transaction() as session:
        day, by = fair_day(now(), BOUNDARY), stage.fair.people["bantochuc"]
        for minute, title in ((60, "Chợ đêm"), (540, "Khai mạc")):
            add_item(session, stage.fair.edition_id, ItemSaid(day, minute, "other", title), at=now(), by=by)
    assert [(one["title"], one["minute"]) for one in wire(app, stage, shows_makers=False)["marks"]] == [
        ("Khai mạc", 540), ("Chợ đêm", 1500),
    ]  # fmt: skip


def test_a_day_outside_the_fair_has_no_number(app: Flask, stage: Stage) -> None:
    with app.app_context():
        board = board_of(reading(), stage.before.edition_id, now())
        made = on_wall(board, shows_makers=False, server_time=now())
    assert (made.phase, made.day_number, made.net_dong) == ("after", None, 0)


def test_sample_data_is_called_so_by_the_edition_or_by_its_receipts(app: Flask, stage: Stage) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Device, stage.tablets[0].device_id).sample = True
    assert not wire(app, stage, shows_makers=False)["sample"]
    stage.tablets[0].send(stage.tablets[0].sale([(stage.fair.goods[0], 1)]))
    assert wire(app, stage, shows_makers=False)["sample"], "one receipt is enough"
    with app.app_context(), transaction() as session:
        session.get_one(Edition, stage.before.edition_id).sample = True
        board = board_of(session, stage.before.edition_id, now())
    assert board.is_sample
    assert not board.total.sample_receipts
