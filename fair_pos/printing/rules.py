"""Which printers may be spoken to, when a job is tried again and when it is given up, and which number a copy gets. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from fair_pos.sales.facts import CommandFact

WIDTH_DOTS = {58: 384, 80: 576}
"""Paper in millimetres → dots across the part that can be printed, at 8 dots to the millimetre."""
RAW_PORTS = range(9100, 9110)
"""Where printers listen for raw jobs; nothing else of a network is reachable through us."""

_OWN_NETWORKS = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"))
)
"""The booth's own network (RFC 1918, RFC 4193) and this machine. Not 169.254.0.0/16: clouds answer there with their secrets."""


def read_address(text: str) -> str | None:
    """The address of a printer as it is kept, or None unless it is an address of a private network or of this machine.

    Names are not taken: what a name stands for can change after it was checked.

    >>> read_address(" 192.168.1.50 "), read_address("8.8.8.8"), read_address("printer.local")
    ('192.168.1.50', None, None)
    """
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if not any(address in network for network in _OWN_NETWORKS) or getattr(address, "scope_id", None):
        return None
    return str(address)


def read_port(text: str) -> int | None:
    """The port of a printer, or None outside RAW_PORTS.

    >>> read_port("9100"), read_port("22")
    (9100, None)
    """
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdecimal() and len(stripped) <= 5):
        return None
    return int(stripped) if int(stripped) in RAW_PORTS else None


class Trouble(StrEnum):
    """Why a job did not come out; each has its sentence."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    STALLED = "stalled"
    TOO_LATE = "too_late"
    PRINTER_REMOVED = "printer_removed"
    NOT_DRAWN = "not_drawn"


State = Literal["waiting", "done", "failed"]

PAUSES_SECONDS = (2, 5, 10, 20, 40, 60)
"""After the first, second … attempt in a row that a printer did not take; the last pause repeats."""
GIVE_UP_AFTER = timedelta(minutes=10)
"""The buyer has left by then, and paper that comes out later would land in the next buyer's hands."""
CLAIM = timedelta(seconds=60)
"""How long one sender has a printer to itself; longer than an attempt lasts (lan.py), which claims it longer for a longer job."""


def pause_after(failures: int) -> timedelta:
    """How long a printer is left alone after so many failed attempts in a row.

    >>> pause_after(1).seconds, pause_after(99).seconds
    (2, 60)
    """
    return timedelta(seconds=PAUSES_SECONDS[min(max(failures, 1), len(PAUSES_SECONDS)) - 1])


def is_too_late(queued_at: datetime, at: datetime) -> bool:
    """Whether a job has waited so long that it is given up."""
    return at - queued_at >= GIVE_UP_AFTER


def next_copy_no(known: Iterable[int]) -> int:
    """The number of the next copy the server makes: after every number that it knows, the tablets' included.

    >>> next_copy_no([]), next_copy_no([1, 1, 4])
    (1, 5)
    """
    return max(known, default=0) + 1


@dataclass(frozen=True, kw_only=True)
class CopyFact(CommandFact):
    """A tablet printed a receipt again and wrote this number on it."""

    sale_id: str
    copy_no: int
