"""The factory: settings → database → doors → errors; and the visible list of all blueprints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from flask_login import current_user
from jinja2 import StrictUndefined

from fair_pos import cli
from fair_pos.board import api as board_api
from fair_pos.board import pages as board_pages
from fair_pos.board.queries import find_display_edition
from fair_pos.cash import pages as cash_pages
from fair_pos.catalogue import pages as catalogue_pages
from fair_pos.catalogue import title_pages
from fair_pos.consignment import arrival_pages, entry_pages
from fair_pos.consignment import pages as consignment_pages
from fair_pos.cooperative import pages as cooperative_pages
from fair_pos.daysheet import pages as daysheet_pages
from fair_pos.final_report import pages as final_report_pages
from fair_pos.floorplan import pages as floorplan_pages
from fair_pos.floorplan.actions import copy_spots
from fair_pos.inventory import pages as inventory_pages
from fair_pos.kernel.refusal import NotFound
from fair_pos.labels import pages as labels_pages
from fair_pos.payments import account_pages
from fair_pos.payments import api as payments_api
from fair_pos.payments import pages as payments_pages
from fair_pos.payments.queries import confirmed_transfers, paid_back_claims, states_of_sale
from fair_pos.people import card_pages
from fair_pos.people import pages as people_pages
from fair_pos.people.login import init_login
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import init_database, reading
from fair_pos.plumbing.web import csrf, init_web
from fair_pos.plumbing.words import init_words
from fair_pos.portal import money_pages, share_pages
from fair_pos.portal import pages as portal_pages
from fair_pos.portal.queries import owners_of_edition
from fair_pos.printing import pages as printing_pages
from fair_pos.published import pages as published_pages
from fair_pos.receipts import pages as receipts_pages
from fair_pos.reports import comparison_pages, cost_pages, plan_pages, total_pages
from fair_pos.reports import pages as reports_pages
from fair_pos.reports.queries import count_to_look_at
from fair_pos.reports.standing import standing_of
from fair_pos.sales.queries import find_sale_place, has_sales
from fair_pos.settings import Settings, read_settings
from fair_pos.settlement import pages as settlement_pages
from fair_pos.settlement.divided import settled_goods
from fair_pos.settlement.queries import settled_fees, settled_until
from fair_pos.showroom import pages as showroom_pages
from fair_pos.stocktaking import pages as stocktaking_pages
from fair_pos.terms import account_pages as payout_account_pages
from fair_pos.terms import pages as terms_pages
from fair_pos.terms.actions import Settled
from fair_pos.till import api as till_api
from fair_pos.till import pages as till_pages
from fair_pos.till.queries import count_waiting_tills, find_device_place, has_tablets
from fair_pos.venues import cloning_pages, programme_pages, register_pages, series_pages
from fair_pos.venues import pages as venues_pages
from fair_pos.venues.forms import Copies, Use
from fair_pos.venues.queries import find_booth_place, find_edition
from fair_pos.visitors import api as visitors_api
from fair_pos.visitors import gate_pages
from fair_pos.visitors import pages as visitors_pages
from fair_pos.visitors.cloning import copy_gates
from fair_pos.visitors.queries import counts_visitors, find_gate_device_edition, find_gate_edition, has_counts

PAGES = (
    people_pages.blueprint,
    card_pages.blueprint,
    venues_pages.blueprint,
    register_pages.blueprint,
    programme_pages.blueprint,
    cloning_pages.blueprint,
    series_pages.blueprint,
    catalogue_pages.blueprint,
    title_pages.blueprint,
    showroom_pages.blueprint,
    receipts_pages.blueprint,
    labels_pages.blueprint,
    inventory_pages.blueprint,
    reports_pages.blueprint,
    cost_pages.blueprint,
    comparison_pages.blueprint,
    total_pages.blueprint,
    published_pages.blueprint,
    portal_pages.blueprint,
    money_pages.blueprint,
    share_pages.blueprint,
    payments_pages.blueprint,
    account_pages.blueprint,
    cash_pages.blueprint,
    printing_pages.blueprint,
    visitors_pages.blueprint,
    gate_pages.blueprint,
    floorplan_pages.blueprint,
    plan_pages.blueprint,
    till_pages.blueprint,
    stocktaking_pages.blueprint,
    cooperative_pages.blueprint,
    daysheet_pages.blueprint,
    settlement_pages.blueprint,
    board_pages.blueprint,
    final_report_pages.blueprint,
    consignment_pages.blueprint,
    entry_pages.blueprint,
    arrival_pages.blueprint,
    terms_pages.blueprint,
    payout_account_pages.blueprint,
)
DOORS = (till_api.blueprint, payments_api.blueprint, visitors_api.blueprint, board_api.blueprint)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Without `settings` they are read from the environment."""
    settings = settings or read_settings()
    app = Flask(
        "fair_pos",
        template_folder="../templates",
        static_folder="../static",
        instance_path=str(settings.instance_dir.resolve()),
    )
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_COOKIE_NAME="__Host-fair_pos" if settings.secure_cookies else "fair_pos",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_SSL_STRICT=False,  # the Origin is checked for every form (plumbing/web), and a proxy changes what a Referer says
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over lunch must still save; the token ends with the session
    )
    app.extensions["fair_pos_settings"] = replace(settings)
    # The portal stands beside the till and may not import it; it shows how many tablets still hold sales.
    app.extensions["fair_pos_waiting_tills"] = count_waiting_tills
    # People stand below booths and stock; cards go to those whose goods are at an edition.
    app.extensions["fair_pos_owners"] = owners_of_edition
    # A public receipt says what became of a transfer; payments stand beside receipts.
    app.extensions["fair_pos_transfer_states"] = states_of_sale
    # Cash stands beside payments and may not import them; a till session shows what of its transfers is confirmed.
    app.extensions["fair_pos_confirmed_transfers"] = confirmed_transfers
    app.extensions["fair_pos_paid_back_claims"] = paid_back_claims
    # Venues stand below sales, tills and visitors; whether an edition is in use decides what may be changed about it.
    app.extensions["fair_pos_use"] = Use(has_sales, has_tablets, counts_visitors, has_counts)
    # A cloned edition takes over what features above venues keep of the last one.
    app.extensions["fair_pos_copies"] = Copies(copy_gates, copy_spots)
    # Day sheets stand below reports; they say how many oddities a day has left.
    app.extensions["fair_pos_count_oddities"] = count_to_look_at
    # Published figures stand below reports and are frozen from what those add up.
    app.extensions["fair_pos_standing"] = standing_of
    # Statements stand above terms: what is settled is split and charged as it was.
    app.extensions["fair_pos_settled"] = Settled(settled_until, settled_goods, settled_fees)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    init_database(app, settings.database)
    init_words(app)
    init_login(app)
    init_web(app, UrlPolicy(), settings.host_names)
    for blueprint in (*PAGES, *DOORS):
        app.register_blueprint(blueprint)
    for blueprint in DOORS:
        csrf.exempt(
            blueprint
        )  # no cookie is read there; a bearer token or a signature is, which no foreign page can send
    cli.init_cli(app)
    return app


class UrlPolicy:
    """Reads from the names in a URL which thing a request is about, and asks the policy table."""

    def may_reach(self, verb: str, view_args: Mapping[str, str]) -> bool:
        """Whether the signed-in person may; raises NotFound when the URL names something that does not exist."""
        thing = thing_in_url(view_args)
        return bool(current_user.opens(Verb(verb)) and may(current_user.roles, Verb(verb), thing))


def thing_in_url(view_args: Mapping[str, str]) -> Scope | None:
    """The place of what a URL names; None when it names nothing. Two names that do not belong together are NotFound."""
    thing: Scope | None = None
    for name, value in view_args.items():
        if name not in PLACES:
            continue
        place = PLACES[name](value)
        thing = place if thing is None else together(thing, place)
    return thing


def together(one: Scope, other: Scope) -> Scope:
    """Two places as one. Raises NotFound when they contradict each other."""
    ties = []
    for name in ("edition_id", "booth_id", "producer_id"):
        first, second = getattr(one, name), getattr(other, name)
        if first is not None and second is not None and first != second:
            raise NotFound
        ties.append(first if first is not None else second)
    return Scope(*ties)


def _edition(edition_id: str) -> Scope:
    if find_edition(reading(), edition_id) is None:
        raise NotFound
    return Scope(edition_id=edition_id)


def _booth(booth_id: str) -> Scope:
    return _place(find_booth_place(reading(), booth_id))


def _sale(sale_id: str) -> Scope:
    return _place(find_sale_place(reading(), sale_id))


def _device(device_id: str) -> Scope:
    return _place(find_device_place(reading(), device_id))


def _place(found: tuple[str, str] | None) -> Scope:
    if found is None:
        raise NotFound
    edition_id, booth_id = found
    return Scope(edition_id=edition_id, booth_id=booth_id)


def _gate(gate_id: str) -> Scope:
    return _at_edition(find_gate_edition(reading(), gate_id))


def _gate_device(gate_device_id: str) -> Scope:
    return _at_edition(find_gate_device_edition(reading(), gate_device_id))


def _display(display_id: str) -> Scope:
    return _at_edition(find_display_edition(reading(), display_id))


def _at_edition(edition_id: str | None) -> Scope:
    if edition_id is None:
        raise NotFound
    return Scope(edition_id=edition_id)


def _producer(producer_id: str) -> Scope:
    return Scope(producer_id=producer_id)


def _person(_person_id: str) -> Scope:
    # A person lies in no edition: only a role without ties reaches one by id.
    return Scope()


PLACES: dict[str, Callable[[str], Scope]] = {
    "edition_id": _edition,
    "booth_id": _booth,
    "sale_id": _sale,
    "device_id": _device,
    "producer_id": _producer,
    "person_id": _person,
    "gate_id": _gate,
    "gate_device_id": _gate_device,
    "display_id": _display,
}
"""Every name ending in `_id` that a guarded URL may hold; a test compares it with all routes."""
