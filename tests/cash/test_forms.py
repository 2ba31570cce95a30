from __future__ import annotations

import pytest

from fair_pos.cash.forms import DocumentsAsked, documents_asked, page_asked


@pytest.mark.parametrize(
    ("text", "page"), [("", 1), ("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("9999999", 1), ("999999", 999_999)]
)
def test_a_page_is_a_number_or_the_first(text: str, page: int) -> None:
    assert page_asked({"page": text}) == page


def test_what_is_not_understood_asks_for_everything() -> None:
    everything = DocumentsAsked(None, None, late=False, page=1)
    assert documents_asked({}) == everything
    assert documents_asked({"method": "gold", "kind": "x", "late": "yes", "page": "x"}) == everything
    assert not everything.narrowed


def test_an_address_says_what_was_asked() -> None:
    asked = documents_asked({"method": "cash", "kind": "refund", "late": "1", "page": "3"})
    assert asked == DocumentsAsked("cash", "refund", late=True, page=3)
    assert asked.arguments() == {"method": "cash", "kind": "refund", "late": "1"}
    assert asked.narrowed
