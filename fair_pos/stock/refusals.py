"""Why a request about stores is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class StoreFieldMissing(Refusal):
    """`field` is empty."""

    code = "store_field_missing"


class StoreFieldTooLong(Refusal):
    """`field` has more than `most` characters."""

    code = "store_field_too_long"


class StoreCodeTaken(Refusal):
    """Another store of the edition has this `code`."""

    code = "store_code_taken"


class StoreNotEmpty(Refusal):
    """Goods still lie in it, or are missing from it."""

    code = "store_not_empty"
