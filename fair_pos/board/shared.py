"""One reading of a board for all who ask in the same moment: twenty displays cost what one does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from fair_pos.board.queries import Board

KEPT_FOR = timedelta(seconds=1)
"""With the three seconds between two questions of a display, its figures are never five seconds old."""


class SharedBoards:
    """The last board of each edition, for a second. Held by the app, in memory; every server process has its own."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._boards: dict[str, Board] = {}
        self._turns: dict[str, threading.Lock] = {}

    def get(self, edition_id: str, at: datetime, read: Callable[[], Board]) -> Board:
        """A board that was read at most a second before `at`; whoever comes first reads it, the others wait for that."""
        with self._mutex:
            turn = self._turns.setdefault(edition_id, threading.Lock())
        with turn:
            held = self._boards.get(edition_id)
            # One read by whoever held the turn a moment longer is newer than `at`; that is no harm.
            if held is None or abs(at - held.at) >= KEPT_FOR:
                held = self._boards[edition_id] = read()
            return held
