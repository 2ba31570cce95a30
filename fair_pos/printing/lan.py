"""Handing bytes to a printer over TCP, and knowing whether it has them.

A raw port answers nothing, so what tells is TCP itself: a job counts as taken when the printer's side has acknowledged every byte
and has not broken off. Everything here ends within a bounded time.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
import time

from fair_pos.printing.rules import Trouble

CONNECT_SECONDS = 5
SEND_SECONDS = 20
"""For a job as most are: a cheap printer takes some 20 kB a second, a long receipt is 150 kB."""
SLOWEST = 15_000
"""Bytes a second: a job so long that SEND_SECONDS are too few gets as many as a slow printer needs. Broken off it would be printed from
its beginning again and again, metres of paper each time."""
TAKEN_SECONDS = 10
"""Without another byte acknowledged, once the network has all of them."""
QUIET_SECONDS = 0.3
"""How long after that we listen for the printer breaking off."""
_STEP = 16 * 1024


class NotPrinted(Exception):
    """The printer did not take the whole job."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def most_seconds(size: int) -> float:
    """How long handing over so many bytes may take, TAKEN_SECONDS at the end aside."""
    return max(SEND_SECONDS, size // SLOWEST)


def send(address: str, port: int, job: bytes) -> None:
    """Hand a whole job over. Raises NotPrinted, after which nobody knows how much of it is on paper."""
    try:
        line = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    except ConnectionRefusedError:
        raise NotPrinted(Trouble.REFUSED) from None
    except OSError:
        raise NotPrinted(Trouble.UNREACHABLE) from None
    with line:
        # `sendall` would start its time anew at each piece: a printer that takes a byte a second would hold us for a day.
        deadline = time.monotonic() + most_seconds(len(job))
        try:
            _hand_over(line, job, deadline)
            line.shutdown(socket.SHUT_WR)
            _wait_until_taken(line, deadline + TAKEN_SECONDS)
        except TimeoutError:
            raise NotPrinted(Trouble.STALLED) from None
        except OSError:
            raise NotPrinted(Trouble.CUT_OFF) from None


def _hand_over(line: socket.socket, job: bytes, deadline: float) -> None:
    left = memoryview(job)
    while left:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        line.settimeout(seconds)
        left = left[line.send(left[:_STEP]) :]


def _wait_until_taken(line: socket.socket, deadline: float) -> None:
    """Until every byte is acknowledged and the printer has closed or stays quiet. Raises OSError, TimeoutError."""
    # Our own system may hold a whole long job: what tells a slow printer from a stopped one is that it goes on.
    least, moved = None, time.monotonic()
    while (waiting := _unacknowledged(line)) > 0:
        _fail_if_broken(line)
        at = time.monotonic()
        if least is None or waiting < least:
            least, moved = waiting, at
        if at > min(deadline, moved + TAKEN_SECONDS):
            raise TimeoutError
        time.sleep(0.02)
    # A printer that is switched off with bytes unread resets the line only now.
    until = time.monotonic() + QUIET_SECONDS
    try:
        while (seconds := until - time.monotonic()) > 0:
            line.settimeout(seconds)
            if not line.recv(1024):  # some printers report their state unasked; nothing means that it has closed
                break
    except TimeoutError:
        pass
    _fail_if_broken(line)


def _fail_if_broken(line: socket.socket) -> None:
    error = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, "the printer broke off")


def _unacknowledged(line: socket.socket) -> int:
    """Bytes that we sent and the other side has not acknowledged (Linux: SIOCOUTQ, which is TIOCOUTQ)."""
    return int(struct.unpack("i", fcntl.ioctl(line, termios.TIOCOUTQ, b"\0" * 4))[0])
