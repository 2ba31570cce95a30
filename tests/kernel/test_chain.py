"""The chain of commands: same bytes, same hash, in both languages."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.chain import GENESIS, digest, link
from tests.kernel.vectors import vectors

ANY_TEXT = st.text(st.characters(codec=None))
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.mark.parametrize("case", vectors("chain"), ids=lambda case: case["hash"][:8])
def test_links_are_those_of_the_vectors(case: dict[str, str]) -> None:
    assert link(case["prev_hash"], case["text"]) == case["hash"]


def test_vectors_are_one_chain_from_the_beginning() -> None:
    prev, length = GENESIS, 0
    for case in vectors("chain"):
        if case["prev_hash"] == prev:
            prev, length = str(link(prev, case["text"])), length + 1
    assert length >= 10


def test_a_link_is_what_the_protocol_says() -> None:
    assert GENESIS == "0" * 64
    assert link(GENESIS, "Mật ong") == hashlib.sha256(b"\x01" + bytes(32) + "Mật ong".encode()).hexdigest()
    assert digest("Mật ong") == hashlib.sha256("Mật ong".encode()).hexdigest()


@pytest.mark.parametrize(
    "prev",
    ["", "0", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n", " " + "0" * 63, "٠" * 64, "0x" + "0" * 62],
)
def test_what_is_no_hash_has_no_link(prev: str) -> None:
    assert link(prev, "{}") is None


@given(HASHES, ANY_TEXT, ANY_TEXT)
def test_another_text_gives_another_link(prev: str, one: str, other: str) -> None:
    assert (link(prev, one) == link(prev, other)) == (one == other)
    assert (digest(one) == digest(other)) == (one == other)


@given(HASHES, HASHES, ANY_TEXT)
def test_another_past_gives_another_link(one: str, other: str, text: str) -> None:
    assert (link(one, text) == link(other, text)) == (one == other)


def test_half_a_surrogate_pair_is_hashed_and_not_refused() -> None:
    assert link(GENESIS, "\ud83c") != link(GENESIS, "?")
    assert len(digest("\ud83c")) == 64
