"""A producer who guesses: every route of the application with another producer's ids, and what may not come back.

The routes come from the map of the application, so a new one is walked by itself. A new route whose address holds a name that
neither CHOICES nor the world knows stops the walk: somebody has to say what another's value of it is.
"""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, or_, select
from werkzeug.routing import AnyConverter, Map, Rule

from fair_pos.every_table import metadata
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.web import Access
from tests.builders import csrf_token

CHOICES = {
    "code": "en", "content": "booths", "copy_no": "1", "ending": "csv", "form": "svg", "key": "sepay", "kind": "products",
    "language": "vi", "line_no": "1", "name": "booths", "number": "1", "provider": "sepay", "what": "days",
}  # fmt: skip
"""Arguments that name no thing of anybody's, where the route itself does not say what they may be."""
TURNED_DOWN = {400, 401, 403, 404, 405, 413, 415, 422, 429}
SHOWN_TO_EVERYONE = {
    "receipts.product": "a label's code leads there: maker, place, price and stars are for every buyer",
}
"""Routes that may say another's names; their money they may not say either."""
STYLE_ONLY = {"static"}


@dataclass
class World:
    """Two producers who sell side by side, and everything there is of the other one."""

    own_id: str
    other_id: str
    own: dict[str, str]
    """Argument → a value that is one's own, for routes of one's own page."""
    anothers: dict[str, list[str]]
    """Argument → values of the other's that exist."""
    names: list[str]
    """What the other's pages would say: names."""
    money: list[str]
    """And sums, numbers of receipts and of statements."""
    body: dict[str, str] = field(default_factory=dict)
    """Fields of forms that name things, with the other's."""


@dataclass
class Walked:
    """What a walk found."""

    leaks: list[str] = field(default_factory=list)
    walked: set[str] = field(default_factory=set)
    """Endpoints that were asked."""
    opened: set[str] = field(default_factory=set)
    """Endpoints that answered with one's own things."""
    files: set[str] = field(default_factory=set)
    """Kinds of files whose content was read."""


class UnknownArgument(AssertionError):
    """A route takes something that the walk does not know."""


def walk(app: Flask, client: FlaskClient, world: World, come_in: Callable[[], None], only: str = "") -> Walked:
    """Ask every route with every method as the producer; `come_in` signs in (again, after a route that signs out).

    `only` one endpoint is for trying the walk itself.
    """
    found = Walked()
    come_in()
    token = csrf_token(client, f"/producers/{world.own_id}/")
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, sorted(one.methods or ()))):
        if rule.endpoint in STYLE_ONLY or only not in {"", rule.endpoint}:
            continue
        access: Access | None = getattr(app.view_functions[rule.endpoint], "access", None)
        public = access is not None and access.kind == "public"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for path, theirs in addresses(rule, world):
                if method != "GET":
                    body = world.body | {"csrf_token": token}
                    answers = [client.open(path, method=method, data=body)]
                else:
                    answers = [client.get(path), *(client.get(f"{path}?{query}") for query in queries(world))]
                for answer in answers:
                    judge(found, world, rule, answer, theirs=theirs, public=public)
            if method != "GET" and client.get(f"/producers/{world.own_id}/").status_code != 200:
                come_in()
                token = csrf_token(client, f"/producers/{world.own_id}/")
    return found


def queries(world: World) -> Iterator[str]:
    """Everything that narrows a page, with the other's ids."""
    everything = {**world.anothers, "producer": [world.other_id], "owner": [world.other_id]}
    yield "&".join(f"{name.removesuffix('_id')}={values[0]}" for name, values in sorted(everything.items()))


def addresses(rule: Rule, world: World) -> Iterator[tuple[str, bool]]:
    """(address, whether it names something of the other's): all the other's, then one's own with one thing of the other's each."""
    known = {name: value for name in sorted(rule.arguments) if (value := chosen(rule, name)) is not None}
    things = sorted(rule.arguments - known.keys())
    for name in things:
        if name not in world.anothers:
            raise UnknownArgument(
                f"{rule} ({rule.endpoint}) takes «{name}»: give the walk another's in tests/portal/world.py"
            )
    build = Map([rule.empty()]).bind("localhost").build
    if not things:
        yield build(rule.endpoint, known), False
        return
    for words in every_choice(rule, known) if "producer_id" in things else (known,):
        for number in range(max(len(world.anothers[name]) for name in things)):
            theirs = {name: world.anothers[name][number % len(world.anothers[name])] for name in things}
            yield build(rule.endpoint, words | theirs), True
        if "producer_id" in things and all(name in world.own for name in things):
            own = {name: world.own[name] for name in things}
            yield build(rule.endpoint, words | own), False
            for name in sorted(set(things) - {"producer_id"}):
                for value in world.anothers[name]:
                    yield build(rule.endpoint, words | own | {name: value}), name not in WITHOUT_OWNER
        elif "producer_id" in things:
            mixed = {name: world.anothers[name][0] for name in things} | {"producer_id": world.own_id}
            yield build(rule.endpoint, words | mixed), len(things) > 1


def every_choice(rule: Rule, known: dict[str, str]) -> Iterator[dict[str, str]]:
    """The words that a route offers, one after the other: each kind of file is a way of its own to leak."""
    for name in known:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            for item in sorted(converter.items):
                yield known | {name: item}
            return
    yield known


WITHOUT_OWNER = {"day", "edition_id", "booth_id"}
"""Things that belong to no producer: with one's own id they lead to one's own part of them."""


def chosen(rule: Rule, name: str) -> str | None:
    """The value of an argument that names no thing of anybody's; None for one that does."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return CHOICES.get(name)


def judge(found: Walked, world: World, rule: Rule, answer: Any, *, theirs: bool, public: bool) -> None:
    """Note what came back that must not."""
    found.walked.add(rule.endpoint)
    shown = content_of(answer, found)
    answer.close()  # a file that is sent stays open until then
    what = f"{answer.request.method} {answer.request.full_path} ({rule.endpoint}) answers {answer.status_code}"
    marks = world.money if rule.endpoint in SHOWN_TO_EVERYONE else [*world.names, *world.money]
    found.leaks += [f"{what} and says «{mark}»" for mark in marks if mark in shown]
    if theirs and not public and answer.status_code not in TURNED_DOWN:
        found.leaks.append(what)
    if answer.status_code == 200 and not theirs and not public:
        found.opened.add(rule.endpoint)


def content_of(answer: Any, found: Walked) -> str:
    """Everything that a person could read in an answer, its heads too; papers and workbooks are opened."""
    data: bytes = answer.data
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Location")
    if data.startswith(b"%PDF-"):
        found.files.add("pdf")
        read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True).stdout
        return heads + plain(read.decode())
    if data.startswith(b"PK"):
        found.files.add("zip")
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
        return heads + plain("\n".join(parts))
    return heads + plain(data.decode("utf-8", "replace"))


def plain(text: str) -> str:
    """Text with one kind of blank."""
    return re.sub(r"[\s\u00a0]+", " ", text)


def rows_of(producer_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that names the producer, to see that a walk has changed none."""
    found = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.name in {"producer_id", "owner_id"}]
        if columns:
            found[table.name] = _rows(table, producer_id, columns)
    return found


def _rows(table: Table, producer_id: str, columns: list[Any]) -> list[tuple[Any, ...]]:
    wanted = select(table).where(or_(*(column == producer_id for column in columns)))
    return sorted((tuple(row) for row in reading().execute(wanted)), key=repr)
