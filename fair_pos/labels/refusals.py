"""Why labels are not printed."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class NothingToLabel(Refusal):
    """Nothing was ticked, or the list is empty."""

    code = "labels_nothing_chosen"


class KindMissing(Refusal):
    """No kind of label was chosen, or one that does not exist."""

    code = "labels_kind_missing"


class CopiesWrong(Refusal):
    """`value` is no number of labels from 1 to `most`."""

    code = "labels_copies_wrong"


class StartWrong(Refusal):
    """`value` is no place on a sheet of `most` labels."""

    code = "labels_start_wrong"


class TooManyLabels(Refusal):
    """`count` labels at once; `most` are printed."""

    code = "labels_too_many"


class GoodsGone(Refusal):
    """`count` of the ticked goods are not sold here any more."""

    code = "labels_goods_gone"


class AddressTooLong(Refusal):
    """The address of the page of `name` has more characters than a label's QR can hold."""

    code = "labels_address_too_long"
