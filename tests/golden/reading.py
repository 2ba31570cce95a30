"""Reading figures off a page, a file or a plot the way a person does: by the words that stand beside them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from openpyxl import load_workbook

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "source", "wbr"}
UNREAD = {"svg", "script", "style"}


@dataclass
class Node:
    """An element of a page."""

    name: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, name: str, *classes: str) -> list[Node]:
        return [one for one in self.walk() if one.name == name and one.classes.issuperset(classes)]

    def by_id(self, name: str) -> Node:
        return next(one for one in self.walk() if one.attributes.get("id") == name)

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """What is read, without elements of these classes and plots."""

        def parts(node: Node) -> Iterator[str]:
            for child in node.children:
                if isinstance(child, str):
                    yield child
                elif child.name not in UNREAD and not child.classes.intersection(without):
                    if child.name in {"br", "li", "p", "small", "span"}:
                        yield " "
                    yield from parts(child)
                    yield " "

        return " ".join("".join(parts(self)).replace("\N{NO-BREAK SPACE}", " ").split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].name == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def page_of(html: str) -> Node:
    """The page as a tree."""
    builder = _Builder()
    builder.feed(html)
    return builder.root


@dataclass(frozen=True)
class Row:
    """A row of a table: its heading, the figures by the heading of their column, and how its net was paid when that is said."""

    name: str
    cells: dict[str, str]
    split: dict[str, str]


def rows_of(table: Node) -> list[Row]:
    """The rows of a table, its foot too. A row that is only a heading names the row after it."""
    headings = [one.text(without=("unseen",)) for one in table.all("thead")[0].all("th")]
    found, named = [], ""
    for row in (one for part in (*table.all("tbody"), *table.all("tfoot")) for one in part.all("tr")):
        head = row.all("th")
        cells = [one.text(without=("badge",)) for one in row.all("td")]
        if not cells:
            named = head[0].text(without=("badge", "sample"))
            continue
        name = head[0].text(without=("badge", "split")) if head else named
        split = {}
        for one in [item for part in row.all("ul", "split") for item in part.all("li")]:
            amount = one.all("b")[0].text()
            split[one.text().removesuffix(amount).strip()] = amount
        found.append(Row(name, dict(zip(headings[-len(cells) :], cells, strict=True)), split))
    return found


def facts_of(part: Node) -> dict[str, str]:
    """The figures of a list of definitions: word → what stands beside it, without the word's explanation."""
    found: dict[str, str] = {}
    word = ""
    for one in part.walk():
        if one.name == "dt":
            word = one.text()
        elif one.name == "dd":
            found[word] = one.text(without=("meant",))
    return found


def svg_words(svg: str) -> list[str]:
    """What is written in a plot, in its order."""
    return [
        " ".join(re.sub(r"<[^>]+>", "", one).split()) for one in re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    ]


def csv_rows(data: bytes) -> list[list[str]]:
    """A file of comma-separated values, its headings first."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheets_of(data: bytes) -> list[list[list[Any]]]:
    """The sheets of a workbook."""
    return [[list(row) for row in sheet.values] for sheet in load_workbook(io.BytesIO(data)).worksheets]


# --- how a figure is written ----------------------------------------------------------------------------------------


def number(value: int) -> str:
    """1.234.567, with a true minus."""
    return ("−" if value < 0 else "") + f"{abs(value):,}".replace(",", ".")


def dong(value: int) -> str:
    """1.234.567 ₫."""
    return f"{number(value)} ₫"


def measure(pieces: int, grams: int) -> str:
    """Pieces, and what was weighed beside them: «3 0,575 kg»."""
    weight = f"{'−' if grams < 0 else ''}{abs(grams) // 1000},{abs(grams) % 1000:03} kg" if grams else ""
    return " ".join(one for one in (number(pieces) if pieces or not grams else "", weight) if one)


def short(amount: int) -> str:
    """An amount at the end of a bar: «9.500», «850,5k», «7,25 tr», «12,5 tr»."""
    size = abs(amount)
    if size < 10_000:
        text = f"{size:,}".replace(",", ".")
    elif size < 999_950:
        text = f"{(size + 50) // 100 / 10:.1f}".replace(".", ",").removesuffix(",0") + "k"
    elif size < 9_995_000:
        text = f"{(size + 5_000) // 10_000 / 100:.2f}".replace(".", ",").rstrip("0").rstrip(",") + " tr"
    else:
        tenths = (size + 50_000) // 100_000
        text = f"{tenths // 10},{tenths % 10}".removesuffix(",0") + " tr"
    return ("−" if amount < 0 else "") + text
