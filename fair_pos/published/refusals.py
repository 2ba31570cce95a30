"""Why a request about published figures is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class FrozenAlready(Refusal):
    """Somebody has frozen the edition; of two at once the second comes here."""

    code = "frozen_already"
    status = 409


class NothingToFreeze(Refusal):
    """The edition has neither receipts nor counted visitors."""

    code = "nothing_to_freeze"


class EditionWithoutEnd(Refusal):
    """A showroom goes on: it has no final figures."""

    code = "edition_without_end"


class FairNotOver(Refusal):
    """Days are still to come or the last one still sells: figures that can never be thawed would lack what it brings. `over_at` ends it."""

    code = "fair_not_over"
    status = 409


class OpenNotTicked(Refusal):
    """`count` things are still open, and nobody said that they know."""

    code = "open_not_ticked"


class NotFrozen(Refusal):
    """Only frozen figures are adjusted; until then they are the system's own."""

    code = "figures_not_frozen"


class OwnFigure(Refusal):
    """The system has this figure itself, so nobody types another beside it."""

    code = "own_figure"


class FigureWrong(Refusal):
    """`value` is no whole number that such a figure can have."""

    code = "figure_wrong"


class FigureUnchanged(Refusal):
    """What was typed says nothing new."""

    code = "figure_unchanged"


class PublishedMeanwhile(Refusal):
    """Another figure stands there by now than the person saw."""

    code = "published_meanwhile"
    status = 409


class ReasonTooShort(Refusal):
    """A reason needs `least` to `most` characters."""

    code = "publish_reason_short"


class SourceMissing(Refusal):
    """A figure from elsewhere needs to say from where, in `least` to `most` characters."""

    code = "publish_source_missing"
