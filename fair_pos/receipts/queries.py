"""A receipt as its buyer may see it: the sale, what was given back of it, the makers of the goods. No person, no other sale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import BoothProduct, ProductPage, products_of_producers, slugs_of
from fair_pos.catalogue.queries import find_product_by_slug as find_page_by_slug
from fair_pos.receipts.rules import labels_for_buyer, short_hash
from fair_pos.registry.queries import names_and_places, stars_valid
from fair_pos.registry.rules import CertificateFact, best_on, shown_stars
from fair_pos.sales.queries import find_sale, find_sale_by_token, refunds_of
from fair_pos.sales.returns import left_to_return
from fair_pos.venues.queries import get_booth

AnySession = Session | scoped_session[Session]
TransferStates = Callable[[AnySession, str], Mapping[int, str]]
"""(session, sale) → state of each payment by transfer, by its number."""


def no_states(_session: AnySession, _sale_id: str) -> Mapping[int, str]:
    """Nothing is known of any transfer."""
    return {}


class Payment(Protocol):
    """A stored payment."""

    @property
    def payment_no(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def amount_dong(self) -> int: ...
    @property
    def tendered_dong(self) -> int: ...
    @property
    def change_dong(self) -> int: ...
    @property
    def reference(self) -> str: ...


class SoldLine(Protocol):
    """A stored line, whichever table it comes from."""

    @property
    def product_id(self) -> str: ...
    @property
    def producer_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_dong(self) -> int: ...
    @property
    def amount_dong(self) -> int: ...
    @property
    def grams(self) -> int | None: ...
    @property
    def pack_id(self) -> str | None: ...
    @property
    def discount_dong(self) -> int: ...
    @property
    def discount_reason(self) -> str: ...


@dataclass(frozen=True)
class ReceiptLine:
    """A line as the buyer saw it: the price charged and never the list's, no note, of the discount's reasons only the labels for buyers.

    `slug` is None, `maker` and `place` are empty for goods the server does not know.
    """

    name: str
    unit: str
    quantity: int
    unit_price_dong: int
    amount_dong: int
    slug: str | None
    maker: str
    place: str
    stars: Literal[0, 3, 4, 5]
    grams: int | None = None
    """Of weighed goods; then the price is for a kilogram."""
    pack_id: str | None = None
    """Of a pack; then `unit` is its name."""
    discount_dong: int = 0
    discount_labels: tuple[str, ...] = ()

    @property
    def before_dong(self) -> int:
        """What it would have cost without the discount: what was paid and what was taken off, as the buyer saw both."""
        return self.amount_dong + self.discount_dong


@dataclass(frozen=True)
class ReceiptPayment:
    """Money received, or paid out when the receipt is of a refund. `state` is that of a transfer asked for: payments.rules.State."""

    method: str
    amount_dong: int
    tendered_dong: int
    change_dong: int
    reference: str = ""
    state: str = ""


@dataclass(frozen=True)
class GivenBack:
    """A refund of the sale: what came back and the money paid out. `whole` when it took the whole sale back."""

    number: str
    at: datetime
    total_dong: int
    lines: Sequence[ReceiptLine]
    token: str = ""
    rounding_dong: int = 0
    whole: bool = False
    payments: Sequence[ReceiptPayment] = ()


@dataclass(frozen=True)
class Receipt:
    """A sale or refund for its buyer. `original` and `original_token` are number and secret of the sale a refund belongs to."""

    token: str
    kind: str
    number: str
    hash: str
    fair: str
    fair_place: str
    booth: str
    at: datetime
    sample: bool
    lines: Sequence[ReceiptLine]
    total_dong: int
    payments: Sequence[ReceiptPayment]
    refunds: Sequence[GivenBack]
    original: str
    original_token: str = ""
    rounding_dong: int = 0
    """What rounding to whole notes added, or took away when below zero."""
    whole: bool = False
    """A refund that takes the whole sale back."""
    all_back: bool = False
    """A sale of which every piece came back, at once or one after the other."""

    @property
    def refunded_dong(self) -> int:
        """What was paid back of this sale so far."""
        return sum(refund.total_dong for refund in self.refunds)

    @property
    def before_dong(self) -> int:
        """The lines without discounts and rounding."""
        return sum(line.before_dong for line in self.lines)

    @property
    def discount_dong(self) -> int:
        """What was taken off all lines together."""
        return sum(line.discount_dong for line in self.lines)

    @property
    def is_void(self) -> bool:
        """Whether the whole sale was taken back."""
        return any(refund.whole for refund in self.refunds)

    @property
    def came_unconfirmed(self) -> bool:
        """Whether what went back by transfer may be money that never came: then nobody may read that they were paid."""
        by_transfer = any(one.method == "transfer" for refund in self.refunds for one in refund.payments)
        return by_transfer and any(payment.state in ("claimed", "underpaid") for payment in self.payments)


@dataclass(frozen=True)
class ProductStory:
    """The public page of a product: itself, the star it may show today, and what else its maker sells."""

    product: ProductPage
    stars: Literal[0, 3, 4, 5]
    certificate: CertificateFact | None
    others: Sequence[BoothProduct]


def find_receipt(session: AnySession, token: str, today: date, states_of: TransferStates = no_states) -> Receipt | None:
    """The receipt behind a secret, with the stars that may be shown `today`; None when no such sale has arrived.

    Payments stand beside this package: `states_of` brings what became of a sale's transfers.

    Stars follow the day of looking and not the day of the sale: a star on a page is said now, by us, and the certificate allows it only while it
    holds (FEATURES K4). What the buyer was told at the booth was true then and is not repeated after it has lapsed.
    """
    sale = find_sale_by_token(session, token)
    if sale is None:
        return None
    refunds = refunds_of(session, sale.id) if sale.kind == "sale" else []
    original = find_sale(session, sale.refund_of) if sale.refund_of else None
    known = Goods(session, [line.product_id for line in sale.lines], [line.producer_id for line in sale.lines], today)
    booth = get_booth(session, sale.booth_id)
    states = states_of(session, sale.id)
    return Receipt(
        token=sale.receipt_token,
        kind=sale.kind,
        number=sale.receipt_number,
        hash=short_hash(sale.hash),
        fair=booth.edition.name,
        fair_place=booth.edition.place,
        booth=f"{booth.code} · {booth.name}",
        at=sale.sold_at,
        sample=sale.sample,
        lines=[known.line(line) for line in sale.lines],
        total_dong=sale.total_dong,
        payments=[_payment(one, states) for one in sale.payments],
        refunds=[
            GivenBack(
                refund.receipt_number,
                refund.sold_at,
                refund.total_dong,
                [known.line(line) for line in refund.lines],
                token=refund.receipt_token,
                rounding_dong=refund.rounding_dong,
                whole=refund.whole,
                payments=[_payment(one, {}) for one in refund.payments],
            )
            for refund in refunds
        ],
        original=original.receipt_number if original is not None else "",
        original_token=original.receipt_token if original is not None else "",
        rounding_dong=sale.rounding_dong,
        whole=sale.whole,
        all_back=bool(refunds)
        and not any(left_to_return(sale.lines, [line for refund in refunds for line in refund.lines])),
    )


def _payment(one: Payment, states: Mapping[int, str]) -> ReceiptPayment:
    state = states.get(one.payment_no, "")
    return ReceiptPayment(one.method, one.amount_dong, one.tendered_dong, one.change_dong, one.reference, state)


class Goods:
    """What the catalogue and the registry know of the goods on a receipt."""

    def __init__(
        self, session: AnySession, product_ids: Iterable[str], producer_ids: Iterable[str], today: date
    ) -> None:
        wanted = set(product_ids)
        self._slugs = slugs_of(session, wanted)
        self._makers = names_and_places(session, producer_ids)
        self._stars = stars_valid(session, wanted, today)

    def line(self, sold: SoldLine) -> ReceiptLine:
        """A stored line with its maker, the link to its page and its star."""
        maker, place = self._makers.get(sold.producer_id, ("", ""))
        return ReceiptLine(
            name=sold.name,
            unit=sold.unit,
            quantity=sold.quantity,
            unit_price_dong=sold.unit_price_dong,
            amount_dong=sold.amount_dong,
            slug=self._slugs.get(sold.product_id),
            maker=maker,
            place=place,
            stars=shown_stars(self._stars.get(sold.product_id)),
            grams=sold.grams,
            pack_id=sold.pack_id,
            discount_dong=sold.discount_dong,
            discount_labels=labels_for_buyer(sold.discount_reason),
        )


def find_story(session: AnySession, slug: str, today: date) -> ProductStory | None:
    """The product with this readable name in a URL, with its star of `today` and its maker's other goods on sale."""
    product = find_page_by_slug(session, slug)
    if product is None:
        return None
    certificate = best_on(product.certificates, today)
    stars = shown_stars(certificate)
    others = [one for one in products_of_producers(session, [product.producer.id], today) if one.id != product.id]
    return ProductStory(product, stars, certificate if stars else None, others)
