"""A printer for tests: a real TCP listener on a loopback address of its own that understands the few commands we send."""

from __future__ import annotations

import random
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from PIL import Image

PORT = 9100


class Garbage(AssertionError):
    """Bytes that a printer would print as signs."""


def read_papers(sent: bytes) -> list[Image.Image]:
    """Every whole paper in what came over one line, as the head would burn it; what was not cut yet is left out. Raises Garbage."""
    papers: list[Image.Image] = []
    bands: list[Image.Image] = []
    at = 0
    while at < len(sent):
        head = sent[at:]
        if head.startswith(b"\x1b@"):
            bands, at = [], at + 2
        elif head.startswith(b"\x1dv0\x00"):
            if len(head) < 8:
                return papers
            row, rows = struct.unpack("<HH", head[4:8])
            dots = head[8 : 8 + row * rows]
            if len(dots) < row * rows:
                return papers
            bands.append(Image.frombytes("1", (row * 8, rows), bytes(byte ^ 0xFF for byte in dots)))
            at += 8 + row * rows
        elif head.startswith(b"\x1bd"):
            at += 3
        elif head.startswith(b"\x1dV"):
            papers.append(below_each_other(bands))
            bands, at = [], at + 4
        elif len(head) < 4:
            return papers
        else:
            raise Garbage(head[:20])
    return papers


def below_each_other(bands: list[Image.Image]) -> Image.Image:
    """The bands as one picture."""
    paper = Image.new("1", (max(band.width for band in bands), sum(band.height for band in bands)), 1)
    top = 0
    for band in bands:
        paper.paste(band, (0, top))
        top += band.height
    return paper


class Roll:
    """Off at first. `on()` prints everything; `on(breaks_after=…)` loses its line after so many bytes, once, and goes off."""

    def __init__(self) -> None:
        a, b, c = (random.randrange(1, 255) for _ in range(3))
        self.address = f"127.{a}.{b}.{c}"
        self.port = PORT
        self.lines: list[bytes] = []
        """What came over each line that was opened, in their order."""
        self._breaks_after: int | None = None
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def on(self, *, breaks_after: int | None = None) -> None:
        """Switch it on."""
        self.off()
        self._breaks_after = breaks_after
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # as small as cheap printers have it
        listener.bind((self.address, self.port))
        listener.listen(4)
        self._listener = listener
        self._thread = threading.Thread(target=self._print, args=(listener,), daemon=True)
        self._thread.start()

    def off(self) -> None:
        """Switch it off."""
        if self._listener is None:
            return
        with suppress(OSError):  # it may have lost its line already
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        assert self._thread is not None
        self._thread.join(timeout=10)
        self._listener = self._thread = None

    def _print(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                whole = self._take(line)
            if not whole:
                listener.close()
                return

    def _take(self, line: socket.socket) -> bool:
        taken = bytearray()
        while piece := line.recv(1000):
            taken += piece
            if self._breaks_after is not None and len(taken) >= self._breaks_after:
                # A reset, as when the power goes: what lies unread is lost.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.lines.append(bytes(taken))
                return False
        self.lines.append(bytes(taken))
        return True

    @property
    def papers(self) -> list[Image.Image]:
        """Every whole paper that came out."""
        return [paper for sent in self.lines for paper in read_papers(sent)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.off()
