"""The page of the till, its service worker, and the organiser's device board."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("till", __name__)
