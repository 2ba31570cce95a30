"""The shapes that travel between tablet and server; docs/till-protocol.md says what they mean.

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
MAX_PARCELS = 50
MAX_UPLOAD_BYTES = (
    256 * 1024
)  # what a tablet aims at; the door itself takes more, so that one long parcel is quarantined, not stuck
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
Method = Literal["cash", "transfer"]
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
    """One line as the buyer saw it; name and unit are kept so that a receipt never changes with the catalogue."""

    product_id: Uuid
    name: Name
    unit: Annotated[str, Field(max_length=60)]
    producer_id: Uuid
    quantity: Quantity
    unit_price_dong: Price
    amount_dong: Amount


class Tender(Shape):
    """One way of paying; `tendered − change = amount`, in đồng."""

    method: Method
    amount_dong: Amount
    tendered_dong: Amount
    change_dong: Amount


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
    receipt_number: Annotated[str, Field(pattern=r"^[A-Z]{1,6}-\d{6}-\d{3,7}$")]
    receipt_token: ReceiptToken
    price_list_version: Count
    lines: Annotated[list[LineSold], Field(min_length=1, max_length=200)]
    total_dong: Amount
    payments: Annotated[list[Tender], Field(min_length=1, max_length=10)]
    app_version: Annotated[str, Field(max_length=60)]


class SaleCommand(Command):
    """Goods sold; the buyer has left with them."""

    kind: Literal["sale"]


class RefundCommand(Command):
    """Goods given back; amounts are positive and mean money paid out."""

    kind: Literal["refund"]
    refund_of: Uuid
    reason: Annotated[str, Field(min_length=1, max_length=300)]


AnyCommand = Annotated[SaleCommand | RefundCommand, Field(discriminator="kind")]
COMMANDS: TypeAdapter[SaleCommand | RefundCommand] = TypeAdapter(AnyCommand)


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


class UnpairRequest(Shape):
    """The tablet gives itself up; refused while anything waits."""

    waiting: Count


class Unpaired(Shape):
    """Nothing to say; the status tells."""


class Refused(Shape):
    """What a 4xx answer carries: a code that the tablet's catalogue has a sentence for."""

    code: str
    facts: dict[str, str | int]
