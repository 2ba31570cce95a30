"""What lists of transfers are asked by, and what the forms about accounts and statements may contain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fair_pos.kernel.day import EARLIEST, LATEST
from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.actions import AccountSaid, Owner
from fair_pos.payments.listing import Wanted
from fair_pos.payments.statement import FIELDS

Id = Annotated[str, Field(min_length=1, max_length=36)]


class TransfersAsked(BaseModel):
    """The query string of the list of transfers; without one it shows those that wait for somebody to see the money."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: Annotated[date, Field(ge=EARLIEST, le=LATEST)] | None = None
    booth: Id | None = None
    zone: Annotated[str, Field(max_length=200)] | None = None
    account: Annotated[str, Field(max_length=36)] | None = None
    state: Literal["claimed", "confirmed", "underpaid", "overpaid", "all"] | None = None
    part: Literal["confirmed", "claimed"] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @property
    def shown(self) -> str:
        """Which of the lists it is: a state, a part of the figures, or «all»."""
        return f"part_{self.part}" if self.part else self.state or "claimed"

    def wanted(self, zones: Mapping[str, str]) -> Wanted:
        """As the query reads it; `zones` is booth id → its zone."""
        state = None if self.part or self.state == "all" else self.state or "claimed"
        booths = None if self.zone is None else frozenset(one for one, zone in zones.items() if zone == self.zone)
        return Wanted(self.day, self.booth, self.account, state, self.part, booths)

    def arguments(self) -> dict[str, Any]:
        """The same question as arguments of a URL, without the page."""
        return self.model_dump(exclude={"page"}, exclude_none=True, mode="json")


def transfers_asked(arguments: Mapping[str, str]) -> TransfersAsked:
    """Read a query string; an empty account or zone is a question («none named»), any other empty value is none. Raises NotFound."""
    given = {name: value for name, value in arguments.items() if value or name in {"account", "zone"}}
    try:
        return TransfersAsked.model_validate(given)
    except ValidationError:
        raise NotFound from None


def owner_of(edition_id: str, text: str) -> Owner:
    """Whose account a form is about: «booth:…» or «producer:…». Raises NotFound."""
    kind, _, owner_id = text.partition(":")
    if kind == "booth" and owner_id:
        return Owner(edition_id, booth_id=owner_id)
    if kind == "producer" and owner_id:
        return Owner(edition_id, producer_id=owner_id)
    raise NotFound


def account_said(form: Mapping[str, str]) -> AccountSaid:
    """The account somebody typed."""
    return AccountSaid(form.get("bank_bin", ""), form.get("account_number", "")[:100], form.get("holder", "")[:1000])


def columns_chosen(given: Mapping[str, str]) -> dict[str, int] | None:
    """Which column is what, as chosen; None when nobody chose yet."""
    if not any(field in given for field in FIELDS):
        return None
    return {field: int(text) for field in FIELDS if (text := given.get(field, "")).isdecimal() and len(text) < 4}
