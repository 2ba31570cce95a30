from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.journal.tables import Line
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.actions import add_title, remove_title
from fair_pos.registry.queries import titles_of
from fair_pos.registry.titles import TitleSaid, holding_on
from tests.builders import make_fair

AT = datetime(2026, 11, 24, 3, 0, tzinfo=timezone.utc)
ISSUED = date(2023, 9, 1)


@pytest.fixture
def product_id(app: Flask) -> str:
    return make_fair(app).goods[0].product_id


def add(app: Flask, product_id: str, kind: str = "chu_luc", expires: date | None = None, **more: str) -> str:
    said = TitleSaid(product_id, kind, more.get("level", "province"), ISSUED, expires, more.get("decision_no", ""))
    with app.app_context(), transaction() as session:
        return add_title(session, said, at=AT, by=None)


def test_titles_hold_each_to_its_own_day(app: Flask, product_id: str) -> None:
    add(app, product_id, "cnnt_tieu_bieu", date(2024, 8, 31))
    add(app, product_id, "chu_luc")
    with app.app_context():
        found = titles_of(reading(), [product_id])[product_id]
        assert [one.kind for one in holding_on(found, ISSUED)] == ["cnnt_tieu_bieu", "chu_luc"]
        assert [one.kind for one in holding_on(found, date(2024, 9, 1))] == ["chu_luc"]
        assert holding_on(found, date(2023, 8, 31)) == []
        states = {one.kind: one.state_on(date(2024, 8, 1)) for one in found}
        assert states == {"cnnt_tieu_bieu": "expiring", "chu_luc": "valid"}
        assert titles_of(reading(), ["gone"]) == {}


@pytest.mark.parametrize(
    ("code", "kind", "expires", "more"),
    [
        ("title_unknown", "vang", None, {}),
        ("title_unknown", "chu_luc", None, {"level": "planet"}),
        ("title_days_wrong", "chu_luc", date(2023, 8, 31), {}),
        ("decision_too_long", "chu_luc", None, {"decision_no": "x" * 101}),
        ("title_there", "dac_san", None, {}),
    ],
)
def test_what_makes_no_sense_is_turned_down(
    app: Flask, product_id: str, code: str, kind: str, expires: date | None, more: dict[str, str]
) -> None:
    add(app, product_id, "dac_san")
    with pytest.raises(Refusal) as refused:
        add(app, product_id, kind, expires, **more)
    assert refused.value.code == code
    with app.app_context():
        assert len(titles_of(reading(), [product_id])[product_id]) == 1


def test_a_title_entered_by_mistake_goes_and_the_journal_keeps_it(app: Flask, product_id: str) -> None:
    title_id = add(app, product_id)
    with app.app_context(), pytest.raises(NotFound), transaction() as session:
        remove_title(session, "another", title_id, at=AT, by=None)
    with app.app_context(), transaction() as session:
        remove_title(session, product_id, title_id, at=AT, by=None)
    with app.app_context():
        assert titles_of(reading(), [product_id]) == {}
        verbs = reading().scalars(select(Line.verb).where(Line.subject_id == title_id).order_by(Line.verb)).all()
    assert verbs == ["title_added", "title_removed"]
