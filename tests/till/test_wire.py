"""The doors take any parcel and nothing else that is loose."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from fair_pos.till.wire import LooseUpload, Ping, WantedReceipts
from tests.till.test_commands import SALE


def test_an_upload_takes_any_parcel_and_no_other_looseness() -> None:
    envelope: dict[str, Any] = {
        "parcels": [None, 1, {"a": {}}], "waiting": 3, "oldest_waiting_at": None, "sent_at": SALE["device_at"],
        "app_version": "1",
    }  # fmt: skip
    assert len(LooseUpload.model_validate(envelope).parcels) == 3
    mistakes: list[dict[str, Any]] = [{"waiting": "3"}, {"parcels": {}}, {"extra": 1}, {"sent_at": "now"}]
    for wrong in mistakes:
        with pytest.raises(ValidationError):
            LooseUpload.model_validate(envelope | wrong)


def test_shapes_cannot_be_changed_after_reading() -> None:
    ping = Ping.model_validate(
        {
            "waiting": 0,
            "oldest_waiting_at": None,
            "sent_at": SALE["device_at"],
            "app_version": "1",
            "storage_persisted": True,
        }
    )
    with pytest.raises(ValidationError):
        ping.waiting = 5  # type: ignore[misc]


def test_a_search_for_receipts_is_read_from_an_address() -> None:
    said = {"amount": "220000", "from": "2026-11-24T07:00:00Z", "to": "2026-11-24T08:00:00.000Z"}
    wanted = WantedReceipts.model_validate_strings(said)
    assert wanted.amount == 220_000
    assert wanted.since is not None
    assert wanted.until is not None
    assert (wanted.until - wanted.since).total_seconds() == 3600
    for wrong in ({"amount": "-1"}, {"amount": "1.5"}, {"token": "short"}, {"from": "2026-11-24T07:00"}, {"page": "1"}):
        with pytest.raises(ValidationError):
            WantedReceipts.model_validate_strings(wrong)
