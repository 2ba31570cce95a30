"""Why a request about people is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class LoginFailed(Refusal):
    """No such account, or a wrong password: the two are not told apart."""

    code = "login_failed"


class TooManyAttempts(Refusal):
    """Wrong several times in a row; `seconds` to wait."""

    code = "too_many_attempts"
    status = 429


class LoginNameTaken(Refusal):
    """Another person has this login name."""

    code = "login_name_taken"


class LoginNameInvalid(Refusal):
    """Not a login name."""

    code = "login_name_invalid"


class NameMissing(Refusal):
    """A person without a name."""

    code = "name_missing"


class PasswordTooShort(Refusal):
    """Fewer than `least` characters."""

    code = "password_too_short"


class PasswordTooCommon(Refusal):
    """On everyone's list of guesses."""

    code = "password_too_common"


class RoleNeedsScope(Refusal):
    """A role other than administrator that is tied to nothing."""

    code = "role_needs_scope"


class PinInvalid(Refusal):
    """Not four to six digits."""

    code = "pin_invalid"


class CardUnknown(Refusal):
    """No card, or one that has been revoked: the two are not told apart."""

    code = "card_unknown"
    status = 404


class CodeWrong(Refusal):
    """Not a one-time code that is good now: made up, used, or older than five minutes."""

    code = "code_wrong"


class NoOwnersChosen(Refusal):
    """Cards were asked for and nobody was ticked."""

    code = "no_owners_chosen"
