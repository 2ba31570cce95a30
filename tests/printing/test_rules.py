"""Which printers may be spoken to, pauses, giving up, and numbers of copies."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.printing import lan
from fair_pos.printing.rules import (
    CLAIM,
    GIVE_UP_AFTER,
    PAUSES_SECONDS,
    is_too_late,
    next_copy_no,
    pause_after,
    read_address,
    read_port,
)

AT = datetime(2026, 11, 24, 7, 15, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.50", "192.168.1.50"),
        (" 10.77.0.9 ", "10.77.0.9"),
        ("172.31.255.255", "172.31.255.255"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("FD00:0::0:7", "fd00::7"),
    ],
)
def test_addresses_of_the_own_network_are_taken(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8", "172.32.0.1", "11.0.0.1", "192.169.1.1",  # elsewhere
        "169.254.169.254", "fe80::1", "0.0.0.0", "::", "255.255.255.255", "224.0.0.1",  # clouds' secrets, anywhere, everybody
        "::ffff:8.8.8.8", "::ffff:192.168.1.50", "64:ff9b::808:808",  # the same in another dress
        "2130706433", "0x7f.1", "127.1", "192.168.001.050", "fd00::1%eth0",  # spellings that programs read differently
        "printer.local", "localhost", "192.168.1.50:9100", "http://192.168.1.50", "192.168.1.50/24", "",
    ],
)  # fmt: skip
def test_anything_else_is_no_printer(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(("text", "port"), [("9100", 9100), (" 9109 ", 9109)])
def test_ports_of_raw_printing_are_taken(text: str, port: int) -> None:
    assert read_port(text) == port


@pytest.mark.parametrize("text", ["", "80", "22", "5432", "9099", "9110", "-9100", "9100.0", "٩١٠٠", "99999999", "abc"])
def test_no_other_port_is_reached_through_us(text: str) -> None:
    assert read_port(text) is None


def test_pauses_grow_and_end_at_the_last() -> None:
    pauses = [pause_after(failures) for failures in range(1, 12)]
    assert pauses == sorted(pauses)
    assert [pause.total_seconds() for pause in pauses[: len(PAUSES_SECONDS)]] == list(PAUSES_SECONDS)
    assert pauses[-1] == timedelta(seconds=PAUSES_SECONDS[-1])


def test_a_job_is_tried_several_times_before_it_is_given_up() -> None:
    assert sum(PAUSES_SECONDS) < GIVE_UP_AFTER.total_seconds()
    assert not is_too_late(AT, AT + GIVE_UP_AFTER - timedelta(seconds=1))
    assert is_too_late(AT, AT + GIVE_UP_AFTER)


def test_a_claim_outlives_every_attempt() -> None:
    longest = lan.CONNECT_SECONDS + lan.SEND_SECONDS + lan.TAKEN_SECONDS + lan.QUIET_SECONDS
    assert CLAIM.total_seconds() > longest + 10


@given(st.lists(st.integers(1, 1000)))
def test_a_copy_never_takes_a_number_that_is_known(known: list[int]) -> None:
    assert next_copy_no(known) not in known
    assert next_copy_no(known) >= 1
