from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.ids import new_token
from fair_pos.receipts.rules import LONGEST_URL, days_left, is_token, receipt_url, short_hash

TOKEN = "Zk9-_AAAAAAAAAAAAAAAAA"


def test_our_own_tokens_are_tokens() -> None:
    assert all(is_token(new_token()) for _ in range(1000))


def test_tokens_do_not_meet() -> None:
    assert len({new_token() for _ in range(20_000)}) == 20_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "A" * 21,
        "A" * 65,
        "A" * 21 + "=",
        "A" * 21 + "é",
        "A" * 22 + "\n",
        "A" * 21 + "/",
        "A-261124-001",
        "A" * 21 + " ",
    ],
)
def test_what_is_no_token(text: str) -> None:
    assert not is_token(text)


def test_the_code_holds_address_and_secret_and_nothing_else() -> None:
    assert receipt_url("https://fair.example/", TOKEN) == f"https://fair.example/r/{TOKEN}"


def test_the_code_stays_short_enough_for_thermal_paper() -> None:
    host = "https://" + "a" * (LONGEST_URL - len("https://") - len("/r/") - len(TOKEN))
    assert len(receipt_url(host, TOKEN)) == LONGEST_URL
    with pytest.raises(ValueError, match="too long"):
        receipt_url(host + "a", TOKEN)
    with pytest.raises(ValueError, match="token"):
        receipt_url("https://fair.example", "../../etc")


def test_hash_shown() -> None:
    assert short_hash("89abcdef" + "0" * 56) == "89abcdef"


def test_a_star_lasts_through_its_last_day() -> None:
    last = date(2026, 11, 24)
    assert [days_left(last, date(2026, 11, day)) for day in (1, 23, 24, 25, 26)] == [24, 2, 1, 0, 0]
