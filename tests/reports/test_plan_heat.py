"""The heat map from the figures: what stands on the map stands in its table, of a day and of the whole edition."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.floorplan.actions import place_booths
from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.reports.heat import HeatCell
from fair_pos.reports.plan_heat import drawn_heat, heat_image_of
from tests.builders import make_fair, pair_tablet
from tests.reports.golden import DAY, FIRST_DAY, local


def test_a_day_and_the_whole_edition(app: Flask) -> None:
    fair = make_fair(app, booths=3, starts=FIRST_DAY)
    first, second, third = fair.booth_ids
    tablet = pair_tablet(app, fair, paired_at=local(1, 8))
    other = pair_tablet(app, fair, 2, paired_at=local(1, 8))
    honey = fair.goods[0]  # 220.000 ₫
    tablet.send(tablet.sale([(honey, 2)], at=local(20, 9)), tablet.sale([(honey, 100)], at=local(21, 9)))
    other.send(other.sale([(honey, 1)], at=local(21, 9)))  # a booth that stands nowhere
    spots = {second: Spot(60, 40, 30, 30), first: Spot(20, 40, 30, 30)}
    with app.app_context(), transaction() as session:
        place_booths(session, fair.edition_id, spots, size=PlanSize(300, 200), version=0, at=now(), by=None)
    with app.test_request_context():
        day = drawn_heat(fair.edition_id, FIRST_DAY)
        assert day.cells == (
            HeatCell(20, 40, 30, 30, "A01", "440", 5),
            HeatCell(60, 40, 30, 30, "A02", "\N{EN DASH}", None),
        )
        assert day.words.title == "Thực thu, nghìn đồng, 20/11/2026"
        whole = drawn_heat(fair.edition_id, None)
        assert [cell.text for cell in whole.cells] == ["22,4", "\N{EN DASH}"]
        assert whole.words.title == "Thực thu, triệu đồng, cả hội chợ"
        assert [figure.net_dong for figure in whole.table.figures] == [22_440_000, 0, 220_000]
        assert [(one.name, one.x, one.y) for one in whole.zones] == [("A", 20, 40)]
        assert whole.size == PlanSize(300, 200)
        assert drawn_heat(fair.edition_id, DAY + timedelta(days=1)).cells[0].level is None
        assert b"22,4" in heat_image_of(fair.edition_id, None)
        assert heat_image_of(fair.edition_id, DAY, form="png")[:4] == b"\x89PNG"
    assert third not in spots
