"""Booths brought in many at once: one new price list, and none for nothing. The register itself: tests/venues/test_register.py."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.catalogue.booths import import_booths
from fair_pos.catalogue.queries import current_version
from fair_pos.catalogue.refusals import ProducerUnknown
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.queries import booths_of
from fair_pos.venues.register import BoothRow
from tests.builders import Fair, make_fair


def bring(app: Flask, fair: Fair, *rows: BoothRow) -> int:
    with app.app_context():
        with transaction() as session:
            import_booths(session, fair.edition_id, rows, at=now(), by=None)
        return current_version(reading())


def test_any_number_of_booths_is_one_new_price_list(app: Flask) -> None:
    fair = make_fair(app)
    rows = [BoothRow(number, f"B{number}", "Gian", "Khu B", (fair.producer_ids[0],)) for number in range(1, 31)]
    with app.app_context():
        before = current_version(reading())
    assert bring(app, fair, *rows) == before + 1
    assert bring(app, fair, *rows) == before + 1, "the same again is no change"


def test_an_unknown_producer_keeps_all_of_it_out(app: Flask) -> None:
    fair = make_fair(app)
    with pytest.raises(ProducerUnknown):
        bring(app, fair, BoothRow(1, "B1", "Gian", "", None), BoothRow(2, "B2", "Gian", "", ("nobody",)))
    with app.app_context():
        assert len(booths_of(reading(), fair.edition_id)) == len(fair.booth_ids)
