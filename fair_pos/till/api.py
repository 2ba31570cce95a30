"""/api/till: pairing, price list, commands, ping."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("till_api", __name__, url_prefix="/api/till")
