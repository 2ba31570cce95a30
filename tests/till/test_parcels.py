"""Opening parcels: each is judged alone, and whatever it is, something comes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.clock import now
from fair_pos.till.parcels import Readable, Unreadable, open_parcel, printable, sale_fact_of, set_aside
from tests.builders import Tablet, make_fair, pair_tablet, sold, till_headers, wire_time

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ANY_TEXT = st.text(st.characters(codec=None), max_size=300)


@pytest.fixture
def tablet(app: Flask) -> Tablet:
    return pair_tablet(app, make_fair(app))


@given(ANY_JSON)
def test_anything_can_be_opened(thing: Any) -> None:
    opened = open_parcel(thing)
    assert isinstance(opened, Unreadable)
    assert len(opened.parcel_id) <= 100


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_is_kept_whole(text: str, prev_hash: str, hashed: str) -> None:
    opened = open_parcel({"id": "x", "seq": 1, "prev_hash": prev_hash, "hash": hashed, "text": text})
    assert isinstance(opened, Unreadable)
    assert opened.raw.decode("utf-8", "surrogatepass") == text
    for kept in (opened.parcel_id, opened.prev_hash, opened.hash):
        assert "\0" not in kept
        kept.encode("utf-8")


def test_a_sale_and_a_refund_become_facts(tablet: Tablet) -> None:
    goods = tablet.fair.goods[0]
    sale = open_parcel(tablet.sale([(goods, 3)]))
    assert isinstance(sale, Readable)
    refund = open_parcel(tablet.sale([(goods, 1)], refund_of=sale.link.id))
    assert isinstance(refund, Readable)
    facts = sale_fact_of(sale), sale_fact_of(refund)
    assert [(fact.kind, fact.total_dong, fact.refund_of) for fact in facts] == [
        ("sale", 660_000, None),
        ("refund", 220_000, sale.link.id),
    ]
    assert facts[0].hash == sale.link.hash
    assert facts[1].reason == "Khách đổi ý"


def test_a_sale_that_claims_to_be_a_refund_is_no_command(tablet: Tablet) -> None:
    parcel = tablet.sale([(tablet.fair.goods[0], 3)])
    changed = parcel | {"text": json.dumps(json.loads(parcel["text"]) | {"kind": "refund"})}
    opened = open_parcel(changed)
    assert isinstance(opened, Unreadable)
    assert (opened.reason, opened.seq) == ("wrong_shape", 1)
    assert "refund_of" in opened.detail


def test_setting_aside_keeps_the_text(tablet: Tablet) -> None:
    parcel = tablet.sale([(tablet.fair.goods[0], 3)])
    opened = open_parcel(parcel)
    assert isinstance(opened, Readable)
    aside = set_aside(opened, "id_reused")
    assert (aside.raw.decode(), aside.reason, aside.hash) == (parcel["text"], "id_reused", parcel["hash"])


def test_printable_takes_out_what_no_text_column_holds() -> None:
    assert printable("Đặc sản") == "Đặc sản"
    assert printable("a\0b\ud800c") == "a?b?c"


# --- a sale for giving back, through its door -------------------------------------------------------------------------


def search(client: FlaskClient, tablet: Tablet, **wanted: Any) -> Any:
    return client.get("/api/till/receipts", query_string=wanted, headers=till_headers(tablet.token))


def test_a_receipt_is_found_by_what_stands_on_it(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    tablet, neighbour = pair_tablet(app, fair), pair_tablet(app, fair, 1)
    offer = sold(fair.goods[0], 3, discount_dong=60_000, discount_reason="x", discount_borne_by="shared")
    parcel = tablet.sale([offer, (fair.goods[1], 1)], at=now() - timedelta(minutes=5), receipt_token="s" * 22)
    tablet.send(parcel, tablet.sale([(fair.goods[1], 1)], refund_of=parcel["id"]))
    answer = search(client, tablet, token="s" * 22)
    assert answer.status_code == 200
    (found,) = answer.json["receipts"]
    assert (found["sale_id"], found["total_dong"], found["left"]) == (parcel["id"], 950_000, [3, 0])
    assert {name: found["lines"][0][name] for name in offer} == offer
    assert found["payments"][0]["method"] == "cash"
    number = found["receipt_number"]
    around = {"from": wire_time(now() - timedelta(minutes=9)), "to": wire_time(now())}
    for wanted in ({"number": number}, {"amount": 950_000}, {"amount": 950_000, **around}, around):
        assert search(client, tablet, **wanted).json["receipts"] == [found]
    assert search(client, tablet, amount=950_001).json == {"receipts": []}
    assert search(client, neighbour, token="s" * 22).json == {"receipts": []}  # this booth's only


@pytest.mark.parametrize(
    "wanted",
    [
        *({}, {"token": "short"}, {"amount": "1,5tr"}, {"amount": -1}, {"from": "yesterday"}, {"booth": "other"}),
        {"from": "0001-01-01T00:00:00+07:00"},
        {"to": "9999-12-31T23:59:59-07:00"},
    ],
)
def test_a_search_for_everything_or_nothing_is_refused(app: Flask, client: FlaskClient, wanted: dict[str, Any]) -> None:
    tablet = pair_tablet(app, make_fair(app))
    answer = search(client, tablet, **wanted)
    assert (answer.status_code, answer.json["code"]) == (400, "wrong_shape")


def test_a_search_without_a_device_is_refused(app: Flask, client: FlaskClient) -> None:
    tablet = pair_tablet(app, make_fair(app))
    assert client.get("/api/till/receipts?amount=1", headers={"X-Fair-Pos": "till"}).status_code == 401
    assert client.get("/api/till/receipts?amount=1").status_code == 415
    assert search(client, tablet, amount=1).json == {"receipts": []}


def test_a_sale_that_comes_to_less_than_nothing_hides_no_other(app: Flask, client: FlaskClient) -> None:
    tablet = pair_tablet(app, make_fair(app))
    sound = tablet.sale([(tablet.fair.goods[0], 1)])
    odd = json.loads(tablet.sale([(tablet.fair.goods[0], 1)])["text"])
    odd["lines"][0]["amount_dong"] = 0
    below = tablet.parcel(odd | {"rounding_dong": -500, "total_dong": 0})
    assert [one.answer for one in tablet.send(sound, below)] == ["stored", "stored"]
    answer = search(client, tablet, **{"from": wire_time(now() - timedelta(days=1))})
    assert (answer.status_code, [one["sale_id"] for one in answer.json["receipts"]]) == (200, [sound["id"]])
