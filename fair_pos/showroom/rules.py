"""On what grounds a product is on display, what speaks against one, and how the goods of a showroom are counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fair_pos.kernel.text import N_
from fair_pos.registry.rules import CertificateFact, best_on, state_on
from fair_pos.registry.titles import KINDS, SHORT, TitleFact, holding_on

LEAST_STARS = 3
MOST_REASON = 300

Reason = Literal["ocop", "cnnt_tieu_bieu", "chu_luc", "dac_san"]
REASONS: dict[str, str] = {"ocop": N_("OCOP từ 3 sao"), **{str(kind): name for kind, name in SHORT.items()}}
"""Grounds for admission, code → short name, in the order of the page."""

LINES: dict[str, tuple[str, frozenset[str]]] = {
    "food": (N_("Thực phẩm, đồ uống, dược liệu"), frozenset({"thuc_pham", "do_uong", "duoc_lieu"})),
    "craft": (N_("Thủ công mỹ nghệ"), frozenset({"thu_cong_my_nghe"})),
    "other": (N_("Nhóm khác"), frozenset({"sinh_vat_canh", "du_lich"})),
}
"""The two lines of a showroom, what one eats or drinks and what hands made, and the rest; each group of OCOP is in one of them."""


@dataclass(frozen=True)
class Ground:
    """One reason for which a product may be on display. `until` is its last day, None when it has none."""

    kind: str
    stars: int
    until: date | None
    decision_no: str


@dataclass(frozen=True)
class Lack:
    """Why something is no ground: code with facts, a sentence of words.lack_sentence."""

    code: Literal["no_stars", "few_stars", "stars_ended", "stars_not_yet", "no_title", "title_ended", "title_not_yet"]
    day: date | None = None
    stars: int = 0
    kind: str = ""


def grounds_of(
    certificates: Sequence[CertificateFact], titles: Sequence[TitleFact], day: date
) -> tuple[list[Ground], list[Lack]]:
    """The grounds that hold on `day`, and what was looked at and is none.

    At least 3 OCOP stars that hold; or a title that holds: typical rural industrial product, key product, local speciality.
    """
    grounds: list[Ground] = []
    lacks: list[Lack] = []
    best = best_on(certificates, day)
    if best is not None and best.stars >= LEAST_STARS:
        grounds.append(Ground("ocop", best.stars, best.expires_day, best.decision_no))
    else:
        lacks.append(_stars_lacking(certificates, best, day))
    holding = holding_on(titles, day)
    grounds += [Ground(one.kind, 0, one.expires_day, one.decision_no) for one in holding]
    held = {one.kind for one in holding}
    for kind in KINDS:
        some = [one for one in titles if one.kind == kind]
        if kind in held or not some:
            continue
        ended = [one.expires_day for one in some if one.state_on(day) == "expired" and one.expires_day]
        if ended:
            lacks.append(Lack("title_ended", max(ended), kind=kind))
        else:
            lacks.append(Lack("title_not_yet", min(one.issued_day for one in some), kind=kind))
    if not titles:
        lacks.append(Lack("no_title"))
    return grounds, lacks


def _stars_lacking(certificates: Sequence[CertificateFact], best: CertificateFact | None, day: date) -> Lack:
    if best is not None:
        return Lack("few_stars", best.expires_day, best.stars)
    ended = [one for one in certificates if state_on(one, day) == "expired"]
    if ended:
        last = max(ended, key=lambda one: one.expires_day)
        return Lack("stars_ended", last.expires_day, last.stars)
    if certificates:
        first = min(certificates, key=lambda one: one.issued_day)
        return Lack("stars_not_yet", first.issued_day, first.stars)
    return Lack("no_stars")


def written(grounds: Iterable[Ground]) -> list[dict[str, Any]]:
    """Grounds as they are stored with an admission."""
    return [
        {
            "kind": one.kind,
            "stars": one.stars,
            "until": one.until.isoformat() if one.until else None,
            "decision": one.decision_no,
        }
        for one in grounds
    ]


@dataclass(frozen=True)
class Counted:
    """What the counts need of a product on display: its maker, its OCOP group and the kinds of its grounds."""

    product_id: str
    producer_id: str
    group_code: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class Counts:
    """A product or maker is counted once in `products` and `makers`, and once under each ground it has: those may add up to more."""

    products: int
    makers: int
    lines: Mapping[str, int]
    kinds: Mapping[str, int]
    several: int
    """Products with more than one ground."""
    without: int
    """Products with no ground on the day."""


def line_of(group_code: str) -> str:
    """The line of a showroom that an OCOP group belongs to."""
    return next(code for code, (_name, groups) in LINES.items() if group_code in groups)


def count(goods: Iterable[Counted]) -> Counts:
    """Add goods up: every product once."""
    each = {one.product_id: one for one in goods}.values()
    return Counts(
        products=len(each),
        makers=len({one.producer_id for one in each}),
        lines={code: sum(line_of(one.group_code) == code for one in each) for code in LINES},
        kinds={kind: sum(kind in one.kinds for one in each) for kind in REASONS},
        several=sum(len(one.kinds) > 1 for one in each),
        without=sum(not one.kinds for one in each),
    )


def fits(one: Counted, *, line: str, kinds: Iterable[str], without: bool = False) -> bool:
    """Whether a product is among those of a line (all when empty) and has every one of `kinds`; or has no ground at all."""
    in_line = not line or line_of(one.group_code) == line
    return in_line and set(kinds) <= one.kinds and not (without and one.kinds)
