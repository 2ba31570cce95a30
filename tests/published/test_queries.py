"""Reading the ledger, and what is open before it is written."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.published.queries import open_items, published_of, published_of_each
from fair_pos.published.rules import OpenItem
from tests.builders import make_fair, pair_tablet
from tests.published.freezing import freeze, noon, past_fair, starts_of


def test_each_edition_has_its_own_ledger(app: Flask) -> None:
    fair, _ = past_fair(app)
    other = make_fair(app, name="Hội chợ khác")
    with app.app_context():
        freeze(fair)
        found = published_of_each(reading(), [fair.edition_id, other.edition_id])
        assert [one.number for one in found[fair.edition_id].entries] == list(range(1, len(found[fair.edition_id].entries) + 1))  # fmt: skip
        assert found[other.edition_id].is_empty
        assert found[fair.edition_id] == published_of(reading(), fair.edition_id)
        assert published_of_each(reading(), []) == {}


def test_what_is_open_is_named(app: Flask) -> None:
    fair, tablet = past_fair(app)
    with app.app_context():
        days = [starts_of(fair) + timedelta(days=step) for step in range(5)]
        opened = open_items(reading(), fair.edition_id, now())
        assert opened == [*(OpenItem("day", day) for day in days), OpenItem("tablets", names=(tablet.letter,))]
        while_it_runs = open_items(reading(), fair.edition_id, noon(days[1]))
        assert while_it_runs[:3] == [OpenItem("running"), OpenItem("day", days[0]), OpenItem("day", days[1])]


def test_tablets_that_sent_everything_are_not_late(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    with app.test_client() as client:
        assert tablet.post(client, tablet.sale([(fair.goods[0], 1)])).status_code == 200
    with app.app_context():
        kinds = [one.kind for one in open_items(reading(), fair.edition_id, now())]
        assert kinds == ["running", "day", "day", "day"]
