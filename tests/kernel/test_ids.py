"""Names and secrets: unique, ordered by time, stable where they must be, long enough where they are secret."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from fair_pos.kernel import ids

RECEIPT_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def test_new_ids_are_unique_and_of_version_7() -> None:
    made = [ids.new_id() for _ in range(10_000)]
    assert len(set(made)) == len(made)
    assert all(UUID(one).version == 7 and str(UUID(one)) == one for one in made)
    assert {UUID(one).variant for one in made} == {"specified in RFC 4122"}


def test_a_later_id_is_greater(monkeypatch: pytest.MonkeyPatch) -> None:
    def made_at(milliseconds: int) -> str:
        monkeypatch.setattr("fair_pos.kernel.ids.time.time_ns", lambda: milliseconds * 1_000_000)
        return ids.new_id()

    instants = [0, 1, 1_764_000_000_000, 1_764_000_000_001, 1_764_000_065_536, 2**48 - 1]
    made = [made_at(instant) for instant in instants]
    assert made == sorted(made)
    assert [UUID(one).int >> 80 for one in made] == instants


def test_a_named_id_is_the_same_on_every_day_and_machine() -> None:
    assert ids.named_id("edition", "Hội chợ thử") == ids.named_id("edition", "Hội chợ thử")
    assert ids.named_id("product", "1", "Mật ong") == "6a5471ce-b994-5b8e-a035-c7f4b66c919b"
    assert ids.named_id("ab", "c") != ids.named_id("a", "bc") != ids.named_id("abc")


def test_named_ids_travel_as_ids_on_the_wire() -> None:
    assert UUID(ids.named_id("x")).version == 5
    assert UUID(ids.named_id("x")).variant == "specified in RFC 4122"


def test_tokens_carry_128_bits_and_a_device_s_secret_256() -> None:
    made = [ids.new_token() for _ in range(1000)]
    assert len(set(made)) == len(made)
    assert all(RECEIPT_TOKEN.fullmatch(token) for token in made)
    assert len(ids.new_token(32)) == 43
    # Every bit varies: no position holds the same character in all of a thousand tokens.
    assert all(len({token[place] for token in made}) > 3 for place in range(22))


def test_a_pairing_code_can_be_read_aloud() -> None:
    made = [ids.new_pairing_code() for _ in range(1000)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code) for code in made)
    assert len(ids.CODE_ALPHABET) == len(set(ids.CODE_ALPHABET)) >= 32 - 1


def test_salts_are_sixteen_bytes_as_hex_and_never_the_same() -> None:
    salts = {ids.new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)
