"""The policy table: who reaches what, and how long guessing has to wait."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from fair_pos.people.rules import POLICY, Held, Role, Scope, Verb, covers, is_pin, may, pause_after, pin_hash

EDITION = Scope(edition_id="e1")
BOOTH = Scope(edition_id="e1", booth_id="b1")


# Written by hand and not read from the policy: who may do what where. A role is tied to its edition, booth or producer, and
# asked about its own place (own), about another one (other), and about nothing in particular (any).
#                             administrator  organiser        seller           producer
#                             own other any  own other any    own other any    own other any
TRUTH = """
    enter                     yes yes yes    yes no  yes      yes no  yes      yes no  yes
    see_figures               yes yes yes    yes no  yes      no  no  no       no  no  no
    see_receipts              yes yes yes    yes no  yes      no  no  no       no  no  no
    see_oddities              yes yes yes    yes no  yes      no  no  no       no  no  no
    see_payments              yes yes yes    yes no  yes      no  no  no       no  no  no
    confirm_transfers         yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_accounts           yes yes yes    yes no  yes      no  no  no       no  no  no
    approve_accounts          yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_devices            yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_editions           yes yes yes    no  no  no       no  no  no       no  no  no
    manage_booths             yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_printers           yes yes yes    yes no  yes      no  no  no       no  no  no
    print_copies              yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_catalogue          yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_people             yes yes yes    no  no  no       no  no  no       no  no  no
    manage_sellers            yes yes yes    yes no  yes      no  no  no       no  no  no
    sell                      yes yes yes    yes no  yes      yes no  yes      no  no  no
    change_price              yes yes yes    yes no  yes      no  no  no       no  no  no
    discount_freely           yes yes yes    yes no  yes      no  no  no       no  no  no
    sign_second               yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_visitors           yes yes yes    yes no  yes      no  no  no       no  no  no
    close_days                yes yes yes    yes no  yes      no  no  no       no  no  no
    freeze_editions           yes yes yes    yes no  yes      no  no  no       no  no  no
    see_stock                 yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_stock              yes yes yes    yes no  yes      no  no  no       no  no  no
    receive_goods             yes yes yes    yes no  yes      yes no  yes      no  no  no
    manage_terms              yes yes yes    yes no  yes      no  no  no       no  no  no
    settle                    yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_showroom           yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_cards              yes yes yes    yes no  yes      no  no  no       no  no  no
    see_bands                 yes yes yes    yes no  yes      no  no  no       no  no  no
    manage_members            no  no  no     no  no  no       no  no  no       yes no  yes
    see_own_goods             yes yes yes    no  no  no       no  no  no       yes no  yes
"""
ROLES = [Role.ADMINISTRATOR, Role.ORGANISER, Role.SELLER, Role.PRODUCER]
HELD = {
    Role.ADMINISTRATOR: Scope(),
    Role.ORGANISER: Scope(edition_id="e1"),
    Role.SELLER: Scope(booth_id="b1"),
    Role.PRODUCER: Scope(producer_id="p1"),
}
PLACES: dict[str, dict[Role, Scope | None]] = {
    "own": {role: BOOTH if role is not Role.PRODUCER else Scope(producer_id="p1") for role in ROLES},
    "other": {
        Role.ADMINISTRATOR: Scope(edition_id="e9", booth_id="b9", producer_id="p9"),
        Role.ORGANISER: Scope(edition_id="e2", booth_id="b1"),
        Role.SELLER: Scope(edition_id="e1", booth_id="b2"),
        Role.PRODUCER: Scope(producer_id="p2"),
    },
    "any": dict.fromkeys(ROLES),
}
ROWS = [(verb, list(zip([(role, place) for role in ROLES for place in PLACES], cells, strict=True)))
        for verb, *cells in map(str.split, TRUTH.strip().splitlines())]  # fmt: skip
CASES = [(Role(role), Verb(verb), place, cell == "yes") for verb, row in ROWS for (role, place), cell in row]


@pytest.mark.parametrize(("role", "verb", "place", "allowed"), CASES)
def test_who_may_do_what_where(role: Role, verb: Verb, place: str, allowed: bool) -> None:
    assert may([Held(role, HELD[role])], verb, PLACES[place][role]) is allowed


def test_every_verb_and_role_stands_in_the_truth_table() -> None:
    assert {(role, verb) for role, verb, _, _ in CASES} == {(role, verb) for role in Role for verb in Verb}
    assert set(POLICY) == set(Verb)


@pytest.mark.parametrize("verb", list(Verb))
def test_without_a_role_nothing_is_allowed(verb: Verb) -> None:
    assert not any(may([], verb, thing) for thing in (None, Scope(), BOOTH))


def test_two_roles_allow_what_one_of_them_allows_and_are_never_mixed() -> None:
    """A seller at one fair who organises another is no organiser at the first."""
    roles = [Held(Role.SELLER, Scope(edition_id="e1")), Held(Role.ORGANISER, Scope(edition_id="e2"))]
    assert may(roles, Verb.SELL, BOOTH)
    assert may(roles, Verb.SEE_FIGURES, Scope(edition_id="e2"))
    assert not may(roles, Verb.SEE_FIGURES, BOOTH)


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


def test_a_pin_s_hash_is_the_one_every_browser_computes() -> None:
    salt = "00112233445566778899aabbccddeeff"
    assert pin_hash("1234", salt) == hashlib.pbkdf2_hmac("sha256", b"1234", bytes.fromhex(salt), 100_000).hex()
    assert is_pin("0000")
    assert is_pin("123456")
    assert not is_pin("12345\n")
