"""Which share of the money came from OCOP goods, and how a share is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session, scoped_session

from fair_pos.reports.goods import goods_of
from fair_pos.reports.goods_tables import summed
from fair_pos.reports.rules import Figure

AnySession = Session | scoped_session[Session]
OCOP_STARS = ("5", "4", "3")


@dataclass(frozen=True)
class Share:
    """Net money of OCOP goods within the net money of all goods, in đồng; thousandths, rounded half up.

    `permille` is None where a share means nothing: nothing was sold, or more was given back than sold on one side.
    """

    ocop_dong: int
    total_dong: int
    permille: int | None


def share_of(part_dong: int, whole_dong: int) -> int | None:
    """Thousandths of the whole, rounded half up; None where the part does not lie within it.

    >>> share_of(7_000_000_000, 10_200_000_000)
    686
    """
    if whole_dong <= 0 or not 0 <= part_dong <= whole_dong:
        return None
    return (2000 * part_dong + whole_dong) // (2 * whole_dong)


def percent_words(permille: int) -> str:
    """«68,6 %» of 686 thousandths; the same in both languages, as all numbers are."""
    return f"{tenths_words(permille)}\N{NO-BREAK SPACE}%"


def tenths_words(permille: int) -> str:
    """«68,6» of 686 thousandths: so many of a hundred."""
    return f"{permille // 10},{permille % 10}"


def ocop_share_in(stars: Iterable[Figure]) -> Share:
    """From a table by star. Goods count as OCOP when their product had 3, 4 or 5 stars on the fair day of the receipt.

    Rounding of cash is no goods and stands on neither side; a refund counts by the star on its own day (docs/decisions/0024).
    """
    ocop = total = 0
    for figure in stars:
        total += figure.net_dong
        if figure.key in OCOP_STARS:
            ocop += figure.net_dong
    return Share(ocop, total, share_of(ocop, total))


def ocop_share(session: AnySession, edition_id: str, day: date | None) -> Share:
    """Of one fair day, or of the whole edition; from the running figures."""
    return ocop_share_in(summed(goods_of(session, edition_id, day).rows, lambda row: row.star, {}))
