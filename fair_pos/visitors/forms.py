"""What the forms about gates and visitors may contain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fair_pos.kernel.refusal import NotFound
from fair_pos.venues.rules import read_day
from fair_pos.visitors.actions import HourOf, OtherSaid
from fair_pos.visitors.counters import FIELDS
from fair_pos.visitors.refusals import CrowdRuleWrong, DayNotOfFair, PeopleWrong, SourceWrong
from fair_pos.visitors.rules import WAYS, Direction, Way, read_factor, read_people


def day_asked(text: str | None, default: date) -> date:
    """The day in a query string; the default when there is none. Raises NotFound for what is no day."""
    if not text:
        return default
    day = read_day(text)
    if day is None:
        raise NotFound
    return day


def way_said(text: str) -> Way:
    """How a gate counts. Raises NotFound."""
    for way in WAYS:
        if way == text:
            return way
    raise NotFound


def crowd_said(form: Mapping[str, str]) -> tuple[int | None, int | None]:
    """(limit, share of second entries); empty fields are None. Raises CrowdRuleWrong."""
    texts = [form.get(name, "").strip().removesuffix("%") for name in ("limit", "reentry")]
    numbers = [read_people(text) if text else None for text in texts]
    if any(text and number is None for text, number in zip(texts, numbers, strict=True)):
        raise CrowdRuleWrong
    return numbers[0], numbers[1]


def entry_id(form: Mapping[str, str]) -> str:
    """The id that was made with the form. Raises NotFound."""
    text = form.get("entry", "")
    if not (len(text) == 36 and all(letter in "0123456789abcdef-" for letter in text)):
        raise NotFound
    return text


def hour_of(form: Mapping[str, str]) -> HourOf:
    """The gate's hour a form is about. Raises NotFound, DayNotOfFair."""
    day, hour = read_day(form.get("day", "")), form.get("hour", "")
    if day is None or not (hour.isascii() and hour.isdecimal() and len(hour) <= 2):
        raise DayNotOfFair
    return HourOf(entry_id(form), form.get("gate", ""), day, int(hour))


def correction_said(form: Mapping[str, str]) -> tuple[Direction, int]:
    """(direction, people, below zero to take away). Raises NotFound, PeopleWrong."""
    people = read_people(form.get("people", ""))
    if people is None:
        raise PeopleWrong
    sign = {"more": 1, "fewer": -1}.get(form.get("change", ""))
    direction = form.get("direction", "")
    if sign is None or direction not in {"in", "out"}:
        raise NotFound
    return ("in" if direction == "in" else "out"), sign * people


def tally_said(form: Mapping[str, str]) -> tuple[int, int]:
    """(people in, people out); an empty field is nobody. Raises PeopleWrong."""
    people = [read_people(form.get(name, "").strip() or "0") for name in ("people_in", "people_out")]
    if people[0] is None or people[1] is None:
        raise PeopleWrong
    return people[0], people[1]


def other_said(form: Mapping[str, str]) -> OtherSaid:
    """What another source says. Raises SourceWrong."""
    quantity, factor = read_people(form.get("quantity", "")), read_factor(form.get("factor", "") or "1")
    if quantity is None or factor is None:
        raise SourceWrong
    return OtherSaid(form.get("name", ""), quantity, factor, "most" if form.get("bound") == "most" else "least")


def columns_chosen(given: Mapping[str, str], headings: int) -> dict[str, int] | None:
    """Which column is what, as chosen; None when nobody chose yet. A column that does not exist is none."""
    if not any(name in given for name in FIELDS):
        return None
    chosen = {
        name: int(text)
        for name in FIELDS
        if (text := given.get(name, "")).isascii() and text.isdecimal() and len(text) < 4
    }
    return {name: at for name, at in chosen.items() if at < headings}


PLAN_PREFIX, STOOD_PREFIX = "plan-", "stood-"


def plan_said(form: Mapping[str, str]) -> dict[date, int | None]:
    """Fair day → entries expected, None where the field is empty. Raises DayNotOfFair, PeopleWrong.

    A day left as it stood when the page was made is not said: somebody else may have changed it since.
    """
    found: dict[date, int | None] = {}
    for name, text in form.items():
        if not name.startswith(PLAN_PREFIX):
            continue
        day = read_day(name.removeprefix(PLAN_PREFIX))
        if day is None:
            raise DayNotOfFair
        people = read_people(text) if text.strip() else None
        if text.strip() and people is None:
            raise PeopleWrong
        stood = form.get(STOOD_PREFIX + name.removeprefix(PLAN_PREFIX))
        if stood is None or stood != ("" if people is None else str(people)):
            found[day] = people
    return found
