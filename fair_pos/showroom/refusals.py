"""Why a request about the goods of a showroom is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class NotAShowroom(Refusal):
    """A fair keeps no list of goods on display."""

    code = "not_a_showroom"


class NothingChosen(Refusal):
    """No product was chosen."""

    code = "no_goods_chosen"


class NoGround(Refusal):
    """None of the `count` products chosen has a ground; `name` is the first, `why` is what it lacks."""

    code = "no_ground"


class AdmittedAlready(Refusal):
    """`name` is on display already: probably the same form, sent twice."""

    code = "admitted_already"


class AdmissionDayWrong(Refusal):
    """The day is none, lies ahead, or before an earlier admission of the product ended."""

    code = "admission_day_wrong"


class WithdrawalDayWrong(Refusal):
    """The day is none, or lies before the admission or ahead."""

    code = "withdrawal_day_wrong"


class ReasonMissing(Refusal):
    """Goods leave the display, and nobody says why."""

    code = "withdrawal_reason_missing"


class ReasonTooLong(Refusal):
    """The reason has more than `most` characters."""

    code = "admission_reason_too_long"
