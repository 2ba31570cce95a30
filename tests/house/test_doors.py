"""Who may come in where: every route is public by name or guarded, and the policy table and the doors know each other."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from flask import Flask
from werkzeug.routing import AnyConverter, Map, Rule

from fair_pos.app import PLACES
from fair_pos.people.rules import POLICY, Verb
from fair_pos.plumbing.web import Access
from tests.house.repository import none, our_python

# Everyone may come in here, signed in or not. A new name needs its reason.
PUBLIC = {
    "board.public_board": "rounded totals that an organiser has switched on for everyone; off it is 404",
    "board.wall_shell": "the page of a display, which holds nothing; its token opens a door for devices",
    "payments_api.hook": "providers sign the bytes they post; nobody is signed in and nothing is shown",
    "cooperative.household": "the 192 bits of a household's link are the key; it shows that household alone",
    "cards.door": "says whose card it is to who holds it, as the card does",
    "cards.enter": "the 128 bits on a producer's card are the key",
    "cards.code": "where a one-time code is typed",
    "cards.enter_code": "where a one-time code is typed",
    "gates.gate_shell": "the program of a gate's phone, which holds nothing",
    "gates.gate_worker": "part of that program",
    "gates.gate_manifest": "part of that program",
    "people.sign_in": "where one signs in",
    "people.sign_in_now": "where one signs in",
    "people.choose_language": "changes nothing but this browser's language",
    "receipts.receipt": "the address in the QR code is the buyer's secret",
    "receipts.receipt_pdf": "the same receipt on paper",
    "receipts.product": "what a product's label tells everyone: maker, place, stars",
    "share.shown": "what a producer chose to show, to who has the link",
    "share.shown_picture": "the same as a picture",
    "till.shell": "the program, which holds nothing; its data come through doors for devices",
    "till.service_worker": "part of the program",
    "till.web_manifest": "part of the program",
}
NO_ACCESS = Access("person", "")


def access_of(app: Flask, endpoint: str) -> Access | None:
    access: Access | None = getattr(app.view_functions[endpoint], "access", None)
    return access


def open_up(app: Flask, name: str, access: Access | None) -> None:
    app.add_url_rule(f"/{name}", name, lambda: "come in")
    if access is not None:
        vars(app.view_functions[name])["access"] = access


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def unguarded(app: Flask) -> list[str]:
    found = []
    for rule in routes(app):
        access = access_of(app, rule.endpoint)
        if access is None:
            found.append(f"{rule} ({rule.endpoint}) says nothing about who may come in")
        elif access.kind == "public" and rule.endpoint not in PUBLIC:
            found.append(f"{rule} ({rule.endpoint}) is public without being named here")
        elif access.kind == "person" and access.verb not in set(Verb):
            found.append(f"{rule} ({rule.endpoint}) asks for «{access.verb}», which is not in the policy table")
    return found


def test_every_route_is_public_by_name_or_guarded(app: Flask) -> None:
    none(unguarded(app))


def test_an_open_route_is_noticed(app: Flask) -> None:
    before = len(unguarded(app))
    for name, access in (("forgotten", None), ("open", Access("public")), ("odd", Access("person", "fly"))):
        open_up(app, name, access)
    assert len(unguarded(app)) == before + 3


def test_every_public_name_is_still_a_public_route(app: Flask) -> None:
    open_now = {rule.endpoint for rule in routes(app) if (access_of(app, rule.endpoint) or NO_ACCESS).kind == "public"}
    none(f"{name} is named public and is not" for name in sorted(PUBLIC.keys() - open_now))


def address_of(rule: Rule) -> str:
    """An address of this route, with something in every blank; nothing that exists is called «1»."""
    converters = {name: rule._converters[name] for name in rule.arguments}
    blanks = {name: min(one.items) if isinstance(one, AnyConverter) else "1" for name, one in converters.items()}
    return Map([rule.empty()]).bind("localhost").build(rule.endpoint, blanks)


def answers_to_strangers(app: Flask) -> list[str]:
    """Ask every guarded route with every method, as nobody: each must turn us away, and none may stumble."""
    app.config["WTF_CSRF_ENABLED"] = False  # would turn strangers away too, and hide a guard that is missing
    client, found = app.test_client(), []
    for rule in routes(app):
        access = access_of(app, rule.endpoint) or NO_ACCESS
        if access.kind == "public":
            continue
        path = address_of(rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = client.open(
                path, method=method, headers={"X-Fair-Pos": "till"}, json={} if method == "POST" else None
            )
            if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"):
                continue
            # A door for devices may find the body wrong before it asks who sent it.
            if answer.status_code not in ({400, 401} if access.kind == "device" else {401, 404}):
                found.append(f"{method} {path} answers {answer.status_code} to a stranger")
    return found


def test_strangers_are_turned_away_everywhere(app: Flask) -> None:
    none(answers_to_strangers(app))


def test_a_door_left_open_is_noticed(app: Flask) -> None:
    open_up(app, "ajar", Access("device"))
    assert "GET /ajar answers 200 to a stranger" in answers_to_strangers(app)


ASKS_OTHERWISE = {"pair": "a tablet that is no device yet brings a one-time code and a password"}


def unasked_doors(modules: Iterable[tuple[str, ast.Module]]) -> list[str]:
    """Views marked `@for_device` that never look at who is calling."""
    return [
        f"{path}:{view.lineno} {view.name} never asks for calling_device"
        for path, tree in modules
        for view in ast.walk(tree)
        if isinstance(view, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == "for_device" for mark in view.decorator_list)
        and not any(isinstance(node, ast.Name) and node.id == "calling_device" for node in ast.walk(view))
    ]


def test_every_door_for_devices_asks_which_device_calls() -> None:
    none(door for door in unasked_doors(our_python()) if door.split()[1] not in ASKS_OTHERWISE)


def test_a_door_that_does_not_ask_is_noticed() -> None:
    source = ast.parse("@for_device\ndef ping(): return answer()\n@for_device\ndef send(): calling_device(s)")
    assert unasked_doors([("a.py", source)]) == ["a.py:2 ping never asks for calling_device"]


def test_every_thing_named_in_a_guarded_address_is_checked(app: Flask) -> None:
    """`app.PLACES` says whose a thing is; a name it does not know would not be asked about."""
    none(
        f"{rule} names {argument}, which fair_pos/app.py PLACES does not know"
        for rule in routes(app)
        if (access_of(app, rule.endpoint) or NO_ACCESS).kind == "person"
        for argument in sorted(rule.arguments)
        if argument.endswith("_id") and argument not in PLACES
    )


def verbs_named(modules: Iterable[tuple[str, ast.Module]]) -> set[str]:
    """`Verb.X` wherever it is written, but for the table itself."""
    return {
        node.attr
        for path, tree in modules
        if path != "fair_pos/people/rules.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Verb"
    }


def test_every_verb_opens_some_door() -> None:
    named = verbs_named(our_python())
    none(f"Verb.{verb.name} opens nothing" for verb in Verb if verb.name not in named)


def test_verbs_are_found_where_they_are_asked_for() -> None:
    source = ast.parse("@requires(Verb.SELL)\ndef sell(): return may(roles, Verb.ENTER, None)")
    assert verbs_named([("a.py", source), ("fair_pos/people/rules.py", ast.parse("Verb.MANAGE_PEOPLE"))]) == {
        "SELL",
        "ENTER",
    }


def test_every_verb_is_granted_to_someone() -> None:
    assert POLICY.keys() == set(Verb)
    none(f"nobody may {verb}" for verb, roles in POLICY.items() if not roles)
