"""What the forms of statements may contain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from fair_pos.kernel.refusal import NotFound
from fair_pos.venues.refusals import DayInvalid

MOST_DIGITS = 9
"""Of a statement's number: more fit into no column."""


def day_of(form: Mapping[str, str], name: str) -> date:
    """A day from a date field, or as people write it. Raises DayInvalid."""
    text = form.get(name, "").strip()
    try:
        if "/" in text:
            day, month, year = (int(one) for one in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise DayInvalid(value=text[:40]) from None


def owners_of(form: Mapping[str, str]) -> list[str] | None:
    """One owner, or None for all."""
    owner = form.get("owner", "")
    return [owner] if owner else None


def numbers_of(ticked: Iterable[str]) -> list[int]:
    """Numbers of statements that were ticked, each once. Raises NotFound of what is no number."""
    found = set()
    for one in ticked:
        if not (one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS):
            raise NotFound
        found.add(int(one))
    return sorted(found)


def accounts_seen(pairs: Iterable[str]) -> dict[int, str]:
    """Which account the page showed for which statement, from «number:account»; what is no such pair is left out."""
    found = {}
    for one in pairs:
        number, colon, account = one.partition(":")
        if colon and number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
            found[int(number)] = account
    return found
