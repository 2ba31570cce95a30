"""Why a request about accounts, transfers and statements is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class AccountNumberInvalid(Refusal):
    """Not an account number."""

    code = "account_number_invalid"


class BankUnknown(Refusal):
    """No bank that VietQR reaches."""

    code = "bank_unknown"


class AccountUnchanged(Refusal):
    """The proposal says what holds already."""

    code = "account_unchanged"


class ChangeOpen(Refusal):
    """Another change for the same booth or producer waits for its second person."""

    code = "change_open"


class ChangeDecided(Refusal):
    """Somebody has decided about the change already."""

    code = "change_decided"


class SamePerson(Refusal):
    """Who proposed a change may not approve it, from whatever browser."""

    code = "same_person"
    status = 403


class NothingToUndo(Refusal):
    """No confirmation stands."""

    code = "nothing_to_undo"


class StatementEmpty(Refusal):
    """A file without headings and rows."""

    code = "statement_empty"


class StatementColumnsMissing(Refusal):
    """Day, amount or memo have no column."""

    code = "statement_columns_missing"


class StatementGone(Refusal):
    """Imported already, or waited longer than we keep a bank's file."""

    code = "statement_gone"


class ReceiptUnknown(Refusal):
    """No transfer under this receipt `number` in this edition."""

    code = "receipt_unknown"


class LineSettled(Refusal):
    """Somebody has settled the line already."""

    code = "line_settled"
