from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest

from fair_pos.kernel.ids import new_token
from fair_pos.receipts.rules import (
    BUYER_REASONS,
    LONGEST_URL,
    days_left,
    is_token,
    labels_for_buyer,
    receipt_url,
    short_hash,
    written_measure,
)
from fair_pos.settings import TOP

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


def test_a_seller_s_own_words_are_not_for_the_buyer() -> None:
    assert labels_for_buyer("Mua nhiều; Khách quen") == ("Mua nhiều", "Khách quen")
    assert labels_for_buyer("Mua nhiều; Buys a lot") == ("Mua nhiều",)
    assert labels_for_buyer("cháu ông Páo; mua nhiều hơn chị Mai") == ()
    assert labels_for_buyer("") == ()


def test_the_labels_are_those_that_tablets_offer() -> None:
    """In both of its languages; a reason that the tablet offers and we do not know would be missing from receipts."""
    for name in ("vi", "en"):
        words = (TOP / "till" / "src" / "words" / f"sell.{name}.ts").read_text(encoding="utf-8")
        offered = re.search(r"discountReasons: \[([^\]]+)\]", words)
        assert offered
        labels = re.findall(r"'([^']+)'", offered[1])
        assert len(labels) >= 5
        assert [label for label in labels if label not in BUYER_REASONS] == []


@dataclass
class Bought:
    quantity: int
    grams: int | None = None
    pack_id: str | None = None
    unit: str = "hộp"


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (Bought(1_234), "1.234"),
        (Bought(1, grams=575), "0,575\N{NO-BREAK SPACE}kg"),
        (Bought(2, grams=575), "2 × 0,575\N{NO-BREAK SPACE}kg"),
        (Bought(2, pack_id="p", unit="Hộp 12 cái"), "2 Hộp 12 cái"),
    ],
)
def test_how_much_it_was(line: Bought, written: str) -> None:
    assert written_measure(line) == written
