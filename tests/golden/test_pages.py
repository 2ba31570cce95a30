"""Each figure on every page and export equals the independent one, to the đồng; and a page that nobody compares fails."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import Base, reading, transaction
from tests.golden import checks_closing, checks_evening, checks_lists, checks_people, checks_reports  # noqa: F401  # enter their comparisons
from tests.golden.checks_lists import links_add_up
from tests.golden.fair import DAYS, make_golden
from tests.golden.visit import CHECKS, Visit

EXCUSED: dict[str, str] = {
    "cash.drawer": "no drawer is opened at the golden fair; tests/cash count a drawer by hand and `verify` makes it again",
    "cash.z_paper": "frozen content of a closed drawer, as above",
    "series.series": "names, days and how many booths; nothing that was sold or counted",
    "daysheet.late": "exists once a day is signed: test_signed_and_frozen.py",
    "daysheet.paper": "exists once a day is signed: test_signed_and_frozen.py",
    "published.figure": "exists once something is published: test_signed_and_frozen.py",
    "published.figures_file": "exists once something is published: test_signed_and_frozen.py",
}
"""Pages with figures that are not compared here, and why."""


def test_every_page_with_figures_is_compared_or_excused(app: Flask) -> None:
    shown = set()
    for rule in app.url_map.iter_rules():
        verb = getattr(getattr(app.view_functions[rule.endpoint], "access", None), "verb", None)
        reads = "GET" in (rule.methods or set())
        if reads and verb in {Verb.SEE_FIGURES, Verb.SEE_RECEIPTS}:
            shown.add(rule.endpoint)
    assert not shown - CHECKS.keys() - EXCUSED.keys(), "compare these in tests/golden, or excuse them with a reason"
    assert not EXCUSED.keys() - shown, "excused for nothing"
    assert not EXCUSED.keys() & CHECKS.keys()


def test_every_figure_is_the_independent_one(app: Flask, database_kind: str) -> None:
    """On PostgreSQL every page as well, but not every link of every day: those ask the same queries again."""
    visit = Visit(app, make_golden(app), whole=database_kind == "sqlite")
    wrong = visit.run()
    if visit.whole:
        links_add_up(visit, DAYS[2])
    assert not wrong, "\n".join(wrong[:20])
    assert visit.compared > 2_000


ONE_MORE: tuple[tuple[str, str, str, str], ...] = (
    ("hour_figure", "sold_dong", "reports.edition_day", "hours:"),
    ("hour_figure", "receipts", "reports.editions", "Hội chợ thử"),
    ("hour_figure", "rounding_dong", "reports.edition_days", "made of"),
    ("product_figure", "sold_dong", "portal.days", "sums: Bán ra"),
    ("product_figure", "sold_quantity", "reports.table_file", "products."),
    ("tender_figure", "received_dong", "reports.edition_days", "money:"),
    ("discount_figure", "given_dong", "costs.discounts", "A01"),
    ("cashless_figure", "amount_dong", "reports.edition_day", "paid"),
    ("gate_hour", "people_in", "visitors.day", "entries"),
    ("sale", "total_dong", "reports.receipts", "sums"),
    ("sale_line", "amount_dong", "reports.receipts_file", "sums"),
)
"""(table, column, page on which one more is seen, what is said of it)."""


def test_one_dong_too_many_is_named_with_its_page_and_figure(app: Flask, database_kind: str) -> None:
    """Negative control: a single row of what is stored, of the first day, says one more, and is put right again."""
    visit = Visit(app, make_golden(app), whole=False)
    del visit.days[1:]
    for table_name, column, page, figure in ONE_MORE if database_kind == "sqlite" else ONE_MORE[:2]:
        table = Base.metadata.tables[table_name]
        wanted = select(table).order_by(*table.primary_key).limit(1)
        if "fair_day" in table.columns:
            wanted = wanted.where(table.columns["fair_day"] == DAYS[0])
        with app.app_context():
            row = reading().execute(wanted).mappings().one()
        its_own = [one == row[one.name] for one in table.primary_key]
        for value in (row[column] + 1, row[column]):
            with app.app_context(), transaction() as session:
                session.execute(update(table).where(*its_own).values({column: value}))
            if value != row[column]:
                visit.wrong.clear()
                visit.run([page])
                assert any(one.startswith(page) and figure in one for one in visit.wrong), (table_name, column)
    if database_kind == "sqlite":
        visit.wrong.clear()
        assert not visit.run()
