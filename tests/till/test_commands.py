"""Commands are strict about money and bounded everywhere."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from fair_pos.till.commands import COMMANDS, KINDS, MAX_AMOUNT_DONG, MAX_GRAMS, MAX_QUANTITY, SaleCommand

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
        ("rounding_dong", 1001),
        ("note", "x" * 301),
        ("till_session_id", "drawer"),
    ],
)
def test_every_field_has_its_grammar(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        read(SALE | {field: value})


def test_unknown_keys_are_refused_at_every_depth() -> None:
    for changed in (SALE | {"role": "administrator"}, SALE | {"lines": [LINE | {"owner": "me"}]}):
        with pytest.raises(ValidationError):
            read(changed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grams", 0),
        ("grams", -575),
        ("grams", 0.575),
        ("grams", MAX_GRAMS + 1),
        ("pack_size", 0),
        ("pack_id", "box"),
        ("discount_dong", -1),
        ("discount_borne_by", "nobody"),
        ("list_price_dong", -1),
    ],
)
def test_a_line_s_further_fields_are_bounded_too(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        read(SALE | {"lines": [LINE | {field: value}]})


COMMON = {name: SALE[name] for name in ("v", "id", "seq", "booth_id", "person_id", "device_at", "clock_offset_ms", "fair_day", "app_version")}  # fmt: skip
COUNTED: dict[str, Any] = {
    "product_id": ID, "name": "Mật ong", "unit": "chai", "lot_id": None, "quantity": 0, "counted_at": "2026-11-24T07:10:00.000Z",
}  # fmt: skip
OTHERS: dict[str, dict[str, Any]] = {
    "giveaway": {"purpose": "tasting", "borne_by": "producer", "price_list_version": 3, "lines": [LINE]},
    "till_opened": {"notes": [{"note_dong": 50_000, "count": 4}], "float_dong": 200_000},
    "cash_moved": {"direction": "out", "amount_dong": 20_000, "reason": "đá lạnh"},
    "till_closed": {"z_number": 1, "notes": [], "counted_dong": 0, "expected_dong": -5_000},
    "transfer_seen": {"sale_id": ID, "payment_no": 1, "last_digits": "1234"},
    "receipt_copied": {"sale_id": ID, "copy_no": 1},
    "stock_counted": {"lines": [COUNTED]},
    "refund": {name: SALE[name] for name in SALE if name not in COMMON}
    | {"refund_of": ID, "reason": "đổi ý", "whole": True},
}


@pytest.mark.parametrize("kind", OTHERS)
def test_every_kind_is_read(kind: str) -> None:
    command = read({**COMMON, **OTHERS[kind], "kind": kind})
    assert getattr(command, "kind") == kind  # noqa: B009


def test_every_kind_of_command_has_an_example() -> None:
    assert {"sale", *OTHERS} == {get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS}


def test_a_card_number_is_no_reference() -> None:
    """Nothing longer than a terminal's approval code fits, and no sign that is not in one."""
    for wrong in ("4111 1111 1111 1111", "x" * 26, "abc"):
        with pytest.raises(ValidationError):
            read(SALE | {"payments": [{**SALE["payments"][0], "method": "card", "reference": wrong}]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": -1},
        {"quantity": 1.5},
        {"quantity": 10**9 + 1},
        {"counted_at": "2026-11-24T07:10:00"},
        {"lot_id": "lot 3"},
        {"owner_id": ID},
    ],
)
def test_a_counted_line_is_bounded(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(COMMON | {"kind": "stock_counted", "lines": [COUNTED | wrong]})


@pytest.mark.parametrize("lines", [[], [COUNTED] * 501])
def test_a_count_names_one_to_five_hundred_goods(lines: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        read(COMMON | {"kind": "stock_counted", "lines": lines})
