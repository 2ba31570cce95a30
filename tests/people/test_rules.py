"""The policy table: who reaches what, and how long guessing has to wait."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fair_pos.people.rules import POLICY, Held, Role, Scope, Verb, covers, may, pause_after

EDITION = Scope(edition_id="e1")
BOOTH = Scope(edition_id="e1", booth_id="b1")


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_ties_may_everywhere_what_the_table_says(role: Role, verb: Verb) -> None:
    assert may([Held(role, Scope())], verb, BOOTH) is (role in POLICY[verb])
    assert may([], verb, BOOTH) is False


@pytest.mark.parametrize(
    ("held", "thing", "reached"),
    [
        (EDITION, BOOTH, True),
        (BOOTH, BOOTH, True),
        (Scope(booth_id="b1"), BOOTH, True),
        (BOOTH, EDITION, False),
        (Scope(edition_id="e2"), BOOTH, False),
        (Scope(edition_id="e1", booth_id="b2"), BOOTH, False),
        (EDITION, Scope(), False),
        (Scope(producer_id="p1"), EDITION, False),
        (Scope(), Scope(), True),
    ],
)
def test_each_tie_of_a_role_must_be_the_things_own(held: Scope, thing: Scope, reached: bool) -> None:
    assert covers(held, thing) is reached


def test_asking_about_no_thing_asks_for_any_place() -> None:
    assert may([Held(Role.ORGANISER, EDITION)], Verb.SEE_FIGURES, None)
    assert not may([Held(Role.SELLER, BOOTH)], Verb.SEE_FIGURES, None)


def test_pauses_grow_and_never_lock_for_good() -> None:
    pauses = [pause_after(failures) for failures in range(40)]
    assert pauses[:4] == [0, 0, 0, 0]
    assert all(later >= earlier for earlier, later in pairwise(pauses))
    assert pauses[-1] == 300
