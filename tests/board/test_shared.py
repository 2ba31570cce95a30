"""Many displays, one reading."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import cast

from fair_pos.board.queries import Board
from fair_pos.board.shared import KEPT_FOR, SharedBoards
from fair_pos.kernel.clock import now


class Read:
    """Stands for a board; all that sharing looks at is when it was read."""

    def __init__(self, at: object) -> None:
        self.at = at


def test_a_board_is_read_once_a_second_for_all() -> None:
    boards, at, reads = SharedBoards(), now(), []

    def read(when: timedelta) -> Board:
        made = cast("Board", Read(at + when))
        reads.append(made)
        return made

    first = boards.get("e", at, lambda: read(timedelta()))
    almost = KEPT_FOR - timedelta(milliseconds=1)
    assert boards.get("e", at + almost, lambda: read(almost)) is first
    assert boards.get("other", at, lambda: read(timedelta())) is not first
    assert boards.get("e", at + KEPT_FOR, lambda: read(KEPT_FOR)) is reads[-1]
    assert len(reads) == 3


def test_a_clock_that_jumps_back_does_not_keep_a_board_for_ever() -> None:
    boards, at = SharedBoards(), now()
    ahead = boards.get("e", at + timedelta(hours=1), lambda: cast("Board", Read(at + timedelta(hours=1))))
    assert boards.get("e", at, lambda: cast("Board", Read(at))) is not ahead


def test_twenty_displays_in_one_moment_read_once() -> None:
    boards, at, reads, gate = SharedBoards(), now(), [], threading.Barrier(20)

    def read() -> Board:
        reads.append(1)
        return cast("Board", Read(at))

    def ask() -> None:
        gate.wait()
        boards.get("e", at, read)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(reads) == 1


def test_a_reading_that_fails_keeps_nobody_waiting() -> None:
    boards, at = SharedBoards(), now()

    def broken() -> Board:
        raise RuntimeError("no database")

    for _ in range(2):
        try:
            boards.get("e", at, broken)
        except RuntimeError:
            continue
        raise AssertionError("the fault was swallowed")
    assert boards.get("e", at, lambda: cast("Board", Read(at))).at == at
