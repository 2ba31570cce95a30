"""FEATURES H1, SECURITY C12: a producer tries another's ids on every route, and learns and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.pdf import SheetPrinter
from fair_pos.plumbing.sheets import write_xlsx
from fair_pos.plumbing.web import public, requires
from tests.builders import sign_in
from tests.people.cards import come_in_by_card, come_in_by_code, printed_card, read_out_code
from tests.portal.walk import UnknownArgument, Walked, rows_of, walk
from tests.portal.world import Neighbours, make_neighbours


@pytest.fixture
def neighbours(app: Flask) -> Neighbours:
    return make_neighbours(app)


def by_password(_app: Flask, client: FlaskClient, _two: Neighbours) -> None:
    sign_in(client, "chuthe")


def by_card(app: Flask, client: FlaskClient, two: Neighbours) -> None:
    come_in_by_card(client, printed_card(app, two.fair)[1])


def by_code(app: Flask, client: FlaskClient, two: Neighbours) -> None:
    come_in_by_code(client, read_out_code(app, two.fair))


WAYS: dict[str, Callable[[Flask, FlaskClient, Neighbours], None]] = {
    "password": by_password,
    "card": by_card,
    "code": by_code,
}


def walked(app: Flask, client: FlaskClient, two: Neighbours) -> Walked:
    """A walk over the leaky route alone."""
    return walk(app, client, two.world, lambda: by_password(app, client, two), only="leaky")


@pytest.mark.parametrize("way", WAYS)
def test_no_route_tells_or_changes_anything_of_another_producer(
    app: Flask, client: FlaskClient, neighbours: Neighbours, way: str
) -> None:
    with app.app_context():
        before = rows_of(neighbours.world.other_id)
    found = walk(app, client, neighbours.world, lambda: WAYS[way](app, client, neighbours))
    assert found.leaks == []
    assert found.walked == app.view_functions.keys() - {"static"}
    with app.app_context():
        after = rows_of(neighbours.world.other_id)
        assert sum(map(len, before.values())) >= 5
        assert after == before
    # The walk was not shut out: with one's own id the same pages open.
    assert found.opened >= {
        "portal.today",
        "portal.days",
        "portal.day",
        "labels.producer",
        "money.statements",
        "money.statement",
        "money.paper",
        "share.choose",
    }
    assert found.files == {"pdf", "zip"}


# --- the walk itself finds what is wrong ----------------------------------------------------------------------------------


def add_route(app: Flask, rule: str, view: Callable[..., Any], methods: tuple[str, ...] = ("GET",)) -> None:
    app.add_url_rule(rule, "leaky", view, methods=list(methods))


def other_name(two: Neighbours) -> str:
    return two.fair.goods[3].name


def test_a_page_that_shows_anothers_goods_is_found(app: Flask, client: FlaskClient, neighbours: Neighbours) -> None:
    add_route(app, "/leaky", requires(Verb.ENTER)(lambda: f"<p>{other_name(neighbours)}</p>"))
    assert any("/leaky" in leak and "says" in leak for leak in walked(app, client, neighbours).leaks)


def test_a_page_that_forgets_whose_it_is_is_found(app: Flask, client: FlaskClient, neighbours: Neighbours) -> None:
    """The guard asks only for the verb, since «seller» is no name it knows."""
    add_route(app, "/leaky/<seller>", requires(Verb.SEE_OWN_GOODS)(lambda seller: "nothing to see"))
    leaks = walked(app, client, neighbours).leaks
    assert [leak for leak in leaks if "/leaky/" in leak] != []


def test_a_page_of_ones_own_that_takes_anothers_thing_is_found(
    app: Flask, client: FlaskClient, neighbours: Neighbours
) -> None:
    neighbours.world.own["job"], neighbours.world.anothers["job"] = "mine", ["theirs"]
    view = requires(Verb.SEE_OWN_GOODS)(lambda producer_id, job: f"page of {job}")
    add_route(app, "/producers/<producer_id>/leaky/<job>", view)
    leaks = walked(app, client, neighbours).leaks
    assert [leak for leak in leaks if f"/producers/{neighbours.world.own_id}/leaky/theirs" in leak] != []


def test_a_query_that_opens_anothers_page_is_found(app: Flask, client: FlaskClient, neighbours: Neighbours) -> None:
    from flask import request

    view = public(lambda: other_name(neighbours) if request.args.get("producer") else "")
    add_route(app, "/leaky", view)
    assert any("/leaky?" in leak for leak in walked(app, client, neighbours).leaks)


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_anothers_name_in_a_file_is_found(app: Flask, client: FlaskClient, neighbours: Neighbours, kind: str) -> None:
    name = other_name(neighbours)
    data = (
        SheetPrinter("body { font-family: 'Noto Sans' }").print_sheets(f"<p>{name}</p>", {})
        if kind == "pdf"
        else write_xlsx("Trang", ["Tên"], [[name]])
    )
    add_route(app, "/leaky", requires(Verb.ENTER)(lambda: Response(data, mimetype="application/octet-stream")))
    found = walked(app, client, neighbours)
    assert any("/leaky" in leak for leak in found.leaks)
    assert kind in found.files


def test_a_form_that_changes_anothers_things_is_found(app: Flask, client: FlaskClient, neighbours: Neighbours) -> None:
    from flask import request

    from fair_pos.kernel.clock import now
    from fair_pos.people.cards import revoke_card
    from fair_pos.plumbing.db import transaction

    def view() -> str:
        with transaction() as work:
            by = neighbours.fair.people["bantochuc"]
            revoke_card(work, request.form["card"], request.form["owner"], at=now(), by=by)
        return ""

    add_route(app, "/leaky", requires(Verb.ENTER)(view), ("POST",))
    with app.app_context():
        before = rows_of(neighbours.world.other_id)
    walked(app, client, neighbours)
    with app.app_context():
        reading().expire_all()
        assert rows_of(neighbours.world.other_id) != before


def test_a_route_with_a_name_nobody_has_explained_stops_the_walk(
    app: Flask, client: FlaskClient, neighbours: Neighbours
) -> None:
    add_route(app, "/leaky/<mystery>", requires(Verb.ENTER)(lambda mystery: ""))
    with pytest.raises(UnknownArgument, match="mystery"):
        walked(app, client, neighbours)
