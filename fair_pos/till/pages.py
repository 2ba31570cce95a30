"""The page of the till and its service worker; and the organiser's board of devices."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    send_from_directory,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.queries import find_person
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.qr import qr_svg
from fair_pos.plumbing.web import CSP, public, requires
from fair_pos.settings import Settings
from fair_pos.till.pairing import PAIRING_CODE_LIFE, make_pairing_code, revoke_device
from fair_pos.till.queries import count_missing, devices_of, find_device
from fair_pos.venues.queries import booths_of, get_booth, get_edition

blueprint = Blueprint("till", __name__)

TILL_CSP = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""The camera's reader of codes is WebAssembly, ours and from our own address; on this page alone it may be compiled."""


@blueprint.get("/till/")
@public
def shell() -> Response:
    """The one page of the till; public, since it holds nothing: a tablet proves itself at /api/till."""
    script, styles = built_files(built_folder() / ".vite" / "manifest.json")
    response = make_response(render_template("till/shell.html", script=script, styles=styles))
    response.headers["Content-Security-Policy"] = TILL_CSP
    return response


@blueprint.get("/till/sw.js")
@public
def service_worker() -> Response:
    """The service worker. Never cached by HTTP: an old one that cannot be replaced would hold a till for ever."""
    response = send_from_directory(built_folder(), "worker.js", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/till/app.webmanifest")
@public
def web_manifest() -> Response:
    """What makes the till an installed app."""
    response = send_from_directory(built_folder(), "app.webmanifest", mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def built_folder() -> Path:
    """Where `npm run build` puts the till."""
    return Path(current_app.static_folder or "") / "till"


def built_files(manifest: Path) -> tuple[str, tuple[str, ...]]:
    """(script, style sheets) of the built till as URLs. Raises NotFound while it has not been built.

    Read anew for every page: a till built again under a running server changes names, and a page with the old ones is white.
    """
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound from None
    entry = next(entry for entry in entries.values() if entry.get("isEntry"))
    return f"/static/till/{entry['file']}", tuple(f"/static/till/{css}" for css in entry.get("css", ()))


# --- the organiser's board of devices ---------------------------------------------------------------------------------

CLOCK_OFF_SHOWN_MS = 60_000
"""From here on a tablet's clock is called wrong; the sales are put right by the server's clock anyway."""


@blueprint.get("/editions/<edition_id>/devices")
@requires(Verb.MANAGE_DEVICES)
def devices(edition_id: str) -> str:
    """Every tablet of an edition: when it was last heard, what it still holds, whether anything is missing."""
    booths = booths_of(reading(), edition_id)
    found = devices_of(reading(), [booth.id for booth in booths])
    names = {booth.id: f"{booth.code} · {booth.name}" for booth in booths}
    rows = []
    for one in found:
        person = find_person(reading(), one.person_id) if one.person_id else None
        minutes_off = one.clock_off_ms // 60_000 if abs(one.clock_off_ms) >= CLOCK_OFF_SHOWN_MS else 0
        missing = count_missing(reading(), one)
        rows.append((one, names[one.booth_id], person.name if person else "", minutes_off, missing))
    return render_template(
        "till/devices.html",
        edition=get_edition(reading(), edition_id),
        booths=booths,
        rows=[row for row in rows if not row[0].sample],
        sample_rows=[row for row in rows if row[0].sample],
        now=now(),
    )


@blueprint.post("/editions/<edition_id>/booths/<booth_id>/pairing-code")
@requires(Verb.MANAGE_DEVICES)
def make_devices_code(edition_id: str, booth_id: str) -> AnyResponse:
    """Make a one-time code. Only its hash is kept; this browser's own session holds it while it is good."""
    made_at = now()
    with transaction() as work:
        code = make_pairing_code(work, booth_id, by=current_user.id, at=made_at)
    session["pairing"] = {"booth": booth_id, "code": code, "until": (made_at + PAIRING_CODE_LIFE).isoformat()}
    return redirect(url_for("till.devices_code", edition_id=edition_id, booth_id=booth_id))


@blueprint.get("/editions/<edition_id>/booths/<booth_id>/pairing-code")
@requires(Verb.MANAGE_DEVICES)
def devices_code(edition_id: str, booth_id: str) -> AnyResponse | str:
    """The code just made in this browser, for reading out and scanning; back to the board when there is none."""
    made = session.get("pairing", {})
    if made.get("booth") != booth_id or datetime.fromisoformat(made["until"]) <= now():
        return redirect(url_for("till.devices", edition_id=edition_id))
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return render_template(
        "till/devices_code.html",
        edition=get_edition(reading(), edition_id),
        booth=get_booth(reading(), booth_id),
        code=made["code"],
        till_address=f"{settings.public_url}/till/",
        qr=Markup(qr_svg(f"{settings.public_url}/till/?code={made['code']}")),  # noqa: S704 (letters and digits of ours)
        until=datetime.fromisoformat(made["until"]),
    )


@blueprint.get("/editions/<edition_id>/devices/<device_id>/revoke")
@requires(Verb.MANAGE_DEVICES)
def revoke_ask(edition_id: str, device_id: str) -> str:
    """Ask before a selling booth is stopped: there is no way back but pairing again."""
    device = find_device(reading(), device_id)
    if device is None:
        raise NotFound
    person = find_person(reading(), device.person_id) if device.person_id else None
    return render_template(
        "till/devices_revoke.html",
        edition=get_edition(reading(), edition_id),
        device=device,
        booth=get_booth(reading(), device.booth_id),
        person=person.name if person else "",
    )


@blueprint.post("/editions/<edition_id>/devices/<device_id>/revoke")
@requires(Verb.MANAGE_DEVICES)
def revoke(edition_id: str, device_id: str) -> AnyResponse:
    """End a tablet's pairing; what it still holds is taken all the same."""
    with transaction() as work:
        device = find_device(work, device_id)
        if device is None:
            raise NotFound
        revoke_device(work, device, by=current_user.id, at=now())
        letter = device.letter
    flash(_("Đã ngừng ghép máy %(letter)s. Đơn còn trên máy vẫn gửi lên được.", letter=letter), "done")
    return redirect(url_for("till.devices", edition_id=edition_id))
