"""Why a note of goods is not written, not received, or not taken back."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class OwnerMissing(Refusal):
    """Goods come in and go back with an owner, and nobody was named."""

    code = "owner_missing"


class OwnerUnknown(Refusal):
    """There is no such owner any more."""

    code = "owner_unknown"


class PlaceMissing(Refusal):
    """No place of this edition was named, or one that is not there."""

    code = "place_missing"


class SamePlace(Refusal):
    """Goods are carried from a place to the same place."""

    code = "same_place"


class NoLines(Refusal):
    """A note without goods."""

    code = "note_empty"


class TooManyLines(Refusal):
    """More than `most` lines."""

    code = "note_too_long"


class LinesWrong(Refusal):
    """`count` lines are wrong; the first is line `line` («`name`»), for a reason of its own: `trouble`."""

    code = "note_lines_wrong"


class NoteDayWrong(Refusal):
    """A `day` to come."""

    code = "note_day_wrong"


class SignatureMissing(Refusal):
    """A signature on the screen that is none, or one without a name."""

    code = "signature_missing"


class MoreThanLies(Refusal):
    """`count` lines take more than lies there (`names`), and nobody has agreed to it."""

    code = "more_than_lies"
    status = 409


class NoteReceived(Refusal):
    """`name` received the goods of note `number` at `at`; of two at once the second is told so."""

    code = "note_received"
    status = 409


class ReceivedElsewhere(Refusal):
    """The goods of note `number` are not on their way to this place."""

    code = "received_elsewhere"
    status = 409


class MoreThanSetAside(Refusal):
    """Of `count` lines (`names`) fewer damaged goods are set aside: somebody has cleared them already."""

    code = "more_than_set_aside"
    status = 409


class NoteCancelled(Refusal):
    """Note `number` was taken back by note `by`."""

    code = "note_cancelled"
    status = 409


class CancelsNothing(Refusal):
    """A note that itself takes another back cannot be taken back: write a new one."""

    code = "note_is_cancellation"
    status = 409


class CancelReasonMissing(Refusal):
    """A reason of at least `least` characters is needed."""

    code = "note_reason_missing"


class DiscrepancyWrong(Refusal):
    """What was said of a discrepancy does not fit what is open; `code` is the rule's own, most often that nothing is."""

    code = "discrepancy_settled"
    status = 409

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(**facts)
        self.code = code  # type: ignore[misc]


class PhotoUnreadable(Refusal):
    """The file is no picture that we can read, or a picture too large."""

    code = "photo_unreadable"


class TooManyPhotos(Refusal):
    """A line has `most` photos already."""

    code = "too_many_photos"
