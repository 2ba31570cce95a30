"""Codes become sentences; a fact that is missing or strange never hides one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from fair_pos.plumbing.sentences import (
    ODDITIES,
    QUARANTINE,
    ROWS,
    SENTENCES,
    oddity_sentence,
    quarantine_sentence,
    row_sentence,
    sentence,
)


def test_a_sentence_is_filled_with_its_facts_in_both_languages(app: Flask) -> None:
    with app.test_request_context("/"):
        assert sentence("sales_waiting", {"waiting": 3}) == "Còn 3 đơn chưa gửi. Hãy gửi hết rồi làm lại."
        with force_locale("en"):
            assert re.search(r"\b3\b", sentence("sales_waiting", {"waiting": 3}))
            assert sentence("sales_waiting", {"waiting": 3}).isascii()


def test_amounts_in_an_oddity_are_written_with_dots(app: Flask) -> None:
    with app.test_request_context("/"):
        said = oddity_sentence("total_differs", {"sent": 1_000_000, "computed": 999_999})
        assert "1.000.000 ₫" in said.replace("\u00a0", " ")
        assert "999.999 ₫" in said.replace("\u00a0", " ")
        assert "—" in oddity_sentence("price_differs", {"name": "x", "sent": 1, "listed": "—", "version": 2})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_sentence_can_be_said_without_any_fact(app: Flask, language: str) -> None:
    with app.test_request_context("/"), force_locale(language):
        said = [sentence(code, {}) for code in SENTENCES]
        said += [oddity_sentence(code, {}) for code in ODDITIES]
        said += [quarantine_sentence(reason) for reason in QUARANTINE]
        said += [row_sentence(3, code, {}) for code in ROWS]
    assert all(said)
    assert not [one for one in said if "%(" in one]


def test_facts_are_taken_as_they_are(app: Flask) -> None:
    with app.test_request_context("/"):
        assert "100% %(number)s <b>" in sentence("login_name_taken", {"login_name": "100% %(number)s <b>"})


def test_an_unknown_code_is_a_refusal_without_reason(app: Flask) -> None:
    with app.test_request_context("/"):
        assert sentence("something new", {"x": 1}) == sentence("refused", {})
