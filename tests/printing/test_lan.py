"""Handing a job over to something that listens, stops in the middle, or is not there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from fair_pos.printing import lan
from fair_pos.printing.lan import NotPrinted, send
from fair_pos.printing.rules import Trouble
from tests.printing.roll import PORT, Roll

JOB = bytes(range(256)) * 600  # 150 kB, a long receipt


@pytest.fixture
def roll() -> Iterator[Roll]:
    with Roll() as made:
        yield made


def trouble_of(address: str, port: int = PORT) -> Trouble:
    with pytest.raises(NotPrinted) as caught:
        send(address, port, JOB)
    return caught.value.trouble


def test_a_printer_that_listens_gets_every_byte(roll: Roll) -> None:
    roll.on()
    send(roll.address, roll.port, JOB)
    roll.off()
    assert roll.lines == [JOB]


def test_a_printer_that_is_off_refuses(roll: Roll) -> None:
    assert trouble_of(roll.address) is Trouble.REFUSED


@pytest.mark.parametrize("size", [len(JOB), 5000])
def test_a_printer_that_breaks_off_is_noticed_even_when_the_network_had_swallowed_the_rest(
    roll: Roll, size: int
) -> None:
    roll.on(breaks_after=2000)
    with pytest.raises(NotPrinted) as caught:
        send(roll.address, roll.port, JOB[:size])
    assert caught.value.trouble is Trouble.CUT_OFF


def test_an_address_without_a_way_to_it_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    # No packet leaves this machine: a route that does not exist fails at once, as an unplugged network does.
    def nobody(*_args: object, **_kwargs: object) -> socket.socket:
        raise OSError(113, "No route to host")

    monkeypatch.setattr(socket, "create_connection", nobody)
    assert trouble_of("192.168.1.50") is Trouble.UNREACHABLE


class Silent:
    """Takes the line and reads nothing, as a printer without paper does."""

    def __init__(self) -> None:
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(1)


@pytest.fixture
def silent() -> Iterator[Silent]:
    made = Silent()
    yield made
    made.listener.close()


def test_a_printer_that_stops_taking_holds_us_for_a_bounded_time(
    silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lan, "SEND_SECONDS", 0.4)
    monkeypatch.setattr(lan, "SLOWEST", 10**9)
    monkeypatch.setattr(lan, "TAKEN_SECONDS", 0.4)
    began = time.monotonic()
    with pytest.raises(NotPrinted) as caught:
        send("127.0.0.1", silent.listener.getsockname()[1], JOB * 60)
    assert caught.value.trouble is Trouble.STALLED
    assert time.monotonic() - began < 5


def test_one_that_takes_a_little_again_and_again_does_not_start_the_time_anew(
    silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lan, "SEND_SECONDS", 0.6)
    monkeypatch.setattr(lan, "SLOWEST", 10**9)
    monkeypatch.setattr(lan, "TAKEN_SECONDS", 0.6)
    ended = threading.Event()

    def sip() -> None:
        line, _ = silent.listener.accept()
        with line:
            while not ended.wait(0.05):
                line.recv(20_000)

    sipping = threading.Thread(target=sip)
    sipping.start()
    began = time.monotonic()
    with pytest.raises(NotPrinted):
        send("127.0.0.1", silent.listener.getsockname()[1], JOB * 100)
    ended.set()
    sipping.join(timeout=10)
    assert time.monotonic() - began < 6


def test_a_slow_printer_gets_the_time_that_a_long_job_needs(silent: Silent, monkeypatch: pytest.MonkeyPatch) -> None:
    # Our own system swallows all of it at once; the printer takes a few kB every twentieth of a second.
    monkeypatch.setattr(lan, "SEND_SECONDS", 1)
    monkeypatch.setattr(lan, "SLOWEST", 10_000)
    monkeypatch.setattr(lan, "TAKEN_SECONDS", 1)
    taken = bytearray()

    def take() -> None:
        line, _ = silent.listener.accept()
        with line:
            while piece := line.recv(4000):
                taken.extend(piece)
                time.sleep(0.02)

    taking = threading.Thread(target=take)
    taking.start()
    began = time.monotonic()
    send("127.0.0.1", silent.listener.getsockname()[1], JOB * 3)
    taking.join(timeout=10)
    assert bytes(taken) == JOB * 3
    assert time.monotonic() - began > 2, "longer than both times of an ordinary job together"


def test_a_printer_that_stops_taking_at_the_end_is_noticed_soon(
    silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lan, "TAKEN_SECONDS", 0.4)
    began = time.monotonic()
    with pytest.raises(NotPrinted) as caught:
        send("127.0.0.1", silent.listener.getsockname()[1], JOB)
    assert caught.value.trouble is Trouble.STALLED
    assert time.monotonic() - began < 5


def test_a_printer_that_talks_all_the_time_does_not_hold_us(silent: Silent) -> None:
    ended = threading.Event()

    def chat() -> None:
        line, _ = silent.listener.accept()
        with line:
            while line.recv(65536):
                pass
            while not ended.wait(0.02):
                try:
                    line.send(b"\x12")
                except OSError:  # the other side has heard enough
                    return

    chatting = threading.Thread(target=chat)
    chatting.start()
    began = time.monotonic()
    send("127.0.0.1", silent.listener.getsockname()[1], JOB)
    ended.set()
    chatting.join(timeout=10)
    assert time.monotonic() - began < 5
