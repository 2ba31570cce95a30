"""Writers on SQLite pass one gate, each in its turn."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from fair_pos.plumbing.db import Queue, WriteGate


def test_threads_pass_the_gate_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    gate, passed = WriteGate(tmp_path / "lock"), list[int]()

    def write(number: int) -> None:
        with gate():
            passed.append(number)

    waiting = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    with gate():
        for number, one in enumerate(waiting):
            one.start()
            while len(gate._threads._waiting) <= number:
                time.sleep(0.001)
    for one in waiting:
        one.join()
    assert passed == list(range(20))


def test_who_gives_up_waiting_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, real = Queue(), threading.Event.wait

    def give_up(event: threading.Event, timeout: float | None = None) -> bool:
        if not event.is_set():
            raise KeyboardInterrupt
        return real(event, timeout)

    with monkeypatch.context() as patch, queue():
        patch.setattr(threading.Event, "wait", give_up)
        with pytest.raises(KeyboardInterrupt), queue():
            pass
    with queue():
        pass
    assert not queue._held
    assert not queue._waiting
