"""The gates of an edition and the phones that count at them; and the page of the phone's own program."""

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
    request,
    send_from_directory,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.plumbing.qr import qr_svg
from fair_pos.plumbing.sentences import odd_tap_sentence, sentence
from fair_pos.plumbing.web import public, requires
from fair_pos.settings import Settings
from fair_pos.venues.queries import get_edition
from fair_pos.visitors import actions
from fair_pos.visitors.forms import crowd_said, way_said
from fair_pos.visitors.pairing import GATE_CODE_LIFE, make_gate_code, revoke_gate_device
from fair_pos.visitors.queries import (
    count_missing_entries,
    crowd_rule,
    find_gate_device,
    gate_devices_of,
    gates_of,
    get_gate,
    odd_taps_of,
    paired_phones,
)
from fair_pos.visitors.refusals import GateClosed
from fair_pos.visitors.rules import is_clock_wrong

blueprint = Blueprint("gates", __name__)

# --- the phone's program ----------------------------------------------------------------------------------------------


@blueprint.get("/gate/")
@public
def gate_shell() -> Response:
    """The one page of the phone's program; public, since it holds nothing: a phone proves itself at /api/gate."""
    script, styles = built_gate(built_folder() / ".vite" / "manifest.json")
    return make_response(render_template("visitors/gate_shell.html", script=script, styles=styles))


@blueprint.get("/gate/sw.js")
@public
def gate_worker() -> Response:
    """The service worker. Never cached by HTTP: an old one that cannot be replaced would hold a gate for ever."""
    response = send_from_directory(built_folder(), "worker.js", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/gate/app.webmanifest")
@public
def gate_manifest() -> Response:
    """What makes the counter an installed app."""
    response = send_from_directory(built_folder(), "app.webmanifest", mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def built_folder() -> Path:
    """Where `npm run build` puts the program of the gates' phones."""
    return Path(current_app.static_folder or "") / "gate"


def built_gate(manifest: Path) -> tuple[str, tuple[str, ...]]:
    """(script, style sheets) of the built program as URLs. Raises NotFound while it has not been built."""
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound from None
    entry = next(entry for entry in entries.values() if entry.get("isEntry"))
    return f"/static/gate/{entry['file']}", tuple(f"/static/gate/{css}" for css in entry.get("css", ()))


# --- gates ------------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/gates")
@requires(Verb.MANAGE_VISITORS)
def gates(edition_id: str) -> str:
    """The gates, their phones, the limit of people inside, and what is odd about taps."""
    return gates_page(edition_id, {}, "")


@blueprint.post("/editions/<edition_id>/gates")
@requires(Verb.MANAGE_VISITORS)
def add_gate(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Open a gate."""
    form = {"name": request.form.get("name", ""), "way": request.form.get("way", "")}
    at, by = now(), current_user.id
    try:
        way = way_said(form["way"])
        in_transaction(lambda work: actions.add_gate(work, edition_id, form["name"], way, at=at, by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return gates_page(edition_id, form, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã thêm cổng. Hãy ghép một điện thoại để đếm ở đó."))
    return back(edition_id)


@blueprint.post("/editions/<edition_id>/gates/<gate_id>")
@requires(Verb.MANAGE_VISITORS)
def change_gate(edition_id: str, gate_id: str) -> AnyResponse | tuple[str, int]:
    """Another name, or another way of counting; phones take it over with their next contact."""
    name, way, at, by = request.form.get("name", ""), way_said(request.form.get("way", "")), now(), current_user.id
    try:
        in_transaction(lambda work: actions.change_gate(work, gate_id, name, way, at=at, by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return gates_page(edition_id, {}, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu."))
    return back(edition_id)


@blueprint.get("/editions/<edition_id>/gates/<gate_id>/close")
@requires(Verb.MANAGE_VISITORS)
def close_ask(edition_id: str, gate_id: str) -> str:
    """Ask before a gate is closed: its phones stop counting."""
    return render_template(
        "visitors/gate_close.html",
        edition=get_edition(reading(), edition_id),
        gate=get_gate(reading(), gate_id),
        phones=paired_phones(reading(), gate_id),
    )


@blueprint.post("/editions/<edition_id>/gates/<gate_id>/close")
@requires(Verb.MANAGE_VISITORS)
def close(edition_id: str, gate_id: str) -> AnyResponse:
    """No phone counts at this gate any more; its figures stay."""
    at, by = now(), current_user.id
    if in_transaction(lambda work: actions.close_gate(work, gate_id, at=at, by=by)):
        flash(_("Đã đóng cổng. Số đã đếm vẫn được tính."))
    return back(edition_id)


@blueprint.post("/editions/<edition_id>/gates/<gate_id>/reopen")
@requires(Verb.MANAGE_VISITORS)
def reopen(edition_id: str, gate_id: str) -> AnyResponse:
    """A gate that was closed takes phones again."""
    at, by = now(), current_user.id
    if in_transaction(lambda work: actions.reopen_gate(work, gate_id, at=at, by=by)):
        flash(_("Đã mở lại cổng. Hãy ghép điện thoại để đếm tiếp."))
    return back(edition_id)


@blueprint.post("/editions/<edition_id>/crowd-rule")
@requires(Verb.MANAGE_VISITORS)
def set_crowd_rule(edition_id: str) -> AnyResponse | tuple[str, int]:
    """How many may be inside, and how many entries are second ones."""
    at, by = now(), current_user.id
    try:
        limit, reentry = crowd_said(request.form)
        in_transaction(lambda work: actions.set_crowd_rule(work, edition_id, limit, reentry, at=at, by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return gates_page(edition_id, {}, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu. Điện thoại ở cổng sẽ báo khi gần đầy."))
    return back(edition_id)


def gates_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """All of it, with the form as it was sent."""
    looking = reading()
    phones = gate_devices_of(looking, edition_id)
    limit, reentry = crowd_rule(looking, edition_id)
    rows = [
        (
            one,
            count_missing_entries(looking, one),
            is_clock_wrong(one.clock_off_ms),
        )
        for one in phones
    ]
    return render_template(
        "visitors/gates.html",
        edition=get_edition(looking, edition_id),
        gates=sorted(gates_of(looking, edition_id), key=lambda gate: gate.closed_at is not None),
        phones=rows,
        odd=[(one, odd_tap_sentence(one.code)) for one in odd_taps_of(looking, phones)],
        limit=limit,
        reentry=reentry,
        ways=way_words(),
        form={"name": "", "way": "both"} | form,
        error=error,
        now=now(),
    )


def way_words() -> dict[str, str]:
    """How a gate counts, in words."""
    return {
        "both": _("Vào và ra, đếm cả hai"),
        "entrance": _("Chỉ là lối vào"),
        "exit": _("Chỉ là lối ra"),
        "in_only": _("Đếm vào; có người ra mà không đếm"),
    }


def back(edition_id: str) -> AnyResponse:
    """To the gates."""
    return redirect(url_for("gates.gates", edition_id=edition_id))


# --- phones -----------------------------------------------------------------------------------------------------------


@blueprint.post("/editions/<edition_id>/gates/<gate_id>/pairing-code")
@requires(Verb.MANAGE_VISITORS)
def make_code(edition_id: str, gate_id: str) -> AnyResponse | tuple[str, int]:
    """Make a one-time code. Only its hash is kept; this browser's own session holds it while it is good."""
    made_at, by = now(), current_user.id
    try:
        code = in_transaction(lambda work: make_gate_code(work, gate_id, by=by, at=made_at))
    except GateClosed as refusal:
        return gates_page(edition_id, {}, sentence(refusal.code, refusal.facts)), refusal.status
    session["gate_pairing"] = {"gate": gate_id, "code": code, "until": (made_at + GATE_CODE_LIFE).isoformat()}
    return redirect(url_for("gates.gate_code", edition_id=edition_id, gate_id=gate_id))


@blueprint.get("/editions/<edition_id>/gates/<gate_id>/pairing-code")
@requires(Verb.MANAGE_VISITORS)
def gate_code(edition_id: str, gate_id: str) -> AnyResponse | str:
    """The code just made in this browser, for scanning and reading out; back to the gates when there is none."""
    made = session.get("gate_pairing", {})
    if made.get("gate") != gate_id or datetime.fromisoformat(made["until"]) <= now():
        return back(edition_id)
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return render_template(
        "visitors/gate_code.html",
        edition=get_edition(reading(), edition_id),
        gate=get_gate(reading(), gate_id),
        code=made["code"],
        address=f"{settings.public_url}/gate/",
        qr=Markup(qr_svg(f"{settings.public_url}/gate/?code={made['code']}")),  # noqa: S704 (letters and digits of ours)
        until=datetime.fromisoformat(made["until"]),
    )


@blueprint.get("/editions/<edition_id>/gate-devices/<gate_device_id>/revoke")
@requires(Verb.MANAGE_VISITORS)
def revoke_ask(edition_id: str, gate_device_id: str) -> str:
    """Ask before a gate stops counting: there is no way back but pairing again."""
    device = find_gate_device(reading(), gate_device_id)
    if device is None:
        raise NotFound
    return render_template("visitors/gate_revoke.html", edition=get_edition(reading(), edition_id), device=device)


@blueprint.post("/editions/<edition_id>/gate-devices/<gate_device_id>/revoke")
@requires(Verb.MANAGE_VISITORS)
def revoke(edition_id: str, gate_device_id: str) -> AnyResponse:
    """End a phone's pairing; what it still holds is taken all the same."""
    with transaction() as work:
        end_phone(work, gate_device_id)
    flash(_("Đã ngừng ghép điện thoại. Lượt còn trên máy vẫn gửi lên được."), "done")
    return back(edition_id)


def end_phone(work: Session, gate_device_id: str) -> None:
    """Revoke it. Raises NotFound."""
    device = find_gate_device(work, gate_device_id)
    if device is None:
        raise NotFound
    revoke_gate_device(work, device, by=current_user.id, at=now())
