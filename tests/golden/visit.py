"""A walk over every page and file that shows figures, comparing each with the independent ones. What differs is named, not raised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from fair_pos.plumbing.db import reading
from tests.builders import sign_in
from tests.golden.fair import Golden
from tests.golden.independent import EPOCH, Independent
from tests.golden.reading import Node, page_of

Check = Callable[["Visit"], None]
CHECKS: dict[str, Check] = {}
"""Page or file (its endpoint) → what compares it."""


def checks(*endpoints: str) -> Callable[[Check], Check]:
    """Enter a comparison in the list; one that compares a page and its files stands under each."""

    def enter(check: Check) -> Check:
        for endpoint in endpoints:
            assert endpoint not in CHECKS, endpoint
            CHECKS[endpoint] = check
        return check

    return enter


@dataclass
class Visit:
    """One reader at one fair. `whole` also opens every link and draws every plot, which takes its time."""

    app: Flask
    golden: Golden
    whole: bool = True
    client: FlaskClient = field(init=False)
    figures: Independent = field(init=False)
    days: list[date] = field(init=False)
    wrong: list[str] = field(default_factory=list)
    compared: int = 0
    _names: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        sign_in(self.client, "quantri")
        self.figures = Independent(self.app, self.edition_id)
        self.days = [date.fromordinal(EPOCH + one) for one in sorted(self.figures.receipts_by("receipt.day"))]

    @property
    def edition_id(self) -> str:
        return self.golden.fair.edition_id

    @property
    def name(self) -> str:
        """What the edition is called."""
        return self.names("SELECT id, name FROM edition")[self.edition_id]

    @property
    def at(self) -> str:
        """Where the edition's pages begin."""
        return f"/editions/{self.edition_id}"

    def same(self, page: str, figure: str, shown: object, expected: object) -> None:
        """Note when they differ."""
        self.compared += 1
        if shown != expected:
            self.wrong.append(f"{page} | {figure}: shown {shown!r}, by the commands {expected!r}")

    def same_rows(self, page: str, shown: Mapping[str, object], expected: Mapping[str, object]) -> None:
        """Row by row; one too many or too few differs as well."""
        for name in sorted({*shown, *expected}):
            self.same(page, name, shown.get(name), expected.get(name))

    def data(self, path: str) -> bytes:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        found = answer.get_data()
        answer.close()
        return found

    def page(self, path: str) -> Node:
        return page_of(self.data(path).decode())

    def names(self, statement: str) -> dict[str, str]:
        """Key → name, of one of NAMES."""
        if statement not in self._names:
            with self.app.app_context():
                rows = reading().execute(text(statement))
                self._names[statement] = {str(key): str(name) for key, name in rows}
        return self._names[statement]

    def run(self, endpoints: Sequence[str] = ()) -> list[str]:
        """What differs, on these pages or on all there are. Each comparison runs once, whatever number of pages it is for."""
        wanted = [CHECKS[one] for one in endpoints] if endpoints else list(CHECKS.values())
        for check in dict.fromkeys(wanted):
            check(self)
        return self.wrong


NAMES: dict[str, str] = {
    "booth": "SELECT id, code || ' · ' || name FROM booth",
    "booth_code": "SELECT id, code FROM booth",
    "product": "SELECT id, name || ' (' || unit || ')' FROM product",
    "producer": "SELECT id, name FROM producer",
    "gate": "SELECT id, name FROM gate",
    "account": "SELECT id, account_number FROM receiving_account",
}


def by_words(found: Mapping[Any, tuple[int, ...]], words: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """The figures under the names their keys stand for; a key without one keeps itself."""
    return {words.get(str(key), str(key)): numbers for key, numbers in found.items()}
