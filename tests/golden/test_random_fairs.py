"""T33: fifty fairs made by chance show on their pages what plain SQL finds in what they sent."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.golden import checks_closing, checks_evening, checks_lists, checks_people, checks_reports  # noqa: F401  # enter their comparisons
from tests.golden.random_fair import make_random
from tests.golden.visit import CHECKS, Visit

FAIRS, TOGETHER = 50, 10
ALWAYS = ("reports.edition_day", "reports.edition_days", "visitors.day", "portal.days")
ALSO = 2
"""So many of the other pages at each fair, in turn, so that each page is looked at for several fairs."""
ON_POSTGRESQL = 1
"""So many of each ten."""


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, FAIRS, TOGETHER))
def test_every_page_of_a_random_fair_shows_what_was_sent(app: Flask, database_kind: str, first: int) -> None:
    """Ten fairs in one database: what is another's is on nobody's page."""
    seeds = range(first, first + (TOGETHER if database_kind == "sqlite" else ON_POSTGRESQL))
    fairs = {seed: make_random(app, seed, "Hội chợ thử" if seed == first else f"Hội chợ {seed}") for seed in seeds}
    others = [one for one in CHECKS if one not in ALWAYS]
    for seed, fair in fairs.items():
        visit = Visit(app, fair, whole=False)
        turn = [others[(seed * ALSO + number) % len(others)] for number in range(ALSO)]
        wrong = visit.run([*ALWAYS, *turn])
        assert not wrong, f"fair {seed}:\n" + "\n".join(wrong[:20])
        assert visit.compared > 50
