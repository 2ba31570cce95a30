"""What the forms about split rules and fees may contain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from fair_pos.catalogue.rules import read_price
from fair_pos.kernel.refusal import NotFound
from fair_pos.terms.refusals import FeeAmountWrong, MinimumWrong, RateUnread, TiersWrong, UnitAmountWrong
from fair_pos.terms.rules import KINDS, MOST_TIERS, About, Share, read_points
from fair_pos.venues.refusals import DayInvalid, FieldMissing
from fair_pos.venues.rules import read_day


def about_said(form: Mapping[str, str]) -> About:
    """Which sales; an empty field is «all»."""
    booth, owner, product = (form.get(name) or None for name in ("booth", "owner", "product"))
    return About(booth_id=booth, owner_id=owner, product_id=product)


def share_said(form: MultiDict[str, str]) -> Share:
    """What the owner gets. Raises NotFound, RateUnread, TiersWrong, UnitAmountWrong."""
    for kind in KINDS:
        if form.get("kind") == kind == "percent":
            return Share(kind=kind, basis_points=_points(form.get("percent", "")))
        if form.get("kind") == kind == "tiers":
            return Share(kind=kind, tiers=_tiers(form.getlist("tier_price"), form.getlist("tier_percent")))
        if form.get("kind") == kind == "fixed":
            amount = read_price(form.get("unit_dong", ""))
            if amount is None:
                raise UnitAmountWrong
            return Share(kind=kind, unit_dong=amount)
    raise NotFound


def _points(text: str) -> int:
    points = read_points(text)
    if points is None:
        raise RateUnread(value=text[:40])
    return points


def _tiers(prices: list[str], percents: list[str]) -> tuple[tuple[int, int], ...]:
    found = []
    for price, share in zip(prices, percents, strict=False):
        if not price.strip() and not share.strip():
            continue  # a row that was left empty
        start = read_price(price)
        if start is None:
            raise TiersWrong(most=MOST_TIERS)
        found.append((start, _points(share)))
    return tuple(found)


def day_said(form: Mapping[str, str], name: str) -> date:
    """A day that must be given. Raises FieldMissing, DayInvalid."""
    text = form.get(name, "")
    if not text.strip():
        raise FieldMissing(field="day")
    day = read_day(text)
    if day is None:
        raise DayInvalid(value=text[:40])
    return day


def last_day_said(form: Mapping[str, str]) -> date | None:
    """The last day, when one is given. Raises DayInvalid."""
    return day_said(form, "ends_day") if form.get("ends_day", "").strip() else None


def fee_amount_said(form: Mapping[str, str]) -> int:
    """An amount in đồng, of a correction also below zero. Raises FeeAmountWrong."""
    text = form.get("amount", "").strip().replace("\N{MINUS SIGN}", "-")
    amount = read_price(text.removeprefix("-"))
    if amount is None:
        raise FeeAmountWrong
    return -amount if text.startswith("-") else amount


def minimum_said(form: Mapping[str, str]) -> int:
    """An amount in đồng; an empty field is 0. Raises MinimumWrong."""
    amount = read_price(form.get("minimum", "").strip() or "0")
    if amount is None:
        raise MinimumWrong
    return amount


def amount_tried(form: Mapping[str, str]) -> tuple[int, int] | None:
    """(price in đồng, quantity) of a line to try; None when they are not both plain numbers above zero."""
    price, quantity = read_price(form.get("price", "")), read_price(form.get("quantity", "") or "1")
    if price is None or not quantity or price > 10**12 or quantity > 10**6:
        return None
    return price, quantity
