"""Why a cooperative's request is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class MemberCodeTaken(Refusal):
    """`code` is another household's."""

    code = "member_code_taken"
    status = 409


class MemberDaysWrong(Refusal):
    """Left before it joined, or a day to come."""

    code = "member_days_wrong"


class MemberNameMissing(Refusal):
    """A household has a name and a code."""

    code = "member_name_missing"


class DeliveryWrong(Refusal):
    """No day, a day to come, or nothing delivered."""

    code = "delivery_wrong"


class DeliveryUndone(Refusal):
    """Was undone before, or is itself what undoes one."""

    code = "delivery_undone"
    status = 409


class DeliveryNotMember(Refusal):
    """The household was no member on that day."""

    code = "delivery_not_member"


class SharesMade(Refusal):
    """The statement was shared before."""

    code = "shares_made"
    status = 409


class SharesChanged(Refusal):
    """A delivery was written or undone since the shares were looked at."""

    code = "shares_changed"
    status = 409


class NothingDelivered(Refusal):
    """No household brought anything in the period."""

    code = "nothing_delivered"


class DeliveriesMixed(Refusal):
    """Some goods were weighed, others counted."""

    code = "deliveries_mixed"


class NothingToShare(Refusal):
    """The statement pays nothing out."""

    code = "nothing_to_share"


class YearNotOver(Refusal):
    """Incomes of `year` still grow."""

    code = "year_not_over"


class BandsPublished(Refusal):
    """Bands of `year` were published."""

    code = "bands_published"
    status = 409


class BandsEmpty(Refusal):
    """Nothing was shared in `year`."""

    code = "bands_empty"


class BandsHidden(Refusal):
    """No band of `year` may be shown; published so, it would stay empty for good."""

    code = "bands_hidden"
    status = 409
