"""The shapes of the doors between tablet and server, which carry commands as text (commands.py); docs/till-protocol.md says what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StrictBool, StrictInt

from fair_pos.till.commands import (
    MAX_AMOUNT_DONG,
    Amount,
    Count,
    IsoDay,
    LineSold,
    Name,
    Price,
    ReceiptToken,
    Sha256Hex,
    Shape,
    Tender,
    Uuid,
)

MAX_PARCELS = 50
MAX_UPLOAD_BYTES = 256 * 1024
"""What a tablet aims at; the door itself takes more, so that one long parcel is quarantined, not stuck."""

Answer = Literal["stored", "already_have", "quarantined"]
QuarantineReason = Literal["not_json", "wrong_shape", "id_mismatch", "id_reused", "too_long"]


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


class LotOnTill(Shape):
    """Goods of one owner that came together and of which something lies at the booth; `expires_day` is their last good day."""

    id: Uuid
    code: str
    expires_day: IsoDay | None
    owner_id: Uuid
    owner_name: str
    left: Count
    """Base units, or grams of what is sold by weight, when the list was made."""


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
    lots: list[LotOnTill] = []
    """First to expire first, which is the order in which they are sold."""


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


class WantedReceipts(Shape):
    """What the address of a search asks for; `from` and `to` are instants. At least one must be given."""

    token: ReceiptToken | None = None
    number: Annotated[str, Field(max_length=30)] | None = None
    amount: Annotated[int, Field(ge=0, le=MAX_AMOUNT_DONG)] | None = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: Annotated[AwareDatetime | None, Field(alias="to")] = None


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
