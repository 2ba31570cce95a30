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
"""For the whole job: a cheap printer takes some 20 kB a second, a long receipt is 150 kB."""
TAKEN_SECONDS = 10
"""For the last bytes to be acknowledged."""
QUIET_SECONDS = 0.3
"""How long after that we listen for the printer breaking off."""
_STEP = 16 * 1024


class NotPrinted(Exception):
    """The printer did not take the whole job."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def send(address: str, port: int, job: bytes) -> None:
    """Hand a whole job over. Raises NotPrinted, after which nobody knows how much of it is on paper."""
    try:
        line = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    except ConnectionRefusedError:
        raise NotPrinted(Trouble.REFUSED) from None
    except OSError:
        raise NotPrinted(Trouble.UNREACHABLE) from None
    with line:
        try:
            _hand_over(line, job)
            line.shutdown(socket.SHUT_WR)
            _wait_until_taken(line)
        except TimeoutError:
            raise NotPrinted(Trouble.STALLED) from None
        except OSError:
            raise NotPrinted(Trouble.CUT_OFF) from None


def _hand_over(line: socket.socket, job: bytes) -> None:
    # `sendall` would start its time anew at each piece: a printer that takes a byte a second would hold us for a day.
    deadline = time.monotonic() + SEND_SECONDS
    left = memoryview(job)
    while left:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        line.settimeout(seconds)
        left = left[line.send(left[:_STEP]) :]


def _wait_until_taken(line: socket.socket) -> None:
    """Until every byte is acknowledged and the printer has closed or stays quiet. Raises OSError, TimeoutError."""
    deadline = time.monotonic() + TAKEN_SECONDS
    while _unacknowledged(line) > 0:
        _fail_if_broken(line)
        if time.monotonic() > deadline:
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
