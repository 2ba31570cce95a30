"""The shapes between a gate's phone and the server; docs/gate-protocol.md says what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter

MAX_ENTRIES = 500
"""In one upload: ten thousand taps are twenty uploads of about 100 kB."""
MAX_GROUP = 500

GateId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
GateCount = Annotated[StrictInt, Field(ge=0, le=10**9)]
GateSeq = Annotated[StrictInt, Field(ge=1, le=10**9)]
GateOffset = Annotated[StrictInt, Field(ge=-(10**14), le=10**14)]
GateVersion = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]
QuarantineReason = Literal["wrong_shape", "id_reused", "too_long"]


class GateShape(BaseModel):
    """Unknown keys are refused, records cannot be changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GateTap(GateShape):
    """One person, or a group, went in or out."""

    kind: Literal["tap", "group"]
    id: GateId
    seq: GateSeq
    direction: Literal["in", "out"]
    people: Annotated[StrictInt, Field(ge=1, le=MAX_GROUP)]
    device_at: AwareDatetime
    clock_offset_ms: GateOffset


class GateUndo(GateShape):
    """A tap of the same phone was a mistake: an entry of its own, with its own number."""

    kind: Literal["undo"]
    id: GateId
    seq: GateSeq
    undoes: GateId
    device_at: AwareDatetime
    clock_offset_ms: GateOffset


AnyGateEntry = Annotated[GateTap | GateUndo, Field(discriminator="kind")]
ENTRIES: TypeAdapter[GateTap | GateUndo] = TypeAdapter(AnyGateEntry)


class GatePairRequest(GateShape):
    """A one-time code, and what this phone is called."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


class Crowd(GateShape):
    """Who is inside all gates now; `people` null when that cannot be said, `limit` null when none is set."""

    people: GateCount | None
    limit: GateCount | None
    level: Literal["calm", "amber", "red"]
    entries: GateCount
    """Of the fair day, through all gates."""


class GateOnPhone(GateShape):
    """The gate as the phone shows it."""

    id: GateId
    name: str
    counts_in: StrictBool
    counts_out: StrictBool
    edition_id: GateId
    edition: str
    day_boundary_minutes: Annotated[StrictInt, Field(ge=0, le=1439)]


class GatePaired(GateShape):
    """The phone counts at this gate from now on."""

    device_id: GateId
    device_token: str
    gate: GateOnPhone
    crowd: Crowd
    server_time: AwareDatetime


class GateUpload(GateShape):
    """At most MAX_ENTRIES entries and how many the phone holds unsent, these counted."""

    entries: Annotated[list[AnyGateEntry], Field(max_length=MAX_ENTRIES)]
    waiting: GateCount
    sent_at: AwareDatetime
    app_version: GateVersion


class LooseGateUpload(GateShape):
    """An upload as the server reads it: whatever one entry is, it must not reject its neighbours."""

    entries: Annotated[list[object], Field(max_length=MAX_ENTRIES)]
    waiting: GateCount
    sent_at: AwareDatetime
    app_version: GateVersion


class EntryAnswer(GateShape):
    """What became of an entry; each answer lets the phone drop it."""

    id: str
    answer: Literal["stored", "already_have", "quarantined"]
    reason: QuarantineReason | None


class GateWater(GateShape):
    """`seq`: up to here nothing is missing; `count`: how many entries are here."""

    seq: GateCount
    count: GateCount


class GateUploaded(GateShape):
    """One answer per entry, in their order; sent after the commit."""

    answers: list[EntryAnswer]
    server_time: AwareDatetime
    high_water: GateWater
    revoked: StrictBool
    crowd: Crowd


class GatePing(GateShape):
    """The phone lives."""

    waiting: GateCount
    sent_at: AwareDatetime
    app_version: GateVersion


class GatePong(GateShape):
    """The time, the gate as it is called now, what the server has, and who is inside."""

    server_time: AwareDatetime
    gate: GateOnPhone
    high_water: GateWater
    crowd: Crowd


class GateUnpair(GateShape):
    """The phone gives itself up; refused while anything waits."""

    waiting: GateCount


class GateUnpaired(GateShape):
    """Nothing to say; the status tells."""
