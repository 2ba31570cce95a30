"""The wire is strict about money and bounded everywhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from fair_pos.till.wire import COMMANDS, MAX_AMOUNT_DONG, MAX_QUANTITY, LooseUpload, Ping, SaleCommand

ID = "01a20c5c-d0b3-7919-b37b-7f702a76358b"
LINE: dict[str, Any] = {
    "product_id": ID, "name": "Mật ong", "unit": "chai", "producer_id": ID, "quantity": 2, "unit_price_dong": 220000,
    "amount_dong": 440000,
}  # fmt: skip
SALE: dict[str, Any] = {
    "kind": "sale", "v": 1, "id": ID, "seq": 1, "booth_id": ID, "person_id": ID, "device_at": "2026-11-24T07:15:02.123Z",
    "clock_offset_ms": -40, "fair_day": "2026-11-24", "receipt_number": "AB-261124-042", "receipt_token": "A" * 22,
    "price_list_version": 3, "lines": [LINE], "total_dong": 440000,
    "payments": [{"method": "cash", "amount_dong": 440000, "tendered_dong": 500000, "change_dong": 60000}],
    "app_version": "1",
}  # fmt: skip


def read(command: dict[str, Any]) -> object:
    return COMMANDS.validate_json(json.dumps(command))


def test_a_sale_is_read() -> None:
    sale = read(SALE)
    assert isinstance(sale, SaleCommand)
    assert sale.lines[0].amount_dong == 440_000


@pytest.mark.parametrize("value", ["440000", True, 1.0, 1e3, None, -1, MAX_AMOUNT_DONG + 1, 2**53])
def test_money_is_a_whole_number_within_bounds(value: object) -> None:
    with pytest.raises(ValidationError):
        read(SALE | {"total_dong": value})


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", MAX_QUANTITY + 1])
def test_a_quantity_is_at_least_one(value: object) -> None:
    with pytest.raises(ValidationError):
        read(SALE | {"lines": [LINE | {"quantity": value}]})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "not-a-uuid"),
        ("id", ID.upper()),
        ("v", 2),
        ("kind", "void"),
        ("device_at", "2026-11-24T07:15:02"),
        ("fair_day", "24/11/2026"),
        ("receipt_number", "AB-261124-42"),
        ("receipt_token", "A" * 21),
        ("receipt_token", "A" * 21 + "/"),
        ("lines", []),
        ("lines", [LINE] * 201),
        ("payments", []),
        ("app_version", "x" * 61),
        ("app_version", "\0"),
    ],
)
def test_every_field_has_its_grammar(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        read(SALE | {field: value})


def test_unknown_keys_are_refused_at_every_depth() -> None:
    for changed in (SALE | {"role": "administrator"}, SALE | {"lines": [LINE | {"owner": "me"}]}):
        with pytest.raises(ValidationError):
            read(changed)


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
