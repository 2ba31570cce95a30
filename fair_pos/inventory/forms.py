"""What the pages of stock may be asked by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fair_pos.kernel.day import EARLIEST, LATEST


class StockAsked(BaseModel):
    """The query string of a page of stock: the evening of a past day, and goods of one owner. Unknown names are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: Annotated[date, Field(ge=EARLIEST, le=LATEST)] | None = None
    owner: Annotated[str, Field(max_length=36)] = ""


def stock_asked(args: Mapping[str, str]) -> StockAsked:
    """What an address asks for; what cannot be read does not narrow it, so that an old link still opens."""
    said = {name: value for name, value in args.items() if value}
    try:
        return StockAsked.model_validate(said)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        return StockAsked.model_validate({name: value for name, value in said.items() if name not in wrong})
