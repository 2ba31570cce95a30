"""Who may have households, and how the secret of a link is kept."""

from __future__ import annotations

from flask import Flask

from fair_pos.cooperative.queries import find_member_by_token, is_cooperative, token_hash
from fair_pos.plumbing.db import reading
from tests.builders import make_fair


def test_cooperatives_have_households_and_nobody_else(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        assert is_cooperative(reading(), fair.producer_ids[0])
        assert not is_cooperative(reading(), "nobody")
        assert find_member_by_token(reading(), "") is None


def test_a_token_is_kept_as_its_hash() -> None:
    assert len(token_hash("secret")) == 64
    assert "secret" not in token_hash("secret")
