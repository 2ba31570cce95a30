"""An app that shows its faults as a visitor sees them, and a few views beside the real ones."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Flask, Response, redirect
from pydantic import BaseModel, ConfigDict, StrictInt
from werkzeug.wrappers import Response as AnyResponse

from fair_pos import create_app
from fair_pos.kernel.refusal import Refusal
from fair_pos.plumbing.json_door import answer, json_door
from fair_pos.plumbing.web import csrf, for_device, public
from fair_pos.settings import Settings


class Line(BaseModel):
    """For these tests."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    quantity: StrictInt


class Order(BaseModel):
    """For these tests."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lines: list[Line]


class WouldNot(Refusal):
    """For these tests; its code is one that has a sentence with a blank."""

    code = "sales_waiting"
    status = 409


def app_with_doors(settings: Settings, **changes: object) -> Flask:
    """The whole app, as visitors have it, with views that answer, refuse, break, or forgot to say who may come."""
    app = create_app(replace(settings, testing=False, **changes))  # type: ignore[arg-type]
    pages, door = Blueprint("extra", __name__), Blueprint("extra_door", __name__, url_prefix="/api/extra")

    @pages.route("/open", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @public
    def open_to_all() -> str:
        return "open"

    @pages.get("/unmarked")
    def unmarked() -> str:
        return "nobody said who may see this"

    @pages.get("/refuses")
    @public
    def refuses() -> str:
        raise WouldNot(waiting=3)

    @pages.get("/breaks")
    @public
    def breaks() -> str:
        raise RuntimeError("secret detail")

    @pages.get("/moves")
    @public
    def moves() -> AnyResponse:
        return redirect("/open")

    @door.post("/order")
    @for_device
    @json_door(Order)
    def order(body: Order) -> Response:
        return answer(body, 201)

    @door.get("/unmarked")
    def unmarked_door() -> str:
        return "nobody said who may see this"

    @door.post("/refuses")
    @for_device
    def refuses_programs() -> str:
        raise WouldNot(waiting=3)

    @door.post("/breaks")
    @for_device
    def breaks_for_programs() -> str:
        raise RuntimeError("secret detail")

    app.register_blueprint(pages)
    app.register_blueprint(door)
    csrf.exempt(door)
    return app
