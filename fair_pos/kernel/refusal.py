"""Why a request is turned down. A fact is never refused (docs/decisions/0002)."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Base of all refusals. `code` names the sentence shown, `facts` fill its blanks, `status` is the HTTP answer."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts: dict[str, str | int] = facts


class NotFound(Refusal):
    """Does not exist, or is not theirs: the two look alike from outside, so nobody learns what exists."""

    code = "not_found"
    status = 404
