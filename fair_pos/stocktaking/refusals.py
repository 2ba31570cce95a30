"""Why a request about counts is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class CountEmpty(Refusal):
    """No line has a number."""

    code = "count_empty"


class CountTooLong(Refusal):
    """More than `most` lines."""

    code = "count_too_long"


class CountedQuantityWrong(Refusal):
    """`name`: `value` is no whole number of pieces, or no weight, from 0."""

    code = "counted_quantity_wrong"


class CountedTimeWrong(Refusal):
    """No moment, one to come, or one before the edition was made."""

    code = "counted_time_wrong"


class CountChanged(Refusal):
    """`name`: the difference is another than the one that was looked at; something came in between."""

    code = "count_changed"
    status = 409


class CountBooked(Refusal):
    """Nothing is left to book."""

    code = "count_booked"
    status = 409


class CountReasonMissing(Refusal):
    """A difference is booked with a reason."""

    code = "count_reason_missing"


class CountBearerMissing(Refusal):
    """Nobody said who bears what is missing."""

    code = "count_bearer_missing"


class CountOwnerUnknown(Refusal):
    """`name` is in no catalogue and nobody's goods of that kind lie there, so it cannot be booked."""

    code = "count_owner_unknown"


class CountLotUnknown(Refusal):
    """`name`: its lot is not known, so it cannot be booked."""

    code = "count_lot_unknown"


class CountSuperseded(Refusal):
    """`name` was counted again later, and that count was booked."""

    code = "count_superseded"
    status = 409


class CountOlderFirst(Refusal):
    """`name`: an older count that was booked has a difference left, which comes first."""

    code = "count_older_first"
    status = 409
