"""Where servers for tests come from: a process that has imported everything once and forks one server after the other.

Starting Python and importing the app takes a second and a half of processor time, and there are more than a hundred tests that
need a server of their own. What is forked is gunicorn with its own command line, as `make run` starts it: its master, its
worker, its sockets and its database are its own, and it can be killed.

Run as `python -m tests.nursery`: one JSON line in for each server wanted, its process id out.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from fair_pos.settings import TOP, Settings


class Process:
    """A server that was forked, by its process id. It leads a group of its own, its worker in it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended, after at most so long."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def terminate(self) -> None:
        signal.pidfd_send_signal(self._handle, signal.SIGTERM)

    def kill_group(self) -> None:
        """SIGKILL to master and worker at once: what a power cut is to a process."""
        os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        os.close(self._handle)


class Nursery:
    """The process that forks them; it ends with the tests, whichever way those end: its input is closed then. Its servers end with it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        atexit.register(self.close)

    def start(self, arguments: list[str], environment: dict[str, str], log: Path) -> Process:
        """gunicorn with these arguments and this environment, its output at the end of `log`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {"arguments": arguments, "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process that forks servers has ended"
        return Process(int(answer))

    def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=20)
        if self._process.stdout is not None:
            self._process.stdout.close()


@cache
def nursery() -> Nursery:
    """The one of this process of tests."""
    return Nursery()


# --- inside ---------------------------------------------------------------------------------------------------------

_GUNICORN = "gunicorn.app.wsgiapp"
_PR_SET_PDEATHSIG = 1  # prctl(2)


def _make_ready() -> None:
    """Import what a server imports, and work out once what is the same for all of them."""
    for name in (_GUNICORN, "gunicorn.workers.gthread", "fair_pos.printing.sender"):
        import_module(name)

    from sqlalchemy.orm import configure_mappers

    from fair_pos import create_app
    from tests.quicker import make_apps_quicker

    make_apps_quicker()
    with tempfile.TemporaryDirectory() as folder:
        create_app(Settings(instance_dir=Path(folder), database_url="sqlite://", secret_key="of nobody", testing=True))
    configure_mappers()
    # A fork of a process with a second thread may hang for ever on a lock that the thread held.
    assert threading.active_count() == 1, threading.enumerate()
    gc.collect()
    gc.freeze()


def _end_with(parent: int) -> None:
    """SIGKILL for this process when its parent is gone: servers of tests that were themselves killed would run for ever."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # gone before it was asked for
        os._exit(1)


def _become_server(wanted: dict[str, Any], parent: int) -> None:
    """In the child: gunicorn's own start, to its end."""
    os.setsid()
    _end_with(parent)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    atexit.unregister(shutil.rmtree)  # the templates belong to all that are forked
    with Path(wanted["log"]).open("ab") as log, Path(os.devnull).open("rb") as nothing:
        for of_ours, of_the_child in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(of_ours.fileno(), of_the_child)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = ["gunicorn", *wanted["arguments"]]
    import_module(_GUNICORN).run()


def main() -> None:
    _make_ready()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ended is gone: the tests watch them, nobody here waits
    own = os.getpid()
    while line := sys.stdin.buffer.readline():
        pid = os.fork()
        if pid == 0:
            try:
                _become_server(json.loads(line), own)
            except SystemExit as ended:
                os._exit(ended.code if isinstance(ended.code, int) else 1)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
