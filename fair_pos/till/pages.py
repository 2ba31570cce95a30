"""The page of the till and its service worker; and the organiser's board of devices."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, send_from_directory

from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.web import public

blueprint = Blueprint("till", __name__)


@blueprint.get("/till/")
@public
def shell() -> str:
    """The one page of the till; public, since it holds nothing: a tablet proves itself at /api/till."""
    script, styles = built_files(str(built_folder() / ".vite" / "manifest.json"))
    return render_template("till/shell.html", script=script, styles=styles)


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


@cache
def built_files(manifest: str) -> tuple[str, tuple[str, ...]]:
    """(script, style sheets) of the built till as URLs. Raises NotFound while it has not been built."""
    path = Path(manifest)
    if not path.exists():
        raise NotFound
    entries = json.loads(path.read_text(encoding="utf-8"))
    entry = next(entry for entry in entries.values() if entry.get("isEntry"))
    return f"/static/till/{entry['file']}", tuple(f"/static/till/{css}" for css in entry.get("css", ()))
