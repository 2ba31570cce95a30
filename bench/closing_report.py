"""What a closing report costs. `python -m bench.closing_report`, about half a minute.

A fair of 224 booths, 670 products and ten days beside one of two booths without a sale: processor time of gathering, Word file and PDF,
and how many times as long the large one takes.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from bench.run import say
from fair_pos import create_app
from fair_pos.final_report.forms import Said
from fair_pos.final_report.paper import print_report
from fair_pos.final_report.pictures import pictures_of
from fair_pos.final_report.queries import facts_of
from fair_pos.final_report.rules import Report
from fair_pos.final_report.word_file import word_file
from fair_pos.final_report.wording import report_of
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.migrations import upgrade
from fair_pos.reports.day_tables import tables_of
from fair_pos.reports.plan_heat import drawn_heat
from fair_pos.settings import Settings
from tests.builders import make_fair
from tests.final_report.big import make_big


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of this process and of those it started."""

    def spent() -> float:
        return sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

    before = spent()
    work()
    return spent() - before


def report(app: Flask, edition_id: str) -> Report:
    """The report of an edition, as the page makes it."""
    with app.test_request_context():
        facts = facts_of(reading(), edition_id, now(), lambda _edition_id: True)
        tables = {one.name: one for one in tables_of(edition_id, None)}
        return report_of(facts, tables, drawn_heat(edition_id, None), Said(), "vi")


def costs(app: Flask, edition_id: str) -> dict[str, float]:
    """Processor seconds of each part; the first run of everything was before."""
    found = report(app, edition_id)

    def inside(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            with app.test_request_context():
                return work()

        return run

    return {
        "gathering": seconds(lambda: report(app, edition_id)),
        "Word file": seconds(inside(lambda: word_file(found, pictures_of(found, "png")))),
        "PDF": seconds(inside(lambda: print_report(found, pictures_of(found, "svg")))),
    }


def main() -> int:
    """Prints the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        settings = Settings(database_url=f"sqlite:///{place / 'bench.sqlite3'}", instance_dir=place, secret_key="bench")
        app = create_app(settings)
        upgrade(settings.database)
        small, large = make_fair(app, name="Nhỏ"), make_big(app)
        few, many = costs(app, small.edition_id), costs(app, large.edition_id)
        print("Closing report of 224 booths, 670 products, ten days, beside one of two booths:")
        for part, spent in many.items():
            say(part, f"{spent:.1f} s of the processor, {spent / max(few[part], 0.001):.0f} times as long")
    return 0


if __name__ == "__main__":
    sys.exit(main())
