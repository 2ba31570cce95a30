"""What the checkers of `verify` are handed: commands as they were received, opened again; and how stored rows are looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import Integer, Table, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.proof.rules import same, same_fields
from fair_pos.sales.facts import Place
from fair_pos.sales.tables import Oddity
from fair_pos.till.parcels import Readable

AnySession = Session | scoped_session[Session]
Sums = dict[tuple[Any, ...], tuple[int, ...]]
"""Key → amounts, in the order of a table's columns."""


@dataclass(frozen=True)
class Heard:
    """One command: read again from its text, with the place it came from and what is listed as odd about it."""

    opened: Readable
    place: Place
    """As of its arrival."""
    noted: Mapping[str, Oddity]
    """By code."""

    @property
    def id(self) -> str:
        """The command's."""
        return self.opened.link.id

    @property
    def kind(self) -> str:
        """The command's, see till/commands.py."""
        return self.opened.command.kind


class Checker(Protocol):
    """Makes what one feature stored again from the commands it was handed. Which kinds are whose: proof/kinds.py."""

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """Some commands of one device, in their order; called again and again. Raises Differs."""

    def finish(self, session: AnySession) -> None:
        """Every command has been seen: compare sums, and that nothing is stored beside. Raises Differs."""


def table_of(model: Any) -> Table:
    """The table of a model, for statements that give rows and not objects."""
    return cast("Table", model.__table__)


def by_id(session: AnySession, table: Table, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Rows of a table by their id."""
    found = session.execute(select(table).where(table.c.id.in_(ids))).mappings()
    return {row["id"]: dict(row) for row in found}


def grouped(
    session: AnySession, table: Table, owner: str, ids: Sequence[str], order: str
) -> dict[str, list[Mapping[str, Any]]]:
    """Rows of a table by what they belong to, each group in order."""
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in session.execute(select(table).where(table.c[owner].in_(ids)).order_by(table.c[order])).mappings():
        rows[row[owner]].append(dict(row))
    return rows


def stored_sums(session: AnySession, table: Table, keys: int) -> Sums:
    """A table of sums: its `keys` columns of the primary key → its whole numbers."""
    sums = [column for column in table.columns if not column.primary_key and isinstance(column.type, Integer)]
    found = session.execute(select(*table.primary_key.columns, *sums))
    return {tuple(row[:keys]): tuple(row[keys:]) for row in found}


def same_rows(what: str, which: str, stored: Sequence[Mapping[str, Any]], computed: Sequence[dict[str, Any]]) -> None:
    """As many rows, each with the same fields. Raises Differs."""
    same(what, which, "number of rows", len(stored), len(computed))
    for number, (one, other) in enumerate(zip(stored, computed, strict=True), 1):
        same_fields(what, f"{which} #{number}", one, other)
