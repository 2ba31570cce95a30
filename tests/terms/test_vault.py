"""What is sealed is read with a key and in its own place, and nowhere else."""

from __future__ import annotations

import pytest

from fair_pos.settings import new_data_key
from fair_pos.terms.vault import KeysWrong, SealBroken, Vault

OLD, NEW = new_data_key(), new_data_key()


def test_what_is_sealed_is_opened_and_shows_nothing() -> None:
    vault = Vault(OLD)
    sealed = vault.seal("0011012345678\nLÒ THỊ HẠNH", "number of a")
    assert b"0011012345678" not in sealed
    assert vault.open(sealed, "number of a") == "0011012345678\nLÒ THỊ HẠNH"
    assert vault.seal("0011012345678", "number of a") != vault.seal("0011012345678", "number of a")


def test_a_number_put_into_another_row_does_not_open() -> None:
    vault = Vault(OLD)
    with pytest.raises(SealBroken):
        vault.open(vault.seal("0011012345678", "number of a"), "number of b")


@pytest.mark.parametrize("at", [0, 20, -1])
def test_one_changed_byte_does_not_open(at: int) -> None:
    sealed = bytearray(Vault(OLD).seal("0011012345678", "number of a"))
    sealed[at] ^= 1
    with pytest.raises(SealBroken):
        Vault(OLD).open(bytes(sealed), "number of a")


def test_the_newest_key_seals_and_every_key_opens() -> None:
    both = Vault(f" {NEW} , {OLD},")
    assert both.open(Vault(OLD).seal("678", "x"), "x") == "678"
    sealed = both.seal("678", "x")
    assert Vault(NEW).open(sealed, "x") == "678"
    with pytest.raises(SealBroken):
        Vault(OLD).open(sealed, "x")


@pytest.mark.parametrize(
    "keys", ["", " , ", "short", f"{NEW},short", NEW[:-4]], ids=["none", "blanks", "short", "one is short", "cut"]
)
def test_without_a_whole_key_there_is_no_vault(keys: str) -> None:
    with pytest.raises(KeysWrong) as refused:
        Vault(keys)
    assert NEW not in str(refused.value)
