"""The commands of a tablet: what the text of a parcel holds; docs/till-protocol.md says what they mean.

Amounts are whole đồng, instants UTC, days ISO dates. Amounts, counts and flags are strict (no "100", true or 1.0), since
money is at stake; ids, days and instants are strings on the wire and read as such.
Every amount is bounded far below 2^53, so that a JavaScript number holds it exactly.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter, field_validator

from fair_pos.catalogue.rules import MAX_PRICE_DONG
from fair_pos.receipts.rules import TOKEN

MAX_AMOUNT_DONG = 10**13
MAX_QUANTITY = 100_000
MAX_GRAMS = 1_000_000
MAX_TEXT_CHARS = 128 * 1024

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Name = Annotated[str, Field(min_length=1, max_length=300)]
IsoDay = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ReceiptToken = Annotated[str, Field(pattern=f"^{TOKEN.pattern}$")]
Amount = Annotated[StrictInt, Field(ge=0, le=MAX_AMOUNT_DONG)]
Price = Annotated[StrictInt, Field(ge=0, le=MAX_PRICE_DONG)]
Quantity = Annotated[StrictInt, Field(ge=1, le=MAX_QUANTITY)]
Count = Annotated[StrictInt, Field(ge=0, le=10**9)]
Method = Literal["cash", "transfer", "card"]
BorneBy = Literal["producer", "organiser", "shared"]
ShortText = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=300)]


class Shape(BaseModel):
    """Unknown keys are refused, records cannot be changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def no_nul(cls, value: object) -> object:
        """PostgreSQL cannot store NUL in a text; a command that holds one goes to quarantine instead of failing there."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("NUL")
        return value


class LineSold(Shape):
    """One line as the buyer saw it; name and unit are kept so that a receipt never changes with the catalogue.

    Gross = `quantity × unit_price_dong`, or for weighed goods (`grams` given, quantity 1) half-up of
    `grams × unit_price_dong ÷ 1000`; `amount_dong` = gross − `discount_dong`. A pack takes `quantity × pack_size` from stock.
    """

    product_id: Uuid
    name: Name
    unit: ShortText
    producer_id: Uuid
    quantity: Quantity
    unit_price_dong: Price
    amount_dong: Amount
    grams: Annotated[StrictInt, Field(ge=1, le=MAX_GRAMS)] | None = None
    pack_id: Uuid | None = None
    pack_size: Annotated[StrictInt, Field(ge=1, le=10_000)] = 1
    list_price_dong: Price | None = None
    """The price of the list when another was charged; then `price_reason` says why."""
    price_reason: Reason = ""
    discount_dong: Amount = 0
    """This line's own discount and its share of a discount on the whole cart."""
    discount_reason: Reason = ""
    discount_borne_by: BorneBy | None = None
    note: Reason = ""
    """For the booth only: never on the public receipt."""
    lot_id: Uuid | None = None
    """The lot it was taken from, when the seller chose one; otherwise what expires first is taken."""
    lot_reason: Reason = ""
    """Why it was sold although its lot had expired."""


class Tender(Shape):
    """One way of paying; `tendered − change = amount`, in đồng. A transfer is claimed until someone confirms it."""

    method: Method
    amount_dong: Amount
    tendered_dong: Amount
    change_dong: Amount
    reference: Annotated[str, Field(pattern=r"^[A-Z0-9]{0,25}$")] = ""
    """Of a transfer: the code in its note (OCP…); of a card: the terminal's approval code. Never a card number."""
    account_id: Uuid | None = None
    """The receiving account a transfer was asked for."""


class NoteCount(Shape):
    """How many notes of one worth lie in the drawer."""

    note_dong: Price
    count: Count


class Command(Shape):
    """Fields common to all commands."""

    v: Literal[1]
    id: Uuid
    seq: Annotated[StrictInt, Field(ge=1, le=10**9)]
    booth_id: Uuid
    person_id: Uuid
    device_at: AwareDatetime
    clock_offset_ms: Annotated[StrictInt, Field(ge=-(10**14), le=10**14)]
    fair_day: IsoDay
    till_session_id: Uuid | None = None
    """The till session it belongs to, whenever it arrives; none before drawers were opened at all."""
    app_version: ShortText


class Document(Command):
    """What hands out a receipt. `total_dong` = Σ line amounts + `rounding_dong`."""

    receipt_number: Annotated[str, Field(pattern=r"^[A-Z]{1,6}-\d{6}-\d{3,7}$")]
    receipt_token: ReceiptToken
    price_list_version: Count
    lines: Annotated[list[LineSold], Field(min_length=1, max_length=200)]
    rounding_dong: Annotated[StrictInt, Field(ge=-1000, le=1000)] = 0
    total_dong: Amount
    payments: Annotated[list[Tender], Field(min_length=1, max_length=10)]
    note: Reason = ""
    second_person_id: Uuid | None = None
    """Who else signed: for more off than the seller may give, another price, or more given back than the limit."""


class SaleCommand(Document):
    """Goods sold; the buyer has left with them."""

    kind: Literal["sale"]


class RefundCommand(Document):
    """Goods given back; amounts are positive and mean money paid out. `whole` reverses the sale as a void does."""

    kind: Literal["refund"]
    refund_of: Uuid
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    whole: StrictBool = False


class GiveawayCommand(Command):
    """Tastings, gifts and samples: goods leave stock, nothing is sold."""

    kind: Literal["giveaway"]
    purpose: Literal["tasting", "gift", "sample", "damaged"]
    borne_by: BorneBy
    price_list_version: Count
    lines: Annotated[list[LineSold], Field(min_length=1, max_length=200)]
    note: Reason = ""


class TillOpenedCommand(Command):
    """A drawer opened with counted float; `till_session_id` names the session that begins."""

    kind: Literal["till_opened"]
    notes: Annotated[list[NoteCount], Field(max_length=20)]
    float_dong: Amount


class CashMovedCommand(Command):
    """Cash put into the drawer or taken out, other than by selling."""

    kind: Literal["cash_moved"]
    direction: Literal["in", "out"]
    amount_dong: Amount
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class TillClosedCommand(Command):
    """The session ends: what the tablet expected and what was counted. `sale_count` documents, first to last number."""

    kind: Literal["till_closed"]
    z_number: Annotated[StrictInt, Field(ge=1, le=10**6)]
    notes: Annotated[list[NoteCount], Field(max_length=20)]
    counted_dong: Amount
    expected_dong: Annotated[StrictInt, Field(ge=-MAX_AMOUNT_DONG, le=MAX_AMOUNT_DONG)]
    counted_card_dong: Amount = 0
    explanation: Reason = ""
    second_person_id: Uuid | None = None
    """Who else signed, when the difference passed the limit."""
    first_number: Annotated[str, Field(max_length=30)] = ""
    last_number: Annotated[str, Field(max_length=30)] = ""
    sale_count: Count = 0


class TransferSeenCommand(Command):
    """The person saw the money in the shop's own bank app (never on the buyer's telephone)."""

    kind: Literal["transfer_seen"]
    sale_id: Uuid
    payment_no: Annotated[StrictInt, Field(ge=1, le=10)]
    last_digits: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,8}$")] = ""


class ReceiptCopiedCommand(Command):
    """A receipt printed again; the paper says BẢN SAO and the number of the copy."""

    kind: Literal["receipt_copied"]
    sale_id: Uuid
    copy_no: Annotated[StrictInt, Field(ge=1, le=1000)]


class CountLine(Shape):
    """What lay there of one product, or of one of its lots, at the moment it was counted; sales before and after go on."""

    product_id: Uuid
    name: Name
    unit: ShortText
    quantity: Count
    """Base units, or grams of what is sold by weight; 0 says that nothing is left."""
    counted_at: AwareDatetime
    """By the tablet's own clock, raw as `device_at`."""
    lot_id: Uuid | None = None
    """None: everything of this product that no other line of this count names by lot."""


class StockCountedCommand(Command):
    """Goods counted at the booth while selling went on. It moves nothing until somebody at the office approves it."""

    kind: Literal["stock_counted"]
    lines: Annotated[list[CountLine], Field(min_length=1, max_length=500)]
    note: Reason = ""


KINDS = (
    SaleCommand,
    RefundCommand,
    GiveawayCommand,
    TillOpenedCommand,
    CashMovedCommand,
    TillClosedCommand,
    TransferSeenCommand,
    ReceiptCopiedCommand,
    StockCountedCommand,
)
AnyKind = (
    SaleCommand
    | RefundCommand
    | GiveawayCommand
    | TillOpenedCommand
    | CashMovedCommand
    | TillClosedCommand
    | TransferSeenCommand
    | ReceiptCopiedCommand
    | StockCountedCommand
)
AnyCommand = Annotated[AnyKind, Field(discriminator="kind")]
COMMANDS: TypeAdapter[AnyKind] = TypeAdapter(AnyCommand)
