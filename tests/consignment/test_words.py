"""Every reason, bearer and outcome has a name, every trouble a sentence."""

from __future__ import annotations

from flask import Flask

from fair_pos.consignment import words
from fair_pos.consignment.rules import BEARERS, OUTCOMES, PREFIXES, REASONS


def test_everything_has_a_name(app: Flask) -> None:
    with app.test_request_context():
        assert words.kind_names().keys() == PREFIXES.keys()
        assert tuple(words.reason_names()) == REASONS
        assert tuple(words.bearer_names()) == BEARERS
        assert tuple(words.outcome_names()) == OUTCOMES
        assert words.trouble_words("quantity_wrong")
        assert words.trouble_words("nothing known") == ""
