"""A showroom with three products: one with stars, one with a title, one with neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import transaction
from fair_pos.registry.actions import add_title, save_certificates
from fair_pos.registry.rules import CertificateSaid
from fair_pos.registry.titles import TitleSaid
from fair_pos.venues.tables import Edition
from tests.builders import BOUNDARY, Fair, make_fair


@dataclass(frozen=True)
class Shop:
    """The showroom, its products and today."""

    fair: Fair
    starred: str
    titled: str
    bare: str
    today: date


@pytest.fixture
def shop(app: Flask) -> Shop:
    fair = make_fair(app)
    today = fair_day(now(), BOUNDARY)
    starred, titled, bare = (one.product_id for one in fair.goods[:3])
    with app.app_context(), transaction() as session:
        opened = today - timedelta(days=100)
        session.execute(update(Edition).values(kind="showroom", starts_day=opened, ends_day=None))
        star = CertificateSaid(starred, 3, today - timedelta(days=300), "QĐ 1")
        save_certificates(session, [star], make_id=named_id)
        add_title(session, TitleSaid(titled, "chu_luc", "province", today - timedelta(days=30)), at=now(), by=None)
    return Shop(fair, starred, titled, bare, today)
