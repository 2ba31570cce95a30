"""What the forms about closing a day may contain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from fair_pos.daysheet.rules import Agreed
from fair_pos.kernel.day import EARLIEST, LATEST
from fair_pos.kernel.refusal import NotFound

MOST_PAGE = 10_000


def day_in_address(text: str) -> date:
    """The day in an address, «2026-11-24» and nothing else. Raises NotFound."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if found.isoformat() != text or not EARLIEST <= found <= LATEST:
        raise NotFound
    return found


def agreed_of(form: Mapping[str, str], late: Collection[str]) -> Agreed:
    """What was ticked. `late`, the ids of tablets that the form named, count only together with their tick: hidden fields alone agree to nothing."""
    return Agreed(early=bool(form.get("early")), late_ids=frozenset(late) if form.get("without") else frozenset())


def page_asked(args: Mapping[str, str]) -> int:
    """The page of a list, from 1."""
    text = args.get("page", "")
    return max(1, min(int(text), MOST_PAGE)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def number_asked(args: Mapping[str, str]) -> int | None:
    """The number of a sheet; None asks for the day as it stands. Raises NotFound."""
    text = args.get("number", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise NotFound
    return int(text)
