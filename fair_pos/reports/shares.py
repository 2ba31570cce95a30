"""Which share of the money came from OCOP goods, and how a share is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session, scoped_session

from fair_pos.reports.goods import OCOP_STARS, goods_of
from fair_pos.reports.goods_tables import summed
from fair_pos.reports.queries import rounding_net
from fair_pos.reports.rules import Figure

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Share:
    """Net money of OCOP goods within all net money («thực thu»), in đồng; thousandths, rounded half up.

    `permille` is None where a share means nothing: nothing was sold, or more was given back than sold on one side.
    """

    ocop_dong: int
    total_dong: int
    permille: int | None


def share_of(part_dong: int, whole_dong: int) -> int | None:
    """Thousandths of the whole, rounded half up; None where the part does not lie within it.

    Rounding of cash lies in the whole and in no goods: a part that is larger by less than half a thousandth is all of it.

    >>> share_of(7_000_000_000, 10_200_000_000), share_of(1_000_400, 1_000_000), share_of(1_001_000, 1_000_000)
    (686, 1000, None)
    """
    if whole_dong <= 0 or part_dong < 0:
        return None
    permille = (2000 * part_dong + whole_dong) // (2 * whole_dong)
    return permille if permille <= 1000 else None


def percent_words(permille: int) -> str:
    """«68,6 %» of 686 thousandths; the same in both languages, as all numbers are."""
    return f"{tenths_words(permille)}\N{NO-BREAK SPACE}%"


def tenths_words(permille: int) -> str:
    """«68,6» of 686 thousandths: so many of a hundred."""
    return f"{permille // 10},{permille % 10}"


def ocop_share_in(stars: Iterable[Figure], net_dong: int) -> Share:
    """From a table by star and the net it is a part of: the same definition on every page, in published figures and in comparisons.

    Goods count as OCOP when their product had 3, 4 or 5 stars on the fair day of the receipt; a refund counts by the star on its
    own day (docs/decisions/0024).
    """
    ocop = sum(figure.net_dong for figure in stars if figure.key in OCOP_STARS)
    return Share(ocop, net_dong, share_of(ocop, net_dong))


def ocop_share(session: AnySession, edition_id: str, day: date | None) -> Share:
    """Of one fair day, or of the whole edition; from the running figures."""
    stars = summed(goods_of(session, edition_id, day).rows, lambda row: row.star, {})
    net_dong = sum(figure.net_dong for figure in stars) + rounding_net(session, edition_id, day)
    return ocop_share_in(stars, net_dong)
