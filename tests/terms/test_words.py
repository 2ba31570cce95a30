"""Rules, days and fees as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from fair_pos.terms.rules import FEE_KINDS, Rule, Share
from fair_pos.terms.words import days_words, fee_kinds, fee_words, percent, rule_words, tier_words

STAIRS = Share(kind="tiers", tiers=((0, 7000), (100_000, 8250)))


@pytest.fixture(autouse=True)
def _asked(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("points", "words"),
    [(10_000, "100 %"), (8000, "80 %"), (8250, "82,5 %"), (8205, "82,05 %"), (5, "0,05 %"), (0, "0 %"), (1010, "10,1 %")],
)  # fmt: skip
def test_percentages(points: int, words: str) -> None:
    assert plain(percent(points)) == words


def test_a_rule_says_what_both_sides_get() -> None:
    assert plain(rule_words(Share(kind="percent", basis_points=8250))) == "chủ hàng 82,5 %, bên bán 17,5 %"
    assert plain(rule_words(Share(kind="fixed", unit_dong=5_000))).startswith("bên bán giữ 5.000 ₫ mỗi đơn vị")
    assert "chủ hàng nhận hết" in rule_words(None)
    with force_locale("en"):
        assert plain(rule_words(Share(kind="percent", basis_points=8000))) == "owner 80 %, house 20 %"


def test_a_tier_ends_where_the_next_begins() -> None:
    first, second = (plain(one) for one in tier_words(STAIRS.tiers))
    assert first == "giá từ 0 ₫ đến dưới 100.000 ₫: chủ hàng 70 %, bên bán 30 %"
    assert second == "giá từ 100.000 ₫: chủ hàng 82,5 %, bên bán 17,5 %"
    assert plain(rule_words(STAIRS)) == f"{first}; {second}"


def test_days_are_written_as_people_write_them() -> None:
    first, last = date(2026, 12, 1), date(2027, 1, 9)
    held = Rule(id="r", kind="percent", starts_day=first, ends_day=last)
    assert days_words(held) == "01/12/2026–09/01/2027"
    assert days_words(Rule(id="r", kind="percent", starts_day=first)) == "từ 01/12/2026"


def test_every_kind_of_fee_has_a_name_and_says_what_for() -> None:
    assert set(fee_kinds()) == set(FEE_KINDS)
    assert fee_words("fridge", "tháng 11") == "Tiền tủ lạnh: tháng 11"
    assert fee_words("booth_rent", "") == "Tiền thuê chỗ"
