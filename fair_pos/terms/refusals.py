"""Why a request about split rules, fees or payout accounts is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class RateOver(Refusal):
    """A share below zero or over 100 %."""

    code = "split_rate_over"


class RateUnread(Refusal):
    """`value` is no percentage with at most two decimals."""

    code = "split_rate_unread"


class TiersWrong(Refusal):
    """Tiers do not begin at 0, do not rise, or are too many (`most`)."""

    code = "split_tiers_wrong"


class UnitAmountWrong(Refusal):
    """What the house keeps per unit is no amount above zero."""

    code = "split_unit_amount_wrong"


class RuleDaysWrong(Refusal):
    """Ends before it starts."""

    code = "split_days_wrong"


class RuleOverlaps(Refusal):
    """Another rule about the same goods, `words`, holds on some of those days."""

    code = "split_overlaps"


class RuleSettled(Refusal):
    """Statements have divided goods by the rules of days until `day`; from `first` on they may be changed."""

    code = "split_settled"


class RuleChangesPast(Refusal):
    """Goods were sold until `day` under another rule, `words`, and would be split otherwise."""

    code = "split_changes_past"


class RuleHasSold(Refusal):
    """Goods were sold under it until `day`."""

    code = "split_has_sold"


class RuleEnded(Refusal):
    """It was taken back already."""

    code = "split_ended"


class FeeAmountWrong(Refusal):
    """No whole amount of đồng above zero; a correction may be below zero and is not zero."""

    code = "fee_amount_wrong"


class FeeCancelled(Refusal):
    """Somebody cancelled it already."""

    code = "fee_cancelled"


class FeeSettled(Refusal):
    """It stands on a statement; a correction may be charged from `first` on."""

    code = "fee_settled"


class MinimumWrong(Refusal):
    """No whole amount of đồng."""

    code = "minimum_wrong"


class PayoutNumberShort(Refusal):
    """Of fewer than six digits the last three would say too much."""

    code = "payout_number_short"


class NumberTypedDiffers(Refusal):
    """Who approves typed another number than who proposed."""

    code = "payout_number_differs"


class AccountUnreadable(Refusal):
    """Sealed under a key that is not here any more."""

    code = "payout_account_unreadable"


class AccountLost(Refusal):
    """The account into which somebody is to be paid is sealed under a key that is not here any more."""

    code = "payout_account_lost"
