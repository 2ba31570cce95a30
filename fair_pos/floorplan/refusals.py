"""Why a request about the plan is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class PlanChanged(Refusal):
    """Somebody saved version `version` after this page was opened; saving now would undo their work unseen."""

    code = "plan_changed"
    status = 409


class PlanLengthWrong(Refusal):
    """What is typed for booth `booth` is no length in metres."""

    code = "plan_length_wrong"


class PlanSizeWrong(Refusal):
    """A plan smaller than `least` or larger than `most` metres."""

    code = "plan_size_wrong"
