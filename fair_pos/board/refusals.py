"""Why something about boards is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class DisplayUnknown(Refusal):
    """The token is no display's."""

    code = "display_unknown"
    status = 401


class DisplayRevoked(Refusal):
    """The display was switched off by an organiser."""

    code = "display_revoked"
    status = 401


class DisplayNameMissing(Refusal):
    """A display needs a name of at most 100 characters, so that one knows which screen to switch off."""

    code = "display_name_missing"
