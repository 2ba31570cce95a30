"""Days of one till as a good program sells them: every sum right, whatever was chosen, discounted, weighed, paid and given back.

The arithmetic is that of docs/till-protocol.md, written down here a second time: it is what the rules and figures are held to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import strategies as st

from fair_pos.kernel.money import share_by_largest_remainder
from fair_pos.kernel.weight import weighed_amount_dong
from fair_pos.sales.facts import LineFact, PaymentFact, SaleFact
from tests.sales.facts import ARRIVED, KNOWN, a_sale, refund_of

SHOP = {"honey": ("honey", None, 1), "tea": ("tea", None, 1), "fish": ("fish", None, 0), "case": ("honey", "case", 12)}
"""Name → product, pack, and how many units one of it is; 0 for goods sold by weight."""


@dataclass(frozen=True)
class Day:
    """Sales and refunds in the order in which they happened."""

    documents: list[SaleFact]

    def refunds_of(self, sale: SaleFact) -> list[SaleFact]:
        """What of this sale came back."""
        return [one for one in self.documents if one.refund_of == sale.id]

    @property
    def sales(self) -> list[SaleFact]:
        """Without the refunds."""
        return [one for one in self.documents if one.kind == "sale"]


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Up to eight sales, each followed by any number of refunds, the last of which may take back all that is left."""
    documents: list[SaleFact] = []
    for number in range(draw(st.integers(1, 8))):
        at = ARRIVED - timedelta(minutes=draw(st.integers(60, 2000)))
        sale = draw(sales(f"sale {number}"))
        documents.append(replace(sale, device_at=at, fair_day=a_sale(at=at).fair_day))
        documents += draw(givings_back(documents[-1]))
    return Day(documents)


@st.composite
def sales(draw: st.DrawFn, sale_id: str) -> SaleFact:
    """One to five lines, each with or without a discount, perhaps one on all, paid in one to three ways."""
    lines = [draw(lines_of(name)) for name in draw(st.lists(st.sampled_from(sorted(SHOP)), min_size=1, max_size=5))]
    if draw(st.booleans()):
        lines = with_cart_discount(lines, draw(st.integers(1, 90)))
    total = sum(line.amount_dong for line in lines)
    methods = draw(st.lists(st.sampled_from(["cash", "transfer", "card"]), min_size=1, max_size=3, unique=True))
    rounding = 0
    if methods == ["cash"]:
        step = draw(st.sampled_from([0, 500, 1000]))
        rounding = (2 * total + step) // (2 * step) * step - total if step else 0
    parts = share_by_largest_remainder(total + rounding, [draw(st.integers(1, 9)) for _ in methods])
    paid = tuple(paid_in(draw, method, part) for method, part in zip(methods, parts, strict=True))
    return a_sale(*lines, id=sale_id, rounding_dong=rounding, total_dong=total + rounding, payments=paid)


@st.composite
def lines_of(draw: st.DrawFn, name: str) -> LineFact:
    """A line of these goods, with a discount of its own or without."""
    product, pack, size = SHOP[name]
    price = KNOWN.price_at[pack or product, 7]
    assert price is not None
    grams = draw(st.integers(1, 30_000)) if size == 0 else None
    quantity = 1 if size == 0 else draw(st.integers(1, 12))
    gross = quantity * price if grams is None else weighed_amount_dong(grams, price)
    off = (2 * gross * draw(st.integers(1, 100)) + 100) // 200 if draw(st.booleans()) else 0
    maker = KNOWN.goods[product].producer_id
    bearer = draw(st.sampled_from(["producer", "organiser", "shared"])) if off else ""
    return LineFact(
        product, maker, name, "x", quantity, price, gross - off, grams=grams, pack_id=pack, pack_size=size or 1,
        discount_dong=off, discount_reason="cuối ngày" if off else "", discount_borne_by=bearer,
    )  # fmt: skip


def with_cart_discount(lines: list[LineFact], percent: int) -> list[LineFact]:
    """So much off what all of it still costs, shared over the lines by what each of them still costs."""
    rooms = [line.amount_dong for line in lines]
    off = sum(rooms) * percent // 100
    if not off:
        return lines
    shares = share_by_largest_remainder(off, rooms)
    return [
        line if not share else replace(
            line, discount_dong=line.discount_dong + share, amount_dong=line.amount_dong - share,
            discount_reason="khách quen", discount_borne_by="organiser",
        )
        for line, share in zip(lines, shares, strict=True)
    ]  # fmt: skip


def paid_in(draw: st.DrawFn, method: str, dong: int) -> PaymentFact:
    """In cash with a larger note, and change."""
    more = draw(st.sampled_from([0, 3_000, 50_000])) if method == "cash" else 0
    return PaymentFact(method, dong, dong + more, more)


@st.composite
def givings_back(draw: st.DrawFn, sale: SaleFact) -> list[SaleFact]:
    """Refunds of some pieces each; a void is the one that takes back everything at once."""
    left = [line.quantity for line in sale.lines]
    found: list[SaleFact] = []
    if draw(st.integers(0, 4)) == 0:
        return [void_of(sale)]
    while any(left) and draw(st.booleans()):
        back = [draw(st.integers(0, most)) for most in left]
        if draw(st.booleans()):
            back = list(left)
        if any(back):
            found.append(part_of(sale, left, back, found))
            left = [most - one for most, one in zip(left, back, strict=True)]
    return found


def void_of(sale: SaleFact) -> SaleFact:
    """The whole sale reversed as it was."""
    paid = tuple(replace(one, tendered_dong=one.amount_dong, change_dong=0) for one in sale.payments)
    return refund_of(sale, whole=True, payments=paid)


def part_of(sale: SaleFact, left: list[int], back: list[int], before: list[SaleFact]) -> SaleFact:
    """Of a line of n pieces, k given back are worth amount × k // n in all; with the last piece comes what is left of the total."""
    lines = []
    for line, most, count in zip(sale.lines, left, back, strict=True):
        gone = line.quantity - most
        if count:
            worth = line.amount_dong * (gone + count) // line.quantity - line.amount_dong * gone // line.quantity
            gross = replace(line, quantity=count).gross_dong
            lines.append(replace(line, quantity=count, amount_dong=worth, discount_dong=gross - worth))
    due = sum(line.amount_dong for line in lines)
    if left == back:
        due = sale.total_dong - sum(one.total_dong for one in before)
    weights = [one.amount_dong for one in sale.payments]
    parts = share_by_largest_remainder(due, weights) if any(weights) else [0] * len(weights)
    paid = tuple(
        replace(one, amount_dong=part, tendered_dong=part, change_dong=0)
        for one, part in zip(sale.payments, parts, strict=True)
    )
    rounding = due - sum(line.amount_dong for line in lines)
    return replace(
        refund_of(sale), id=f"refund {len(before)} of {sale.id}", lines=tuple(lines), rounding_dong=rounding,
        total_dong=due, payments=paid,
    )  # fmt: skip
