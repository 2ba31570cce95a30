"""The shapes that travel between tablet and server; docs/till-protocol.md says what they mean.

Amounts are whole đồng, instants UTC, days ISO dates. Amounts, counts and flags are strict (no "100", true or 1.0), since
money is at stake; ids, days and instants are strings on the wire and read as such.
Every amount is bounded far below 2^53, so that a JavaScript number holds it exactly.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter, field_validator

MAX_AMOUNT_DONG = 10**13
MAX_PRICE_DONG = 10**9
MAX_QUANTITY = 100_000
MAX_GRAMS = 1_000_000
MAX_PARCELS = 50
MAX_UPLOAD_BYTES = (
    256 * 1024
)  # what a tablet aims at; the door itself takes more, so that one long parcel is quarantined, not stuck
MAX_TEXT_CHARS = 128 * 1024

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Name = Annotated[str, Field(min_length=1, max_length=300)]
IsoDay = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ReceiptToken = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")]
Amount = Annotated[StrictInt, Field(ge=0, le=MAX_AMOUNT_DONG)]
Price = Annotated[StrictInt, Field(ge=0, le=MAX_PRICE_DONG)]
Quantity = Annotated[StrictInt, Field(ge=1, le=MAX_QUANTITY)]
Count = Annotated[StrictInt, Field(ge=0, le=10**9)]
Method = Literal["cash", "transfer", "card"]
BorneBy = Literal["producer", "organiser", "shared"]
ShortText = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=300)]
Answer = Literal["stored", "already_have", "quarantined"]
QuarantineReason = Literal["not_json", "wrong_shape", "id_mismatch", "id_reused", "too_long"]


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


# Commands: what the text of a parcel holds.


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


class SaleCommand(Document):
    """Goods sold; the buyer has left with them."""

    kind: Literal["sale"]


class RefundCommand(Document):
    """Goods given back; amounts are positive and mean money paid out. `whole` reverses the sale as a void does."""

    kind: Literal["refund"]
    refund_of: Uuid
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    whole: StrictBool = False
    second_person_id: Uuid | None = None
    """Who else signed, when more than the limit was given back."""


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


KINDS = (
    SaleCommand,
    RefundCommand,
    GiveawayCommand,
    TillOpenedCommand,
    CashMovedCommand,
    TillClosedCommand,
    TransferSeenCommand,
    ReceiptCopiedCommand,
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
)
AnyCommand = Annotated[AnyKind, Field(discriminator="kind")]
COMMANDS: TypeAdapter[AnyKind] = TypeAdapter(AnyCommand)


# Doors.


class PersonOnTill(Shape):
    """Who sells; the name as shown on the tablet."""

    id: Uuid
    name: str


class BoothOnTill(Shape):
    """Where the tablet sells."""

    id: Uuid
    code: str
    name: str
    zone: str


class EditionOnTill(Shape):
    """The fair or showroom; `day_boundary_minutes` after local midnight its next day begins."""

    id: Uuid
    name: str
    kind: Literal["fair", "showroom"]
    starts_day: IsoDay
    ends_day: IsoDay | None
    day_boundary_minutes: Annotated[StrictInt, Field(ge=0, le=1439)]
    sample: StrictBool


class PairRequest(Shape):
    """A one-time code and the seller who signs in with it."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    login_name: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=200)]
    tablet_name: Annotated[str, Field(max_length=100)]


class DayCounter(Shape):
    """The last receipt number used on a fair day."""

    day: IsoDay
    counter: Count


class Paired(Shape):
    """What a tablet keeps for its life as a device. The token is told this once."""

    device_id: Uuid
    device_token: str
    letter: str
    person: PersonOnTill
    booth: BoothOnTill
    edition: EditionOnTill
    last_seq: Count
    last_hash: Sha256Hex
    last_counter: DayCounter | None
    server_time: AwareDatetime


class SignInRequest(Shape):
    """Another seller takes the tablet over."""

    login_name: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class SignedIn(Shape):
    """Who sells from now on."""

    person: PersonOnTill
    server_time: AwareDatetime


class GroupOnTill(Shape):
    """One of the six OCOP groups."""

    id: str
    name: str


class PackOnTill(Shape):
    """A pack of `size` units with a price of its own."""

    id: Uuid
    name: Name
    size: Annotated[StrictInt, Field(ge=1, le=10_000)]
    price_dong: Price
    barcodes: list[str]


class AccountOnTill(Shape):
    """Where transfers go: the booth's account, or the producer's own. BIN and number are what VietQR needs."""

    id: Uuid
    producer_id: Uuid | None
    bank_bin: Annotated[str, Field(pattern=r"^\d{6}$")]
    bank_name: str
    account_number: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,19}$")]
    holder: str


class SellerOnTill(Shape):
    """A person who may sell here, for switching by PIN without a network. A PIN is accountability, not secrecy.

    `pin_hash` = hex of PBKDF2-SHA256(PIN, bytes of `pin_salt` in hex, 100,000 rounds, 32 bytes); empty when none is set.
    """

    id: Uuid
    name: str
    pin_salt: str
    pin_hash: str
    discount_limit_percent: Annotated[StrictInt, Field(ge=0, le=100)]
    may_change_price: StrictBool
    may_sign_second: StrictBool
    """May be the second person at closing, and give back above the limit."""


class TillRules(Shape):
    """What the organiser has set for the booth's tills."""

    cash_rounding_dong: Literal[0, 500, 1000]
    close_limit_dong: Amount
    """A difference above this needs a second person."""
    refund_limit_dong: Amount
    """Giving back more than this needs a second person."""
    drawer: StrictBool
    """Whether selling waits for the drawer to be opened."""


class ProductOnTill(Shape):
    """A tile: price in đồng for one `unit`; stars are shown while the fair day is not after `stars_until`."""

    id: Uuid
    slug: str
    name: str
    unit: str
    price_dong: Price
    group: str
    producer_id: Uuid
    stars: Literal[0, 3, 4, 5]
    stars_until: IsoDay | None
    photo_url: str | None
    sold_by: Literal["piece", "weight"] = "piece"
    """By weight: `price_dong` is for one kilogram."""
    barcodes: list[str] = []
    packs: list[PackOnTill] = []


class ProducerOnTill(Shape):
    """A maker and the place, as they stand on receipts."""

    id: Uuid
    name: str
    place: str


class PriceList(Shape):
    """Everything a booth sells, whole."""

    version: Count
    edition: EditionOnTill
    booth: BoothOnTill
    receipt_base_url: str
    groups: list[GroupOnTill]
    products: list[ProductOnTill]
    producers: list[ProducerOnTill]
    accounts: list[AccountOnTill] = []
    sellers: list[SellerOnTill] = []
    rules: TillRules
    printer: StrictBool = False
    """Whether the booth has a printer that the server reaches; without one the tablet prints by itself."""
    server_time: AwareDatetime


class Parcel(Shape):
    """A command as text, and its place in the device's chain."""

    id: Uuid
    seq: Annotated[StrictInt, Field(ge=1, le=10**9)]
    prev_hash: Annotated[str, Field(max_length=64)]
    hash: Annotated[str, Field(max_length=64)]
    text: str


class Upload(Shape):
    """At most 50 commands and what the tablet still holds, this upload counted."""

    parcels: Annotated[list[Parcel], Field(max_length=MAX_PARCELS)]
    waiting: Count
    oldest_waiting_at: AwareDatetime | None
    sent_at: AwareDatetime
    app_version: Annotated[str, Field(max_length=60)]


class LooseUpload(Shape):
    """An upload as the server reads it: whatever a parcel is, it must not reject its neighbours."""

    parcels: Annotated[list[object], Field(max_length=MAX_PARCELS)]
    waiting: Count
    oldest_waiting_at: AwareDatetime | None
    sent_at: AwareDatetime
    app_version: Annotated[str, Field(max_length=60)]


class ParcelAnswer(Shape):
    """What became of a parcel; each answer lets the tablet drop it."""

    id: str
    answer: Answer
    reason: QuarantineReason | None


class HighWater(Shape):
    """`seq`: up to here nothing is missing; `count`: how many commands are here."""

    seq: Count
    count: Count


class Uploaded(Shape):
    """One answer per parcel, in their order; sent after the commit."""

    answers: list[ParcelAnswer]
    server_time: AwareDatetime
    price_list_version: Count
    high_water: HighWater
    revoked: StrictBool


class Ping(Shape):
    """The tablet lives; sent when there is nothing to upload."""

    waiting: Count
    oldest_waiting_at: AwareDatetime | None
    sent_at: AwareDatetime
    app_version: Annotated[str, Field(max_length=60)]
    storage_persisted: StrictBool


class Pong(Shape):
    """The server's time, its newest price list, and what it has of the tablet."""

    server_time: AwareDatetime
    price_list_version: Count
    high_water: HighWater


class TransferState(Shape):
    """What became of a transfer of this device: `claimed` until `confirmed`; less or more money than asked is told apart."""

    sale_id: Uuid
    payment_no: Count
    state: Literal["claimed", "confirmed", "underpaid", "overpaid"]


class Transfers(Shape):
    """The device's transfers of the last days, newest first."""

    transfers: list[TransferState]
    server_time: AwareDatetime


class FoundReceipt(Shape):
    """A sale of this booth for giving back: its lines with what is left of each to give back."""

    sale_id: Uuid
    receipt_number: str
    sold_at: AwareDatetime
    total_dong: Amount
    lines: list[LineSold]
    left: list[Count]
    """Per line: pieces, packs or, of weighed goods, 1 or 0, that were not given back yet."""
    payments: list[Tender]


class FoundReceipts(Shape):
    """Newest first, at most 20."""

    receipts: list[FoundReceipt]


class PrintRequest(Shape):
    """Print a receipt on the booth's LAN printer. The job is kept and tried again; a sale never waits for it."""

    sale_id: Uuid
    copy_no: Count


class PrintQueued(Shape):
    """The job is kept."""

    job_id: Uuid


class UnpairRequest(Shape):
    """The tablet gives itself up; refused while anything waits."""

    waiting: Count


class Unpaired(Shape):
    """Nothing to say; the status tells."""


class Refused(Shape):
    """What a 4xx answer carries: a code that the tablet's catalogue has a sentence for."""

    code: str
    facts: dict[str, str | int]
