"""What a list of receipts may be asked by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fair_pos.kernel.day import EARLIEST, LATEST
from fair_pos.kernel.refusal import NotFound
from fair_pos.reports.costs import CostsWanted
from fair_pos.reports.goods import Star
from fair_pos.reports.receipts import Part, Wanted

Id = Annotated[str, Field(min_length=1, max_length=36)]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]


class ReceiptsAsked(BaseModel):
    """The query string of a list of receipts. What is left out does not narrow the list; unknown names are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: Day | None = None
    hour: Annotated[int, Field(ge=0, le=23)] | None = None
    booth: Id | None = None
    zone: Annotated[str, Field(max_length=100)] | None = None
    product: Id | None = None
    producer: Id | None = None
    method: Literal["cash", "transfer", "card"] | None = None
    kind: Literal["sale", "refund"] | None = None
    part: Part | None = None
    group: Annotated[str, Field(max_length=30)] | None = None
    star: Star | None = None
    entity: Annotated[str, Field(max_length=20)] | None = None
    locality: Annotated[str, Field(pattern=r"^(province|district|commune):.{0,220}$")] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def wanted(self) -> Wanted:
        """As the query reads it."""
        return Wanted(**self.model_dump(exclude={"page"}))

    def arguments(self) -> dict[str, Any]:
        """The same question as arguments of a URL, without the page."""
        return self.model_dump(exclude={"page"}, exclude_none=True, mode="json")


class DayAsked(BaseModel):
    """The query string of pages about one day."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: Day | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    narrow: bool = False
    """A plot for a phone."""


class LeagueAsked(BaseModel):
    """The query string of the league. `hidden` leaves out who it is where one maker's money could be read off."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    by: Literal["province", "district", "commune", "booth"] = "province"
    day: Day | None = None
    hidden: bool = False
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    narrow: bool = False

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """The same question as arguments of a URL, with what is `changed` in it."""
        asked = {"by": self.by, "day": self.day.isoformat() if self.day else None, "hidden": 1 if self.hidden else None}
        return {name: value for name, value in {**asked, **changed}.items() if value is not None}


class CostsAsked(BaseModel):
    """The query string of pages about giveaways and discounts; «none» is the bearer nobody named."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: Day | None = None
    booth: Id | None = None
    producer: Id | None = None
    product: Id | None = None
    borne_by: Literal["producer", "organiser", "shared", "none"] | None = None
    purpose: Literal["tasting", "gift", "sample", "damaged"] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def wanted(self) -> CostsWanted:
        """As the query reads it."""
        return CostsWanted(
            **{**self.model_dump(exclude={"page"}), "borne_by": "" if self.borne_by == "none" else self.borne_by}
        )

    def arguments(self) -> dict[str, Any]:
        """The same question as arguments of a URL, without the page."""
        return self.model_dump(exclude={"page"}, exclude_none=True, mode="json")


def costs_asked(arguments: Mapping[str, str]) -> CostsAsked:
    """Read a query string; an empty value asks for nothing. Raises NotFound."""
    try:
        return CostsAsked.model_validate({name: value for name, value in arguments.items() if value})
    except ValidationError:
        raise NotFound from None


def receipts_asked(arguments: Mapping[str, str]) -> ReceiptsAsked:
    """Read a query string; an empty zone is a question («in no zone»), any other empty value is none. Raises NotFound."""
    given = {name: value for name, value in arguments.items() if value or name == "zone"}
    try:
        return ReceiptsAsked.model_validate(given)
    except ValidationError:
        raise NotFound from None


def league_asked(arguments: Mapping[str, str]) -> LeagueAsked:
    """Read a query string. Raises NotFound."""
    try:
        return LeagueAsked.model_validate({name: value for name, value in arguments.items() if value})
    except ValidationError:
        raise NotFound from None


def day_asked(arguments: Mapping[str, str]) -> DayAsked:
    """Read a query string. Raises NotFound when it holds no day where one should stand."""
    try:
        return DayAsked.model_validate({name: value for name, value in arguments.items() if value})
    except ValidationError:
        raise NotFound from None
