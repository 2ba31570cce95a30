"""Sentences of refusals about goods, their owners and what these are owed (plumbing/sentences.py says how they are used)."""

from __future__ import annotations

from flask_babel.speaklater import LazyString

GOODS: dict[str, LazyString] = {
    # Stock and notes of goods
    # Counts
    # Terms: split rules, fees, payout accounts
    # Statements and payouts
    # Cooperatives
    # Cards and codes of producers
    # Showrooms and titles
}
