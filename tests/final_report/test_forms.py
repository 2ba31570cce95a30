from __future__ import annotations

from datetime import date

import pytest

from fair_pos.final_report.forms import MOST_LINE, MOST_TEXT, Said, read_said


def test_nothing_written_is_nothing_said() -> None:
    assert read_said({}) == Said()
    assert read_said({"agency": "  ", "proposals": "\n\n"}) == Said()


def test_lines_and_texts_are_cleaned() -> None:
    said = read_said(
        {
            "agency": " Ban  tổ chức\u202e ", "number": "7", "signed_day": "2026-12-01",
            "proposals": "Một.\r\n\r\nHai\x07.", "recipients": "- UBND tỉnh;\nSở Công Thương",
        }
    )  # fmt: skip
    assert said.agency == "Ban tổ chức"
    assert (said.number, said.signed_day) == ("7", date(2026, 12, 1))
    assert said.proposals == ("Một.", "Hai.")
    assert said.recipients == ("- UBND tỉnh;", "Sở Công Thương")


@pytest.mark.parametrize("text", ["hôm nay", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_left_open(text: str) -> None:
    assert read_said({"signed_day": text}).signed_day is None


def test_what_is_too_long_is_cut() -> None:
    said = read_said({"name": "x" * 1_000, "assessment": "y" * (MOST_TEXT + 5)})
    assert len(said.name) == MOST_LINE
    assert [len(one) for one in said.assessment] == [MOST_TEXT]
