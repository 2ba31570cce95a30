"""Pages of venues."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("venues", __name__)
