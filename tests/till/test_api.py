"""The till's doors over HTTP: pairing, signing in, price list, commands, and each bad input with its stated outcome."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.tables import Oddity, Sale
from fair_pos.till.pairing import make_pairing_code, revoke_device
from fair_pos.till.tables import Device, PairingCode, Quarantined
from tests.builders import PASSWORD, Fair, Tablet, make_fair, pair_tablet, till_headers, wire_time
from tests.printing.jobs import set_up_printer

HEADERS = {"X-Fair-Pos": "till"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def code_for(app: Flask, fair: Fair, booth: int = 0) -> str:
    with app.app_context(), transaction() as session:
        return make_pairing_code(session, fair.booth_ids[booth], by=fair.people["bantochuc"], at=now())


def pair(client: Any, code: str, login_name: str = "nguoiban", password: str = PASSWORD) -> Any:
    body = {"code": code, "login_name": login_name, "password": password, "tablet_name": "Máy 1"}
    return client.post("/api/till/pair", json=body, headers=HEADERS)


def ping(waiting: int = 0) -> dict[str, Any]:
    return {
        "waiting": waiting, "oldest_waiting_at": wire_time(now()) if waiting else None, "sent_at": wire_time(now()),
        "app_version": "test", "storage_persisted": True,
    }  # fmt: skip


def oddities(app: Flask) -> dict[str, dict[str, Any]]:
    with app.app_context():
        return {odd.code: odd.facts for odd in reading().scalars(select(Oddity))}


def quarantine(app: Flask) -> list[tuple[str, bytes]]:
    with app.app_context():
        return [(one.reason, one.raw) for one in reading().scalars(select(Quarantined).order_by(Quarantined.id))]


# Pairing


def test_a_code_and_a_seller_make_a_device(app: Flask, client: Any, fair: Fair) -> None:
    answer = pair(client, code_for(app, fair).lower().replace("-", " "))

    assert answer.status_code == 200
    paired = answer.json
    assert (paired["letter"], paired["booth"]["code"], paired["last_seq"]) == ("A", "A01", 0)
    assert client.get("/api/till/price-list", headers=till_headers(paired["device_token"])).status_code == 200


def test_two_tablets_get_two_letters(app: Flask, client: Any, fair: Fair) -> None:
    letters = [pair(client, code_for(app, fair)).json["letter"] for _ in range(2)]
    assert letters == ["A", "B"]


def test_a_code_works_once(app: Flask, client: Any, fair: Fair) -> None:
    code = code_for(app, fair)
    assert pair(client, code).status_code == 200
    again = pair(client, code)
    assert (again.status_code, again.json["code"]) == (400, "pairing_code_unknown")


def test_a_code_ends_after_ten_minutes(app: Flask, client: Any, fair: Fair) -> None:
    code = code_for(app, fair)
    with app.app_context(), transaction() as session:
        session.scalars(select(PairingCode)).one().expires_at -= timedelta(minutes=10)
    assert pair(client, code).json["code"] == "pairing_code_unknown"


def test_a_seller_of_another_booth_cannot_use_the_code_and_does_not_spend_it(
    app: Flask, client: Any, fair: Fair
) -> None:
    code = code_for(app, fair, booth=1)
    assert pair(client, code).json["code"] == "may_not_sell_here"
    assert pair(client, code, login_name="bantochuc").status_code == 200


@pytest.mark.parametrize("login_name", ["nguoiban", "khong-co-ai"])
def test_a_wrong_password_is_counted_and_slows_down(app: Flask, client: Any, fair: Fair, login_name: str) -> None:
    code = code_for(app, fair)
    codes = [pair(client, code, login_name, "sai").json["code"] for _ in range(6)]
    assert codes[:4] == ["login_failed"] * 4
    assert codes[-1] == "too_many_attempts"


def test_another_seller_takes_the_tablet_over_only_with_a_role_there(app: Flask, client: Any, tablet: Tablet) -> None:
    def sign_in(login_name: str) -> Any:
        body = {"login_name": login_name, "password": PASSWORD}
        return client.post("/api/till/sign-in", json=body, headers=till_headers(tablet.token))

    assert sign_in("bantochuc").json["person"]["name"] == "Vừ A bantochuc"
    assert sign_in("chuthe").json["code"] == "may_not_sell_here"


# Reading the price list


def test_the_price_list_is_whole_and_not_sent_twice(client: Any, fair: Fair, tablet: Tablet) -> None:
    first = client.get("/api/till/price-list", headers=till_headers(tablet.token))
    assert len(first.json["products"]) == len(fair.goods)
    assert first.json["receipt_base_url"] == "https://fair.example/r/"
    again = client.get(
        "/api/till/price-list", headers=till_headers(tablet.token) | {"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_the_price_list_holds_no_secret(client: Any, tablet: Tablet) -> None:
    answer = client.get("/api/till/price-list", headers=till_headers(tablet.token)).json
    assert set(answer) == {
        "version", "edition", "booth", "receipt_base_url", "groups", "products", "producers", "accounts", "sellers",
        "rules", "printer", "server_time",
    }  # fmt: skip
    assert set(answer["products"][0]) == {
        "id", "slug", "name", "unit", "price_dong", "group", "producer_id", "stars", "stars_until", "photo_url",
        "sold_by", "barcodes", "packs", "lots",
    }  # fmt: skip
    assert set(answer["producers"][0]) == {"id", "name", "place"}
    assert set(answer["sellers"][0]) == {
        "id", "name", "pin_salt", "pin_hash", "discount_limit_percent", "may_change_price", "may_sign_second",
    }  # fmt: skip


# What is odd in a command is stored


def test_an_honest_sale_has_no_oddity(app: Flask, client: Any, tablet: Tablet) -> None:
    answer = tablet.post(client, tablet.sale([(tablet.fair.goods[0], 2)]))
    assert answer.json["answers"][0]["answer"] == "stored"
    assert answer.json["high_water"] == {"seq": 1, "count": 1}
    assert oddities(app) == {}


ODD: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], dict[str, Any], str]] = {
    "unknown product": (
        lambda line: line | {"product_id": "11111111-1111-4111-8111-111111111111"},
        {},
        "product_unknown",
    ),
    "price from nowhere": (
        lambda line: line | {"unit_price_dong": 1, "amount_dong": 2},
        {"total_dong": 2},
        "price_differs",
    ),
    "line does not multiply": (lambda line: line | {"amount_dong": 7}, {"total_dong": 7}, "line_differs"),
    "another producer's name on it": (
        lambda line: line | {"producer_id": "11111111-1111-4111-8111-111111111111"},
        {},
        "producer_differs",
    ),
    "wrong total": (lambda line: line, {"total_dong": 5}, "total_differs"),
    "list of the future": (lambda line: line, {"price_list_version": 99}, "price_list_unknown"),
    "another booth": (lambda line: line, {"booth_id": "11111111-1111-4111-8111-111111111111"}, "booth_differs"),
    "nobody": (lambda line: line, {"person_id": "11111111-1111-4111-8111-111111111111"}, "person_unknown"),
    "clock in 1990": (lambda line: line, {"device_at": "1990-01-01T00:00:00.000Z"}, "clock_off"),
    "clock in 2090": (lambda line: line, {"device_at": "2090-01-01T00:00:00.000Z"}, "clock_off"),
    "the year one": (lambda line: line, {"device_at": "0001-01-01T00:00:00+07:00"}, "clock_off"),
    "the last year": (lambda line: line, {"device_at": "9999-12-31T23:59:59-07:00"}, "clock_off"),
    "another day on it": (lambda line: line, {"fair_day": "2020-02-31"}, "fair_day_differs"),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_is_stored_and_listed(app: Flask, client: Any, tablet: Tablet, case: str) -> None:
    change_line, changes, code = ODD[case]
    goods = tablet.fair.goods[0]
    line = {
        "product_id": goods.product_id, "name": goods.name, "unit": "hộp", "producer_id": goods.producer_id,
        "quantity": 2, "unit_price_dong": goods.price_dong, "amount_dong": 2 * goods.price_dong,
    }  # fmt: skip

    answer = tablet.post(client, tablet.sale([(goods, 2)], lines=[change_line(line)], **changes))

    assert answer.json["answers"][0]["answer"] == "stored"
    assert code in oddities(app)


def test_a_wrong_total_never_changes_what_the_lines_say(app: Flask, client: Any, tablet: Tablet) -> None:
    tablet.post(client, tablet.sale([(tablet.fair.goods[0], 2)], total_dong=5))
    with app.app_context():
        sale = reading().scalars(select(Sale)).one()
    assert (sale.total_dong, sale.claimed_total_dong) == (440_000, 5)
    assert oddities(app)["total_differs"] == {"sent": 5, "computed": 440_000}


def test_a_broken_chain_is_stored_and_listed(app: Flask, client: Any, tablet: Tablet) -> None:
    goods = tablet.fair.goods
    first, second, third = (tablet.sale([(goods[n], 1)]) for n in range(3))
    tablet.post(client, first | {"hash": "0" * 64}, second, third | {"hash": ""})
    assert {"chain_hash_wrong", "chain_link_wrong", "chain_hash_missing"} <= set(oddities(app))


# Commands: what cannot be read goes to quarantine, and its neighbours do not notice


def text_of(tablet: Tablet, **changes: Any) -> dict[str, Any]:
    return tablet.sale([(tablet.fair.goods[0], 1)], **changes)


UNREADABLE: dict[str, tuple[dict[str, Any], str]] = {
    "negative amount": ({"total_dong": -1}, "wrong_shape"),
    "huge amount": ({"total_dong": 10**14}, "wrong_shape"),
    "money as text": ({"total_dong": "220000"}, "wrong_shape"),
    "money with a fraction": ({"total_dong": 220000.0}, "wrong_shape"),
    "no lines": ({"lines": []}, "wrong_shape"),
    "a key we do not know": ({"discount": 5}, "wrong_shape"),
    "unknown kind": ({"kind": "exchange"}, "wrong_shape"),
    "NUL in a name": ({"app_version": "a\0b"}, "wrong_shape"),
    "NUL in a key": ({"a\0b": 1}, "wrong_shape"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_kept_whole(app: Flask, client: Any, tablet: Tablet, case: str) -> None:
    changes, reason = UNREADABLE[case]
    before, bad, after = text_of(tablet), text_of(tablet, **changes), text_of(tablet)

    answer = tablet.post(client, before, bad, after)

    assert [one["answer"] for one in answer.json["answers"]] == ["stored", "quarantined", "stored"]
    assert quarantine(app) == [(reason, bad["text"].encode())]
    assert answer.json["high_water"] == {"seq": 3, "count": 3}
    assert oddities(app) == {}, "a quarantined neighbour breaks no chain"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_json"),
        ("không phải JSON", "not_json"),
        ('{"kind": "sale"', "not_json"),
        ("\ud800", "not_json"),
        ("\0", "not_json"),
        ("[" * 100_000, "not_json"),
        ("x" * 1_000_000, "too_long"),
        ("null", "wrong_shape"),
        ('{"kind":"sale"}', "wrong_shape"),
        ("NaN", "wrong_shape"),
    ],
    ids=["empty", "words", "cut off", "half a pair", "NUL", "deep", "a megabyte", "null", "bare", "not a number"],
)
def test_text_of_any_kind_is_dealt_with(app: Flask, client: Any, tablet: Tablet, text: str, reason: str) -> None:
    bad = text_of(tablet) | {"text": text}
    answers = tablet.post(client, bad, text_of(tablet)).json["answers"]
    assert [one["answer"] for one in answers] == ["quarantined", "stored"]
    assert quarantine(app) == [(reason, text.encode("utf-8", "surrogatepass"))]
    assert tablet.post(client, bad).json["answers"][0]["answer"] == "quarantined"
    assert len(quarantine(app)) == 1, "sent again it is not kept again"


def test_things_that_are_no_parcels_spoil_nothing(app: Flask, client: Any, tablet: Tablet) -> None:
    junk: list[Any] = [
        None,
        5,
        "x",
        [],
        {},
        {"id": "x"},
        text_of(tablet) | {"seq": True},
        text_of(tablet) | {"id": "\0" * 200},
    ]
    answers = tablet.post(client, *junk, text_of(tablet)).json["answers"]
    assert [one["answer"] for one in answers] == ["quarantined"] * len(junk) + ["stored"]


def test_hashes_that_no_column_holds_spoil_nothing(app: Flask, client: Any, tablet: Tablet) -> None:
    odd = [text_of(tablet) | {"hash": "\ud800" * 9}, text_of(tablet) | {"prev_hash": "a\0b"}]
    answers = tablet.post(client, *odd, text_of(tablet)).json["answers"]
    assert [one["answer"] for one in answers] == ["stored"] * 3
    assert {"chain_hash_wrong", "chain_link_wrong"} <= set(oddities(app))


def test_an_id_with_another_body_keeps_the_first(app: Flask, client: Any, tablet: Tablet) -> None:
    first = text_of(tablet)
    changed = json.loads(first["text"]) | {"total_dong": 1}
    tablet.post(client, first)

    answer = tablet.post(client, first | {"text": json.dumps(changed)}, text_of(tablet))

    assert [(one["answer"], one["reason"]) for one in answer.json["answers"]] == [
        ("quarantined", "id_reused"),
        ("stored", None),
    ]
    with app.app_context():
        assert sorted(sale.total_dong for sale in reading().scalars(select(Sale))) == [220_000, 220_000]


def test_an_id_twice_in_one_upload(client: Any, tablet: Tablet) -> None:
    parcel = text_of(tablet)
    other = parcel | {"text": parcel["text"] + " "}
    answers = tablet.post(client, parcel, parcel, other).json["answers"]
    assert [one["answer"] for one in answers] == ["stored", "already_have", "quarantined"]


def test_a_parcel_that_names_another_command(client: Any, tablet: Tablet) -> None:
    one, two = text_of(tablet), text_of(tablet)
    answers = tablet.post(client, one | {"id": two["id"]}, two | {"seq": 77}).json["answers"]
    assert [one["reason"] for one in answers] == ["id_mismatch", "id_mismatch"]


# Doors


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_no_clock_says_takes_nothing_down(app: Flask, client: Any, tablet: Tablet, instant: str) -> None:
    said = ping(waiting=3) | {"oldest_waiting_at": instant, "sent_at": instant}
    assert client.post("/api/till/ping", json=said, headers=till_headers(tablet.token)).status_code == 200
    assert tablet.post(client, text_of(tablet)).status_code == 200
    with app.app_context():
        assert reading().get_one(Device, tablet.device_id).oldest_waiting_at is None


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b"{}", b'{"parcels": "all"}', b"\xff\xfe", b"[" * 200_000, b'{"parcels": ' + b"[1," * 9],
)
def test_an_envelope_that_cannot_be_read_is_a_plain_400(client: Any, tablet: Tablet, body: bytes) -> None:
    answer = client.post(
        "/api/till/commands", data=body, content_type="application/json", headers=till_headers(tablet.token)
    )
    assert (answer.status_code, answer.json["code"]) == (400, "wrong_shape")


def test_too_much_at_once_is_413(client: Any, tablet: Tablet) -> None:
    answer = tablet.post(client, "x" * (2 * 1024 * 1024))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_more_than_fifty_parcels_are_refused_whole(app: Flask, client: Any, tablet: Tablet) -> None:
    assert tablet.post(client, *(text_of(tablet) for _ in range(51))).status_code == 400
    with app.app_context():
        assert reading().scalars(select(Sale)).all() == []


@pytest.mark.parametrize("token", ["", "x", "A" * 43])
def test_an_unknown_token_is_401(client: Any, tablet: Tablet, token: str) -> None:
    answer = tablet.post(client, text_of(tablet), token=token or " ")
    assert (answer.status_code, answer.json["code"]) == (401, "device_unknown")


def test_a_page_of_another_site_cannot_call(client: Any, tablet: Tablet) -> None:
    bare = client.post("/api/till/ping", json=ping(), headers={"Authorization": f"Bearer {tablet.token}"})
    assert (bare.status_code, bare.json["code"]) == (415, "not_for_pages")
    as_form = client.post("/api/till/ping", data={"waiting": 0}, headers=till_headers(tablet.token))
    assert as_form.status_code == 415


def test_a_revoked_device_hands_in_but_neither_sells_nor_reads(app: Flask, client: Any, tablet: Tablet) -> None:
    with app.app_context(), transaction() as session:
        revoke_device(session, session.get_one(Device, tablet.device_id), by=tablet.fair.people["bantochuc"], at=now())

    answer = tablet.post(client, text_of(tablet))

    assert (answer.status_code, answer.json["revoked"]) == (200, True)
    assert answer.json["answers"][0]["answer"] == "stored"
    assert set(oddities(app)) == {"device_was_revoked"}
    for method, path, body in (
        ("GET", "/api/till/price-list", None),
        ("POST", "/api/till/ping", ping()),
        ("POST", "/api/till/sign-in", {"login_name": "nguoiban", "password": PASSWORD}),
    ):
        refused = client.open(path, method=method, json=body, headers=till_headers(tablet.token))
        assert (refused.status_code, refused.json["code"]) == (401, "device_revoked")


def test_a_paper_is_queued_once_and_only_of_the_own_booth(app: Flask, client: Any, tablet: Tablet) -> None:
    sale, headers = tablet.sale([(tablet.fair.goods[0], 1)]), till_headers(tablet.token)
    tablet.send(sale)
    wish = {"sale_id": sale["id"], "copy_no": 0}
    assert client.post("/api/till/print", json=wish, headers=headers).status_code == 409, "the booth has no printer"
    set_up_printer(app, tablet.fair)
    answers = [client.post("/api/till/print", json=wish, headers=headers).json for _ in range(2)]
    assert answers[0] == answers[1] != {}
    stranger = till_headers(pair_tablet(app, tablet.fair, booth=1).token)
    assert client.post("/api/till/print", json=wish, headers=stranger).status_code == 404
