"""Pages and doors: closed by default, safe headers, and what becomes of a refusal or a fault.

Every view says who may reach it with one of `@public`, `@for_device` or `@requires(verb)`; a view that says nothing
answers 404. Which thing a request is about is read from the names in its URL (`edition_id`, `booth_id` …), so a page cannot
forget to check whose it is.
"""

from __future__ import annotations

import ipaddress
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.sentences import sentence

log = logging.getLogger("fair_pos")
csrf = CSRFProtect()
View = TypeVar("View", bound=Callable[..., Any])

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # A receipt's address is its secret and must reach no other site. «no-referrer» would also take the Origin from our own
    # forms, so that they could not be told from foreign ones.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Access:
    """Who may reach a view: everyone, a paired device, or a signed-in person with the verb."""

    kind: Literal["public", "device", "person"]
    verb: str = ""


class Policy(Protocol):
    """What `app.py` hands over, since plumbing knows no feature."""

    def may_reach(self, verb: str, view_args: Mapping[str, str]) -> bool:
        """Whether the signed-in person may use `verb` on what the URL names; raises NotFound when there is no such thing."""


def public(view: View) -> View:
    """Anyone may reach this view, signed in or not."""
    view.access = Access("public")  # type: ignore[attr-defined]
    return view


def for_device(view: View) -> View:
    """Only a paired device may reach this view; the view's door checks its bearer token."""
    view.access = Access("device")  # type: ignore[attr-defined]
    return view


def requires(verb: str) -> Callable[[View], View]:
    """Only a person who may do `verb` on what the URL names may reach this view."""

    def mark(view: View) -> View:
        view.access = Access("person", str(verb))  # type: ignore[attr-defined]
        return view

    return mark


def init_web(app: Flask, policy: Policy, host_names: frozenset[str]) -> None:
    """Close the app by default and give every answer its headers and every error its page. It answers to `host_names` alone."""
    csrf.init_app(app)

    @app.before_request
    def close_by_default() -> AnyResponse | None:
        g.fault_number = secrets.token_hex(3)
        refuse_foreign_host(host_names)
        if request.endpoint is None or request.endpoint == "static":
            return None
        refuse_nul()
        access: Access | None = getattr(app.view_functions[request.endpoint], "access", None)
        if access is None:
            abort(404)
        refuse_foreign_origin()
        if access.kind != "person":
            return None
        if not current_user.is_authenticated:
            if request.method == "GET" and wants_html():
                return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
            abort(401)
        if not policy.may_reach(access.verb, request.view_args or {}):
            # 404 and not 403: nobody learns which ids exist.
            raise NotFound
        return None

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            return response
        response.headers.setdefault("Cache-Control", "no-store")
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.register_error_handler(Refusal, refusal_answer)
    app.register_error_handler(HTTPException, http_error_answer)
    app.register_error_handler(Exception, fault_answer)


class HostUnknown(Refusal):
    """The request is addressed to a `host` that is not this server."""

    code = "host_unknown"


def refuse_foreign_host(names: frozenset[str]) -> None:
    """Another site's name that was made to lead here (DNS rebinding) reaches nothing. A plain address can be nobody else's name."""
    try:
        asked = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        asked = ""
    try:
        ipaddress.ip_address(asked)
    except ValueError:
        if asked.rstrip(".") not in names or not asked:
            raise HostUnknown(host=asked) from None


def refuse_nul() -> None:
    """No text of ours holds NUL and PostgreSQL cannot even be asked for one: what names a thing so names nothing."""
    if "\0" in request.path or "%00" in request.query_string.decode("latin-1"):
        abort(404)
    # Every value of a field, not only its first: ticked boxes share one name.
    if any("\0" in name or "\0" in value for name, value in request.form.items(multi=True)):
        abort(400)


def refuse_foreign_origin() -> None:
    """A browser names the page that sends a form; one of another site is turned away before its token is even looked at."""
    origin = request.headers.get("Origin")
    if request.method in {"GET", "HEAD", "OPTIONS"} or origin is None:
        return
    if urlsplit(origin).netloc != request.host:
        abort(403)


def wants_html() -> bool:
    """Whether the asker would take a page; who does not say takes anything (RFC 9110, 12.5.1)."""
    return not request.accept_mimetypes or request.accept_mimetypes.accept_html


def wants_json() -> bool:
    """Whether the asker is a program."""
    return request.path.startswith("/api/")


def refusal_answer(refusal: Refusal) -> tuple[Response | str, int]:
    """A refusal as JSON for programs and as a page with its sentence for people."""
    if wants_json():
        return jsonify(code=refusal.code, facts=refusal.facts), refusal.status
    return error_page(refusal.status, sentence(refusal.code, refusal.facts)), refusal.status


def http_error_answer(error: HTTPException) -> Any:
    """Flask's own errors in our words."""
    status = error.code or 500
    if status < 400:
        return error
    code = f"http_{status}"
    if wants_json():
        return jsonify(code=code, facts={}), status
    return error_page(status, sentence(code, {})), status


def fault_answer(error: Exception) -> tuple[Response | str, int]:
    """Anything unforeseen: logged under a short number that the person can read to us."""
    if current_app.testing:
        raise error
    number = g.get("fault_number", secrets.token_hex(3))
    log.exception("fault %s at %s", number, request.endpoint)
    if wants_json():
        return jsonify(code="fault", facts={"number": number}), 500
    return error_page(500, sentence("fault", {"number": number})), 500


def error_page(status: int, text: str) -> str:
    """A page that needs no database and no session."""
    return render_template("errors/error.html", status=status, text=text)
