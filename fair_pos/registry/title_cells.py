"""Titles as a cell of a product file names them: «Sản phẩm chủ lực cấp tỉnh 29/11/2023; Đặc sản địa phương cấp xã 2024». Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fair_pos.kernel.text import clean, fold
from fair_pos.registry.titles import KINDS, LEVELS, MOST_DECISION, SHORT, Kind, Level

FIRST_YEAR, LAST_YEAR = 2000, 2100
_OTHER_WORDS: dict[Kind, tuple[str, ...]] = {
    "cnnt_tieu_bieu": (
        "san pham cnnt tieu bieu",
        "cong nghiep nong thon tieu bieu",
        "typical rural industrial product",
    ),
    "chu_luc": ("key product",),
    "dac_san": ("san pham dac san dia phuong", "san pham dac san", "local speciality"),
}
_WORDS = sorted(
    (
        (words, kind)
        for kind in KINDS
        for words in {fold(KINDS[kind]), fold(SHORT[kind]), kind.replace("_", " "), *_OTHER_WORDS[kind]}
    ),
    key=lambda one: -len(one[0]),
)
"""The longest first, so that «đặc sản địa phương» is not «đặc sản» with a rest that nobody knows."""
_LEVEL_WORDS: dict[str, Level] = {fold(name): level for level, name in LEVELS.items()}
_LEVEL = re.compile(r"\b(" + "|".join(_LEVEL_WORDS) + r")\b")
_ONE_DAY = r"(?:[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
_UNTIL = re.compile(rf"\bden (?:het )?(?:ngay )?({_ONE_DAY})(?![0-9])")
_SINCE = re.compile(rf"(?<![0-9])({_ONE_DAY})(?![0-9])")
_YEAR = re.compile(r"(?<![0-9/.\-])([0-9]{4})(?![0-9/.\-])")
_DECISION = re.compile(r"([^(]*)\((.*)\)")
_BETWEEN = re.compile(r"\b(tu|ngay|nam|cap ngay|cap)\b|[\s,:.–-]+")


@dataclass(frozen=True)
class TitleInCell:
    """A title of a row's product. Of one with `year_only` nobody said the day: 1 January stands for it."""

    kind: Kind
    level: Level
    issued_day: date
    expires_day: date | None = None
    decision_no: str = ""
    year_only: bool = False


@dataclass(frozen=True)
class Unread:
    """A title that cannot be read: why, as a code with facts."""

    code: str
    facts: dict[str, str | int]


def read_titles(cell: str) -> tuple[tuple[TitleInCell, ...], list[Unread]]:
    """The titles between the «;» of a cell, each once, and those that cannot be read. An empty cell names none."""
    found: dict[TitleInCell, None] = {}
    wrong = []
    for part in cell.split(";"):
        if not part.strip():
            continue
        title = _read(clean(part))
        if isinstance(title, Unread):
            wrong.append(title)
        else:
            found.setdefault(title)
    return tuple(found), wrong


def titles_cell(titles: Iterable[TitleInCell]) -> str:
    """The cell that names these titles; `read_titles` reads the same from it."""
    return "; ".join(_written(one) for one in titles)


def _written(one: TitleInCell) -> str:
    day = f"{one.issued_day.year}" if one.year_only else f"{one.issued_day:%d/%m/%Y}"
    until = "" if one.expires_day is None else f" đến {one.expires_day:%d/%m/%Y}"
    decision = f" ({one.decision_no})" if one.decision_no else ""
    return f"{KINDS[one.kind]} {LEVELS[one.level]} {day}{until}{decision}"


def _read(text: str) -> TitleInCell | Unread:
    about: dict[str, str | int] = {"value": text[:80]}
    parted = _DECISION.fullmatch(text)
    said, decision_no = (parted.group(1), clean(parted.group(2))) if parted else (text, "")
    rest = fold(said.replace("_", " "))
    kind = next((kind for words, kind in _WORDS if re.match(rf"{re.escape(words)}\b", rest)), None)
    if kind is None:
        return Unread("title_not_known", {**about, "known": "; ".join(KINDS.values())})
    rest = rest[next(len(words) for words, _ in _WORDS if re.match(rf"{re.escape(words)}\b", rest)) :]
    level = _LEVEL.search(rest)
    if level is None:
        return Unread("title_level_not_known", {**about, "known": "; ".join(LEVELS.values())})
    rest = _LEVEL.sub(" ", rest, count=1)
    until = _UNTIL.search(rest)
    rest = _UNTIL.sub(" ", rest, count=1)
    since = _SINCE.search(rest) or _YEAR.search(rest)
    if since is None:
        return Unread("title_day_not_read", about)
    year_only = since.re is _YEAR
    issued = _a_day(f"1/1/{since.group(1)}" if year_only else since.group(1))
    expires = _a_day(until.group(1)) if until else None
    rest = rest[: since.start()] + " " + rest[since.end() :]
    if issued is None or (until is not None and expires is None) or _BETWEEN.sub("", rest):
        return Unread("title_day_not_read", about)
    if expires is not None and expires < issued:
        return Unread("title_days_turned", about)
    if len(decision_no) > MOST_DECISION:
        return Unread("title_decision_long", {**about, "most": MOST_DECISION})
    return TitleInCell(kind, _LEVEL_WORDS[level.group(1)], issued, expires, decision_no, year_only)


def _a_day(text: str) -> date | None:
    numbers = [int(one) for one in re.split(r"[/.\-]", text)]
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
