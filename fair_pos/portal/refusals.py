"""Why a producer's request is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class NothingChosen(Refusal):
    """A day was to be shown, and no number of it was ticked."""

    code = "nothing_chosen_to_share"
