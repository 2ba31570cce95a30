"""The factory: what every app has, and how a URL's names become the place that the policy is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import UndefinedError
from sqlalchemy import text

from fair_pos import create_app
from fair_pos.app import UrlPolicy, thing_in_url, together
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.rules import Scope
from fair_pos.plumbing.db import transaction
from fair_pos.settings import Settings
from tests.builders import Fair, Tablet, make_fair, pair_tablet, sign_in

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_apps_do_not_share_anything(settings: Settings, tmp_path: Path) -> None:
    one, other = create_app(settings), create_app(replace(settings, secret_key="other", instance_dir=tmp_path / "b"))
    assert one.secret_key != other.secret_key
    assert one.extensions["fair_pos_settings"] == settings
    assert one.extensions["fair_pos_gate"] is not other.extensions["fair_pos_gate"]


def test_sessions_and_uploads_are_bounded(app: Flask) -> None:
    assert app.permanent_session_lifetime <= timedelta(hours=12)
    assert 0 < app.config["MAX_CONTENT_LENGTH"] <= 8 * 1024 * 1024


def test_a_template_that_names_what_is_not_there_fails(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing }}").render()


def test_the_instance_folder_is_the_server_s_alone(app: Flask, settings: Settings) -> None:
    assert settings.instance_dir.stat().st_mode & 0o077 == 0


def test_a_url_s_names_become_a_place(app: Flask, fair: Fair, tablet: Tablet) -> None:
    booth = {"edition_id": fair.edition_id, "booth_id": fair.booth_ids[0]}
    parcel = tablet.sale([(fair.goods[0], 1)])
    tablet.send(parcel)
    with app.app_context():
        assert thing_in_url({}) is None
        assert thing_in_url({"name": "x"}) is None
        assert thing_in_url({"edition_id": fair.edition_id}) == Scope(edition_id=fair.edition_id)
        for names in (
            {"booth_id": fair.booth_ids[0]},
            {"sale_id": parcel["id"]},
            {"device_id": tablet.device_id},
            {"edition_id": fair.edition_id, "device_id": tablet.device_id},
            {**booth, "sale_id": parcel["id"]},
        ):
            assert thing_in_url(names) == Scope(**booth), names
        assert thing_in_url({"producer_id": "p"}) == Scope(producer_id="p")
        assert thing_in_url({"person_id": "x"}) == Scope()


@pytest.mark.parametrize("name", ["edition_id", "booth_id", "sale_id", "device_id"])
def test_a_name_of_nothing_is_not_found(app: Flask, fair: Fair, name: str) -> None:
    with app.app_context(), pytest.raises(NotFound):
        thing_in_url({name: NOBODY})


def test_names_that_do_not_belong_together_are_not_found(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """Else the organiser of one fair could reach a booth of another by naming their own fair before it."""
    other = make_fair(app, name="Hội chợ khác")
    with app.app_context():
        for names in (
            {"edition_id": other.edition_id, "booth_id": fair.booth_ids[0]},
            {"edition_id": other.edition_id, "device_id": tablet.device_id},
            {"booth_id": fair.booth_ids[1], "device_id": tablet.device_id},
        ):
            with pytest.raises(NotFound):
                thing_in_url(names)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Scope(), Scope(), Scope()),
        (Scope("e"), Scope(), Scope("e")),
        (Scope("e"), Scope("e", "b"), Scope("e", "b")),
        (Scope("e", "b"), Scope(producer_id="p"), Scope("e", "b", "p")),
        (Scope("e"), Scope("f"), None),
        (Scope("e", "b"), Scope("e", "c"), None),
        (Scope(producer_id="p"), Scope(producer_id="q"), None),
    ],
)
def test_two_places_become_one_or_none(one: Scope, other: Scope, both: Scope | None) -> None:
    for first, second in ((one, other), (other, one)):
        if both is None:
            with pytest.raises(NotFound):
                together(first, second)
        else:
            assert together(first, second) == both


def test_the_policy_is_asked_about_the_place_in_the_url(app: Flask, client: FlaskClient, fair: Fair) -> None:
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "bantochuc")
    with client:
        client.get("/me/password")
        policy = UrlPolicy()
        assert policy.may_reach("see_figures", {"edition_id": fair.edition_id})
        assert policy.may_reach("see_figures", {})
        assert not policy.may_reach("see_figures", {"edition_id": other.edition_id})
        assert not policy.may_reach("manage_people", {"person_id": fair.people["bantochuc"]})


def test_postgresql_is_asked_for_nothing_less_than_durable(app: Flask, database_kind: str) -> None:
    if database_kind != "postgresql":
        return
    with app.app_context(), transaction() as session:
        assert session.scalar(text("SHOW synchronous_commit")) == "on"
        assert session.scalar(text("SHOW timezone")) == "UTC"
