"""Why a file of the closing report is not made."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class PrintingTooSlow(Refusal):
    """The PDF was not ready within `seconds`: a report of uncommon size, or a machine with much else to do."""

    code = "printing_too_slow"
    status = 503
