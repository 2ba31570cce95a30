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


class ProducerUnknown(Refusal):
    """A producer that is not in the registry."""

    code = "producer_unknown"


class UploadGone(Refusal):
    """A file that waited for its confirmation, and is no longer there or never was this person's."""

    code = "upload_gone"
