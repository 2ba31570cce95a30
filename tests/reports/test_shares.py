"""The share of OCOP goods: the fixture of the spec, the day on which a star counts, and where a share means nothing."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports import receipts as behind
from fair_pos.reports.receipts import Wanted
from fair_pos.reports.shares import Share, ocop_share, percent_words, share_of
from tests.builders import make_fair, pair_tablet, sold
from tests.reports.golden import DAY, FIRST_DAY, local
from tests.reports.starred import add_certificate, goods_by_sql, make_starred


@pytest.mark.parametrize(
    ("part", "whole", "permille"),
    [
        (7_000_000_000, 10_200_000_000, 686),
        (0, 5, 0),
        (5, 5, 1000),
        (1, 2000, 1),  # half a thousandth is rounded up
        (999, 2_000_000, 0),
        (3, 0, None),
        (0, 0, None),
        (-1, 10, None),
        (11, 10, None),
        (5, -10, None),
    ],
)
def test_thousandths_are_rounded_half_up(part: int, whole: int, permille: int | None) -> None:
    assert share_of(part, whole) == permille


def test_a_share_is_written_with_a_comma() -> None:
    assert [percent_words(one) for one in (686, 0, 1000, 5)] == ["68,6\xa0%", "0,0\xa0%", "100,0\xa0%", "0,5\xa0%"]


def test_ten_point_two_and_seven_billion(app: Flask) -> None:
    """The fixture of FEATURES I2, with a refund on either side."""
    fair = make_fair(app, starts=FIRST_DAY)
    tablet = pair_tablet(app, fair, paired_at=local(1, 8))
    star, plain = fair.goods[0], fair.goods[1]
    with app.app_context(), transaction() as session:
        add_certificate(session, star, 3, date(2025, 1, 1), date(2027, 12, 31))
        add_certificate(session, plain, 2, date(2025, 1, 1), date(2027, 12, 31))
    bought = tablet.sale(
        [sold(star, 71, unit_price_dong=100_000_000), sold(plain, 40, unit_price_dong=100_000_000)], at=local(21, 9)
    )
    back = tablet.sale(
        [sold(star, 1, unit_price_dong=100_000_000), sold(plain, 8, unit_price_dong=100_000_000)],
        at=local(21, 10), refund_of=bought["id"],
    )  # fmt: skip
    tablet.send(bought, back)
    with app.app_context():
        for day in (DAY, None):
            assert ocop_share(reading(), fair.edition_id, day) == Share(7_000_000_000, 10_200_000_000, 686)
        assert ocop_share(reading(), fair.edition_id, FIRST_DAY) == Share(0, 0, None)


def test_the_share_opens_down_to_its_receipts(app: Flask) -> None:
    golden = make_starred(app)
    edition = golden.fair.edition_id
    with app.app_context():
        for day in (FIRST_DAY, DAY, None):
            share, stars = ocop_share(reading(), edition, day), goods_by_sql("star", edition, day)
            nets = {key: sold - back for key, (sold, back) in stars.items()}
            assert share.ocop_dong == sum(nets.get(key, 0) for key in ("3", "4", "5")) > 0
            assert share.total_dong == behind.receipt_sums(reading(), edition, Wanted(day=day)).amount_dong
            assert behind.receipt_sums(reading(), edition, Wanted(day=day, star="ocop")).amount_dong == share.ocop_dong
