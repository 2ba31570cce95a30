"""Titles beside the OCOP star: what they are, how long they hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fair_pos.kernel.text import N_
from fair_pos.registry.rules import State, state_between

Kind = Literal["cnnt_tieu_bieu", "chu_luc", "dac_san"]
Level = Literal["commune", "district", "province", "region", "national"]

KINDS: dict[Kind, str] = {
    "cnnt_tieu_bieu": N_("Sản phẩm công nghiệp nông thôn tiêu biểu"),
    "chu_luc": N_("Sản phẩm chủ lực"),
    "dac_san": N_("Đặc sản địa phương"),
}
"""Code → Vietnamese name, in the order of a choice. The first: Circular 26/2014/TT-BCT."""
SHORT: dict[Kind, str] = {
    "cnnt_tieu_bieu": N_("CNNT tiêu biểu"),
    "chu_luc": N_("Chủ lực"),
    "dac_san": N_("Đặc sản"),
}
LEVELS: dict[Level, str] = {
    "commune": N_("cấp xã"),
    "district": N_("cấp huyện"),
    "province": N_("cấp tỉnh"),
    "region": N_("cấp khu vực"),
    "national": N_("cấp quốc gia"),
}
"""Who gave it. Districts are gone since 1/7/2025; what they gave before still holds."""
MOST_DECISION = 100


@dataclass(frozen=True)
class TitleFact:
    """A title with its own dates, whatever the star beside it does; `expires_day` is its last day, None when it names none."""

    id: str
    kind: Kind
    level: Level
    issued_day: date
    expires_day: date | None
    decision_no: str

    def state_on(self, day: date) -> State:
        """Whether it holds on `day`; «expiring» as of a certificate."""
        return state_between(self.issued_day, self.expires_day, day)


@dataclass(frozen=True)
class TitleSaid:
    """A title as a form or a file names it."""

    product_id: str
    kind: str
    level: str
    issued_day: date
    expires_day: date | None = None
    decision_no: str = ""


def holding_on(titles: Iterable[TitleFact], day: date) -> list[TitleFact]:
    """One title of each kind that holds on `day`, in the order of KINDS: of a kind held twice, the one that holds longest."""
    best: dict[Kind, TitleFact] = {}
    for one in titles:
        if one.state_on(day) not in {"valid", "expiring"}:
            continue
        known = best.get(one.kind)
        if known is None or (_last_day(one), one.issued_day) > (_last_day(known), known.issued_day):
            best[one.kind] = one
    return [best[kind] for kind in KINDS if kind in best]


def _last_day(title: TitleFact) -> date:
    return title.expires_day or date.max
