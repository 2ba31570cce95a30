"""Why a day is not closed, or not opened again."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class DayNotOfEdition(Refusal):
    """A `day` on which the fair is not held."""

    code = "day_not_of_edition"


class DayNotBegun(Refusal):
    """A `day` that has not come yet."""

    code = "day_not_begun"


class DayStillOpen(Refusal):
    """It is not closing time (`at`) yet, and nobody agreed to sign before it."""

    code = "day_still_open"


class TabletsLate(Refusal):
    """`count` tablets (`names`) have not sent everything, and nobody agreed to sign without them."""

    code = "tablets_late"


class DaySignedAlready(Refusal):
    """`name` signed the day at `at`; of two at once the second is told so."""

    code = "day_signed_already"
    status = 409


class DayNotSigned(Refusal):
    """There is no sheet in force to open again."""

    code = "day_not_signed"
    status = 409


class ReopenReasonMissing(Refusal):
    """A reason of at least `least` characters is needed."""

    code = "reopen_reason_missing"
