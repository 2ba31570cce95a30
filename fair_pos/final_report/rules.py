"""The closing report as data: one model, from which page, Word file, PDF, workbook and CSV are made, so that they cannot differ. Pure.

Order, sizes and numbering are those of an administrative report in Decree 30/2020/NĐ-CP, annex I (docs/decisions/0025).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.money import group_thousands, with_true_minus
from fair_pos.reports.charts import Bar as LyingBar
from fair_pos.reports.charts import Words
from fair_pos.reports.heat import HeatCell, HeatWords, ZoneLabel
from fair_pos.reports.plots import Point

Kind = Literal["text", "count", "dong", "grams", "permille", "of_hundred", "day", "instant"]
"""What a cell holds: words, a whole number, whole đồng, whole grams, a share of a thousand, the same said of a hundred without a
sign behind it, a day, an instant.
"""
NUMBERS: frozenset[Kind] = frozenset({"count", "dong", "grams", "permille", "of_hundred"})
UNKNOWN = "–"
"""Stands where nothing is known, so that nobody reads a zero."""


class Cell(NamedTuple):
    """One value of a table with what it is. None is «not known» and never zero."""

    value: str | int | date | datetime | None
    kind: Kind = "text"


@dataclass(frozen=True)
class Column:
    """A column with what its cells hold; `share` is how much of the width it wants beside the others."""

    name: str
    kind: Kind = "text"
    share: int = 0

    @property
    def weight(self) -> int:
        """The width it is given: its own wish, or what its kind needs."""
        return self.share or _WEIGHTS[self.kind]


_WEIGHTS: dict[Kind, int] = {
    "text": 44, "count": 13, "dong": 30, "grams": 17, "permille": 14, "of_hundred": 14, "day": 24, "instant": 32,
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Rows under columns. `code` names it in files, `sheet` is its short title, `total` the row of sums below the others."""

    code: str
    title: str
    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""

    @property
    def widths(self) -> list[int]:
        """Thousandths of the page's width for each column; they add up to a thousand."""
        whole = sum(column.weight for column in self.columns)
        found = [column.weight * 1000 // whole for column in self.columns]
        found[0] += 1000 - sum(found)
        return found

    @property
    def lines(self) -> Iterator[tuple[Cell, ...]]:
        """All rows, the sums last."""
        yield from self.rows
        if self.total is not None:
            yield self.total


@dataclass(frozen=True)
class Bar:
    """One bar: `value`, on top of it `more` (given back), and a mark at `mark` (planned) where there is one. Whole numbers."""

    label: str
    value: int
    more: int = 0
    mark: int | None = None
    provisional: bool = False


@dataclass(frozen=True)
class Bars:
    """A plot of bars, with the words that stand in it."""

    bars: tuple[Bar, ...]
    value_words: str
    more_words: str = ""
    mark_words: str = ""
    provisional_words: str = ""
    nothing_words: str = ""
    is_money: bool = True
    million: str = " tr"
    billion: str = " tỷ"


@dataclass(frozen=True)
class Growth:
    """Money by the end of each day."""

    points: tuple[Point, ...]
    words: Words


@dataclass(frozen=True)
class Lying:
    """Rows of a table as lying bars, in its order."""

    bars: tuple[LyingBar, ...]
    words: Words


@dataclass(frozen=True)
class Heat:
    """The plan of the fair, `size` decimetres wide and high, each booth as dark as its money."""

    cells: tuple[HeatCell, ...]
    words: HeatWords
    size: tuple[int, int]
    zones: tuple[ZoneLabel, ...]


Picture = Bars | Growth | Lying | Heat


@dataclass(frozen=True)
class Plot:
    """A picture with its caption, and in words what a reader who does not see it needs."""

    code: str
    title: str
    alt: str
    picture: Picture


@dataclass(frozen=True)
class Heading:
    """A heading below that of its part: level 2 («1. …») or 3 («a) …»)."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True)
class Paragraph:
    """Words. `item` begins with a dash, `note` is small and slanted, `blank` is left to be written by hand."""

    text: str
    style: Literal["plain", "item", "note", "blank", "strong"] = "plain"


Block = Heading | Paragraph | Table | Plot


@dataclass(frozen=True)
class Part:
    """«I. TÌNH HÌNH CHUNG» and what stands below it. In an annex `number` is its Roman numeral too."""

    number: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Head:
    """What stands above the title: country and motto, agency and the one above it, number, place and day."""

    country: str
    motto: str
    parent: str
    agency: str
    number: str
    place_and_day: str
    kind: str
    subject: str
    addressees_word: str
    addressees: tuple[str, ...]


@dataclass(frozen=True)
class Foot:
    """What stands below the text: who receives it, and who signs."""

    recipients_word: str
    recipients: tuple[str, ...]
    authority: str
    office: str
    sign_here: str
    name: str


@dataclass(frozen=True)
class Report:
    """The whole report. `language` is that of its words; `key` the figures that the text is made of, as a table."""

    language: str
    title: str
    head: Head
    parts: tuple[Part, ...]
    foot: Foot
    annexes: tuple[Part, ...]
    annex_word: str
    annex_reference: str
    key: Table
    author: str
    made_at: datetime
    is_provisional: bool

    @property
    def tables(self) -> list[Table]:
        """Every table of text and annexes in their order, the key figures first; one that stands twice is here once."""
        found = {self.key.code: self.key}
        for part in (*self.parts, *self.annexes):
            for block in part.blocks:
                if isinstance(block, Table):
                    found.setdefault(block.code, block)
        return list(found.values())

    @property
    def plots(self) -> dict[str, Plot]:
        """Every plot by its code."""
        blocks = (block for part in (*self.parts, *self.annexes) for block in part.blocks)
        return {block.code: block for block in blocks if isinstance(block, Plot)}


# --- writing ----------------------------------------------------------------------------------------------------------

# XML knows no control characters, and Word says «the file is damaged». Marks that turn the direction of reading (U+202E) would show
# «000.5» for «5.000» beside a name that carries one.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """`text` without what no paper can show: control characters, halves of letters, marks of direction."""
    return _UNWRITABLE.sub("", text)


def paragraphs_of(text: str) -> list[str]:
    """What a person wrote, paragraph by paragraph, without empty ones."""
    return [line for one in plain(text.replace("\r", "\n")).split("\n") if (line := " ".join(one.split()))]


def written(cell: Cell) -> str:
    """A cell as people read it: «1.234.567», «68,6 %», «1.234,575», «24/11/2026»; money and counts without their unit."""
    value = cell.value
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, str):
        return plain(value)
    match cell.kind:
        case "permille" | "of_hundred":
            return written_permille(value) if cell.kind == "permille" else written_permille(value)[:-2]
        case "grams" if value:
            whole, rest = divmod(abs(value), 1000)
            return f"{_sign(value)}{group_thousands(whole)},{rest:03}"
        case _:
            return with_true_minus(group_thousands(value))


def written_permille(permille: int) -> str:
    """686 → «68,6 %»."""
    whole, tenth = divmod(abs(permille), 10)
    return f"{_sign(permille)}{group_thousands(whole)},{tenth}\N{NO-BREAK SPACE}%"


def _sign(value: int) -> str:
    return "\N{MINUS SIGN}" if value < 0 else ""


def permille_of(part: int, whole: int) -> int | None:
    """How many thousandths `part` is of `whole`, half up; None where the whole is nothing.

    >>> permille_of(7_000_000_000, 10_200_000_000), permille_of(1, 0)
    (686, None)
    """
    return (2 * part * 1000 + whole) // (2 * whole) if whole > 0 else None


def row_of(columns: Sequence[Column], values: Iterable[str | int | date | datetime | None]) -> tuple[Cell, ...]:
    """One value for each column as its cell. Raises ValueError when there are more of one than of the other."""
    return tuple(Cell(value, column.kind) for column, value in zip(columns, values, strict=True))


def day_in_words(day: date | None) -> tuple[str, str, str]:
    """(day, month, year) as Decree 30 writes them: the day of two digits, January and February too, other months as they are.

    >>> day_in_words(date(2026, 2, 5)), day_in_words(date(2026, 11, 24))
    (('05', '02', '2026'), ('24', '11', '2026'))
    """
    if day is None:
        return ("…", "…", "…")
    return (f"{day.day:02}", f"{day.month:02}" if day.month < 3 else str(day.month), str(day.year))


# --- which figure is said ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyFigure:
    """A figure of the report: what the system holds now, and what was published. Either is None when it is not known."""

    code: str
    live: int | None
    published: int | None = None

    @property
    def said(self) -> int | None:
        """The one that the report says: what was published stands before what changed later."""
        return self.live if self.published is None else self.published

    @property
    def difference(self) -> int | None:
        """What the system holds now less what was published; None unless both are known and differ."""
        if self.published is None or self.live is None or self.live == self.published:
            return None
        return self.live - self.published
