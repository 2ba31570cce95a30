"""Why a request about fairs and booths is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class FieldMissing(Refusal):
    """`field` is empty."""

    code = "field_missing"


class FieldTooLong(Refusal):
    """`field` has more than `most` characters."""

    code = "field_too_long"


class DayInvalid(Refusal):
    """`value` is no day."""

    code = "day_invalid"


class HoursWrong(Refusal):
    """Closes before it opens, or a time is none."""

    code = "edition_hours_wrong"


class EditionDaysWrong(Refusal):
    """Ends before it starts."""

    code = "edition_days_wrong"


class BoundaryFixed(Refusal):
    """Sales have been counted by it."""

    code = "edition_boundary_fixed"


class EditionInUse(Refusal):
    """Tablets or sales belong to it, so it cannot be hidden."""

    code = "edition_in_use"


class EditionNameTaken(Refusal):
    """Another edition of this `name` starts on the same day: probably the same one, sent twice."""

    code = "edition_name_taken"


class BoothCodeTaken(Refusal):
    """Another booth of the edition has this `code`."""

    code = "booth_code_taken"


class BoothCodeInvalid(Refusal):
    """Not a booth code."""

    code = "booth_code_invalid"


class TillRulesWrong(Refusal):
    """A rounding, a limit or a percentage that cannot be one."""

    code = "till_rules_wrong"


class EditionFrozen(Refusal):
    """Its figures were frozen on `day` and stand as published."""

    code = "edition_frozen"
    status = 409


class BoothColumnsMissing(Refusal):
    """A register has none of the required `columns`."""

    code = "booth_columns_missing"


class BoothFileEmpty(Refusal):
    """A register without rows."""

    code = "booth_file_empty"


class TooManyBooths(Refusal):
    """A register of `count` rows; a fair has at most `most` booths."""

    code = "too_many_booths"


class BoothRowsWrong(Refusal):
    """`count` errors keep a register from being imported."""

    code = "booth_rows_wrong"


class ProgrammeDayWrong(Refusal):
    """The day is none of the edition's."""

    code = "programme_day_wrong"


class ProgrammeTimeWrong(Refusal):
    """Not a time of day."""

    code = "programme_time_wrong"


class ProgrammeItemThere(Refusal):
    """`title` stands at that time already: probably the same form, sent twice."""

    code = "programme_item_there"
