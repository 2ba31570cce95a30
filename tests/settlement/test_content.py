"""A statement as text: the same parts are the same text, and it comes back with its days."""

from __future__ import annotations

from datetime import date, datetime, timezone

from fair_pos.settlement.content import Heading, content_of, frozen, thawed
from fair_pos.settlement.rules import Charge, Terms, statement_of
from fair_pos.terms.rules import Rule
from tests.settlement.test_rules import FIRST, sold_part

HEADING = Heading(
    "Điểm bán", "Điện Biên", False, "HTX", "Mường Phăng", 3, None, date(2026, 11, 30),
    datetime(2026, 12, 1, 2, tzinfo=timezone.utc), "Lò Thị B",
)  # fmt: skip


def test_there_and_back() -> None:
    rule = Rule(id="r", kind="percent", basis_points=8000, starts_day=FIRST)
    made = statement_of([sold_part(1, 1000)], [Charge("f", "fridge", FIRST, 5, "Tủ")], [], [], Terms([rule]))
    text = frozen(content_of(HEADING, made, 0))
    assert text == frozen(content_of(HEADING, made, 0))
    content = thawed(text)
    assert content["heading"]["number"] == "TT-0003"
    assert content["heading"]["until_day"] == date(2026, 11, 30)
    assert content["rules"]["r"]["starts_day"] == FIRST
    assert [(one["source"], one["day"], one["owner_dong"]) for one in content["entries"]] == [
        ("sale", FIRST, 800), ("fee", FIRST, -5),
    ]  # fmt: skip
    assert content["vat"][0]["net_dong"] == 1000
