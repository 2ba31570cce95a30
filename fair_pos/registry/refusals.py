"""Why a request about producers and titles is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class TitleUnknown(Refusal):
    """Its kind or level is none that there is."""

    code = "title_unknown"


class TitleDaysWrong(Refusal):
    """It ends before it was given."""

    code = "title_days_wrong"


class TitleDayMissing(Refusal):
    """The day on which it was given is missing or none."""

    code = "title_day_missing"


class TitleThere(Refusal):
    """The product holds this title of this day already: probably the same form, sent twice."""

    code = "title_there"


class DecisionTooLong(Refusal):
    """The number of the decision has more than `most` characters."""

    code = "decision_too_long"
