"""Every form of an edition, sent to a frozen one: each is turned down, or stands here with the reason why it is not.

A new form that is in neither list fails the test, so nobody forgets `refuse_frozen`.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.every_table import metadata
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.sheets import write_csv
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.programme import add_item
from fair_pos.venues.rules import ItemSaid
from fair_pos.visitors.actions import close_gate
from fair_pos.visitors.counters import keep_counter_file
from tests.builders import BOUNDARY, Fair, csrf_token, make_fair, pair_tablet, sign_in
from tests.visitors.phones import make_gates

TODAY = fair_day(now(), BOUNDARY).isoformat()
ENTRY, HOUR = {"entry": new_id()}, {"day": TODAY, "hour": "9", "gate": "GATE"}
REGISTER = write_csv(["Mã gian", "Tên gian hàng"], [["Z1", "Gian"]])
COUNTER = write_csv(["Thời gian", "Lượt vào"], [[f"{TODAY} 09:00", 40]])

REFUSED: dict[str, dict[str, Any]] = {
    "venues.change_edition": {"name": "Tên khác"},
    "venues.hide": {},
    "venues.change_till_rules": {"cash_rounding": "1000", "close_limit": "1", "refund_limit": "1", "seller_discount": "1"},
    "venues.create_booth": {"code": "Z1", "name": "Gian"},
    "venues.change_booth": {"name": "Tên khác"},
    "venues.set_occupants": {},
    "register.preview": {"file": REGISTER},
    "register.confirm": {"upload": "UPLOAD"},
    "programme.add": {"day": TODAY, "time": "10:00", "kind": "other", "title": "Việc"},
    "programme.change": {"item": "ITEM", "day": TODAY, "time": "10:00", "kind": "other", "title": "Việc"},
    "programme.remove": {"item": "ITEM"},
    "inventory.add_store": {"code": "K9", "name": "Kho"},
    "floorplan.save": {"width": "100", "height": "100", "version": "0"},
    "visitors.correct": ENTRY | HOUR | {"direction": "in", "people": "3", "change": "more", "reason": "Đếm sót"},
    "visitors.tally": ENTRY | HOUR | {"people_in": "3", "people_out": ""},
    "visitors.add_source": ENTRY | {"name": "Bãi xe", "quantity": "10", "factor": "1", "bound": "least"},
    "visitors.plan": ENTRY | {f"day_{TODAY}": "100"},
    "visitors.upload_counter_file": {"source": "Camera", "file": COUNTER},
    "visitors.import_counter_file": {"time": "0", "people_in": "1"},
    "gates.add_gate": {"name": "Cổng mới", "way": "both"},
    "gates.change_gate": {"name": "Cổng khác", "way": "both"},
    "gates.reopen": {},
    "gates.set_crowd_rule": {"limit": "100"},
    "showroom.take_in": {"day": TODAY, "product": "PRODUCT"},
    "showroom.withdraw": {"day": TODAY, "admission": "ADMISSION", "reason": "Hết hàng"},
    "daysheet.close": {},
    "daysheet.reopen": {"reason": "Chốt nhầm ngày"},
}  # fmt: skip
"""What each form says; words in capitals stand for what the fair has by then."""

STAYS_OPEN = {
    "stocktaking.enter": "goods are counted when the fair is packed up, after its figures were frozen",
    "stocktaking.book": "what is missing is owed to somebody, frozen or not; no published figure moves",
    "inventory.close_store": "an empty store says nothing about figures",
    "cards.make": "whose goods they were may look for as long as they are owed anything",
    "cards.revoke": "a lost card must be shut out",
    "cards.show_code": "whose goods they were may look for as long as they are owed anything",
    "cloning.open_next": "opens another edition and leaves this one as it is",
    "venues.show": "money may be in no list: the first sale shows an edition too",
    "gates.close": "a lost phone must be shut out",
    "gates.revoke": "a lost phone must be shut out",
    "gates.make_code": "a phone may still have to hand in what it holds",
    "till.make_devices_code": "a tablet may still have to hand in what it holds",
    "till.revoke": "a lost tablet must be shut out",
    "board.make_display": "shows, changes nothing",
    "board.revoke": "a lost display must be shut out",
    "board.switch_public_board": "shows, changes nothing",
    "final_report.look": "reads",
    "final_report.written_file": "reads",
    "labels.print_edition": "prints",
    "published.freeze": "is the freezing; a second one is turned down by its own sentence",
    "published.take_in": "how what came late becomes an adjustment with a reason",
    "published.state": "figures of fairs before this system",
    "published.adjust": "the adjustment with date, reason and name",
    "people.create_seller": "who may sign in is no figure",
    "people.withdraw": "who has left must be shut out",
    "people.give_seller_pin": "who may sign in is no figure",
    "printing.add_printer": "paper, no figure",
    "printing.change_printer": "paper, no figure",
    "printing.remove_printer": "paper, no figure",
    "printing.print_test": "paper, no figure",
    "printing.print_again": "paper, no figure",
    "payments.confirm": "the bank's word about a transfer is a fact, however late",
    "payments.undo": "the bank's word about a transfer is a fact, however late",
    "payments.settle": "the bank's word about a transfer is a fact, however late",
    "payments.assign": "the bank's word about a transfer is a fact, however late",
    "payments.upload": "the bank's word about a transfer is a fact, however late",
    "payments.confirm_statement": "the bank's word about a transfer is a fact, however late",
    "settlement.settle": "what owners are owed is settled after the figures are frozen",
    "settlement.pay": "what owners are owed is settled after the figures are frozen",
    "settlement.pay_all": "what owners are owed is settled after the figures are frozen",
    "settlement.show_account": "what owners are owed is paid after the figures are frozen",
    "settlement.transfer_list": "what owners are owed is paid after the figures are frozen",
    "settlement.take_back": "what owners are owed is settled after the figures are frozen",
    "terms.add_rule": "what owners are owed is settled after the figures are frozen",
    "terms.change_rule": "what owners are owed is settled after the figures are frozen",
    "terms.end_rule": "what owners are owed is settled after the figures are frozen",
    "terms.withdraw_rule": "what owners are owed is settled after the figures are frozen",
    "terms.add_fee": "what owners are owed is settled after the figures are frozen",
    "terms.cancel_fee": "what owners are owed is settled after the figures are frozen",
    "terms.set_minimum": "what owners are owed is settled after the figures are frozen",
    "payout_accounts.propose": "where owners are still to be paid",
    "payout_accounts.approve": "where owners are still to be paid",
    "payout_accounts.turn_down": "where owners are still to be paid",
    "accounts.propose": "where money is still to go back to",
    "accounts.approve": "where money is still to go back to",
    "accounts.turn_down": "where money is still to go back to",
    "note_entry.enter": "looks over, writes nothing",
    "note_entry.write": "unsold goods go back to their owners after the fair",
    "consignment.cancel": "a wrong note of goods is taken back whenever it is seen",
    "consignment.take_receipt": "goods that were under way still come",
    "consignment.decide": "goods that were under way still come",
    "consignment.keep_photo": "stands beside a note, changes no figure",
}


@pytest.fixture
def fair(app: Flask) -> Fair:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    return fair


def forms_of_editions(app: Flask) -> dict[str, str]:
    """Endpoint → address of everything that is sent about an edition."""
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/editions/<edition_id>/")
    }


def test_every_form_is_known_here(app: Flask) -> None:
    assert set(forms_of_editions(app)) == REFUSED.keys() | STAYS_OPEN.keys()
    assert not REFUSED.keys() & STAYS_OPEN.keys()


def rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Everything there is."""
    with app.app_context():
        return {
            name: sorted((tuple(row) for row in reading().execute(select(table))), key=str)
            for name, table in metadata.tables.items()
        }


def test_each_form_is_turned_down_with_the_sentence_and_changes_nothing(
    app: Flask, client: FlaskClient, fair: Fair
) -> None:
    by = fair.people["quantri"]
    gate, closed = make_gates(app, fair, 2)
    sign_in(client, "quantri")
    token = csrf_token(client)
    path = f"/editions/{fair.edition_id}/booths/register"
    looked_at = client.post(path, data={"csrf_token": token, "file": (BytesIO(REGISTER), "gian.csv")})
    upload = re.search(r'name="upload" value="([^"]+)"', looked_at.get_data(as_text=True))
    assert upload is not None
    with app.app_context(), transaction() as session:
        close_gate(session, closed, at=now(), by=by)
        said = ItemSaid(fair_day(now(), BOUNDARY), 1170, "opening", "Khai mạc")
        item = add_item(session, fair.edition_id, said, at=now(), by=by).id
        file = keep_counter_file(session, fair.edition_id, "Camera", COUNTER, "c.csv", at=now(), by=by).id
        freeze_edition(session, fair.edition_id, at=now(), by=by)
    known = {"GATE": gate, "ITEM": item, "UPLOAD": upload.group(1)}
    before, addresses = rows(app), forms_of_editions(app)
    for endpoint, fields in REFUSED.items():
        address = addresses[endpoint]
        for name, value in (
            ("edition_id", fair.edition_id), ("booth_id", fair.booth_ids[0]), ("day", TODAY), ("file", file),
            ("gate_id", closed if endpoint == "gates.reopen" else gate),
        ):  # fmt: skip
            address = address.replace(f"<{name}>", value)
        filled = {
            name: (BytesIO(value), "tệp.csv") if isinstance(value, bytes) else known.get(value, value)
            for name, value in fields.items()
        }
        answer = client.post(address, data={**filled, "csrf_token": token})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "Số liệu của hội chợ này đã khóa ngày" in page) == (409, True), endpoint
    after = rows(app)
    assert {name for name in after if after[name] != before[name]} == set()
