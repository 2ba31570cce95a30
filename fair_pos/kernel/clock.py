"""The only place that reads the time; everything else gets it as an argument."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """The present instant in UTC, to the millisecond, as it travels on the wire."""
    instant = datetime.now(timezone.utc)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
