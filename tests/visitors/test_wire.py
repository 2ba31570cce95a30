"""The shapes of the gate's doors refuse what is none."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from fair_pos.visitors.taps import GROUP_PEOPLE
from fair_pos.visitors.wire import ENTRIES, MAX_GROUP, GatePairRequest, GateTap, GateUndo, LooseGateUpload

ID = "01936f5e-7a3b-7c1d-8e2f-000000000001"
TAP: dict[str, Any] = {
    "kind": "tap", "id": ID, "seq": 1, "direction": "in", "people": 1, "device_at": "2026-11-24T03:00:00.000Z",
    "clock_offset_ms": -5,
}  # fmt: skip


def test_a_tap_and_an_undo_are_told_apart() -> None:
    assert isinstance(ENTRIES.validate_python(TAP), GateTap)
    undo = {key: TAP[key] for key in ("id", "seq", "device_at", "clock_offset_ms")} | {"kind": "undo", "undoes": ID}
    assert isinstance(ENTRIES.validate_python(undo), GateUndo)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0}, {"seq": "1"}, {"seq": 10**10}, {"people": 0}, {"people": MAX_GROUP + 1}, {"people": 1.0}, {"direction": ""},
        {"device_at": "2026-11-24T03:00:00"}, {"id": "1"}, {"kind": "sale"}, {"note": ""}, {"clock_offset_ms": 10**15},
    ],
)  # fmt: skip
def test_what_is_no_tap_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ENTRIES.validate_python(TAP | change)


def test_a_group_fits() -> None:
    assert GROUP_PEOPLE < MAX_GROUP


def test_an_upload_takes_anything_inside_and_nothing_around() -> None:
    around = {"waiting": 0, "sent_at": "2026-11-24T03:00:00Z", "app_version": "1"}
    assert LooseGateUpload.model_validate({"entries": [7, None, TAP], **around}).entries[0] == 7
    for wrong in ({"entries": [0] * 501}, {"entries": [], "waiting": -1}, {"entries": [], "app_version": "\0"}):
        with pytest.raises(ValidationError):
            LooseGateUpload.model_validate(around | wrong)


def test_names_hold_no_nul() -> None:
    with pytest.raises(ValidationError):
        GatePairRequest.model_validate({"code": "A", "name": "a\0"})
