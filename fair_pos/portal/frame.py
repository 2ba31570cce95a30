"""What stands around the figures of every page of a producer."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from fair_pos.plumbing.db import reading
from fair_pos.portal.queries import get_producer
from fair_pos.registry.queries import producers_by_id


def frame_of(producer_id: str) -> dict[str, Any]:
    """What every page of a producer shows around its figures: who this is, and whom else this person may look at. Raises NotFound."""
    producer = get_producer(reading(), producer_id)
    own = [held.scope.producer_id for held in current_user.roles if held.scope.producer_id is not None]
    others = producers_by_id(reading(), own)
    return {"producer": producer, "switch": [others[one] for one in dict.fromkeys(own) if one in others]}
