"""Who gets what of a sale: which split rule holds, and its shares in whole đồng. Pure; decision 0027 says why so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fair_pos.kernel.money import share_by_largest_remainder
from fair_pos.kernel.weight import weighed_amount_dong

WHOLE = 10_000
"""All of it, in basis points."""
Kind = Literal["percent", "tiers", "fixed"]
KINDS: tuple[Kind, ...] = ("percent", "tiers", "fixed")
FEE_KINDS = ("booth_rent", "fridge", "other", "correction")
"""What an owner may be charged for; a correction may be below zero and is then a credit."""
MOST_TIERS = 20
MOST_DONG = 10**12


@dataclass(frozen=True, kw_only=True)
class Share:
    """What the owner gets of a sale. Of `kind` percent `basis_points` of it; of tiers those of the tier the price falls into, pairs of
    (lowest price in đồng, basis points) from 0 upwards; of fixed all but `unit_dong` for every unit or kilogram, which the house keeps.
    """

    kind: Kind
    basis_points: int = 0
    tiers: tuple[tuple[int, int], ...] = ()
    unit_dong: int = 0


@dataclass(frozen=True, kw_only=True)
class About:
    """Which sales a rule is about: at which booth, whose goods, which product. None means «all»."""

    booth_id: str | None = None
    owner_id: str | None = None
    product_id: str | None = None

    @property
    def key(self) -> str:
        """As one text: two rules about the same sales have the same."""
        return "|".join(one or "" for one in (self.booth_id, self.owner_id, self.product_id))

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """How narrow it is; of two rules that hold the one with the higher rank decides."""
        return (self.product_id is not None, self.owner_id is not None, self.booth_id is not None)

    def takes(self, booth_id: str, owner_id: str, product_id: str) -> bool:
        """Whether a sale there, of that owner's goods of that product, is one of them."""
        asked = ((self.booth_id, booth_id), (self.owner_id, owner_id), (self.product_id, product_id))
        return all(own is None or own == given for own, given in asked)

    def meets(self, other: About) -> bool:
        """Whether any sale can be one of both."""
        pairs = zip(self.key.split("|"), other.key.split("|"), strict=True)
        return all(not one or not two or one == two for one, two in pairs)


@dataclass(frozen=True, kw_only=True)
class Rule(Share, About):
    """A split rule. It holds on fair days from `starts_day` to `ends_day`, both included; None: until another is said."""

    id: str
    starts_day: date
    ends_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether sales of that fair day are split by it."""
        return self.starts_day <= day and (self.ends_day is None or day <= self.ends_day)


@dataclass(frozen=True)
class Split:
    """What the owner and the house get; đồng, together always what was split."""

    owner_dong: int
    house_dong: int


def rule_for(rules: Iterable[Rule], *, booth_id: str, owner_id: str, product_id: str, day: date) -> Rule | None:
    """The rule by which a sale of that fair day is split; None when there is none, and then the house keeps nothing.

    The narrowest decides, in this order: product with owner and place, product with owner, product with place, product; then owner with
    place, owner; then place; then the rule for everything. Rules about the same do not overlap in time, so there is one at most.
    """
    here = [one for one in rules if one.holds_on(day) and one.takes(booth_id, owner_id, product_id)]
    return max(here, key=lambda one: (one.rank, one.starts_day, one.id), default=None)


def split(base_dong: int, *, unit_price_dong: int, units: int, grams: int | None, rule: Share | None) -> Split:
    """Share `base_dong` by a rule, by largest remainder: no share is off its exact fraction by a whole đồng; a half goes to the owner.

    `unit_price_dong` is the price of one base unit (price_of_unit), or of a kilogram; it chooses the tier. `units` are base units sold,
    and for goods by weight `grams` are what they weigh in all (`units` then counts nothing). What the house keeps per unit is never more
    than the base. A base below zero is split as its positive twin, so that giving back undoes what selling shared. No rule: all is the
    owner's.
    """
    if base_dong < 0:
        twin = split(-base_dong, unit_price_dong=unit_price_dong, units=units, grams=grams, rule=rule)
        return Split(-twin.owner_dong, -twin.house_dong)
    if rule is None:
        return Split(base_dong, 0)
    if rule.kind == "fixed":
        kept = abs(units) * rule.unit_dong if grams is None else weighed_amount_dong(abs(grams), rule.unit_dong)
        house = min(kept, base_dong)
        return Split(base_dong - house, house)
    points = rule.basis_points if rule.kind == "percent" else tier_points(rule.tiers, unit_price_dong)
    owner, house = share_by_largest_remainder(base_dong, [points, WHOLE - points])
    return Split(owner, house)


def share_line(
    amount_dong: int,
    discount_dong: int,
    discount_borne_by: str,
    unit_price_dong: int,
    units: int,
    grams: int | None,
    rule: Share | None,
) -> Split:
    """Split what a buyer paid for a line, or for a part of it; the shares add up to `amount_dong`.

    The rule is applied to the amount and that part of the discount which the organiser bears (all of it, half of a shared one, and of
    one that the producer bears or that nobody spoke of nothing): the owner gets as much as if that part had not been taken off, and the
    house the rest, which may be below zero. Of an odd đồng of a shared discount the house bears more. For goods given back all three of
    amount, discount and shares may be below zero; the shares are then those of the sale with the other sign.
    """
    base = amount_dong + borne_by_house(discount_dong, discount_borne_by)
    owner = split(base, unit_price_dong=unit_price_dong, units=units, grams=grams, rule=rule).owner_dong
    return Split(owner, amount_dong - owner)


def borne_by_house(discount_dong: int, borne_by: str) -> int:
    """What of a discount the organiser bears."""
    if borne_by == "organiser":
        return discount_dong
    return share_by_largest_remainder(discount_dong, [1, 1])[0] if borne_by == "shared" else 0


def price_of_unit(unit_price_dong: int, pack_size: int) -> int:
    """The price by which a tier is chosen: of packs that of one base unit, rounded down, so that a case of cheap goods stays cheap.

    Rounding down changes no tier: n units cost at least n times a whole price exactly when the rounded price of one does.
    """
    return unit_price_dong // max(pack_size, 1)


def tier_points(tiers: Iterable[tuple[int, int]], price_dong: int) -> int:
    """The owner's share in basis points at this price: that of the last tier that begins at or below it."""
    return max(((start, points) for start, points in tiers if start <= price_dong), default=(0, WHOLE))[1]


# --- what may be said -------------------------------------------------------------------------------------------------

Trouble = Literal["rate_over", "tiers_wrong", "amount_wrong"]


def trouble_with_share(share: Share) -> Trouble | None:
    """Why a rule cannot be meant; None when it can."""
    points = [share.basis_points] if share.kind == "percent" else [one for _start, one in share.tiers]
    if share.kind != "fixed" and any(not 0 <= one <= WHOLE for one in points):
        return "rate_over"
    if share.kind == "tiers":
        starts = [start for start, _points in share.tiers]
        in_order = starts == sorted(set(starts)) and starts[:1] == [0] and len(starts) <= MOST_TIERS
        if not in_order or starts[-1] > MOST_DONG:
            return "tiers_wrong"
    if share.kind == "fixed" and not 0 < share.unit_dong <= MOST_DONG:
        return "amount_wrong"
    return None


def overlaps(one: Rule, other: Rule) -> bool:
    """Whether two rules about the same sales both hold on some day."""
    if one.key != other.key:
        return False
    return (other.ends_day is None or one.starts_day <= other.ends_day) and (
        one.ends_day is None or other.starts_day <= one.ends_day
    )


def changes_past(new: Rule, others: Iterable[Rule], today: date) -> Rule | None:
    """A rule by which goods may have been sold until `today` that `new` would split otherwise; None when there is none.

    Only a wider rule that held on one of those days: a narrower one goes on deciding.
    """
    if new.starts_day > today:
        return None
    until = today if new.ends_day is None else min(today, new.ends_day)
    for one in others:
        ends = one.ends_day or until
        if one.rank < new.rank and one.meets(new) and one.starts_day <= until and ends >= new.starts_day:
            return one
    return None


@dataclass(frozen=True, kw_only=True)
class Divided:
    """Goods of which a rule said how they are divided: whose, what, and the booth and fair day whose rule it was."""

    booth_id: str
    owner_id: str
    product_id: str
    day: date


def last_divided_otherwise(before: Iterable[Rule], after: Iterable[Rule], goods: Iterable[Divided]) -> date | None:
    """The last of those days on which another rule decides after than before; None when all goods keep the rule they had."""
    old, new = list(before), list(after)

    def decides(rules: list[Rule], one: Divided) -> str | None:
        rule = rule_for(rules, booth_id=one.booth_id, owner_id=one.owner_id, product_id=one.product_id, day=one.day)
        return None if rule is None else rule.id

    return max((one.day for one in goods if decides(old, one) != decides(new, one)), default=None)


def read_points(text: str) -> int | None:
    """Basis points of a percentage as people type it, with at most two decimals; None for what is none. Over 100 % is read, to be refused.

    >>> read_points("80"), read_points("82,5 %"), read_points("120"), read_points("0.125")
    (8000, 8250, 12000, None)
    """
    whole, mark, rest = text.strip().removesuffix("%").strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 5):
        return None
    if mark and not (rest.isascii() and rest.isdecimal() and len(rest) <= 2):
        return None
    return int(whole) * 100 + int((rest + "00")[:2])
