"""The end of a fair day: how complete its figures are, and the sheet a named person signs."""

from __future__ import annotations
