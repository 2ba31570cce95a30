"""Why a request about statements and payouts is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class PeriodNotOver(Refusal):
    """Sales of that day may still come: only days that are over are settled."""

    code = "period_not_over"


class SettledUntilLater(Refusal):
    """The owner has a statement that reaches further."""

    code = "settled_until_later"


class NothingToSettle(Refusal):
    """Nothing was sold, given back or charged that stands on no statement yet."""

    code = "nothing_to_settle"


class NothingPayable(Refusal):
    """Everything on it is carried over."""

    code = "nothing_payable"


class PaidAlready(Refusal):
    """Somebody paid it meanwhile."""

    code = "paid_already"


class NotPaid(Refusal):
    """There is no payout to take back."""

    code = "not_paid"


class ReferenceMissing(Refusal):
    """A transfer is found again by its reference."""

    code = "payout_reference_missing"


class AccountMissing(Refusal):
    """No account was agreed to which money could be transferred."""

    code = "payout_account_missing"


class AccountChanged(Refusal):
    """Another account is in use than the one that the page showed; money that left may have gone to the one before."""

    code = "payout_account_changed"


class NoneListed(Refusal):
    """Of several statements one could not be put on the list of transfers, so that none was. `why` is what stood in its way."""

    code = "none_listed"

    def __init__(self, why: Refusal, *, number: str) -> None:
        super().__init__(number=number)
        self.why = why


class NonePaid(Refusal):
    """Of several statements one could not be paid, so that none was. `why` is what stood in its way."""

    code = "none_paid"

    def __init__(self, why: Refusal, *, number: str) -> None:
        super().__init__(number=number)
        self.why = why


class NoneTicked(Refusal):
    """No statement was chosen."""

    code = "none_ticked"


class PayoutDayWrong(Refusal):
    """Before the statement's period ended, or not yet come."""

    code = "payout_day_wrong"


class ReversalReasonMissing(Refusal):
    """Taking a payout back needs a reason."""

    code = "reversal_reason_missing"
