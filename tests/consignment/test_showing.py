"""Refusals of lines say what is wrong with the first."""

from __future__ import annotations

from flask import Flask

from fair_pos.consignment.refusals import LinesWrong, NoLines
from fair_pos.consignment.showing import said_of


def test_the_trouble_stands_behind_the_sentence(app: Flask) -> None:
    with app.test_request_context():
        words = said_of(LinesWrong(count=2, line=3, name="Chè", trouble="quantity_wrong"))
        assert "dòng 3 «Chè»" in words
        assert "số nguyên từ 1" in words
        assert said_of(NoLines()).endswith("một món.")
