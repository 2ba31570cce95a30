"""What an oddity is about, in words and with the way to its page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.reports.about import about, command_words, drawer_address
from fair_pos.reports.queries import OddityRow
from tests.builders import make_fair, pair_tablet


def row(text: Any = "", **changes: Any) -> OddityRow:
    command = json.dumps(text) if text else ""
    fields = {
        "code": "x",
        "facts": {},
        "noticed_at": now(),
        "command_id": "c",
        "number": "",
        "booth": "A01",
        "kind": "",
    }
    return OddityRow(**{**fields, "text": command, **changes})


def test_a_receipt_leads_to_its_page(app: Flask) -> None:
    with app.test_request_context():
        found = about(row(number="A-1", kind="refund"), "e")
    assert (found.words, found.address) == ("A-1", "/sales/c")


def test_what_is_about_a_receipt_leads_there_when_it_is_here_and_of_this_edition(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    sale = tablet.sale([(fair.goods[0], 1)])
    tablet.send(sale)
    seen = {"kind": "transfer_seen", "sale_id": sale["id"]}
    with app.test_request_context():
        assert about(row(seen), fair.edition_id).address == f"/sales/{sale['id']}"
        assert about(row(seen), new_id()).address == ""
        assert about(row({"kind": "receipt_copied", "sale_id": new_id()}), fair.edition_id).address == ""
        assert about(row(), fair.edition_id).words == "Lệnh khác"


def test_what_is_of_a_drawer_leads_to_its_till_session(app: Flask) -> None:
    fair = make_fair(app)
    tablet, till_session = pair_tablet(app, fair), new_id()
    opened = {"kind": "till_opened", "till_session_id": till_session}
    tablet.send(tablet.command("till_opened", till_session_id=till_session, notes=[], float_dong=0))
    with app.test_request_context():
        address = about(row(opened, device_id=tablet.device_id), fair.edition_id).address
        assert address == f"/editions/{fair.edition_id}/drawers/{tablet.device_id}/{till_session}"
        assert drawer_address(new_id(), tablet.device_id, till_session) == ""
        assert drawer_address(fair.edition_id, tablet.device_id, new_id()) == ""
        assert drawer_address(fair.edition_id, tablet.device_id, None) == ""


@pytest.mark.parametrize(
    "kind", ["giveaway", "till_opened", "till_closed", "cash_moved", "transfer_seen", "receipt_copied"]
)
def test_every_command_that_is_no_receipt_has_words(app: Flask, kind: str) -> None:
    with app.test_request_context():
        assert command_words(kind) != command_words("unheard of")
