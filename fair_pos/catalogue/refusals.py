"""Why a request about the catalogue is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class FileEmpty(Refusal):
    """No row below the headings."""

    code = "file_empty"


class ColumnsMissing(Refusal):
    """`columns` that must be there and are not."""

    code = "columns_missing"


class RowsWrong(Refusal):
    """`count` rows cannot be read, so nothing was imported."""

    code = "rows_wrong"


class BarcodeTaken(Refusal):
    """Another product or pack called `name` has this `code`."""

    code = "barcode_taken"


class BarcodeWrong(Refusal):
    """`value` is no barcode, or its check digit does not fit."""

    code = "barcode_wrong"


class MeasureFixed(Refusal):
    """How `name` is sold, by piece or by weight, cannot change: its stock is counted so."""

    code = "measure_fixed"


class PackWrong(Refusal):
    """A pack whose name does not say what it holds, or whose price is none."""

    code = "pack_wrong"


class PriceWrong(Refusal):
    """Not a price."""

    code = "price_wrong"


class PriceNotYours(Refusal):
    """The person has no right to change prices. Said plainly: that the product exists is no secret to anyone."""

    code = "price_not_yours"
    status = 403


class ProducerUnknown(Refusal):
    """A producer that is not in the registry."""

    code = "producer_unknown"
