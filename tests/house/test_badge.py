"""Every page and workbook that shows a figure says how complete it is; a new page says here whether it shows any."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from fair_pos.cash.tables import TillSession
from fair_pos.kernel.clock import now
from fair_pos.people.actions import grant_role
from fair_pos.people.queries import find_person
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import reading, transaction
from tests.builders import sign_in
from tests.cash.drawers import Drawer, paid
from tests.daysheet.evenings import Evening, make_evening
from tests.house.repository import none
from tests.house.test_doors import access_of, routes

# Sums of money, receipts or people.
PAGES = {
    "board.live", "cash.drawer", "cash.drawers", "cash.without_session", "comparison.series", "costs.discounts",
    "costs.giveaways", "inventory.below_zero", "inventory.place", "inventory.places", "daysheet.days", "daysheet.late", "daysheet.sheet", "final_report.report", "payments.transfers",
    "plan.heat", "plan.live", "portal.day", "portal.days", "portal.goods", "portal.today",
    "published.figures", "reports.edition_day", "reports.edition_days", "reports.money", "reports.editions", "reports.receipts",
    "settlement.statements", "totals.edition", "totals.league", "totals.table", "visitors.day",
}  # fmt: skip
WORKBOOKS = {
    "costs.discounts_file", "costs.giveaways_file", "plan.heat_file", "reports.receipts_file", "reports.table_file",
    "totals.conversion_file", "totals.league_file", "totals.table_file",
}  # fmt: skip
WITHOUT = {
    "goods as people counted them, each beside its own moment": {
        "stocktaking.counts", "stocktaking.count", "stocktaking.new_count",
    },
    "a cooperative's own books, and shares of statements that are frozen": {
        "cooperative.members", "cooperative.member", "cooperative.shares", "cooperative.share_run", "cooperative.share_file",
        "cooperative.own_bands", "cooperative.bands", "cooperative.household",
    },
    "one thing and no sum of things": {
        "reports.sale", "receipts.receipt", "receipts.receipt_pdf", "receipts.product", "printing.copies", "printing.copy_pdf",
        "catalogue.product", "venues.booth", "programme.items", "consignment.note", "consignment.photo", "settlement.photo", "money.photo", "consignment.receive",
        "arrivals.arrival",
    },
    "goods, piece by piece; the page that leads here has the badge": {
        "inventory.product", "inventory.expiring", "inventory.place_file", "portal.left",
    },
    "a plot or a drawing inside a page that has the badge": {
        "reports.plot", "totals.plot", "totals.league_plot", "board.live_plot", "comparison.plot", "plan.heat_image",
        "plan.live_part",
    },
    "what a person should look at, one by one": {
        "reports.oddities", "inventory.damaged", "reports.quarantine", "reports.quarantined_text", "payments.review",
    },
    "what a bank or a machine said, as it came": {
        "payments.statements", "payments.statement", "visitors.counter_files", "visitors.counter_file",
    },
    "frozen with what was known, which stands on it": {
        "cash.z_paper", "consignment.paper", "consignment.receipt_paper", "daysheet.paper", "settlement.statement", "settlement.paper", "final_report.plain_file", "published.figures_file", "comparison.table_file",
        "published.figure", "money.statement", "money.paper", "money.statements", "share.shown", "share.shown_picture", "share.choose",
    },
    "set up, or handed out": {
        "cards.cards", "cards.card", "cards.door", "cards.code", "portal.certificates",
        "people.home", "people.people", "people.person", "people.new_person", "people.password", "people.sellers", "people.sign_in",
        "showroom.goods", "showroom.goods_file", "showroom.admit", "titles.titles",
        "catalogue.products", "catalogue.import_file", "catalogue.template_file", "accounts.accounts", "venues.booths",
        "terms.split_rules", "terms.rule", "terms.fees", "payout_accounts.accounts",
        "venues.edit_edition", "venues.new_edition", "venues.till_rules_of", "series.series", "cloning.next_edition",
        "register.booths_file", "register.download", "floorplan.edit", "printing.printers", "printing.printer",
        "consignment.notes", "note_entry.new_note", "note_entry.rows_file", "arrivals.arrivals",
        "till.devices", "till.devices_code", "till.revoke_ask", "gates.gates", "gates.gate_code", "gates.revoke_ask", "gates.close_ask",
        "board.displays", "board.display_address", "board.revoke_ask",
        "labels.catalogue", "labels.edition", "labels.producer", "visitors.tally_sheet", "visitors.counter_template",
    },
    "a program, or a door for one": {
        "till.shell", "till.web_manifest", "till.service_worker", "gates.gate_shell", "gates.gate_manifest", "gates.gate_worker",
        "board.wall_shell",
    },
    "rounded figures for everyone, with their own word on how fresh they are": {"board.public_board"},
}  # fmt: skip


def shown(app: Flask) -> set[str]:
    """Endpoints that a person opens."""
    found = set()
    for rule in routes(app):
        access = access_of(app, rule.endpoint)
        if "GET" in (rule.methods or ()) and (access is None or access.kind != "device"):
            found.add(rule.endpoint)
    return found


def unlisted(app: Flask) -> list[str]:
    listed = PAGES | WORKBOOKS | {name for names in WITHOUT.values() for name in names}
    return [f"{name} is not in tests/house/test_badge.py" for name in sorted(shown(app) - listed)]


def test_every_page_says_whether_it_shows_figures(app: Flask) -> None:
    none(unlisted(app))
    listed = PAGES | WORKBOOKS | {name for names in WITHOUT.values() for name in names}
    none(f"{name} does not exist" for name in sorted(listed - shown(app)))


def test_a_new_page_is_noticed(app: Flask) -> None:
    app.add_url_rule("/new", "new.page", lambda: "1.000 ₫")
    assert unlisted(app) == ["new.page is not in tests/house/test_badge.py"]


@pytest.fixture
def evening(app: Flask) -> Evening:
    """An evening with a drawer, signed, with one receipt late; and someone who may see everything of it."""
    evening = make_evening(app)
    drawer = Drawer(evening.tablets[0])
    drawer.tablet.send(drawer.open(100_000), drawer.sell([paid("cash", 50_000)]), drawer.close())
    evening.close()
    with app.app_context(), transaction() as session:
        person = find_person(session, evening.fair.people["bantochuc"])
        assert person is not None
        grant_role(session, person, Role.PRODUCER, Scope(producer_id=evening.fair.producer_ids[0]), at=now(), by=None)
    return evening


def addresses(app: Flask, evening: Evening, endpoints: set[str]) -> dict[str, str]:
    with app.app_context():
        till = reading().scalars(select(TillSession)).one()
        device_id, till_session = till.device_id, till.id
    known = {
        "edition_id": evening.fair.edition_id,
        "producer_id": evening.fair.producer_ids[0],
        "day": evening.day.isoformat(),
        "device_id": device_id,
        "till_session": till_session,
        "ending": "xlsx",
        "what": "receipts",
        "place": evening.fair.booth_ids[0],
    }
    names = {
        "reports.table_file": "booths",
        "totals.table_file": "booths",
        "totals.table": "booths",
        "published.figure": "net_dong",
    }
    found = {}
    with app.test_request_context():
        for rule in routes(app):
            if rule.endpoint in endpoints and "GET" in (rule.methods or ()):
                values = {name: known.get(name, names.get(rule.endpoint, "")) for name in rule.arguments}
                address = url_for(rule.endpoint, **cast("dict[str, Any]", values))
                with_day = "day" not in rule.arguments and rule.endpoint in {
                    "totals.conversion_file",
                    "reports.table_file",
                }
                found[rule.endpoint] = address + (f"?day={evening.day}" if with_day else "")
    return found


def test_the_badge_stands_beside_every_figure(app: Flask, evening: Evening, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    missing = []
    for endpoint, address in addresses(app, evening, PAGES).items():
        answer = client.get(address)
        if answer.status_code != 200 or 'class="completeness"' not in answer.get_data(as_text=True):
            missing.append(f"{endpoint} at {address}: {answer.status}")
    none(missing)


def test_every_workbook_says_how_complete_it_is(app: Flask, evening: Evening, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    missing = []
    for endpoint, address in addresses(app, evening, WORKBOOKS).items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        if load_workbook(BytesIO(answer.data)).sheetnames[-1] != "Độ đầy đủ":
            missing.append(f"{endpoint} at {address}")
    none(missing)
