"""What an owner of goods is owed: shares of what was sold, fees, what the house bears, what was carried over. Pure; decision 0031.

Every part of a statement is an `Entry` with `net = owner + house`: what buyers paid, and how it is divided. Of a fee the net is 0, the
owner's share below zero and the house's as much above. So whatever is put together, owners and house together have what buyers paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fair_pos.kernel.money import share_by_largest_remainder
from fair_pos.kernel.weight import weighed_amount_dong
from fair_pos.terms.rules import Rule, borne_by_house, price_of_unit, rule_for, share_line, split

Source = Literal["sale", "refund", "giveaway", "write_off", "count", "fee", "carried"]
SOURCES: tuple[Source, ...] = ("sale", "refund", "giveaway", "write_off", "count", "fee", "carried")
GOODS: tuple[Source, ...] = ("sale", "refund")
"""What buyers paid and got back."""
BORNE: tuple[Source, ...] = ("giveaway", "write_off", "count")
METHODS = ("transfer", "cash")
MOST_REFERENCE, MOST_WORDS, LEAST_REASON = 60, 300, 3


@dataclass(frozen=True, kw_only=True)
class Part:
    """A movement of goods that were sold (quantity and đồng above zero) or given back (both below), with its part of the receipt's line.

    `quantity` is base units, or grams of what is `weighed`. `day` is the receipt's own fair day; `rule_day` and `rule_booth` are those of
    the sale that is given back: it is undone by the rule it was made by. `late`: its day lies within an earlier statement of the owner.
    """

    source: Source
    id: str
    subject_id: str
    receipt: str
    day: date
    rule_day: date
    rule_booth: str
    product_id: str
    name: str
    unit: str
    quantity: int
    weighed: bool
    unit_price_dong: int
    pack_size: int
    amount_dong: int
    discount_dong: int
    discount_borne_by: str
    vat_code: str
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Borne:
    """Goods that brought nothing: given away, written off, missing at a count. Below zero where a later entry takes an earlier one back.

    `rule_day` is the day of the loss that is taken back, where that is another than `day`; `booth_id` where they lay.
    """

    source: Source
    id: str
    subject_id: str
    number: str
    day: date
    booth_id: str
    product_id: str
    name: str
    unit: str
    quantity: int
    weighed: bool
    unit_price_dong: int
    pack_size: int
    worth_dong: int
    borne_by: str
    """owner, house or shared"""
    reason: str
    photo: str = ""
    rule_day: date | None = None


@dataclass(frozen=True)
class Charge:
    """A fee; below zero when it corrects one."""

    id: str
    kind: str
    day: date
    amount_dong: int
    words: str


@dataclass(frozen=True)
class Carried:
    """What an earlier statement left for this one."""

    id: str
    number: int
    amount_dong: int


@dataclass(frozen=True)
class Terms:
    """What was agreed: split rules, and the smallest amount that is paid out."""

    rules: Sequence[Rule] = ()
    minimum_dong: int = 0


@dataclass(frozen=True)
class Entry:
    """One part of a statement, divided. `about` is what it came from; `rule` the one that divided it, if any did."""

    source: Source
    source_id: str
    net_dong: int
    owner_dong: int
    house_dong: int
    about: Part | Borne | Charge | Carried
    rule: Rule | None = None


@dataclass(frozen=True)
class Sums:
    """Of a statement, in đồng: `net = owner + house`, and `payable + carried_out = owner − fees + credited + carried_in`."""

    net_dong: int
    owner_dong: int
    house_dong: int
    fees_dong: int
    credited_dong: int
    carried_in_dong: int
    payable_dong: int
    carried_out_dong: int

    @property
    def due_dong(self) -> int:
        """What is the owner's when everything is counted, paid now or later."""
        return self.payable_dong + self.carried_out_dong


@dataclass(frozen=True)
class Content:
    """A statement before it is written down."""

    entries: tuple[Entry, ...]
    sums: Sums


def statement_of(
    parts: Iterable[Part],
    fees: Iterable[Charge],
    borne: Iterable[Borne],
    carried: Iterable[Carried],
    terms: Terms,
    *,
    owner_id: str = "",
) -> Content:
    """Divide every part and add up. The order of entries is that of the arguments: goods, what brought nothing, fees, carried over."""
    entries = (
        *(share_part(one, terms.rules, owner_id) for one in parts),
        *(credit(one, terms.rules, owner_id) for one in borne),
        *(Entry("fee", one.id, 0, -one.amount_dong, one.amount_dong, one) for one in fees),
        *(Entry("carried", one.id, 0, one.amount_dong, -one.amount_dong, one) for one in carried),
    )
    return Content(entries, sums_of(entries, terms.minimum_dong))


def share_part(part: Part, rules: Sequence[Rule], owner_id: str) -> Entry:
    """Goods sold or given back, by the rule that held on the day of the sale at the booth of the sale."""
    rule = rule_for(rules, booth_id=part.rule_booth, owner_id=owner_id, product_id=part.product_id, day=part.rule_day)
    shares = share_line(
        part.amount_dong,
        part.discount_dong,
        part.discount_borne_by,
        price_of_unit(part.unit_price_dong, part.pack_size),
        part.quantity,
        part.quantity if part.weighed else None,
        rule,
    )
    return Entry(part.source, part.id, part.amount_dong, shares.owner_dong, shares.house_dong, part, rule)


def credit(one: Borne, rules: Sequence[Rule], owner_id: str) -> Entry:
    """What the house owes for goods that brought nothing: what the owner would have had of their worth; of shared ones half, an odd đồng
    to the owner; of what the owner bears nothing, and it is listed all the same.
    """
    day = one.rule_day or one.day
    rule = rule_for(rules, booth_id=one.booth_id, owner_id=owner_id, product_id=one.product_id, day=day)
    lost = split(
        one.worth_dong,
        unit_price_dong=price_of_unit(one.unit_price_dong, one.pack_size),
        units=one.quantity,
        grams=one.quantity if one.weighed else None,
        rule=rule,
    ).owner_dong
    given = borne_by_house(lost, {"house": "organiser", "shared": "shared"}.get(one.borne_by, "producer"))
    return Entry(one.source, one.id, 0, given, -given, one, rule)


def sums_of(entries: Iterable[Entry], minimum_dong: int) -> Sums:
    """Add up. Less than the minimum, and what is below zero, is carried over whole."""
    owner = net = fees = credited = carried = 0
    for one in entries:
        net += one.net_dong
        match one.source:
            case "fee":
                fees -= one.owner_dong
            case "carried":
                carried += one.owner_dong
            case "giveaway" | "write_off" | "count":
                credited += one.owner_dong
            case _:
                owner += one.owner_dong
    due = owner - fees + credited + carried
    payable = payable_of(due, minimum_dong)
    return Sums(net, owner, net - owner, fees, credited, carried, payable, due - payable)


def payable_of(due_dong: int, minimum_dong: int) -> int:
    """All that is due, or nothing."""
    return due_dong if due_dong > 0 and due_dong >= minimum_dong else 0


def spread(amount_dong: int, quantities: Sequence[int]) -> list[int]:
    """A line's amount over the movements that carried its goods, by their quantities, largest remainder; signs do not matter."""
    weights = [abs(one) for one in quantities]
    if not any(weights):
        return [amount_dong, *[0] * (len(weights) - 1)] if weights else []
    return share_by_largest_remainder(amount_dong, weights)


def worth_of(quantity: int, price_dong: int, *, weighed: bool) -> int:
    """What goods would have cost; below zero when the quantity is."""
    if not weighed:
        return quantity * price_dong
    worth = weighed_amount_dong(abs(quantity), price_dong)
    return worth if quantity >= 0 else -worth


def written_number(number: int) -> str:
    """1 → «TT-0001»."""
    return f"TT-{number:04}"


# --- what the paper lists ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GoodsRow:
    """A product on a statement: what was sold and what came back, in base units or grams, and đồng."""

    product_id: str
    name: str
    unit: str
    weighed: bool
    vat_code: str
    sold: int
    returned: int
    sold_dong: int
    returned_dong: int
    owner_dong: int

    @property
    def net_dong(self) -> int:
        """What buyers paid less what they got back."""
        return self.sold_dong - self.returned_dong


def goods_of(entries: Iterable[Entry]) -> list[GoodsRow]:
    """The goods of a statement by product, as first named, the one that brought most first."""
    rows: dict[tuple[str, str, bool, str], list[Entry]] = {}
    for one in entries:
        if isinstance(one.about, Part):
            key = (one.about.product_id, one.about.unit, one.about.weighed, one.about.vat_code)
            rows.setdefault(key, []).append(one)
    found = [_goods_row(of_product) for of_product in rows.values()]
    return sorted(found, key=lambda row: (-row.net_dong, row.name, row.product_id, row.unit, row.vat_code))


def _goods_row(entries: Sequence[Entry]) -> GoodsRow:
    first = entries[0].about
    assert isinstance(first, Part)
    sold = [one for one in entries if one.source == "sale"]
    returned = [one for one in entries if one.source == "refund"]
    return GoodsRow(
        first.product_id, first.name, first.unit, first.weighed, first.vat_code,
        sum(_quantity(one) for one in sold),
        -sum(_quantity(one) for one in returned),
        sum(one.net_dong for one in sold),
        -sum(one.net_dong for one in returned),
        sum(one.owner_dong for one in entries),
    )  # fmt: skip


def _quantity(one: Entry) -> int:
    return one.about.quantity if isinstance(one.about, Part | Borne) else 0


VAT_ORDER = ("10", "8", "5", "0", "KCT", "KKKNT", "")


def by_vat_rate(rows: Iterable[GoodsRow]) -> list[tuple[str, list[GoodsRow]]]:
    """The lists of goods sold, one for each VAT rate as the law asks (Circular 91/2026, consignment): together all the goods, once."""
    lists: dict[str, list[GoodsRow]] = {}
    for row in rows:
        lists.setdefault(row.vat_code, []).append(row)
    rank = {code: at for at, code in enumerate(VAT_ORDER)}
    return sorted(lists.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0]))
