"""What providers sign and say, with their own published samples where there are any."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.payments.hooks import (
    PROVIDERS,
    Key,
    Unreadable,
    is_genuine,
    others_may_read,
    read_event,
    read_secrets,
    read_time,
    transaction_id,
)
from tests.payments.money import SECRET, sepay_body, sepay_headers

AT = datetime(2026, 11, 24, 7, 2, 40, tzinfo=timezone.utc)
KEY = {"secret": SECRET}


# --- SePay ----------------------------------------------------------------------------------------------------------


def test_sepay_signs_its_bytes_and_its_clock() -> None:
    body = sepay_body("OCP7K3Q9X2", 220_000)
    good = sepay_headers(body, at=AT)
    assert is_genuine("sepay", KEY, good, body, AT)
    assert not is_genuine("sepay", KEY, good, body + b" ", AT)
    assert not is_genuine("sepay", {"secret": "another secret"}, good, body, AT)
    assert not is_genuine("sepay", KEY, good | {"X-SePay-Timestamp": "1"}, body, AT)
    assert not is_genuine("sepay", KEY, good | {"X-SePay-Timestamp": "-5"}, body, AT)
    assert not is_genuine("sepay", KEY, good | {"X-SePay-Signature": "sha256="}, body, AT)
    assert not is_genuine("sepay", KEY, {}, body, AT)


@pytest.mark.parametrize(("minutes", "taken"), [(0, True), (4, True), (-4, True), (6, False), (-6, False)])
def test_sepays_clock_may_differ_by_five_minutes(minutes: int, taken: bool) -> None:
    body = sepay_body("OCP7K3Q9X2", 5)
    signed = sepay_headers(body, at=AT + timedelta(minutes=minutes))
    assert is_genuine("sepay", KEY, signed, body, AT) is taken


def test_sepay_with_an_api_key() -> None:
    secret = {"apikey": "0123456789"}
    assert is_genuine("sepay", secret, {"Authorization": "Apikey 0123456789"}, b"{}", AT)
    for wrong in ("Apikey 012345678", "apikey 0123456789", "0123456789", ""):
        assert not is_genuine("sepay", secret, {"Authorization": wrong}, b"{}", AT)
    # Where a secret is set, the weaker proof is not enough.
    both = secret | KEY
    assert not is_genuine("sepay", both, {"Authorization": "Apikey 0123456789"}, b"{}", AT)


def test_what_sepay_says() -> None:
    said = read_event("sepay", sepay_body("OCP7K3Q9X2", 220_000, code="OCP7K3Q9X2", subAccount="VA1"))
    assert (said.txn_id, said.incoming, said.accounts) == ("92704", True, ("0011012345678", "VA1"))
    assert (said.amount_dong, said.reference) == (220_000, "FT92704")
    assert said.memo == "OCP7K3Q9X2 MBVCB.92704.OCP7K3Q9X2 chuyen tien mật ong"
    assert said.booked_at == datetime(2026, 11, 24, 7, 2, 37, tzinfo=timezone.utc)
    assert not read_event("sepay", sepay_body("OCP7K3Q9X2", 5, transferType="out")).incoming


# --- Casso ----------------------------------------------------------------------------------------------------------

CASSO: dict[str, Any] = {
    "error": 0,
    "data": {
        "id": 5020, "reference": "BANK_REF_ID", "description": "OCP7K3Q9X2 mật ong / giaodich", "amount": 79_000,
        "runningBalance": 20_079_000, "transactionDateTime": "2026-11-24 15:36:21", "accountNumber": "88888888",
        "bankName": "VPBank", "bankAbbreviation": "VPB", "virtualAccountNumber": "", "virtualAccountName": "",
        "counterAccountName": "", "counterAccountNumber": "", "counterAccountBankId": "", "counterAccountBankName": "",
    },
}  # fmt: skip


def casso_headers(text: str, *, stamp: str = "1734924830020") -> dict[str, str]:
    made = hmac.new(SECRET.encode(), f"{stamp}.{text}".encode(), hashlib.sha512).hexdigest()
    return {"X-Casso-Signature": f"t={stamp},v1={made}"}


def in_order(escaped: bool) -> str:
    text = json.dumps(CASSO, sort_keys=True, separators=(",", ":"), ensure_ascii=escaped)
    return text.replace("/", "\\/") if escaped else text


@pytest.mark.parametrize("escaped", [False, True], ids=["node", "php"])
def test_casso_signs_the_sorted_document_in_either_form(escaped: bool) -> None:
    body = json.dumps(CASSO, indent=2, ensure_ascii=False).encode()
    headers = casso_headers(in_order(escaped))
    assert is_genuine("casso", KEY, headers, body, AT)
    assert not is_genuine("casso", KEY, headers, body.replace(b"79000", b"79001"), AT)
    assert not is_genuine("casso", {"secret": "another secret"}, headers, body, AT)
    assert not is_genuine("casso", KEY, {}, body, AT)
    assert not is_genuine("casso", KEY, {"X-Casso-Signature": "t=1,v1="}, body, AT)
    assert not is_genuine("casso", KEY, headers, b"not json", AT)


def test_what_casso_says() -> None:
    said = read_event("casso", json.dumps(CASSO).encode())
    assert (said.txn_id, said.incoming, said.accounts, said.amount_dong) == ("5020", True, ("88888888",), 79_000)
    out = json.dumps(CASSO | {"data": CASSO["data"] | {"amount": -5_000}}).encode()
    assert not read_event("casso", out).incoming


# --- payOS ----------------------------------------------------------------------------------------------------------

PAYOS_DATA: dict[str, Any] = {
    "orderCode": 123, "amount": 3000, "description": "OCP7K3Q9X2", "accountNumber": "12345678",
    "reference": "TF230204212323", "transactionDateTime": "2026-11-24 18:25:00", "currency": "VND",
    "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18", "code": "00", "desc": "Thành công",
    "counterAccountBankId": None, "counterAccountName": "", "virtualAccountNumber": "VQRQ0001",
}  # fmt: skip


def payos_body(said: dict[str, Any], **changes: Any) -> bytes:
    data = said
    text = "&".join(f"{name}={'' if data[name] is None else data[name]}" for name in sorted(data))
    made = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    body = {"code": "00", "desc": "success", "success": True, "data": data, "signature": made}
    return json.dumps(body | changes, ensure_ascii=False).encode()


def test_payos_own_sample_is_genuine() -> None:
    """Published at payos.vn/docs/tich-hop-webhook/kiem-tra-du-lieu-voi-signature with its checksum key."""
    key = {"secret": "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675"}
    data: dict[str, Any] = {
        "orderCode": 123, "amount": 3000, "description": "VQRIO123", "accountNumber": "12345678",
        "reference": "TF230204212323", "transactionDateTime": "2023-02-04 18:25:00", "currency": "VND",
        "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18", "code": "00", "desc": "Thành công",
        "counterAccountBankId": "", "counterAccountBankName": "", "counterAccountName": "", "counterAccountNumber": "",
        "virtualAccountName": "", "virtualAccountNumber": "",
    }  # fmt: skip
    signature = "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03"
    whole = {"code": "00", "desc": "success", "success": True, "data": data, "signature": signature}
    assert is_genuine("payos", key, {}, json.dumps(whole).encode(), AT)
    wrong = whole | {"data": data | {"accountNumber": "12345679"}}
    assert not is_genuine("payos", key, {}, json.dumps(wrong).encode(), AT)


def test_payos_signs_what_it_says() -> None:
    body = payos_body(PAYOS_DATA)
    assert is_genuine("payos", KEY, {}, body, AT)
    assert not is_genuine("payos", KEY, {}, body.replace(b"3000", b"3001"), AT)
    assert not is_genuine("payos", {"secret": "another secret"}, {}, body, AT)
    assert not is_genuine("payos", KEY, {}, payos_body(PAYOS_DATA, signature=""), AT)
    assert not is_genuine("payos", KEY, {}, payos_body(PAYOS_DATA, data=None), AT)
    assert not is_genuine("payos", {}, {}, body, AT)


def test_what_payos_says() -> None:
    said = read_event("payos", payos_body(PAYOS_DATA))
    assert said.txn_id == "124c33293c43417ab7879e14c8d9eb18:123:TF230204212323"
    assert (said.incoming, said.accounts, said.amount_dong) == (True, ("12345678", "VQRQ0001"), 3_000)
    assert not read_event("payos", payos_body(PAYOS_DATA, code="01")).incoming


# --- all of them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [None, True, 1.5, "5", 10**14, [5]])
def test_amounts_that_are_none_are_not_guessed(amount: object) -> None:
    body = json.dumps({"id": 1, "transferType": "in", "transferAmount": amount}).encode()
    with pytest.raises(Unreadable):
        read_event("sepay", body)


@given(st.binary(max_size=200), st.sampled_from(PROVIDERS))
def test_no_bytes_make_us_stumble(body: bytes, provider: str) -> None:
    assert not is_genuine(provider, KEY, {"X-Casso-Signature": "t=1,v1=é", "X-SePay-Timestamp": "1"}, body, AT)
    assert len(transaction_id(provider, body)) <= 100
    with pytest.raises(Unreadable):
        read_event(provider, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON, st.sampled_from(PROVIDERS))
def test_no_document_makes_us_stumble(one: object, other: object, provider: str) -> None:
    for found in (
        one,
        {"data": one},
        {"data": {"id": one, "amount": other, "accountNumber": one, "description": other}},
    ):
        body = json.dumps(found).encode()
        assert not is_genuine(provider, KEY, {}, body, AT)
        assert 1 <= len(transaction_id(provider, body)) <= 100
        try:
            said = read_event(provider, body)
        except Unreadable:
            continue
        assert "\0" not in said.memo + "".join(said.accounts)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-24 08:15:30", "2026-11-24T08:15:30+07:00"),
        ("2026-11-24T08:15:30Z", "2026-11-24T08:15:30+07:00"),
        ("24/11/2026 08:15", "2026-11-24T08:15:00+07:00"),
        ("24-11-2026", "2026-11-24T00:00:00+07:00"),
        ("4.1.2026, 9:05", "2026-01-04T09:05:00+07:00"),
        ("31/02/2026", None),
        ("01/01/0001", None),
        ("9999-12-31 23:59:59", None),
        ("24/11/2026 25:00", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_when_the_bank_booked_it(text: str, written: str | None) -> None:
    found = read_time(text)
    assert (found.isoformat() if found else None) == written


def test_secrets_are_read_from_their_file(tmp_path: Path) -> None:
    path = tmp_path / "hooks.json"
    assert read_secrets(path) == {}
    path.write_text(json.dumps({"sepay": {"k1": {"secret": SECRET}}, "casso": {}}))
    assert read_secrets(path) == {"sepay": {"k1": Key({"secret": SECRET}, frozenset())}, "casso": {}}
    own = {"k1": {"apikey": SECRET, "accounts": ["0011 0123 45678"]}}
    path.write_text(json.dumps({"sepay": own, "casso": {"k2": {"secret": SECRET, "accounts": ["99"]}}}))
    assert read_secrets(path)["sepay"]["k1"] == Key({"apikey": SECRET}, frozenset({"0011012345678"}))


@pytest.mark.parametrize(("mode", "open_to_others"), [(0o600, False), (0o640, True), (0o604, True), (0o644, True)])
def test_a_file_that_others_may_read_is_noticed(tmp_path: Path, mode: int, open_to_others: bool) -> None:
    path = tmp_path / "hooks.json"
    assert not others_may_read(path)
    path.write_text("{}")
    path.chmod(mode)
    assert others_may_read(path) is open_to_others


@pytest.mark.parametrize("found", [{"momo": {}}, {"sepay": []}, {"sepay": {"k": SECRET}}, {"sepay": {"k": {"secret": "short"}}}, {"sepay": {"k": {"secret": "", "apikey": SECRET}}}, {"sepay": {"k": {"secret": SECRET}}, "casso": {"k": {"secret": SECRET}}}, {"sepay": {"k": {"secret": SECRET, "accounts": ["?"]}}}, {"sepay": {"k": {"secret": SECRET, "accounts": "123456"}}}, []])  # fmt: skip
def test_a_file_of_secrets_that_is_none_is_said_so(tmp_path: Path, found: object) -> None:
    path = tmp_path / "hooks.json"
    path.write_text(json.dumps(found))
    with pytest.raises((ValueError, TypeError)):
        read_secrets(path)
