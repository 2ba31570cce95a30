"""Why a request about gates and visitors is turned down. A tap never is."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class GateNameTaken(Refusal):
    """Another gate of the edition is called `name`."""

    code = "gate_name_taken"


class GateNameMissing(Refusal):
    """A gate needs a name of at most 100 characters."""

    code = "gate_name_missing"


class GateClosed(Refusal):
    """No phone is paired with a gate that is closed."""

    code = "gate_closed"


class TapsFileUnreadable(Refusal):
    """Not a file of taps that a gate's phone saved."""

    code = "taps_file_unreadable"


class CrowdRuleWrong(Refusal):
    """A limit from 1 to a million people, a share from 0 to 90 percent, or nothing."""

    code = "crowd_rule_wrong"


class GateCodeUnknown(Refusal):
    """Wrong, used or expired: the three are not told apart."""

    code = "gate_code_unknown"


class GateDeviceUnknown(Refusal):
    """No phone holds this secret."""

    code = "gate_device_unknown"
    status = 401


class GateDeviceRevoked(Refusal):
    """The phone was unpaired; it may still hand in what it holds."""

    code = "gate_device_revoked"
    status = 401


class TapsWaiting(Refusal):
    """The phone still holds `waiting` entries."""

    code = "taps_waiting"


class PeopleWrong(Refusal):
    """Not a number of people."""

    code = "people_wrong"


class ReasonMissing(Refusal):
    """A correction says why, in at most 300 characters."""

    code = "correction_reason_missing"


class MoreThanCounted(Refusal):
    """A correction takes away `people`, and only `counted` stand in that hour."""

    code = "more_than_counted"


class NotCountedHere(Refusal):
    """This gate does not count people that way."""

    code = "not_counted_here"


class DayNotOfFair(Refusal):
    """The day lies outside the edition, or in the future."""

    code = "day_not_of_fair"


class SourceWrong(Refusal):
    """A name, a whole number and a factor from 0.01 to 100 are needed."""

    code = "count_source_wrong"


class CounterColumnsMissing(Refusal):
    """Time and people in have no column."""

    code = "counter_columns_missing"


class CounterFileGone(Refusal):
    """Imported already, or waited longer than we keep a file."""

    code = "counter_file_gone"


class CounterFileEmpty(Refusal):
    """A file without headings and rows."""

    code = "counter_file_empty"
