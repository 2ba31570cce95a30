"""Refusals carry a code, facts and a status."""

from __future__ import annotations

import pytest

from fair_pos.kernel.refusal import NotFound, Refusal


def test_a_refusal_says_its_code_and_keeps_its_facts() -> None:
    class TooMany(Refusal):
        """For this test."""

        code = "too_many_of_them"
        status = 429

    refusal = TooMany(seconds=3, name="Mật ong")
    assert (str(refusal), refusal.status, refusal.facts) == (
        "too_many_of_them",
        429,
        {"seconds": 3, "name": "Mật ong"},
    )


@pytest.mark.parametrize(("kind", "status"), [(Refusal, 400), (NotFound, 404)])
def test_a_refusal_without_a_status_of_its_own(kind: type[Refusal], status: int) -> None:
    assert kind().status == status
    assert kind().facts == {}
