"""What the form of a plan may contain: metres, as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fair_pos.floorplan.refusals import PlanLengthWrong, PlanSizeWrong
from fair_pos.floorplan.rules import BOOTH_DM, LEAST_PLAN_DM, MOST_PLAN_DM, PlanSize, Spot
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean

SIDES = ("x", "y", "w", "h")
_FIELD = re.compile(r"([xywh])-(.+)", re.DOTALL)
_METRES = re.compile(r"([-\u2212]?)([0-9]{1,4})(?:[.,]([0-9]))?")
Texts = dict[str, str]
"""What stands in the form, by name of the field: «x-<booth id>», «width», «version» …"""


@dataclass(frozen=True)
class Sent:
    """A plan as a form describes it."""

    spots: dict[str, Spot]
    size: PlanSize
    version: int


def decimetres(text: str) -> int | None:
    """Whole decimetres of «12,5», «12.5» or «12» metres; None when it is no such number."""
    found = _METRES.fullmatch(clean(text))
    if found is None:
        return None
    sign, whole, tenth = found.groups()
    return (int(whole) * 10 + int(tenth or 0)) * (-1 if sign else 1)


def metres(length_dm: int) -> str:
    """«12,5» of 125 decimetres, «12» of 120."""
    whole, tenth = divmod(abs(length_dm), 10)
    return f"{'-' if length_dm < 0 else ''}{whole}{f',{tenth}' if tenth else ''}"


def texts_of(spots: Mapping[str, Spot], size: PlanSize, version: int) -> Texts:
    """A plan as its form has it."""
    texts = {"width": metres(size.width), "height": metres(size.height), "version": str(version)}
    for booth_id, spot in spots.items():
        sides = (spot.x, spot.y, spot.width, spot.height)
        texts |= {f"{side}-{booth_id}": metres(length) for side, length in zip(SIDES, sides, strict=True)}
    return texts


def read_plan(texts: Mapping[str, str], codes: Mapping[str, str]) -> Sent:
    """The plan that a form describes; `codes` are the booths of the edition, id → code.

    Four empty fields are a booth without a place; without a width and a depth a booth has the usual ones. Raises NotFound for a booth
    that is not in `codes` and for a version that is no number, PlanLengthWrong and PlanSizeWrong.
    """
    named = {found.group(2) for name in texts if (found := _FIELD.fullmatch(name))}
    version = clean(texts.get("version", ""))
    if not named <= codes.keys() or not re.fullmatch(r"[0-9]{1,9}", version):
        raise NotFound
    width, height = (decimetres(texts.get(name, "")) for name in ("width", "height"))
    if width is None or height is None:
        raise PlanSizeWrong(least=LEAST_PLAN_DM // 10, most=MOST_PLAN_DM // 10)
    spots = {}
    for booth_id, code in codes.items():
        spot = _spot(texts, booth_id)
        if spot == "wrong":
            raise PlanLengthWrong(booth=code)
        if isinstance(spot, Spot):
            spots[booth_id] = spot
    return Sent(spots, PlanSize(width, height), int(version))


def readable_spots(texts: Mapping[str, str], booth_ids: Mapping[str, str]) -> dict[str, Spot]:
    """Those spots of a form that can be read, for drawing it beside its fields."""
    return {one: spot for one in booth_ids if isinstance(spot := _spot(texts, one), Spot)}


def _spot(texts: Mapping[str, str], booth_id: str) -> Spot | str | None:
    """The spot of a booth, None when it has none, «wrong» when a field is no length."""
    found = [texts.get(f"{side}-{booth_id}", "").strip() for side in SIDES]
    if not any(found):
        return None
    x, y, width, height = (decimetres(text) for text in found)
    width = BOOTH_DM if found[2] == "" else width
    height = BOOTH_DM if found[3] == "" else height
    if x is None or y is None or width is None or height is None or min(width, height) <= 0:
        return "wrong"
    return Spot(x, y, width, height)
